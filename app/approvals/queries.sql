-- Policies, requests and votes.

-- name: policies
-- Those that may apply in a store, its own first.
select id, name, condition, required_votes, roles, expires_after_hours
from approval_policy
where kind = %(kind)s and is_active and (store_id is null or store_id = %(store_id)s)
order by store_id is null, position, id

-- name: is_governed
select exists (
    select from approval_policy
    where kind = %(kind)s and is_active and (store_id is null or store_id = %(store_id)s)
)

-- name: common_facts
select store.code as store, coalesce(app_user.role, '') as role
from store left join app_user on app_user.id = %(user_id)s::bigint
where store.id = %(store_id)s

-- name: waiting_already
select id from approval_request
where kind = %(kind)s and store_id = %(store_id)s and state = 'waiting' and expires_at > now()
    and subject_kind = %(subject_kind)s and subject_id = %(subject_id)s
    and command_kind = %(command_kind)s and command = %(command)s and facts = %(facts)s
    and requested_by is not distinct from %(requested_by)s::bigint
order by id limit 1

-- name: insert_request
insert into approval_request (
    kind, store_id, policy_id, policy_name, subject_kind, subject_id, link, title, command_kind,
    command, facts, reason, required_votes, roles, requested_by, command_id, device_id, ip,
    expires_at
) values (
    %(kind)s, %(store_id)s, %(policy_id)s, %(policy_name)s, %(subject_kind)s, %(subject_id)s,
    %(link)s, %(title)s, %(command_kind)s, %(command)s, %(facts)s, %(reason)s, %(required_votes)s,
    %(roles)s, %(requested_by)s, %(command_id)s, %(device_id)s, %(ip)s, %(expires_at)s
) returning id

-- name: asked
select kind, store_id, command_kind, subject_kind, subject_id, facts
from approval_request where id = %(request_id)s

-- name: lock_request
select id, store_id, state, expires_at <= clock_timestamp() as is_over, required_votes, roles,
       requested_by, command_kind, command, command_id, device_id, host(ip) as ip
from approval_request where id = %(request_id)s for update

-- name: lock_own
select state, expires_at <= clock_timestamp() as is_over, requested_by
from approval_request where id = %(request_id)s for update

-- name: voter
select role, exists (
    select from approval_vote where request_id = %(request_id)s and user_id = app_user.id
) as has_voted
from app_user where id = %(user_id)s and is_active

-- name: count_yeses
select count(*) from approval_vote where request_id = %(request_id)s and vote = 'approve'

-- name: decide
update approval_request
set state = %(state)s, decided_at = clock_timestamp(), effect = %(effect)s,
    executed_command_id = %(command_id)s::uuid
where id = %(request_id)s
returning store_id, title, requested_by

-- name: overdue
-- In key order, so that two workers do not wait for each other.
select id from approval_request where state = 'waiting' and expires_at <= now()
order by id limit 500 for update skip locked

-- name: any_overdue
select exists (select from approval_request where state = 'waiting' and expires_at <= now())
