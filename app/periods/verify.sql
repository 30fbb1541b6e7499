-- A closed month still says what it said when it was closed.

-- name: closed_months_unchanged
-- Per closing that stands and item: the value rows until its last day, all stores together.
with standing as (
    select id, ends_on from period_closing where reopened_at is null
), kept as (
    select standing.id, closing_balance.item_id, sum(closing_balance.quantity) as quantity,
           sum(closing_balance.amount) as amount
    from standing join closing_balance on closing_balance.closing_id = standing.id
    group by standing.id, closing_balance.item_id
), facts as (
    select standing.id, cost_pool.item_id, sum(entry.quantity) as quantity,
           sum(entry.amount) as amount
    from standing
    join store on true
    join cost_entry entry on entry.store_id = store.id
     and entry.occurred_at < (standing.ends_on + 1)::timestamp at time zone store.time_zone
    join cost_pool on cost_pool.id = entry.pool_id
    group by standing.id, cost_pool.item_id
    having sum(entry.quantity) <> 0 or sum(entry.amount) <> 0
)
select format('closing %%s item %%s', coalesce(facts.id, kept.id),
              coalesce(facts.item_id, kept.item_id)) as subject,
       format('%%s worth %%s', coalesce(facts.quantity, 0), coalesce(facts.amount, 0)) as expected,
       format('%%s worth %%s', coalesce(kept.quantity, 0), coalesce(kept.amount, 0)) as found
from facts full join kept on kept.id = facts.id and kept.item_id = facts.item_id
where coalesce(facts.quantity, 0) <> coalesce(kept.quantity, 0)
   or coalesce(facts.amount, 0) <> coalesce(kept.amount, 0)

-- name: books_closed_as_the_months
select 'company' as subject, max(period_closing.ends_on)::text as expected,
       coalesce(company.books_closed_until::text, 'open') as found
from company join period_closing on period_closing.reopened_at is null
group by company.id
having max(period_closing.ends_on) is distinct from company.books_closed_until
