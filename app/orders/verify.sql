-- What sales orders keep beside the facts: subject, expected (from the facts), found.

-- name: order_lines_equal_promises
select format('sales order line %%s', line.id) as subject,
       coalesce(sum(allocation.quantity), 0)::text as expected, line.allocated::text as found
from sales_order_line line
left join allocation on allocation.line_kind = 'sales_order_line' and allocation.line_id = line.id
group by line.id
having coalesce(sum(allocation.quantity), 0) <> line.allocated

-- name: picked_equals_moves
-- What left its shelf for a line, less what was put back by a step of its own or by a reversal.
with moved as (
    select line_id, sum(case when (biz_step = 'picking') = (reverses_id is null) then quantity
                        else -quantity end) as quantity
    from stock_move
    where line_kind = 'sales_order_line' and biz_step in ('picking', 'unpicking')
    group by line_id
)
select format('sales order line %%s', line.id) as subject,
       coalesce(moved.quantity, 0)::text as expected, line.picked::text as found
from sales_order_line line left join moved on moved.line_id = line.id
where coalesce(moved.quantity, 0) <> line.picked

-- name: shipped_equals_moves
with moved as (
    select line_id, sum(case when reverses_id is null then quantity else -quantity end) as quantity
    from stock_move where line_kind = 'sales_order_line' and biz_step = 'shipping'
    group by line_id
)
select format('sales order line %%s', line.id) as subject,
       coalesce(moved.quantity, 0)::text as expected, line.shipped::text as found
from sales_order_line line left join moved on moved.line_id = line.id
where coalesce(moved.quantity, 0) <> line.shipped

-- name: promises_are_of_released_orders
-- Nothing is promised to a draft or a closed order, but what was picked and not put back yet.
select format('sales order line %%s (%%s)', line.id, sales_order.state) as subject,
       (case when sales_order.state = 'cancelled' then line.picked - line.shipped
        else 0 end)::text as expected,
       line.allocated::text as found
from sales_order_line line join sales_order on sales_order.id = line.order_id
where sales_order.state in ('draft', 'done', 'cancelled')
  and line.allocated <> case when sales_order.state = 'cancelled' then line.picked - line.shipped
                        else 0 end

-- name: promises_fit_their_line
select format('allocation %%s', allocation.id) as subject,
       format('item %%s store %%s', line.item_id, line.store_id) as expected,
       format('item %%s store %%s', balance.item_id, balance.store_id) as found
from allocation
join balance on balance.id = allocation.balance_id
left join sales_order_line line on line.id = allocation.line_id
where allocation.line_kind = 'sales_order_line'
  and (line.item_id, line.store_id) is distinct from (balance.item_id, balance.store_id)

-- name: order_equals_lines
select format('sales order %%s', sales_order.id) as subject,
       coalesce(sum(line.net_amount), 0)::text as expected, sales_order.net_amount::text as found
from sales_order left join sales_order_line line on line.order_id = sales_order.id
group by sales_order.id
having coalesce(sum(line.net_amount), 0) <> sales_order.net_amount
