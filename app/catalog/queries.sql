-- What the screens and the API of the catalog show.

-- name: items
-- One page of items.  The search finds codes by their beginning, names and specifications by any
-- part (item_name_trigrams), barcodes in any spelling.  Keyset paging by (sort key, id).
with found as (
    select item.id, item.code, item.name, item.specification, item.base_unit, item.decimals,
        item.tracking, item.price, item.is_active, coalesce(category.name, '') as category,
        case %(sort)s when 'name' then item.name when 'category' then coalesce(category.name, '')
            else item.code end as sort_key
    from item left join category on category.id = item.category_id
    where (%(category_id)s::bigint is null or item.category_id = %(category_id)s::bigint)
        and (%(state)s = 'all' or item.is_active = (%(state)s = 'active'))
        and (%(search)s = '' or item.code ilike %(beginning)s or item.name ilike %(part)s
            or item.specification ilike %(part)s
            or item.id in (select code.item_id from code
                where code.code = %(code)s or code.code like %(code_beginning)s))
)
select id, code, name, specification, base_unit, decimals, tracking, price, is_active, category,
    sort_key,
    coalesce((select min(code.code) from code
        where code.item_id = found.id and code.kind = 'barcode' and code.packaging_id is null),
        '') as barcode
from found
where %(after_key)s::text is null or case when %(descending)s
    then (sort_key, id) < (%(after_key)s::text, %(after_id)s::bigint)
    else (sort_key, id) > (%(after_key)s::text, %(after_id)s::bigint) end
order by case when %(descending)s then sort_key end desc,
    case when not %(descending)s then sort_key end,
    case when %(descending)s then -id else id end
limit %(limit)s;

-- name: item
select item.id, item.code, item.name, item.specification, item.category_id,
    coalesce(category.name, '') as category, item.base_unit, item.decimals, item.tracking,
    item.expiry_rule, item.shelf_life_days, item.minimum_days_on_receipt, item.catch_weight,
    item.cost_method, item.inspect_on_receipt, item.safety_stock, item.price, item.tax_rate,
    item.is_active, item.created_at, item.weight_kg, item.volume_litre
from item left join category on category.id = item.category_id
where item.id = %(id)s;

-- name: barcodes_of_item
select code.code, code.packaging_id, coalesce(packaging.name, '') as packaging
from code left join packaging on packaging.id = code.packaging_id
where code.item_id = %(id)s and code.kind = 'barcode'
order by packaging.quantity nulls first, code.code;

-- name: packagings_of_item
select id, name, quantity from packaging where item_id = %(id)s order by quantity, id;

-- name: lots_of_item
select id, code, produced_on, best_before_on, expires_on
from lot
where item_id = %(id)s
    and (%(after)s::bigint is null or id < %(after)s::bigint)
order by id desc
limit %(limit)s;

-- name: units
select code, name, decimals from unit order by code;

-- name: categories
select id, parent_id, code, name from category order by code;

-- name: locations
-- Real places only; the virtual ones belong to the ledger.
select location.id, location.code, location.name, location.kind, location.sequence,
    location.check_letter, location.is_active, location.store_id, store.name as store,
    location.warehouse_id, warehouse.code as warehouse, location.zone_id,
    coalesce(zone.code, '') as zone
from location
join warehouse on warehouse.id = location.warehouse_id
join store on store.id = location.store_id
left join zone on zone.id = location.zone_id
where (%(warehouse_id)s::bigint is null or location.warehouse_id = %(warehouse_id)s::bigint)
    and (%(store_id)s::bigint is null or location.store_id = %(store_id)s::bigint)
    and (%(state)s = 'all' or location.is_active = (%(state)s = 'active'))
    and (%(search)s = '' or location.code ilike %(part)s or location.name ilike %(part)s)
    and (%(after_key)s::text is null
        or (location.code, location.id) > (%(after_key)s::text, %(after_id)s::bigint))
order by location.code, location.id
limit %(limit)s;

-- name: location
select location.id, location.code, location.name, location.kind, location.sequence,
    location.check_letter, location.is_active, location.store_id, store.name as store,
    location.warehouse_id, warehouse.code as warehouse, location.zone_id,
    coalesce(zone.code, '') as zone
from location
join warehouse on warehouse.id = location.warehouse_id
join store on store.id = location.store_id
left join zone on zone.id = location.zone_id
where location.id = %(id)s;

-- name: warehouses
select warehouse.id, warehouse.code, warehouse.name, warehouse.store_id, store.name as store,
    warehouse.is_auxiliary, warehouse.allows_negative,
    (select count(*) from location where location.warehouse_id = warehouse.id) as locations
from warehouse join store on store.id = warehouse.store_id
order by store.code, warehouse.code;

-- name: zones
select zone.id, zone.code, zone.name, zone.warehouse_id, zone.is_pickable
from zone
order by zone.warehouse_id, zone.code;

-- name: partners
select id, code, name, kind, phone, tax_number, is_active
from partner
where (%(kind)s = '' or kind in (%(kind)s, 'both'))
    and (%(state)s = 'all' or is_active = (%(state)s = 'active'))
    and (%(search)s = '' or code ilike %(beginning)s or name ilike %(part)s
        or phone ilike %(part)s)
    and (%(after_key)s::text is null or (code, id) > (%(after_key)s::text, %(after_id)s::bigint))
order by code, id
limit %(limit)s;

-- name: partner
select id, code, name, kind, phone, tax_number, is_active from partner where id = %(id)s;
