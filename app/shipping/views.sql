-- What the screens, the API and the paper of shipping show.

-- name: to_pack
-- Orders with goods that are picked and have not left, the most urgent first.
select sales_order.id as order_id, sales_order.number, partner.name as customer,
       sales_order.due_at, sales_order.priority, count(*) as lines,
       bool_and(line.picked >= line.quantity or line.short_reason is not null) as is_whole,
       shipment.id as shipment_id, shipment.number as shipment,
       (select name from app_user where app_user.id = shipment.packed_by) as packer
from sales_order
join sales_order_line as line on line.order_id = sales_order.id
join partner on partner.id = sales_order.customer_id
left join shipment on shipment.order_id = sales_order.id and shipment.state = 'in_progress'
where sales_order.store_id = %(store_id)s
  and (sales_order.state in ('confirmed', 'in_progress') or shipment.id is not null)
group by sales_order.id, partner.name, shipment.id
having bool_or(line.picked > line.shipped) or shipment.id is not null
order by sales_order.priority, sales_order.due_at nulls last, sales_order.id
limit %(limit)s

-- name: order_of_place
-- The order whose picked goods lie in a location (a cart's position): None where several do.
select min(line.order_id) from balance
join allocation on allocation.balance_id = balance.id
  and allocation.line_kind = 'sales_order_line'
join sales_order_line as line on line.id = allocation.line_id
where balance.location_id = %(location_id)s
having count(distinct line.order_id) = 1

-- name: order_of_number
select id from sales_order where number = %(number)s

-- name: order_of_pick
-- The only order of a pick.
select min(pick_order.order_id) from pick join pick_order on pick_order.pick_id = pick.id
where pick.number = %(number)s
having count(*) = 1

-- name: shipment_of_number
select id from shipment where number = %(number)s

-- name: shipment
select shipment.id, shipment.number, shipment.store_id, store.name as store, shipment.state,
       shipment.step, shipment.version, shipment.order_id, sales_order.number as order_number,
       sales_order.state as order_state, sales_order.partial_policy, partner.name as customer,
       sales_order.address, sales_order.contact, sales_order.phone, sales_order.note,
       shipment.carrier, shipment.tracking_number, shipment.created_at, shipment.shipped_at,
       store.time_zone, company.name as company,
       (select name from app_user where app_user.id = shipment.packed_by) as packer
from shipment
join store on store.id = shipment.store_id
join sales_order on sales_order.id = shipment.order_id
join partner on partner.id = sales_order.customer_id
cross join company
where shipment.id = %(shipment_id)s

-- name: rows
-- The goods of the shipment by line and lot: what was picked (or left), and what is checked.
with packed as (
    select order_id, state = 'in_progress' as is_open from shipment where id = %(shipment_id)s
), waiting as (
    select allocation.line_id, balance.lot_id, sum(allocation.quantity) as quantity
    from packed join sales_order_line as line on line.order_id = packed.order_id and packed.is_open
    join allocation on allocation.line_kind = 'sales_order_line' and allocation.line_id = line.id
    join balance on balance.id = allocation.balance_id
    join location on location.id = balance.location_id and location.kind in ('staging', 'cart')
    group by allocation.line_id, balance.lot_id
), checked as (
    select order_line_id as line_id, lot_id, sum(quantity) as quantity, max(id) as newest
    from shipment_line where shipment_id = %(shipment_id)s and undone_at is null
    group by order_line_id, lot_id
)
select coalesce(waiting.line_id, checked.line_id) as order_line_id, item.id as item_id, item.code,
       item.name, item.specification, item.base_unit as unit, lot.code as lot,
       coalesce(lot.expires_on, lot.best_before_on) as last_day,
       case when (select is_open from packed) then coalesce(waiting.quantity, 0)
            else coalesce(checked.quantity, 0) end as picked,
       coalesce(checked.quantity, 0) as checked, coalesce(checked.newest, 0) as newest
from waiting
full join checked on checked.line_id = waiting.line_id
  and coalesce(checked.lot_id, 0) = coalesce(waiting.lot_id, 0)
join sales_order_line as line on line.id = coalesce(waiting.line_id, checked.line_id)
join item on item.id = line.item_id
left join lot on lot.id = coalesce(waiting.lot_id, checked.lot_id)
order by newest desc, coalesce(checked.quantity, 0) >= coalesce(waiting.quantity, 0),
         line.position, lot.code

-- name: cartons
select logistic_unit.id, logistic_unit.sscc, count(distinct line.item_id) as items,
       min(line.id) as first
from shipment_line as line
join logistic_unit on logistic_unit.id = line.logistic_unit_id
where line.shipment_id = %(shipment_id)s and line.undone_at is null
group by logistic_unit.id
order by first

-- name: contents
-- For the paper: carton by carton what is inside; loose goods last.
select item.code, item.name, item.specification, item.base_unit as unit, lot.code as lot,
       coalesce(lot.expires_on, lot.best_before_on) as last_day, sum(line.quantity) as quantity,
       logistic_unit.sscc, ordered.position,
       ordered.quantity as ordered, ordered.shipped
from shipment_line as line
join sales_order_line as ordered on ordered.id = line.order_line_id
join item on item.id = line.item_id
left join lot on lot.id = line.lot_id
left join logistic_unit on logistic_unit.id = line.logistic_unit_id
where line.shipment_id = %(shipment_id)s and line.undone_at is null
group by item.id, lot.id, logistic_unit.id, ordered.id
order by logistic_unit.id nulls last, ordered.position, lot.code

-- name: missing
-- What of the order does not leave with this shipment.
select line.id as order_line_id, item.code, item.name, item.base_unit as unit,
       line.quantity - line.shipped - coalesce(sum(here.quantity), 0) as quantity
from sales_order_line as line
join item on item.id = line.item_id
left join shipment_line as here on here.order_line_id = line.id
  and here.shipment_id = %(shipment_id)s and here.undone_at is null and here.move_id is null
where line.order_id = %(order_id)s and line.short_reason is null
group by line.id, item.id
having line.quantity - line.shipped - coalesce(sum(here.quantity), 0) > 0
order by line.position

-- name: shipments
-- Newest first; keyset paging by id.
select shipment.id, shipment.number, shipment.state, store.name as store,
       sales_order.number as order_number, shipment.order_id, partner.name as customer,
       shipment.carrier, shipment.tracking_number, shipment.created_at, shipment.shipped_at
from shipment
join store on store.id = shipment.store_id
join sales_order on sales_order.id = shipment.order_id
join partner on partner.id = sales_order.customer_id
where (%(state)s = '' or shipment.state = %(state)s)
  and (%(search)s = '' or shipment.number ilike %(part)s or sales_order.number ilike %(part)s
       or partner.name ilike %(part)s or shipment.tracking_number ilike %(part)s)
  and (%(after)s::bigint is null or shipment.id < %(after)s::bigint)
order by shipment.id desc
limit %(limit)s

-- name: count_to_pack
select count(*) from sales_order
where store_id = %(store_id)s and state in ('confirmed', 'in_progress')
  and exists (select from sales_order_line as line
              where line.order_id = sales_order.id and line.picked > line.shipped)
