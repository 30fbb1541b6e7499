-- Months, closings, and what stock was worth.

-- name: bounds
-- First and last day on which anything was valued, today, and the closed day of the books.
select min((entry.occurred_at at time zone store.time_zone)::date) as first_on,
       (select min((now() at time zone time_zone)::date) from store) as today,
       company.books_closed_until, company.name as company, company.currency,
       company.currency_decimals as decimals, company.cost_scope
from company
left join lateral (
    select cost_entry.occurred_at, cost_entry.store_id from cost_entry
    order by cost_entry.occurred_at limit 1
) entry on true
left join store on store.id = entry.store_id
group by company.id

-- name: facts
-- Value and quantity of each item and store: before the first day, and by kind until the last one;
-- only what was known at the moment.  A quantity says on which side a kind stands.
with bounds as (
    select id as store_id, (%(since)s::date)::timestamp at time zone time_zone as since,
           (%(till)s::date + 1)::timestamp at time zone time_zone as till
    from store
), facts as (
    select entry.pool_id, entry.store_id, entry.quantity, entry.amount,
           case when entry.occurred_at < bounds.since then 'opening'
                when entry.kind = 'adjustment' then
                    case when entry.quantity < 0 then 'loss' else 'gain' end
                when entry.kind = 'transfer' then
                    case when entry.quantity < 0 then 'transfer_out' else 'transfer_in' end
                when entry.kind in ('landed', 'landed_to_cogs', 'revaluation', 'correction')
                    then 'correction'
                else entry.kind end as sort
    from cost_entry entry
    join bounds on bounds.store_id = entry.store_id and entry.occurred_at < bounds.till
    where entry.pool_id is not null
      and (%(known)s::timestamptz is null or entry.recorded_at <= %(known)s)
), sums as (
    select pool_id, store_id, sort, sum(quantity) as quantity, sum(amount) as amount
    from facts group by pool_id, store_id, sort
)
select cost_pool.item_id, sums.store_id, sums.sort, sum(sums.quantity) as quantity,
       sum(sums.amount) as amount
from sums join cost_pool on cost_pool.id = sums.pool_id
group by cost_pool.item_id, sums.store_id, sums.sort

-- name: items
select item.id, item.code, item.name, item.base_unit as unit, category.name as category,
       category.code as category_code
from item left join category on category.id = item.category_id
order by item.code

-- name: stores
select id, code, name from store order by code

-- name: closings
-- Newest first; a month that was reopened stays in the list.
select closing.id, closing.starts_on, closing.ends_on, closing.closed_at, closing.note,
       closing.findings, closer.name as closed_by, closing.reopened_at,
       opener.name as reopened_by, closing.reopening_reason,
       (select coalesce(sum(amount), 0) from closing_balance
        where closing_balance.closing_id = closing.id) as amount
from period_closing closing
left join app_user closer on closer.id = closing.closed_by
left join app_user opener on opener.id = closing.reopened_by
order by closing.starts_on desc, closing.id desc

-- name: wait_for_postings
-- Postings on their way hold this lock as shared; later ones meet the closed day.
select pg_advisory_xact_lock(7310501)

-- name: insert_closing
insert into period_closing (starts_on, ends_on, closed_by, note, findings, command_id)
values (%(starts_on)s, %(ends_on)s, %(closed_by)s, %(note)s, %(findings)s, %(command_id)s)
returning id

-- name: insert_balances
insert into closing_balance (closing_id, store_id, item_id, quantity, amount)
select %(closing_id)s, store_id, item_id, quantity, amount
from unnest(%(stores)s::bigint[], %(items)s::bigint[], %(quantities)s::numeric[],
            %(amounts)s::numeric[]) as given (store_id, item_id, quantity, amount)

-- name: close_books
update company set books_closed_until = %(until)s::date

-- name: standing
-- The closing of a month that is closed now, locked.
select id, starts_on, ends_on from period_closing
where starts_on = %(starts_on)s and reopened_at is null
for no key update

-- name: latest_before
select max(ends_on) from period_closing
where reopened_at is null and starts_on < %(starts_on)s

-- name: is_latest
select not exists (
    select from period_closing where reopened_at is null and starts_on > %(starts_on)s
)

-- name: reopen
update period_closing
set reopened_at = now(), reopened_by = %(user_id)s, reopening_reason = %(reason)s,
    approval_request_id = %(approval_id)s
where id = %(closing_id)s

-- name: first_store
select min(id) from store

-- name: waiting_reopenings
-- Requests to reopen that wait for votes: which month, which request.
select id, command ->> 'starts_on' as starts_on from approval_request
where kind = 'period_reopening' and state = 'waiting' and expires_at > now()
