-- Packing and shipping: what their commands lock, read and write.

-- name: lock_order
select sales_order.id, sales_order.store_id, sales_order.number, sales_order.state,
       sales_order.partial_policy, app_user.role, store.time_zone,
       (select shipment.id from shipment
        where shipment.order_id = sales_order.id and shipment.state = 'in_progress') as shipment_id
from sales_order
join store on store.id = sales_order.store_id
left join app_user on app_user.id = %(user_id)s
where sales_order.id = %(order_id)s
for update of sales_order

-- name: waiting
-- Whether goods of the order are picked and have not left.
select exists (
    select from sales_order_line where order_id = %(order_id)s and picked > shipped
)

-- name: insert_shipment
insert into shipment (store_id, number, order_id, packed_by, step)
values (%(store_id)s, %(number)s, %(order_id)s, %(user_id)s, '{}')
returning id

-- name: lock_shipment
select shipment.id, shipment.number, shipment.store_id, shipment.order_id, shipment.state,
       shipment.step, shipment.shipped_at, sales_order.number as order_number,
       sales_order.state as order_state, sales_order.partial_policy, store.time_zone,
       app_user.role,
       (select location.id from location
        where location.store_id = shipment.store_id and location.kind = 'customer') as customer_id
from shipment
join sales_order on sales_order.id = shipment.order_id
join store on store.id = shipment.store_id
left join app_user on app_user.id = %(user_id)s
where shipment.id = %(shipment_id)s
for update of shipment

-- name: goods
-- What was picked for the order and lies where goods wait to leave, with what is checked of it.
select allocation.line_id as order_line_id, balance.id as balance_id,
       item_facts(item) as item,
       allocation.quantity, balance.lot_id, lot.code as lot, logistic_unit.sscc,
       coalesce((
           select sum(done.quantity) from shipment_line as done
           where done.shipment_id = %(shipment_id)s and done.undone_at is null
             and done.order_line_id = allocation.line_id and done.balance_id = balance.id
       ), 0) as checked
from sales_order_line as line
join allocation on allocation.line_kind = 'sales_order_line' and allocation.line_id = line.id
join balance on balance.id = allocation.balance_id
join location on location.id = balance.location_id and location.kind in ('staging', 'cart')
join item on item.id = balance.item_id
left join lot on lot.id = balance.lot_id
left join logistic_unit on logistic_unit.id = balance.logistic_unit_id
where line.order_id = (select order_id from shipment where id = %(shipment_id)s)
order by line.position, lot.code nulls first, balance.id

-- name: last_check
-- The newest scan that was not taken back: its parts together.
select item_facts(item) as item, sum(line.quantity) as quantity, min(line.lot_id) as lot_id
from shipment_line as line
join item on item.id = line.item_id
where line.undone_at is null and line.command_id = (
    select command_id from shipment_line
    where shipment_id = %(shipment_id)s and undone_at is null order by id desc limit 1
)
group by item.id

-- name: insert_check
insert into shipment_line (shipment_id, store_id, order_line_id, balance_id, item_id, lot_id,
                           logistic_unit_id, quantity, command_id, user_id)
values (%(shipment_id)s, %(store_id)s, %(order_line_id)s, %(balance_id)s, %(item_id)s, %(lot_id)s,
        %(logistic_unit_id)s, %(quantity)s, %(command_id)s, %(user_id)s)

-- name: undo_last
update shipment_line set undone_at = now()
where undone_at is null and shipment_id = %(shipment_id)s and command_id = (
    select command_id from shipment_line
    where shipment_id = %(shipment_id)s and undone_at is null order by id desc limit 1
)

-- name: undo_all
update shipment_line set undone_at = now()
where shipment_id = %(shipment_id)s and undone_at is null

-- name: keep_step
update shipment set step = %(step)s, version = version + 1, packed_by = %(user_id)s
where id = %(shipment_id)s

-- name: carton_is_free
-- A carton of the store that holds no stock and nothing of another shipment.
select logistic_unit.id from logistic_unit
where logistic_unit.id = %(unit_id)s and logistic_unit.store_id = %(store_id)s
  and not exists (select from balance
                  where balance.logistic_unit_id = logistic_unit.id and balance.on_hand <> 0)
  and not exists (select from shipment_line as line
                  where line.logistic_unit_id = logistic_unit.id and line.undone_at is null
                    and line.shipment_id <> %(shipment_id)s)

-- name: checked
select id, order_line_id, balance_id, quantity from shipment_line
where shipment_id = %(shipment_id)s and undone_at is null
order by id

-- name: left
-- A checked part has left.
update shipment_line set move_id = %(move_id)s where id = %(id)s

-- name: close_shipment
update shipment
set state = %(state)s, carrier = %(carrier)s, tracking_number = %(tracking_number)s,
    shipped_at = %(shipped_at)s, packed_by = %(user_id)s, version = version + 1
where id = %(shipment_id)s

-- name: missing_lines
-- Lines of which something has not left, for the partial policy and for giving the rest up.
select line.id, line.quantity - line.shipped as missing,
       item.name as item, item.base_unit as unit,
       exists (select from shipment_line as here
               where here.shipment_id = %(shipment_id)s and here.undone_at is null
                 and here.order_line_id = line.id) as is_here
from sales_order_line as line join item on item.id = line.item_id
where line.order_id = %(order_id)s and line.shipped < line.quantity and line.short_reason is null
order by line.position

-- name: shipped_lines
select line.id, line.order_line_id, line.balance_id, line.quantity, line.move_id, line.store_id
from shipment_line as line
where line.shipment_id = %(shipment_id)s and line.undone_at is null and line.move_id is not null
order by line.id

-- name: line_taken_back
update sales_order_line
set allocated = allocated + %(quantity)s, shipped = shipped - %(quantity)s, short_reason = null
where id = %(order_line_id)s

-- name: reopen_order
-- What came back has to leave again.
update sales_order set state = 'in_progress', closed_at = null
where id = %(order_id)s and state = 'done'

-- name: order_state
select state from sales_order where id = %(order_id)s
