-- Counting a place: what its scans lock, read and write.

-- name: lock_task
select count_task.id, count_task.store_id, count_task.count_id, count_task.location_id,
       location.code as location, count_task.item_id, item.name as item, count_task.state,
       count_task.round, count_task.held_by, count_task.step, count_task.version,
       coalesce(stock_count.state, 'confirmed') as count_state,
       coalesce(stock_count.number, '') as count_number,
       coalesce(stock_count.kind, 'tasks') as count_kind,
       coalesce(stock_count.is_blind, true) as is_blind,
       coalesce(stock_count.freezes, false) as freezes,
       holder.name as holder, me.role, store.time_zone,
       exists (
           select from count_task as earlier
           where earlier.count_id = count_task.count_id and earlier.round < count_task.round
             and earlier.location_id = count_task.location_id
             and (earlier.item_id is null or earlier.item_id = count_task.item_id)
             and earlier.counted_by = %(user_id)s
       ) as counted_before,
       (
           select max(line.occurred_at) from count_line as line
           where line.task_id = count_task.id and line.user_id <> %(user_id)s
             and line.undone_at is null
       ) as others_at
from count_task
join location on location.id = count_task.location_id
join store on store.id = count_task.store_id
left join stock_count on stock_count.id = count_task.count_id
left join item on item.id = count_task.item_id
left join app_user as holder on holder.id = count_task.held_by
left join app_user as me on me.id = %(user_id)s
where count_task.id = %(task_id)s
for no key update of count_task

-- name: facts
-- What was counted last here, how much of everything, and what the books have of the item.
select (
           select jsonb_build_object(
               'item', item_facts(item), 'lot_id', last.lot_id, 'lot', lot.code,
               'unit_id', last.logistic_unit_id, 'sscc', logistic_unit.sscc,
               'quantity', (
                   select sum(line.quantity) from count_line as line
                   where line.task_id = last.task_id and line.undone_at is null
                     and line.item_id = last.item_id
                     and line.lot_id is not distinct from last.lot_id
                     and line.logistic_unit_id is not distinct from last.logistic_unit_id
               )
           )
           from count_line as last
           join item on item.id = last.item_id
           left join lot on lot.id = last.lot_id
           left join logistic_unit on logistic_unit.id = last.logistic_unit_id
           where last.task_id = %(task_id)s and last.undone_at is null
           order by last.id desc limit 1
       ) as last,
       (select count(*) from count_line
        where task_id = %(task_id)s and undone_at is null) as lines,
       (select count(distinct command_id) from count_line
        where task_id = %(task_id)s and undone_at is null) as entries,
       (
           select coalesce(jsonb_agg(distinct jsonb_build_array(balance.item_id, balance.lot_id)),
                           '[]')
           from balance
           where balance.location_id = %(location_id)s and balance.on_hand > 0
             and balance.item_id = %(item_id)s
       ) as on_books,
       (
           select location.code
           from count_line as line join location on location.id = line.location_id
           where line.count_id = %(count_id)s and line.lot_id = %(lot_id)s and line.is_serial
             and line.round = %(round)s and line.undone_at is null and line.quantity > 0
           order by line.id desc limit 1
       ) as elsewhere,
       (
           select coalesce(jsonb_agg(jsonb_build_object(
               'item', item_facts(item), 'quantity', inside.quantity,
               'lot_id', inside.lot_id, 'lot', lot.code
           ) order by inside.item_id, inside.lot_id), '[]')
           from (
               select item_id, lot_id, sum(on_hand) as quantity from balance
               where logistic_unit_id = %(unit_id)s and store_id = %(store_id)s and on_hand > 0
               group by item_id, lot_id
           ) as inside
           join item on item.id = inside.item_id
           left join lot on lot.id = inside.lot_id
       ) as unit,
       exists (
           select from count_line
           where task_id = %(task_id)s and logistic_unit_id = %(unit_id)s and undone_at is null
       ) as unit_seen

-- name: lot_of_item
select id, code, produced_on, best_before_on, expires_on
from lot where item_id = %(item_id)s and code = %(code)s

-- name: insert_line
insert into count_line (count_id, task_id, store_id, location_id, item_id, lot_id,
                        logistic_unit_id, packaging_id, entered_quantity, factor, quantity,
                        is_serial, is_unexpected, source, raw_code, round, command_id, user_id,
                        occurred_at)
values (%(count_id)s, %(task_id)s, %(store_id)s, %(location_id)s, %(item_id)s, %(lot_id)s,
        %(unit_id)s, %(packaging_id)s, %(entered_quantity)s, %(factor)s, %(quantity)s,
        %(is_serial)s, %(is_unexpected)s, %(source)s, %(raw_code)s, %(round)s, %(command_id)s,
        %(user_id)s, %(occurred_at)s)

-- name: undo_last
-- The newest scan with all that it counted.
update count_line set undone_at = now()
where task_id = %(task_id)s and undone_at is null and command_id = (
    select command_id from count_line
    where task_id = %(task_id)s and undone_at is null order by id desc limit 1
)

-- name: keep_step
update count_task set step = %(step)s, version = version + 1, held_by = %(user_id)s
where id = %(task_id)s

-- name: begin_task
update count_task
set state = 'in_progress', held_by = %(user_id)s, begun_at = coalesce(begun_at, %(begun_at)s),
    count_id = %(count_id)s, step = coalesce(step, '{"step": "scan_location"}'),
    version = version + 1
where id = %(task_id)s

-- name: begin_count
update stock_count set state = 'in_progress', started_at = coalesce(started_at, now())
where id = %(count_id)s and state = 'confirmed'

-- name: hand_back
update count_task set held_by = %(holder_id)s, state = %(state)s, version = version + 1
where id = %(task_id)s

-- name: end_task
update count_task
set state = 'done', closed_at = %(ended_at)s, counted_by = %(user_id)s, is_empty = %(is_empty)s,
    step = %(step)s, version = version + 1
where id = %(task_id)s

-- name: next_task
-- Recounts first, then by priority, due day and the way through the house; not what somebody holds,
-- and no recount of what this person counted.
select count_task.id
from count_task
join location on location.id = count_task.location_id
left join stock_count on stock_count.id = count_task.count_id
where count_task.store_id = %(store_id)s and count_task.state = 'open'
  and (%(zone_id)s::bigint is null or location.zone_id = %(zone_id)s)
  and (%(count_id)s::bigint is null or count_task.count_id = %(count_id)s)
  and coalesce(stock_count.state, 'confirmed') in ('confirmed', 'in_progress')
  and not exists (
      select from count_task as earlier
      where earlier.count_id = count_task.count_id and earlier.round < count_task.round
        and earlier.location_id = count_task.location_id
        and (earlier.item_id is null or earlier.item_id = count_task.item_id)
        and earlier.counted_by = %(user_id)s
  )
order by count_task.round desc, count_task.priority, count_task.due_on nulls last,
         location.sequence, location.code, count_task.id
limit 1
for no key update of count_task skip locked

-- name: own_task
-- What this person has begun and not finished.
select id from count_task
where store_id = %(store_id)s and state = 'in_progress' and held_by = %(user_id)s
order by begun_at limit 1

-- name: task_at
-- The task of a scanned location: one's own first, then the one that comes next.
select id from count_task
where location_id = %(location_id)s and state in ('open', 'in_progress')
order by (held_by is not distinct from %(user_id)s) desc, (state = 'open') desc, round desc, id
limit 1

-- name: insert_count
-- It may have been begun without network: what is booked since then has moved since then.
insert into stock_count (store_id, number, kind, state, freezes, is_blind, recount_quantity,
                         recount_value, recount_share, recount_class, selection, plan_id, note,
                         created_by, from_move_id)
values (%(store_id)s, %(number)s, %(kind)s, 'confirmed', %(freezes)s, %(is_blind)s,
        %(recount_quantity)s, %(recount_value)s, %(recount_share)s, %(recount_class)s,
        %(selection)s, %(plan_id)s, %(note)s, %(user_id)s,
        coalesce((
            select id from stock_move where recorded_at < least(now(), %(made_at)s)
            order by id desc limit 1
        ), 0))
returning id

-- name: insert_tasks
-- One task for each place of the selection: whole places, or one item of a place.  Places that
-- another open count has already are left to it.
with wanted as (
    select distinct location.id as location_id,
           case when %(by_item)s then balance.item_id end as item_id
    from location
    left join balance on balance.location_id = location.id and balance.on_hand <> 0
    left join lot on lot.id = balance.lot_id
    where location.store_id = %(store_id)s and location.is_active
      and location.kind in ('storage', 'dock', 'staging')
      and location.warehouse_id is not null
      and (%(warehouse_id)s::bigint is null or location.warehouse_id = %(warehouse_id)s)
      and (%(zone_ids)s::bigint[] is null or location.zone_id = any(%(zone_ids)s))
      and (%(location_ids)s::bigint[] is null or location.id = any(%(location_ids)s))
      and (%(item_ids)s::bigint[] is null or balance.item_id = any(%(item_ids)s))
      and (%(lot_ids)s::bigint[] is null or balance.lot_id = any(%(lot_ids)s))
      and (%(expires_before)s::date is null
           or least(lot.expires_on, lot.best_before_on) <= %(expires_before)s)
      and (%(class)s::text is null or exists (
              select from abc_class
              where abc_class.store_id = location.store_id
                and abc_class.item_id = balance.item_id and abc_class.class = %(class)s))
      and (not %(only_empty)s or location.kind = 'storage' and not exists (
              select from balance as held
              where held.location_id = location.id and held.on_hand <> 0))
)
insert into count_task (store_id, location_id, item_id, cause, count_id, created_by, due_on,
                        priority)
select %(store_id)s, wanted.location_id, wanted.item_id, 'count', %(count_id)s, %(user_id)s,
       %(due_on)s, %(priority)s
from wanted
where not exists (
    select from count_task as other
    join stock_count on stock_count.id = other.count_id
        and stock_count.state in ('confirmed', 'in_progress')
    where other.location_id = wanted.location_id and other.state in ('open', 'in_progress')
      and (other.item_id is null or wanted.item_id is null or other.item_id = wanted.item_id)
)
order by wanted.location_id, wanted.item_id

-- name: lock_places
-- The freeze: nothing is promised or picked from these places until they are counted.
insert into count_lock (location_id, store_id, reason, locked_by)
select distinct count_task.location_id, count_task.store_id, %(reason)s, %(user_id)s::bigint
from count_task where count_task.count_id = %(count_id)s and count_task.state = 'open'
on conflict (location_id) do nothing

-- name: lock_count
select stock_count.id, stock_count.store_id, stock_count.number, stock_count.kind,
       stock_count.state, stock_count.freezes, stock_count.is_blind, stock_count.recount_quantity,
       stock_count.recount_value, stock_count.recount_share, stock_count.recount_class,
       stock_count.posting_by, app_user.role, store.time_zone
from stock_count
join store on store.id = stock_count.store_id
left join app_user on app_user.id = %(user_id)s
where stock_count.id = %(count_id)s
for no key update of stock_count

-- name: cancel_tasks
update count_task set state = 'cancelled', closed_at = now()
where count_id = %(count_id)s and state in ('open', 'in_progress')

-- name: locked_places
select count_lock.location_id as id from count_lock
where count_lock.reason = %(reason)s and count_lock.store_id = %(store_id)s
order by count_lock.location_id

-- name: end_count
update stock_count set state = %(state)s, closed_at = now() where id = %(count_id)s

-- name: has_open_tasks_here
select exists (
    select from count_task
    where count_id = %(count_id)s and location_id = %(location_id)s
      and state in ('open', 'in_progress')
)

-- name: store
select id, time_zone from store where id = %(store_id)s

-- name: lots_by_code
select id from lot where upper(code) = upper(%(code)s) order by id limit 100

-- name: role
select role from app_user where id = %(user_id)s and is_active
