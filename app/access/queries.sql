-- The read side of access: lists for its pages.

-- name: users
-- Those who work in one of the visible stores, with the stores among them; all for '*'.
with shown as (
    select s.id, s.code, s.name, s.area_id from store s
    where %(visible)s = '*' or s.id = any(string_to_array(nullif(%(visible)s, '*'), ',')::bigint[])
), works_in as (
    select us.user_id, shown.code, shown.name from user_store us join shown on shown.id = us.store_id
    union
    select ua.user_id, shown.code, shown.name
    from user_area ua join shown on shown.area_id = ua.area_id
)
select u.id, u.login, u.name, u.role, u.badge, u.pin_hash is not null as has_pin, u.is_active,
       case when u.role in ('headquarters', 'administrator') then '*'
            else coalesce((select string_agg(w.name, ', ' order by w.code) from works_in w
                           where w.user_id = u.id), '') end as stores
from app_user u
where (%(search)s = '' or u.login ilike %(pattern)s or u.name ilike %(pattern)s
       or u.badge ilike %(pattern)s)
  and (%(visible)s = '*' or exists (select from works_in w where w.user_id = u.id))
  and (%(after)s::text is null or u.login > %(after)s::text)
order by u.login
limit %(limit)s

-- name: user_of
select u.id, u.login, u.name, u.role, coalesce(u.badge, '') as badge,
       u.pin_hash is not null as has_pin, u.language, u.is_active,
       array(select us.store_id from user_store us where us.user_id = u.id) as store_ids,
       array(select ua.area_id from user_area ua where ua.user_id = u.id) as area_ids
from app_user u where u.id = %(id)s

-- name: stores
select s.id, s.code, s.name, s.time_zone, a.id as area_id, a.name as area_name
from store s join area a on a.id = s.area_id
where %(stores)s = '*' or s.id = any(string_to_array(nullif(%(stores)s, '*'), ',')::bigint[])
order by s.code

-- name: areas
select id, code, name from area order by code

-- name: company
select name, currency, currency_decimals, recovers_input_tax, gs1_prefix, receive_without_order,
       cost_scope
from company where id = 1

-- name: devices
select d.id, d.name, s.name as store_name, u.name as registered_by, d.registered_at,
       d.last_seen_at, d.revoked_at
from device d
join app_user u on u.id = d.registered_by
left join store s on s.id = d.store_id
order by d.revoked_at is not null, d.name, d.id

-- name: tokens
select t.id, t.name, u.name as user_name, s.name as store_name, t.created_at, t.expires_at,
       t.revoked_at, t.last_used_at
from api_token t
join app_user u on u.id = t.user_id
left join store s on s.id = t.store_id
order by t.revoked_at is not null, t.name, t.id

-- name: commands
select c.id, c.kind, c.outcome, c.recorded_at, c.occurred_at, host(c.ip) as ip,
       coalesce(u.name, '') as user_name, coalesce(d.name, '') as device_name,
       coalesce(s.name, '') as store_name, c.payload, c.answer
from command c
left join app_user u on u.id = c.user_id
left join device d on d.id = c.device_id
left join store s on s.id = c.store_id
where (%(kind)s = '' or c.kind = %(kind)s)
  and (%(outcome)s = '' or c.outcome = %(outcome)s)
  and (%(user)s::bigint is null or c.user_id = %(user)s::bigint)
  and (%(store)s::bigint is null or c.store_id = %(store)s::bigint)
  and (%(since)s::timestamptz is null or c.recorded_at >= %(since)s::timestamptz)
  and (%(until)s::timestamptz is null or c.recorded_at < %(until)s::timestamptz)
  and (%(after_at)s::timestamptz is null
       or (c.recorded_at, c.id) < (%(after_at)s::timestamptz, %(after_id)s::uuid))
order by c.recorded_at desc, c.id desc
limit %(limit)s

-- name: command_kinds
select distinct kind from (select kind from command order by recorded_at desc limit 5000) recent
order by kind
