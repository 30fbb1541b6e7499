-- What the screens, the API and the paper of picking show.

-- name: pick
select pick.id, pick.number, pick.store_id, pick.kind, pick.state, pick.step, pick.version,
       pick.priority, pick.due_at, pick.held_by, pick.created_at, pick.closed_at,
       (select name from app_user where id = pick.held_by) as holder,
       location.code as staging, zone.name as zone,
       coalesce(progress.stops, 0) as stops, coalesce(progress.done, 0) as done,
       coalesce(orders.count, 0) as orders, orders.number as order_number, orders.customer,
       exists (select from pick_line line where line.pick_id = pick.id
               and line.undone_at is null) as has_lines
from pick
join location on location.id = pick.staging_location_id
left join zone on zone.id = pick.zone_id
left join lateral (
    select count(*) as stops, count(*) filter (where task.state <> 'open') as done
    from pick_task task where task.pick_id = pick.id and task.state <> 'cancelled'
) as progress on true
left join lateral (
    select count(*) as count, min(sales_order.number) as number, min(partner.name) as customer
    from pick_order join sales_order on sales_order.id = pick_order.order_id
    join partner on partner.id = sales_order.customer_id
    where pick_order.pick_id = pick.id
) as orders on true
where pick.id = %(pick_id)s

-- name: rows
-- The stops: what is at hand first, then the way, then what is done.
with standing as (
    select (step ->> 'location_id')::bigint as location_id,
           (step ->> 'confirmed')::bigint as balance_id, (step ->> 'item_id')::bigint as item_id,
           (step #>> '{hand,cart_location_id}')::bigint as cart_location_id
    from pick where id = %(pick_id)s
), stop as (
    select min(task.id) filter (where task.state = 'open') as task_id, task.balance_id,
           task.location_id, task.item_id, task.lot_id, task.logistic_unit_id,
           pick_order.cart_location_id, sum(task.quantity) as quantity, sum(task.picked) as picked,
           bool_and(task.state <> 'open') as is_done, max(task.short_reason) as short_reason,
           count(*) as parts, min(line.order_id) as order_id,
           min(task.sequence) filter (where task.state = 'open') as sequence, min(task.id) as first
    from pick_task task
    join sales_order_line line on line.id = task.order_line_id
    left join pick_order on pick_order.pick_id = task.pick_id
      and pick_order.order_id = line.order_id and pick_order.cart_location_id is not null
    where task.pick_id = %(pick_id)s and task.state <> 'cancelled'
    group by task.balance_id, task.location_id, task.item_id, task.lot_id, task.logistic_unit_id,
             pick_order.cart_location_id
)
select stop.task_id, stop.location_id, location.code as location, stop.balance_id,
       item.id as item_id, item.code, item.name,
       item.specification, item.base_unit as unit, item.decimals, item.tracking, lot.code as lot,
       coalesce(lot.expires_on, lot.best_before_on) as expires_on, unit.sscc, cart.code as cart,
       sales_order.number as order_number, stop.parts, stop.quantity, stop.picked, stop.is_done,
       stop.short_reason
from stop
cross join standing
join item on item.id = stop.item_id
join location on location.id = stop.location_id
join sales_order on sales_order.id = stop.order_id
left join lot on lot.id = stop.lot_id
left join logistic_unit unit on unit.id = stop.logistic_unit_id
left join location cart on cart.id = stop.cart_location_id
order by stop.is_done, stop.location_id = standing.location_id desc nulls last,
         stop.balance_id = standing.balance_id desc nulls last,
         stop.cart_location_id = standing.cart_location_id desc nulls last,
         stop.item_id = standing.item_id desc nulls last, stop.sequence, stop.first
limit %(limit)s

-- name: cancelled_orders
-- Orders of the pick that were cancelled, or left it, while goods of theirs had been taken.
select sales_order.id, sales_order.number, sales_order.state,
       sum(pick_line.quantity) as quantity
from pick_line
join sales_order_line line on line.id = pick_line.order_line_id
join sales_order on sales_order.id = line.order_id
where pick_line.pick_id = %(pick_id)s and pick_line.undone_at is null
group by sales_order.id
order by sales_order.state = 'cancelled' desc, sales_order.id
limit 100

-- name: own_picks
select pick.id, pick.number, pick.kind, pick.state, pick.priority, pick.due_at, pick.held_by,
       (select name from app_user where id = pick.held_by) as holder, zone.name as zone,
       pick.created_at, pick.closed_at,
       (select count(*) from pick_task task where task.pick_id = pick.id
        and task.state <> 'cancelled') as stops,
       (select count(*) from pick_task task where task.pick_id = pick.id
        and task.state in ('done', 'short')) as done,
       (select string_agg(sales_order.number, ', ' order by sales_order.id)
        from (select order_id from pick_order where pick_order.pick_id = pick.id limit 4) few
        join sales_order on sales_order.id = few.order_id) as orders
from pick left join zone on zone.id = pick.zone_id
where pick.store_id = %(store_id)s and (
    pick.held_by = %(user_id)s and pick.state in ('in_progress', 'paused', 'confirmed')
    or pick.held_by is null and (pick.state = 'paused' or pick.state = 'confirmed' and exists (
        select from pick_task task where task.pick_id = pick.id and task.state = 'open')))
order by pick.held_by is null, pick.state = 'in_progress' desc, pick.priority,
         pick.due_at nulls last, pick.id
limit 50

-- name: counts
select (select count(*) from pick where store_id = %(store_id)s and state = 'confirmed'
        and (held_by is null or held_by = %(user_id)s)
        and exists (select from pick_task task where task.pick_id = pick.id
                    and task.state = 'open')) as waiting,
       (select count(*) from pick where store_id = %(store_id)s
        and state in ('in_progress', 'paused')) as going_on,
       (select count(*) from sales_order where store_id = %(store_id)s
        and state in ('confirmed', 'in_progress') and exists (
            select from sales_order_line line
            join allocation on allocation.line_kind = 'sales_order_line'
              and allocation.line_id = line.id
            join balance on balance.id = allocation.balance_id
            join location on location.id = balance.location_id
              and location.kind not in ('staging', 'cart')
            where line.order_id = sales_order.id
              and not exists (select from pick_task task where task.order_line_id = line.id
                              and task.balance_id = balance.id and task.state = 'open')
        )) as orders,
       (select count(*) from sales_order where store_id = %(store_id)s
        and state in ('confirmed', 'in_progress') and due_at < now()) as late

-- name: picks
-- Newest first; ``state`` open is all that is not at its end.
select pick.id, pick.number, pick.kind, pick.state, pick.priority, pick.due_at, pick.held_by,
       (select name from app_user where id = pick.held_by) as holder, zone.name as zone,
       pick.created_at, pick.closed_at,
       (select count(*) from pick_task task where task.pick_id = pick.id
        and task.state <> 'cancelled') as stops,
       (select count(*) from pick_task task where task.pick_id = pick.id
        and task.state in ('done', 'short')) as done,
       (select string_agg(sales_order.number, ', ' order by sales_order.id)
        from (select order_id from pick_order where pick_order.pick_id = pick.id limit 4) few
        join sales_order on sales_order.id = few.order_id) as orders
from pick left join zone on zone.id = pick.zone_id
where pick.store_id = %(store_id)s
  and (%(state)s = '' or pick.state = %(state)s
       or %(state)s = 'open' and pick.state in ('confirmed', 'in_progress', 'paused'))
  and (%(after)s::bigint is null or pick.id < %(after)s)
order by pick.id desc
limit %(limit)s

-- name: ready_orders
-- Released orders with promised goods on shelves that are no stop of any pick.
select sales_order.id, sales_order.number, partner.name as customer, sales_order.priority,
       sales_order.due_at, count(distinct line.id) as lines, count(distinct location.id) as places
from sales_order
join partner on partner.id = sales_order.customer_id
join sales_order_line line on line.order_id = sales_order.id
join allocation on allocation.line_kind = 'sales_order_line' and allocation.line_id = line.id
join balance on balance.id = allocation.balance_id
join location on location.id = balance.location_id and location.kind not in ('staging', 'cart')
where sales_order.store_id = %(store_id)s and sales_order.state in ('confirmed', 'in_progress')
  and not exists (select from pick_task task where task.order_line_id = line.id
                  and task.balance_id = balance.id and task.state = 'open')
group by sales_order.id, partner.name
order by sales_order.priority, sales_order.due_at nulls last, sales_order.released_at,
         sales_order.id
limit 200

-- name: zones
select id, name from zone where store_id = %(store_id)s and is_pickable order by code limit 200

-- name: people
select app_user.id, app_user.name from app_user
where app_user.is_active and exists (
    select from user_store where user_store.user_id = app_user.id
    and user_store.store_id = %(store_id)s)
order by app_user.name limit 500

-- name: open_pick_of_order
select pick.id from pick_order join pick on pick.id = pick_order.pick_id
where pick_order.order_id = %(order_id)s and pick.state in ('confirmed', 'in_progress', 'paused')
order by pick.id limit 1

-- name: list_head
select pick.number, pick.kind, company.name as company, store.name as store, store.time_zone,
       pick.due_at, location.code as staging, zone.name as zone,
       (select name from app_user where id = pick.held_by) as holder,
       (select string_agg(sales_order.number, '、' order by sales_order.id) from pick_order
        join sales_order on sales_order.id = pick_order.order_id
        where pick_order.pick_id = pick.id) as orders
from pick join store on store.id = pick.store_id
join location on location.id = pick.staging_location_id
left join zone on zone.id = pick.zone_id, company
where pick.id = %(pick_id)s
