-- Notification channels, rules and the delivery log; alerts.

-- Where people are reached outside of Saoku; each one's own, seen by who sees every store.
create table notification_contact (
    user_id bigint not null,
    email text default '' not null,
    mobile text default '' not null,
    changed_at timestamp with time zone default now() not null,
    primary key (user_id),
    foreign key (user_id) references app_user (id)
);

-- A way out: a group's robot, a mail server, another program.  ``settings`` may be shown, ``sealed``
-- is encrypted with the installation's key.  Without a store it is the company's.
create table notification_channel (
    id bigint generated always as identity,
    store_id bigint,
    name text not null,
    kind text not null,
    language text default 'zh_CN' not null,
    settings jsonb not null,
    sealed text not null,
    is_active boolean default true not null,
    -- Of the sender: failures in a row, not before when, and who is at it now.
    failures integer default 0 not null,
    blocked_until timestamp with time zone,
    busy_until timestamp with time zone,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    primary key (id),
    constraint notification_channel_name_once unique nulls not distinct (store_id, name),
    constraint notification_channel_kind_known check (
        kind in ('dingtalk', 'wecom', 'feishu', 'email', 'webhook', 'apprise')
    ),
    foreign key (store_id) references store (id),
    foreign key (created_by) references app_user (id)
);

-- What goes where: events of a kind ('*' every kind) of a store (null every store) to a channel,
-- for whom they concern, or only for a role or a person among them.
create table notification_rule (
    id bigint generated always as identity,
    store_id bigint,
    event_kind text not null,
    channel_id bigint not null,
    role text,
    user_id bigint,
    is_active boolean default true not null,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    primary key (id),
    constraint notification_rule_once
        unique nulls not distinct (store_id, event_kind, channel_id, role, user_id),
    constraint notification_rule_for_one check (role is null or user_id is null),
    foreign key (store_id) references store (id),
    foreign key (channel_id) references notification_channel (id),
    foreign key (user_id) references app_user (id),
    foreign key (created_by) references app_user (id)
);

create index notification_rule_of_kind on notification_rule (event_kind) where is_active;

-- Something happened that people may want to hear of.  ``title`` is an English sentence with braces
-- that ``facts`` fill; it is translated for each channel.
create table notification_event (
    id bigint generated always as identity,
    kind text not null,
    store_id bigint,
    title text not null,
    facts jsonb not null,
    link text not null,
    roles jsonb not null,
    people jsonb not null,
    command_id uuid,
    created_at timestamp with time zone default now() not null,
    primary key (id),
    foreign key (store_id) references store (id)
);

create index notification_event_newest on notification_event (store_id, id);

-- An event on its way through a channel.  ``identity`` travels with it: the same in each attempt.
create table notification_delivery (
    id bigint generated always as identity,
    identity uuid default gen_random_uuid() not null,
    event_id bigint not null,
    channel_id bigint not null,
    store_id bigint,
    recipients jsonb not null,
    state text default 'waiting' not null,
    attempts integer default 0 not null,
    next_try_at timestamp with time zone default now() not null,
    sending_since timestamp with time zone,
    answer text default '' not null,
    problem jsonb,
    created_at timestamp with time zone default now() not null,
    sent_at timestamp with time zone,
    primary key (id),
    constraint notification_delivery_once unique (event_id, channel_id),
    constraint notification_delivery_state_known check (
        state in ('waiting', 'sending', 'sent', 'failed')
    ),
    constraint notification_delivery_attempts check (attempts >= 0),
    foreign key (event_id) references notification_event (id),
    foreign key (channel_id) references notification_channel (id),
    foreign key (store_id) references store (id)
);

create index notification_delivery_due on notification_delivery (channel_id, next_try_at)
    where state in ('waiting', 'sending');
create index notification_delivery_newest on notification_delivery (store_id, id);

-- Alerts ------------------------------------------------------------------------------------------

-- When somebody in charge is told by itself.  The closest rule counts: of the store and category,
-- of the store, of the category (or one above it), of the company.  ``threshold`` counts days, hours
-- or minutes, as the kind says.
create table alert_rule (
    id bigint generated always as identity,
    store_id bigint,
    category_id bigint,
    kind text not null,
    threshold integer default 0 not null,
    role text default 'store_manager' not null,
    user_id bigint,
    is_active boolean default true not null,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    primary key (id),
    constraint alert_rule_once unique nulls not distinct (store_id, category_id, kind),
    constraint alert_rule_kind_known check (kind in (
        'below_safety_stock', 'no_movement', 'near_expiry', 'negative_attempt',
        'stale_allocation', 'unsynchronised_device'
    )),
    constraint alert_rule_threshold check (threshold between 0 and 100000),
    constraint alert_rule_devices_have_no_category check (
        category_id is null or kind <> 'unsynchronised_device'
    ),
    foreign key (store_id) references store (id),
    foreign key (category_id) references category (id),
    foreign key (user_id) references app_user (id),
    foreign key (created_by) references app_user (id)
);

-- A cause for concern, raised once while it lasts; ``cause`` names it within its kind.
create table alert (
    id bigint generated always as identity,
    rule_id bigint not null,
    store_id bigint not null,
    kind text not null,
    cause text not null,
    item_id bigint,
    lot_id bigint,
    order_line_id bigint,
    device_id bigint,
    facts jsonb not null,
    opened_at timestamp with time zone default now() not null,
    told_at timestamp with time zone,
    snoozed_until timestamp with time zone,
    snoozed_by bigint,
    snooze_reason text default '' not null,
    closed_at timestamp with time zone,
    primary key (id),
    foreign key (rule_id) references alert_rule (id),
    foreign key (store_id) references store (id),
    foreign key (item_id) references item (id),
    foreign key (lot_id) references lot (id),
    foreign key (order_line_id) references sales_order_line (id),
    foreign key (device_id) references device (id),
    foreign key (snoozed_by) references app_user (id)
);

create unique index alert_once on alert (store_id, kind, cause) where closed_at is null;
create index alert_newest on alert (store_id, id);

-- What is worth a word without anybody having asked for it.
insert into alert_rule (kind, threshold, role) values
    ('below_safety_stock', 0, 'store_manager'),
    ('no_movement', 90, 'store_manager'),
    ('near_expiry', 7, 'store_manager'),
    ('negative_attempt', 24, 'supervisor'),
    ('stale_allocation', 24, 'supervisor'),
    ('unsynchronised_device', 30, 'supervisor');

-- Who may see and change -------------------------------------------------------------------------

alter table notification_contact enable row level security;
create policy own on notification_contact
    using ((select sees_all_stores()) or user_id = (select current_user_id()));

do $$
declare
    scoped text;
begin
    foreach scoped in array array['alert'] loop
        execute format('alter table %I enable row level security', scoped);
        execute format(
            'create policy stores on %I using '
            '((select sees_all_stores()) or store_id = any((select visible_stores())::bigint[]))',
            scoped
        );
    end loop;
    -- Without a store a row is the company's: everyone may know it, who sees every store changes it.
    foreach scoped in array array[
        'notification_channel', 'notification_rule', 'notification_event', 'notification_delivery',
        'alert_rule'
    ] loop
        execute format('alter table %I enable row level security', scoped);
        execute format(
            'create policy known on %I for select using (store_id is null '
            'or (select sees_all_stores()) or store_id = any((select visible_stores())::bigint[]))',
            scoped
        );
        execute format(
            'create policy changed on %I using '
            '((select sees_all_stores()) or store_id = any((select visible_stores())::bigint[]))',
            scoped
        );
    end loop;
end $$;

-- Whether a person works for a store (null: for all of them).
create function works_for(person bigint, role text, store bigint) returns boolean stable
    language sql as $$
    select role in ('headquarters', 'administrator')
        or exists (select from user_store us where us.user_id = person and us.store_id = store)
        or exists (
            select from user_area ua join store s on s.area_id = ua.area_id
            where ua.user_id = person and s.id = store
        )
$$;

-- Write an event down with its deliveries; the channels that have something to send now.
-- Whom it concerns: the people named, and those of the roles named who work for its store; nobody
-- named: everyone who works there may hear of it, but only who is named in a rule is called by name.
-- It runs as the owner, because what a store's operator did may concern another store's manager.
create function publish_event(
    event_kind text, event_store bigint, event_title text, event_facts jsonb, event_link text,
    event_roles jsonb, event_people jsonb, event_command uuid
) returns table (channel_id bigint)
    language sql security definer set search_path from current as $$
    with event as (
        insert into notification_event
            (kind, store_id, title, facts, link, roles, people, command_id)
        values (event_kind, event_store, event_title, event_facts, event_link, event_roles,
                event_people, event_command)
        returning id
    ), concerned as (
        select person.id, person.name, person.role, coalesce(contact.email, '') as email,
               coalesce(contact.mobile, '') as mobile,
               event_roles = '[]' and event_people = '[]' as is_anyone
        from app_user person
        left join notification_contact contact on contact.user_id = person.id
        where person.is_active and (
            event_people @> to_jsonb(person.id)
            or (event_roles ? person.role or event_roles = '[]' and event_people = '[]')
               and works_for(person.id, person.role, event_store)
        )
    ), told as (
        select rule.channel_id,
               coalesce(jsonb_agg(distinct jsonb_build_object(
                   'user_id', concerned.id, 'name', concerned.name,
                   'email', concerned.email, 'mobile', concerned.mobile
               )) filter (
                   where not concerned.is_anyone or coalesce(rule.role, rule.user_id::text) is not null
               ), '[]') as recipients
        from notification_rule rule
        join notification_channel channel on channel.id = rule.channel_id and channel.is_active
        left join concerned on (rule.role is null or rule.role = concerned.role)
            and (rule.user_id is null or rule.user_id = concerned.id)
        where rule.is_active and rule.event_kind in ('*', event_kind)
            and (rule.store_id is null or rule.store_id = event_store)
            and (channel.store_id is null or channel.store_id = event_store)
        group by rule.channel_id
        having count(concerned.id) > 0 or bool_or(rule.role is null and rule.user_id is null)
    )
    insert into notification_delivery (event_id, channel_id, store_id, recipients)
    select event.id, told.channel_id, event_store, told.recipients from told cross join event
    returning notification_delivery.channel_id
$$;
