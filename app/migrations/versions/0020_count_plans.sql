-- Count plans: what is counted how often.

-- Items of a class are counted every so many days, at most ``daily_cap`` places a day; ``full`` counts
-- everything on one day of each month.
create table count_plan (
    id bigint generated always as identity,
    store_id bigint not null,
    name text not null,
    kind text not null,
    is_active boolean default true not null,
    zone_id bigint,
    a_days integer default 7 not null,
    b_days integer default 30 not null,
    c_days integer default 91 not null,
    daily_cap integer default 40 not null,
    month_day integer default 1 not null,
    freezes boolean default false not null,
    is_blind boolean default true not null,
    recount_quantity numeric(20, 6),
    recount_value numeric(20, 4),
    recount_share numeric(20, 6),
    recount_class text,
    last_run_on date,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    primary key (id),
    constraint count_plan_name_once unique (store_id, name),
    constraint count_plan_name_given check (name <> ''),
    constraint count_plan_kind_known check (kind in ('class', 'full')),
    constraint count_plan_days check (a_days > 0 and b_days > 0 and c_days > 0),
    constraint count_plan_daily_cap check (daily_cap between 1 and 5000),
    constraint count_plan_month_day check (month_day between 1 and 28),
    foreign key (store_id) references store (id),
    foreign key (zone_id) references zone (id),
    foreign key (created_by) references app_user (id)
);

alter table stock_count
    add constraint stock_count_plan_id_fkey foreign key (plan_id) references count_plan (id);

alter table count_plan enable row level security;
create policy stores on count_plan using
    ((select sees_all_stores()) or store_id = any((select visible_stores())::bigint[]));
