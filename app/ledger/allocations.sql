-- What is promised to document lines.  Balances are locked in key order before anything is changed.

-- name: lock_balances
select balance.id, balance.on_hand, balance.allocated, balance.status, item.code as item,
       balance.item_id, location.code as location
from balance
join item on item.id = balance.item_id
join location on location.id = balance.location_id
where balance.id = any(%(balance_ids)s::bigint[])
order by balance.item_id, balance.location_id, coalesce(balance.lot_id, 0),
         coalesce(balance.logistic_unit_id, 0), balance.store_id, balance.status
for no key update of balance

-- name: promise
-- All of them or, where one balance has too little, none: the caller compares the numbers of rows.
with asked as (
    select * from unnest(
        %(line_kinds)s::text[], %(line_ids)s::bigint[], %(store_ids)s::bigint[],
        %(balance_ids)s::bigint[], %(quantities)s::numeric[], %(expire)s::timestamptz[]
    ) as asked (line_kind, line_id, store_id, balance_id, quantity, expires_at)
), taken as (
    update balance set allocated = balance.allocated + total.quantity, changed_at = now()
    from (select balance_id, sum(quantity) as quantity from asked group by balance_id) total
    where balance.id = total.balance_id
      and balance.on_hand - balance.allocated >= total.quantity
    returning balance.id
)
insert into allocation (store_id, balance_id, line_kind, line_id, quantity, expires_at)
select asked.store_id, asked.balance_id, asked.line_kind, asked.line_id, asked.quantity,
       asked.expires_at
from asked join taken on taken.id = asked.balance_id
on conflict on constraint allocation_once_per_line do update
set quantity = allocation.quantity + excluded.quantity, expires_at = excluded.expires_at

-- name: promises_of_lines
-- Newest first: what was promised last is given back first.
select id, line_id, balance_id, quantity from allocation
where line_kind = %(line_kind)s and line_id = any(%(line_ids)s::bigint[])
  and (%(balance_id)s::bigint is null or balance_id = %(balance_id)s)
order by id desc

-- name: give_back
-- Take so much off each allocation and its balance; one that becomes empty is deleted.
with asked as (
    select * from unnest(%(allocation_ids)s::bigint[], %(quantities)s::numeric[])
        as asked (id, quantity)
), emptied as (
    delete from allocation using asked
    where allocation.id = asked.id and allocation.quantity <= asked.quantity
    returning allocation.balance_id, allocation.quantity
), reduced as (
    update allocation set quantity = allocation.quantity - asked.quantity from asked
    where allocation.id = asked.id and allocation.quantity > asked.quantity
    returning allocation.balance_id, asked.quantity
)
update balance set allocated = balance.allocated - given.quantity, changed_at = now()
from (
    select balance_id, sum(quantity) as quantity
    from (select * from emptied union all select * from reduced) as part group by balance_id
) given
where balance.id = given.balance_id

-- name: lock_carried
-- Both ends in key order; the other end may not exist yet.  One array, because no index serves an
-- "or" here: bitmap scans are off in scans.
select from balance
where id = any(array[
    %(balance_id)s::bigint,
    (
        select target.id
        from balance source
        join balance target on target.location_id = %(to_location_id)s
          and target.item_id = source.item_id and target.status = %(to_status)s
          and target.lot_id is not distinct from source.lot_id
          and target.logistic_unit_id is not distinct from source.logistic_unit_id
        where source.id = %(balance_id)s
    )
])
order by item_id, location_id, coalesce(lot_id, 0), coalesce(logistic_unit_id, 0), store_id, status
for no key update

-- name: carry
-- Promised goods go to another place and stay promised: one move, both balances, both promises.
-- No move where nothing is promised to the line.
with source as (
    update balance set on_hand = on_hand - %(quantity)s, allocated = allocated - %(quantity)s,
                       changed_at = now()
    where id = %(balance_id)s and allocated >= %(quantity)s
    returning *
), reduced as (
    update allocation set quantity = quantity - %(quantity)s
    where line_kind = %(line_kind)s and line_id = %(line_id)s and balance_id = %(balance_id)s
      and quantity > %(quantity)s
    returning id
), emptied as (
    delete from allocation
    where line_kind = %(line_kind)s and line_id = %(line_id)s and balance_id = %(balance_id)s
      and quantity = %(quantity)s
    returning id
), kept as (
    select id from reduced union all select id from emptied
), target as (
    insert into balance (store_id, location_id, item_id, lot_id, status, logistic_unit_id, on_hand,
                         allocated, is_serial, received_at)
    select store_id, %(to_location_id)s, item_id, lot_id, %(to_status)s, logistic_unit_id,
           %(quantity)s, %(quantity)s, is_serial, received_at
    from source
    on conflict on constraint balance_key do update
    set on_hand = balance.on_hand + excluded.on_hand,
        allocated = balance.allocated + excluded.allocated,
        received_at = case when balance.on_hand > 0
                      then least(balance.received_at, excluded.received_at)
                      else excluded.received_at end,
        changed_at = now()
    returning id, store_id
), promised as (
    insert into allocation (store_id, balance_id, line_kind, line_id, quantity, expires_at)
    select target.store_id, target.id, %(line_kind)s, %(line_id)s, %(quantity)s, %(expires_at)s
    from target
    on conflict on constraint allocation_once_per_line do update
    set quantity = allocation.quantity + excluded.quantity, expires_at = excluded.expires_at
), move as (
    insert into stock_move (id, store_id, item_id, lot_id, logistic_unit_id, from_location_id,
                            from_status, to_location_id, to_status, quantity, biz_step, line_kind,
                            line_id, reason, command_id, occurred_at, reverses_id)
    overriding system value
    select coalesce(%(move_id)s, nextval('stock_move_id_seq')), store_id, item_id, lot_id,
           logistic_unit_id, location_id, status, %(to_location_id)s, %(to_status)s, %(quantity)s,
           %(biz_step)s, %(line_kind)s, %(line_id)s, %(reason)s, %(command_id)s, %(occurred_at)s,
           %(reverses_id)s
    from source, kept
    returning id
)
select move.id as move_id, target.id as balance_id from move, target

-- name: issue
-- Promised goods leave for a virtual place; the promise is kept.
with source as (
    update balance set on_hand = on_hand - %(quantity)s, allocated = allocated - %(quantity)s,
                       changed_at = now()
    where id = %(balance_id)s and allocated >= %(quantity)s
    returning *
), reduced as (
    update allocation set quantity = quantity - %(quantity)s
    where line_kind = %(line_kind)s and line_id = %(line_id)s and balance_id = %(balance_id)s
      and quantity > %(quantity)s
    returning id
), emptied as (
    delete from allocation
    where line_kind = %(line_kind)s and line_id = %(line_id)s and balance_id = %(balance_id)s
      and quantity = %(quantity)s
    returning id
), move as (
    insert into stock_move (store_id, item_id, lot_id, logistic_unit_id, from_location_id,
                            from_status, to_location_id, quantity, biz_step, line_kind, line_id,
                            reason, command_id, occurred_at)
    select store_id, item_id, lot_id, logistic_unit_id, location_id, status, %(to_location_id)s,
           %(quantity)s, %(biz_step)s, %(line_kind)s, %(line_id)s, %(reason)s, %(command_id)s,
           %(occurred_at)s
    from source
    returning id
)
select move.id from move, (select id from reduced union all select id from emptied) as kept

-- name: pools_of_balances
-- In which order their cost pools are locked, and what each is found by.
select id as balance_id, store_id, item_id, lot_id from balance
where id = any(%(balance_ids)s::bigint[])
order by item_id, store_id, coalesce(lot_id, 0), id
