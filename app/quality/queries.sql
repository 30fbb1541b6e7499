-- What quality reads.  Row-level security limits each statement to the stores of whoever asks.

-- name: stock
-- Stock as it lies, one row per balance: by ids, or by what was scanned.
select balance.id, balance.store_id, balance.item_id, item.code as item_code,
       item.name as item_name, item.specification, item.base_unit, item.decimals,
       balance.location_id, location.code as location_code, location.kind as location_kind,
       balance.lot_id, lot.code as lot_code, balance.logistic_unit_id, logistic_unit.sscc,
       balance.status, balance.on_hand, balance.allocated,
       coalesce(lot.expires_on, lot.best_before_on) as last_day,
       lot_hold.id is not null as is_held
from balance
join item on item.id = balance.item_id
join location on location.id = balance.location_id
left join lot on lot.id = balance.lot_id
left join logistic_unit on logistic_unit.id = balance.logistic_unit_id
left join lot_hold on lot_hold.lot_id = balance.lot_id and lot_hold.lifted_at is null
where balance.on_hand > 0
  and (%(balance_ids)s::bigint[] is null or balance.id = any(%(balance_ids)s::bigint[]))
  and (%(store_id)s::bigint is null or balance.store_id = %(store_id)s)
  and (%(item_id)s::bigint is null or balance.item_id = %(item_id)s)
  and (%(location_id)s::bigint is null or balance.location_id = %(location_id)s)
  and (%(lot_id)s::bigint is null or balance.lot_id = %(lot_id)s)
  and (%(logistic_unit_id)s::bigint is null
       or balance.logistic_unit_id = %(logistic_unit_id)s
       or logistic_unit.parent_id = %(logistic_unit_id)s)
  and (%(from_status)s::text is null or balance.status = %(from_status)s)
order by location.sequence, location.code, item.code, lot.code, balance.id
limit %(limit)s

-- name: promises_on
-- What order lines are promised of these balances: the least urgent first, for it waits longest
-- anyway.  ``holder_id`` is who picks it at the moment; what lies in staging was picked already.
select allocation.id, allocation.line_id, allocation.balance_id, allocation.quantity,
       allocation.store_id, balance.item_id, sales_order.id as order_id,
       sales_order.number as order_number,
       location.kind in ('staging', 'cart') as is_picked,
       balance.location_id,
       (select min(pick.held_by) from pick_task join pick on pick.id = pick_task.pick_id
        where pick_task.order_line_id = allocation.line_id
          and pick.state in ('in_progress', 'paused')) as holder_id
from allocation
join balance on balance.id = allocation.balance_id
join location on location.id = balance.location_id
join sales_order_line line on line.id = allocation.line_id
join sales_order on sales_order.id = line.order_id
where allocation.line_kind = 'sales_order_line'
  and allocation.balance_id = any(%(balance_ids)s::bigint[])
order by allocation.balance_id, sales_order.priority desc, sales_order.due_at desc nulls first,
         allocation.id desc

-- name: insert_change
insert into status_change (store_id, number, to_status, reason, note, photo_id,
                           approval_request_id, command_id, created_by)
values (%(store_id)s, %(number)s, %(to_status)s, %(reason)s, %(note)s, %(photo_id)s,
        %(approval_request_id)s, %(command_id)s, %(created_by)s)
returning id

-- name: insert_change_line
insert into status_change_line (change_id, store_id, item_id, lot_id, location_id,
                                logistic_unit_id, from_status, quantity)
values (%(change_id)s, %(store_id)s, %(item_id)s, %(lot_id)s, %(location_id)s,
        %(logistic_unit_id)s, %(from_status)s, %(quantity)s)
returning id

-- name: set_change_move
update status_change_line set move_id = %(move_id)s where id = %(line_id)s

-- name: store_zone
select time_zone from store where id = %(store_id)s

-- name: insert_photo
insert into photo (store_id, content, width, height, created_by)
values (%(store_id)s, %(content)s, %(width)s, %(height)s, %(created_by)s)
returning id

-- name: photo
select content, mime from photo where id = %(photo_id)s

-- name: has_photo
select id from photo where id = %(photo_id)s

-- Screens --------------------------------------------------------------------------------------

-- name: item_title
select code, name, specification from item where id = %(id)s

-- name: location_title
select code, name, '' as specification from location where id = %(id)s

-- name: lot_title
select lot.code, item.name, lot.code as specification
from lot join item on item.id = lot.item_id where lot.id = %(id)s

-- name: unit_title
select sscc as code, '' as name, '' as specification from logistic_unit where id = %(id)s

-- name: kept_back
-- What of a store does not ship for its quality, the longest kept first.
select balance.id, balance.item_id, item.code as item_code, item.name as item_name,
       item.specification, item.base_unit, balance.location_id, location.code as location_code,
       balance.lot_id, lot.code as lot_code, balance.status, balance.on_hand,
       balance.changed_at,
       case when balance.status <> 'available' then balance.status
            when lot_hold.id is not null then 'held' else 'expired' end as cause,
       coalesce(lot.expires_on, lot.best_before_on) as last_day
from balance
join item on item.id = balance.item_id
join location on location.id = balance.location_id
left join lot on lot.id = balance.lot_id
left join lot_hold on lot_hold.lot_id = balance.lot_id and lot_hold.lifted_at is null
where balance.store_id = %(store_id)s and balance.on_hand > 0
  and (balance.status <> 'available' or lot_hold.id is not null
       or case item.expiry_rule when 'best_before_on' then lot.best_before_on
                                when 'expires_on' then lot.expires_on end < %(today)s)
  and (%(cause)s::text is null or %(cause)s = case
           when balance.status <> 'available' then balance.status
           when lot_hold.id is not null then 'held' else 'expired' end)
order by balance.changed_at, balance.id
limit %(limit)s

-- name: kept_back_counts
select cause, count(*) as places
from (
    select case when balance.status <> 'available' then balance.status
                when lot_hold.id is not null then 'held' else 'expired' end as cause
    from balance
    join item on item.id = balance.item_id
    left join lot on lot.id = balance.lot_id
    left join lot_hold on lot_hold.lot_id = balance.lot_id and lot_hold.lifted_at is null
    where balance.store_id = %(store_id)s and balance.on_hand > 0
      and (balance.status <> 'available' or lot_hold.id is not null
           or case item.expiry_rule when 'best_before_on' then lot.best_before_on
                                    when 'expires_on' then lot.expires_on end < %(today)s)
) kept group by cause order by cause

-- name: changes
-- Newest first.
select status_change.id, status_change.number, status_change.store_id, store.name as store_name,
       status_change.to_status, status_change.reason, status_change.note, status_change.photo_id,
       status_change.approval_request_id, status_change.created_at,
       app_user.name as user_name,
       count(line.id) as lines, min(item.name) as item_name,
       count(distinct line.item_id) as items
from status_change
join store on store.id = status_change.store_id
left join app_user on app_user.id = status_change.created_by
left join status_change_line line on line.change_id = status_change.id
left join item on item.id = line.item_id
where (%(before)s::bigint is null or status_change.id < %(before)s)
  and (%(change_id)s::bigint is null or status_change.id = %(change_id)s)
group by status_change.id, store.name, app_user.name
order by status_change.id desc
limit %(limit)s

-- name: change_lines
select line.id, line.item_id, item.code as item_code, item.name as item_name,
       item.specification, item.base_unit, line.lot_id, lot.code as lot_code,
       line.location_id, location.code as location_code, logistic_unit.sscc, line.from_status,
       line.quantity, line.move_id
from status_change_line line
join item on item.id = line.item_id
join location on location.id = line.location_id
left join lot on lot.id = line.lot_id
left join logistic_unit on logistic_unit.id = line.logistic_unit_id
where line.change_id = %(change_id)s
order by line.id

-- name: unpick_line
-- An order line lost goods that were picked for it.
update sales_order_line
set allocated = allocated - %(quantity)s, picked = picked - %(quantity)s
where id = %(line_id)s

-- name: stores
select id from store order by id

-- name: category_of_item
select category.name from item join category on category.id = item.category_id
where item.id = %(item_id)s

-- Holds ----------------------------------------------------------------------------------------

-- name: lot_name
select lot.id, lot.code, lot.item_id, item.code as item_code, item.name as item_name,
       coalesce(category.name, '') as category
from lot join item on item.id = lot.item_id
left join category on category.id = item.category_id
where lot.id = %(lot_id)s

-- name: lock_lot
select from lot where id = %(lot_id)s for no key update

-- name: hold_of
select id from lot_hold where lot_id = %(lot_id)s and lifted_at is null

-- name: insert_hold
insert into lot_hold (lot_id, item_id, reason, placed_by)
values (%(lot_id)s, %(item_id)s, %(reason)s, %(user_id)s)
returning id

-- name: lift_hold
update lot_hold set lifted_by = %(user_id)s, lifted_at = now() where id = %(hold_id)s

-- name: holds_of_lot
-- Newest first.
select lot_hold.id, lot_hold.reason, placer.name as placed_by, lot_hold.placed_at,
       lifter.name as lifted_by, lot_hold.lifted_at
from lot_hold
left join app_user placer on placer.id = lot_hold.placed_by
left join app_user lifter on lifter.id = lot_hold.lifted_by
where lot_hold.lot_id = %(lot_id)s
order by lot_hold.id desc

-- name: holds_in_force
select lot_hold.id, lot_hold.lot_id, lot.code as lot_code, item.code as item_code,
       item.name as item_name, item.specification, item.base_unit, lot_hold.reason,
       lot_hold.placed_at, app_user.name as placed_by,
       coalesce(sum(balance.on_hand), 0) as on_hand, count(balance.id) as places
from lot_hold
join lot on lot.id = lot_hold.lot_id
join item on item.id = lot.item_id
left join app_user on app_user.id = lot_hold.placed_by
left join balance on balance.lot_id = lot.id and balance.on_hand > 0
where lot_hold.lifted_at is null
group by lot_hold.id, lot.code, item.code, item.name, item.specification, item.base_unit,
         app_user.name
order by lot_hold.id desc

-- name: lot_head
select lot.id, lot.code, lot.item_id, item.code as item_code, item.name as item_name,
       item.specification, item.base_unit, lot.produced_on,
       coalesce(lot.expires_on, lot.best_before_on) as last_day,
       coalesce(case item.expiry_rule when 'best_before_on' then lot.best_before_on
                                      when 'expires_on' then lot.expires_on end < %(today)s,
                false) as is_expired
from lot join item on item.id = lot.item_id
where lot.id = %(lot_id)s

-- name: lot_lying
-- Where a lot lies, in every store that the caller sees.
select balance.id, store.name as store_name, location.code as location_code, balance.status,
       logistic_unit.sscc, balance.on_hand, balance.allocated
from balance
join store on store.id = balance.store_id
join location on location.id = balance.location_id
left join logistic_unit on logistic_unit.id = balance.logistic_unit_id
where balance.lot_id = %(lot_id)s and balance.on_hand > 0
order by store.code, location.code, balance.id

-- name: lot_shipped
-- Whom it was shipped to, newest first, with what came back: trace forward.
select shipment.id as shipment_id, shipment.number as shipment_number, shipment.shipped_at,
       store.name as store_name, sales_order.id as order_id,
       sales_order.number as order_number, partner.name as customer, partner.phone,
       sales_order.address, sales_order.contact, sales_order.phone as order_phone,
       sum(line.quantity) as quantity,
       sum(coalesce((
           select sum(back.quantity) from customer_return_line back
           where back.shipment_line_id = line.id and back.undone_at is null
       ), 0)) as returned
from shipment_line line
join shipment on shipment.id = line.shipment_id
join store on store.id = shipment.store_id
join sales_order on sales_order.id = shipment.order_id
join partner on partner.id = sales_order.customer_id
where line.lot_id = %(lot_id)s and line.move_id is not null
group by shipment.id, store.name, sales_order.id, partner.id
order by shipment.shipped_at desc nulls last, shipment.id desc

-- name: lot_received
-- Where it came from: trace back.
select receipt.id as receipt_id, receipt.number as receipt_number, receipt.created_at,
       store.name as store_name, coalesce(partner.name, '') as supplier,
       sum(line.quantity) as quantity
from receipt_line line
join receipt on receipt.id = line.receipt_id
join store on store.id = receipt.store_id
left join partner on partner.id = receipt.supplier_id
where line.lot_id = %(lot_id)s and line.move_id is not null and line.kind = 'received'
  and line.undone_at is null
group by receipt.id, store.name, partner.name
order by receipt.id desc

-- name: waiting_of_lot
-- Requests about a lot that wait for votes.
select id from approval_request
where subject_kind = 'lot' and subject_id = %(lot_id)s and state = 'waiting'
order by id

-- name: target
select location.id, location.code, location.kind, location.store_id, location.is_active,
       count_lock.location_id is not null as is_counted
from location left join count_lock on count_lock.location_id = location.id
where location.id = %(location_id)s
