-- What a device carries along of the places to count.  Never what the books have of anything.

-- name: open_work
-- What this person has begun, then what comes next: in the zone where they are, as get-work has it.
select count_task.id, location.code as location, coalesce(item.name, zone.name) as detail,
       coalesce(stock_count.number, '') as number
from count_task
join location on location.id = count_task.location_id
left join zone on zone.id = location.zone_id
left join item on item.id = count_task.item_id
left join stock_count on stock_count.id = count_task.count_id
where count_task.store_id = %(store_id)s
  and (count_task.state = 'open'
       or count_task.state = 'in_progress' and count_task.held_by = %(user_id)s)
  and coalesce(stock_count.state, 'confirmed') in ('confirmed', 'in_progress')
  and not exists (
      select from count_task as earlier
      where earlier.count_id = count_task.count_id and earlier.round < count_task.round
        and earlier.location_id = count_task.location_id
        and (earlier.item_id is null or earlier.item_id = count_task.item_id)
        and earlier.counted_by = %(user_id)s
  )
order by (count_task.state = 'in_progress') desc,
         (location.zone_id is not distinct from (
             select place.zone_id from count_task as own
             join location as place on place.id = own.location_id
             where own.store_id = %(store_id)s and own.state = 'in_progress'
               and own.held_by = %(user_id)s
             order by own.begun_at desc limit 1
         )) desc,
         count_task.round desc, count_task.priority, count_task.due_on nulls last,
         location.sequence, location.code, count_task.id
limit %(limit)s

-- name: task
select count_task.id, count_task.store_id, count_task.location_id, location.code as location,
       location.zone_id, count_task.item_id, item.name as item, zone.name as zone,
       count_task.state, count_task.round, count_task.held_by, count_task.step,
       coalesce(stock_count.state, 'confirmed') as count_state,
       coalesce(stock_count.number, '') as number, store.name as store, store.time_zone,
       exists (
           select from count_task as earlier
           where earlier.count_id = count_task.count_id and earlier.round < count_task.round
             and earlier.location_id = count_task.location_id
             and (earlier.item_id is null or earlier.item_id = count_task.item_id)
             and earlier.counted_by = %(user_id)s
       ) as counted_before
from count_task
join location on location.id = count_task.location_id
join store on store.id = count_task.store_id
left join zone on zone.id = location.zone_id
left join stock_count on stock_count.id = count_task.count_id
left join item on item.id = count_task.item_id
where count_task.id = %(task_id)s

-- name: lines
-- What was counted here and not taken back, in its order; ``entry`` tells scans from each other.
select dense_rank() over (order by first_id) as entry, item, quantity, lot_id, lot, last_day,
       unit_id, sscc, is_unexpected
from (
    select line.id, min(line.id) over (partition by line.command_id) as first_id,
           item_facts(item) as item, line.quantity, line.lot_id, lot.code as lot,
           coalesce(lot.expires_on, lot.best_before_on) as last_day,
           line.logistic_unit_id as unit_id, logistic_unit.sscc, line.is_unexpected
    from count_line as line
    join item on item.id = line.item_id
    left join lot on lot.id = line.lot_id
    left join logistic_unit on logistic_unit.id = line.logistic_unit_id
    where line.task_id = %(task_id)s and line.undone_at is null
) as line
order by id

-- name: expected
-- What the books have here: it leaves the server as marks only.
select distinct item_id, lot_id from balance
where location_id = %(location_id)s and on_hand > 0
  and (%(item_id)s::bigint is null or item_id = %(item_id)s)

-- name: items
-- What may be found here: goods of the store, those nearest first, else of the catalogue; so what is
-- carried does not tell what is expected.
select item_id from (
    select balance.item_id,
           case when balance.location_id = %(location_id)s then 0
                when location.zone_id = %(zone_id)s then 1 else 2 end as distance
    from balance join location on location.id = balance.location_id
    where balance.store_id = %(store_id)s and balance.on_hand <> 0
    union all
    select line.item_id, 0 from count_line as line where line.task_id = %(task_id)s
    union all
    select %(item_id)s::bigint, 0 where %(item_id)s::bigint is not null
    union all
    (select id, 3 from item where is_active order by id limit %(limit)s)
) as near
group by item_id
order by min(distance), item_id
limit %(limit)s

-- name: lots
-- All lots of as many items as fit, in the order of ``items``; of the others those that the store
-- has.  ``cut`` are the others: a lot of theirs that is not here may exist all the same.
with chosen as (
    select item.id, given.place, (select count(*) from lot where lot.item_id = item.id) as lots
    from unnest(%(items)s::bigint[]) with ordinality as given(id, place)
    join item on item.id = given.id and item.is_active and item.tracking <> 'none'
), running as (
    select id, sum(lots) over (order by place) <= %(limit)s as is_whole from chosen
), carried as (
    select lot.* from lot join running on running.id = lot.item_id and running.is_whole
    union
    (select lot.* from lot
     join running on running.id = lot.item_id and not running.is_whole
     where exists (select from balance where balance.lot_id = lot.id
                   and balance.store_id = %(store_id)s and balance.on_hand > 0)
     order by lot.id desc limit %(limit)s)
)
select (
    select coalesce(jsonb_agg(jsonb_build_object(
        'item_id', item_id, 'id', id, 'code', code, 'produced_on', produced_on,
        'best_before_on', best_before_on, 'expires_on', expires_on) order by id), '[]')
    from carried
) as lots, (
    select coalesce(jsonb_agg(id order by id), '[]') from running where not is_whole
) as cut
