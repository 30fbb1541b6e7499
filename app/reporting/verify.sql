-- The sums of what was sold against the facts: subject, expected (from the facts), found.  What was
-- booked after the settled numbers may not be in yet, so lines with such bookings are left out.

-- name: margins_equal_sales
with unsettled as (
    select lines_booked(settled_move_id, 9223372036854775807,
                        settled_entry_id, 9223372036854775807) as line_id
    from margin_progress
), moved as (
    select coalesce(back.order_line_id, move.line_id) as line_id,
           sum(case when move.to_status is null then move.quantity else -move.quantity end) as kept
    from stock_move move
    left join customer_return_line back
        on move.line_kind = 'customer_return_line' and back.id = move.line_id
    where move.line_kind in ('sales_order_line', 'customer_return_line')
      and (move.from_status is null) <> (move.to_status is null)
      and (move.line_kind = 'sales_order_line' or back.order_line_id is not null)
      and move.id <= (select settled_move_id from margin_progress)
    group by 1
), due as (
    select line.id, moved.kept,
           round(line.net_amount * moved.kept / line.quantity, company.currency_decimals) as revenue
    from moved join sales_order_line line on line.id = moved.line_id cross join company
), summed as (
    select order_line_id, sum(quantity) as quantity, sum(revenue) as revenue
    from sale_margin group by order_line_id
)
select format('sales order line %%s', coalesce(due.id, summed.order_line_id)) as subject,
       format('%%s for %%s', coalesce(due.kept, 0), coalesce(due.revenue, 0)) as expected,
       format('%%s for %%s', coalesce(summed.quantity, 0), coalesce(summed.revenue, 0)) as found
from due full join summed on summed.order_line_id = due.id
where (due.kept, due.revenue) is distinct from (summed.quantity, summed.revenue)
  and coalesce(due.id, summed.order_line_id) not in (select line_id from unsettled
                                                     where line_id is not null)

-- name: margins_equal_cost
with unsettled as (
    select lines_booked(settled_move_id, 9223372036854775807,
                        settled_entry_id, 9223372036854775807) as line_id
    from margin_progress
), summed as (
    select move_id, min(order_line_id) as order_line_id, sum(cost) as cost,
           sum(corrected) as corrected
    from sale_margin group by move_id
), due as (
    select summed.move_id,
           sum(case when entry.pool_id is null then entry.amount else -entry.amount end) as cost,
           coalesce(sum(case when entry.pool_id is null then entry.amount else -entry.amount end)
                    filter (where entry.command_id <> move.command_id), 0) as corrected
    from summed
    join stock_move move on move.id = summed.move_id
    join cost_entry entry on entry.move_id = summed.move_id
    group by summed.move_id
)
select format('cost of move %%s', summed.move_id) as subject,
       format('%%s, %%s of it later', coalesce(due.cost, 0), coalesce(due.corrected, 0)) as expected,
       format('%%s, %%s of it later', summed.cost, summed.corrected) as found
from summed left join due on due.move_id = summed.move_id
where (coalesce(due.cost, 0), coalesce(due.corrected, 0)) <> (summed.cost, summed.corrected)
  and summed.order_line_id not in (select line_id from unsettled where line_id is not null)
