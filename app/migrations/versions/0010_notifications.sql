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
-- An event without a store concerns every store, a recall for one.
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
               and (event_store is null or works_for(person.id, person.role, event_store))
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
            and (rule.store_id is null
                 or works_for(concerned.id, concerned.role, rule.store_id))
        where rule.is_active and rule.event_kind in ('*', publish_event.event_kind)
            and (rule.store_id is null or event_store is null or rule.store_id = event_store)
            and (channel.store_id is null or event_store is null or channel.store_id = event_store)
        group by rule.channel_id
        having count(concerned.id) > 0 or bool_or(rule.role is null and rule.user_id is null)
    )
    insert into notification_delivery (event_id, channel_id, store_id, recipients)
    select event.id, told.channel_id, event_store, told.recipients from told cross join event
    returning notification_delivery.channel_id
$$;

-- What calls for attention now --------------------------------------------------------------------

-- The rule that counts for each store and category (0: items without one), of one kind.
create function alert_terms(asked_kind text)
    returns table (store_id bigint, category_id bigint, rule_id bigint, threshold integer, today date)
    language sql stable as $$
    with recursive line as (
        select id as category_id, id as above_id, 0 as steps from category
        union all
        select line.category_id, category.parent_id, line.steps + 1
        from line join category on category.id = line.above_id
        where category.parent_id is not null and line.steps < 50
    ), known as (
        select category_id, above_id, steps from line
        union all select id, null, 1000 from category
        union all select null, null, 1000
    ), closest as (
        select distinct on (store.id, known.category_id)
               store.id as store_id, known.category_id, rule.id as rule_id, rule.threshold,
               rule.is_active, (now() at time zone store.time_zone)::date as today
        from alert_rule rule
        join store on rule.store_id is null or store.id = rule.store_id
        join known on rule.category_id is not distinct from known.above_id
        where rule.kind = asked_kind
        order by store.id, known.category_id, rule.store_id is null, known.steps
    )
    select store_id, coalesce(category_id, 0), rule_id, threshold, today from closest where is_active
$$;

-- Every cause for an alert as things stand, by kind: what an alert is raised for, kept for and, when
-- it is gone from here, closed.
create view alert_cause with (security_invoker = true) as
-- Less than the safety stock of what can be sold: neither expired nor held back.
select 'below_safety_stock'::text as kind, held.store_id, 'item/' || item.id as cause, terms.rule_id,
       item.id as item_id, null::bigint as lot_id, null::bigint as order_line_id,
       null::bigint as device_id,
       jsonb_build_object(
           'item', item.name, 'code', item.code, 'unit', item.base_unit,
           'quantity', trim_scale(held.good)::text, 'wanted', trim_scale(item.safety_stock)::text
       ) as facts
from item
join (
    select balance.store_id, balance.item_id, coalesce(sum(balance.on_hand) filter (
               where balance.status = 'available' and hold.id is null
               and coalesce(case item.expiry_rule when 'best_before_on' then lot.best_before_on
                                                  when 'expires_on' then lot.expires_on end,
                            'infinity') >= current_date
           ), 0) as good
    from balance
    join item on item.id = balance.item_id and item.safety_stock > 0
    left join lot on lot.id = balance.lot_id
    left join lot_hold hold on hold.lot_id = balance.lot_id and hold.lifted_at is null
    group by balance.store_id, balance.item_id
) held on held.item_id = item.id
join alert_terms('below_safety_stock') terms on terms.store_id = held.store_id
    and terms.category_id = coalesce(item.category_id, 0)
where item.is_active and held.good * 100 < item.safety_stock * (100 + terms.threshold)
union all
-- Nothing of it came or went for so many days.
select 'no_movement', held.store_id, 'item/' || item.id, terms.rule_id, item.id, null, null, null,
       jsonb_build_object(
           'item', item.name, 'code', item.code, 'unit', item.base_unit,
           'quantity', trim_scale(held.on_hand)::text,
           'days', extract(day from now() - held.moved_at)::integer
       )
from (
    select store_id, item_id, sum(on_hand) as on_hand, max(changed_at) as moved_at
    from balance group by store_id, item_id having sum(on_hand) > 0
) held
join item on item.id = held.item_id and item.is_active
join alert_terms('no_movement') terms on terms.store_id = held.store_id
    and terms.category_id = coalesce(item.category_id, 0)
where held.moved_at < now() - make_interval(days => terms.threshold)
union all
-- A lot's last day is near, or over.
select 'near_expiry', held.store_id, 'lot/' || lot.id, terms.rule_id, item.id, lot.id, null, null,
       jsonb_build_object(
           'item', item.name, 'code', item.code, 'unit', item.base_unit, 'lot', lot.code,
           'quantity', trim_scale(held.on_hand)::text, 'expires', last.day::text,
           'days', last.day - terms.today
       )
from (
    select store_id, item_id, lot_id, sum(on_hand) as on_hand
    from balance where lot_id is not null group by store_id, item_id, lot_id having sum(on_hand) > 0
) held
join item on item.id = held.item_id and item.expiry_rule <> 'none'
join lot on lot.id = held.lot_id
cross join lateral (
    select case item.expiry_rule when 'best_before_on' then lot.best_before_on
                                 else lot.expires_on end as day
) last
join alert_terms('near_expiry') terms on terms.store_id = held.store_id
    and terms.category_id = coalesce(item.category_id, 0)
where last.day <= terms.today + terms.threshold
union all
-- Somebody tried to take more than the books say: the goods are there and the books are wrong, or
-- the other way round.  Raised from the last hour's refusals, kept for so many hours after the last.
select 'negative_attempt', attempt.store_id, 'attempt/' || item.id, terms.rule_id, item.id, null,
       null, null, attempt.facts
from (
    select distinct on (every.store_id, every.item_id) every.*
    from (
        select command.store_id, item.id as item_id, command.recorded_at as last_at,
               jsonb_build_object(
                   'item', item.name, 'code', item.code, 'unit', item.base_unit,
                   'location', command.answer #>> '{data,location}',
                   'quantity', command.answer #>> '{data,on_hand}',
                   'wanted', command.answer #>> '{data,wanted}',
                   'user', coalesce(app_user.name, ''), 'last_at', command.recorded_at
               ) as facts
        from command
        join item on item.code = command.answer #>> '{data,item}'
        left join app_user on app_user.id = command.user_id
        where command.outcome = 'refused' and command.recorded_at > now() - interval '1 hour'
            and command.answer ->> 'code' = 'insufficient_on_hand' and command.store_id is not null
        union all
        select alert.store_id, alert.item_id, (alert.facts ->> 'last_at')::timestamptz, alert.facts
        from alert
        where alert.kind = 'negative_attempt' and alert.closed_at is null
            and alert.cause like 'attempt/%'
    ) every
    order by every.store_id, every.item_id, every.last_at desc
) attempt
join item on item.id = attempt.item_id
join alert_terms('negative_attempt') terms on terms.store_id = attempt.store_id
    and terms.category_id = coalesce(item.category_id, 0)
where attempt.last_at > now() - make_interval(hours => terms.threshold)
union all
-- Where a warehouse may go below zero, and has.
select 'negative_attempt', balance.store_id, 'below/' || balance.id, terms.rule_id, item.id,
       balance.lot_id, null, null,
       jsonb_build_object(
           'item', item.name, 'code', item.code, 'unit', item.base_unit,
           'location', location.code, 'quantity', trim_scale(balance.on_hand)::text
       )
from balance
join item on item.id = balance.item_id
join location on location.id = balance.location_id
join alert_terms('negative_attempt') terms on terms.store_id = balance.store_id
    and terms.category_id = coalesce(item.category_id, 0)
where balance.on_hand < 0
union all
-- Promised long ago, or longer than the promise was to last, and still on the shelf.
select 'stale_allocation', old.store_id, 'line/' || line.id, old.rule_id, line.item_id, null,
       line.id, null,
       jsonb_build_object(
           'item', item.name, 'code', item.code, 'unit', item.base_unit, 'order', sales_order.number,
           'quantity', trim_scale(old.quantity)::text, 'since', old.since
       )
from (
    select allocation.store_id, allocation.line_id, terms.rule_id,
           sum(allocation.quantity) as quantity, min(allocation.created_at) as since
    from allocation
    join balance on balance.id = allocation.balance_id
    join location on location.id = balance.location_id and location.kind not in ('staging', 'cart')
    join item on item.id = balance.item_id
    join alert_terms('stale_allocation') terms on terms.store_id = allocation.store_id
        and terms.category_id = coalesce(item.category_id, 0)
    where allocation.line_kind = 'sales_order_line'
        and (allocation.created_at < now() - make_interval(hours => terms.threshold)
             or allocation.expires_at < now())
    group by allocation.store_id, allocation.line_id, terms.rule_id
) old
join sales_order_line line on line.id = old.line_id
join sales_order on sales_order.id = line.order_id
join item on item.id = line.item_id
union all
-- A browser's later command arrived so many minutes ago, and an earlier one has not yet.  Among the
-- newest 200 of each; what was handed over by hand counts as arrived.
select 'unsynchronised_device', newest.store_id, 'browser/' || newest.installation, terms.rule_id,
       null, null, null, newest.device_id,
       jsonb_build_object(
           'device', coalesce(device.name, ''), 'user', coalesce(app_user.name, ''),
           'count', gap.missing, 'since', gap.since
       )
from (
    with recursive browser as (
        (select installation from command where installation is not null
         order by installation limit 1)
        union all
        select (select next.installation from command next
                where next.installation > browser.installation
                order by next.installation limit 1)
        from browser where browser.installation is not null
    )
    select browser.installation, last.*
    from browser cross join lateral (
        select command.sequence, command.recorded_at, command.store_id, command.device_id,
               command.user_id
        from command where command.installation = browser.installation
        order by command.sequence desc nulls last limit 1
    ) last
    where last.recorded_at > now() - interval '7 days' and last.store_id is not null
) newest
cross join lateral (
    select sum(step.sequence - step.before - 1)::integer as missing,
           min(step.recorded_at) as since
    from (
        select numbered.sequence, numbered.recorded_at,
               lag(numbered.sequence, 1, greatest(newest.sequence - 200, 0))
                   over (order by numbered.sequence) as before
        from (
            select command.sequence, command.recorded_at from command
            where command.installation = newest.installation
                and command.sequence > newest.sequence - 200
            union all
            select event.sequence, min(event.recorded_at) from conflict_event event
            where event.installation = newest.installation
                and event.sequence > newest.sequence - 200
                and not exists (select from command where command.installation = event.installation
                                and command.sequence = event.sequence)
            group by event.sequence
        ) numbered
    ) step
    where step.sequence > step.before + 1
) gap
join alert_terms('unsynchronised_device') terms on terms.store_id = newest.store_id
    and terms.category_id = 0
left join device on device.id = newest.device_id
left join app_user on app_user.id = newest.user_id
where gap.missing > 0 and gap.since < now() - make_interval(mins => terms.threshold);

grant select on alert_cause to saoku_app;
