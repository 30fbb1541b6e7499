-- What the screens of counting show.

-- name: task
select count_task.id, count_task.store_id, count_task.count_id, count_task.location_id,
       location.code as location, zone.name as zone, item.name as item, count_task.state,
       count_task.round, count_task.held_by, holder.name as holder, count_task.step,
       count_task.version, count_task.cause, count_task.note, count_task.is_empty,
       coalesce(stock_count.number, '') as number, coalesce(stock_count.kind, 'tasks') as kind,
       coalesce(stock_count.is_blind, true) as is_blind,
       coalesce(stock_count.freezes, false) as freezes,
       (select count(*) from count_task as other
        where other.count_id = count_task.count_id and other.state <> 'cancelled') as tasks,
       (select count(*) from count_task as other
        where other.count_id = count_task.count_id and other.state = 'done') as done,
       (select count(*) from count_task as again
        where again.count_id = count_task.count_id and again.location_id = count_task.location_id
          and (count_task.item_id is null or again.item_id = count_task.item_id)
          and again.round > count_task.round and again.state in ('open', 'in_progress'))
           as recounts
from count_task
join location on location.id = count_task.location_id
left join zone on zone.id = location.zone_id
left join stock_count on stock_count.id = count_task.count_id
left join item on item.id = count_task.item_id
left join app_user as holder on holder.id = count_task.held_by
where count_task.id = %(task_id)s

-- name: seen
-- What was counted in a place, the newest first; with the book quantity only where it may be seen.
select line.item_id, item.code, item.name, item.specification, item.base_unit as unit,
       item.decimals, lot.code as lot, coalesce(lot.expires_on, lot.best_before_on) as last_day,
       logistic_unit.sscc, sum(line.quantity) as quantity, bool_or(line.is_unexpected)
           as is_unexpected, max(line.id) as newest, max(packaging.quantity) as pack,
       case when %(with_books)s then (
           select coalesce(sum(balance.on_hand), 0) from balance
           where balance.location_id = line.location_id and balance.item_id = line.item_id
             and balance.lot_id is not distinct from line.lot_id
             and balance.logistic_unit_id is not distinct from line.logistic_unit_id
       ) end as book
from count_line as line
join item on item.id = line.item_id
left join lot on lot.id = line.lot_id
left join logistic_unit on logistic_unit.id = line.logistic_unit_id
left join packaging on packaging.id = line.packaging_id
where line.task_id = %(task_id)s and line.undone_at is null
group by line.item_id, line.lot_id, line.logistic_unit_id, line.location_id, item.id, lot.id,
         logistic_unit.id
order by max(line.id) desc
limit %(limit)s

-- name: own_tasks
-- What somebody has begun, and what waits in the store, by the way through the house; no recounts of
-- what this person counted.
select count_task.id, location.code as location, item.name as item, count_task.state,
       count_task.round, count_task.cause, count_task.note, coalesce(stock_count.number, '')
           as number, count_task.due_on, holder.name as holder, count_task.held_by
from count_task
join location on location.id = count_task.location_id
left join item on item.id = count_task.item_id
left join stock_count on stock_count.id = count_task.count_id
left join app_user as holder on holder.id = count_task.held_by
where count_task.store_id = %(store_id)s and count_task.state in ('open', 'in_progress')
  and coalesce(stock_count.state, 'confirmed') in ('confirmed', 'in_progress')
  and not exists (
      select from count_task as earlier
      where earlier.count_id = count_task.count_id and earlier.round < count_task.round
        and earlier.location_id = count_task.location_id
        and (earlier.item_id is null or earlier.item_id = count_task.item_id)
        and earlier.counted_by = %(user_id)s
  )
order by (count_task.held_by is not distinct from %(user_id)s) desc, count_task.round desc,
         count_task.priority, count_task.due_on nulls last, location.sequence, location.code,
         count_task.id
limit %(limit)s

-- name: waiting
select count(*) from count_task
left join stock_count on stock_count.id = count_task.count_id
where count_task.store_id = %(store_id)s and count_task.state in ('open', 'in_progress')
  and coalesce(stock_count.state, 'confirmed') in ('confirmed', 'in_progress')

-- name: counts
-- Newest first; keyset paging by id.
select stock_count.id, stock_count.number, stock_count.kind, stock_count.state,
       store.name as store, stock_count.note, stock_count.freezes, stock_count.created_at,
       stock_count.closed_at, app_user.name as created_by, stock_count.posting_by,
       coalesce(task.tasks, 0) as tasks, coalesce(task.done, 0) as done,
       coalesce(task.recounts, 0) as recounts
from stock_count
join store on store.id = stock_count.store_id
left join app_user on app_user.id = stock_count.created_by
left join lateral (
    select count(*) as tasks, count(*) filter (where state = 'done') as done,
           count(*) filter (where round > 1 and state in ('open', 'in_progress')) as recounts
    from count_task where count_id = stock_count.id and state <> 'cancelled'
) as task on true
where (%(state)s = '' or stock_count.state = %(state)s
       or %(state)s = 'open' and stock_count.state in ('confirmed', 'in_progress'))
  and (%(store_id)s::bigint is null or stock_count.store_id = %(store_id)s)
  and (%(search)s = '' or stock_count.number ilike %(part)s or stock_count.note ilike %(part)s)
  and (%(after)s::bigint is null or stock_count.id < %(after)s::bigint)
order by stock_count.id desc
limit %(limit)s

-- name: head
select stock_count.id, stock_count.number, stock_count.kind, stock_count.state,
       stock_count.store_id, store.name as store, stock_count.note, stock_count.freezes,
       stock_count.is_blind, stock_count.recount_quantity, stock_count.recount_value,
       stock_count.recount_share, stock_count.recount_class, stock_count.created_at,
       stock_count.started_at, stock_count.closed_at, stock_count.posting_by,
       app_user.name as created_by, company.currency, company.currency_decimals,
       (select id from approval_request
        where subject_kind = 'stock_count' and subject_id = stock_count.id and state = 'waiting'
        order by id desc limit 1) as request_id
from stock_count
join store on store.id = stock_count.store_id
cross join company
left join app_user on app_user.id = stock_count.created_by
where stock_count.id = %(count_id)s

-- name: sums
select count(*) as results,
       count(*) filter (where state in ('open', 'recount')) as undecided,
       count(*) filter (where variance <> 0) as differences,
       count(*) filter (where variance <> 0 and reason = '') as without_reason,
       coalesce(sum(value) filter (where variance > 0), 0) as gain,
       coalesce(sum(value) filter (where variance < 0), 0) as loss,
       coalesce(sum(posted_value), 0) as posted,
       count(*) filter (where state = 'posted') as posted_lines,
       (select count(*) from count_task
        where count_id = %(count_id)s and state <> 'cancelled') as tasks,
       (select count(*) from count_task
        where count_id = %(count_id)s and state = 'done') as tasks_done
from count_result where count_id = %(count_id)s

-- name: results
-- What differs first, the largest value first; then the rest by place.  For pages by id.
select result.id, location.code as location, item.code, item.name, item.specification,
       item.base_unit as unit, item.id as item_id, lot.code as lot, logistic_unit.sscc,
       result.state, result.first_quantity, result.first_book, result.second_quantity,
       result.second_book, result.third_quantity, result.third_book,
       first_user.name as first_by, second_user.name as second_by, third_user.name as third_by,
       result.quantity, result.quantity - result.variance as book, result.variance,
       result.unit_cost, result.value, result.reason, result.note, result.posted_variance,
       result.posted_value, result.late_variance
from count_result as result
join location on location.id = result.location_id
join item on item.id = result.item_id
left join lot on lot.id = result.lot_id
left join logistic_unit on logistic_unit.id = result.logistic_unit_id
left join app_user as first_user on first_user.id = result.first_by
left join app_user as second_user on second_user.id = result.second_by
left join app_user as third_user on third_user.id = result.third_by
where result.count_id = %(count_id)s
  and (%(only)s = '' or %(only)s = 'differences' and coalesce(result.variance, 1) <> 0
       or %(only)s = 'undecided' and result.state in ('open', 'recount')
       or %(only)s = 'without_reason' and result.variance <> 0 and result.reason = '')
  and (%(after)s::bigint is null or result.id > %(after)s::bigint)
order by case when %(by_id)s then result.id end, (result.state in ('open', 'recount')) desc, (coalesce(result.variance, 0) <> 0) desc,
         abs(coalesce(result.value, 0)) desc, location.sequence, location.code, item.code, result.id
limit %(limit)s

-- name: tasks
select count_task.id, location.code as location, item.name as item, count_task.state,
       count_task.round, count_task.held_by, holder.name as holder, counter.name as counted_by,
       count_task.begun_at, count_task.closed_at, count_task.is_empty
from count_task
join location on location.id = count_task.location_id
left join item on item.id = count_task.item_id
left join app_user as holder on holder.id = count_task.held_by
left join app_user as counter on counter.id = count_task.counted_by
where count_task.count_id = %(count_id)s
  and (%(after)s::bigint is null or count_task.id > %(after)s::bigint)
order by case when %(by_id)s then count_task.id end, count_task.state in ('done', 'cancelled'), count_task.round desc, location.sequence,
         location.code, count_task.id
limit %(limit)s

-- name: zones
select zone.id, concat(warehouse.name, ' ', zone.name) as name
from zone join warehouse on warehouse.id = zone.warehouse_id
where zone.store_id = %(store_id)s order by warehouse.code, zone.code

-- name: people
select app_user.id, app_user.name from app_user
where app_user.is_active and exists (
    select from user_store where user_store.user_id = app_user.id
    and user_store.store_id = %(store_id)s)
order by app_user.name limit 500
