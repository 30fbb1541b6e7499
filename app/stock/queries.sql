-- What the stock pages, the API and the exports read.  Row-level security limits each of them to
-- the stores of whoever asks; `today` decides what has expired.

-- name: items_on_hand
-- One row per item with stock where the filter looks.  queries.py appends the order and the page:
-- by code an index serves it, so that a first page reads fifty items and not the whole company.
select *
from (
    select item.id, item.code, item.name, item.specification, item.base_unit, item.decimals,
        item.safety_stock, stock.*, stock.available < item.safety_stock as is_short
    from item
    cross join lateral (
        select coalesce(sum(balance.on_hand), 0) as on_hand,
            coalesce(sum(balance.allocated), 0) as allocated,
            coalesce(sum(balance.on_hand - balance.allocated) filter (
                where balance.status = 'available' and location.kind = 'storage'
                    and zone.is_pickable and not warehouse.is_auxiliary
                    and lot_hold.id is null and count_lock.location_id is null
                    and coalesce(case item.expiry_rule when 'best_before_on'
                        then lot.best_before_on when 'expires_on' then lot.expires_on end,
                        'infinity') >= %(today)s
            ), 0) as available,
            coalesce(sum(balance.on_hand) filter (where balance.status = 'inspection'), 0)
                as inspection,
            coalesce(sum(balance.on_hand) filter (where balance.status = 'frozen'), 0) as frozen,
            coalesce(sum(balance.on_hand) filter (where balance.status = 'damaged'), 0) as damaged,
            coalesce(sum(balance.on_hand) filter (where balance.status = 'returned'), 0)
                as returned,
            min(coalesce(lot.expires_on, lot.best_before_on)) as expires_on
        from balance
        join location on location.id = balance.location_id
        join warehouse on warehouse.id = location.warehouse_id
        left join zone on zone.id = location.zone_id
        left join lot on lot.id = balance.lot_id
        left join lot_hold on lot_hold.lot_id = balance.lot_id and lot_hold.lifted_at is null
        left join count_lock on count_lock.location_id = balance.location_id
        where balance.item_id = item.id and balance.on_hand <> 0
            and (%(store_id)s::bigint is null or balance.store_id = %(store_id)s)
            and (%(status)s::text is null or balance.status = %(status)s)
            and (%(place)s::text is null or location.code ilike %(place)s)
            and (%(until)s::date is null
                or coalesce(lot.expires_on, lot.best_before_on) <= %(until)s)
    ) as stock
    where (stock.on_hand <> 0 or %(empty_too)s)
        and (%(category_id)s::bigint is null or item.category_id in (
            with recursive below as (
                select id from category where id = %(category_id)s
                union select category.id from category join below on category.parent_id = below.id
            )
            select id from below
        ))
        and (%(like)s::text is null or item.code ilike %(like)s or item.name ilike %(like)s
            or item.specification ilike %(like)s
            or item.id in (select item_id from code where code.code = %(barcode)s))
        and (item.is_active or stock.on_hand <> 0)
) as found
where (not %(short_only)s or is_short)

-- name: balances
-- What lies where, one row per place, item, lot, status and logistic unit.
select balance.id, balance.store_id, store.code as store_code, store.name as store_name,
    balance.location_id, location.code as location_code, zone.name as zone_name,
    coalesce(zone.is_pickable, false) as is_pickable,
    balance.item_id, item.code as item_code, item.name as item_name, item.specification,
    item.base_unit, item.decimals,
    balance.lot_id, lot.code as lot_code, lot.produced_on,
    coalesce(lot.expires_on, lot.best_before_on) as expires_on,
    coalesce(coalesce(lot.expires_on, lot.best_before_on) < %(today)s, false) as is_expired,
    balance.status, logistic_unit.sscc, balance.on_hand, balance.allocated, balance.changed_at
from balance
join item on item.id = balance.item_id
join store on store.id = balance.store_id
join location on location.id = balance.location_id
left join zone on zone.id = location.zone_id
left join lot on lot.id = balance.lot_id
left join logistic_unit on logistic_unit.id = balance.logistic_unit_id
where balance.on_hand <> 0
    and (%(item_id)s::bigint is null or balance.item_id = %(item_id)s)
    and (%(location_id)s::bigint is null or balance.location_id = %(location_id)s)
    and (%(lot_id)s::bigint is null or balance.lot_id = %(lot_id)s)
    and (%(store_id)s::bigint is null or balance.store_id = %(store_id)s)
    and (%(status)s::text is null or balance.status = %(status)s)
    and (%(place)s::text is null or location.code ilike %(place)s)
    and (%(until)s::date is null or coalesce(lot.expires_on, lot.best_before_on) <= %(until)s)
    and (%(category_id)s::bigint is null or item.category_id in (
        with recursive below as (
            select id from category where id = %(category_id)s
            union select category.id from category join below on category.parent_id = below.id
        )
        select id from below
    ))
    and (%(like)s::text is null or item.code ilike %(like)s or item.name ilike %(like)s
        or item.specification ilike %(like)s
        or item.id in (select item_id from code where code.code = %(barcode)s))

-- name: moves
-- Newest first: `before` is the id of the last one shown.  A move's document is found through its
-- line; the person and the device through its command, as far as the caller may know of it.
select stock_move.id, stock_move.store_id, store.name as store_name, stock_move.item_id,
    item.code as item_code, item.name as item_name, item.base_unit, item.decimals,
    stock_move.lot_id, lot.code as lot_code, stock_move.quantity,
    stock_move.from_location_id, source.code as from_code, source.kind as from_kind,
    stock_move.from_status, stock_move.to_location_id, target.code as to_code,
    target.kind as to_kind, stock_move.to_status, stock_move.biz_step, stock_move.line_kind,
    receipt.id as receipt_id, receipt.number as receipt_number,
    coalesce(partner.name, '') as partner_name,
    stock_move.reason, stock_move.reverses_id, reversal.id as reversed_by_id,
    stock_move.command_id, command.user_id, app_user.name as user_name,
    device.name as device_name, stock_move.occurred_at, stock_move.recorded_at
from stock_move
join store on store.id = stock_move.store_id
join item on item.id = stock_move.item_id
join location source on source.id = stock_move.from_location_id
join location target on target.id = stock_move.to_location_id
left join lot on lot.id = stock_move.lot_id
left join stock_move reversal on reversal.reverses_id = stock_move.id
left join receipt_line on stock_move.line_kind = 'receipt_line'
    and receipt_line.id = stock_move.line_id
left join receipt on receipt.id = receipt_line.receipt_id
left join partner on partner.id = receipt.supplier_id
left join command on command.id = stock_move.command_id
left join app_user on app_user.id = command.user_id
left join device on device.id = command.device_id
where (%(before)s::bigint is null or stock_move.id < %(before)s)
    and (%(move_id)s::bigint is null or stock_move.id = %(move_id)s)
    and (%(item_id)s::bigint is null or stock_move.item_id = %(item_id)s)
    and (%(lot_id)s::bigint is null or stock_move.lot_id = %(lot_id)s)
    and (%(location_id)s::bigint is null or stock_move.from_location_id = %(location_id)s
        or stock_move.to_location_id = %(location_id)s)
    and (%(place)s::text is null or source.code ilike %(place)s or target.code ilike %(place)s)
    and (%(like)s::text is null or item.code ilike %(like)s or item.name ilike %(like)s
        or item.id in (select item_id from code where code.code = %(barcode)s))
    and (%(store_id)s::bigint is null or stock_move.store_id = %(store_id)s)
    and (%(user_id)s::bigint is null or command.user_id = %(user_id)s)
    and (%(since)s::timestamptz is null or stock_move.occurred_at >= %(since)s)
    and (%(till)s::timestamptz is null or stock_move.occurred_at < %(till)s)
order by stock_move.id desc
limit %(limit)s

-- name: entries_of_move
select cost_entry.id, cost_entry.kind, cost_entry.quantity, cost_entry.amount,
    cost_entry.pool_id is not null as in_stock, cost_entry.occurred_at
from cost_entry where cost_entry.move_id = %(move_id)s order by cost_entry.id

-- name: pools_of_item
-- A pool without a store is the company's.  An average of nothing is the last one known.
select cost_pool.id, cost_pool.store_id, store.name as store_name, lot.code as lot_code,
    item.cost_method, cost_pool.quantity, cost_pool.value, company.currency,
    company.currency_decimals,
    case when cost_pool.quantity <> 0 then round(cost_pool.value / cost_pool.quantity, 6)
         else cost_pool.last_unit_cost end as unit_cost,
    cost_pool.changed_at
from cost_pool
join item on item.id = cost_pool.item_id
cross join company
left join store on store.id = cost_pool.store_id
left join lot on lot.id = cost_pool.lot_id
where cost_pool.item_id = %(item_id)s
order by store.code nulls first, lot.code, cost_pool.id

-- name: item
select item.id, item.code, item.name, item.specification, item.base_unit, item.decimals,
    item.tracking, item.expiry_rule, item.safety_stock, item.is_active,
    coalesce(category.name, '') as category_name
from item left join category on category.id = item.category_id
where item.id = %(item_id)s

-- name: location
select location.id, location.code, location.name, location.kind, location.check_letter,
    location.is_active, store.name as store_name, coalesce(warehouse.name, '') as warehouse_name,
    coalesce(zone.name, '') as zone_name, coalesce(zone.is_pickable, false) as is_pickable
from location
join store on store.id = location.store_id
left join warehouse on warehouse.id = location.warehouse_id
left join zone on zone.id = location.zone_id
where location.id = %(location_id)s

-- name: lot
select lot.id, lot.code, lot.item_id, item.code as item_code, item.name as item_name,
    item.specification, item.base_unit, item.decimals, item.tracking, lot.produced_on,
    lot.best_before_on, lot.expires_on,
    coalesce(coalesce(lot.expires_on, lot.best_before_on) < %(today)s, false) as is_expired
from lot join item on item.id = lot.item_id
where lot.id = %(lot_id)s

-- name: lot_of_item
select lot.id from lot where lot.item_id = %(item_id)s and lot.code = %(code)s

-- name: stores
-- The stores whose stock the caller sees.
select id, name from store
where sees_all_stores() or id = any(visible_stores()) order by code

-- name: categories
-- With the depth of each below its top, in the order of a tree.
with recursive tree as (
    select id, name, 0 as depth, array[code] as path from category where parent_id is null
    union all
    select category.id, category.name, depth + 1, path || category.code
    from category join tree on category.parent_id = tree.id
)
select id, name, depth from tree order by path

-- name: people
-- Who works in the stores that the caller sees.
select id, name from app_user
where sees_all_stores() or id = current_user_id()
    or id in (select user_id from user_store where store_id = any(visible_stores()))
order by name, id

-- name: facts
-- How much there was to check.
select (select count(*) from stock_move) as moves, (select count(*) from balance) as balances,
    (select count(*) from cost_pool) as pools, (select count(*) from cost_entry) as entries

-- name: open_stock
-- For the card of the home screen: items with stock, and how many of them expire soon.
select count(distinct balance.item_id) as items,
    count(distinct balance.item_id) filter (
        where coalesce(lot.expires_on, lot.best_before_on) <= %(until)s
    ) as expiring
from balance left join lot on lot.id = balance.lot_id
where balance.on_hand <> 0 and balance.store_id = %(store_id)s

-- name: total_of_item
-- One item as the list shows it.  What is available is what orders of its store could take, by the
-- rules of stock_standing: the diagnosis must not say otherwise (a test compares them).
select coalesce(sum(balance.on_hand), 0) as on_hand,
    coalesce(sum(balance.allocated), 0) as allocated,
    coalesce(sum(balance.on_hand - balance.allocated) filter (
        where balance.status = 'available' and location.kind = 'storage' and zone.is_pickable
            and not warehouse.is_auxiliary
            and lot_hold.id is null and count_lock.location_id is null
            and coalesce(case item.expiry_rule when 'best_before_on' then lot.best_before_on
                when 'expires_on' then lot.expires_on end, 'infinity') >= %(today)s
    ), 0) as available
from balance
join item on item.id = balance.item_id
join location on location.id = balance.location_id
join warehouse on warehouse.id = location.warehouse_id
left join zone on zone.id = location.zone_id
left join lot on lot.id = balance.lot_id
left join lot_hold on lot_hold.lot_id = balance.lot_id and lot_hold.lifted_at is null
left join count_lock on count_lock.location_id = balance.location_id
where balance.item_id = %(item_id)s and balance.on_hand <> 0

-- name: facts_of_move
-- What a policy about corrections sees: the value that the move brought in or took out.
select stock_move.store_id, stock_move.item_id, item.code as item, item.name as item_name,
       stock_move.quantity, stock_move.biz_step as step,
       (select abs(coalesce(sum(amount), 0)) from cost_entry
        where cost_entry.move_id = stock_move.id and pool_id is not null) as amount,
       exists (select from stock_move taken where taken.reverses_id = stock_move.id) as is_reversed
from stock_move join item on item.id = stock_move.item_id
where stock_move.id = %(move_id)s
