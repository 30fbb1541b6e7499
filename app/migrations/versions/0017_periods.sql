-- Periods and what was known at their end.

-- One month that was closed: what stock was worth on its last day is kept with it.  Reopening it
-- leaves the row and what it held; closing it again makes a new one.  ``findings`` is what the
-- checks found and a person accepted, with the reason in ``note``.
create table period_closing (
    id bigint generated always as identity,
    starts_on date not null,
    ends_on date not null,
    closed_at timestamp with time zone default now() not null,
    closed_by bigint,
    note text default '' not null,
    findings jsonb not null,
    command_id uuid not null,
    reopened_at timestamp with time zone,
    reopened_by bigint,
    reopening_reason text default '' not null,
    approval_request_id bigint,
    primary key (id),
    constraint period_closing_is_a_month check (
        starts_on = date_trunc('month', starts_on)::date
        and ends_on = (starts_on + interval '1 month - 1 day')::date
    ),
    constraint period_closing_reopened_with_reason check (
        (reopened_at is null) = (reopening_reason = '')
    ),
    foreign key (closed_by) references app_user (id),
    foreign key (reopened_by) references app_user (id),
    foreign key (approval_request_id) references approval_request (id)
);

-- A month is closed once at a time, whoever closes it together with whom.
create unique index period_closed_once on period_closing (starts_on) where reopened_at is null;

-- Stock and its value on the last day of a closed month.
create table closing_balance (
    closing_id bigint not null,
    store_id bigint not null,
    item_id bigint not null,
    quantity numeric(20, 6) not null,
    amount numeric(20, 4) not null,
    primary key (closing_id, store_id, item_id),
    foreign key (closing_id) references period_closing (id),
    foreign key (store_id) references store (id),
    foreign key (item_id) references item (id)
);

-- What was closed stays as it was; only reopening is noted, and only once.
create function guard_period_closing() returns trigger language plpgsql as $$
begin
    if old.reopened_at is not null or new.reopened_at is null
       or (new.id, new.starts_on, new.ends_on, new.closed_at, new.closed_by, new.note,
           new.findings, new.command_id)
          is distinct from
          (old.id, old.starts_on, old.ends_on, old.closed_at, old.closed_by, old.note,
           old.findings, old.command_id) then
        raise exception 'what was closed is only reopened, once'
            using errcode = 'check_violation', constraint = 'period_closing_only_reopened';
    end if;
    return new;
end $$;
create trigger guarded before update on period_closing
    for each row execute function guard_period_closing();

revoke delete, truncate on period_closing from saoku_app;
revoke update, delete, truncate on closing_balance from saoku_app;
create trigger append_only before update or delete on closing_balance
    for each row execute function refuse_change();
create trigger never_truncated before truncate on closing_balance
    for each statement execute function refuse_change();

alter table closing_balance enable row level security;
create policy stores on closing_balance using (
    (select sees_all_stores()) or store_id = any((select visible_stores())::bigint[])
);

-- What a company begins with: two people beside the one who asks.
insert into approval_policy (kind, name, condition, required_votes, roles, expires_after_hours)
values ('period_reopening', 'Closed months are reopened by two people', '', 2,
        '{area_manager,headquarters,administrator}', 72);
