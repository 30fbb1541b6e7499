-- Raw scans, device sequences and what was refused after the fact.

-- Who sent a command, beside who gave it: the browser that numbered it (``installation`` and
-- ``sequence``), its clock at the moment of sending, the refused command that it tries again, and
-- whether the device said by itself that this one would be refused.
alter table command add column installation uuid;
alter table command add column sent_at timestamp with time zone;
alter table command add column retry_of uuid;
alter table command add column told boolean default false not null;

-- A number is given once.  A second use means cloned storage: two devices that are one.  It is also
-- what finds the numbers that are missing.
create unique index command_sequence_once on command (installation, sequence)
    where installation is not null;

-- The conflict inbox asks for refusals that came late, and whether they were tried again.
create index command_refused on command (recorded_at)
    where outcome = 'refused' and installation is not null;
create index command_retry on command (retry_of) where retry_of is not null;

-- Every scan as it was read, whatever became of it.  It costs nothing: the audit has it already.
create view scan_log with (security_invoker = true) as
select id, kind, payload ->> 'code' as code, payload ->> 'symbology' as symbology,
       payload ->> 'source' as source, payload, user_id, store_id, device_id, installation,
       sequence, retry_of, occurred_at, sent_at, recorded_at, recorded_at - sent_at as clock_offset,
       outcome, answer
from command
where payload ? 'symbology';

grant select on scan_log to saoku_app;

-- What people did about commands that were refused late or never taken: one row per event, so that
-- nothing of the inbox vanishes without who, when and why.  ``content`` is the command as the device
-- kept it, where the server may never have seen it.
create table conflict_event (
    id bigint generated always as identity,
    about_id uuid not null,
    store_id bigint,
    event text not null,
    note text default '' not null,
    content jsonb,
    installation uuid,
    sequence bigint,
    user_id bigint,
    command_id uuid not null,
    recorded_at timestamp with time zone default now() not null,
    primary key (id),
    constraint conflict_event_known check (
        event in ('handed_over', 'discarded', 'taken', 'resolved')
    ),
    constraint conflict_event_says_why check (event = 'taken' or note <> ''),
    foreign key (store_id) references store (id),
    foreign key (user_id) references app_user (id)
);

create index conflict_event_about on conflict_event (about_id, id);
create index conflict_event_number on conflict_event (installation, sequence)
    where installation is not null;

alter table conflict_event enable row level security;
create policy stores on conflict_event using (
    (select sees_all_stores())
    or user_id = (select current_user_id())
    or store_id = any((select visible_stores())::bigint[])
);
revoke update, delete, truncate on conflict_event from saoku_app;
create trigger append_only before update or delete on conflict_event
    for each row execute function refuse_change();
create trigger never_truncated before truncate on conflict_event
    for each statement execute function refuse_change();

-- The numbers of the browsers that the caller may see: a browser that worked in another store too
-- has numbers there, so they are counted by the owner.  ``missing`` are ranges of numbers that never
-- arrived although later ones did, as [first, last] pairs, at most twenty.
create function browser_numbers(since timestamptz)
    returns table (installation uuid, last_number bigint, missing bigint[])
    language sql stable security definer set search_path from current as $$
    with seen as (
        select distinct c.installation from command c
        where c.installation is not null and c.recorded_at >= since
          and (sees_all_stores() or c.user_id = current_user_id()
               or c.store_id = any(visible_stores()))
    ), numbered as (
        select c.installation, c.sequence from command c join seen using (installation)
        where c.sequence is not null
        union
        select e.installation, e.sequence from conflict_event e join seen using (installation)
        where e.sequence is not null
    ), steps as (
        select n.installation, n.sequence,
               lag(n.sequence, 1, 0::bigint) over (partition by n.installation order by n.sequence)
                   as before
        from numbered n
    ), gaps as (
        select s.installation, s.before + 1 as first, s.sequence - 1 as last,
               row_number() over (partition by s.installation order by s.sequence desc) as place
        from steps s where s.sequence > s.before + 1
    )
    select n.installation, max(n.sequence),
           coalesce((select array_agg(array[g.first, g.last] order by g.first) from gaps g
                     where g.installation = n.installation and g.place <= 20), '{}')
    from numbered n group by n.installation
$$;
