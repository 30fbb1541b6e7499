-- What stands on labels.  Lists keep the order in which things were asked for.

-- name: items
-- With the barcode of the item itself, or of the pack that was asked for.
select item.id, item.code, item.name, item.specification, item.base_unit as unit,
       packaging.name as packaging, packaging.quantity as packed,
       (
           select code.code from code
           where code.item_id = item.id and code.kind = 'barcode'
             and code.packaging_id is not distinct from asked.packaging_id
           order by char_length(code.code) = 14 desc, code.code
           limit 1
       ) as barcode
from unnest(%(ids)s::bigint[], %(packaging_ids)s::bigint[])
    with ordinality as asked (id, packaging_id, place)
join item on item.id = asked.id
left join packaging on packaging.id = asked.packaging_id and packaging.item_id = item.id
where asked.packaging_id is null or packaging.id is not null
order by asked.place

-- name: lots
select lot.id, lot.code, lot.produced_on, lot.best_before_on, lot.expires_on,
       item.code as item_code, item.name, item.specification, item.tracking = 'serial' as is_serial,
       (
           select code.code from code
           where code.item_id = item.id and code.kind = 'barcode' and code.packaging_id is null
           order by char_length(code.code) = 14 desc, code.code
           limit 1
       ) as barcode
from unnest(%(ids)s::bigint[]) with ordinality as asked (id, place)
join lot on lot.id = asked.id
join item on item.id = lot.item_id
order by asked.place

-- name: locations
select location.id, location.code, location.name, location.check_letter, store.name as store,
       warehouse.name as warehouse, coalesce(zone.name, '') as zone
from unnest(%(ids)s::bigint[]) with ordinality as asked (id, place)
join location on location.id = asked.id
join store on store.id = location.store_id
join warehouse on warehouse.id = location.warehouse_id
left join zone on zone.id = location.zone_id
order by asked.place

-- name: locations_of_zones
-- All places in use, in walking order.
select location.id
from location
where location.zone_id = any(%(ids)s::bigint[]) and location.is_active
order by location.warehouse_id, location.sequence, location.code
limit %(limit)s

-- name: units
select logistic_unit.id, logistic_unit.sscc, store.name as store, printed.content
from unnest(%(ids)s::bigint[]) with ordinality as asked (id, place)
join logistic_unit on logistic_unit.id = asked.id
join store on store.id = logistic_unit.store_id
left join lateral (
    select label.content from print_label label
    where label.kind = 'logistic_unit' and label.thing_id = logistic_unit.id
    order by label.id desc
    limit 1
) as printed on true
order by asked.place

-- name: users
select app_user.id, app_user.name, app_user.login, app_user.badge, app_user.role,
       coalesce((
           select min(store.name) from user_store join store on store.id = user_store.store_id
           where user_store.user_id = app_user.id
       ), '') as store
from unnest(%(ids)s::bigint[]) with ordinality as asked (id, place)
join app_user on app_user.id = asked.id
where app_user.is_active and app_user.badge is not null
order by asked.place

-- name: receipts
select receipt.id, receipt.number, coalesce(partner.name, '') as partner,
       receipt.created_at, store.name as store, store.time_zone
from unnest(%(ids)s::bigint[]) with ordinality as asked (id, place)
join receipt on receipt.id = asked.id
join store on store.id = receipt.store_id
left join partner on partner.id = receipt.supplier_id
order by asked.place

-- name: orders
select purchase_order.id, purchase_order.number, coalesce(partner.name, '') as partner,
       purchase_order.created_at, store.name as store, store.time_zone
from unnest(%(ids)s::bigint[]) with ordinality as asked (id, place)
join purchase_order on purchase_order.id = asked.id
join store on store.id = purchase_order.store_id
left join partner on partner.id = purchase_order.supplier_id
order by asked.place

-- name: goods_of_receipts
-- What came in, each item, lot and pack once; as many as pieces or packs where those are whole.
select line.item_id, line.lot_id, line.packaging_id,
       case when sum(line.entered_quantity) = trunc(sum(line.entered_quantity))
            then sum(line.entered_quantity) else count(*) end::bigint as pieces
from receipt_line line
where line.receipt_id = any(%(ids)s::bigint[]) and line.kind <> 'short' and line.undone_at is null
group by line.item_id, line.lot_id, line.packaging_id
order by min(line.id)

-- name: things_of_codes
-- What each code means, in the order of the codes; nulls where it means nothing.
select asked.code, code.item_id, code.packaging_id, code.location_id
from unnest(%(codes)s::text[]) with ordinality as asked (code, place)
left join code on code.code = asked.code
order by asked.place

-- name: all_items
select id from item where is_active order by code limit %(limit)s

-- name: all_locations
select id from location
where store_id = %(store_id)s and warehouse_id is not null and is_active
order by warehouse_id, sequence, code
limit %(limit)s

-- name: item_of_code
select item.id, item.code, item.name, item.specification, item.base_unit as unit,
       null as packaging, null::numeric as packed,
       (
           select other.code from code other
           where other.item_id = item.id and other.kind = 'barcode' and other.packaging_id is null
           order by char_length(other.code) = 14 desc, other.code
           limit 1
       ) as barcode
from code join item on item.id = code.item_id
where code.code = %(code)s

-- ---- Logistic units ---------------------------------------------------------------------------
