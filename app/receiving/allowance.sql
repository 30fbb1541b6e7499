-- Letting more of an order come in than was ordered.

-- name: lines_to_allow
select line.id, line.store_id, line.quantity, line.over_receipt_tolerance as tolerance, line.item_id,
       item.code as item_code, item.name as item_name, item.decimals,
       item.base_unit,
       purchase_order.number as order_number, purchase_order.state, partner.code as supplier
from purchase_order_line line
join purchase_order on purchase_order.id = line.order_id
join partner on partner.id = purchase_order.supplier_id
join item on item.id = line.item_id
where line.order_id = %(order_id)s and line.item_id = %(item_id)s
order by line.position
for update of line

-- name: lines_with
select line.id, line.store_id, line.quantity, line.over_receipt_tolerance as tolerance, line.item_id,
       item.code as item_code, item.name as item_name, item.decimals,
       item.base_unit,
       purchase_order.number as order_number, purchase_order.state, partner.code as supplier
from purchase_order_line line
join purchase_order on purchase_order.id = line.order_id
join partner on partner.id = purchase_order.supplier_id
join item on item.id = line.item_id
where line.order_id = %(order_id)s and line.item_id = %(item_id)s
order by line.position

-- name: set_tolerance
update purchase_order_line set over_receipt_tolerance = %(tolerance)s where id = %(line_id)s
