-- name: picked
with line as (
    update sales_order_line set picked = picked + %(quantity)s where id = %(line_id)s
    returning order_id
)
update sales_order set state = 'in_progress'
from line where sales_order.id = line.order_id and sales_order.state = 'confirmed'

-- name: put_back
-- Whether the goods are still wanted by the order.
update sales_order_line set picked = picked - %(quantity)s
from sales_order
where sales_order_line.id = %(line_id)s and sales_order.id = sales_order_line.order_id
returning sales_order.state in ('confirmed', 'in_progress')
    and sales_order_line.short_reason is null

-- name: unpromised
update sales_order_line set allocated = allocated - %(quantity)s where id = %(line_id)s

-- name: shipped
-- Nothing leaves without a released order: its row is held, so that nobody cancels it meanwhile.
with released as (
    select id from sales_order
    where id = (select order_id from sales_order_line where id = %(line_id)s)
      and state in ('confirmed', 'in_progress')
    for share
)
update sales_order_line
set shipped = shipped + %(quantity)s, allocated = allocated - %(quantity)s
from released
where sales_order_line.id = %(line_id)s and sales_order_line.order_id = released.id
returning sales_order_line.id

-- name: order_of_line
select sales_order.number, sales_order.state
from sales_order_line line join sales_order on sales_order.id = line.order_id
where line.id = %(line_id)s

-- name: close_when_done
update sales_order set state = 'done', closed_at = now()
where id = %(order_id)s and state in ('confirmed', 'in_progress')
  and not exists (
      select from sales_order_line line
      where line.order_id = sales_order.id
        and (line.allocated > 0 or line.short_reason is null and line.shipped < line.quantity)
  )
returning id
