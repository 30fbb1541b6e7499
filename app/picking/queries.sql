-- Locks: a pick before orders, orders before balances, balances before lines and stops.

-- name: lock_pick
-- Whoever scans holds the pick's row until the commit: scans of one pick are one after another.
-- What can change meanwhile is read by the next statement, which sees it as it is then.
select pick.id, pick.number, pick.store_id, pick.kind, pick.state, pick.zone_id,
       pick.staging_location_id, pick.held_by, pick.step, pick.version,
       (select name from app_user where id = pick.held_by) as holder,
       (select role from app_user where id = %(user_id)s) as role,
       (select time_zone from store where id = pick.store_id) as time_zone,
       (select code from location where id = pick.staging_location_id) as staging,
       company.lot_swap_allowed
from pick, company
where pick.id = %(pick_id)s
for no key update of pick

-- name: facts
-- What the flow is stepped with: the next stops of the way, those where the person stands or wants
-- to stand, and those of the scanned goods (``codes``, ``text``); one row per stop and order line.
with named as (
    select item_id, location_id from code where code = any(%(codes)s::text[])
    union all
    select item_id, null from lot where code = %(text)s
    union all
    select null, (step ->> 'location_id')::bigint from pick where id = %(pick_id)s
), chosen as (
    (select balance_id from pick_task
     where pick_id = %(pick_id)s and state = 'open' order by sequence, id limit 6)
    union
    select balance_id from pick_task
    where pick_id = %(pick_id)s and state = 'open'
      and (location_id in (select location_id from named)
           or item_id in (select item_id from named) or id = %(task_id)s)
), task as (
    select task.*, row_number() over (order by task.sequence, task.id) as place
    from pick_task task
    where task.pick_id = %(pick_id)s and task.state in ('open', 'done')
      and task.balance_id in (select balance_id from chosen)
)
select nextval('stock_move_id_seq') as move_id,
       (
           select coalesce(jsonb_agg(jsonb_build_object(
               'task_id', task.id, 'order_line_id', task.order_line_id,
               'quantity', task.quantity::text, 'picked', task.picked::text,
               'promised', coalesce(allocation.quantity, 0)::text,
               'is_open', task.state = 'open', 'order', sales_order.number,
               'balance_id', task.balance_id, 'location_id', task.location_id,
               'location', location.code, 'lot_id', task.lot_id, 'lot', lot.code,
               'logistic_unit_id', task.logistic_unit_id, 'sscc', unit.sscc,
               'cart_location_id', pick_order.cart_location_id, 'cart', cart.code,
               'on_hand', balance.on_hand::text,
               'here', (select sum(other.on_hand) from balance other
                        where other.location_id = task.location_id)::text,
               'obstacle', case
                   when sales_order.state = 'cancelled' then 'cancelled'
                   when balance.status <> 'available' then balance.status
                   when exists (select from lot_hold where lot_hold.lot_id = task.lot_id
                                and lot_hold.lifted_at is null) then 'frozen'
                   when exists (select from count_lock
                                where count_lock.location_id = task.location_id) then 'counted'
                   when case item.expiry_rule when 'best_before_on' then lot.best_before_on
                                              when 'expires_on' then lot.expires_on end
                        < (now() at time zone store.time_zone)::date then 'expired' end,
               'item', item_facts(item)
           ) order by task.place), '[]')
           from task
           join item on item.id = task.item_id
           join location on location.id = task.location_id
           join balance on balance.id = task.balance_id
           join store on store.id = task.store_id
           join sales_order_line line on line.id = task.order_line_id
           join sales_order on sales_order.id = line.order_id
           left join pick_order on pick_order.pick_id = task.pick_id
             and pick_order.order_id = sales_order.id
           left join location cart on cart.id = pick_order.cart_location_id
           left join lot on lot.id = task.lot_id
           left join logistic_unit unit on unit.id = task.logistic_unit_id
           left join allocation on allocation.line_kind = 'sales_order_line'
             and allocation.line_id = task.order_line_id
             and allocation.balance_id = task.balance_id
       ) as tasks,
       (
           select coalesce(jsonb_agg(jsonb_build_object(
               'item_id', task.item_id, 'lot', lot.code, 'location', location.code,
               'order', sales_order.number, 'order_line_id', task.order_line_id,
               'is_cancelled', sales_order.state = 'cancelled')), '[]')
           from pick_task task
           join location on location.id = task.location_id
           join sales_order_line line on line.id = task.order_line_id
           join sales_order on sales_order.id = line.order_id
           left join lot on lot.id = task.lot_id
           where task.pick_id = %(pick_id)s
             and (task.state = 'cancelled' or sales_order.state = 'cancelled')
             and task.item_id in (select item_id from named)
       ) as gone,
       (
           select jsonb_build_object('location_id', location.id, 'location', location.code)
           from pick_line line join location on location.id = line.from_location_id
           where line.pick_id = %(pick_id)s and line.undone_at is null
           order by line.id desc limit 1
       ) as last

-- name: others
-- Goods like those that the pick still wants, lying at one place: what a second scan may take
-- instead.  The strictest of the orders that want them decides.
with wanted as (
    select task.item_id, task.store_id, max(sales_order.warehouse_id) as warehouse_id,
           max(coalesce(line.minimum_days, sales_order.minimum_days)) as minimum_days
    from pick_task task
    join sales_order_line line on line.id = task.order_line_id
    join sales_order on sales_order.id = line.order_id
    where task.pick_id = %(pick_id)s and task.state = 'open'
    group by task.item_id, task.store_id
)
select standing.balance_id, standing.location_id, location.code as location, wanted.item_id,
       standing.on_hand - standing.allocated as free,
       (select sum(other.on_hand) from balance other
        where other.location_id = standing.location_id) as here,
       standing.lot_id, lot.code as lot, standing.logistic_unit_id, unit.sscc, standing.obstacle
from wanted
cross join lateral stock_standing(
    wanted.item_id, wanted.store_id, wanted.warehouse_id, %(today)s, wanted.minimum_days
) standing
join location on location.id = standing.location_id
left join lot on lot.id = standing.lot_id
left join logistic_unit unit on unit.id = standing.logistic_unit_id
where standing.location_id = any(%(places)s::bigint[]) and not standing.staged
  and standing.on_hand > 0 and location.store_id = wanted.store_id
  and not exists (select from pick_task own where own.pick_id = %(pick_id)s
                  and own.balance_id = standing.balance_id and own.state = 'open')
order by standing.obstacle nulls first, standing.last_day nulls last, standing.balance_id
limit 50

-- name: book_line
-- One accepted entry.  Its move was sent before it: where the promise was gone there is none, and
-- the reference to it refuses this row and everything with it.
with line as (
    insert into pick_line (pick_id, store_id, task_id, order_line_id, item_id, lot_id, quantity,
                           from_location_id, to_location_id, move_id, raw_code, command_id, user_id)
    values (%(pick_id)s, %(store_id)s, %(task_id)s, %(order_line_id)s, %(item_id)s, %(lot_id)s,
            %(quantity)s, %(from_location_id)s, %(to_location_id)s, %(move_id)s, %(raw_code)s,
            %(command_id)s, %(user_id)s)
)
update pick_task
set picked = picked + %(quantity)s,
    state = case when picked + %(quantity)s = quantity then 'done' else state end
where id = %(task_id)s

-- name: next_move_id
select nextval('stock_move_id_seq')

-- name: set_step
update pick
set step = %(step)s, version = version + 1, held_by = %(user_id)s, state = %(state)s
where id = %(pick_id)s

-- name: skip
update pick_task
set sequence = (select max(sequence) + 1 from pick_task last where last.pick_id = %(pick_id)s)
where id = any(%(task_ids)s::bigint[])

-- name: shorten
-- Before the promise is given back: a stop that is closed does not follow it.
update pick_task set state = 'short', short_reason = %(reason)s
where id = any(%(task_ids)s::bigint[]) and state = 'open'

-- name: short_places
-- Where this pick found too little of an item: it is not sent there again.
select distinct location_id as id from pick_task
where pick_id = %(pick_id)s and item_id = %(item_id)s and state = 'short'

-- name: orders_of_tasks
select distinct line.order_id as id from pick_task task
join sales_order_line line on line.id = task.order_line_id
where task.id = any(%(task_ids)s::bigint[]) order by 1

-- name: move_task
-- Nothing was taken yet and all of it is swapped: the stop is at the other balance.
update pick_task
set balance_id = %(balance_id)s, location_id = %(location_id)s, lot_id = %(lot_id)s,
    logistic_unit_id = %(logistic_unit_id)s
where id = %(task_id)s

-- name: split_task
-- Part of the stop goes on at the other balance.
with rest as (
    update pick_task
    set quantity = quantity - %(quantity)s,
        state = case when picked = quantity - %(quantity)s then 'done' else state end
    where id = %(task_id)s
    returning *
)
insert into pick_task (pick_id, store_id, order_line_id, balance_id, location_id, item_id, lot_id,
                       logistic_unit_id, quantity, sequence)
select pick_id, store_id, order_line_id, %(balance_id)s, %(location_id)s, item_id, %(lot_id)s,
       %(logistic_unit_id)s, %(quantity)s, sequence
from rest
returning id

-- name: add_tasks
-- The stops of orders: what is promised to them on shelves and is no stop of any pick yet.
insert into pick_task (pick_id, store_id, order_line_id, balance_id, location_id, item_id, lot_id,
                       logistic_unit_id, quantity, sequence)
select %(pick_id)s, allocation.store_id, allocation.line_id, balance.id, balance.location_id,
       balance.item_id, balance.lot_id, balance.logistic_unit_id, allocation.quantity,
       location.sequence
from sales_order_line line
join allocation on allocation.line_kind = 'sales_order_line' and allocation.line_id = line.id
join balance on balance.id = allocation.balance_id
join location on location.id = balance.location_id
where line.order_id = any(%(order_ids)s::bigint[])
  and location.kind not in ('staging', 'cart')
  and (%(zone_id)s::bigint is null or location.zone_id = %(zone_id)s)
  and not exists (select from pick_task task where task.order_line_id = line.id
                  and task.balance_id = balance.id and task.state = 'open')
order by location.sequence, location.code, balance.item_id, balance.lot_id, line.id
on conflict (order_line_id, balance_id) where state = 'open' do nothing

-- name: last_lines
-- All entries of the newest command that was not taken back: what undo takes back.
select id, task_id, order_line_id, item_id, quantity, from_location_id, to_location_id, move_id
from pick_line
where pick_id = %(pick_id)s and undone_at is null
  and command_id = (select command_id from pick_line where pick_id = %(pick_id)s
                    and undone_at is null order by id desc limit 1)
order by id desc

-- name: lines_of_order
select pick_line.id, pick_line.task_id, pick_line.order_line_id, pick_line.item_id,
       pick_line.quantity, pick_line.from_location_id, pick_line.to_location_id, pick_line.move_id
from pick_line join sales_order_line line on line.id = pick_line.order_line_id
where pick_line.pick_id = %(pick_id)s and pick_line.undone_at is null
  and line.order_id = %(order_id)s
order by pick_line.id desc

-- name: staged_balance
-- Where the goods of an entry are now, still promised: where they were put, or brought since.
select balance.id, balance.location_id
from pick_line
join stock_move move on move.id = pick_line.move_id
join balance on balance.item_id = move.item_id and balance.status = 'available'
  and balance.lot_id is not distinct from move.lot_id
  and balance.logistic_unit_id is not distinct from move.logistic_unit_id
join location on location.id = balance.location_id and location.kind in ('staging', 'cart')
join allocation on allocation.balance_id = balance.id
  and allocation.line_kind = 'sales_order_line' and allocation.line_id = pick_line.order_line_id
  and allocation.quantity >= pick_line.quantity
where pick_line.id = %(line_id)s
order by balance.location_id = pick_line.to_location_id desc, balance.id
limit 1

-- name: undone_line
-- An entry taken back: its stop wants the goods again, or is dropped with its order.
with line as (
    update pick_line set undone_at = now() where id = %(line_id)s and undone_at is null
    returning task_id, quantity
)
update pick_task
set picked = pick_task.picked - line.quantity,
    quantity = case when pick_task.state = 'short' then pick_task.picked
               else pick_task.quantity end,
    short_reason = null, state = %(state)s
from line where pick_task.id = line.task_id

-- name: has_worked
select exists (select from pick_line where pick_id = %(pick_id)s and user_id = %(user_id)s)

-- name: hold
update pick set held_by = %(user_id)s, state = %(state)s, version = version + 1
where id = %(pick_id)s

-- name: end_pick
-- Stops that are still open go back to those who look for work.
with left_over as (
    update pick_task set state = 'cancelled' where pick_id = %(pick_id)s and state = 'open'
)
update pick
set state = %(state)s, step = %(step)s, held_by = null, version = version + 1, closed_at = now()
where id = %(pick_id)s

-- name: on_cart
-- What lies on the pick's cart, promised to its orders: it is brought to where it is packed.
select allocation.line_id, allocation.balance_id, allocation.quantity
from pick_order
join sales_order_line line on line.order_id = pick_order.order_id
join allocation on allocation.line_kind = 'sales_order_line' and allocation.line_id = line.id
join balance on balance.id = allocation.balance_id
  and balance.location_id = pick_order.cart_location_id
where pick_order.pick_id = %(pick_id)s
order by balance.item_id, balance.location_id, coalesce(balance.lot_id, 0), allocation.line_id

-- name: free_cart
-- The position is empty: another order can have it.
update pick_order set cart_location_id = null where pick_id = %(pick_id)s

-- name: is_packed
-- Whether goods of the order were checked into a carton: they are put back from there first.
select exists (
    select from shipment_line packed
    join sales_order_line line on line.id = packed.order_line_id
    join shipment on shipment.id = packed.shipment_id and shipment.state = 'in_progress'
    where line.order_id = %(order_id)s and packed.undone_at is null
)

-- name: drop_order
-- The order leaves the pick: its stops are dropped.
update pick_task set state = 'cancelled', short_reason = null
from sales_order_line line
where pick_task.pick_id = %(pick_id)s and line.id = pick_task.order_line_id
  and line.order_id = %(order_id)s and pick_task.state = 'open'
