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

-- The answer that a command id got before, whoever sent it: the guard must not depend on who asks.
create function stored_command(command_id uuid)
    returns table (fingerprint text, outcome text, answer jsonb)
    language sql stable security definer set search_path from current as
    $$ select fingerprint, outcome, answer from command where id = command_id $$;

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

-- Sessions, tokens and devices: the application finds them through these functions, before it knows
-- who asks; read directly they are one's own, or those of one's stores.
alter table login_session enable row level security;
create policy own on login_session
    using ((select sees_all_stores()) or user_id = (select current_user_id()));
alter table api_token enable row level security;
create policy own on api_token
    using ((select sees_all_stores()) or user_id = (select current_user_id()));
alter table device enable row level security;
create policy stores on device
    using ((select sees_all_stores()) or store_id = any((select visible_stores())::bigint[]));

-- The stores that a person sees: '*', or ids with commas.
create function stores_of(person bigint, role text) returns text stable language plpgsql as $$
begin
    if role in ('headquarters', 'administrator') then
        return '*';
    end if;
    return coalesce((
        select string_agg(s.id::text, ',' order by s.id) from store s
        where s.id in (select us.store_id from user_store us where us.user_id = person)
           or s.area_id in (select ua.area_id from user_area ua where ua.user_id = person)
    ), '');
end $$;

create type actor_row as (
    user_id bigint, login text, name text, role text, language text, stores text,
    store_id bigint, store_code text, store_name text, time_zone text,
    device_id bigint, device_name text, csrf_token text, locked boolean
);

-- The store to work in where none was chosen, or one that is no longer theirs: the first of theirs.
create function with_a_store(actor actor_row) returns actor_row stable language plpgsql as $$
begin
    if actor.stores = '*' and actor.store_id is not null
       or actor.store_id::text = any(string_to_array(actor.stores, ',')) then
        return actor;
    end if;
    select s.id, s.code, s.name, s.time_zone
        into actor.store_id, actor.store_code, actor.store_name, actor.time_zone
        from store s
        where actor.stores = '*' or s.id = any(string_to_array(actor.stores, ',')::bigint[])
        order by s.id limit 1;
    return actor;
end $$;

-- Who a session stands for.  Every request asks: one join, and the rest only where it is needed.
-- A session ends after 12 hours without a request and after 7 days in any case.  On a registered
-- device, which people share, it is locked after 5 minutes without one.
create function session_actor(hash text) returns setof actor_row
    language plpgsql security definer set search_path from current as $$
declare
    actor actor_row;
    idle interval;
    has_areas boolean;
begin
    select u.id, u.login, u.name, u.role, u.language,
           s.id, s.code, s.name, s.time_zone, d.id, d.name,
           ls.csrf_token, ls.locked_at is not null, now() - ls.last_seen_at,
           array_to_string(array(select us.store_id from user_store us where us.user_id = u.id), ','),
           exists (select from user_area ua where ua.user_id = u.id)
        into actor.user_id, actor.login, actor.name, actor.role, actor.language,
             actor.store_id, actor.store_code, actor.store_name, actor.time_zone,
             actor.device_id, actor.device_name, actor.csrf_token, actor.locked, idle,
             actor.stores, has_areas
        from login_session ls
        join app_user u on u.id = ls.user_id
        left join store s on s.id = ls.store_id
        left join device d on d.id = ls.device_id
        where ls.token_hash = hash and ls.expires_at > now() and u.is_active
          and (ls.device_id is null or d.revoked_at is null);
    if not found then
        return;
    end if;
    if has_areas or actor.role in ('headquarters', 'administrator') then
        actor.stores := stores_of(actor.user_id, actor.role);
    end if;
    if not actor.locked and idle > interval '10 seconds' then
        actor.locked := note_request(hash, actor.device_id is not null, idle);
    end if;
    return next with_a_store(actor);
end $$;

-- The session goes on; or is locked now, because the device lay idle: then true.
create function note_request(hash text, shared boolean, idle interval) returns boolean
    language plpgsql as $$
begin
    if shared and idle > interval '5 minutes' then
        update login_session ls set locked_at = now() where ls.token_hash = hash;
        return true;
    end if;
    if shared or idle > interval '1 minute' then
        update login_session ls
            set last_seen_at = now(),
                expires_at = least(now() + interval '12 hours', ls.created_at + interval '7 days')
            where ls.token_hash = hash;
    end if;
    return false;
end $$;

-- Who an API token stands for: its user, in one store where it is bound to one.
create function token_actor(hash text) returns setof actor_row
    language plpgsql security definer set search_path from current as $$
declare
    actor actor_row;
    token bigint;
    unused interval;
begin
    select u.id, u.login, u.name, u.role, u.language, stores_of(u.id, u.role),
           s.id, s.code, s.name, s.time_zone, d.id, d.name, '', false,
           t.id, now() - coalesce(t.last_used_at, '-infinity')
        into actor.user_id, actor.login, actor.name, actor.role, actor.language, actor.stores,
             actor.store_id, actor.store_code, actor.store_name, actor.time_zone,
             actor.device_id, actor.device_name, actor.csrf_token, actor.locked, token, unused
        from api_token t
        join app_user u on u.id = t.user_id
        left join store s on s.id = t.store_id
        left join device d on d.id = t.device_id
        where t.token_hash = hash and t.revoked_at is null and u.is_active
          and (t.expires_at is null or t.expires_at > now())
          and (t.device_id is null or d.revoked_at is null);
    if not found then
        return;
    end if;
    if actor.store_id is not null then
        -- Bound to a store that its user has lost: it sees nothing.
        if actor.stores <> '*'
           and not actor.store_id::text = any(string_to_array(actor.stores, ',')) then
            return;
        end if;
        actor.stores := actor.store_id::text;
    end if;
    if unused > interval '1 minute' then
        update api_token t set last_used_at = now() where t.id = token;
    end if;
    return next with_a_store(actor);
end $$;

create function open_session(
    hash text, person bigint, on_device bigint, csrf text, address text, agent text
) returns void language plpgsql security definer set search_path from current as $$
begin
    delete from login_session ls where ls.expires_at < now();
    insert into login_session
        (token_hash, user_id, store_id, device_id, csrf_token, ip, user_agent, expires_at)
    select hash, person,
           coalesce((select d.store_id from device d where d.id = on_device),
                    (select min(us.store_id) from user_store us where us.user_id = person)),
           on_device, csrf, address, left(agent, 300), now() + interval '12 hours';
    update device d set last_seen_at = now() where d.id = on_device;
end $$;

create function close_session(hash text) returns void
    language sql security definer set search_path from current as
    $$ delete from login_session where token_hash = hash $$;

create function lock_session(hash text) returns void
    language sql security definer set search_path from current as
    $$ update login_session set locked_at = now() where token_hash = hash $$;
create function unlock_session(hash text) returns void
    language sql security definer set search_path from current as
    $$ update login_session set locked_at = null, last_seen_at = now() where token_hash = hash $$;

create function device_of(hash text) returns table (id bigint, name text, store_id bigint)
    language sql stable security definer set search_path from current as
    $$ select d.id, d.name, d.store_id from device d
       where d.token_hash = hash and d.revoked_at is null $$;

-- Throttling.  An attempt is written down as failed before anything is checked, so that a hundred
-- at once are counted as a hundred; after the free ones each failure doubles the wait.
create function begin_login(who text, address text, out attempt bigint, out wait_seconds int)
    language plpgsql security definer set search_path from current as $$
declare
    allowed_at timestamptz;
begin
    perform pg_advisory_xact_lock(hashtextextended('login ' || who, 0));
    select greatest(
        (select max(a.attempted_at) + login_delay(count(*), 5) from login_attempt a
            where a.subject = who and not a.succeeded and a.attempted_at > now() - interval '1 hour'
              and a.attempted_at > coalesce((select max(b.attempted_at) from login_attempt b
                                             where b.subject = who and b.succeeded), '-infinity')),
        (select max(a.attempted_at) + login_delay(count(*), 30) from login_attempt a
            where a.ip = address and not a.succeeded
              and a.attempted_at > now() - interval '1 hour')
    ) into allowed_at;
    if allowed_at > now() then
        wait_seconds := ceil(extract(epoch from allowed_at - now()));
        return;
    end if;
    insert into login_attempt (subject, ip, succeeded) values (who, address, false)
        returning id into attempt;
end $$;

create function login_delay(failures bigint, free int) returns interval immutable language sql as
    $$ select make_interval(secs => case when failures < free then 0
                                         else least(300, 2 ^ least(failures - free, 9)) end) $$;

create function login_succeeded(attempt bigint) returns void
    language sql security definer set search_path from current as
    $$ update login_attempt set succeeded = true where id = attempt $$;

-- What people may change of themselves without the right to change others.
create function change_own_password(hash text) returns void
    language sql security definer set search_path from current as
    $$ update app_user set password_hash = hash where id = current_user_id() $$;
create function change_own_pin(hash text) returns void
    language sql security definer set search_path from current as
    $$ update app_user set pin_hash = hash where id = current_user_id() $$;
create function change_own_language(wanted text) returns void
    language sql security definer set search_path from current as
    $$ update app_user set language = wanted where id = current_user_id() $$;

revoke insert, update, delete on login_attempt from saoku_app;

-- What the catalog may not change once there is stock.  The functions look at every store's rows
-- (security definer): that another store has moved the item binds this one too.
create function refuse_new_item_identity() returns trigger
    language plpgsql security definer set search_path from current as $$
begin
    if exists (select from stock_move where item_id = old.id) then
        raise exception 'item % has stock moves', old.code
            using errcode = 'restrict_violation', constraint = 'item_identity_frozen';
    end if;
    return new;
end $$;

create trigger item_identity_frozen before update on item for each row
    when ((old.base_unit, old.decimals, old.tracking, old.cost_method)
        is distinct from (new.base_unit, new.decimals, new.tracking, new.cost_method))
    execute function refuse_new_item_identity();

create function refuse_archived_with_stock() returns trigger
    language plpgsql security definer set search_path from current as $$
begin
    if tg_table_name = 'item' then
        -- Virtual places hold no stock: only what lies in a warehouse keeps an item in use.
        if exists (
            select from balance join location on location.id = balance.location_id
            where balance.item_id = old.id and balance.on_hand <> 0
                and location.warehouse_id is not null
        ) then
            raise exception 'item % has stock', old.code
                using errcode = 'restrict_violation', constraint = 'item_archived_without_stock';
        end if;
    elsif exists (select from balance where location_id = old.id and on_hand <> 0) then
        raise exception 'location % holds stock', old.code
            using errcode = 'restrict_violation', constraint = 'location_archived_empty';
    end if;
    return new;
end $$;

create trigger item_archived_without_stock before update of is_active on item for each row
    when (old.is_active and not new.is_active) execute function refuse_archived_with_stock();
create trigger location_archived_empty before update of is_active on location for each row
    when (old.is_active and not new.is_active) execute function refuse_archived_with_stock();
