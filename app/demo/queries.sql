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
