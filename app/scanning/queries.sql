-- What a scanned text can mean, in one statement; row-level security hides what the caller may not see.

-- name: lookup
-- ``codes`` are the normalised codes, ``lot`` the lot or serial that the code says (or the bare
-- text), ``item_id`` the item in hand and ``order_id`` the order on the screen: they decide which
-- of several lots with the same number is meant.  ``exact`` finds our own labels by their kind.
with item_row as (
    select item.id, item.code,
           item_facts(item) as facts,
           case when packaging.id is not null then jsonb_build_object(
               'id', packaging.id, 'name', packaging.name, 'quantity', packaging.quantity::text
           ) end as packaging,
           array_position(%(codes)s::text[], code.code) as rank
    from code
    join item on item.id = code.item_id and item.is_active
    left join packaging on packaging.id = code.packaging_id
    where code.code = any(%(codes)s::text[])
)
select 'item' as kind, item_row.rank, item_row.facts as item, item_row.packaging,
       case when lot.id is not null then jsonb_build_object(
           'id', lot.id, 'code', lot.code, 'produced_on', lot.produced_on,
           'best_before_on', lot.best_before_on, 'expires_on', lot.expires_on
       ) end as lot, null::jsonb as other
from item_row
left join lot on lot.item_id = item_row.id and lot.code = %(lot)s
union all
select 'location', 0, null, null, null,
       jsonb_build_object('id', location.id, 'code', location.code, 'kind', location.kind,
                          'store_id', location.store_id, 'is_active', location.is_active)
from code join location on location.id = code.location_id
where code.code = any(%(codes)s::text[])
union all
select 'partner', 0, null, null, null,
       jsonb_build_object('id', partner.id, 'code', partner.code, 'name', partner.name)
from code join partner on partner.id = code.partner_id
where code.code = any(%(codes)s::text[])
union all
select 'document', 0, null, null, null,
       jsonb_build_object('kind', 'purchase_order', 'id', id, 'number', number, 'state', state)
from purchase_order where number = %(number)s
union all
select 'document', 0, null, null, null,
       jsonb_build_object('kind', 'receipt', 'id', id, 'number', number, 'state', state)
from receipt where number = %(number)s
union all
select 'document', 0, null, null, null,
       jsonb_build_object('kind', 'sales_order', 'id', id, 'number', number, 'state', state)
from sales_order where number = %(number)s
union all
select 'document', 0, null, null, null,
       jsonb_build_object('kind', 'pick', 'id', id, 'number', number, 'state', state)
from pick where number = %(number)s
union all
select 'document', 0, null, null, null,
       jsonb_build_object('kind', 'shipment', 'id', id, 'number', number, 'state', state)
from shipment where number = %(number)s
union all
select 'document', 0, null, null, null,
       jsonb_build_object('kind', 'production_order', 'id', id, 'number', number, 'state', state)
from production_order where number = %(number)s
union all
select 'logistic_unit', 0, null, null, null, jsonb_build_object('id', id, 'sscc', sscc)
from logistic_unit where sscc = %(sscc)s
union all
select * from (
    select 'lot', case when lot.item_id = %(item_id)s then 0
                       when exists (select from purchase_order_line line
                                    where line.order_id = %(order_id)s
                                      and line.item_id = lot.item_id) then 1 else 2 end as nearness,
           item_facts(item),
           null::jsonb,
           jsonb_build_object(
               'id', lot.id, 'code', lot.code, 'produced_on', lot.produced_on,
               'best_before_on', lot.best_before_on, 'expires_on', lot.expires_on),
           null::jsonb
    from lot join item on item.id = lot.item_id and item.is_active
    where lot.code = %(text)s
    order by nearness, lot.id
    limit 9
) as lots

-- name: search
-- By code, then by name: what a person may have meant by words.
select item.id, item.code, item.name, item.specification
from item
where item.is_active and (item.code ilike %(prefix)s or item.name ilike %(inside)s
                          or item.name %% %(text)s)
order by item.code ilike %(prefix)s desc, item.name ilike %(inside)s desc,
         similarity(item.name, %(text)s) desc, item.code
limit 8
