-- The scan log, the browsers' numbers and the conflict inbox.

-- name: was_booked
select outcome = 'done' from stored_command(%(command_id)s)

-- name: is_conflict
select exists (select from command where id = %(about_id)s and outcome = 'refused')
    or exists (select from conflict_event where about_id = %(about_id)s)

-- name: last_event
select e.event, e.note, coalesce(u.name, '') as name
from conflict_event e left join app_user u on u.id = e.user_id
where e.about_id = %(about_id)s order by e.id desc limit 1

-- name: scans
-- Newest first.  A part of a code is looked for among the days that are asked for.
select l.id, l.kind, l.code, l.symbology, l.source, coalesce(u.name, '') as user_name,
       coalesce(d.name, '') as device_name, coalesce(s.name, '') as store_name, l.installation,
       l.sequence, l.occurred_at, l.recorded_at, l.clock_offset, l.outcome, l.answer, l.retry_of,
       l.payload
from scan_log l
left join app_user u on u.id = l.user_id
left join device d on d.id = l.device_id
left join store s on s.id = l.store_id
where (%(code)s = '' or l.code ilike %(pattern)s)
  and (%(user)s = '' or u.name ilike %(user_pattern)s or u.login = %(user)s)
  and (%(device)s::bigint is null or l.device_id = %(device)s::bigint)
  and (%(installation)s::uuid is null or l.installation = %(installation)s::uuid)
  and (%(store)s::bigint is null or l.store_id = %(store)s::bigint)
  and (%(outcome)s = '' or l.outcome = %(outcome)s)
  and l.recorded_at >= %(since)s::timestamptz and l.recorded_at < %(until)s::timestamptz
  and (%(after_at)s::timestamptz is null
       or (l.recorded_at, l.id) < (%(after_at)s::timestamptz, %(after_id)s::uuid))
order by l.recorded_at desc, l.id desc
limit %(limit)s

-- name: command
-- Any command of a device, scan or not.
select c.id, c.kind, coalesce(c.payload ->> 'code', '') as code,
       coalesce(c.payload ->> 'symbology', '') as symbology,
       coalesce(c.payload ->> 'source', '') as source, coalesce(u.name, '') as user_name,
       coalesce(d.name, '') as device_name, coalesce(s.name, '') as store_name, c.installation,
       c.sequence, c.occurred_at, c.recorded_at, c.recorded_at - c.sent_at as clock_offset,
       c.outcome, c.answer, c.retry_of, c.payload
from command c
left join app_user u on u.id = c.user_id
left join device d on d.id = c.device_id
left join store s on s.id = c.store_id
where c.id = %(command_id)s

-- name: retries
select c.id, c.outcome, c.answer, coalesce(u.name, '') as user_name, c.recorded_at
from command c left join app_user u on u.id = c.user_id
where c.retry_of = %(command_id)s order by c.recorded_at

-- name: events
select e.event, e.note, coalesce(u.name, '') as user_name, e.recorded_at, e.content
from conflict_event e left join app_user u on u.id = e.user_id
where e.about_id = %(about_id)s order by e.id

-- name: conflicts
-- What waits for somebody: refusals that came when nobody looked, and what devices handed over.
-- A retry takes the first away: done, it is settled; refused on a device, it is an entry itself.
with late as (
    select c.id from command c
    where c.outcome = 'refused' and c.installation is not null and not c.told
      and c.recorded_at >= %(since)s::timestamptz
      and c.recorded_at - c.occurred_at > interval '10 seconds'
      and c.kind not like 'outbox.%%'
      and not exists (select from command r where r.retry_of = c.id
                      and (r.outcome = 'done' or r.installation is not null))
), last as (
    select distinct on (e.about_id) e.about_id, e.event, e.note, e.user_id, e.recorded_at
    from conflict_event e order by e.about_id, e.id desc
), handed as (
    select distinct on (e.about_id) e.about_id, e.content, e.note, e.user_id, e.recorded_at,
           e.store_id
    from conflict_event e where e.event = 'handed_over' order by e.about_id, e.id desc
), open as (
    select id as about_id from late
    where not exists (select from last where last.about_id = late.id
                      and last.event in ('resolved', 'discarded'))
    union
    select about_id from last where event in ('handed_over', 'taken')
)
select o.about_id, coalesce(c.kind, '') as kind, c.payload, c.answer, h.content,
       coalesce(h.note, '') as note, coalesce(maker.name, handing.name, '') as user_name,
       coalesce(d.name, '') as device_name, coalesce(s.name, '') as store_name,
       coalesce(c.occurred_at, h.recorded_at) as occurred_at,
       coalesce(h.recorded_at, c.recorded_at) as reported_at,
       case when last.event = 'taken' then taking.name end as taken_by
from open o
left join command c on c.id = o.about_id
left join handed h on h.about_id = o.about_id
left join last on last.about_id = o.about_id
left join app_user maker on maker.id = c.user_id
left join app_user handing on handing.id = h.user_id
left join app_user taking on taking.id = last.user_id
left join device d on d.id = c.device_id
left join store s on s.id = coalesce(c.store_id, h.store_id)
order by coalesce(h.recorded_at, c.recorded_at) desc
limit 500

-- name: browsers
-- One row per browser that sent something lately: its newest command, and the numbers it skipped.
select n.installation, n.last_number, n.missing, newest.recorded_at as last_seen_at,
       newest.recorded_at - newest.sent_at as clock_offset, coalesce(u.name, '') as user_name,
       coalesce(d.name, '') as device_name, clone.was, clone.recorded_at as renewed_at
from browser_numbers(%(since)s::timestamptz) n
left join lateral (
    select c.recorded_at, c.sent_at, c.user_id, c.device_id from command c
    where c.installation = n.installation order by c.sequence desc limit 1
) newest on true
left join lateral (
    select (c.payload ->> 'was')::uuid as was, c.recorded_at from command c
    where c.installation = n.installation and c.sequence is not null
      and c.kind = 'outbox.report_new_number' order by c.sequence limit 1
) clone on true
left join app_user u on u.id = newest.user_id
left join device d on d.id = newest.device_id
order by cardinality(n.missing) = 0, newest.recorded_at desc
limit 500
