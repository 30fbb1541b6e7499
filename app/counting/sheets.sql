-- Count sheets: which lines they have, and what came back on them.

-- name: insert_sheets
-- The places that nobody has begun, in the order of the way, cut into sheets of about so many lines;
-- a place is never cut.
with place as (
    select count_task.id as task_id, count_task.location_id, location.sequence, location.code,
           balance.item_id is null as is_bare,
           coalesce(balance.item_id, count_task.item_id) as item_id, balance.lot_id,
           balance.logistic_unit_id, coalesce(sum(balance.on_hand), 0) as book
    from count_task
    join location on location.id = count_task.location_id
    left join balance on balance.location_id = count_task.location_id and balance.on_hand <> 0
      and (count_task.item_id is null or count_task.item_id = balance.item_id)
    where count_task.count_id = %(count_id)s and count_task.state = 'open'
      and (%(zone_id)s::bigint is null or location.zone_id = %(zone_id)s)
    group by count_task.id, location.id, balance.item_id, balance.lot_id, balance.logistic_unit_id
), walked as (
    select place.*, row_number() over (
               order by place.sequence, place.code, place.task_id, item.code, lot.code,
                        place.lot_id, place.logistic_unit_id
           ) as position
    from place
    left join item on item.id = place.item_id
    left join lot on lot.id = place.lot_id
), begun as (
    select walked.*, min(position) over (partition by task_id) as first from walked
), cut as (
    select begun.*, dense_rank() over (order by (first - 1) / %(most)s::integer) as part from begun
), sheet as (
    insert into count_sheet (count_id, store_id, code, is_blind, line_count, page_count, state,
                             language, address, created_by)
    select %(count_id)s, %(store_id)s, format('%%s-S%%s', %(number)s::text, %(already)s::integer + part),
           %(is_blind)s, count(*),
           ceil((count(*) + %(spare)s::integer)::numeric / %(per_page)s::integer),
           case when count(*) > %(at_once)s::integer then 'making' else 'ready' end,
           %(language)s, %(address)s, %(user_id)s
    from cut group by part
    returning id, code
)
insert into count_sheet_line (sheet_id, number, store_id, task_id, location_id, item_id, lot_id,
                              logistic_unit_id, book)
select sheet.id, row_number() over (partition by cut.part order by cut.position), %(store_id)s,
       cut.task_id, cut.location_id, cut.item_id, cut.lot_id, cut.logistic_unit_id, cut.book
from cut
join sheet on sheet.code = format('%%s-S%%s', %(number)s::text, %(already)s::integer + cut.part)

-- name: sheets_of_count
select count(*) from count_sheet where count_id = %(count_id)s

-- name: newest_sheets
select id, code, state from count_sheet
where count_id = %(count_id)s order by id desc limit %(most)s

-- name: sheets
select count_sheet.id, count_sheet.code, count_sheet.is_blind, count_sheet.line_count,
       count_sheet.page_count, count_sheet.state, count_sheet.created_at,
       app_user.name as created_by,
       (select count(distinct count_sheet_line.task_id) from count_sheet_line
        where count_sheet_line.sheet_id = count_sheet.id) as places,
       (select count(distinct count_sheet_line.task_id) from count_sheet_line
        join count_task on count_task.id = count_sheet_line.task_id
        where count_sheet_line.sheet_id = count_sheet.id and count_task.state = 'done') as done
from count_sheet
left join app_user on app_user.id = count_sheet.created_by
where count_sheet.count_id = %(count_id)s
order by count_sheet.id desc limit %(most)s

-- name: head
select count_sheet.id, count_sheet.code, count_sheet.count_id, count_sheet.store_id,
       count_sheet.is_blind, count_sheet.line_count, count_sheet.page_count, count_sheet.state,
       count_sheet.language, count_sheet.address, count_sheet.created_at, stock_count.number,
       stock_count.kind, stock_count.note, store.name as store, store.time_zone,
       company.name as company, app_user.name as created_by
from count_sheet
join stock_count on stock_count.id = count_sheet.count_id
join store on store.id = count_sheet.store_id
cross join company
left join app_user on app_user.id = count_sheet.created_by
where count_sheet.id = %(sheet_id)s

-- name: lines
select line.number, location.code as location, coalesce(item.code, '') as item_code,
       coalesce(item.name, '') as item_name, coalesce(item.specification, '') as specification,
       coalesce(item.base_unit, '') as unit, coalesce(lot.code, '') as lot,
       coalesce(lot.expires_on, lot.best_before_on) as last_day,
       coalesce(logistic_unit.sscc, '') as sscc, line.book
from count_sheet_line as line
join location on location.id = line.location_id
left join item on item.id = line.item_id
left join lot on lot.id = line.lot_id
left join logistic_unit on logistic_unit.id = line.logistic_unit_id
where line.sheet_id = %(sheet_id)s
order by line.number

-- name: file
select file from count_sheet where id = %(sheet_id)s

-- name: keep_file
update count_sheet set file = %(file)s, state = 'ready' where id = %(sheet_id)s

-- name: set_failed
update count_sheet set state = 'failed' where id = %(sheet_id)s and state = 'making'

-- name: sheet_by_code
select id, count_id, code from count_sheet where code = %(code)s

-- name: zones_to_count
select distinct zone.id, concat(warehouse.name, ' ', zone.name) as name
from count_task
join location on location.id = count_task.location_id
join zone on zone.id = location.zone_id
join warehouse on warehouse.id = zone.warehouse_id
where count_task.count_id = %(count_id)s and count_task.state = 'open'
order by 2 limit 500

-- What a filled sheet is compared with ------------------------------------------------------------

-- name: known_places
-- The locations that a file names: their task on this sheet, and why they cannot be counted by it.
with task as materialized (
    select count_task.id, count_task.location_id, count_task.item_id, count_task.state,
           count_task.held_by, count_task.round, count_task.count_id
    from (
        select distinct count_sheet_line.task_id from count_sheet_line
        where count_sheet_line.sheet_id = %(sheet_id)s
    ) as listed
    join count_task on count_task.id = listed.task_id
), scanned as materialized (
    select distinct count_line.task_id
    from count_line
    where count_line.undone_at is null
      and count_line.task_id = any(array(select task.id from task where state = 'in_progress'))
), own as materialized (
    select earlier.location_id, earlier.item_id, earlier.round
    from count_sheet
    join count_task as earlier on earlier.count_id = count_sheet.count_id
    where count_sheet.id = %(sheet_id)s and earlier.counted_by = %(counted_by)s
)
select code.code, location.id, location.code as name, task.id as task_id, task.item_id,
       item.name as item, task.state, holder.name as holder,
       scanned.task_id is not null as has_lines,
       task.id is not null and task.round > 1 and exists (
           select from own
           where own.location_id = task.location_id and own.round < task.round
             and (own.item_id is null or own.item_id = task.item_id)
       ) as counted_before
from code
join location on location.id = code.location_id
left join task on task.location_id = location.id
left join scanned on scanned.task_id = task.id
left join item on item.id = task.item_id
left join app_user as holder on holder.id = task.held_by
where code.kind = 'location' and code.code = any(%(codes)s::text[])

-- name: places_elsewhere
-- Which of these codes are places of stores that the caller does not see.
select elsewhere as code from codes_elsewhere(%(codes)s::text[]) as elsewhere

-- name: known_items
select code.code, item.id, item.name, item.base_unit as unit, item.decimals, item.tracking,
       item.expiry_rule, item.is_active
from code join item on item.id = code.item_id
where code.code = any(%(codes)s::text[]) and code.packaging_id is null

-- name: known_lots
select id, item_id, code, produced_on, best_before_on, expires_on
from lot where item_id = any(%(item_ids)s::bigint[]) and code = any(%(lots)s::text[])

-- name: known_units
select id, sscc from logistic_unit where sscc = any(%(codes)s::text[])

-- name: seen_serials
-- Serial numbers that this count has seen in the same round by other ways.
select count_line.lot_id, location.code as location
from count_line join location on location.id = count_line.location_id
where count_line.count_id = %(count_id)s and count_line.is_serial
  and count_line.undone_at is null and count_line.quantity > 0

-- name: expected
-- The lines of places that are not counted yet.
select line.number, line.task_id, line.location_id, line.item_id, line.lot_id,
       line.logistic_unit_id, line.book, location.code as location,
       coalesce(item.name, '') as item, coalesce(lot.code, '') as lot
from count_sheet_line as line
join count_task on count_task.id = line.task_id and count_task.state in ('open', 'in_progress')
join location on location.id = line.location_id
left join item on item.id = line.item_id
left join lot on lot.id = line.lot_id
where line.sheet_id = %(sheet_id)s
order by line.number

-- Uploads ------------------------------------------------------------------------------------------

-- name: same_upload
select count_upload.id, count_upload.state, count_upload.created_at, app_user.name as created_by
from count_upload
left join app_user on app_user.id = count_upload.created_by
where count_upload.count_id = %(count_id)s and count_upload.digest = %(digest)s
  and count_upload.state <> 'discarded'

-- name: insert_upload
insert into count_upload (count_id, store_id, sheet_id, file_name, digest, counted_by, counted_at,
                          rows, findings, figures, created_by)
values (%(count_id)s, %(store_id)s, %(sheet_id)s, %(file_name)s, %(digest)s, %(counted_by)s,
        %(counted_at)s, %(rows)s, %(findings)s, %(figures)s, %(user_id)s)
returning id

-- name: lock_upload
select count_upload.id, count_upload.count_id, count_upload.store_id, count_upload.sheet_id,
       count_sheet.code as sheet, count_upload.state, count_upload.counted_by,
       count_upload.counted_at, count_upload.rows
from count_upload join count_sheet on count_sheet.id = count_upload.sheet_id
where count_upload.id = %(upload_id)s
for no key update of count_upload

-- name: upload
select count_upload.id, count_upload.count_id, count_upload.sheet_id, count_sheet.code as sheet,
       count_sheet.is_blind, count_upload.file_name, count_upload.state, count_upload.counted_at,
       count_upload.findings, count_upload.figures, count_upload.created_at,
       count_upload.closed_at, counter.name as counted_by, app_user.name as created_by,
       stock_count.number, stock_count.state as count_state
from count_upload
join count_sheet on count_sheet.id = count_upload.sheet_id
join stock_count on stock_count.id = count_upload.count_id
join app_user as counter on counter.id = count_upload.counted_by
left join app_user on app_user.id = count_upload.created_by
where count_upload.id = %(upload_id)s

-- name: uploads
select count_upload.id, count_sheet.code as sheet, count_upload.file_name, count_upload.state,
       count_upload.figures, count_upload.created_at, counter.name as counted_by
from count_upload
join count_sheet on count_sheet.id = count_upload.sheet_id
join app_user as counter on counter.id = count_upload.counted_by
where count_upload.count_id = %(count_id)s
order by count_upload.id desc limit %(most)s

-- name: set_check
update count_upload set findings = %(findings)s, figures = %(figures)s where id = %(upload_id)s

-- name: close_upload
update count_upload
set state = %(state)s, closed_at = now(), figures = figures || %(figures)s::jsonb
where id = %(upload_id)s

-- name: lock_sheet_tasks
select count_task.id from count_task
where count_task.id in (
    select count_sheet_line.task_id from count_sheet_line
    where count_sheet_line.sheet_id = %(sheet_id)s
)
order by count_task.id
for no key update

-- name: make_lots
-- The lots that the sheet found; dates that known ones lack are filled in.
insert into lot (item_id, code, produced_on, best_before_on, expires_on)
select given.item_id, given.lot, max(given.produced_on), max(given.best_before_on),
       max(given.expires_on)
from jsonb_to_recordset(%(entries)s::jsonb) as given (
    item_id bigint, lot text, produced_on date, best_before_on date, expires_on date
)
where given.lot is not null
group by 1, 2
on conflict (item_id, code) do update set
    produced_on = coalesce(lot.produced_on, excluded.produced_on),
    best_before_on = coalesce(lot.best_before_on, excluded.best_before_on),
    expires_on = coalesce(lot.expires_on, excluded.expires_on)
where lot.produced_on is null and excluded.produced_on is not null
   or lot.best_before_on is null and excluded.best_before_on is not null
   or lot.expires_on is null and excluded.expires_on is not null

-- name: insert_lines
insert into count_line (count_id, task_id, store_id, location_id, item_id, lot_id,
                        logistic_unit_id, entered_quantity, quantity, is_serial, is_unexpected,
                        unit_cost, source, raw_code, round, command_id, user_id, occurred_at)
select count_task.count_id, count_task.id, count_task.store_id, count_task.location_id,
       given.item_id, lot.id, given.unit_id, given.quantity, given.quantity,
       item.tracking = 'serial', given.is_unexpected, given.unit_cost, 'sheet',
       format('%%s:%%s', %(sheet)s::text, given.row), count_task.round, %(command_id)s,
       %(counted_by)s, %(counted_at)s
from jsonb_to_recordset(%(entries)s::jsonb) as given (
    row integer, task_id bigint, item_id bigint, lot text, unit_id bigint, quantity numeric,
    unit_cost numeric, is_unexpected boolean
)
join count_task on count_task.id = given.task_id
join item on item.id = given.item_id
left join lot on lot.item_id = given.item_id and lot.code = given.lot
order by given.row

-- name: end_tasks
update count_task
set state = 'done', closed_at = %(counted_at)s, counted_by = %(counted_by)s,
    held_by = %(counted_by)s, begun_at = coalesce(begun_at, %(counted_at)s),
    is_empty = not exists (
        select from count_line
        where count_line.task_id = count_task.id and count_line.undone_at is null
    ),
    step = %(step)s, version = version + 1
where id = any(%(task_ids)s) and state in ('open', 'in_progress')

-- name: places_to_free
-- Locked places of these tasks where nothing is left to count.
select distinct count_task.location_id as id
from count_task
join count_lock on count_lock.location_id = count_task.location_id
where count_task.id = any(%(task_ids)s) and count_lock.reason = %(reason)s and not exists (
    select from count_task as other
    where other.count_id = count_task.count_id and other.location_id = count_task.location_id
      and other.state in ('open', 'in_progress')
)
order by 1
