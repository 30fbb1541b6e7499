-- What happened in cost pools from a moment on: for replays, and for shares of what is known later.

-- name: window
-- What each move did to each layer of these pools, per effective moment.  Entries without a move
-- stand for themselves, as negative numbers.
select entry.pool_id, coalesce(entry.move_id, -entry.id) as move_id,
       coalesce(layer.move_id, 0) as layer, entry.occurred_at as at,
       sum(entry.quantity) as quantity, sum(entry.amount) as amount, min(entry.id) as first_id,
       min(entry.store_id) as store_id
from unnest(%(pool_ids)s::bigint[], %(sinces)s::timestamptz[]) as wanted (pool_id, since)
join cost_entry entry on entry.pool_id = wanted.pool_id and entry.occurred_at >= wanted.since
left join cost_layer layer on layer.id = entry.layer_id
group by entry.pool_id, coalesce(entry.move_id, -entry.id), layer.move_id, entry.occurred_at

-- name: facts
-- What each of these moves is in each of these pools, by its first entry there.  books_at is its
-- moment or, where its day is closed, the first that is open.
select distinct on (entry.pool_id, entry.move_id)
       entry.pool_id, entry.move_id, entry.id as first_id, entry.occurred_at as at, entry.kind,
       entry.priced, cause.move_id as cause_move_id, move.store_id, move.item_id, move.quantity,
       entry.quantity < 0 as leaves, move.amends_id, move.reverses_id,
       case when observed.sets_value then observed.unit_cost end as sets_cost,
       observed.counted, flow.flow_id,
       greatest(entry.occurred_at, (company.books_closed_until + 1)::timestamp
                                   at time zone store.time_zone) as books_at
from cost_entry entry
join stock_move move on move.id = entry.move_id
join store on store.id = move.store_id
cross join company
left join cost_entry cause on cause.id = entry.cause_id
left join stock_observation observed
  on observed.move_id = coalesce(move.amends_id, move.id)
left join cost_flow flow on flow.move_id = move.id and flow.side = 'out'
where entry.move_id in (select unnest(string_to_array(%(move_ids)s, ',')::bigint[]))
  and entry.pool_id = any(%(pool_ids)s::bigint[])
order by entry.pool_id, entry.move_id, entry.id

-- name: reached
-- Pools that the cost of these moves goes on to, and from when.
select entry.pool_id, min(entry.occurred_at) as since
from cost_flow input
join cost_flow output on output.flow_id = input.flow_id and output.side = 'out'
join cost_entry entry on entry.move_id = output.move_id and entry.pool_id is not null
where input.side = 'in'
  and input.move_id in (select unnest(string_to_array(%(move_ids)s, ',')::bigint[]))
group by entry.pool_id

-- name: layers
-- What is open in these pools now, and what these moves made of layers.
select pool_id, id, move_id, remaining, value, occurred_at from cost_layer
where pool_id = any(%(pool_ids)s::bigint[])
  and (remaining <> 0
       or move_id in (select unnest(string_to_array(%(move_ids)s, ',')::bigint[])))

-- name: lock_pools
select cost_pool.id, cost_pool.quantity, cost_pool.value, company.currency_decimals as decimals,
       item.cost_method, cost_pool.last_unit_cost, cost_pool.moved_at, cost_pool.issued_at
from cost_pool join item on item.id = cost_pool.item_id cross join company
where cost_pool.id = any(%(pool_ids)s::bigint[])
order by cost_pool.item_id, coalesce(cost_pool.store_id, 0), coalesce(cost_pool.lot_id, 0)
for no key update of cost_pool

-- name: pools
select cost_pool.id, cost_pool.quantity, cost_pool.value, company.currency_decimals as decimals,
       item.cost_method, cost_pool.last_unit_cost, cost_pool.moved_at, cost_pool.issued_at
from cost_pool join item on item.id = cost_pool.item_id cross join company
where cost_pool.id = any(%(pool_ids)s::bigint[])

-- name: cost_before
-- What one was last known to cost in a pool before that moment.
select coalesce((
    select abs(entry.amount / entry.quantity) from cost_entry entry
    where entry.pool_id = cost_pool.id and entry.occurred_at < %(at)s and entry.quantity <> 0
    order by entry.occurred_at desc, entry.id desc limit 1
), item.fallback_unit_cost, 0)
from cost_pool join item on item.id = cost_pool.item_id
where cost_pool.id = %(pool_id)s

-- name: flows
-- Every end of the flows that these moves belong to.  cost is what an ingredient costs now.
select flow.flow_id, flow.move_id, flow.side, flow.basis, flow.weight, flow.amount,
       coalesce(move.quantity, 0) as quantity, move.item_id,
       case when flow.side = 'in' then (
           select -coalesce(sum(entry.amount), 0) from cost_entry entry
           where entry.move_id = flow.move_id and entry.pool_id is not null
       ) end as cost
from cost_flow flow left join stock_move move on move.id = flow.move_id
where flow.flow_id in (
    select flow_id from cost_flow
    where move_id in (select unnest(string_to_array(%(move_ids)s, ',')::bigint[]))
)
order by flow.flow_id, flow.id

-- name: how_many
select count(*) from (
    select from cost_entry where pool_id = %(pool_id)s and occurred_at >= %(since)s
    limit %(most)s
) found

-- name: pending
select pool_id, since, cause_id from cost_recost where pool_id = %(pool_id)s for update

-- name: every_pending
select pool_id from cost_recost order by asked_at

-- name: done
delete from cost_recost where pool_id = %(pool_id)s

-- name: first_entry
select min(id) from cost_entry where move_id = %(move_id)s and pool_id = %(pool_id)s

-- name: may_owe
select exists (
    select from warehouse join cost_pool on cost_pool.id = %(pool_id)s
    where allows_negative and (cost_pool.store_id is null or warehouse.store_id = cost_pool.store_id)
)

-- name: named_item
select item.code from item where id = %(item_id)s

-- name: receipts
-- Of each of these receipts: where and when its goods came in.
select distinct on (entry.move_id) entry.move_id, entry.pool_id, entry.occurred_at as at,
       entry.store_id, entry.quantity, layer.move_id as layer, entry.layer_id,
       exists (select from stock_move reversal where reversal.reverses_id = entry.move_id)
           as is_reversed
from cost_entry entry left join cost_layer layer on layer.id = entry.layer_id
where entry.move_id = any(%(move_ids)s::bigint[]) and entry.pool_id is not null
order by entry.move_id, entry.id

-- name: is_closed
select exists (
    select from company, store
    where store.id = any(%(store_ids)s::bigint[]) and company.books_closed_until is not null
      and (%(at)s at time zone store.time_zone)::date <= company.books_closed_until
)

-- name: what_amended
-- The quantity of a move with what was corrected of it, and what its goods were worth when they
-- came or went, later prices included.
select move.quantity + coalesce((
           select sum(case when (other.from_status is null) = (move.from_status is null)
                      then other.quantity else -other.quantity end)
           from stock_move other where other.amends_id = move.id
       ), 0) as quantity,
       coalesce((select sum(entry.amount) from cost_entry entry
                 where entry.move_id = move.id and entry.pool_id is not null
                   and entry.kind not in ('landed', 'landed_to_cogs')), 0) as amount,
       coalesce((select entry.kind from cost_entry entry
                 where entry.move_id = move.id and entry.pool_id is not null
                 order by entry.id limit 1), 'adjustment') as kind,
       (select entry.occurred_at from cost_entry entry
        where entry.move_id = move.id and entry.pool_id is not null
        order by entry.id limit 1) as at,
       company.currency_decimals as decimals,
       exists (select from stock_move reversal where reversal.reverses_id = move.id) as is_reversed
from stock_move move cross join company where move.id = %(move_id)s
