-- Locks: an order before its receipts, a receipt before balances, balances before cost pools.

-- name: lock_receipt
-- Whoever scans holds the receipt's row until the commit: scans of one receipt are one after
-- another.  What can change meanwhile is read by the next statement, which sees it as it is then.
select receipt.id, receipt.number, receipt.store_id, receipt.order_id, receipt.state,
       receipt.dock_location_id, receipt.held_by, receipt.step, receipt.version,
       (select name from app_user where id = receipt.held_by) as holder,
       (select role from app_user where id = %(user_id)s) as role,
       (select time_zone from store where id = receipt.store_id) as time_zone,
       (select id from location
        where store_id = receipt.store_id and kind = 'supplier') as supplier_location_id,
       company.currency_decimals as decimals,
       company.receive_without_order
from receipt, company
where receipt.id = %(receipt_id)s
for no key update of receipt

-- name: facts
-- What the flow is stepped with: the order's lines of the items in hand (``codes`` are the scanned
-- ones), the last line, and in the put-away steps what waits on the dock.
with last_line as (
    select line.* from receipt_line line
    where line.receipt_id = %(receipt_id)s and line.undone_at is null and line.kind <> 'short'
    order by line.id desc limit 1
), hand as (
    select item_id from code where code = any(%(codes)s::text[]) and item_id is not null
    union all
    select lot.item_id from lot
    join purchase_order_line line on line.item_id = lot.item_id
    join receipt on receipt.order_id = line.order_id and receipt.id = %(receipt_id)s
    where lot.code = %(text)s
    union all
    select (receipt.step #>> '{pending,item,id}')::bigint from receipt where id = %(receipt_id)s
    union all
    select item_id from last_line
)
select purchase_order.state as order_state, purchase_order.number as order_number,
       nextval('receipt_line_id_seq') as line_id,
       -- Nothing where the goods need more than an addition to their pool: then it is waited for.
       case when not exists (select from warehouse where allows_negative)
             and not exists (select from cost_pool where quantity < 0)
             and not exists (select from location where is_consigned)
             and not exists (select from item where cost_method = 'fifo'
                             and id in (select item_id from hand))
            then nextval('stock_move_id_seq') end as move_id,
       (
           select coalesce(jsonb_agg(jsonb_build_object(
               'id', line.id, 'item_id', line.item_id, 'quantity', line.quantity::text,
               'received', line.received::text, 'received_value', line.received_value::text,
               'net_amount', (line.net_amount + line.landed_estimate)::text,
               'tolerance', line.over_receipt_tolerance::text,
               'is_short', line.short_reason is not null
           ) order by line.position), '[]')
           from purchase_order_line line
           where line.order_id = receipt.order_id and line.item_id in (select item_id from hand)
       ) as lines,
       (
           select jsonb_build_object(
               'id', last_line.id, 'kind', last_line.kind, 'quantity', last_line.quantity::text,
               'put_away', last_line.put_away::text, 'order_line_id', last_line.order_line_id,
               'lot_id', last_line.lot_id,
               'item', item_facts(item),
               'lot', case when lot.id is not null then jsonb_build_object(
                   'id', lot.id, 'code', lot.code, 'produced_on', lot.produced_on,
                   'best_before_on', lot.best_before_on, 'expires_on', lot.expires_on) end)
           from last_line join item on item.id = last_line.item_id
           left join lot on lot.id = last_line.lot_id
       ) as last,
       case when %(turning)s or receipt.step ->> 'step' = 'scan_put_away_item' then (
           select coalesce(jsonb_agg(holding order by holding ->> 'status'), '[]')
           from (
               select jsonb_build_object(
                   'lot_id', line.lot_id, 'lot', lot.code, 'status', line.status,
                   'quantity', sum(line.quantity - line.put_away)::text,
                   'item', item_facts(item)) as holding
               from receipt_line line
               join item on item.id = line.item_id
               left join lot on lot.id = line.lot_id
               where line.receipt_id = receipt.id and line.undone_at is null
                 and line.kind <> 'short' and line.quantity > line.put_away
                 and (%(turning)s or line.item_id in (select item_id from hand)
                      or lot.code = %(text)s)
               group by item.id, line.lot_id, lot.code, line.status
           ) as held
       ) end as holdings
from receipt
left join purchase_order on purchase_order.id = receipt.order_id
where receipt.id = %(receipt_id)s

-- name: book_line
-- One accepted entry: the line (its id was given beforehand, so that its move could name it), what
-- the order has received, and the receipt's next step.
with line as (
    insert into receipt_line (id, receipt_id, store_id, order_line_id, kind, item_id, lot_id,
                              packaging_id, entered_quantity, factor, quantity, status, net_amount,
                              reason, move_id, command_id, created_by, raw_code)
    overriding system value
    values (%(id)s, %(receipt_id)s, %(store_id)s, %(order_line_id)s, %(kind)s, %(item_id)s,
            %(lot_id)s, %(packaging_id)s, %(entered_quantity)s, %(factor)s, %(quantity)s,
            %(status)s, %(net_amount)s, %(reason)s, %(move_id)s, %(command_id)s, %(user_id)s,
            %(raw_code)s)
)
update purchase_order_line
set received = received + %(quantity)s, received_value = received_value + %(net_amount)s
where id = %(order_line_id)s and %(kind)s = 'received'

-- name: set_step
-- A closed receipt that someone puts away is theirs; an open one is already.
update receipt
set step = %(step)s, version = version + 1, held_by = coalesce(held_by, %(user_id)s),
    state = %(state)s, delivery_note = coalesce(%(note)s, delivery_note)
where id = %(receipt_id)s

-- name: next_line_id
select nextval('receipt_line_id_seq')

-- name: undone_line
-- A line taken back, and the order's line with it; no row when it was taken back before.
with line as (
    update receipt_line set undone_at = now()
    where id = %(line_id)s and undone_at is null
    returning order_line_id, kind, quantity, net_amount
), ordered as (
    update purchase_order_line ordered
    set received = ordered.received - line.quantity,
        received_value = ordered.received_value - line.net_amount
    from line
    where ordered.id = line.order_line_id and line.kind = 'received'
)
select 1 from line

-- name: release_tags
-- The line was taken back: its tags can be received again.
update taken_tag set released_at = now() where line_id = %(line_id)s and released_at is null

-- name: put_back
update receipt_line set put_away = put_away - %(quantity)s where id = %(line_id)s

-- name: moved_on
update receipt_line set put_away = put_away + %(quantity)s where id = %(line_id)s

-- name: last_moves
-- All moves of the newest command that was not taken back: what undo takes back.
with own as (
    select move.id, move.command_id, move.quantity, move.biz_step, move.line_id
    from receipt_line line
    join stock_move move on move.line_kind = 'receipt_line' and move.line_id = line.id
    where line.receipt_id = %(receipt_id)s and move.reverses_id is null
      and not exists (select from stock_move back where back.reverses_id = move.id)
)
select own.id as move_id, own.quantity, own.biz_step, own.line_id, line.item_id,
       (select damaged.id from receipt_line damaged
        where damaged.move_id = own.id and damaged.kind = 'damaged') as damaged_line_id
from own join receipt_line line on line.id = own.line_id
where own.command_id = (select command_id from own order by id desc limit 1)
order by own.id desc

-- name: waiting_lines
-- Lines whose goods still wait on the dock, oldest first; the receipt's row is locked already.
select line.id, line.order_line_id, line.quantity - line.put_away as waiting, line.lot_id,
       line.status
from receipt_line line
where line.receipt_id = %(receipt_id)s and line.undone_at is null and line.kind = any(%(kinds)s)
  and line.item_id = %(item_id)s and (%(lot_id)s::bigint is null or line.lot_id = %(lot_id)s)
  and (%(status)s::text is null or line.status = %(status)s) and line.quantity > line.put_away
order by line.id

-- name: suggested_location
-- Where the same lot lies, else the same item, else the first empty place on the walk.
select location.id, location.code
from location
left join zone on zone.id = location.zone_id
where location.store_id = %(store_id)s and location.kind = 'storage' and location.is_active
  and location.warehouse_id = (select warehouse_id from location where id = %(dock_id)s)
  and not exists (select from balance other where other.location_id = location.id
                  and other.on_hand > 0 and other.item_id <> %(item_id)s)
order by exists (select from balance where balance.location_id = location.id
                 and balance.item_id = %(item_id)s and balance.on_hand > 0
                 and balance.lot_id is not distinct from %(lot_id)s
                 and balance.status = %(status)s) desc,
         exists (select from balance where balance.location_id = location.id
                 and balance.item_id = %(item_id)s and balance.on_hand > 0) desc,
         coalesce(zone.is_pickable, false) desc, location.sequence, location.code
limit 1

-- name: order_missing
-- What would stay open or be closed short.
select line.id, line.position, item.code, item.name, item.specification, item.base_unit as unit,
       line.quantity, line.received, line.quantity - line.received as missing
from purchase_order_line line join item on item.id = line.item_id
where line.order_id = %(order_id)s and line.received < line.quantity and line.short_reason is null
order by line.position

-- name: order_is_complete
select not exists (select from purchase_order_line
                   where order_id = %(order_id)s and received < quantity and short_reason is null)

-- name: has_worked
select exists (select from receipt_line
               where receipt_id = %(receipt_id)s and created_by = %(user_id)s)

-- name: dock
select id from location
where store_id = %(store_id)s and kind = 'dock' and is_active order by sequence, id limit 1

-- name: receipt_is_empty
select not exists (select from receipt_line where receipt_id = %(receipt_id)s and undone_at is null)

-- name: line
select move_id, item_id, order_line_id, quantity, net_amount
from receipt_line where id = %(line_id)s and undone_at is null and kind = 'received'

-- name: item_name
select name from item where id = %(item_id)s

-- name: lock_order
select id, store_id, supplier_id, number, state,
       (select receipt.id from receipt where receipt.order_id = purchase_order.id
        and receipt.state in ('in_progress', 'paused')) as open_receipt_id
from purchase_order where id = %(order_id)s
for no key update

-- name: lock_order_of_receipt
select from purchase_order
where id = (select order_id from receipt where id = %(receipt_id)s)
for no key update

-- name: order_state
update purchase_order set state = %(state)s where id = %(order_id)s

-- name: site
select (select role from app_user where id = %(user_id)s) as role, store.time_zone,
       company.receive_without_order,
       (select location.id from location where location.store_id = store.id
        and location.kind = 'dock' and location.is_active
        order by location.sequence, location.id limit 1) as dock_id
from store, company where store.id = %(store_id)s

-- name: insert_receipt
insert into receipt (store_id, number, order_id, supplier_id, dock_location_id, held_by, step)
values (%(store_id)s, %(number)s, %(order_id)s, %(supplier_id)s, %(dock_id)s, %(user_id)s,
        %(step)s)
returning id

-- name: hold
update receipt set held_by = %(user_id)s, state = %(state)s, version = version + 1
where id = %(receipt_id)s

-- name: end_receipt
update receipt
set state = %(state)s, step = %(step)s, held_by = null, version = version + 1, closed_at = now()
where id = %(receipt_id)s

-- name: settle_order
-- Nothing open: done.  Nothing received and nobody at it: confirmed again.
update purchase_order
set state = case
    when not exists (select from purchase_order_line line where line.order_id = purchase_order.id
                     and line.received < line.quantity and line.short_reason is null) then 'done'
    when exists (select from receipt where receipt.order_id = purchase_order.id
                 and receipt.state in ('in_progress', 'paused', 'done')) then 'in_progress'
    else 'confirmed' end
where id = %(order_id)s and state <> 'cancelled'

-- name: missing
select line.id, line.item_id, line.quantity - line.received as missing
from purchase_order_line line
where line.order_id = %(order_id)s and line.received < line.quantity and line.short_reason is null

-- name: close_order_line
update purchase_order_line set short_reason = %(reason)s where id = %(line_id)s

-- name: close_order_lines
update purchase_order_line set short_reason = %(reason)s
where order_id = %(order_id)s and received < quantity and short_reason is null

-- name: item
select id, code, name, specification, base_unit, decimals, tracking, expiry_rule, shelf_life_days,
       minimum_days_on_receipt, catch_weight, inspect_on_receipt
from item where id = %(item_id)s

-- name: insert_order
insert into purchase_order (store_id, number, supplier_id, state, currency, exchange_rate,
                            prices_include_tax, expected_on, note)
values (%(store_id)s, %(number)s, %(supplier_id)s, %(state)s, %(currency)s, %(exchange_rate)s,
        %(prices_include_tax)s, %(expected_on)s, %(note)s)
returning id

-- name: insert_order_line
insert into purchase_order_line (order_id, store_id, position, item_id, packaging_id,
                                 entered_quantity, factor, quantity, unit_price, tax_rate,
                                 net_amount, over_receipt_tolerance)
values (%(order_id)s, %(store_id)s, %(position)s, %(item_id)s, %(packaging_id)s,
        %(entered_quantity)s, %(factor)s, %(quantity)s, %(unit_price)s, %(tax_rate)s,
        %(net_amount)s, %(tolerance)s)

-- name: delete_order_lines
delete from purchase_order_line where order_id = %(order_id)s

-- name: lock_whole_order
select id, store_id, number, state, exchange_rate, prices_include_tax,
       (select count(*) from purchase_order_line line
        where line.order_id = purchase_order.id) as line_count
from purchase_order where id = %(order_id)s
for no key update

-- name: lock_open_receipts
select from receipt where order_id = %(order_id)s and state in ('in_progress', 'paused')
for no key update

-- name: terms
select company.currency_decimals as decimals, company.recovers_input_tax, company.currency,
       store.time_zone, (select role from app_user where id = %(user_id)s) as role
from store, company where store.id = %(store_id)s
  and (sees_all_stores() or store.id = any(visible_stores()))

-- name: supplier
select partner.id from partner
left join code on code.partner_id = partner.id and code.code = %(code)s
where partner.is_active and partner.kind in ('supplier', 'both')
  and (code.code is not null or partner.code = %(name)s or partner.name = %(name)s)
order by code.code is null, partner.id limit 1

-- name: ordered_items
select code.code, item.id as item_id, item.decimals, item.price, item.tax_rate,
       packaging.id as packaging_id, coalesce(packaging.quantity, 1) as factor
from code join item on item.id = code.item_id and item.is_active
left join packaging on packaging.id = code.packaging_id
where code.code = any(%(codes)s::text[])
