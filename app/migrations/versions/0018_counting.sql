-- Counts, their tasks, what was seen and what it means for the books.

-- A count: which places are counted, how blindly, and when a difference is counted again.
create table stock_count (
    id bigint generated always as identity,
    store_id bigint not null,
    number text not null,
    kind text not null,
    state text default 'draft' not null,
    freezes boolean default false not null,
    is_blind boolean default true not null,
    recount_quantity numeric(20, 6),
    recount_value numeric(20, 4),
    recount_share numeric(20, 6),
    recount_class text,
    selection jsonb not null,
    plan_id bigint,
    note text default '' not null,
    from_move_id bigint default 0 not null,
    posting_by bigint,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    started_at timestamp with time zone,
    closed_at timestamp with time zone,
    primary key (id),
    constraint stock_count_number_once unique (number),
    constraint stock_count_of_its_store unique (id, store_id),
    constraint stock_count_kind_known check (
        kind in ('full', 'zone', 'item', 'lot', 'expiry', 'class', 'empty', 'tasks', 'opening')
    ),
    constraint stock_count_state_known check (
        state in ('draft', 'confirmed', 'in_progress', 'done', 'cancelled')
    ),
    constraint stock_count_recount_quantity check (recount_quantity >= 0),
    constraint stock_count_recount_value check (recount_value >= 0),
    constraint stock_count_recount_share check (recount_share >= 0),
    constraint stock_count_recount_class_known check (recount_class in ('A', 'B', 'C')),
    foreign key (store_id) references store (id),
    foreign key (posting_by) references app_user (id),
    foreign key (created_by) references app_user (id)
);

create index stock_count_open on stock_count (store_id, state);

-- A task is one place for one person: alone (a wish of picking), or of a count, once per round.
alter table count_task
    add column count_id bigint,
    add column round integer default 1 not null,
    add column priority integer default 5 not null,
    add column due_on date,
    add column held_by bigint,
    add column counted_by bigint,
    add column begun_at timestamp with time zone,
    add column is_empty boolean default false not null,
    add column step jsonb,
    add column version integer default 0 not null,
    add constraint count_task_round check (round between 1 and 3),
    add constraint count_task_of_its_count
        foreign key (count_id, store_id) references stock_count (id, store_id),
    add constraint count_task_held_by_fkey foreign key (held_by) references app_user (id),
    add constraint count_task_counted_by_fkey foreign key (counted_by) references app_user (id),
    drop constraint count_task_cause_known,
    add constraint count_task_cause_known check (
        cause in ('short_pick', 'zero_check', 'request', 'count', 'recount', 'alert')
    );
drop index count_task_once;
create unique index count_task_once on count_task (location_id, item_id, cause) nulls not distinct
    where state = 'open' and count_id is null;
create unique index count_task_once_a_round on count_task (count_id, location_id, item_id, round)
    nulls not distinct where count_id is not null and state <> 'cancelled';

-- One scan or entry of a counter: so much more (or less) was seen.  Never changed; undone at most.
create table count_line (
    id bigint generated always as identity,
    count_id bigint not null,
    task_id bigint not null,
    store_id bigint not null,
    location_id bigint not null,
    item_id bigint not null,
    lot_id bigint,
    logistic_unit_id bigint,
    packaging_id bigint,
    entered_quantity numeric(20, 6) not null,
    factor numeric(20, 6) default 1 not null,
    quantity numeric(20, 6) not null,
    is_serial boolean default false not null,
    is_unexpected boolean default false not null,
    unit_cost numeric(20, 6),
    source text default 'scan' not null,
    raw_code text default '' not null,
    round integer default 1 not null,
    command_id uuid not null,
    user_id bigint,
    occurred_at timestamp with time zone not null,
    recorded_at timestamp with time zone default now() not null,
    undone_at timestamp with time zone,
    primary key (id),
    constraint count_line_source_known check (
        source in ('scan', 'keypad', 'rfid', 'sheet', 'offline')
    ),
    constraint count_line_quantity_not_absurd check (abs(quantity) < 1000000000000),
    constraint count_line_unit_cost_not_negative check (unit_cost >= 0),
    constraint count_line_lot_of_its_item
        foreign key (lot_id, item_id) references lot (id, item_id),
    foreign key (count_id) references stock_count (id),
    foreign key (task_id) references count_task (id),
    foreign key (store_id) references store (id),
    foreign key (location_id) references location (id),
    foreign key (item_id) references item (id),
    foreign key (logistic_unit_id) references logistic_unit (id),
    foreign key (packaging_id) references packaging (id),
    foreign key (user_id) references app_user (id)
);

create index count_line_of_task on count_line (task_id, id);
create index count_line_of_count on count_line (count_id, location_id, item_id);
create unique index count_line_serial_once on count_line (count_id, round, lot_id)
    where is_serial and undone_at is null and quantity > 0;

-- What a count found of one thing in one place, against the books at the moment it was seen.
create table count_result (
    id bigint generated always as identity,
    count_id bigint not null,
    store_id bigint not null,
    location_id bigint not null,
    item_id bigint not null,
    lot_id bigint,
    logistic_unit_id bigint,
    state text default 'open' not null,
    first_quantity numeric(20, 6),
    first_book numeric(20, 6),
    first_at timestamp with time zone,
    first_by bigint,
    second_quantity numeric(20, 6),
    second_book numeric(20, 6),
    second_at timestamp with time zone,
    second_by bigint,
    third_quantity numeric(20, 6),
    third_book numeric(20, 6),
    third_at timestamp with time zone,
    third_by bigint,
    quantity numeric(20, 6),
    counted_at timestamp with time zone,
    unseen_since timestamp with time zone,
    variance numeric(20, 6),
    unit_cost numeric(20, 6),
    value numeric(20, 4),
    reason text default '' not null,
    note text default '' not null,
    decided_by bigint,
    posted_at timestamp with time zone,
    posted_before numeric(20, 6),
    posted_variance numeric(20, 6),
    posted_value numeric(20, 4),
    late_variance numeric(20, 6) default 0 not null,
    owed numeric(20, 6) default 0 not null,
    primary key (id),
    constraint count_result_key unique nulls not distinct (
        count_id, location_id, item_id, lot_id, logistic_unit_id
    ),
    constraint count_result_state_known check (state in ('open', 'recount', 'decided', 'posted')),
    constraint count_result_quantity_not_negative check (quantity >= 0),
    constraint count_result_decided_has_quantity check (
        state not in ('decided', 'posted') or (quantity is not null and counted_at is not null)
    ),
    constraint count_result_lot_of_its_item
        foreign key (lot_id, item_id) references lot (id, item_id),
    foreign key (count_id) references stock_count (id),
    foreign key (store_id) references store (id),
    foreign key (location_id) references location (id),
    foreign key (item_id) references item (id),
    foreign key (logistic_unit_id) references logistic_unit (id),
    foreign key (first_by) references app_user (id),
    foreign key (second_by) references app_user (id),
    foreign key (third_by) references app_user (id),
    foreign key (decided_by) references app_user (id)
);

-- Up to which move late papers have been looked for: exactly one row.
create table count_progress (
    id integer default 1 not null,
    settled_move_id bigint default 0 not null,
    primary key (id),
    constraint count_progress_is_one check (id = 1)
);
insert into count_progress default values;

create index count_result_of_item on count_result (item_id, location_id, counted_at);

-- What has moved of a thing in a place (in less out) since it was counted.  Only what really moved:
-- adjustments by counts say what the books had wrong, not that goods came or went.
-- ``unseen_since`` is for what nobody saw between then (the begin of the task) and ``moment`` (its
-- end): somebody looked at a moment when none of it was there, which was when the least was there.
-- ``from_move`` is a movement before all that, so that few are looked at.
create function moved_since(
    place bigint, asked_item bigint, asked_lot bigint, unit bigint,
    moment timestamp with time zone, unseen_since timestamp with time zone, from_move bigint
) returns numeric stable language sql as $$
    with moved as materialized (
        select occurred_at, id,
               case when to_location_id = $1 and to_status is not null then quantity else 0 end
               - case when from_location_id = $1 and from_status is not null then quantity
                      else 0 end as quantity
        from stock_move
        where item_id = $2 and id > $7 and (to_location_id = $1 or from_location_id = $1)
          and lot_id is not distinct from $3 and logistic_unit_id is not distinct from $4
          and line_kind is distinct from 'count_result'
          and occurred_at > least($5, coalesce($6, $5))
    )
    select coalesce((select sum(quantity) from moved), 0) - coalesce((
        select least(min(so_far), 0) from (
            select sum(quantity) over (order by occurred_at, id) as so_far
            from moved where occurred_at <= $5
        ) as during
    ), 0)
$$;

-- What the books have of a thing in a place, of any status, as of a moment: what is there now less
-- what has moved since.
create function book_at(
    place bigint, asked_item bigint, asked_lot bigint, unit bigint,
    moment timestamp with time zone, unseen_since timestamp with time zone, from_move bigint
) returns numeric stable language sql as $$
    select coalesce((
        select sum(on_hand) from balance
        where location_id = $1 and item_id = $2 and lot_id is not distinct from $3
          and logistic_unit_id is not distinct from $4
    ), 0) - moved_since($1, $2, $3, $4, $5, $6, $7)
$$;

-- What workflows need to know of an item, as ``scanning.meanings.ItemFacts`` reads it.
create function item_facts(item) returns jsonb stable language sql as $$
    select jsonb_build_object(
        'id', $1.id, 'code', $1.code, 'name', $1.name, 'specification', $1.specification,
        'base_unit', $1.base_unit, 'decimals', $1.decimals, 'tracking', $1.tracking,
        'expiry_rule', $1.expiry_rule, 'shelf_life_days', $1.shelf_life_days,
        'minimum_days_on_receipt', $1.minimum_days_on_receipt, 'catch_weight', $1.catch_weight,
        'inspect_on_receipt', $1.inspect_on_receipt
    )
$$;

do $$
declare
    scoped text;
begin
    foreach scoped in array array['stock_count', 'count_line', 'count_result'] loop
        execute format('alter table %I enable row level security', scoped);
        execute format(
            'create policy stores on %I using '
            '((select sees_all_stores()) or store_id = any((select visible_stores())::bigint[]))',
            scoped
        );
    end loop;
end $$;
