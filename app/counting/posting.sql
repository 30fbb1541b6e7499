-- Making the books say what was counted.

-- name: standing
-- What keeps a count from being posted, and what it is worth (for those who approve it).
select (select count(*) from count_task
        where count_id = %(count_id)s and state in ('open', 'in_progress')) as open_tasks,
       count(*) filter (where state in ('open', 'recount')) as undecided,
       count(*) filter (where variance <> 0) as differences,
       count(*) filter (where variance <> 0 and reason = '') as without_reason,
       coalesce(sum(abs(value)), 0) as amount,
       coalesce(sum(abs(variance)), 0) as quantity
from count_result where count_id = %(count_id)s

-- name: without_cost
select item.name as item, item.base_unit as unit
from count_result as result join item on item.id = result.item_id
where result.count_id = %(count_id)s and result.state = 'decided' and result.variance > 0
  and coalesce(result.unit_cost, 0) = 0
order by item.name limit 1

-- name: next_results
select id, item_id, store_id from count_result
where count_id = %(count_id)s and state = 'decided'
order by item_id, location_id, id
limit %(most)s
for no key update

-- name: lock_balances_of_results
select balance.id
from count_result as result
join balance on balance.location_id = result.location_id and balance.item_id = result.item_id
  and balance.lot_id is not distinct from result.lot_id
  and balance.logistic_unit_id is not distinct from result.logistic_unit_id
where result.id = any(%(result_ids)s)
order by balance.item_id, balance.location_id, balance.lot_id, balance.logistic_unit_id,
         balance.store_id, balance.status
for no key update of balance

-- name: deltas
-- With the balances locked: what the books lack (or have too much) of what was counted, once that
-- which moved since is taken into account (nothing where a newer count is posted already); and what is known by now to have moved before.
select result.id, result.store_id, result.location_id, result.item_id, result.lot_id,
       result.logistic_unit_id, result.reason, result.unit_cost, stock_count.kind,
       company.currency_decimals, item.tracking = 'serial' as is_serial,
       case when newer.is_posted then 0 else greatest(
           result.quantity + moved.after - coalesce(now.on_hand, 0),
           - coalesce(now.on_hand, 0)
       ) end as delta,
       case when newer.is_posted then 0
            else greatest(- result.quantity - moved.after, 0) end as owed,
       moved.ever - moved.after as before,
       coalesce(now.parts, '[]') as parts, outside.id as outside_id
from count_result as result
join stock_count on stock_count.id = result.count_id
join item on item.id = result.item_id
join location as outside on outside.store_id = result.store_id and outside.kind = 'adjustment'
cross join company
left join lateral (
    select sum(balance.on_hand) as on_hand,
           jsonb_agg(jsonb_build_object(
               'id', balance.id, 'status', balance.status, 'on_hand', balance.on_hand,
               'allocated', balance.allocated
           ) order by balance.status <> 'available', balance.status) as parts
    from balance
    where balance.location_id = result.location_id and balance.item_id = result.item_id
      and balance.lot_id is not distinct from result.lot_id
      and balance.logistic_unit_id is not distinct from result.logistic_unit_id
      and balance.on_hand <> 0
) as now on true
cross join lateral (
    select exists (
        select from stock_move
        where stock_move.item_id = result.item_id and stock_move.id > stock_count.from_move_id
    ) as has_moved
) as since
cross join lateral (
    select case when since.has_moved then moved_since(
               result.location_id, result.item_id, result.lot_id, result.logistic_unit_id,
               result.counted_at, result.unseen_since, stock_count.from_move_id
           ) else 0 end as after,
           case when since.has_moved then moved_since(
               result.location_id, result.item_id, result.lot_id, result.logistic_unit_id,
               '-infinity', null, stock_count.from_move_id
           ) else 0 end as ever
    offset 0
) as moved
cross join lateral (
    select exists (
        select from count_result as other
        where other.item_id = result.item_id and other.location_id = result.location_id
          and other.lot_id is not distinct from result.lot_id
          and other.logistic_unit_id is not distinct from result.logistic_unit_id
          and other.state = 'posted' and other.counted_at > result.counted_at
    ) as is_posted
) as newer
where result.id = any(%(result_ids)s)
order by result.item_id, result.location_id, result.id

-- name: elsewhere
-- Where the books have a serial number that was found: it is brought from there.
select location_id, status, on_hand from balance
where item_id = %(item_id)s and lot_id = %(lot_id)s and store_id = %(store_id)s
  and on_hand > 0 and location_id <> %(location_id)s
limit 1
for no key update

-- name: promised_lines
select line_id, quantity from allocation
where balance_id = %(balance_id)s and line_kind = 'sales_order_line'
order by created_at desc, id desc

-- name: mark_posted
update count_result as result
set state = 'posted', posted_at = now(), posted_variance = done.variance,
    posted_value = done.value, posted_before = done.before, owed = done.owed
from unnest(%(ids)s::bigint[], %(variances)s::numeric[], %(values)s::numeric[],
            %(befores)s::numeric[], %(owed)s::numeric[]) as done (id, variance, value, before, owed)
where result.id = done.id

-- name: begin_posting
update stock_count set posting_by = %(user_id)s where id = %(count_id)s

-- name: abandoned
-- Counts that are half posted, and no job is left that goes on.
select id, posting_by from stock_count
where posting_by is not null and not exists (
    select from procrastinate_jobs
    where lock = 'count-' || stock_count.id and status in ('todo', 'doing')
)

-- name: end_posting
update stock_count set state = 'done', posting_by = null, closed_at = now()
where id = %(count_id)s

-- name: left_to_post
select count(*) from count_result where count_id = %(count_id)s and state = 'decided'

-- name: late_counts
-- Posted counts with places where something came to the books, by papers that came later, that
-- nobody had seen there: the count has no result of it yet.
select distinct stock_count.id
from stock_move
join count_task on count_task.location_id in (stock_move.from_location_id, stock_move.to_location_id)
  and (count_task.item_id is null or count_task.item_id = stock_move.item_id)
  and count_task.state = 'done' and count_task.round = 1
  and count_task.closed_at >= stock_move.occurred_at
join stock_count on stock_count.id = count_task.count_id and stock_count.state = 'done'
  and stock_count.closed_at < stock_move.recorded_at
where stock_move.id > (select settled_move_id from count_progress) - %(overlap)s
  and stock_move.line_kind is distinct from 'count_result'
  and not exists (
      select from count_result as result
      where result.count_id = stock_count.id and result.item_id = stock_move.item_id
        and result.location_id = count_task.location_id
        and result.lot_id is not distinct from stock_move.lot_id
        and result.logistic_unit_id is not distinct from stock_move.logistic_unit_id
  )

-- name: add_unseen
-- What the books have by now in a counted place, as of its count, though they had nothing of it when
-- the place was finished: it was not there.
with moved as materialized (
    select distinct place.location_id, stock_move.item_id, stock_move.lot_id,
           stock_move.logistic_unit_id
    from stock_move
    cross join lateral (
        values (stock_move.from_location_id), (stock_move.to_location_id)
    ) as place (location_id)
    where stock_move.id > (select from_move_id from stock_count where id = %(count_id)s)
)
insert into count_result (
    count_id, store_id, location_id, item_id, lot_id, logistic_unit_id, state,
    first_quantity, first_book, first_at, first_by, quantity, counted_at, unseen_since,
    variance, value, reason, posted_at, posted_before, posted_variance, posted_value
)
select thing.count_id, thing.store_id, thing.location_id, thing.item_id, thing.lot_id,
       thing.logistic_unit_id, %(state)s, 0, moment.book, thing.closed_at, thing.counted_by, 0,
       thing.closed_at, thing.begun_at, - moment.book, 0, %(reason)s,
       case %(state)s when 'posted' then now() end,
       case %(state)s when 'posted' then moment.before - moment.book end,
       case %(state)s when 'posted' then 0 end, case %(state)s when 'posted' then 0 end
from (
    select distinct task.count_id, task.store_id, task.location_id, task.closed_at,
           task.begun_at, task.counted_by, stock_count.from_move_id,
           known.item_id, known.lot_id, known.logistic_unit_id
    from count_task as task
    join stock_count on stock_count.id = task.count_id
    join lateral (
        select item_id, lot_id, logistic_unit_id from balance
        where balance.location_id = task.location_id and balance.on_hand <> 0
        union all
        select item_id, lot_id, logistic_unit_id from moved
        where moved.location_id = task.location_id
    ) as known on task.item_id is null or task.item_id = known.item_id
    where task.count_id = %(count_id)s and task.state = 'done' and task.round = 1
      and not exists (
          select from count_result as result
          where result.count_id = task.count_id and result.location_id = task.location_id
            and result.item_id = known.item_id and result.lot_id is not distinct from known.lot_id
            and result.logistic_unit_id is not distinct from known.logistic_unit_id
      )
      and not exists (
          select from count_result as newer
          where newer.item_id = known.item_id and newer.location_id = task.location_id
            and newer.lot_id is not distinct from known.lot_id
            and newer.logistic_unit_id is not distinct from known.logistic_unit_id
            and newer.state = 'posted' and newer.counted_at > task.closed_at
      )
    offset 0
) as thing
cross join lateral (
    select book_at(
               thing.location_id, thing.item_id, thing.lot_id, thing.logistic_unit_id,
               thing.closed_at, thing.begun_at, thing.from_move_id
           ) as book,
           moved_since(
               thing.location_id, thing.item_id, thing.lot_id, thing.logistic_unit_id,
               '-infinity', null, thing.from_move_id
           ) - moved_since(
               thing.location_id, thing.item_id, thing.lot_id, thing.logistic_unit_id,
               thing.closed_at, thing.begun_at, thing.from_move_id
           ) as before
    offset 0
) as moment
where moment.book <> 0

-- name: late_results
-- Results that were posted, each place's newest, whose place had moved before they were counted, by
-- papers that came later: found by the movements since the last look (and some before: numbers are
-- given out before they are committed).
select distinct result.id
from stock_move
join count_result as result on result.item_id = stock_move.item_id
  and result.lot_id is not distinct from stock_move.lot_id
  and result.logistic_unit_id is not distinct from stock_move.logistic_unit_id
  and result.location_id in (stock_move.from_location_id, stock_move.to_location_id)
where stock_move.id > (select settled_move_id from count_progress) - %(overlap)s
  and stock_move.occurred_at < stock_move.recorded_at
  and result.state = 'posted'
  and (result.counted_at >= stock_move.occurred_at or result.owed <> 0)
  and stock_move.line_kind is distinct from 'count_result'
  and not exists (
      select from count_result as newer
      where newer.item_id = result.item_id and newer.location_id = result.location_id
        and newer.lot_id is not distinct from result.lot_id
        and newer.logistic_unit_id is not distinct from result.logistic_unit_id
        and newer.state = 'posted' and newer.counted_at > result.counted_at
  )

-- name: late_delta
-- What is known by now to have moved before the count, beyond what was known at
-- the last look; and what the books did not have to give then.
select moved_since(
           result.location_id, result.item_id, result.lot_id, result.logistic_unit_id,
           '-infinity', null, stock_count.from_move_id
       ) - moved_since(
           result.location_id, result.item_id, result.lot_id, result.logistic_unit_id,
           result.counted_at, result.unseen_since, stock_count.from_move_id
       ) - result.posted_before + result.owed as excess
from count_result as result
join stock_count on stock_count.id = result.count_id
where result.id = %(result_id)s and result.state = 'posted'
for no key update of result

-- name: add_late
update count_result
set late_variance = late_variance + %(variance)s, owed = %(excess)s + %(variance)s,
    posted_before = posted_before + %(excess)s - owed,
    posted_variance = posted_variance + %(variance)s, posted_value = posted_value + %(value)s
where id = %(result_id)s

-- name: settle_progress
update count_progress
set settled_move_id = greatest(settled_move_id, coalesce((select max(id) from stock_move), 0))

-- name: unsettled
-- Nothing to do while nothing moves.
select id from stock_move where id > (select settled_move_id from count_progress) limit 1

-- name: place_of_result
select store_id, item_id from count_result where id = %(result_id)s and state = 'posted'
