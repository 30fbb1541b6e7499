-- Who may see and change which row, and what nobody may change.

-- The application role: no superuser, no BYPASSRLS, owns nothing.  Embedded PostgreSQL makes it as
-- a login role before this runs; elsewhere the owner's connections drop to it.
do $$
begin
    if not exists (select from pg_roles where rolname = 'saoku_app') then
        create role saoku_app nologin nosuperuser nobypassrls nocreatedb nocreaterole;
    end if;
    if not pg_has_role(current_user, 'saoku_app', 'member') then
        execute format('grant saoku_app to %I', current_user);
    end if;
end $$;

grant usage on schema public to saoku_app;
grant select, insert, update, delete on all tables in schema public to saoku_app;
grant usage, select on all sequences in schema public to saoku_app;
alter default privileges in schema public
    grant select, insert, update, delete on tables to saoku_app;
alter default privileges in schema public grant usage, select on sequences to saoku_app;
revoke insert, update, delete on alembic_version from saoku_app;

-- Each transaction says who asks: saoku.user_id, and saoku.stores as '*' or '1,2,3'.
create function sees_all_stores() returns boolean stable language sql as
    $$ select current_setting('saoku.stores', true) = '*' $$;
create function visible_stores() returns bigint[] stable language sql as
    $$ select string_to_array(nullif(current_setting('saoku.stores', true), '*'), ',')::bigint[] $$;
create function current_user_id() returns bigint stable language sql as
    $$ select nullif(current_setting('saoku.user_id', true), '')::bigint $$;

-- Store-scoped rows: the (select ...) is evaluated once per statement, not once per row.
do $$
declare
    scoped text;
begin
    foreach scoped in array array[
        'warehouse', 'zone', 'location', 'logistic_unit', 'stock_move', 'balance', 'allocation',
        'cost_entry', 'purchase_order', 'purchase_order_line', 'receipt', 'receipt_line'
    ] loop
        execute format('alter table %I enable row level security', scoped);
        execute format(
            'create policy stores on %I using '
            '((select sees_all_stores()) or store_id = any((select visible_stores())::bigint[]))',
            scoped
        );
    end loop;
end $$;

-- A pool without a store is the company's: everyone posts into it.
alter table cost_pool enable row level security;
create policy stores on cost_pool using (
    store_id is null or (select sees_all_stores()) or store_id = any((select visible_stores())::bigint[])
);
alter table cost_layer enable row level security;
create policy stores on cost_layer
    using (exists (select from cost_pool where cost_pool.id = cost_layer.pool_id));

-- A location's code belongs to the location's store; items and partners are the company's.
alter table code enable row level security;
create policy stores on code using (
    location_id is null or exists (select from location where location.id = code.location_id)
);

-- The audit: one's own commands, and those given in one's stores.
alter table command enable row level security;
create policy stores on command using (
    (select sees_all_stores())
    or user_id = (select current_user_id())
    or store_id = any((select visible_stores())::bigint[])
);

-- The tree and the people: everyone may know of them, only who sees all stores may change them.
do $$
declare
    shared text;
begin
    foreach shared in array array['company', 'area', 'store', 'app_user', 'user_store', 'user_area']
    loop
        execute format('alter table %I enable row level security', shared);
        execute format('create policy known on %I for select using (true)', shared);
        execute format(
            'create policy changed on %I using ((select sees_all_stores())) '
            'with check ((select sees_all_stores()))',
            shared
        );
    end loop;
end $$;

-- Facts are append-only: no grant, and a trigger for those who have one.
revoke update, delete, truncate on stock_move, cost_entry, command from saoku_app;

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: correct it with a reversing row', tg_table_name
        using errcode = 'restrict_violation', constraint = tg_table_name || '_append_only';
end $$;

do $$
declare
    facts text;
begin
    foreach facts in array array['stock_move', 'cost_entry', 'command'] loop
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
