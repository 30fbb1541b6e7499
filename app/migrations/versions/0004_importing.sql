-- Imports: the file, its rows as read, and what is wrong with each; kept as the import's record.

create table import_run (
    id bigint generated always as identity,
    store_id bigint,
    kind text not null,
    file_name text not null,
    file_hash text not null,
    file bytea not null,
    state text default 'waiting' not null,
    settings jsonb default '{}' not null,
    source text default '' not null,
    ignored jsonb default '[]' not null,
    missing jsonb default '{}' not null,
    row_count integer default 0 not null,
    bad_count integer default 0 not null,
    warning_count integer default 0 not null,
    imported_count integer default 0 not null,
    problem jsonb,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    checked_at timestamp with time zone,
    applied_at timestamp with time zone,
    primary key (id),
    constraint import_run_state_known check (
        state in ('waiting', 'checking', 'checked', 'applying', 'done', 'failed', 'cancelled')
    ),
    foreign key (store_id) references store (id),
    foreign key (created_by) references app_user (id)
);

-- The same file again: found by its hash.
create index import_run_of_file on import_run (file_hash, kind);

create table import_row (
    import_id bigint not null,
    number integer not null,
    cells jsonb not null,
    content jsonb not null,
    findings jsonb not null,
    is_bad boolean not null,
    has_warning boolean not null,
    primary key (import_id, number),
    foreign key (import_id) references import_run (id) on delete cascade
);

create index import_row_with_findings on import_row (import_id, number) where is_bad or has_warning;

-- One's own imports and those made in one's stores.
alter table import_run enable row level security;
create policy stores on import_run using (
    (select sees_all_stores())
    or created_by = (select current_user_id())
    or store_id = any((select visible_stores())::bigint[])
);
alter table import_row enable row level security;
create policy stores on import_row
    using (exists (select from import_run where import_run.id = import_row.import_id));

-- Which of these codes are places of stores that the caller doesn't see: that they are taken is all
-- that anybody learns, and an attempt to use one would tell as much.
create function codes_elsewhere(asked text[]) returns setof text stable
    language sql security definer set search_path from current as $$
    select code.code from code join location on location.id = code.location_id
    where code.code = any(asked)
        and not (sees_all_stores() or location.store_id = any(visible_stores()))
$$;
