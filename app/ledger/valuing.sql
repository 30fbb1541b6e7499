-- The value of what moves: pools, layers, entries.  Pools are locked after balances, in key order.

-- name: lock_pool
select cost_pool.id, cost_pool.quantity, cost_pool.value, company.currency_decimals as decimals,
       item.cost_method, cost_pool.last_unit_cost, cost_pool.moved_at, cost_pool.issued_at
from company
join item on item.id = %(item_id)s
join cost_pool on cost_pool.item_id = item.id
  and cost_pool.store_id is not distinct from
      case company.cost_scope when 'store' then %(store_id)s::bigint end
  and cost_pool.lot_id is not distinct from
      case item.cost_method when 'specific' then %(lot_id)s::bigint end
for no key update of cost_pool

-- name: lock_pool_by_id
select cost_pool.id, cost_pool.quantity, cost_pool.value, company.currency_decimals as decimals,
       item.cost_method, cost_pool.last_unit_cost, cost_pool.moved_at, cost_pool.issued_at
from cost_pool join item on item.id = cost_pool.item_id cross join company
where cost_pool.id = %(pool_id)s
for no key update of cost_pool

-- name: make_pool
insert into cost_pool (store_id, item_id, lot_id, last_unit_cost)
select case company.cost_scope when 'store' then %(store_id)s::bigint end, item.id,
       case item.cost_method when 'specific' then %(lot_id)s::bigint end,
       coalesce(item.fallback_unit_cost, 0)
from company, item where item.id = %(item_id)s
on conflict on constraint cost_pool_key do nothing

-- name: issue_at_average
-- What leaves at the average: the entry and the pool, which the caller has locked.  The pool that is
-- emptied remembers what one was worth.
with entry as (
    insert into cost_entry (store_id, move_id, pool_id, quantity, amount, kind, cause_id,
                            command_id, occurred_at)
    values (%(store_id)s, %(move_id)s, %(pool_id)s, %(quantity)s, %(amount)s, %(kind)s,
            %(cause_id)s::bigint, %(command_id)s, %(at)s)
)
update cost_pool
set quantity = cost_pool.quantity + %(quantity)s, value = cost_pool.value + %(amount)s,
    last_unit_cost = case when cost_pool.quantity + %(quantity)s = 0 then %(unit_cost)s::numeric
                     else cost_pool.last_unit_cost end,
    moved_at = greatest(moved_at, %(at)s), issued_at = greatest(issued_at, %(at)s),
    changed_at = now()
where id = %(pool_id)s

-- name: book
-- Columns of many rows travel as texts with commas: that is read and written fastest.
with given as materialized (
    select nextval('cost_entry_id_seq') as id, *
    from unnest(string_to_array(%(stores)s, ',')::bigint[],
                string_to_array(%(moves)s, ',', '')::bigint[],
                string_to_array(%(pools)s, ',', '')::bigint[],
                string_to_array(%(layers)s, ',', '')::bigint[],
                string_to_array(%(quantities)s, ',')::numeric[],
                string_to_array(%(amounts)s, ',')::numeric[],
                string_to_array(%(kinds)s, ','),
                string_to_array(%(moments)s, ',')::timestamptz[],
                string_to_array(%(causes)s, ',', '')::bigint[],
                string_to_array(%(cause_rows)s, ',', '')::bigint[],
                string_to_array(%(priced)s, ',')::boolean[]) with ordinality
        as given (store_id, move_id, pool_id, layer_id, quantity, amount, kind, at, cause_id,
                  cause_row, priced, number)
), written as (
    insert into cost_entry (id, store_id, move_id, pool_id, layer_id, quantity, amount, kind,
                            cause_id, command_id, occurred_at, priced)
    overriding system value
    select given.id, given.store_id, given.move_id, given.pool_id, given.layer_id, given.quantity,
           given.amount, given.kind, coalesce(given.cause_id, cause.id), %(command_id)s, given.at,
           given.priced
    from given left join given cause on cause.number = given.cause_row
), layered as (
    update cost_layer
    set remaining = cost_layer.remaining + change.quantity, value = cost_layer.value + change.amount
    from (select layer_id, sum(quantity) as quantity, sum(amount) as amount
          from given where layer_id is not null group by layer_id) change
    where cost_layer.id = change.layer_id
)
update cost_pool
set quantity = cost_pool.quantity + change.quantity, value = cost_pool.value + change.amount,
    moved_at = greatest(cost_pool.moved_at, change.moved_at),
    issued_at = greatest(cost_pool.issued_at, change.issued_at), changed_at = now()
from (select pool_id, sum(quantity) as quantity, sum(amount) as amount, max(at) as moved_at,
             max(at) filter (where quantity < 0) as issued_at
      from given where pool_id is not null group by pool_id) change
where cost_pool.id = change.pool_id

-- name: append
-- Entries alone, in the order given: the caller adds them up.
insert into cost_entry (store_id, move_id, pool_id, layer_id, quantity, amount, kind, cause_id,
                        command_id, occurred_at, priced)
select store_id, move_id, pool_id, layer_id, quantity, amount, kind, cause_id, %(command_id)s, at,
       priced
from unnest(string_to_array(%(stores)s, ',')::bigint[],
            string_to_array(%(moves)s, ',', '')::bigint[],
            string_to_array(%(pools)s, ',', '')::bigint[],
            string_to_array(%(layers)s, ',', '')::bigint[],
            string_to_array(%(quantities)s, ',')::numeric[],
            string_to_array(%(amounts)s, ',')::numeric[],
            string_to_array(%(kinds)s, ','),
            string_to_array(%(moments)s, ',')::timestamptz[],
            string_to_array(%(causes)s, ',', '')::bigint[],
            string_to_array(%(priced)s, ',')::boolean[])
    as given (store_id, move_id, pool_id, layer_id, quantity, amount, kind, at, cause_id, priced)

-- name: add_up
-- What appended entries change of their layers and pools.
with given as materialized (
    select *
    from unnest(string_to_array(%(pools)s, ',', '')::bigint[],
                string_to_array(%(layers)s, ',', '')::bigint[],
                string_to_array(%(quantities)s, ',')::numeric[],
                string_to_array(%(amounts)s, ',')::numeric[],
                string_to_array(%(moved)s, ',')::timestamptz[],
                string_to_array(%(issued)s, ',', '')::timestamptz[])
        as given (pool_id, layer_id, quantity, amount, moved_at, issued_at)
), layered as (
    update cost_layer
    set remaining = cost_layer.remaining + given.quantity, value = cost_layer.value + given.amount
    from given where cost_layer.id = given.layer_id
)
update cost_pool
set quantity = cost_pool.quantity + change.quantity, value = cost_pool.value + change.amount,
    moved_at = greatest(cost_pool.moved_at, change.moved_at),
    issued_at = greatest(cost_pool.issued_at, change.issued_at), changed_at = now()
from (select pool_id, sum(quantity) as quantity, sum(amount) as amount, max(moved_at) as moved_at,
             max(issued_at) as issued_at
      from given where pool_id is not null group by pool_id) change
where cost_pool.id = change.pool_id

-- name: make_layer
insert into cost_layer (pool_id, move_id, quantity, remaining, value, occurred_at)
values (%(pool_id)s, %(move_id)s, %(quantity)s, 0, 0, %(at)s)
returning id

-- name: set_last_cost
update cost_pool set last_unit_cost = %(unit_cost)s where id = %(pool_id)s

-- name: oldest_layers
-- The front of the queue: as many layers as make up the quantity, at most so many.
select id, move_id, remaining, value, occurred_at
from (
    select id, move_id, remaining, value, occurred_at,
           sum(remaining) over (order by occurred_at, id) - remaining as before
    from (
        select * from cost_layer where pool_id = %(pool_id)s and remaining <> 0
        order by occurred_at, id limit %(most)s
    ) front
) queue
where before < %(quantity)s
order by occurred_at, id

-- name: layers_of_pool
-- Every open layer and every debt.
select id, move_id, remaining, value, occurred_at
from cost_layer where pool_id = %(pool_id)s and remaining <> 0
order by occurred_at, id

-- name: layers_of_moves
-- Layers that these moves made, whether anything is left of them or not.
select id, move_id, remaining, value, occurred_at
from cost_layer where pool_id = %(pool_id)s and move_id = any(%(move_ids)s::bigint[])
order by occurred_at, id

-- name: stores_of_moves
select id as move_id, store_id from stock_move where id = any(%(move_ids)s::bigint[])

-- name: held_by_issue
-- What an issue has taken and not given back, per pool and layer, in the order in which it took it.
-- Costs that were found later are on its own rows.
with back as (
    select distinct back.move_id
    from cost_entry issue join cost_entry back on back.cause_id = issue.id
    where issue.move_id = %(move_id)s and back.kind = 'return_in' and back.move_id <> issue.move_id
    union
    select id from stock_move where amends_id = %(move_id)s and from_status is null
)
select entry.pool_id, coalesce(layer.move_id, 0) as layer, sum(entry.quantity) as quantity,
       sum(entry.amount) as amount,
       min(entry.id) filter (where entry.move_id = %(move_id)s) as entry_id
from cost_entry entry left join cost_layer layer on layer.id = entry.layer_id
where entry.pool_id is not null
  and entry.move_id = any(%(move_id)s::bigint || array(
      select move_id from back
      where not exists (select from stock_move reversal where reversal.reverses_id = back.move_id)
        and not exists (select from stock_move own where own.id = back.move_id
                        and own.reverses_id is not null)))
group by entry.pool_id, layer.id
having sum(entry.quantity) <> 0
order by (layer.move_id = %(move_id)s) nulls first, layer.occurred_at, layer.id

-- name: short_later
-- The least that the pool has held at the end of any moment from then on, and when.
with later as (
    select occurred_at as at, sum(quantity) as quantity
    from cost_entry where pool_id = %(pool_id)s and occurred_at > %(at)s
    group by occurred_at
)
select at, %(quantity)s - coalesce(sum(quantity) over (
           order by at desc rows between unbounded preceding and 1 preceding), 0) as held
from later
union all
select %(at)s, %(quantity)s - coalesce((select sum(quantity) from later), 0)
order by held, at limit 1

-- name: ask_recost
insert into cost_recost (pool_id, since, cause_id)
values (%(pool_id)s, %(since)s, %(cause_id)s)
on conflict (pool_id) do update set since = least(cost_recost.since, excluded.since)

-- name: decimals
select currency_decimals from company
