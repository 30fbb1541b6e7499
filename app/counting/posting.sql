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
-- which moved since is taken into account; and what is known by now to have moved before.
select result.id, result.store_id, result.location_id, result.item_id, result.lot_id,
       result.logistic_unit_id, result.reason, result.unit_cost, stock_count.kind,
       company.currency_decimals, item.tracking = 'serial' as is_serial,
       greatest(
           result.quantity + coalesce(moved.after, 0) - coalesce(now.on_hand, 0),
           - coalesce(now.on_hand, 0)
       ) as delta,
       coalesce(moved.before, 0) as before,
       coalesce(now.parts, '[]') as parts
from count_result as result
join stock_count on stock_count.id = result.count_id
join item on item.id = result.item_id
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
left join lateral (
    select sum(change.quantity) filter (where stock_move.occurred_at > result.counted_at) as after,
           sum(change.quantity) filter (where stock_move.occurred_at <= result.counted_at) as before
    from stock_move
    cross join lateral (
        select case when to_location_id = result.location_id and to_status is not null
                    then quantity else 0 end
               - case when from_location_id = result.location_id and from_status is not null
                      then quantity else 0 end as quantity
    ) as change
    where stock_move.item_id = result.item_id and stock_move.id > stock_count.from_move_id
      and (stock_move.to_location_id = result.location_id
           or stock_move.from_location_id = result.location_id)
      and stock_move.lot_id is not distinct from result.lot_id
      and stock_move.logistic_unit_id is not distinct from result.logistic_unit_id
) as moved on true
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

-- name: adjustment_place
select id from location where store_id = %(store_id)s and kind = 'adjustment'

-- name: mark_posted
update count_result as result
set state = 'posted', posted_at = now(), posted_variance = done.variance,
    posted_value = done.value, posted_before = done.before
from unnest(%(ids)s::bigint[], %(variances)s::numeric[], %(values)s::numeric[],
            %(befores)s::numeric[]) as done (id, variance, value, before)
where result.id = done.id

-- name: begin_posting
update stock_count set posting_by = %(user_id)s where id = %(count_id)s

-- name: end_posting
update stock_count set state = 'done', posting_by = null, closed_at = now()
where id = %(count_id)s

-- name: left_to_post
select count(*) from count_result where count_id = %(count_id)s and state = 'decided'

-- name: late_results
-- Results that were posted, each place's newest, whose place had moved before they were counted, by papers that came
-- later: found by the movements since the last look (and some before: numbers are given out before
-- they are committed).
select distinct result.id
from stock_move
join count_result as result on result.item_id = stock_move.item_id
  and result.lot_id is not distinct from stock_move.lot_id
  and result.logistic_unit_id is not distinct from stock_move.logistic_unit_id
  and result.location_id in (stock_move.from_location_id, stock_move.to_location_id)
where stock_move.id > (select settled_move_id from count_progress) - %(overlap)s
  and stock_move.occurred_at < stock_move.recorded_at
  and result.state = 'posted' and result.counted_at >= stock_move.occurred_at
  and stock_move.line_kind is distinct from 'count_result'
  and not exists (
      select from count_result as newer
      where newer.item_id = result.item_id and newer.location_id = result.location_id
        and newer.lot_id is not distinct from result.lot_id
        and newer.logistic_unit_id is not distinct from result.logistic_unit_id
        and newer.state = 'posted' and newer.counted_at > result.counted_at
  )

-- name: late_delta
-- What is known by now to have moved before the count, beyond what was known at posting.
select coalesce((
           select sum(case when to_location_id = result.location_id and to_status is not null
                           then quantity else 0 end
                      - case when from_location_id = result.location_id
                                  and from_status is not null then quantity else 0 end)
           from stock_move
           where stock_move.item_id = result.item_id
             and stock_move.id > stock_count.from_move_id
             and (stock_move.to_location_id = result.location_id
                  or stock_move.from_location_id = result.location_id)
             and stock_move.lot_id is not distinct from result.lot_id
             and stock_move.logistic_unit_id is not distinct from result.logistic_unit_id
             and stock_move.occurred_at <= result.counted_at
             and not (stock_move.line_kind is not distinct from 'count_result'
                      and stock_move.line_id = result.id)
       ), 0) - result.posted_before + result.late_variance as excess
from count_result as result
join stock_count on stock_count.id = result.count_id
where result.id = %(result_id)s and result.state = 'posted'
for no key update of result

-- name: add_late
update count_result
set late_variance = late_variance + %(variance)s,
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
