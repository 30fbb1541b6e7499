-- The report in one statement.  The comments in it are where ``pivot.py`` puts the dimensions,
-- whose SQL is fixed text; as it stands here it is items by store.

-- name: pivot
-- The keys that are shown, then every figure in its cell; what is not shown of rows and columns has
-- no key and is summed up.  Two passes over the rows, so that the many groups of two fine dimensions
-- (orders by lots) are never made; of few groups one is enough, and the rest is done with them.
with cut as not materialized (
    select sale.item_id /*row*/ as row_key, sale.store_id /*column*/ as column_key,
           sale.quantity, sale.gross, sale.revenue, sale.returned, sale.cost, sale.corrected
    from sale_margin sale /*joins*/
    where sale.booked_on between %(since)s::date and %(till)s::date /*conditions*/
), grouped as materialized (
    select row_key, column_key, sum(quantity) as quantity, sum(gross) as gross,
           sum(revenue) as revenue, sum(returned) as returned, sum(cost) as cost,
           sum(corrected) as corrected
    from cut group by row_key, column_key
), ranked as materialized (
    select row_key, column_key, grouping(row_key) = 1 as is_column,
           sum(revenue) as revenue, sum(cost) as cost
    from cut /*few*/ group by grouping sets ((row_key), (column_key))
), shown_row as materialized (
    select row_key as key, row_number() over (order by revenue desc /*row order*/, row_key) as place
    from (
        select * from ranked where not is_column
        order by revenue desc /*row order*/, row_key limit %(most_rows)s
    ) first_rows
), shown_column as materialized (
    select column_key as key,
           row_number() over (order by revenue desc /*column order*/, column_key) as place
    from (
        select * from ranked where is_column
        order by revenue desc /*column order*/, column_key limit %(most_columns)s
    ) first_columns
), summed as (
    select case when row_key in (select key from shown_row) then row_key end as row_key,
           case when column_key in (select key from shown_column) then column_key end as column_key,
           sum(quantity) as quantity, sum(gross) as gross, sum(revenue) as revenue,
           sum(returned) as returned, sum(cost) as cost, sum(corrected) as corrected
    from cut /*few*/ group by 1, 2
)
select summed.row_key::text, summed.column_key::text, shown_row.place as row_place,
       shown_column.place as column_place, summed.quantity, summed.gross, summed.revenue,
       summed.returned, summed.cost, summed.corrected,
       (select count(*)::int from ranked where not is_column) as rows_found,
       (select count(*)::int from ranked where is_column) as columns_found
from summed
left join shown_row on shown_row.key = summed.row_key
left join shown_column on shown_column.key = summed.column_key
order by row_place nulls last, column_place nulls last

-- name: as_of
select complete_at from margin_progress

-- name: poor
-- Items that together make most of the revenue and earn next to nothing, or lose.
with sold as (
    select sale.item_id, sum(sale.quantity) as quantity, sum(sale.gross) as gross,
           sum(sale.revenue) as revenue, sum(sale.returned) as returned, sum(sale.cost) as cost,
           sum(sale.corrected) as corrected
    from sale_margin sale /*joins*/
    where sale.booked_on between %(since)s::date and %(till)s::date /*conditions*/
    group by sale.item_id
), ranked as (
    select sold.*, sum(revenue) over (order by revenue desc, item_id) - revenue as above,
           sum(revenue) over () as whole
    from sold where revenue > 0
)
select ranked.item_id, item.code, item.name, item.specification, item.base_unit, ranked.quantity,
       ranked.gross, ranked.revenue, ranked.returned, ranked.cost, ranked.corrected
from ranked
join item on item.id = ranked.item_id
cross join report_rule rule
where ranked.above < rule.a_share * ranked.whole
  and ranked.revenue - ranked.cost < rule.low_rate * ranked.revenue
order by ranked.revenue - ranked.cost, ranked.item_id
limit %(limit)s

-- name: lines
-- The order lines behind a figure, newest first.
with found as (
    select sale.order_line_id, sum(sale.quantity) as quantity, sum(sale.gross) as gross,
           sum(sale.revenue) as revenue, sum(sale.returned) as returned, sum(sale.cost) as cost,
           sum(sale.corrected) as corrected, max(sale.booked_on) as booked_on
    from sale_margin sale /*joins*/
    where sale.booked_on between %(since)s::date and %(till)s::date /*conditions*/
      and (%(after)s::bigint is null or sale.order_line_id < %(after)s)
    group by sale.order_line_id
    order by sale.order_line_id desc
    limit %(limit)s
)
select found.order_line_id as id, line.order_id, sales_order.number, line.position, found.booked_on,
       store.name as store_name, partner.name as customer, coalesce(seller.name, '') as salesperson,
       sales_order.region, item.id as item_id, item.code as item_code, item.name as item_name,
       item.specification, item.base_unit, found.quantity, found.gross, found.revenue,
       found.returned, found.cost, found.corrected
from found
join sales_order_line line on line.id = found.order_line_id
join sales_order on sales_order.id = line.order_id
join store on store.id = line.store_id
join partner on partner.id = sales_order.customer_id
join item on item.id = line.item_id
left join app_user seller on seller.id = sales_order.salesperson_id
order by found.order_line_id desc

-- name: whole
select coalesce(sum(sale.quantity), 0) as quantity, coalesce(sum(sale.gross), 0) as gross,
       coalesce(sum(sale.revenue), 0) as revenue, coalesce(sum(sale.returned), 0) as returned,
       coalesce(sum(sale.cost), 0) as cost, coalesce(sum(sale.corrected), 0) as corrected
from sale_margin sale /*joins*/
where sale.booked_on between %(since)s::date and %(till)s::date /*conditions*/

-- name: currency_decimals
select currency_decimals from company

-- name: line
select line.id, line.order_id, sales_order.number, line.position, store.name as store_name,
       partner.name as customer, coalesce(seller.name, '') as salesperson, sales_order.region,
       item.id as item_id, item.code as item_code, item.name as item_name, item.specification,
       item.base_unit, line.quantity as ordered, line.unit_price, line.discount_rate, line.tax_rate,
       sales_order.currency, sales_order.exchange_rate, line.net_amount,
       company.currency_decimals as decimals
from sales_order_line line
join sales_order on sales_order.id = line.order_id
join store on store.id = line.store_id
join partner on partner.id = sales_order.customer_id
join item on item.id = line.item_id
left join app_user seller on seller.id = sales_order.salesperson_id
cross join company
where line.id = %(line_id)s

-- name: moves_of_line
select sale.move_id, sale.booked_on, move.occurred_at,
       move.line_kind = 'customer_return_line' as is_return,
       move.reverses_id is not null as is_reversal, coalesce(lot.code, '') as lot_code,
       sale.quantity, sale.gross, sale.revenue, sale.returned, sale.cost, sale.corrected
from sale_margin sale
join stock_move move on move.id = sale.move_id
left join lot on lot.id = sale.lot_id
where sale.order_line_id = %(line_id)s
order by sale.booked_on, sale.move_id

-- name: entries_of_line
select entry.id, entry.move_id, entry.kind,
       case when entry.pool_id is null then entry.amount else -entry.amount end as cost,
       entry.occurred_at, entry.recorded_at, entry.command_id <> move.command_id as is_later,
       entry.command_id
from stock_move move
join cost_entry entry on entry.move_id = move.id
where move.id in (select move_id from sale_margin where order_line_id = %(line_id)s)
order by entry.id
