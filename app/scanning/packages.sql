-- What a device carries along to understand codes without network.

-- name: goods
-- ``items`` with their codes, packs and newest lots, each list as JSON; 800 lots at most.
select (
    select coalesce(jsonb_agg(item_facts(item) order by item.id), '[]')
    from item where item.id = any(%(items)s::bigint[]) and item.is_active
) as items, (
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', packaging.id, 'name', packaging.name, 'quantity', packaging.quantity::text
    ) order by packaging.id), '[]')
    from packaging where packaging.item_id = any(%(items)s::bigint[])
) as packagings, (
    select coalesce(jsonb_agg(jsonb_build_array(code.code, code.item_id, code.packaging_id)
                              order by code.code), '[]')
    from code join item on item.id = code.item_id and item.is_active
    where code.item_id = any(%(items)s::bigint[])
) as codes, (
    select coalesce(jsonb_agg(jsonb_build_object(
        'item_id', lot.item_id, 'id', lot.id, 'code', lot.code, 'produced_on', lot.produced_on,
        'best_before_on', lot.best_before_on, 'expires_on', lot.expires_on) order by lot.id), '[]')
    from (
        select lot.* from lot join item on item.id = lot.item_id and item.is_active
        where lot.item_id = any(%(items)s::bigint[])
        order by lot.id desc limit 800
    ) as lot
) as lots

-- name: places
-- By every code that they have; 5,000 at most.
select code.code as registered, location.id, location.code, location.kind
from location join code on code.location_id = location.id
where location.store_id = %(store_id)s and location.is_active
  and location.kind in ('storage', 'dock', 'staging', 'cart')
order by location.sequence, location.id
limit 5000
