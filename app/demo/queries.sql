-- How far the guided receipt has come, and when the company was made.

-- name: progress
-- Of the order with this number: its receipt, what came of what was ordered, what was put away.
select purchase_order.id as order_id, purchase_order.store_id,
    (select max(receipt.id) from receipt where receipt.order_id = purchase_order.id
        and receipt.state <> 'cancelled') as receipt_id,
    (select coalesce(bool_and(line.received >= line.quantity), false)
        from purchase_order_line line where line.order_id = purchase_order.id) as is_received,
    (select coalesce(bool_and(line.put_away >= line.quantity), false)
        from receipt_line line join receipt on receipt.id = line.receipt_id
        where receipt.order_id = purchase_order.id and line.undone_at is null
            and line.kind = 'received') as is_put_away,
    (select min(line.item_id) from purchase_order_line line
        where line.order_id = purchase_order.id) as item_id
from purchase_order where purchase_order.number = %(number)s

-- name: sales
-- The demo's sales orders that the caller sees: what each still lacks.
select sales_order.number, sales_order.id as order_id, min(line.id) as line_id, sales_order.state,
    sum(line.quantity - line.allocated - line.shipped) as missing
from sales_order join sales_order_line line on line.order_id = sales_order.id
where sales_order.number = any(%(numbers)s)
group by sales_order.id

-- name: stops
-- What is to be picked, in the order of the way.
select location.code as location, item.code as item, lot.code as lot, task.quantity
from pick_task task
join location on location.id = task.location_id
join item on item.id = task.item_id
left join lot on lot.id = task.lot_id
where task.pick_id = %(pick_id)s and task.state = 'open'
order by task.sequence, task.id

-- name: shipped
-- The order line that an item of an order was shipped by.
select line.id as order_line_id, min(gone.lot_id) as lot_id
from sales_order_line line join shipment_line gone on gone.order_line_id = line.id
where line.order_id = %(order_id)s and line.item_id = %(item_id)s
group by line.id

-- name: receipt_of
select receipt.number from receipt join purchase_order on purchase_order.id = receipt.order_id
where purchase_order.number = %(number)s and receipt.state = 'done'

-- name: item
select id from item where code = %(code)s
