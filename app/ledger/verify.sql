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
    select item_id, case company.cost_scope when 'store' then store_id end as store_id,
           sum(on_hand) as quantity
    from balance, company group by 1, 2
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

-- name: moves_carry_their_value
-- A move that enters or leaves stock has entries of its own quantity; one inside has none.
with valued as (
    select move_id, sum(quantity) as quantity
    from cost_entry where move_id is not null and pool_id is not null group by move_id
), due as (
    select id, case when from_status is null then quantity when to_status is null then -quantity
               else 0 end as quantity
    from stock_move
)
select format('move %%s', due.id) as subject, due.quantity::text as expected,
       coalesce(valued.quantity, 0)::text as found
from due left join valued on valued.move_id = due.id
where due.quantity <> coalesce(valued.quantity, 0)

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
