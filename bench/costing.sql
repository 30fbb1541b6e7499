-- A long history of an item, written set-based as the owner, as posting would have written it.

-- name: new_item
insert into item (code, name, base_unit, decimals, tracking, cost_method, safety_stock, price,
                  tax_rate)
values (%(code)s, %(code)s, (select code from unit order by code limit 1), 0, 'none',
        %(method)s, 0, 0, 0)
returning id

-- name: places
select (select id from location where store_id = %(store_id)s and kind = 'supplier') as supplier,
       (select id from location where store_id = %(store_id)s and kind = 'customer') as customer,
       (select min(id) from location where store_id = %(store_id)s and kind = 'storage') as shelf

-- name: command
insert into command (id, kind, fingerprint, payload, occurred_at, outcome, answer)
values (%(command_id)s, 'bench.history', '', '{}', %(since)s, 'done', '{}')

-- name: moves
-- One receipt of ``stock`` pieces at 1.00, then issues (with ``receipts``, by turns with receipts)
-- of one piece each, a tenth of a second apart.
insert into stock_move (store_id, item_id, from_location_id, from_status, to_location_id, to_status,
                        quantity, biz_step, command_id, occurred_at)
select %(store_id)s, %(item_id)s,
       case when enters then %(supplier)s::bigint else %(shelf)s::bigint end,
       case when not enters then 'available' end,
       case when enters then %(shelf)s::bigint else %(customer)s::bigint end,
       case when enters then 'available' end,
       case number when 0 then %(stock)s else 1 end, 'bench', %(command_id)s,
       %(since)s::timestamptz + number * interval '0.1 second'
from generate_series(0, %(moves)s) as numbers (number),
     lateral (select number = 0 or %(receipts)s and number %% 2 = 1 as enters) side
order by number

-- name: pool
insert into cost_pool (store_id, item_id, quantity, value, last_unit_cost, moved_at, issued_at)
select null, item_id, sum(case when to_status is null then -quantity else quantity end),
       sum(case when to_status is null then -quantity else quantity end), 1, max(occurred_at),
       max(occurred_at) filter (where to_status is null)
from stock_move where item_id = %(item_id)s group by item_id

-- name: balance
insert into balance (store_id, location_id, item_id, status, on_hand)
select %(store_id)s, %(shelf)s, %(item_id)s, 'available', quantity
from cost_pool where item_id = %(item_id)s

-- name: layers
-- The first layer lasts for the first issues; each later issue empties the oldest layer.
insert into cost_layer (pool_id, move_id, quantity, remaining, value, occurred_at)
select cost_pool.id, move.id, move.quantity, left_over, left_over, move.occurred_at
from cost_pool
cross join lateral (
    select stock_move.*, sum(quantity) over (order by id) as through
    from stock_move where item_id = %(item_id)s and to_status is not null
) move
cross join (select count(*) as issued from stock_move
            where item_id = %(item_id)s and to_status is null) gone
cross join lateral (
    select least(move.quantity, greatest(move.through - gone.issued, 0)) as left_over
) rest
where cost_pool.item_id = %(item_id)s
order by move.id

-- name: entries
with layer as (
    select cost_layer.id, cost_layer.move_id, row_number() over (order by cost_layer.id) as number
    from cost_layer join cost_pool on cost_pool.id = pool_id where item_id = %(item_id)s
), issue as (
    select id, row_number() over (order by id) as number from stock_move
    where item_id = %(item_id)s and to_status is null
), taken as (
    select issue.id as move_id, layer.id as layer_id
    from layer join issue on layer.number = greatest(1, issue.number - %(stock)s + 1)
)
insert into cost_entry (store_id, move_id, pool_id, layer_id, quantity, amount, kind, command_id,
                        occurred_at)
select %(store_id)s, move.id, cost_pool.id, coalesce(layer.id, taken.layer_id), sign.signed,
       sign.signed,
       case when to_status is null then 'issue' else 'receipt' end, %(command_id)s,
       move.occurred_at
from stock_move move
join cost_pool on cost_pool.item_id = move.item_id
cross join lateral (
    select case when move.to_status is null then -move.quantity else move.quantity end as signed
) sign
left join layer on layer.move_id = move.id
left join taken on taken.move_id = move.id
where move.item_id = %(item_id)s
order by move.id
