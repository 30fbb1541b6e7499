-- A year of sales of twenty stores, written at once; what stays between statements is in temporary
-- tables of the connection.

-- name: made
create temporary table made as
select %(lines)s::bigint as lines, %(command)s::uuid as command,
       (select id from company) as company, (select array_agg(id order by id) from item) as items,
       (select array_agg(id order by id) from app_user) as people,
       (select coalesce(max(id), 0) from store) as store,
       (select coalesce(max(id), 0) from partner) as partner,
       (select coalesce(max(id), 0) from sales_order) as orders,
       (select coalesce(max(id), 0) from sales_order_line) as first_line,
       (select coalesce(max(id), 0) from stock_move) as move,
       (select coalesce(max(id), 0) from lot) as lot

-- name: command
insert into command (id, kind, fingerprint, payload, occurred_at, outcome)
select command, 'bench.sales', '', '{}', now() - interval '2 years', 'done' from made

-- name: areas
insert into area (code, name) select 'B' || n, '区域 ' || n from generate_series(1, 4) n

-- name: stores
insert into store (id, area_id, code, name) overriding system value
select made.store + n, (select min(id) + n %% 4 from area where code like 'B_'), 'B' || n,
       '门店 ' || n
from made, generate_series(1, 20) n

-- name: warehouses
insert into warehouse (store_id, code, name) select made.store + n, 'BW' || n, '主仓'
from made, generate_series(1, 20) n

-- name: locations
insert into location (store_id, warehouse_id, code, kind)
select warehouse.store_id, case when kind in ('storage', 'staging') then warehouse.id end,
       warehouse.code || '-' || kind, kind
from warehouse, made,
     unnest(array['storage', 'staging', 'supplier', 'customer']) as kind
where warehouse.store_id > made.store

-- name: partners
insert into partner (id, code, name, kind) overriding system value
select made.partner + n, 'BC' || n, '客户 ' || n, 'customer' from made, generate_series(1, 500) n

-- name: categories
insert into category (code, name) select 'BG' || n, '分类 ' || n from generate_series(0, 39) n

-- name: item_categories
update item set category_id = (select min(id) from category where code like 'BG%%') + item.id %% 40

-- name: lots
insert into lot (id, item_id, code) overriding system value
select made.lot + 1 + n, made.items[1 + n %% cardinality(made.items)], 'B' || n
from made, generate_series(0, cardinality(made.items) * 4 - 1) n
-- name: sold
create temporary table sold as
select n, made.first_line + 1 + n as line, made.orders + 1 + n / 5 as sales_order,
       n %% 5 + 1 as position,
       made.store + 1 + (n / 5) %% 20 as store, made.partner + 1 + (n / 5 * 7) %% 500 as customer,
       made.people[1 + (n / 5) %% cardinality(made.people)] as person,
       '大区 ' || (n / 5) %% 12 as region,
       now() - make_interval(days => ((n / 5) %% 365)::int) as moment,
       made.items[1 + (n * 7919 + n / 5000) %% cardinality(made.items)] as item,
       made.lot + 1 + (n * 7919 + n / 5000) %% cardinality(made.items)
       + cardinality(made.items) * (n %% 4) as lot,
       1 + n %% 9 as quantity,
       (500 + (n * 7919 + n / 5000) %% cardinality(made.items) * 37 %% 9000) / 100.0 as price,
       (300 + (n * 7919 + n / 5000) %% cardinality(made.items) * 53 %% 7000) / 100.0 as unit_cost,
       case when n %% 10 = 0 then 0.1 else 0 end as discount
from made, generate_series(0, made.lines - 1) n

-- name: orders
insert into sales_order (id, store_id, number, customer_id, state, salesperson_id, region,
                         currency, net_amount, total_amount, closed_at) overriding system value
select sales_order, min(store), 'SB-' || sales_order, min(customer), 'done', min(person),
       min(region), 'CNY', sum(round(quantity * price * (1 - discount) / 1.13, 2)),
       sum(round(quantity * price * (1 - discount), 2)), max(moment)
from sold group by sales_order

-- name: order_lines
insert into sales_order_line (id, order_id, store_id, position, item_id, entered_quantity, quantity,
                              unit_price, discount_rate, tax_rate, net_amount, picked, shipped)
overriding system value
select line, sales_order, store, position, item, quantity, quantity, price, discount, 0.13,
       round(quantity * price * (1 - discount) / 1.13, 2), quantity, quantity
from sold

-- name: pools
insert into cost_pool (item_id, quantity, value) select unnest(items), 0, 0 from made
on conflict do nothing

-- name: places
create temporary table place as
select store_id, max(id) filter (where kind = 'supplier') as supplier,
       max(id) filter (where kind = 'storage') as shelf,
       max(id) filter (where kind = 'staging') as stage,
       max(id) filter (where kind = 'customer') as customer
from location, made where store_id > made.store group by store_id

-- name: receipts
with bought as (
    select store, item, lot, sum(quantity) as quantity, sum(quantity * unit_cost) as amount
    from sold group by 1, 2, 3
), moved as (
    insert into stock_move (store_id, item_id, lot_id, from_location_id, to_location_id, to_status,
                            quantity, biz_step, command_id, occurred_at)
    select store, item, lot, supplier, shelf, 'available', quantity, 'receiving',
           (select command from made),
           now() - interval '2 years'
    from bought join place on place.store_id = bought.store
    returning id, store_id, item_id, lot_id, command_id, occurred_at
)
insert into cost_entry (store_id, move_id, pool_id, quantity, amount, kind, command_id, occurred_at)
select moved.store_id, moved.id, cost_pool.id, bought.quantity, bought.amount, 'receipt',
       moved.command_id, moved.occurred_at
from moved
join bought on bought.store = moved.store_id and bought.item = moved.item_id
           and coalesce(bought.lot, 0) = coalesce(moved.lot_id, 0)
join cost_pool on cost_pool.item_id = moved.item_id

-- name: picks
insert into stock_move (store_id, item_id, lot_id, from_location_id, from_status, to_location_id,
                        to_status, quantity, biz_step, line_kind, line_id, command_id, occurred_at)
select store, item, lot, shelf, 'available', stage, 'available', quantity, 'picking',
       'sales_order_line', line, (select command from made), moment
from sold join place on place.store_id = sold.store order by n

-- name: shipments
with moved as (
    insert into stock_move (store_id, item_id, lot_id, from_location_id, from_status,
                            to_location_id, quantity, biz_step, line_kind, line_id, command_id,
                            occurred_at)
    select store, item, lot, stage, 'available', customer_place, quantity, 'shipping',
           'sales_order_line', line, (select command from made), moment
    from (select sold.*, place.stage, place.customer as customer_place from sold
          join place on place.store_id = sold.store) as left_house order by n
    returning id, line_id
)
insert into cost_entry (store_id, move_id, pool_id, quantity, amount, kind, command_id, occurred_at)
select sold.store, moved.id, cost_pool.id, -sold.quantity, -sold.quantity * sold.unit_cost, 'issue',
       (select command from made), sold.moment
from moved join sold on sold.line = moved.line_id
join cost_pool on cost_pool.item_id = sold.item

-- name: numbers
select setval(pg_get_serial_sequence('store', 'id'), (select max(id) from store)),
       setval(pg_get_serial_sequence('partner', 'id'), (select max(id) from partner)),
       setval(pg_get_serial_sequence('sales_order', 'id'), (select max(id) from sales_order)),
       setval(pg_get_serial_sequence('sales_order_line', 'id'), (select max(id) from sales_order_line)),
       setval(pg_get_serial_sequence('lot', 'id'), (select max(id) from lot))

-- name: settled
vacuum analyze
