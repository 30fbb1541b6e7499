-- name: lock_line
select line.id, line.order_id, line.store_id, line.item_id, item.code as item, sales_order.number,
       sales_order.state, line.allocated, line.picked, line.shipped, line.short_reason
from sales_order_line line
join sales_order on sales_order.id = line.order_id
join item on item.id = line.item_id
where line.id = %(line_id)s
for no key update of sales_order

-- name: items_of_lines
select store_id, array_agg(distinct item_id) as item_ids
from sales_order_line where id = any(%(line_ids)s::bigint[])
group by store_id order by store_id
