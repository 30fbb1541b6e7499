-- Count sheets on paper or as a file, and filled sheets that came back.

-- One sheet: some places of a count as they are to be walked, with what the books had there.
create table count_sheet (
    id bigint generated always as identity,
    count_id bigint not null,
    store_id bigint not null,
    code text not null,
    is_blind boolean default true not null,
    line_count integer not null,
    page_count integer not null,
    -- Of a long one: made by a job, in the language and with the address of who asked for it.
    state text default 'ready' not null,
    language text default 'zh' not null,
    address text default '' not null,
    file bytea,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    primary key (id),
    constraint count_sheet_code_once unique (code),
    constraint count_sheet_of_its_store unique (id, store_id),
    constraint count_sheet_state_known check (state in ('making', 'ready', 'failed')),
    constraint count_sheet_of_its_count
        foreign key (count_id, store_id) references stock_count (id, store_id),
    foreign key (created_by) references app_user (id)
);

create index count_sheet_of_count on count_sheet (count_id, id);

-- One line of it, with what the books had when it was made; a place without goods has one empty line.
create table count_sheet_line (
    sheet_id bigint not null,
    number integer not null,
    store_id bigint not null,
    task_id bigint not null,
    location_id bigint not null,
    item_id bigint,
    lot_id bigint,
    logistic_unit_id bigint,
    book numeric(20, 6) default 0 not null,
    primary key (sheet_id, number),
    constraint count_sheet_line_of_its_sheet
        foreign key (sheet_id, store_id) references count_sheet (id, store_id) on delete cascade,
    constraint count_sheet_line_lot_of_its_item
        foreign key (lot_id, item_id) references lot (id, item_id),
    foreign key (task_id) references count_task (id),
    foreign key (location_id) references location (id),
    foreign key (item_id) references item (id),
    foreign key (logistic_unit_id) references logistic_unit (id)
);

-- A filled sheet that came back: its rows as they were read, and what is wrong with them.
create table count_upload (
    id bigint generated always as identity,
    count_id bigint not null,
    store_id bigint not null,
    sheet_id bigint not null,
    file_name text not null,
    digest text not null,
    state text default 'preview' not null,
    counted_by bigint not null,
    counted_at timestamp with time zone not null,
    rows jsonb not null,
    findings jsonb not null,
    figures jsonb not null,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    closed_at timestamp with time zone,
    primary key (id),
    constraint count_upload_state_known check (state in ('preview', 'applied', 'discarded')),
    constraint count_upload_of_its_count
        foreign key (count_id, store_id) references stock_count (id, store_id),
    constraint count_upload_of_its_sheet
        foreign key (sheet_id, store_id) references count_sheet (id, store_id),
    foreign key (counted_by) references app_user (id),
    foreign key (created_by) references app_user (id)
);

-- The same content a second time is found by its digest, however the file was saved.
create unique index count_upload_once on count_upload (count_id, digest)
    where state <> 'discarded';

-- Reports over counts.
create index count_result_of_day on count_result (store_id, counted_at);

do $$
declare
    scoped text;
begin
    foreach scoped in array array['count_sheet', 'count_sheet_line', 'count_upload'] loop
        execute format('alter table %I enable row level security', scoped);
        execute format(
            'create policy stores on %I using '
            '((select sees_all_stores()) or store_id = any((select visible_stores())::bigint[]))',
            scoped
        );
    end loop;
end $$;
