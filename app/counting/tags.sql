-- Radio tags that are counted in a place.

-- name: tags
-- The tags of a session as this place would count them: what they are, whether the books have it
-- here, and where a tag of this count was counted before.  A piece that is kept by lot is of the lot
-- that it was received as.
with known as materialized (
    select tag.id, tag.epc, tag.kind, tag.gtin, tag.serial, tag.sscc, tag.last_read_at,
           item.id as item_id, item.tracking, packaging.id as packaging_id,
           coalesce(packaging.quantity, 1) as factor,
           coalesce(item_facts(item), '{}') as item, logistic_unit.id as unit_id
    from rfid_tag as tag
    left join code on code.code = tag.gtin
    left join item on item.id = code.item_id and item.is_active
    left join packaging on packaging.id = code.packaging_id
    left join logistic_unit on logistic_unit.sscc = tag.sscc
        and logistic_unit.store_id = tag.store_id
    where tag.session_id = %(session_id)s and tag.id <= %(up_to)s
      and tag.kind in ('item', 'logistic_unit')
), before as materialized (
    select line.raw_code as epc, min(location.code) as location,
           bool_or(line.task_id = %(task_id)s) as is_here
    from count_line as line join location on location.id = line.location_id
    where line.count_id = %(count_id)s and line.round = %(round)s and line.source = 'rfid'
      and line.undone_at is null
    group by line.raw_code
), seen_unit as materialized (
    select distinct logistic_unit_id as id from count_line
    where task_id = %(task_id)s and undone_at is null and logistic_unit_id is not null
)
select known.id, known.epc, known.kind, known.gtin, known.serial, known.sscc, known.item_id,
       known.item, known.packaging_id, known.factor, known.unit_id, lot.id as lot_id,
       lot.code as lot, coalesce(before.location, same.location) as counted_in,
       coalesce(before.is_here, same.is_here, seen_unit.id is not null) as is_here,
       exists (
           select from balance
           where balance.location_id = %(location_id)s and balance.on_hand > 0
             and balance.item_id = known.item_id
             and balance.lot_id is not distinct from lot.id
       ) as is_expected
from known
left join before on before.epc = known.epc
left join seen_unit on seen_unit.id = known.unit_id
left join lateral (
    select lot.id, lot.code from lot
    where known.tracking = 'serial' and lot.item_id = known.item_id and lot.code = known.serial
    union all
    (select lot.id, lot.code
     from taken_tag
     join receipt_line on receipt_line.id = taken_tag.line_id
     join lot on lot.id = receipt_line.lot_id
     where known.tracking = 'lot' and taken_tag.epc = known.epc and taken_tag.released_at is null
       and lot.item_id = known.item_id
     order by taken_tag.taken_at desc limit 1)
) as lot on true
left join lateral (
    select location.code as location, line.task_id = %(task_id)s as is_here
    from count_line as line join location on location.id = line.location_id
    where known.tracking = 'serial' and line.count_id = %(count_id)s and line.is_serial
      and line.lot_id = lot.id and line.round = %(round)s and line.undone_at is null
      and line.quantity > 0
    limit 1
) as same on true
order by known.id

-- name: inside
-- What the books have in logistic units.
select balance.logistic_unit_id as unit_id, balance.item_id, balance.lot_id,
       sum(balance.on_hand) as quantity,
       bool_or(balance.location_id = %(location_id)s) as is_expected
from balance
where balance.logistic_unit_id = any(%(unit_ids)s) and balance.store_id = %(store_id)s
  and balance.on_hand > 0
group by balance.logistic_unit_id, balance.item_id, balance.lot_id

-- name: make_serials
insert into lot (item_id, code)
select distinct item_id, lot
from jsonb_to_recordset(%(entries)s::jsonb) as given (item_id bigint, lot text, lot_id bigint)
where lot_id is null and lot is not null
order by item_id, lot
on conflict (item_id, code) do nothing

-- name: insert_tags
-- A line for each tag, seen when it was read; never before somebody came here, never later than now.
insert into count_line (count_id, task_id, store_id, location_id, item_id, lot_id,
                        logistic_unit_id, packaging_id, entered_quantity, factor, quantity,
                        is_serial, is_unexpected, source, raw_code, round, command_id, user_id,
                        occurred_at)
select task.count_id, task.id, task.store_id, task.location_id, given.item_id,
       coalesce(given.lot_id, lot.id), given.unit_id, given.packaging_id,
       given.quantity / given.factor, given.factor, given.quantity, item.tracking = 'serial',
       given.is_unexpected, 'rfid', given.epc, task.round, %(command_id)s, %(user_id)s,
       greatest(least(tag.last_read_at, %(occurred_at)s), task.begun_at)
from jsonb_to_recordset(%(entries)s::jsonb) as given (
    tag_id bigint, epc text, item_id bigint, lot text, lot_id bigint, unit_id bigint,
    packaging_id bigint, factor numeric, quantity numeric, is_unexpected boolean
)
join count_task as task on task.id = %(task_id)s
join rfid_tag as tag on tag.id = given.tag_id
join item on item.id = given.item_id
left join lot on lot.item_id = given.item_id and lot.code = given.lot
order by given.tag_id

-- name: sessions
-- Reading sessions of the store: those that go on first, then the newest.
select session.id, session.name, session.reader, session.state, session.created_at,
       session.last_read_at, store.name as store,
       (select count(*) from rfid_tag where session_id = session.id and kind <> 'invalid') as tags
from rfid_session as session join store on store.id = session.store_id
where session.store_id = %(store_id)s
order by session.state <> 'open', session.last_read_at desc nulls last, session.id desc
limit 20
