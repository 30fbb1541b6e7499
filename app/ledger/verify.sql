-- Each check recomputes something from the append-only rows and returns the differences:
-- subject (what), expected (from the facts), found (what is stored beside them).

-- name: balances_equal_moves
with real_moves as (
    select item_id, lot_id, logistic_unit_id, to_location_id as location_id, to_status as status,
           quantity
    from stock_move where to_status is not null
    union all
    select item_id, lot_id, logistic_unit_id, from_location_id, from_status, -quantity
    from stock_move where from_status is not null
), facts as (
    select item_id, lot_id, logistic_unit_id, location_id, status, sum(quantity) as quantity
    from real_moves group by 1, 2, 3, 4, 5
)
select format('item %%s location %%s lot %%s status %%s unit %%s',
              coalesce(facts.item_id, balance.item_id),
              coalesce(facts.location_id, balance.location_id),
              coalesce(facts.lot_id, balance.lot_id), coalesce(facts.status, balance.status),
              coalesce(facts.logistic_unit_id, balance.logistic_unit_id)) as subject,
       coalesce(facts.quantity, 0)::text as expected, coalesce(balance.on_hand, 0)::text as found
from facts
full join balance on balance.item_id = facts.item_id and balance.location_id = facts.location_id
  and balance.status = facts.status
  and coalesce(balance.lot_id, 0) = coalesce(facts.lot_id, 0)
  and coalesce(balance.logistic_unit_id, 0) = coalesce(facts.logistic_unit_id, 0)
where coalesce(facts.quantity, 0) <> coalesce(balance.on_hand, 0)

-- name: allocated_equals_allocations
select format('balance %%s', balance.id) as subject,
       coalesce(sum(allocation.quantity), 0)::text as expected, balance.allocated::text as found
from balance left join allocation on allocation.balance_id = balance.id
group by balance.id
having coalesce(sum(allocation.quantity), 0) <> balance.allocated

-- name: pools_equal_entries
with facts as (
    select pool_id, sum(quantity) as quantity, sum(amount) as amount
    from cost_entry where pool_id is not null group by pool_id
)
select format('cost pool %%s of item %%s', cost_pool.id, cost_pool.item_id) as subject,
       format('%%s worth %%s', coalesce(facts.quantity, 0), coalesce(facts.amount, 0)) as expected,
       format('%%s worth %%s', cost_pool.quantity, cost_pool.value) as found
from cost_pool left join facts on facts.pool_id = cost_pool.id
where coalesce(facts.quantity, 0) <> cost_pool.quantity
   or coalesce(facts.amount, 0) <> cost_pool.value

-- name: pools_equal_stock
with stock as (
    select item_id, case company.cost_scope when 'store' then balance.store_id end as store_id,
           sum(on_hand) as quantity
    from balance join location on location.id = balance.location_id and not location.is_consigned
    cross join company group by 1, 2
), pools as (
    select item_id, store_id, sum(quantity) as quantity from cost_pool group by 1, 2
)
select format('item %%s store %%s', coalesce(stock.item_id, pools.item_id),
              coalesce(stock.store_id, pools.store_id)) as subject,
       coalesce(stock.quantity, 0)::text as expected, coalesce(pools.quantity, 0)::text as found
from stock
full join pools on pools.item_id = stock.item_id
  and coalesce(pools.store_id, 0) = coalesce(stock.store_id, 0)
where coalesce(stock.quantity, 0) <> coalesce(pools.quantity, 0)

-- name: layers_equal_pools
select format('cost pool %%s of item %%s', cost_pool.id, cost_pool.item_id) as subject,
       format('%%s worth %%s', cost_pool.quantity, cost_pool.value) as expected,
       format('%%s worth %%s', coalesce(sum(cost_layer.remaining), 0),
              coalesce(sum(cost_layer.value), 0)) as found
from cost_pool
join item on item.id = cost_pool.item_id and item.cost_method = 'fifo'
left join cost_layer on cost_layer.pool_id = cost_pool.id
group by cost_pool.id
having coalesce(sum(cost_layer.remaining), 0) <> cost_pool.quantity
    or coalesce(sum(cost_layer.value), 0) <> cost_pool.value

-- name: layers_equal_entries
select format('cost layer %%s of pool %%s', cost_layer.id, cost_layer.pool_id) as subject,
       format('%%s worth %%s', coalesce(sum(entry.quantity), 0), coalesce(sum(entry.amount), 0))
           as expected,
       format('%%s worth %%s', cost_layer.remaining, cost_layer.value) as found
from cost_layer left join cost_entry entry on entry.layer_id = cost_layer.id
group by cost_layer.id
having coalesce(sum(entry.quantity), 0) <> cost_layer.remaining
    or coalesce(sum(entry.amount), 0) <> cost_layer.value
    or bool_or(entry.pool_id <> cost_layer.pool_id)

-- name: debts_are_the_pools
-- A pool has goods or owes some, never both; without a queue all that is there is one average.
select format('cost pool %%s of item %%s', cost_pool.id, cost_pool.item_id) as subject,
       format('%%s', cost_pool.quantity) as expected,
       format('%%s in layers of either sign', sum(cost_layer.remaining)) as found
from cost_pool
join item on item.id = cost_pool.item_id
join cost_layer on cost_layer.pool_id = cost_pool.id and cost_layer.remaining <> 0
group by cost_pool.id, item.cost_method
having bool_or(cost_layer.remaining < 0) and (bool_or(cost_layer.remaining > 0)
                                              or cost_pool.quantity <> sum(cost_layer.remaining))
    or item.cost_method <> 'fifo' and bool_or(cost_layer.remaining > 0)

-- name: costs_outside_stock_are_known
-- An entry without a pool is what a supplier credits, or what a reversal could not give back.
select format('cost entry %%s', id) as subject, 'return_out or correction, of a move' as expected,
       format('%%s of move %%s', kind, coalesce(move_id::text, 'none')) as found
from cost_entry
where pool_id is null
  and (kind not in ('return_out', 'correction') or move_id is null or quantity <> 0)

-- name: corrections_move_no_goods
-- What becomes known later changes value: of each move the quantity stays what it was.
select format('cost entry %%s', id) as subject, '0' as expected, quantity::text as found
from cost_entry where kind in ('landed', 'landed_to_cogs', 'revaluation') and quantity <> 0

-- name: moves_carry_their_value
-- A move that enters or leaves stock has entries of its own quantity; one inside has none.  Goods of
-- others are worth nothing: crossing to them is leaving.
with valued as (
    select move_id, sum(quantity) as quantity
    from cost_entry where move_id is not null and pool_id is not null group by move_id
), due as (
    select stock_move.id, quantity * (
               (to_status is not null and not target.is_consigned)::int
               - (from_status is not null and not source.is_consigned)::int) as quantity
    from stock_move
    join location source on source.id = from_location_id
    join location target on target.id = to_location_id
)
select format('move %%s', due.id) as subject, due.quantity::text as expected,
       coalesce(valued.quantity, 0)::text as found
from due left join valued on valued.move_id = due.id
where due.quantity <> coalesce(valued.quantity, 0)

-- name: flows_conserve_value
-- What went into a production, or left for another store, is worth what came of it: goods of fixed
-- value and components that came back, then the others by their weights (what is lost with a weight
-- is an expense).  Each row may be off by the smallest unit.  Left out: what was added to
-- an output by itself, and ingredients that were not there yet when they were used (what they turn
-- out to cost is a correction of their own).
with ends as (
    select flow.flow_id, flow.side, flow.basis, flow.weight, flow.amount, move.quantity,
           booked.value, booked.rows,
           exists (select from cost_layer debt
                   where flow.side = 'in' and debt.move_id = flow.move_id) as was_owed
    from cost_flow flow
    left join stock_move move on move.id = flow.move_id
    cross join lateral (
        select coalesce(sum(entry.amount), 0) as value, count(*) as rows
        from cost_entry entry
        where entry.move_id = flow.move_id and entry.pool_id is not null
          and not (flow.side = 'out' and entry.kind in ('landed', 'correction')
                   and entry.cause_id is null and entry.quantity = 0)
    ) booked
), flows as (
    select flow_id, sum(rows) as rows,
           coalesce(-sum(value) filter (where side = 'in'), 0)
           + coalesce(sum(amount) filter (where side = 'overhead'), 0) as cost,
           coalesce(sum(value) filter (where side = 'out'), 0) as came,
           coalesce(sum(amount) filter (where side = 'out' and basis = 'fixed'), 0)
           + coalesce(sum(value) filter (where side = 'out' and basis = 'component'), 0) as first,
           coalesce(sum(weight) filter (where side = 'out' and basis = 'share'), 0) as goods,
           coalesce(sum(weight) filter (where side in ('out', 'lost') and basis = 'share'), 0)
               as weights,
           coalesce(sum(weight) filter (where basis = 'part'), 0) as arrived,
           coalesce(sum(quantity) filter (where side = 'in'), 0) as departed
    from ends group by flow_id having not bool_or(was_owed)
), due as (
    select flows.*, case when arrived > 0 then cost * arrived / departed
                         when weights > 0 then first + (cost - first) * goods / weights
                         else first end as expected
    from flows
)
select format('cost flow %%s', flow_id) as subject, round(expected, 6)::text as expected,
       came::text as found
from due cross join company
where abs(came - expected) > rows * power(10::numeric, -company.currency_decimals)

-- name: transfers_keep_their_value
-- Between stores that share a pool goods come back into it: all that left with all that it was worth.
with departed as (
    select flow.flow_id, flow.move_id from cost_flow flow
    where flow.side = 'in'
      and not exists (select from cost_flow other
                      where other.flow_id = flow.flow_id and other.id <> flow.id)
), arrived as (
    select distinct departed.flow_id, back.move_id
    from departed
    join cost_entry left_by on left_by.move_id = departed.move_id
    join cost_entry back on back.cause_id = left_by.id and back.kind = 'return_in'
    where back.move_id <> departed.move_id
), moves as (
    select flow_id, move_id from departed union all select flow_id, move_id from arrived
)
select format('cost flow %%s', moves.flow_id) as subject, '0' as expected,
       sum(entry.amount)::text as found
from moves join cost_entry entry on entry.move_id = moves.move_id and entry.pool_id is not null
cross join company
group by moves.flow_id, company.currency_decimals
having sum(entry.quantity) = 0
   and abs(sum(entry.amount)) > count(*) * power(10::numeric, -company.currency_decimals)

-- name: places_match_their_kind
-- A virtual location has no status, a real one always has.
select format('move %%s', stock_move.id) as subject, location.kind as expected,
       coalesce(side.status, 'no status') as found
from stock_move
cross join lateral (values (from_location_id, from_status), (to_location_id, to_status))
    as side (location_id, status)
join location on location.id = side.location_id
where (side.status is null) <> (location.kind not in ('storage', 'dock', 'staging', 'cart'))

-- name: reversals_mirror
select format('move %%s', reversal.id) as subject,
       format('%%s back from %%s to %%s', original.quantity, original.to_location_id,
              original.from_location_id) as expected,
       format('%%s back from %%s to %%s', reversal.quantity, reversal.from_location_id,
              reversal.to_location_id) as found
from stock_move reversal join stock_move original on original.id = reversal.reverses_id
where (reversal.quantity, reversal.item_id, reversal.from_location_id, reversal.to_location_id)
      is distinct from
      (original.quantity, original.item_id, original.to_location_id, original.from_location_id)
   or reversal.lot_id is distinct from original.lot_id
   or reversal.from_status is distinct from original.to_status
   or reversal.to_status is distinct from original.from_status

-- name: moves_belong_to_done_commands
select format('move %%s', stock_move.id) as subject, 'done' as expected,
       coalesce(command.outcome, 'no command') as found
from stock_move left join command on command.id = stock_move.command_id
where command.outcome is distinct from 'done'
