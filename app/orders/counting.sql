-- name: leave_task
insert into count_task (store_id, location_id, item_id, cause, note, created_by)
select location.store_id, location.id, %(item_id)s, %(cause)s, %(note)s, %(user_id)s
from location
where location.id = %(location_id)s and location.warehouse_id is not null
  and (sees_all_stores() or location.store_id = any(visible_stores()))
on conflict (location_id, item_id, cause) where state = 'open' and count_id is null do update
set note = case when excluded.note = '' then count_task.note else excluded.note end
returning id

-- name: lock
insert into count_lock (location_id, store_id, reason, locked_by)
select location.id, location.store_id, %(reason)s, %(user_id)s
from location
where location.id = %(location_id)s and location.warehouse_id is not null
  and (sees_all_stores() or location.store_id = any(visible_stores()))
returning location_id

-- name: set_aside
-- Within one transaction; a place that is counted stays so.
insert into count_lock (location_id, store_id, reason)
select id, store_id, 'set aside' from location where id = any(%(location_ids)s::bigint[])
order by id
on conflict (location_id) do nothing
returning location_id

-- name: unlock
delete from count_lock where location_id = %(location_id)s returning store_id

-- name: is_place
select id from location
where id = %(location_id)s and warehouse_id is not null
  and (sees_all_stores() or store_id = any(visible_stores()))

-- name: items_there
select distinct item_id from balance
where location_id = %(location_id)s and on_hand > allocated order by item_id

-- name: counted
select location.code, count_lock.reason
from count_lock join location on location.id = count_lock.location_id
where count_lock.location_id = %(location_id)s
