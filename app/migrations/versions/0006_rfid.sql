-- Radio tags: what posting readers saw, and which of it was received.

-- A reading session: what one reader saw between its first tag and the moment that it was closed.
create table rfid_session (
    id bigint generated always as identity,
    store_id bigint not null,
    name text not null,
    reader text default '' not null,
    state text default 'open' not null,
    created_by bigint not null,
    created_at timestamp with time zone default now() not null,
    last_read_at timestamp with time zone,
    closed_at timestamp with time zone,
    primary key (id),
    constraint rfid_session_name_once unique (store_id, name),
    constraint rfid_session_state_known check (state in ('open', 'done')),
    constraint rfid_session_name_length check (char_length(name) between 1 and 80),
    foreign key (store_id) references store (id),
    foreign key (created_by) references app_user (id)
);

create index rfid_session_newest on rfid_session (store_id, id);

-- Each tag once per session, however often the reader saw it.  ``epc`` is the pure identity, so
-- that hex and URI of one tag are one row; what is no tag at all is kept as it was sent.
create table rfid_tag (
    id bigint generated always as identity,
    session_id bigint not null,
    store_id bigint not null,
    epc text not null,
    kind text not null,
    scheme text default '' not null,
    gtin text,
    serial text,
    sscc text,
    problem text,
    raw text not null,
    first_read_at timestamp with time zone not null,
    last_read_at timestamp with time zone not null,
    read_count bigint default 1 not null,
    antennas text[] default '{}' not null,
    best_rssi numeric(6, 1),
    primary key (id),
    constraint rfid_tag_once_per_session unique (session_id, epc),
    constraint rfid_tag_kind_known check (kind in ('item', 'logistic_unit', 'other', 'invalid')),
    foreign key (session_id) references rfid_session (id),
    foreign key (store_id) references store (id)
);

-- A tag that was received.  ``released_at`` is set when its line was taken back.
create table taken_tag (
    line_id bigint not null,
    epc text not null,
    store_id bigint not null,
    receipt_id bigint not null,
    session_id bigint not null,
    taken_at timestamp with time zone default now() not null,
    released_at timestamp with time zone,
    primary key (line_id, epc),
    foreign key (line_id) references receipt_line (id),
    foreign key (store_id) references store (id),
    foreign key (receipt_id) references receipt (id),
    foreign key (session_id) references rfid_session (id)
);

-- However many sessions saw it, a tag counts once in a receipt.
create unique index taken_tag_once_per_receipt on taken_tag (receipt_id, epc)
    where released_at is null;
create index taken_tag_of_epc on taken_tag (epc) where released_at is null;

do $$
declare
    scoped text;
begin
    foreach scoped in array array['rfid_session', 'rfid_tag', 'taken_tag'] loop
        execute format('alter table %I enable row level security', scoped);
        execute format(
            'create policy stores on %I using '
            '((select sees_all_stores()) or store_id = any((select visible_stores())::bigint[]))',
            scoped
        );
    end loop;
end $$;

-- Which of these serial numbers are in stock anywhere: one that is cannot come in again, and the
-- attempt would tell as much.
create function serials_in_stock(items bigint[], serials text[])
    returns table (item_id bigint, serial text) stable
    language sql security definer set search_path from current as $$
    select lot.item_id, lot.code
    from unnest(items, serials) as asked (item_id, serial)
    join lot on lot.item_id = asked.item_id and lot.code = asked.serial
    where exists (
        select from balance where balance.lot_id = lot.id and balance.is_serial and balance.on_hand > 0
    )
$$;

-- What nobody needs any more: logins older than a quarter, sessions that ended.
create function prune_access() returns table (attempts bigint, sessions bigint)
    language sql security definer set search_path from current as $$
    with attempt as (
        delete from login_attempt where attempted_at < now() - interval '90 days' returning 1
    ), ended as (
        delete from login_session where expires_at < now() returning 1
    )
    select (select count(*) from attempt), (select count(*) from ended)
$$;
