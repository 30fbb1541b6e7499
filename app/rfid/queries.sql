-- Reading sessions and their tags; row-level security hides those of other stores.

-- name: lock_session
select id, store_id, name, reader, state from rfid_session where id = %(session_id)s
for no key update

-- name: session_named
select id, store_id, name, reader, state from rfid_session
where store_id = %(store_id)s and name = %(name)s
for no key update

-- name: open_session_of_reader
-- A reader that names no session goes on with its newest open one.
select id, store_id, name, reader, state from rfid_session
where store_id = %(store_id)s and reader = %(reader)s and state = 'open'
order by id desc limit 1
for no key update

-- name: insert_session
insert into rfid_session (store_id, name, reader, created_by)
values (%(store_id)s, %(name)s, %(reader)s, %(user_id)s)
on conflict (store_id, name) do nothing
returning id, store_id, name, reader, state

-- name: record_tags
-- Each tag once; the times widen and the reads add up.
insert into rfid_tag (session_id, store_id, epc, kind, scheme, gtin, serial, sscc, problem, raw,
                      first_read_at, last_read_at, read_count, antennas, best_rssi)
select %(session_id)s, %(store_id)s, seen.epc, seen.kind, seen.scheme, seen.gtin, seen.serial,
       seen.sscc, seen.problem, seen.raw, seen.first_read_at, seen.last_read_at, seen.read_count,
       coalesce(string_to_array(nullif(seen.antennas, ''), chr(31)), '{}'), seen.best_rssi
from unnest(%(epcs)s::text[], %(kinds)s::text[], %(schemes)s::text[], %(gtins)s::text[],
            %(serials)s::text[], %(ssccs)s::text[], %(problems)s::text[], %(raws)s::text[],
            %(firsts)s::timestamptz[], %(lasts)s::timestamptz[], %(counts)s::bigint[],
            %(antennas)s::text[], %(strengths)s::numeric[])
     as seen (epc, kind, scheme, gtin, serial, sscc, problem, raw, first_read_at, last_read_at,
              read_count, antennas, best_rssi)
on conflict (session_id, epc) do update set
    first_read_at = least(rfid_tag.first_read_at, excluded.first_read_at),
    last_read_at = greatest(rfid_tag.last_read_at, excluded.last_read_at),
    read_count = rfid_tag.read_count + excluded.read_count,
    best_rssi = greatest(rfid_tag.best_rssi, excluded.best_rssi),
    antennas = case when excluded.antennas <@ rfid_tag.antennas then rfid_tag.antennas
                    else (array(select distinct one from unnest(rfid_tag.antennas
                                || excluded.antennas) as one order by one))[1:16] end
returning (xmax = 0) as is_new

-- name: note_reading
update rfid_session set last_read_at = greatest(last_read_at, %(read_at)s) where id = %(session_id)s

-- name: close_session
update rfid_session set state = 'done', closed_at = coalesce(closed_at, now())
where id = %(session_id)s

-- name: sessions
select session.id, session.name, session.reader, session.state, session.created_at,
       session.last_read_at, store.name as store,
       (select count(*) from rfid_tag where session_id = session.id and kind <> 'invalid') as tags
from rfid_session session join store on store.id = session.store_id
where %(before)s::bigint is null or session.id < %(before)s
order by session.id desc
limit %(limit)s

-- name: session
select session.id, session.store_id, session.name, session.reader, session.state,
       session.created_at, session.last_read_at, store.name as store,
       coalesce(max(tag.id), 0) as newest, count(tag.id) as tags,
       coalesce(sum(tag.read_count), 0)::bigint as reads,
       count(*) filter (where tag.kind = 'invalid') as invalid,
       count(*) filter (where exists (
           select from taken_tag taken where taken.epc = tag.epc and taken.released_at is null
             and taken.session_id = session.id)) as taken
from rfid_session session
join store on store.id = session.store_id
left join rfid_tag tag on tag.session_id = session.id
where session.id = %(session_id)s
group by session.id, store.id

-- name: tally
-- The pieces of each GTIN, those without an item too; the newest first.
select tag.gtin, item.id as item_id, item.code, item.name, item.specification, item.base_unit as unit,
       item.tracking, packaging.name as packaging, coalesce(packaging.quantity, 1) as factor,
       count(*) as tags, count(taken.epc) as taken, max(tag.last_read_at) as last_read_at
from rfid_tag tag
left join code on code.code = tag.gtin
left join item on item.id = code.item_id and item.is_active
left join packaging on packaging.id = code.packaging_id
left join lateral (
    select epc from taken_tag where taken_tag.epc = tag.epc and released_at is null limit 1
) as taken on true
where tag.session_id = %(session_id)s and tag.kind = 'item'
group by tag.gtin, item.id, packaging.id
order by item.id is null, max(tag.id) desc

-- name: units
-- Logistic units that were seen; ``known`` ones are ours already.
select tag.sscc, tag.last_read_at, logistic_unit.id is not null as known
from rfid_tag tag left join logistic_unit on logistic_unit.sscc = tag.sscc
where tag.session_id = %(session_id)s and tag.kind = 'logistic_unit'
order by tag.id desc
limit %(limit)s

-- name: odd_tags
-- Tags of other kinds, and what is no tag at all with the reason.
select epc, kind, scheme, problem, raw, read_count, last_read_at
from rfid_tag where session_id = %(session_id)s and kind in ('other', 'invalid')
order by kind, id desc
limit %(limit)s

-- name: tags
-- The tags of a session up to a moment, with where they were received before.
select tag.id, tag.epc, tag.kind, tag.gtin, tag.serial, tag.sscc, tag.raw,
       (select taken.receipt_id from taken_tag taken
        where taken.epc = tag.epc and taken.released_at is null
        order by taken.receipt_id = %(receipt_id)s desc, taken.taken_at desc limit 1
       ) as taken_by
from rfid_tag tag
where tag.session_id = %(session_id)s and tag.id <= %(up_to)s
  and tag.kind in ('item', 'logistic_unit')
order by tag.gtin, tag.serial, tag.id

-- name: company_prefix
select gs1_prefix from company
