-- Every transaction locks balances first, in key order, then cost pools in key order.

-- name: give
-- Put quantity on a balance, making it if there is none.  Never refuses.  What comes to an empty
-- place begins its age anew: first in, first out goes by it.
insert into balance (store_id, location_id, item_id, lot_id, status, logistic_unit_id, on_hand,
                     is_serial)
select %(store_id)s, %(location_id)s, item.id, %(lot_id)s, %(status)s, %(logistic_unit_id)s,
       %(quantity)s, item.tracking = 'serial'
from item where item.id = %(item_id)s
on conflict on constraint balance_key
do update set on_hand = balance.on_hand + excluded.on_hand, changed_at = now(),
              received_at = case when balance.on_hand > 0 then balance.received_at else now() end

-- name: owe
-- Where the warehouse allows it, what is not there is taken on credit.  Serial numbers never are.
insert into balance (store_id, location_id, item_id, lot_id, status, logistic_unit_id, on_hand,
                     may_be_negative)
select %(store_id)s, location.id, item.id, %(lot_id)s, %(status)s, %(logistic_unit_id)s,
       -%(quantity)s::numeric, true
from item, location join warehouse on warehouse.id = location.warehouse_id
where item.id = %(item_id)s and item.tracking <> 'serial' and location.id = %(location_id)s
  and warehouse.allows_negative
on conflict on constraint balance_key do update
set on_hand = balance.on_hand + excluded.on_hand, may_be_negative = true, changed_at = now()
returning on_hand

-- name: lock_balance
select from balance
where location_id = %(location_id)s and item_id = %(item_id)s and status = %(status)s
  and lot_id is not distinct from %(lot_id)s
  and logistic_unit_id is not distinct from %(logistic_unit_id)s
for no key update

-- name: take
-- Take unpromised quantity off a balance; no row comes back when there is too little.
update balance set on_hand = on_hand - %(quantity)s, changed_at = now()
where location_id = %(location_id)s and item_id = %(item_id)s and status = %(status)s
  and lot_id is not distinct from %(lot_id)s
  and logistic_unit_id is not distinct from %(logistic_unit_id)s
  and (on_hand - allocated >= %(quantity)s
       or may_be_negative and exists (
           select from location join warehouse on warehouse.id = location.warehouse_id
           where location.id = balance.location_id and warehouse.allows_negative))
returning on_hand

-- name: shortage
-- Why ``take`` found too little: what the place really holds.
select location.code as location, item.code as item,
       coalesce(balance.on_hand, 0) as on_hand, coalesce(balance.allocated, 0) as allocated
from location
join item on item.id = %(item_id)s
left join balance on balance.location_id = location.id and balance.item_id = item.id
  and balance.status = %(status)s and balance.lot_id is not distinct from %(lot_id)s
  and balance.logistic_unit_id is not distinct from %(logistic_unit_id)s
where location.id = %(location_id)s

-- name: insert_move
-- With whose goods each end holds: crossing to goods of others changes value as leaving does.
insert into stock_move (store_id, item_id, lot_id, logistic_unit_id, from_location_id, from_status,
                        to_location_id, to_status, quantity, biz_step, line_kind, line_id, reason,
                        command_id, occurred_at, reverses_id, amends_id)
values (%(store_id)s, %(item_id)s, %(lot_id)s, %(logistic_unit_id)s, %(from_location_id)s,
        %(from_status)s, %(to_location_id)s, %(to_status)s, %(quantity)s, %(biz_step)s,
        %(line_kind)s, %(line_id)s, %(reason)s, %(command_id)s, %(occurred_at)s, %(reverses_id)s,
        %(amends_id)s)
returning id,
    (select location.is_consigned from location where location.id = from_location_id),
    (select location.is_consigned from location where location.id = to_location_id)

-- name: enter
-- A move that brings value into stock, with its pool and its entry, in one statement: a receipt
-- adds to its pool whatever the pool holds, so nothing has to be read before it.  ``alone`` gives to
-- the balance too, for the one movement of a scan; the pool is read from it, so that locks are taken
-- in the usual order.  Where more has to be known (layers, debts, goods of others) it does nothing
-- and gives no row.  Goods entered later than what they came before are noted to be valued anew.
with simple as (
    select item.id, item.tracking, item.cost_method from item
    where item.id = %(item_id)s and item.cost_method <> 'fifo'
      and not exists (select from warehouse where allows_negative)
      and not exists (select from cost_pool where quantity < 0)
      and not exists (select from location where is_consigned)
), balance as (
    insert into balance (store_id, location_id, item_id, lot_id, status, logistic_unit_id, on_hand,
                         is_serial)
    select %(store_id)s, %(to_location_id)s, simple.id, %(lot_id)s, %(to_status)s,
           %(logistic_unit_id)s, %(quantity)s, simple.tracking = 'serial'
    from simple where %(alone)s
    on conflict on constraint balance_key
    do update set on_hand = balance.on_hand + excluded.on_hand, changed_at = now(),
        received_at = case when balance.on_hand > 0 then balance.received_at else now() end
    returning balance.item_id
), move as (
    insert into stock_move (id, store_id, item_id, lot_id, logistic_unit_id, from_location_id,
                            from_status, to_location_id, to_status, quantity, biz_step, line_kind,
                            line_id, reason, command_id, occurred_at, reverses_id, amends_id)
    overriding system value
    select coalesce(%(move_id)s, nextval('stock_move_id_seq')), %(store_id)s, simple.id,
           %(lot_id)s, %(logistic_unit_id)s, %(from_location_id)s, %(from_status)s,
           %(to_location_id)s, %(to_status)s, %(quantity)s, %(biz_step)s, %(line_kind)s,
           %(line_id)s, %(reason)s, %(command_id)s, %(occurred_at)s, %(reverses_id)s, %(amends_id)s
    from simple
    returning id
), pool as (
    insert into cost_pool (store_id, item_id, lot_id, quantity, value, last_unit_cost, moved_at)
    select case company.cost_scope when 'store' then %(store_id)s::bigint end, simple.id,
           case simple.cost_method when 'specific' then %(lot_id)s::bigint end,
           %(quantity)s, %(amount)s, %(unit_cost)s, %(at)s
    from company, simple left join balance on balance.item_id = simple.id
    on conflict on constraint cost_pool_key do update
    set quantity = cost_pool.quantity + excluded.quantity,
        value = cost_pool.value + excluded.value,
        last_unit_cost = excluded.last_unit_cost,
        moved_at = greatest(cost_pool.moved_at, excluded.moved_at),
        changed_at = now()
    returning id, moved_at, issued_at
), entry as (
    insert into cost_entry (store_id, move_id, pool_id, quantity, amount, kind, cause_id,
                            command_id, occurred_at)
    select %(store_id)s, move.id, pool.id, %(quantity)s, %(amount)s, %(kind)s, %(cause_id)s::bigint,
           %(command_id)s,
           case when pool.moved_at <= %(at)s + interval '10 minutes' then pool.moved_at
                else %(at)s end
    from move, pool
    returning id, move_id, occurred_at
), late as (
    insert into cost_recost (pool_id, since, cause_id)
    select pool.id, entry.occurred_at, entry.id
    from entry, pool where pool.issued_at > entry.occurred_at + interval '10 minutes'
    on conflict (pool_id) do update set since = least(cost_recost.since, excluded.since)
    returning pool_id
)
select entry.move_id, (select pool_id from late) as late_pool_id from entry

-- name: move
select stock_move.id, store_id, item_id, lot_id, logistic_unit_id, from_location_id, from_status,
       to_location_id, to_status, quantity, biz_step, line_kind, line_id, reverses_id, amends_id,
       occurred_at
from stock_move where stock_move.id = %(move_id)s

-- name: came_back
-- Whether part of what left by this move came back from the customer (and that still counts), or
-- turned out not to have left.
select exists (
    select from stock_move where amends_id = %(move_id)s and from_status is null
) or exists (
    select from cost_entry issue
    join cost_entry back on back.cause_id = issue.id and back.kind = 'return_in'
    where issue.move_id = %(move_id)s
      and not exists (select from stock_move where stock_move.reverses_id = back.move_id)
      and not exists (select from stock_move where stock_move.id = back.move_id
                      and stock_move.reverses_id is not null)
)

-- name: document_of_move
-- The kind of document line that a move belongs to: nothing for one that stands by itself.
select line_kind from stock_move where id = %(move_id)s

-- name: entries_of_move
-- What a move did to each pool, later corrections of it included.
select pool_id, sum(quantity) as quantity, sum(amount) as amount,
       (array_agg(kind order by id))[1] as kind, min(id) as cause_id
from cost_entry where move_id = %(move_id)s and pool_id is not null
group by pool_id order by pool_id

-- name: credit_of_move
-- What the supplier credits for goods that went back by this move.
select coalesce(-sum(amount), 0) from cost_entry
where move_id = %(move_id)s and pool_id is null and kind = 'return_out'
