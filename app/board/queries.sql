-- What the supervisors' board shows, of the stores that the caller sees (or of one of them).

-- name: orders
-- How many open orders are at each stage, and how many of them are late.
select stage, count(*) as orders, count(*) filter (where due_at < now()) as late from (
    select sales_order.id, sales_order.due_at, case
        when sales_order.state = 'draft' then 'draft'
        when sum(line.picked - line.shipped) > 0
            and sum(line.picked) >= sum(line.allocated + line.shipped) then 'packing'
        when sales_order.state = 'in_progress' then 'picking'
        when sum(line.allocated + line.shipped) >= sum(line.quantity) then 'ready'
        else 'waiting' end as stage
    from sales_order join sales_order_line line on line.order_id = sales_order.id
    where sales_order.state in ('draft', 'confirmed', 'in_progress')
        and (%(store)s::bigint is null or sales_order.store_id = %(store)s)
    group by sales_order.id
) staged group by stage

-- name: shipped
-- The orders that left the house since the day began.
select count(*) from sales_order
where state = 'done' and closed_at >= %(since)s::timestamptz
    and (%(store)s::bigint is null or store_id = %(store)s)

-- name: short_lines
-- Lines of released orders for which not everything is promised, the most urgent first.
select line.id as line_id, line.order_id, sales_order.number, partner.name as customer,
       line.item_id, item.code as item_code, item.name as item_name, item.base_unit as unit,
       line.store_id, sales_order.warehouse_id,
       coalesce(line.minimum_days, sales_order.minimum_days) as minimum_days,
       case when line.whole_packs then line.factor else 0 end as pack,
       line.quantity - line.allocated - line.shipped as missing, line.allocated,
       sales_order.due_at
from sales_order_line line
join sales_order on sales_order.id = line.order_id
join item on item.id = line.item_id
join partner on partner.id = sales_order.customer_id
where sales_order.state in ('confirmed', 'in_progress') and line.short_reason is null
    and line.quantity > line.allocated + line.shipped
    and (%(store)s::bigint is null or line.store_id = %(store)s)
order by sales_order.priority, sales_order.due_at nulls last, sales_order.id, line.position
limit %(limit)s

-- name: standings
-- What there is for each different demand, by what keeps it from shipping; the same rules as the
-- allocation's.  Row ``demand`` counts from 1.
select demand.number::integer as demand, standing.obstacle, sum(standing.on_hand) as on_hand,
       sum(standing.allocated) as allocated,
       coalesce(sum(case when demand.pack > 0 then trunc((standing.on_hand - standing.allocated)
           / demand.pack) * demand.pack else standing.on_hand - standing.allocated end)
           filter (where not standing.staged and standing.on_hand > standing.allocated), 0)
           as takeable
from unnest(%(items)s::bigint[], %(stores)s::bigint[], %(warehouses)s::bigint[],
            %(days)s::integer[], %(packs)s::numeric[])
    with ordinality demand (item_id, store_id, warehouse_id, minimum_days, pack, number)
cross join lateral (
    -- Kept apart, so that each demand is looked up by its item.
    select * from stock_standing(demand.item_id, demand.store_id, demand.warehouse_id,
                                 %(today)s::date, demand.minimum_days) offset 0
) standing
group by demand.number, standing.obstacle

-- name: unseen
-- Which of these items lie in stores that the caller does not see.
select asked.item_id from unnest(%(items)s::bigint[]) asked (item_id)
where exists (select from stock_unseen(asked.item_id))

-- name: picks
-- Who picks what, and how far they are.
select pick.id, pick.number, pick.state, pick.kind, coalesce(app_user.name, '') as person,
       store.name as store, pick.due_at < now() as late,
       count(task.id) filter (where task.state in ('done', 'short')) as done,
       count(task.id) filter (where task.state <> 'cancelled') as total,
       (select max(line.created_at) from pick_line line where line.pick_id = pick.id) as last_at
from pick join store on store.id = pick.store_id
left join app_user on app_user.id = pick.held_by
left join pick_task task on task.pick_id = pick.id
where pick.state in ('in_progress', 'paused')
    and (%(store)s::bigint is null or pick.store_id = %(store)s)
group by pick.id, app_user.name, store.name
order by late desc nulls last, pick.priority, pick.due_at nulls last, pick.id
limit 20

-- name: approvals
-- The requests that wait for a vote, the first to expire first.
select request.id, request.kind, request.title, coalesce(app_user.name, '') as person,
       request.requested_at, request.required_votes as wanted, count(vote.id) as votes,
       count(*) over () as waiting
from approval_request request
left join app_user on app_user.id = request.requested_by
left join approval_vote vote on vote.request_id = request.id and vote.vote = 'approve'
where request.state = 'waiting' and request.expires_at > now()
    and (%(store)s::bigint is null or request.store_id = %(store)s)
group by request.id, app_user.name
order by request.expires_at, request.id
limit 8

-- name: counts
-- The places that somebody should count, by cause; with those of the same counts that are done.
select count_task.cause, count(*) filter (where count_task.state <> 'done') as tasks,
       count(*) filter (where count_task.state = 'done') as done,
       min(count_task.created_at) as oldest
from count_task left join stock_count on stock_count.id = count_task.count_id
where (count_task.state in ('open', 'in_progress')
       or count_task.state = 'done' and stock_count.state in ('confirmed', 'in_progress'))
  and (%(store)s::bigint is null or count_task.store_id = %(store)s)
group by count_task.cause
having count(*) filter (where count_task.state <> 'done') > 0
order by count_task.cause

-- name: alerts
-- Open alerts that nobody has put off, by kind.
select kind, count(*) as alerts, min(opened_at) as oldest from alert
where closed_at is null and coalesce(snoozed_until, '-infinity') < now()
    and (%(store)s::bigint is null or store_id = %(store)s)
group by kind order by kind

-- name: gaps
-- Devices of which a later scan arrived but not an earlier one, among their newest 200.  A browser
-- that works in two stores numbers through: read for the whole company and shown by its last store.
with recursive browser as (
    (select installation from command where installation is not null
     order by installation limit 1)
    union all
    select (select next.installation from command next
            where next.installation > browser.installation order by next.installation limit 1)
    from browser where browser.installation is not null
), newest as (
    select browser.installation, last.*
    from browser cross join lateral (
        select command.sequence, command.recorded_at, command.store_id, command.device_id,
               command.user_id
        from command
        where command.installation = browser.installation and command.sequence is not null
        order by command.sequence desc limit 1
    ) last
    where last.recorded_at > now() - interval '1 day'
)
select newest.store_id, coalesce(device.name, app_user.name, '') as name,
       coalesce(app_user.name, '') as person, newest.recorded_at as last_at,
       (least(newest.sequence, 200) - seen.count - settled.count)::integer as missing
from newest
cross join lateral (
    select count(*) from command where command.installation = newest.installation
        and command.sequence > newest.sequence - 200) seen
cross join lateral (
    select count(distinct event.sequence) from conflict_event event
    where event.installation = newest.installation and event.sequence > newest.sequence - 200
        and not exists (select from command where command.installation = event.installation
                        and command.sequence = event.sequence)) settled
left join device on device.id = newest.device_id
left join app_user on app_user.id = newest.user_id
where least(newest.sequence, 200) > seen.count + settled.count
order by newest.recorded_at

-- name: stores
select id, name from store where id = any(%(ids)s) or %(all)s order by name
