-- Making picks and handing them out: nobody gets what somebody else has.

-- name: site
select (select role from app_user where id = %(user_id)s) as role, store.time_zone
from store where store.id = %(store_id)s
  and (sees_all_stores() or store.id = any(visible_stores()))

-- name: my_pick
-- What the person is at, or was told to do.
select id, held_by, state from pick
where store_id = %(store_id)s and held_by = %(user_id)s
  and (state = 'in_progress' or state = 'confirmed' and exists (
      select from pick_task task where task.pick_id = pick.id and task.state = 'open'))
order by state = 'in_progress' desc, priority, due_at nulls last, id
limit 1

-- name: next_pick
-- The most urgent pick that nobody has; who asks at the same moment gets the one after it.
select pick.id, pick.held_by, pick.state from pick
where pick.store_id = %(store_id)s and pick.state = 'confirmed' and pick.held_by is null
  and (%(zone_id)s::bigint is null or pick.zone_id is null or pick.zone_id = %(zone_id)s)
  and exists (select from pick_task task where task.pick_id = pick.id and task.state = 'open')
order by pick.priority, pick.due_at nulls last, pick.id
limit 1
for no key update of pick skip locked

-- name: next_order
-- The most urgent released order with goods that were promised and are no stop of any pick.
select sales_order.id from sales_order
where sales_order.store_id = %(store_id)s and sales_order.state in ('confirmed', 'in_progress')
  and exists (
      select from sales_order_line line
      join allocation on allocation.line_kind = 'sales_order_line' and allocation.line_id = line.id
      join balance on balance.id = allocation.balance_id
      join location on location.id = balance.location_id
        and location.kind not in ('staging', 'cart')
      where line.order_id = sales_order.id
        and (%(zone_id)s::bigint is null or location.zone_id = %(zone_id)s)
        and not exists (select from pick_task task where task.order_line_id = line.id
                        and task.balance_id = balance.id and task.state = 'open')
  )
order by sales_order.priority, sales_order.due_at nulls last, sales_order.released_at,
         sales_order.id
limit 1
for no key update of sales_order skip locked

-- name: lock_orders
select id, number, state, store_id, warehouse_id, priority, due_at
from sales_order where id = any(%(order_ids)s::bigint[])
order by id
for no key update

-- name: staging
select id from location
where store_id = %(store_id)s and kind = 'staging' and is_active
order by warehouse_id is distinct from %(warehouse_id)s, sequence, id limit 1

-- name: insert_pick
insert into pick (store_id, number, kind, zone_id, priority, due_at, staging_location_id, held_by,
                  step, created_by)
values (%(store_id)s, %(number)s, %(kind)s, %(zone_id)s, %(priority)s, %(due_at)s, %(staging_id)s,
        %(held_by)s, %(step)s, %(user_id)s)
returning id

-- name: insert_orders
insert into pick_order (pick_id, order_id, store_id, cart_location_id)
select %(pick_id)s, asked.order_id, %(store_id)s, asked.cart_location_id
from unnest(%(order_ids)s::bigint[], %(cart_ids)s::bigint[]) as asked (order_id, cart_location_id)

-- name: free_carts
-- Positions of carts that are empty and that no other pick has.
select id from location
where store_id = %(store_id)s and kind = 'cart' and is_active
  and not exists (select from balance where balance.location_id = location.id
                  and balance.on_hand > 0)
  and not exists (
      select from pick_order join pick on pick.id = pick_order.pick_id
      where pick_order.cart_location_id = location.id
        and pick.state in ('confirmed', 'in_progress', 'paused')
  )
order by sequence, code
limit %(count)s
for no key update skip locked

-- name: orders_without_tasks
-- Orders of the pick that got no stop.
select sales_order.number from pick_order
join sales_order on sales_order.id = pick_order.order_id
where pick_order.pick_id = %(pick_id)s and not exists (
    select from pick_task task join sales_order_line line on line.id = task.order_line_id
    where task.pick_id = pick_order.pick_id and line.order_id = sales_order.id)
order by sales_order.id

-- name: stops
select count(*) from pick_task where pick_id = %(pick_id)s and state = 'open'

-- name: works_there
select exists (
    select from app_user
    where id = %(user_id)s and is_active
      and (role in ('headquarters', 'administrator')
           or exists (select from user_store where user_store.user_id = app_user.id
                      and user_store.store_id = %(store_id)s)
           or exists (select from user_area join store on store.area_id = user_area.area_id
                      where user_area.user_id = app_user.id and store.id = %(store_id)s))
)

-- name: assign
update pick set held_by = %(user_id)s, priority = coalesce(%(priority)s, priority),
                version = version + 1
where id = %(pick_id)s

-- name: has_lines
select exists (select from pick_line where pick_id = %(pick_id)s and undone_at is null)

-- name: is_shelf
select exists (select from location where id = %(location_id)s and store_id = %(store_id)s
               and kind in ('storage', 'dock') and is_active)

-- name: is_zone
select exists (select from zone where id = %(zone_id)s and store_id = %(store_id)s)

-- name: delete_pick
-- It has no stop: it never was.
with orders as (delete from pick_order where pick_id = %(pick_id)s)
delete from pick where id = %(pick_id)s

-- name: drop_empty
-- Orders without a stop are none of its orders.
delete from pick_order
where pick_id = %(pick_id)s and not exists (
    select from pick_task task join sales_order_line line on line.id = task.order_line_id
    where task.pick_id = pick_order.pick_id and line.order_id = pick_order.order_id)

-- name: set_number
update pick set number = %(number)s where id = %(pick_id)s
