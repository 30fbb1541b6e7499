-- What a scenario's figures are read from: the ledger's rows.

-- name: lying
-- Where an item lies that the company owns: the unnamed place first, then as it came.
select balance.store_id, balance.location_id, balance.lot_id, balance.on_hand
from balance join location on location.id = balance.location_id
where balance.item_id = %(item_id)s and balance.on_hand > 0 and not location.is_consigned
  and (%(location_id)s::bigint is null or balance.location_id = %(location_id)s)
  and (%(lot_id)s::bigint is null or balance.lot_id = %(lot_id)s)
order by balance.location_id <> %(first)s, balance.received_at, balance.id

-- name: moves
-- Moves in the order in which they were posted; ``quantity`` is what is right by now.
select move.id, move.store_id, move.item_id, move.lot_id,
       move.quantity + coalesce(later.quantity, 0) as quantity,
       case when move.from_status is null then move.to_location_id else move.from_location_id
       end as real_id,
       case when move.from_status is null then move.from_location_id else move.to_location_id
       end as outside_id
from stock_move move
left join lateral (
    select sum(case when (amending.from_status is null) = (move.from_status is null)
               then amending.quantity else -amending.quantity end) as quantity
    from stock_move amending where amending.amends_id = move.id
) later on true
where move.id = any(%(moves)s::bigint[])
order by move.id

-- name: own_moves
-- The moves of an event with those that amended them later.
with recursive own as (
    select id from stock_move where id = any(%(moves)s::bigint[])
    union
    select stock_move.id from stock_move join own on stock_move.amends_id = own.id
)
select id from own order by id

-- name: moved
-- What the moves did: quantity that came in (out is negative), value that came in, what was charged
-- beside the stock, and what of it was known when the event was posted.  A correction that goods
-- received later brought about covers what had not been there: it is their true-up.  Landed cost of
-- goods that are gone is the voucher's, too.
with own as (
    select stock_move.id, stock_move.occurred_at, from_status is not null as leaves,
           case when from_status is null then quantity when to_status is null then -quantity
                else 0 end as quantity
    from stock_move where id = any(%(moves)s::bigint[])
), cost as (
    select entry.amount, entry.pool_id is not null as is_stock,
           entry.command_id = %(command_id)s as is_first,
           entry.kind = 'return_out' as is_credit
    from own
    join cost_entry entry on entry.move_id = own.id
    left join cost_entry cause on cause.id = entry.cause_id
    left join stock_move cause_move on cause_move.id = cause.move_id
    where entry.kind <> 'landed_to_cogs'
      and not (entry.kind = 'landed' and cause_move.id is distinct from own.id
               and exists (select from cost_entry back where back.move_id = own.id
                           and back.kind = 'return_in'))
      and not coalesce(
          own.leaves and entry.kind = 'correction' and cause_move.from_status is null
          and (cause_move.occurred_at, cause_move.id) > (own.occurred_at, own.id), false)
)
select (select coalesce(sum(quantity), 0) from own) as quantity,
       coalesce(sum(amount) filter (where is_stock), 0) as stock,
       coalesce(sum(amount) filter (where is_stock and is_first), 0) as stock_first,
       coalesce(sum(amount) filter (where not is_stock and not is_credit), 0) as beside,
       coalesce(sum(amount) filter (where not is_stock and not is_credit and is_first), 0)
           as beside_first,
       -coalesce(sum(amount) filter (where not is_stock and is_credit), 0) as credit
from cost

-- name: trued_up
-- What a receipt corrected of issues that had taken more than there was.
select coalesce(sum(case when entry.pool_id is null then entry.amount else -entry.amount end), 0)
from cost_entry entry
join cost_entry cause on cause.id = entry.cause_id
join stock_move own on own.id = cause.move_id
join stock_move issue on issue.id = entry.move_id
where cause.move_id = any(%(moves)s::bigint[]) and entry.kind = 'correction'
  and issue.id <> own.id and issue.from_status is not null and own.from_status is null
  and (own.occurred_at, own.id) > (issue.occurred_at, issue.id)

-- name: unplaced
-- Value that an event changed without a move of its own (a revaluation).
select coalesce(sum(amount), 0) from cost_entry
where command_id = %(command_id)s and move_id is null and pool_id is not null

-- name: pools
select item.code as item, item.cost_method as method, store.code as store, lot.code as lot,
       cost_pool.quantity, cost_pool.value
from cost_pool
join item on item.id = cost_pool.item_id
left join store on store.id = cost_pool.store_id
left join lot on lot.id = cost_pool.lot_id
order by cost_pool.id

-- name: layers
select item.code as item, cost_layer.remaining as quantity, cost_layer.value
from cost_layer
join cost_pool on cost_pool.id = cost_layer.pool_id
join item on item.id = cost_pool.item_id and item.cost_method = 'fifo'
where cost_layer.remaining <> 0
order by cost_layer.occurred_at, cost_layer.id

-- name: lying_by_place
select item.code as item, location.code as location, sum(balance.on_hand) as quantity
from balance
join location on location.id = balance.location_id and not location.is_consigned
join item on item.id = balance.item_id
group by item.code, location.id order by location.id

-- name: charged
-- Cost of sales and purchase variance: entries of goods that went to customers or came back from
-- them; of other goods that are gone, what a later voucher or receipt added.
with facts as (
    select entry.amount, entry.kind, entry.pool_id is not null as is_stock,
           'customer' in (source.kind, target.kind) as is_sale,
           target.kind = 'supplier' and move.amends_id is null and move.reverses_id is null
               as is_return,
           coalesce(cause_move.from_status is null
                    and (cause_move.occurred_at, cause_move.id) > (move.occurred_at, move.id),
                    false) as is_true_up
    from cost_entry entry
    join stock_move move on move.id = entry.move_id
    join location source on source.id = move.from_location_id
    join location target on target.id = move.to_location_id
    left join cost_entry cause on cause.id = entry.cause_id
    left join stock_move cause_move on cause_move.id = cause.move_id
    -- What is charged to goods that were used up or sent on goes on to what came of them.
    where not (entry.kind = 'landed_to_cogs' and exists (
        select from cost_flow where cost_flow.move_id = move.id and cost_flow.side = 'in'))
)
select coalesce(sum(case when is_stock then -amount else amount end) filter (
           where is_sale or kind = 'landed_to_cogs'
              or (not is_return and kind = 'correction' and is_true_up)
       ), 0) as cogs,
       coalesce(sum(case when is_stock then -amount else amount end) filter (
           where is_return and kind <> 'landed_to_cogs'
       ), 0)
       -- What nothing took that came of goods taken apart.
       + coalesce((
           select sum(case when flow.side = 'overhead' then flow.amount
                      when flow.side <> 'lost' then -entry.amount end)
           from cost_flow flow
           left join cost_entry entry on entry.move_id = flow.move_id and entry.pool_id is not null
           where exists (select from cost_flow output where output.flow_id = flow.flow_id
                         and output.side = 'out' and output.basis <> 'part')
       ), 0) as variance
from facts

-- name: at
-- Stock as of the end of a day: what happened until then, as it is known now.
select item.code as item, sum(entry.quantity) as quantity, sum(entry.amount) as value
from cost_entry entry
join cost_pool on cost_pool.id = entry.pool_id
join item on item.id = cost_pool.item_id
where entry.occurred_at < %(before)s
group by item.code
