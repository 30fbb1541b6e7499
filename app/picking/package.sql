-- What a device carries along of one pick.

-- name: pick
-- All stops at once, each as the facts of a scan say it; a test holds that they are the same.
with task as (
    select task.*, row_number() over (order by task.sequence, task.id) as place
    from pick_task task
    where task.pick_id = %(pick_id)s and task.state in ('open', 'done')
      and task.balance_id in (select balance_id from pick_task
                              where pick_id = %(pick_id)s and state = 'open')
)
select pick.store_id, pick.staging_location_id, own.name as store, own.time_zone,
       company.lot_swap_allowed,
       (
           select coalesce(jsonb_agg(jsonb_build_object(
               'task_id', task.id, 'order_line_id', task.order_line_id,
               'quantity', task.quantity::text, 'picked', task.picked::text,
               'promised', coalesce(allocation.quantity, 0)::text,
               'is_open', task.state = 'open', 'order', sales_order.number,
               'balance_id', task.balance_id, 'location_id', task.location_id,
               'location', location.code, 'lot_id', task.lot_id, 'lot', lot.code,
               'logistic_unit_id', task.logistic_unit_id, 'sscc', unit.sscc,
               'cart_location_id', pick_order.cart_location_id, 'cart', cart.code,
               'on_hand', balance.on_hand::text,
               'here', (select sum(other.on_hand) from balance other
                        where other.location_id = task.location_id)::text,
               'obstacle', case
                   when sales_order.state = 'cancelled' then 'cancelled'
                   when balance.status <> 'available' then balance.status
                   when exists (select from lot_hold where lot_hold.lot_id = task.lot_id
                                and lot_hold.lifted_at is null) then 'frozen'
                   when exists (select from count_lock
                                where count_lock.location_id = task.location_id) then 'counted'
                   when case item.expiry_rule when 'best_before_on' then lot.best_before_on
                                              when 'expires_on' then lot.expires_on end
                        < (now() at time zone store.time_zone)::date then 'expired' end,
               'item', item_facts(item)
           ) order by task.place), '[]')
           from task
           join item on item.id = task.item_id
           join location on location.id = task.location_id
           join balance on balance.id = task.balance_id
           join store on store.id = task.store_id
           join sales_order_line line on line.id = task.order_line_id
           join sales_order on sales_order.id = line.order_id
           left join pick_order on pick_order.pick_id = task.pick_id
             and pick_order.order_id = sales_order.id
           left join location cart on cart.id = pick_order.cart_location_id
           left join lot on lot.id = task.lot_id
           left join logistic_unit unit on unit.id = task.logistic_unit_id
           left join allocation on allocation.line_kind = 'sales_order_line'
             and allocation.line_id = task.order_line_id
             and allocation.balance_id = task.balance_id
       ) as tasks,
       (
           select coalesce(jsonb_agg(jsonb_build_object(
               'item_id', task.item_id, 'lot', lot.code, 'location', location.code,
               'order', sales_order.number, 'order_line_id', task.order_line_id,
               'is_cancelled', sales_order.state = 'cancelled')), '[]')
           from pick_task task
           join location on location.id = task.location_id
           join sales_order_line line on line.id = task.order_line_id
           join sales_order on sales_order.id = line.order_id
           left join lot on lot.id = task.lot_id
           where task.pick_id = %(pick_id)s
             and (task.state = 'cancelled' or sales_order.state = 'cancelled')
       ) as gone,
       (
           select jsonb_build_object('location_id', location.id, 'location', location.code)
           from pick_line line join location on location.id = line.from_location_id
           where line.pick_id = %(pick_id)s and line.undone_at is null
           order by line.id desc limit 1
       ) as last,
       (
           select coalesce(jsonb_agg(jsonb_build_object(
               'balance_id', balance.id, 'location_id', balance.location_id,
               'item_id', balance.item_id) order by balance.id), '[]')
           from balance
           join location on location.id = balance.location_id and location.kind = 'storage'
           where balance.store_id = pick.store_id and balance.on_hand > 0
             and balance.item_id in (select item_id from task)
       ) as lies
from pick join store own on own.id = pick.store_id, company
where pick.id = %(pick_id)s

-- name: items
-- What the pick wants, and what lies where it leads: goods that can be taken by mistake.
(select distinct item_id from pick_task where pick_id = %(pick_id)s)
union
(select distinct balance.item_id from balance
 join pick_task task on task.location_id = balance.location_id and task.pick_id = %(pick_id)s
 where balance.on_hand > 0 limit 500)
