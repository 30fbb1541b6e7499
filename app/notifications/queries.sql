-- Channels, rules, contacts, the log, and the queue of a channel.

-- name: channels
-- With how many messages wait and how many were given up lately.
select c.id, c.store_id, coalesce(s.name, '') as store_name, c.name, c.kind, c.language, c.settings,
       c.is_active, c.failures, c.blocked_until, count(d.id) filter (where d.state <> 'failed')::int
           as waiting, count(d.id) filter (where d.state = 'failed')::int as failed
from notification_channel c
left join store s on s.id = c.store_id
left join notification_delivery d on d.channel_id = c.id and (
    d.state in ('waiting', 'sending')
    or d.state = 'failed' and d.created_at > now() - interval '7 days')
group by c.id, s.name
order by c.is_active desc, c.store_id nulls first, c.name

-- name: rules
select r.id, r.store_id, coalesce(s.name, '') as store_name, r.event_kind, r.channel_id,
       c.name as channel_name, c.is_active as channel_is_active, coalesce(r.role, '') as role,
       r.user_id, coalesce(u.name, '') as user_name, r.is_active
from notification_rule r
join notification_channel c on c.id = r.channel_id
left join store s on s.id = r.store_id
left join app_user u on u.id = r.user_id
order by r.event_kind, r.store_id nulls first, r.id

-- name: people
select u.id, u.name from app_user u
where u.is_active and (sees_all_stores() or exists (
    select from unnest(visible_stores()) as seen(store_id) where works_for(u.id, u.role, seen.store_id)))
order by u.name, u.id
limit 1000

-- name: contacts
-- Those that the caller may change: row-level security leaves one's own, or everybody's.
select u.id as user_id, u.name, u.login, u.role, coalesce(c.email, '') as email,
       coalesce(c.mobile, '') as mobile
from app_user u left join notification_contact c on c.user_id = u.id
where u.is_active and (%(everyone)s or u.id = current_user_id())
order by u.id <> coalesce(current_user_id(), 0), u.name, u.id

-- name: save_contact
insert into notification_contact (user_id, email, mobile) values (%(user_id)s, %(email)s, %(mobile)s)
on conflict (user_id) do update
set email = excluded.email, mobile = excluded.mobile, changed_at = now()

-- name: log
-- Newest first.
select d.id, d.identity, d.state, d.attempts, d.next_try_at, d.answer, d.problem, d.created_at,
       d.sent_at, d.recipients, e.kind, e.title, e.facts, e.link, c.id as channel_id,
       c.name as channel_name, c.kind as channel_kind, c.blocked_until,
       coalesce(s.name, '') as store_name
from notification_delivery d
join notification_event e on e.id = d.event_id
join notification_channel c on c.id = d.channel_id
left join store s on s.id = d.store_id
where (%(state)s = '' or d.state = %(state)s
       or %(state)s = 'waiting' and d.state = 'sending')
  and (%(channel)s::bigint is null or d.channel_id = %(channel)s::bigint)
  and (%(after)s::bigint is null or d.id < %(after)s::bigint)
order by d.id desc
limit %(limit)s

-- name: count_failed
select count(*) from notification_delivery
where state = 'failed' and created_at > now() - interval '7 days'

-- name: claim_channel
-- One job at a time sends through a channel.
update notification_channel set busy_until = now() + make_interval(secs => %(seconds)s)
where id = %(channel_id)s and is_active and (busy_until is null or busy_until < now())
  and (blocked_until is null or blocked_until <= now())
returning id, kind, language, settings, sealed

-- name: leave_channel
update notification_channel set busy_until = null where id = %(channel_id)s returning id

-- name: take_delivery
-- What is tried for the first time goes before what has failed already.  One that was being sent
-- when its worker was lost is sent again under the same identity.
with next as (
    select id from notification_delivery
    where channel_id = %(channel_id)s
      and (state = 'waiting' and next_try_at <= now()
           or state = 'sending' and sending_since < now() - interval '2 minutes')
    order by next_try_at, id
    limit 1 for update skip locked
)
update notification_delivery d
set state = 'sending', sending_since = now(), attempts = attempts + 1
from next, notification_event e
left join store s on s.id = e.store_id
where d.id = next.id and e.id = d.event_id
returning d.id, d.identity, d.attempts, d.recipients, e.kind, e.title, e.facts, e.link,
          e.created_at as happened_at, coalesce(s.code, '') as store_code,
          coalesce(s.name, '') as store_name, coalesce(s.time_zone, %(zone)s) as time_zone

-- name: delivered
with done as (
    update notification_delivery
    set state = 'sent', sent_at = now(), answer = %(answer)s, problem = null
    where id = %(id)s returning channel_id
)
update notification_channel c set failures = 0, blocked_until = null
from done where c.id = done.channel_id returning c.id

-- name: given_up
update notification_delivery set state = 'failed', problem = %(problem)s, answer = ''
where id = %(id)s returning id

-- name: try_later
-- The channel rests as well: what does not answer one message will not answer the next.
with later as (
    update notification_delivery
    set state = 'waiting', problem = %(problem)s, answer = '',
        next_try_at = now() + make_interval(secs => %(seconds)s)
    where id = %(id)s returning channel_id
)
update notification_channel c
set failures = c.failures + 1,
    blocked_until = now() + make_interval(secs => least(%(longest)s, %(first)s * 2 ^ least(c.failures, 20)))
from later where c.id = later.channel_id returning c.blocked_until

-- name: is_due
select exists (
    select from notification_delivery d join notification_channel c on c.id = d.channel_id
    where c.id = %(channel_id)s and c.is_active
      and (c.blocked_until is null or c.blocked_until <= now())
      and (d.state = 'waiting' and d.next_try_at <= now()
           or d.state = 'sending' and d.sending_since < now() - interval '2 minutes')
)

-- name: next_moment
select greatest(min(d.next_try_at), c.blocked_until)
from notification_delivery d join notification_channel c on c.id = d.channel_id
where c.id = %(channel_id)s and c.is_active and d.state = 'waiting'
group by c.id

-- name: due_channels
-- For the job of each minute: what a lost job left behind.
select distinct d.channel_id
from notification_delivery d join notification_channel c on c.id = d.channel_id
where c.is_active and (c.blocked_until is null or c.blocked_until <= now())
  and (c.busy_until is null or c.busy_until < now())
  and (d.state = 'waiting' and d.next_try_at <= now() - interval '20 seconds'
       or d.state = 'sending' and d.sending_since < now() - interval '2 minutes')

-- name: forget
-- What is long over.
with old as (
    delete from notification_delivery
    where state in ('sent', 'failed') and created_at < now() - interval '180 days'
    returning id
)
delete from notification_event e
where e.created_at < now() - interval '180 days' and not exists (
    select from notification_delivery d where d.event_id = e.id
        and (d.state in ('waiting', 'sending') or d.created_at >= now() - interval '180 days'))
returning e.id

-- name: send_test
-- A test message passes every rule by.
with event as (
    insert into notification_event (kind, store_id, title, facts, link, roles, people, command_id)
    select 'test', c.store_id, %(title)s, %(facts)s, '/notifications', '[]',
           jsonb_build_array(%(user_id)s::bigint), %(command_id)s
    from notification_channel c where c.id = %(channel_id)s
    returning id, store_id
)
insert into notification_delivery (event_id, channel_id, store_id, recipients)
select event.id, %(channel_id)s, event.store_id, coalesce((
    select jsonb_agg(jsonb_build_object('user_id', u.id, 'name', u.name,
        'email', coalesce(k.email, ''), 'mobile', coalesce(k.mobile, '')))
    from app_user u left join notification_contact k on k.user_id = u.id
    where u.id = %(user_id)s::bigint), '[]')
from event
returning id

-- name: again
-- Now, whatever it waited for; a message that was given up has all its attempts again.
with asked as (
    update notification_delivery
    set state = 'waiting', next_try_at = now(),
        attempts = case when state = 'failed' then 0 else attempts end
    where id = %(id)s and state in ('waiting', 'failed')
    returning channel_id
)
update notification_channel c set blocked_until = null
from asked where c.id = asked.channel_id returning c.id
