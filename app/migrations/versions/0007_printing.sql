-- Printers, label templates, and the queue of labels on their way to paper.

create table printer (
    id bigint generated always as identity,
    store_id bigint not null,
    name text not null,
    host text not null,
    port integer default 9100 not null,
    language text not null,
    dpi integer default 203 not null,
    size text not null,
    is_active boolean default true not null,
    -- Whether it answers when it is asked how far it is; null until it was asked.
    reports_status boolean,
    created_at timestamp with time zone default now() not null,
    primary key (id),
    constraint printer_name_once_per_store unique (store_id, name),
    constraint printer_language_known check (language in ('zpl', 'tspl', 'pdf')),
    constraint printer_dpi_sane check (dpi between 150 and 1200),
    constraint printer_port_sane check (port between 1024 and 65535),
    foreign key (store_id) references store (id)
);

-- The company's own face of a kind of label at a size, instead of the one that comes with Saoku.
create table label_template (
    id bigint generated always as identity,
    kind text not null,
    size text not null,
    content jsonb not null,
    changed_by bigint,
    changed_at timestamp with time zone default now() not null,
    primary key (id),
    constraint label_template_once unique (kind, size),
    foreign key (changed_by) references app_user (id)
);

-- What one person asked for at once: labels for a printer, or a PDF to fetch.
create table print_run (
    id bigint generated always as identity,
    store_id bigint not null,
    printer_id bigint,
    title text not null,
    size text not null,
    language text not null,
    label_count integer not null,
    copies integer default 1 not null,
    start integer default 1 not null,
    state text not null,
    problem jsonb,
    -- Of a PDF: the labels to make it from, then the file.
    content jsonb,
    file bytea,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    made_at timestamp with time zone,
    primary key (id),
    constraint print_run_state_known check (state in ('printing', 'making', 'ready', 'failed')),
    constraint print_run_goes_one_way check ((printer_id is not null) = (state = 'printing')),
    foreign key (store_id) references store (id),
    foreign key (printer_id) references printer (id),
    foreign key (created_by) references app_user (id)
);

create index print_run_newest on print_run (store_id, id);
-- Files that may go when they are old.
create index print_run_with_file on print_run (made_at) where file is not null;

-- One label of paper. "sent" is written before its first byte leaves.
create table print_label (
    id bigint generated always as identity,
    run_id bigint not null,
    store_id bigint not null,
    printer_id bigint not null,
    kind text not null,
    thing_id bigint,
    title text not null,
    content jsonb not null,
    state text default 'queued' not null,
    problem jsonb,
    reason text,
    reprint_of bigint,
    sent_at timestamp with time zone,
    delivered_at timestamp with time zone,
    printed_at timestamp with time zone,
    primary key (id),
    constraint print_label_state_known check (
        state in ('queued', 'sent', 'printed', 'failed', 'unsure', 'cancelled')
    ),
    constraint print_label_reprint_has_reason check (reprint_of is null or reason is not null),
    foreign key (run_id) references print_run (id),
    foreign key (store_id) references store (id),
    foreign key (printer_id) references printer (id),
    foreign key (reprint_of) references print_label (id)
);

create index print_label_of_run on print_label (run_id, id);
create index print_label_newest on print_label (store_id, id);
create index print_label_of_thing on print_label (kind, thing_id);
create index print_label_waiting on print_label (printer_id, id) where state = 'queued';
create index print_label_to_look_at on print_label (store_id, state)
    where state in ('sent', 'failed', 'unsure');

do $$
declare
    scoped text;
begin
    foreach scoped in array array['printer', 'print_run', 'print_label'] loop
        execute format('alter table %I enable row level security', scoped);
        execute format(
            'create policy stores on %I using '
            '((select sees_all_stores()) or store_id = any((select visible_stores())::bigint[]))',
            scoped
        );
    end loop;
end $$;
