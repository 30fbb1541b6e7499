-- Recipes, production and cost formulas.

-- What a company reckons into cost and price by formulas of its own.  ``production`` goes into the
-- value of what is made, ``sale`` counts in margins and prices only, ``price`` suggests a price, and
-- ``helper`` is there for other formulas.  Without a category it holds for every item.
create table cost_element (
    id bigint generated always as identity,
    name text not null,
    title text default '' not null,
    applies text not null,
    category_id bigint,
    position integer default 100 not null,
    is_active boolean default true not null,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    primary key (id),
    constraint cost_element_name_once unique (name),
    constraint cost_element_name_given check (name <> ''),
    constraint cost_element_applies_known check (
        applies in ('production', 'sale', 'price', 'helper')
    ),
    foreign key (category_id) references category (id),
    foreign key (created_by) references app_user (id)
);

-- A formula holds from a day on, until the next one; what was reckoned with it can be shown again.
create table cost_element_version (
    id bigint generated always as identity,
    element_id bigint not null,
    version integer not null,
    valid_from date not null,
    formula text not null,
    note text default '' not null,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    primary key (id),
    constraint cost_element_version_once unique (element_id, version),
    constraint cost_element_version_formula_given check (formula <> ''),
    foreign key (element_id) references cost_element (id),
    foreign key (created_by) references app_user (id)
);

-- How an item is made.  The versions hold what changes.
create table recipe (
    id bigint generated always as identity,
    item_id bigint not null,
    is_active boolean default true not null,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    primary key (id),
    constraint recipe_once_per_item unique (item_id),
    foreign key (item_id) references item (id),
    foreign key (created_by) references app_user (id)
);

-- One run gives ``quantity`` base units before the yield: ``quantity * yield_rate`` are good.
-- ``hours`` of work per run, paid at ``labour_rate``; overhead by the hour and per run.
create table recipe_version (
    id bigint generated always as identity,
    recipe_id bigint not null,
    version integer not null,
    valid_from date not null,
    quantity numeric(20, 6) not null,
    yield_rate numeric(20, 6) default 1 not null,
    hours numeric(20, 6) default 0 not null,
    labour_rate numeric(20, 6) default 0 not null,
    overhead_rate numeric(20, 6) default 0 not null,
    overhead_amount numeric(20, 4) default 0 not null,
    tolerance numeric(20, 6) default 0.05 not null,
    note text default '' not null,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    primary key (id),
    constraint recipe_version_once unique (recipe_id, version),
    constraint recipe_version_quantity_positive check (quantity > 0),
    constraint recipe_version_yield_sane check (yield_rate > 0 and yield_rate <= 100),
    constraint recipe_version_hours_not_negative check (hours >= 0),
    constraint recipe_version_rates_not_negative check (
        labour_rate >= 0 and overhead_rate >= 0 and overhead_amount >= 0
    ),
    constraint recipe_version_tolerance_sane check (tolerance between 0 and 10),
    foreign key (recipe_id) references recipe (id),
    foreign key (created_by) references app_user (id)
);

-- ``quantity`` is what a run needs net, in base units; ``scrap_rate`` is the part lost of what goes
-- in, so quantity / (1 - scrap_rate) is taken.  What is made along is not stocked: its own
-- components are taken instead.
create table recipe_line (
    id bigint generated always as identity,
    version_id bigint not null,
    position integer not null,
    item_id bigint not null,
    packaging_id bigint,
    entered_quantity numeric(20, 6) not null,
    factor numeric(20, 6) default 1 not null,
    quantity numeric(20, 6) not null,
    scrap_rate numeric(20, 6) default 0 not null,
    issue text default 'backflush' not null,
    is_made_along boolean default false not null,
    primary key (id),
    constraint recipe_line_position_once unique (version_id, position),
    constraint recipe_line_item_once unique (version_id, item_id),
    constraint recipe_line_quantity_positive check (quantity > 0 and entered_quantity > 0),
    constraint recipe_line_factor_positive check (factor > 0),
    constraint recipe_line_scrap_is_a_fraction check (scrap_rate >= 0 and scrap_rate < 1),
    constraint recipe_line_issue_known check (issue in ('backflush', 'scan')),
    foreign key (version_id) references recipe_version (id),
    foreign key (item_id) references item (id),
    foreign key (packaging_id) references packaging (id)
);

create index recipe_line_of_item on recipe_line (item_id);

-- What a run gives besides: a share of the cost, or a value of its own that is taken off first.
create table recipe_output (
    id bigint generated always as identity,
    version_id bigint not null,
    position integer not null,
    item_id bigint not null,
    quantity numeric(20, 6) not null,
    share numeric(20, 6),
    unit_value numeric(20, 6),
    primary key (id),
    constraint recipe_output_position_once unique (version_id, position),
    constraint recipe_output_item_once unique (version_id, item_id),
    constraint recipe_output_quantity_positive check (quantity > 0),
    constraint recipe_output_valued_one_way check (num_nonnulls(share, unit_value) = 1),
    constraint recipe_output_share_is_a_fraction check (share >= 0 and share < 1),
    constraint recipe_output_value_not_negative check (unit_value >= 0),
    foreign key (version_id) references recipe_version (id),
    foreign key (item_id) references item (id)
);

-- The version of an item's recipe that holds on a day: the newest of the latest day until then.
create function recipe_in_force(asked_item bigint, day date) returns bigint stable language sql as $$
    select recipe_version.id
    from recipe join recipe_version on recipe_version.recipe_id = recipe.id
    where recipe.item_id = asked_item and recipe.is_active and recipe_version.valid_from <= day
    order by recipe_version.valid_from desc, recipe_version.version desc
    limit 1
$$;

create table production_order (
    id bigint generated always as identity,
    store_id bigint not null,
    number text not null,
    kind text default 'assembly' not null,
    item_id bigint not null,
    recipe_version_id bigint,
    quantity numeric(20, 6) not null,
    completed numeric(20, 6) default 0 not null,
    scrapped numeric(20, 6) default 0 not null,
    tolerance numeric(20, 6) default 0 not null,
    state text default 'planned' not null,
    planned_on date,
    lot_code text default '' not null,
    supply_location_id bigint,
    output_location_id bigint not null,
    note text default '' not null,
    source text default 'manual' not null,
    external_number text,
    step jsonb default '{}' not null,
    version integer default 0 not null,
    worked_by bigint,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    started_at timestamp with time zone,
    closed_at timestamp with time zone,
    primary key (id),
    constraint production_order_number_once unique (number),
    constraint production_order_external_once unique (source, external_number),
    constraint production_order_kind_known check (kind in ('assembly', 'disassembly')),
    constraint production_order_state_known check (
        state in ('planned', 'in_progress', 'done', 'cancelled')
    ),
    constraint production_order_quantity_positive check (quantity > 0),
    constraint production_order_completed_not_negative check (completed >= 0 and scrapped >= 0),
    constraint production_order_within_tolerance check (
        completed <= quantity * (1 + tolerance)
    ),
    constraint production_order_tolerance_sane check (tolerance between 0 and 10),
    constraint production_order_supply_of_its_store
        foreign key (supply_location_id, store_id) references location (id, store_id),
    constraint production_order_output_of_its_store
        foreign key (output_location_id, store_id) references location (id, store_id),
    foreign key (store_id) references store (id),
    foreign key (item_id) references item (id),
    foreign key (recipe_version_id) references recipe_version (id),
    foreign key (worked_by) references app_user (id),
    foreign key (created_by) references app_user (id)
);

create index production_order_open on production_order (store_id, state, planned_on);
create index production_order_of_item on production_order (item_id);

-- What the whole order takes (``component``) or gives besides (``side_output``).  ``consumed`` is what
-- went into what was made, or came of it; ``issued`` also what was brought to the work and is promised
-- to the line there.
create table production_line (
    id bigint generated always as identity,
    order_id bigint not null,
    store_id bigint not null,
    position integer not null,
    kind text not null,
    item_id bigint not null,
    quantity numeric(20, 6) not null,
    issued numeric(20, 6) default 0 not null,
    consumed numeric(20, 6) default 0 not null,
    issue text default 'backflush' not null,
    scrap_rate numeric(20, 6) default 0 not null,
    share numeric(20, 6),
    unit_value numeric(20, 6),
    primary key (id),
    constraint production_line_item_once unique (order_id, kind, item_id),
    constraint production_line_kind_known check (kind in ('component', 'side_output')),
    constraint production_line_issue_known check (issue in ('backflush', 'scan')),
    constraint production_line_quantity_positive check (quantity >= 0),
    constraint production_line_consumed_was_issued check (consumed >= 0 and consumed <= issued),
    foreign key (order_id) references production_order (id),
    foreign key (store_id) references store (id),
    foreign key (item_id) references item (id)
);

create index production_line_of_order on production_line (order_id, position);

-- So much came out at once, or went to waste.  Its cost in parts; ``parts`` those of formulas by
-- name.  ``external_key`` is what another system calls it: the same key again changes nothing.
create table production_completion (
    id bigint generated always as identity,
    order_id bigint not null,
    store_id bigint not null,
    kind text not null,
    quantity numeric(20, 6) not null,
    is_abnormal boolean default false not null,
    lot_id bigint,
    location_id bigint,
    material numeric(20, 4) default 0 not null,
    labour numeric(20, 4) default 0 not null,
    overhead numeric(20, 4) default 0 not null,
    elements numeric(20, 4) default 0 not null,
    parts jsonb default '{}' not null,
    amount numeric(20, 4) default 0 not null,
    reason text default '' not null,
    source text default 'scan' not null,
    external_key text,
    fingerprint text default '' not null,
    command_id uuid not null,
    user_id bigint,
    occurred_at timestamp with time zone not null,
    created_at timestamp with time zone default now() not null,
    undone_at timestamp with time zone,
    undone_by bigint,
    undo_reason text default '' not null,
    primary key (id),
    constraint production_completion_key_once unique (source, external_key),
    constraint production_completion_kind_known check (kind in ('output', 'scrap')),
    constraint production_completion_quantity_positive check (quantity > 0),
    foreign key (order_id) references production_order (id),
    foreign key (store_id) references store (id),
    foreign key (lot_id) references lot (id),
    foreign key (location_id) references location (id),
    foreign key (user_id) references app_user (id),
    foreign key (undone_by) references app_user (id)
);

create index production_completion_of_order on production_completion (order_id, id);

-- The ledger's moves of an order: goods brought to the work (``issue``, without value), used up
-- (``consumed``), made (``output``, ``side_output``).  ``amount`` is the value that crossed with it
-- when it was posted; ``was_promised`` that the goods had been brought by scan.
create table production_move (
    id bigint generated always as identity,
    order_id bigint not null,
    store_id bigint not null,
    line_id bigint,
    completion_id bigint,
    kind text not null,
    item_id bigint not null,
    lot_id bigint,
    location_id bigint not null,
    balance_id bigint,
    quantity numeric(20, 6) not null,
    amount numeric(20, 4) default 0 not null,
    was_promised boolean default false not null,
    move_id bigint,
    command_id uuid not null,
    user_id bigint,
    created_at timestamp with time zone default now() not null,
    undone_at timestamp with time zone,
    primary key (id),
    constraint production_move_once unique (move_id),
    constraint production_move_kind_known check (
        kind in ('issue', 'consumed', 'output', 'side_output')
    ),
    constraint production_move_quantity_positive check (quantity > 0),
    foreign key (order_id) references production_order (id),
    foreign key (store_id) references store (id),
    foreign key (line_id) references production_line (id),
    foreign key (completion_id) references production_completion (id),
    foreign key (item_id) references item (id),
    foreign key (lot_id) references lot (id),
    foreign key (location_id) references location (id),
    foreign key (balance_id) references balance (id),
    foreign key (move_id) references stock_move (id),
    foreign key (user_id) references app_user (id)
);

create index production_move_of_order on production_move (order_id, id);
create index production_move_of_completion on production_move (completion_id);

-- What was once in force is not written anew: a change is a new version.
do $$
declare
    facts text;
begin
    foreach facts in array array[
        'cost_element_version', 'recipe_version', 'recipe_line', 'recipe_output'
    ] loop
        execute format('revoke update, delete, truncate on %I from saoku_app', facts);
        execute format(
            'create trigger append_only before update or delete on %I '
            'for each row execute function refuse_change()',
            facts
        );
        execute format(
            'create trigger never_truncated before truncate on %I '
            'for each statement execute function refuse_change()',
            facts
        );
    end loop;
end $$;

do $$
declare
    scoped text;
begin
    foreach scoped in array array[
        'production_order', 'production_line', 'production_completion', 'production_move'
    ] loop
        execute format('alter table %I enable row level security', scoped);
        execute format(
            'create policy stores on %I using '
            '((select sees_all_stores()) or store_id = any((select visible_stores())::bigint[]))',
            scoped
        );
    end loop;
end $$;
