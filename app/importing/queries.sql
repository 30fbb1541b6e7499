-- Imports: what the checks compare with, the record of a run, and the set-based writing.

-- ---- What the company has ---------------------------------------------------------------------

-- name: meanings
-- Of the codes asked for, those that are taken; places of stores that the caller doesn't see come
-- as "elsewhere".
select code.code, code.kind,
    coalesce(item.code, location.code, partner.code, '') as owner,
    coalesce(item.name, location.name, partner.name, '') as name,
    code.item_id, code.packaging_id, code.location_id
from code
left join item on item.id = code.item_id
left join location on location.id = code.location_id
left join partner on partner.id = code.partner_id
where code.code = any(%(codes)s::text[])
union all
select elsewhere, 'elsewhere', '', '', null, null, null
from codes_elsewhere(%(codes)s::text[]) as elsewhere;

-- name: known_items
select id, code, name, decimals, tracking, expiry_rule, is_active
from item
where id = any(%(ids)s::bigint[]);

-- name: units
select code, name, decimals from unit;

-- name: categories
select id, code, name from category order by id;

-- name: item_names
select name, specification from item where is_active order by id;

-- name: partner_names
select name, '' as specification from partner where is_active order by id;

-- name: warehouses
select id, code, store_id from warehouse;

-- name: zones
select zone.id, zone.code, warehouse.code as warehouse
from zone join warehouse on warehouse.id = zone.warehouse_id;

-- name: packs_of_items
select item_id, name, trim_scale(quantity)::text as quantity
from packaging
where item_id = any(%(ids)s::bigint[]);

-- name: known_places
-- Real places only, each with the virtual one that opening stock of its store comes from.
select location.id, location.code, location.store_id, location.is_active,
    adjustment.id as adjustment_id
from location
join location adjustment
    on adjustment.store_id = location.store_id and adjustment.kind = 'adjustment'
where location.id = any(%(ids)s::bigint[]) and location.warehouse_id is not null;

-- name: lots_of_items
select item_id, code, produced_on, best_before_on, expires_on
from lot
where item_id = any(%(ids)s::bigint[]);

-- ---- The run ----------------------------------------------------------------------------------

-- name: insert_run
insert into import_run (store_id, kind, file_name, file_hash, file, settings, created_by)
values (%(store_id)s, %(kind)s, %(file_name)s, %(file_hash)s, %(file)s, %(settings)s,
        %(created_by)s)
returning id;

-- name: lock_run
select id, kind, state, settings, file_hash, row_count, bad_count
from import_run
where id = %(id)s
for update;

-- name: file_of_run
select file from import_run where id = %(id)s;

-- name: set_state
update import_run set state = %(state)s, problem = %(problem)s where id = %(id)s;

-- name: set_settings
update import_run set settings = %(settings)s where id = %(id)s;

-- name: clear_rows
delete from import_row where import_id = %(id)s;

-- name: insert_rows
-- Thousands of rows in one statement, as one JSON text.  (COPY is refused on a table with row-level
-- security; arrays of texts would be escaped twice.)
insert into import_row (import_id, number, cells, content, findings, is_bad, has_warning)
select %(id)s, number, cells, content, findings, is_bad, has_warning
from jsonb_to_recordset(%(rows)s::jsonb) as given (number integer, cells jsonb, content jsonb,
    findings jsonb, is_bad boolean, has_warning boolean);

-- name: store_check
update import_run set state = 'checked', problem = null, source = %(source)s,
    ignored = %(ignored)s, missing = %(missing)s, row_count = %(row_count)s,
    bad_count = %(bad_count)s, warning_count = %(warning_count)s, checked_at = now()
where id = %(id)s;

-- name: finish
update import_run set state = 'done', problem = null, imported_count = %(imported)s,
    applied_at = now()
where id = %(id)s;

-- name: lock_file
-- Two people who import the same file at once: the second one waits and is then told.
select pg_advisory_xact_lock(hashtextextended(%(file_hash)s || %(kind)s, 0));

-- name: imported_before
select id, applied_at from import_run
where file_hash = %(file_hash)s and kind = %(kind)s and state = 'done' and id <> %(id)s
order by id
limit 1;

-- ---- Writing: each statement answers how many rows it wrote, which is compared ----------------

-- name: missing_units
select distinct content ->> 'base_unit' as name
from import_row
where import_id = %(id)s and not is_bad
    and not exists (select from unit where unit.code = content ->> 'base_unit');

-- name: missing_categories
select distinct content ->> 'category' as name
from import_row
where import_id = %(id)s and not is_bad and content ? 'category' and not content ? 'category_id'
    and not exists (select from category where category.code = content ->> 'category');

-- name: insert_items
insert into item (code, name, specification, category_id, base_unit, decimals, tracking,
    expiry_rule, shelf_life_days, minimum_days_on_receipt, catch_weight, cost_method,
    inspect_on_receipt, safety_stock, price, tax_rate, weight_kg, volume_litre)
select content ->> 'code', content ->> 'name', coalesce(content ->> 'specification', ''),
    category.id, content ->> 'base_unit', (content ->> 'decimals')::integer,
    coalesce(content ->> 'tracking', 'none'), coalesce(content ->> 'expiry_rule', 'none'),
    (content ->> 'shelf_life_days')::integer,
    coalesce((content ->> 'minimum_days_on_receipt')::integer, 0),
    coalesce((content ->> 'catch_weight')::boolean, false), 'moving_average',
    coalesce((content ->> 'inspect_on_receipt')::boolean, false),
    coalesce((content ->> 'safety_stock')::numeric, 0),
    coalesce((content ->> 'price')::numeric, 0), coalesce((content ->> 'tax_rate')::numeric, 0),
    (content ->> 'weight_kg')::numeric, (content ->> 'volume_litre')::numeric
from import_row
left join category on category.id = (content ->> 'category_id')::bigint
    or (not content ? 'category_id' and category.code = content ->> 'category')
where import_id = %(id)s and not is_bad
order by number;

-- name: register_items
insert into code (code, kind, item_id)
select content ->> 'code_key', 'item', item.id
from import_row join item on item.code = content ->> 'code'
where import_id = %(id)s and not is_bad
on conflict (code) do nothing;

-- name: insert_packs
insert into packaging (item_id, name, quantity)
select distinct item.id, content ->> 'pack_name', (content ->> 'pack_quantity')::numeric
from import_row
join item on item.id = (content ->> 'item_id')::bigint
    or (not content ? 'item_id' and item.code = content ->> 'code')
where import_id = %(id)s and not is_bad and content ? 'pack_quantity'
on conflict on constraint packaging_name_once_per_item do nothing;

-- name: register_barcodes
-- An item whose own code is its barcode has one row already.
insert into code (code, kind, item_id)
select content ->> 'barcode_key', 'barcode', item.id
from import_row join item on item.code = content ->> 'code'
where import_id = %(id)s and not is_bad and content ? 'barcode'
    and content ->> 'barcode_key' <> content ->> 'code_key'
on conflict (code) do nothing;

-- name: register_pack_barcodes
insert into code (code, kind, item_id, packaging_id)
select content ->> 'pack_barcode_key', 'barcode', item.id, packaging.id
from import_row
join item on item.code = content ->> 'code'
join packaging on packaging.item_id = item.id and packaging.name = content ->> 'pack_name'
where import_id = %(id)s and not is_bad and content ? 'pack_barcode'
on conflict (code) do nothing;

-- name: register_more_barcodes
insert into code (code, kind, item_id, packaging_id)
select content ->> 'barcode_key', 'barcode', item.id, packaging.id
from import_row
join item on item.id = (content ->> 'item_id')::bigint
left join packaging
    on packaging.item_id = item.id and packaging.name = content ->> 'pack_name'
where import_id = %(id)s and not is_bad
on conflict (code) do nothing;

-- name: barcodes_to_register
select count(*) from import_row
where import_id = %(id)s and not is_bad and content ? 'barcode'
    and content ->> 'barcode_key' <> content ->> 'code_key';

-- name: pack_barcodes_to_register
select count(*) from import_row
where import_id = %(id)s and not is_bad and content ? 'pack_barcode';

-- name: insert_locations
insert into location (store_id, warehouse_id, zone_id, code, name, kind, sequence, check_letter)
select warehouse.store_id, warehouse.id, (content ->> 'zone_id')::bigint, content ->> 'code',
    coalesce(content ->> 'name', ''), coalesce(content ->> 'kind', 'storage'),
    coalesce((content ->> 'sequence')::integer, number), content ->> 'check_letter'
from import_row join warehouse on warehouse.id = (content ->> 'warehouse_id')::bigint
where import_id = %(id)s and not is_bad
order by number;

-- name: register_locations
insert into code (code, kind, location_id)
select content ->> 'code_key', 'location', location.id
from import_row join location on location.code = content ->> 'code'
where import_id = %(id)s and not is_bad
on conflict (code) do nothing;

-- name: insert_partners
insert into partner (code, name, kind, phone, tax_number)
select content ->> 'code', content ->> 'name', content ->> 'kind',
    coalesce(content ->> 'phone', ''), coalesce(content ->> 'tax_number', '')
from import_row
where import_id = %(id)s and not is_bad
order by number;

-- name: register_partners
insert into code (code, kind, partner_id)
select content ->> 'code_key', 'partner', partner.id
from import_row join partner on partner.code = content ->> 'code'
where import_id = %(id)s and not is_bad
on conflict (code) do nothing;

-- name: merge_lots
-- Makes the lots and fills in dates that they lack.  The check refused dates that differ; one that
-- has changed since then writes no row here, and opening_rows finds fewer.
insert into lot (item_id, code, produced_on, best_before_on, expires_on)
select (content ->> 'item_id')::bigint, content ->> 'lot', max(content ->> 'produced_on')::date,
    max(content ->> 'best_before_on')::date, max(content ->> 'expires_on')::date
from import_row
where import_id = %(id)s and not is_bad and content ? 'lot'
group by 1, 2
on conflict (item_id, code) do update set
    produced_on = coalesce(lot.produced_on, excluded.produced_on),
    best_before_on = coalesce(lot.best_before_on, excluded.best_before_on),
    expires_on = coalesce(lot.expires_on, excluded.expires_on)
where coalesce(excluded.produced_on = lot.produced_on, true)
    and coalesce(excluded.best_before_on = lot.best_before_on, true)
    and coalesce(excluded.expires_on = lot.expires_on, true);

-- name: lots_to_merge
select count(*) from (
    select distinct content ->> 'item_id', content ->> 'lot' from import_row
    where import_id = %(id)s and not is_bad and content ? 'lot'
) as lots;

-- name: opening_rows
select number, content, lot.id as lot_id
from import_row
join item on item.id = (content ->> 'item_id')::bigint and item.is_active
join location on location.id = (content ->> 'location_id')::bigint and location.is_active
left join lot on lot.item_id = item.id and lot.code = content ->> 'lot'
where import_id = %(id)s and not is_bad and (lot.id is not null or not content ? 'lot')
    and (item.tracking = 'none') = (lot.id is null)
order by number;

-- name: good_count
select count(*) from import_row where import_id = %(id)s and not is_bad;

-- name: currency_decimals
select currency_decimals from company where id = 1;

-- ---- Screens ----------------------------------------------------------------------------------

-- name: run
select import_run.id, kind, file_name, state, settings, source, ignored, missing, row_count,
    bad_count, warning_count, imported_count, problem, import_run.created_at, checked_at,
    applied_at, coalesce(app_user.name, '') as made_by
from import_run left join app_user on app_user.id = import_run.created_by
where import_run.id = %(id)s;

-- name: runs
select import_run.id, kind, file_name, state, settings, source, ignored, missing, row_count,
    bad_count, warning_count, imported_count, problem, import_run.created_at, checked_at,
    applied_at, coalesce(app_user.name, '') as made_by
from import_run left join app_user on app_user.id = import_run.created_by
where (%(before)s::bigint is null or import_run.id < %(before)s::bigint)
order by import_run.id desc
limit %(limit)s;

-- name: rows
-- The rows of a run from a number on; "bad", "warning" or "" (every row).
select number, cells, content, findings, is_bad, has_warning
from import_row
where import_id = %(id)s and number > %(after)s
    and (%(which)s = '' or (%(which)s = 'bad' and is_bad)
        or (%(which)s = 'warning' and has_warning))
order by number
limit %(limit)s;

-- name: finding_counts
-- What is wrong how often: the headline of the preview.
select finding ->> 'field' as field, finding ->> 'text' as text,
    (finding ->> 'warning')::boolean as warning, count(*) as count,
    (array_agg(number order by number))[1:5] as examples
from import_row, jsonb_array_elements(findings) as finding
where import_id = %(id)s
group by 1, 2, 3
order by 3, 4 desc;
