-- What the troubleshooting screen reads.  Row-level security limits each statement to the stores of
-- whoever asks; all of them run in one snapshot, so that their sums agree.

-- name: line
-- An order line as a demand; what is not promised yet is open.
select line.id, line.order_id, sales_order.number, sales_order.state, line.position,
    line.store_id, sales_order.warehouse_id, line.item_id, line.quantity, line.allocated,
    line.picked, line.shipped, line.factor, line.whole_packs,
    coalesce(line.minimum_days, sales_order.minimum_days) as minimum_days,
    sales_order.partial_policy, sales_order.priority, sales_order.due_at,
    partner.name as customer, coalesce(app_user.name, '') as owner, line.short_reason,
    line.lapsed_at is not null as has_lapsed
from sales_order_line line
join sales_order on sales_order.id = line.order_id
join partner on partner.id = sales_order.customer_id
left join app_user on app_user.id = coalesce(sales_order.salesperson_id, sales_order.created_by)
where line.id = %(line_id)s

-- name: item
select id, code, name, specification, base_unit, decimals from item where id = %(item_id)s

-- name: lot
select id, code, item_id from lot where id = %(lot_id)s

-- name: store
select id, name, time_zone from store
where id = %(store_id)s and (sees_all_stores() or id = any(visible_stores()))

-- name: viewer
-- A person with the stores that they see.
select id, name, role, stores_of(id, role) as stores from app_user where id = %(user_id)s

-- name: standing
-- Every balance with what of it is promised to the asking line; the columns are Standing's.
select standing.*, coalesce(own.quantity, 0) as own
from stock_standing(
    %(item_id)s::bigint, %(store_id)s::bigint, %(warehouse_id)s::bigint, %(today)s::date,
    %(minimum_days)s::integer
) as standing
left join allocation own on own.balance_id = standing.balance_id
    and own.line_kind = 'sales_order_line' and own.line_id = %(line_id)s
where (%(lot_id)s::bigint is null or standing.lot_id = %(lot_id)s)

-- name: places
-- Where the item lies, and what stands about those places.
select location.id, location.code, location.kind, location.zone_id, zone.name as zone_name,
    coalesce(zone.is_pickable, false) as is_pickable, location.warehouse_id,
    warehouse.name as warehouse_name, location.store_id, store.name as store_name,
    count_lock.reason as locked_reason, app_user.name as locked_by, count_lock.locked_at
from location
join warehouse on warehouse.id = location.warehouse_id
join store on store.id = location.store_id
left join zone on zone.id = location.zone_id
left join count_lock on count_lock.location_id = location.id
left join app_user on app_user.id = count_lock.locked_by
where location.id in (
    select balance.location_id from balance
    where balance.item_id = %(item_id)s and balance.on_hand <> 0
)

-- name: lots
select lot.id, lot.code, lot.produced_on, lot.best_before_on, lot.expires_on,
    lot_hold.reason as hold_reason, app_user.name as held_by, lot_hold.placed_at as held_at
from lot
left join lot_hold on lot_hold.lot_id = lot.id and lot_hold.lifted_at is null
left join app_user on app_user.id = lot_hold.placed_by
where lot.id in (
    select balance.lot_id from balance
    where balance.item_id = %(item_id)s and balance.on_hand <> 0
)

-- name: units
select logistic_unit.id, logistic_unit.sscc from logistic_unit
where logistic_unit.id in (
    select balance.logistic_unit_id from balance
    where balance.item_id = %(item_id)s and balance.on_hand <> 0
)

-- name: promises
-- What is promised, to which document and whose it is, balance by balance.
select allocation.balance_id, allocation.line_kind, allocation.line_id, allocation.quantity,
    allocation.created_at, allocation.expires_at,
    coalesce(allocation.expires_at <= now(), false) as is_stale,
    sales_order.id as order_id, coalesce(sales_order.number, '') as number,
    coalesce(sales_order.state, '') as state, sales_order.due_at,
    coalesce(partner.name, '') as customer, coalesce(app_user.name, '') as owner
from balance
join allocation on allocation.balance_id = balance.id
left join sales_order_line line on allocation.line_kind = 'sales_order_line'
    and line.id = allocation.line_id
left join sales_order on sales_order.id = line.order_id
left join partner on partner.id = sales_order.customer_id
left join app_user on app_user.id = coalesce(sales_order.salesperson_id, sales_order.created_by)
where balance.item_id = %(item_id)s and balance.allocated > 0

-- name: unseen
select store_id, store_name, on_hand, ask from stock_unseen(%(item_id)s::bigint)

-- name: by_store
-- What the supervisor sees of the item, store by store: for the comparison with somebody else.
select balance.store_id, store.name as store_name, sum(balance.on_hand) as on_hand
from balance join store on store.id = balance.store_id
where balance.item_id = %(item_id)s and balance.on_hand <> 0
group by balance.store_id, store.name order by store.name

-- name: on_order
-- Bought and not here yet.
select purchase_order.id, purchase_order.number, partner.name as supplier,
    line.quantity - line.received as quantity, purchase_order.expected_on
from purchase_order_line line
join purchase_order on purchase_order.id = line.order_id
join partner on partner.id = purchase_order.supplier_id
where line.item_id = %(item_id)s and line.received < line.quantity
    and line.short_reason is null and purchase_order.state in ('confirmed', 'in_progress')
order by purchase_order.expected_on nulls last, purchase_order.id

-- name: in_transit
-- Goods between two stores.  They are recent, so the item's newest moves tell; reading all of them
-- would cost a fast mover a second.
select coalesce(sum(case when target.kind = 'in_transit' then recent.quantity
                         when source.kind = 'in_transit' then -recent.quantity end), 0) as quantity
from (
    select from_location_id, to_location_id, quantity from stock_move
    where item_id = %(item_id)s order by id desc limit 1000
) as recent
join location source on source.id = recent.from_location_id
join location target on target.id = recent.to_location_id

-- name: picks
-- Being picked at this moment.
select pick.id, pick.number, coalesce(app_user.name, '') as holder,
    sum(pick_task.quantity - pick_task.picked) as quantity
from pick_task
join pick on pick.id = pick_task.pick_id
left join app_user on app_user.id = pick.held_by
where pick_task.item_id = %(item_id)s and pick_task.state = 'open'
    and pick.state in ('confirmed', 'in_progress', 'paused')
group by pick.id, pick.number, app_user.name
order by pick.id

-- name: counts
-- Places of the item that somebody shall count or counts.
select count_task.id, location.code as location_code, count_task.cause, count_task.state,
    count_task.created_at, coalesce(app_user.name, '') as created_by
from count_task
join location on location.id = count_task.location_id
left join app_user on app_user.id = count_task.created_by
where count_task.state in ('open', 'in_progress')
    and (count_task.item_id = %(item_id)s
        or count_task.item_id is null and count_task.location_id in (
            select balance.location_id from balance
            where balance.item_id = %(item_id)s and balance.on_hand <> 0
        ))
order by count_task.id

-- name: requests
-- Asked of another store or warehouse already.
select transfer_request.id, transfer_request.quantity, store.name as from_store,
    coalesce(warehouse.name, '') as from_warehouse, transfer_request.created_at,
    coalesce(app_user.name, '') as created_by
from transfer_request
join store on store.id = transfer_request.from_store_id
left join warehouse on warehouse.id = transfer_request.from_warehouse_id
left join app_user on app_user.id = transfer_request.created_by
where transfer_request.item_id = %(item_id)s and transfer_request.store_id = %(store_id)s
    and transfer_request.state = 'open'
order by transfer_request.id

-- name: gaps
-- Browsers that sent something in the last hours and skipped a number: a scan of theirs is not here
-- yet.  What a device handed over by hand counts as arrived.
with lately as (
    select installation, sequence, user_id, device_id, recorded_at from command
    where recorded_at >= now() - interval '4 hours' and installation is not null
        and sequence is not null
), skipping as (
    select installation, max(sequence) - min(sequence) + 1 - count(distinct sequence) as missing,
        min(sequence) as first, max(sequence) as last, max(recorded_at) as seen_at
    from lately group by installation
    having max(sequence) - min(sequence) + 1 > count(distinct sequence)
)
select skipping.missing - handed.arrived as missing, skipping.seen_at,
    coalesce(app_user.name, '') as user_name, coalesce(device.name, '') as device_name
from skipping
cross join lateral (
    select count(distinct sequence) as arrived from conflict_event
    where conflict_event.installation = skipping.installation
        and conflict_event.sequence between skipping.first and skipping.last
        and not exists (
            select from lately where lately.installation = conflict_event.installation
                and lately.sequence = conflict_event.sequence
        )
) handed
left join lateral (
    select user_id, device_id from lately
    where lately.installation = skipping.installation order by sequence desc limit 1
) newest on true
left join app_user on app_user.id = newest.user_id
left join device on device.id = newest.device_id
where skipping.missing > handed.arrived
order by skipping.seen_at desc

-- name: latest
-- The last thing that happened to the item's stock.
select stock_move.id, stock_move.recorded_at, coalesce(app_user.name, '') as user_name,
    stock_move.biz_step
from stock_move
left join command on command.id = stock_move.command_id
left join app_user on app_user.id = command.user_id
where stock_move.item_id = %(item_id)s
order by stock_move.id desc limit 1

-- name: waiting
-- Released orders that still lack something: where a supervisor begins.
select line.id as line_id, sales_order.id as order_id, sales_order.number,
    partner.name as customer, item.name as item_name, item.code as item_code, item.base_unit,
    line.quantity - line.allocated - line.shipped as lacking, sales_order.due_at,
    sales_order.priority
from sales_order
join sales_order_line line on line.order_id = sales_order.id
join partner on partner.id = sales_order.customer_id
join item on item.id = line.item_id
where sales_order.state in ('confirmed', 'in_progress') and line.short_reason is null
    and line.quantity > line.allocated + line.shipped
    and sales_order.store_id = %(store_id)s
order by sales_order.priority, sales_order.due_at nulls last, line.id
limit 50

-- name: lines_of_order
select line.id as line_id, sales_order.id as order_id, sales_order.number,
    partner.name as customer, item.name as item_name, item.code as item_code, item.base_unit,
    line.quantity - line.allocated - line.shipped as lacking, sales_order.due_at,
    sales_order.priority
from sales_order
join sales_order_line line on line.order_id = sales_order.id
join partner on partner.id = sales_order.customer_id
join item on item.id = line.item_id
where sales_order.number = %(number)s or sales_order.id = %(order_id)s
order by line.position
limit 500

-- name: items_here
-- The items in a place or in a logistic unit.
select item.id as item_id, item.code, item.name, item.base_unit, sum(balance.on_hand) as on_hand
from balance join item on item.id = balance.item_id
where balance.on_hand <> 0
    and (balance.location_id = %(location_id)s or balance.logistic_unit_id = %(unit_id)s)
group by item.id order by item.name
limit 50

-- name: item_of_code
-- For the command line: an item by its id, its code or a barcode of it.
select item.id from item
left join code on code.item_id = item.id and code.code = %(code)s
where item.code = %(given)s or code.code is not null
order by item.code = %(given)s desc limit 1

-- What the commands do ---------------------------------------------------------------------------

-- name: lock_zone
select id, store_id, name, is_pickable as was_open from zone where id = %(zone_id)s
for no key update

-- name: open_zone
update zone set is_pickable = true where id = %(zone_id)s

-- name: items_of_zone
select distinct balance.item_id
from balance join location on location.id = balance.location_id
where location.zone_id = %(zone_id)s and balance.on_hand > balance.allocated

-- name: store_of_code
select id from store where code = %(code)s or %(code)s::text is null
order by id limit 1

-- name: user_of_login
select id from app_user where login = %(login)s

-- name: line_of_order
select line.id from sales_order_line line
join sales_order on sales_order.id = line.order_id
where sales_order.number = %(number)s and line.item_id = %(item_id)s
order by line.position limit 1
