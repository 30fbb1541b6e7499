-- What an item is worth and why.

-- name: item
select item.id, item.code, item.name, item.base_unit as unit, item.cost_method as method,
       item.fallback_unit_cost, company.currency, company.currency_decimals as decimals,
       company.cost_scope
from item, company where item.id = %(item_id)s

-- name: pools
select cost_pool.id, store.name as store, lot.code as lot, cost_pool.quantity, cost_pool.value,
       cost_pool.last_unit_cost, cost_recost.since as recost_since
from cost_pool
left join store on store.id = cost_pool.store_id
left join lot on lot.id = cost_pool.lot_id
left join cost_recost on cost_recost.pool_id = cost_pool.id
where cost_pool.item_id = %(item_id)s and (cost_pool.quantity <> 0 or cost_pool.store_id is null)
order by store.code nulls first, lot.code, cost_pool.id
limit %(most)s

-- name: layers
-- Open layers, oldest first; below zero is what was issued and not there.
select cost_layer.id, cost_layer.move_id, cost_layer.occurred_at, cost_layer.quantity,
       cost_layer.remaining, cost_layer.value, store.name as store, receipt.number as document
from cost_layer
join cost_pool on cost_pool.id = cost_layer.pool_id and cost_pool.item_id = %(item_id)s
left join stock_move move on move.id = cost_layer.move_id
left join store on store.id = move.store_id
left join receipt_line on move.line_kind = 'receipt_line' and receipt_line.id = move.line_id
left join receipt on receipt.id = receipt_line.receipt_id
where cost_layer.remaining <> 0
order by cost_layer.occurred_at, cost_layer.id
limit %(most)s

-- name: entries
-- Value rows of an item's pools, or of one move, newest first, each with what brought it about.
with wanted as (
    select entry.* from cost_pool
    cross join lateral (
        select * from cost_entry
        where pool_id = cost_pool.id
          and (%(after)s::timestamptz is null or (occurred_at, id) < (%(after)s, %(after_id)s))
        order by occurred_at desc, id desc limit %(limit)s
    ) entry
    where cost_pool.item_id = %(item_id)s
    union all
    select * from cost_entry where move_id = %(move_id)s
)
select entry.id, entry.kind, entry.quantity, entry.amount, entry.occurred_at, entry.recorded_at,
       entry.move_id, entry.pool_id is not null as in_stock, lot.code as lot, store.name as store,
       cause.move_id as cause_move_id, cause.kind as cause_kind, person.name as person,
       receipt.number as receipt, receipt.id as receipt_id, voucher.number as voucher,
       voucher.id as voucher_id, invoice.number as invoice, invoice.id as invoice_id
from wanted entry
left join cost_pool on cost_pool.id = entry.pool_id
left join stock_move move on move.id = entry.move_id
left join lot on lot.id = coalesce(cost_pool.lot_id, move.lot_id)
left join store on store.id = entry.store_id
left join cost_entry cause on cause.id = entry.cause_id
left join command on command.id = entry.command_id
left join app_user person on person.id = command.user_id
left join receipt_line on move.line_kind = 'receipt_line' and receipt_line.id = move.line_id
left join receipt on receipt.id = receipt_line.receipt_id
left join landing_voucher voucher on voucher.posted_command_id = entry.command_id
left join supplier_invoice invoice on invoice.posted_command_id = entry.command_id
order by entry.occurred_at desc, entry.id desc
limit %(limit)s

-- name: move
select move.id, move.item_id, item.code as item_code, item.name as item_name,
       item.base_unit as unit, item.cost_method as method, move.quantity, move.occurred_at,
       move.from_status is null as enters, move.to_status is null as leaves,
       source.kind as from_kind, target.kind as to_kind, store.name as store, move.store_id,
       move.reverses_id, move.amends_id, company.currency, company.currency_decimals as decimals
from stock_move move
cross join company
join item on item.id = move.item_id
join store on store.id = move.store_id
join location source on source.id = move.from_location_id
join location target on target.id = move.to_location_id
where move.id = %(move_id)s

-- name: taken
-- What a move took from or brought into each pool and layer when it was posted.
select entry.id, entry.pool_id, entry.quantity, entry.amount, entry.kind,
       layer.move_id as layer_move_id, cause.move_id as cause_move_id
from cost_entry entry
join stock_move move on move.id = entry.move_id
left join cost_layer layer on layer.id = entry.layer_id
left join cost_entry cause on cause.id = entry.cause_id
where entry.move_id = %(move_id)s and entry.pool_id is not null
  and entry.command_id = move.command_id
order by entry.id

-- name: pool_before
-- What the pool held before an entry, in the order of posting.
select coalesce(sum(quantity), 0) as quantity, coalesce(sum(amount), 0) as amount
from cost_entry where pool_id = %(pool_id)s and id < %(entry_id)s

-- name: inflows
-- What came into the pool last before an entry.
select move_id, sum(quantity) as quantity, sum(amount) as amount
from (
    select entry.move_id, entry.quantity, entry.amount, entry.id
    from cost_entry entry
    where entry.pool_id = %(pool_id)s and entry.id < %(entry_id)s and entry.quantity > 0
      and entry.move_id is not null
    order by entry.occurred_at desc, entry.id desc limit 100
) latest
group by move_id
order by max(id) desc
limit %(most)s

-- name: flow
-- The other side of what was made, taken apart or sent on: what went in.
select flow.move_id, flow.side, flow.amount,
       coalesce((select sum(case when entry.pool_id is null then entry.amount else -entry.amount end)
                 from cost_entry entry
                 where entry.move_id = flow.move_id), 0) as cost
from cost_flow own
join cost_flow flow on flow.flow_id = own.flow_id and flow.side in ('in', 'overhead')
where own.move_id = %(move_id)s and own.side = 'out'
order by flow.id
