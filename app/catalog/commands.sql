-- What the commands of the catalog write: codes, places, lots, numbers.

-- name: register
-- "do nothing" waits for a transaction that registers the same code at this moment, so of two the
-- second always sees 0 rows and can say what the code means now.
insert into code (code, kind, item_id, packaging_id, location_id, partner_id)
values (%(code)s, %(kind)s, %(item_id)s, %(packaging_id)s, %(location_id)s, %(partner_id)s)
on conflict (code) do nothing;

-- name: release
delete from code where code = %(code)s and kind = %(kind)s;

-- name: meaning
select code.code, code.kind,
    coalesce(item.code, location.code, partner.code) as owner,
    coalesce(item.name, location.name, partner.name) as name,
    code.item_id, code.packaging_id, code.location_id, code.partner_id
from code
left join item on item.id = code.item_id
left join location on location.id = code.location_id
left join partner on partner.id = code.partner_id
where code.code = %(code)s;

-- name: visible_store
-- Everyone may know of a store; only its own people may build in it.
select id from store
where id = %(store_id)s and (sees_all_stores() or id = any(visible_stores()));

-- name: make_virtual_locations
-- Once per store: the index location_virtual_once_per_store skips those that exist.
insert into location (store_id, code, name, kind, sequence)
select store.id, '@' || store.code || '/' || kind, '', kind, 0
from store, unnest(%(kinds)s::text[]) as kind
where store.id = %(store_id)s
on conflict do nothing;

-- name: insert_locations
-- Without a sequence they go to the end of the warehouse's walk, in the order of the codes.
insert into location (store_id, warehouse_id, zone_id, code, name, kind, sequence, check_letter)
select %(store_id)s, %(warehouse_id)s, %(zone_id)s, given.code, %(name)s, %(kind)s,
    coalesce(%(sequence)s::integer,
        (select coalesce(max(sequence), 0) from location where warehouse_id = %(warehouse_id)s)
            + given.place::integer),
    given.letter
from unnest(%(codes)s::text[], %(letters)s::text[]) with ordinality as given (code, letter, place)
order by given.place
returning id, code;

-- name: lot
select id, produced_on, best_before_on, expires_on
from lot
where item_id = %(item_id)s and code = %(code)s;

-- name: merge_lot
-- Makes the lot or fills in the dates that it lacks; no row where a known date is another one.
insert into lot (item_id, code, produced_on, best_before_on, expires_on)
values (%(item_id)s, %(code)s, %(produced_on)s, %(best_before_on)s, %(expires_on)s)
on conflict (item_id, code) do update set
    produced_on = coalesce(lot.produced_on, excluded.produced_on),
    best_before_on = coalesce(lot.best_before_on, excluded.best_before_on),
    expires_on = coalesce(lot.expires_on, excluded.expires_on)
where coalesce(excluded.produced_on = lot.produced_on, true)
    and coalesce(excluded.best_before_on = lot.best_before_on, true)
    and coalesce(excluded.expires_on = lot.expires_on, true)
returning id, produced_on, best_before_on, expires_on;

-- name: next_number
insert into number_series (prefix, last_number) values (%(prefix)s, 1)
on conflict (prefix) do update set last_number = number_series.last_number + 1
returning last_number;

-- name: gs1_prefix
select gs1_prefix from company

-- name: take_numbers
-- The last of a block of numbers, which nobody else gets.
insert into number_series (prefix, last_number) values (%(prefix)s, %(count)s)
on conflict (prefix) do update set last_number = number_series.last_number + %(count)s
returning last_number

-- name: insert_units
insert into logistic_unit (store_id, sscc)
select %(store_id)s, given.sscc
from unnest(%(ssccs)s::text[]) with ordinality as given (sscc, place)
order by given.place
returning id, sscc
