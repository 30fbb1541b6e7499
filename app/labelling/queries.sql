-- name: item
-- With the barcode of the item itself, or of one of its packs.
select item.id, item.code, item.name, item.specification, item.base_unit as unit,
       packaging.name as packaging, packaging.quantity as packed,
       (
           select code.code from code
           where code.item_id = item.id and code.kind = 'barcode'
             and code.packaging_id is not distinct from %(packaging_id)s
           order by char_length(code.code) = 14 desc, code.code
           limit 1
       ) as barcode
from item
left join packaging on packaging.id = %(packaging_id)s and packaging.item_id = item.id
where item.id = %(item_id)s
  and (%(packaging_id)s::bigint is null or packaging.id is not null)

-- name: lot
select lot.id, lot.code, lot.produced_on, lot.best_before_on, lot.expires_on,
       item.code as item_code, item.name, item.specification, item.tracking = 'serial' as is_serial,
       (
           select code.code from code
           where code.item_id = item.id and code.kind = 'barcode' and code.packaging_id is null
           order by char_length(code.code) = 14 desc, code.code
           limit 1
       ) as barcode
from lot join item on item.id = lot.item_id
where lot.id = %(lot_id)s

-- name: location
select location.id, location.code, location.name, location.check_letter, store.name as store,
       warehouse.name as warehouse, coalesce(zone.name, '') as zone
from location
join store on store.id = location.store_id
join warehouse on warehouse.id = location.warehouse_id
left join zone on zone.id = location.zone_id
where location.id = %(location_id)s

-- name: locations
-- All real places of a zone, in walking order.
select location.id, location.code, location.name, location.check_letter, store.name as store,
       warehouse.name as warehouse, zone.name as zone
from location
join store on store.id = location.store_id
join warehouse on warehouse.id = location.warehouse_id
join zone on zone.id = location.zone_id
where zone.id = %(zone_id)s and location.is_active
order by location.sequence, location.code
limit 2000
