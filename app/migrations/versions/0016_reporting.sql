-- What sales earn, summed as they are booked.

-- One row per movement of goods sold (or brought back) and day on which something was booked on it:
-- quantity and revenue on the day of the movement, cost on the day of each cost entry, so that a
-- freight invoice of next month is next month's cost.  Made from the facts by ``reporting.catch_up``
-- and proved by ``verify``; nobody else writes here.  What the report groups by lies beside the
-- figures: a million rows are summed in one pass.
create table sale_margin (
    move_id bigint not null,
    booked_on date not null,
    store_id bigint not null,
    order_id bigint not null,
    order_line_id bigint not null,
    item_id bigint not null,
    lot_id bigint,
    customer_id bigint not null,
    salesperson_id bigint,
    region text not null,
    quantity numeric(20, 6) not null,
    gross numeric(20, 4) not null,
    revenue numeric(20, 4) not null,
    returned numeric(20, 4) not null,
    cost numeric(20, 4) not null,
    corrected numeric(20, 4) not null,
    primary key (move_id, booked_on)
);

create index sale_margin_by_day on sale_margin (booked_on, store_id);
create index sale_margin_of_line on sale_margin (order_line_id);

-- How far the rows above follow the facts: exactly one row.  Everything up to the settled numbers is
-- in; what is above them is read again with each run, because a transaction may commit its lower
-- number after another one's higher.  ``noted`` is the next pair to settle: as soon as every
-- transaction older than ``barrier`` has ended.
create table margin_progress (
    id integer default 1 not null,
    settled_move_id bigint default 0 not null,
    settled_entry_id bigint default 0 not null,
    noted_move_id bigint default 0 not null,
    noted_entry_id bigint default 0 not null,
    barrier bigint,
    complete_at timestamp with time zone,
    primary key (id),
    constraint margin_progress_is_one check (id = 1)
);
insert into margin_progress default values;

-- How items are classed, and what counts as earning nothing: the company's.
create table report_rule (
    id integer default 1 not null,
    window_days integer default 90 not null,
    a_share numeric(20, 6) default 0.8 not null,
    b_share numeric(20, 6) default 0.95 not null,
    x_limit numeric(20, 6) default 0.5 not null,
    y_limit numeric(20, 6) default 1 not null,
    low_rate numeric(20, 6) default 0.05 not null,
    changed_by bigint,
    changed_at timestamp with time zone default now() not null,
    primary key (id),
    constraint report_rule_is_one check (id = 1),
    constraint report_rule_window check (window_days between 7 and 730),
    constraint report_rule_shares check (0 < a_share and a_share < b_share and b_share < 1),
    constraint report_rule_limits check (0 < x_limit and x_limit < y_limit and y_limit <= 10),
    constraint report_rule_low_rate check (low_rate >= 0 and low_rate < 1),
    foreign key (changed_by) references app_user (id)
);
insert into report_rule default values;

-- The class of an item in a store, by the value of what was issued of it: A few that matter most, C
-- many that matter little; X steady, Z by fits and starts.
create table abc_class (
    store_id bigint not null,
    item_id bigint not null,
    class text not null,
    steadiness text not null,
    issued_value numeric(20, 4) not null,
    issued_quantity numeric(20, 6) not null,
    cumulated_share numeric(20, 6) not null,
    variation numeric(20, 6),
    computed_on date not null,
    primary key (store_id, item_id),
    constraint abc_class_known check (class in ('A', 'B', 'C')),
    constraint abc_class_steadiness_known check (steadiness in ('X', 'Y', 'Z')),
    foreign key (store_id) references store (id),
    foreign key (item_id) references item (id)
);

create index abc_class_by_class on abc_class (store_id, class);

do $$
declare
    scoped text;
begin
    foreach scoped in array array['sale_margin', 'abc_class'] loop
        execute format('alter table %I enable row level security', scoped);
        execute format(
            'create policy stores on %I using '
            '((select sees_all_stores()) or store_id = any((select visible_stores())::bigint[]))',
            scoped
        );
    end loop;
    -- The company's: everyone may read them, only who sees all stores may change them.
    foreach scoped in array array['margin_progress', 'report_rule'] loop
        execute format('alter table %I enable row level security', scoped);
        execute format('create policy known on %I for select using (true)', scoped);
        execute format(
            'create policy changed on %I using ((select sees_all_stores())) '
            'with check ((select sees_all_stores()))',
            scoped
        );
    end loop;
end $$;
