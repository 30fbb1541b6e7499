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

-- name: requests
-- Newest first; ``can_vote`` says whether the one who looks may decide about it now.
with asked as (
    select request.*,
           case when state = 'waiting' and expires_at <= now() then 'expired' else state end as now,
           (select count(*) from approval_vote vote
            where vote.request_id = request.id and vote.vote = 'approve') as yeses,
           exists (select from approval_vote vote where vote.request_id = request.id
                   and vote.user_id = %(user_id)s::bigint) as has_voted,
           coalesce(requested_by = %(user_id)s::bigint, false) as is_own
    from approval_request request
    where (%(request_id)s::bigint is null or request.id = %(request_id)s::bigint)
      and (%(after)s::bigint is null or request.id < %(after)s::bigint)
      and (%(store)s::bigint is null or request.store_id = %(store)s::bigint)
      and (%(kind)s = '' or request.kind = %(kind)s)
      and (%(subject_kind)s = '' or request.subject_kind = %(subject_kind)s)
      and (%(subject_id)s::bigint is null or request.subject_id = %(subject_id)s::bigint)
)
select asked.id, asked.kind, asked.now as state, asked.title, asked.store_id,
       store.name as store_name, asked.policy_id, asked.policy_name, asked.subject_kind,
       asked.subject_id, asked.link, asked.command_kind, asked.command, asked.facts, asked.reason,
       asked.required_votes, asked.yeses, asked.roles, asked.requested_by,
       coalesce(person.name, '') as requester, asked.requested_at, asked.command_id,
       coalesce(device.name, '') as device_name, host(asked.ip) as ip, asked.expires_at,
       asked.decided_at, asked.executed_command_id, asked.effect, asked.is_own, asked.has_voted,
       asked.now = 'waiting' and not asked.is_own and not asked.has_voted
           and %(role)s::text = any(asked.roles) as can_vote
from asked
join store on store.id = asked.store_id
left join app_user person on person.id = asked.requested_by
left join device on device.id = asked.device_id
where (%(state)s = '' or asked.now = %(state)s)
  and (not %(own)s or asked.is_own)
  and (%(sees_all)s or asked.is_own or %(role)s::text = any(asked.roles))
order by asked.id desc
limit %(limit)s

-- name: to_decide
select count(*) from approval_request request
where state = 'waiting' and expires_at > now() and %(role)s::text = any(roles)
  and requested_by is distinct from %(user_id)s::bigint
  and not exists (select from approval_vote vote
                  where vote.request_id = request.id and vote.user_id = %(user_id)s::bigint)

-- name: votes
select vote.vote, vote.reason, vote.voted_at, host(vote.ip) as ip, vote.command_id, vote.user_id,
       app_user.name, app_user.role, coalesce(device.name, '') as device_name
from approval_vote vote
join app_user on app_user.id = vote.user_id
left join device on device.id = vote.device_id
where vote.request_id = %(request_id)s
order by vote.id

-- name: policy_list
select policy.id, policy.kind, policy.name, policy.store_id,
       coalesce(store.name, '') as store_name, policy.condition, policy.required_votes,
       policy.roles, policy.expires_after_hours, policy.is_active, policy.position,
       policy.changed_at, coalesce(app_user.name, '') as changed_by
from approval_policy policy
left join store on store.id = policy.store_id
left join app_user on app_user.id = policy.changed_by
where %(policy_id)s::bigint is null or policy.id = %(policy_id)s::bigint
order by policy.kind, policy.store_id is not null, store.code, policy.position, policy.id

-- name: first_store
-- Whose request it is, where nobody's store is: what concerns the whole company.
select min(id) from store
