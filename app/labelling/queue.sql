-- Printers, and labels on their way to them.

-- ---- What the commands write ------------------------------------------------------------------

-- name: printer_to_use
select id, store_id, name, host, port, language, dpi, size, is_active, reports_status
from printer where id = %(id)s

-- name: insert_run
insert into print_run (
    store_id, printer_id, title, size, language, label_count, copies, start, state, content,
    created_by
) values (
    %(store_id)s, %(printer_id)s, %(title)s, %(size)s, %(language)s, %(label_count)s, %(copies)s,
    %(start)s, %(state)s, %(content)s, %(created_by)s
)
returning id

-- name: insert_labels
-- One row per label of paper: each copy has a fate of its own.
insert into print_label (
    run_id, store_id, printer_id, kind, thing_id, title, content, reason, reprint_of
)
select %(run_id)s, %(store_id)s, %(printer_id)s, given.kind, given.thing_id, given.title,
       given.content, %(reason)s, %(reprint_of)s
from rows from (
    jsonb_to_recordset(%(labels)s)
        as (kind text, thing_id bigint, title text, content jsonb, copies integer)
) with ordinality as given (kind, thing_id, title, content, copies, place)
cross join lateral generate_series(1, given.copies * %(copies)s) as copy
order by given.place, copy

-- name: label_to_reprint
select label.id, label.run_id, label.store_id, label.printer_id, label.kind, label.thing_id,
       label.title, label.content, run.language
from print_label label join print_run run on run.id = label.run_id
where label.id = %(id)s

-- name: settle
-- Labels of these ids or of this run, where they are in one of the states that the step starts from.
update print_label
set state = %(to)s, problem = null,
    printed_at = case when %(to)s = 'printed' then now() end
where (id = any(%(ids)s::bigint[]) or run_id = %(run_id)s) and state = any(%(from)s::text[])
returning printer_id

-- ---- What the sending job writes --------------------------------------------------------------

-- name: interrupted
-- Two senders never work for one printer at once: these were being sent when the server stopped.
update print_label set state = 'unsure', problem = %(problem)s
where printer_id = %(printer_id)s and state = 'sent' and delivered_at is null

-- name: waiting
select label.id, label.kind, label.content, run.language
from print_label label join print_run run on run.id = label.run_id
where label.printer_id = %(printer_id)s and label.state = 'queued'
order by label.id
limit %(limit)s

-- name: claim
update print_label
set state = 'sent', sent_at = now(), delivered_at = null, printed_at = null, problem = null
where id = %(id)s and state = 'queued'
returning id

-- name: delivered
update print_label set delivered_at = now() where id = %(id)s and state = 'sent'

-- name: printed
update print_label set state = 'printed', printed_at = now(), problem = null
where id = any(%(ids)s::bigint[]) and state = 'sent'

-- name: unsure
update print_label set state = 'unsure', problem = %(problem)s
where id = any(%(ids)s::bigint[]) and state = 'sent'

-- name: failed
update print_label set state = 'failed', problem = %(problem)s
where id = any(%(ids)s::bigint[]) and state = 'queued'

-- name: all_failed
update print_label set state = 'failed', problem = %(problem)s
where printer_id = %(printer_id)s and state = 'queued'

-- name: note_status
update printer set reports_status = %(reports)s where id = %(id)s

-- ---- What the job of a PDF reads and writes ---------------------------------------------------

-- name: run_to_make
select id, size, language, copies, start, content
from print_run where id = %(id)s and state = 'making'

-- name: store_file
update print_run
set state = 'ready', file = %(file)s, content = null, problem = null, made_at = now()
where id = %(id)s and state = 'making'

-- name: drop_old_files
update print_run set file = null where file is not null and made_at < now() - interval '7 days'

-- name: run_failed
update print_run set state = 'failed', problem = %(problem)s
where id = %(id)s and state = 'making'

-- ---- What the screens show --------------------------------------------------------------------

-- name: printers
-- Of a store, or of all that the caller sees; those in use first.
select printer.id, printer.store_id, store.name as store_name, printer.name, printer.host,
       printer.port, printer.language, printer.dpi, printer.size, printer.is_active,
       printer.reports_status,
       (select count(*) from print_label label
        where label.printer_id = printer.id and label.state = 'queued') as waiting
from printer join store on store.id = printer.store_id
where (%(store_id)s::bigint is null or printer.store_id = %(store_id)s)
    and (printer.is_active or not %(active)s)
order by printer.is_active desc, store.name, printer.name

-- name: printer
select printer.id, printer.store_id, store.name as store_name, printer.name, printer.host,
       printer.port, printer.language, printer.dpi, printer.size, printer.is_active,
       printer.reports_status,
       (select count(*) from print_label label
        where label.printer_id = printer.id and label.state = 'queued') as waiting
from printer join store on store.id = printer.store_id
where printer.id = %(id)s

-- name: runs
-- Newest first, with how many labels of each are in which state.
select run.id, run.title, run.size, run.label_count, run.state, run.problem, run.created_at,
       run.made_at, run.file is not null as has_file, printer.name as printer_name,
       run.printer_id, coalesce(app_user.name, '') as made_by, run.store_id,
       coalesce(states.counts, '{}') as counts, coalesce(states.awaited, 0) as awaited, run.copies
from print_run run
left join printer on printer.id = run.printer_id
left join app_user on app_user.id = run.created_by
left join lateral (
    select jsonb_object_agg(state, number) as counts, sum(awaited)::integer as awaited from (
        -- Being sent, or with a printer that will say what became of it; not for ever, because the
        -- job may have died.
        select label.state, count(*) as number,
               count(*) filter (where label.state = 'sent'
                   and (label.delivered_at is null or printer.reports_status)
                   and label.sent_at > now() - interval '5 minutes') as awaited
        from print_label label
        where label.run_id = run.id group by label.state
    ) as each
) as states on true
where (%(id)s::bigint is null or run.id = %(id)s)
    and (%(before)s::bigint is null or run.id < %(before)s)
    and (%(store_id)s::bigint is null or run.store_id = %(store_id)s)
order by run.id desc
limit %(limit)s

-- name: labels
-- Newest first.
select label.id, label.run_id, label.kind, label.thing_id, label.title, label.state, label.problem,
       label.reason, label.reprint_of, label.printer_id, printer.name as printer_name,
       label.sent_at, label.delivered_at, label.printed_at, run.created_at,
       coalesce(app_user.name, '') as made_by
from print_label label
join print_run run on run.id = label.run_id
join printer on printer.id = label.printer_id
left join app_user on app_user.id = run.created_by
where (%(id)s::bigint is null or label.id = %(id)s)
    and (%(store_id)s::bigint is null or label.store_id = %(store_id)s)
    and (%(states)s::text[] is null or label.state = any(%(states)s))
    and (%(before)s::bigint is null or label.id < %(before)s)
order by label.id desc
limit %(limit)s

-- name: labels_of_run
-- In the order of printing.
select label.id, label.run_id, label.kind, label.thing_id, label.title, label.state, label.problem,
       label.reason, label.reprint_of, label.printer_id, printer.name as printer_name,
       label.sent_at, label.delivered_at, label.printed_at, run.created_at,
       coalesce(app_user.name, '') as made_by
from print_label label
join print_run run on run.id = label.run_id
join printer on printer.id = label.printer_id
left join app_user on app_user.id = run.created_by
where label.run_id = %(run_id)s and label.id > %(after)s
order by label.id
limit %(limit)s

-- name: file
select file from print_run where id = %(id)s and state = 'ready'

-- name: to_look_at
-- How many labels of a store somebody should look at.
select count(*) from print_label
where store_id = %(store_id)s and state in ('failed', 'unsure')

-- ---- Templates --------------------------------------------------------------------------------

-- name: templates_of_size
select content from label_template where size = %(size)s

-- name: templates
select label_template.kind, label_template.size, label_template.changed_at,
       coalesce(app_user.name, '') as changed_by
from label_template left join app_user on app_user.id = label_template.changed_by
order by label_template.kind, label_template.size

-- name: save_template
insert into label_template (kind, size, content, changed_by)
values (%(kind)s, %(size)s, %(content)s, %(changed_by)s)
on conflict (kind, size) do update
set content = excluded.content, changed_by = excluded.changed_by, changed_at = now()

-- name: drop_template
delete from label_template where kind = %(kind)s and size = %(size)s
