-- Goods that customers bring back.

-- name: order_of_code
-- The order that a scanned or typed text names: its own number, its shipment's, or a carton's.
select id from sales_order where number = %(number)s
union
select order_id from shipment where number = %(number)s
union
select shipment.order_id
from logistic_unit
join shipment_line line on line.logistic_unit_id = logistic_unit.id and line.move_id is not null
join shipment on shipment.id = line.shipment_id
where logistic_unit.sscc = %(sscc)s
limit 1

-- name: order_head
select sales_order.id, sales_order.store_id, sales_order.number, sales_order.customer_id,
       store.time_zone
from sales_order join store on store.id = sales_order.store_id
where sales_order.id = %(order_id)s
for no key update of sales_order

-- name: open_return_of_order
select id from customer_return where order_id = %(order_id)s and state = 'in_progress'

-- name: insert_return
insert into customer_return (store_id, number, customer_id, order_id, created_by)
values (%(store_id)s, %(number)s, %(customer_id)s, %(order_id)s, %(user_id)s)
returning id

-- name: lock_return
select id, store_id, number, order_id, state,
       (select count(*) from customer_return_line line
        where line.return_id = customer_return.id and line.undone_at is null) as lines
from customer_return where id = %(return_id)s
for no key update

-- name: lock_order_line
select from sales_order_line where id = %(order_line_id)s for no key update

-- name: shipped_pieces
-- What was shipped of an order line in a lot and did not come back, newest shipment first.
select line.id as shipment_line_id, line.move_id, line.store_id, line.item_id, line.lot_id,
       item.name as item_name, item.specification, item.base_unit, item.decimals,
       line.quantity - coalesce(sum(back.quantity), 0) as left
from shipment_line line
join item on item.id = line.item_id
left join customer_return_line back on back.shipment_line_id = line.id and back.undone_at is null
where line.order_line_id = %(order_line_id)s
  and line.shipment_id in (select id from shipment where shipment.order_id = %(order_id)s)
  and line.lot_id is not distinct from %(lot_id)s
  and line.move_id is not null and line.undone_at is null
  and not exists (select from stock_move where stock_move.reverses_id = line.move_id)
group by line.id, item.id
order by line.id desc

-- name: returnable
-- What of an order was shipped, by line and lot, and what of it came back already.
with piece as (
    select line.order_line_id, line.item_id, line.lot_id, line.quantity,
           coalesce((
               select sum(back.quantity) from customer_return_line back
               where back.shipment_line_id = line.id and back.undone_at is null
           ), 0) as returned
    from shipment_line line
    join shipment on shipment.id = line.shipment_id
    where shipment.order_id = %(order_id)s and line.move_id is not null
      and line.undone_at is null
      and not exists (select from stock_move where stock_move.reverses_id = line.move_id)
)
select piece.order_line_id, order_line.position, piece.item_id, item.code as item_code,
       item.name as item_name, item.specification, item.base_unit, item.decimals,
       piece.lot_id, lot.code as lot_code, sum(piece.quantity) as shipped,
       sum(piece.returned) as returned
from piece
join sales_order_line order_line on order_line.id = piece.order_line_id
join item on item.id = piece.item_id
left join lot on lot.id = piece.lot_id
group by piece.order_line_id, order_line.position, piece.item_id, item.id, piece.lot_id, lot.code
order by order_line.position, lot.code

-- name: customer_location
select id from location where store_id = %(store_id)s and kind = 'customer'

-- name: place
select id, code, kind, store_id, is_active from location where id = %(location_id)s

-- name: usual_place
-- Where goods that come back are put if nobody says: the first dock, else the first shelf.
select id, code, kind, store_id, is_active from location
where store_id = %(store_id)s and kind in ('dock', 'storage') and is_active
order by kind <> 'dock', sequence, code
limit 1

-- name: insert_line
insert into customer_return_line (return_id, store_id, order_line_id, shipment_line_id, item_id,
                                  lot_id, location_id, quantity, status, reason, note, photo_id,
                                  command_id, user_id)
values (%(return_id)s, %(store_id)s, %(order_line_id)s, %(shipment_line_id)s, %(item_id)s,
        %(lot_id)s, %(location_id)s, %(quantity)s, %(status)s, %(reason)s, %(note)s, %(photo_id)s,
        %(command_id)s, %(user_id)s)
returning id

-- name: set_move
update customer_return_line set move_id = %(move_id)s where id = %(line_id)s

-- name: lock_line
select id, move_id, undone_at is not null as is_undone from customer_return_line
where id = %(line_id)s and return_id = %(return_id)s
for no key update

-- name: undo_line
update customer_return_line set undone_at = now() where id = %(line_id)s

-- name: close
update customer_return set state = %(state)s, note = %(note)s, closed_at = now()
where id = %(return_id)s

-- name: returns
-- Newest first; open ones of the store first on their own screen.
select customer_return.id, customer_return.number, customer_return.store_id,
       store.name as store_name, customer_return.state, customer_return.note,
       customer_return.order_id, sales_order.number as order_number, partner.name as customer,
       app_user.name as user_name, customer_return.created_at, customer_return.closed_at,
       (select count(*) from customer_return_line line
        where line.return_id = customer_return.id and line.undone_at is null) as lines
from customer_return
join store on store.id = customer_return.store_id
join partner on partner.id = customer_return.customer_id
left join sales_order on sales_order.id = customer_return.order_id
left join app_user on app_user.id = customer_return.created_by
where (%(before)s::bigint is null or customer_return.id < %(before)s)
  and (%(return_id)s::bigint is null or customer_return.id = %(return_id)s)
order by customer_return.id desc
limit %(limit)s

-- name: lines_of_return
select line.id, line.order_line_id, line.item_id, item.code as item_code, item.name as item_name,
       item.specification, item.base_unit, line.lot_id, lot.code as lot_code,
       location.code as location_code, line.quantity, line.status, line.reason, line.note,
       line.photo_id, line.move_id, app_user.name as user_name, line.created_at,
       line.undone_at is not null as is_undone
from customer_return_line line
join item on item.id = line.item_id
join location on location.id = line.location_id
left join lot on lot.id = line.lot_id
left join app_user on app_user.id = line.user_id
where line.return_id = %(return_id)s
order by line.id desc

-- name: told_of
select coalesce(sales_order.number, '') as "order", partner.name as customer
from customer_return
join partner on partner.id = customer_return.customer_id
left join sales_order on sales_order.id = customer_return.order_id
where customer_return.id = %(return_id)s
