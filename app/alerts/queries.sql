-- Alerts: what is raised, kept, closed and told; the list; the rules.

-- name: look
-- One kind of alert as things stand now; a rule may want the goods of new ones counted.  "not in" is
-- hashed however few causes the planner expects.
with cause as materialized (
    select * from alert_cause where kind = %(kind)s
), kept as (
    update alert set facts = cause.facts, rule_id = cause.rule_id
    from cause
    where alert.kind = %(kind)s and alert.closed_at is null
        and alert.store_id = cause.store_id and alert.cause = cause.cause
        and (alert.facts, alert.rule_id) is distinct from (cause.facts, cause.rule_id)
), closed as (
    update alert set closed_at = now()
    where kind = %(kind)s and closed_at is null
        and (store_id, cause) not in (select cause.store_id, cause.cause from cause)
    returning id
), raised as (
    insert into alert (rule_id, store_id, kind, cause, item_id, lot_id, order_line_id, device_id,
                       facts)
    select cause.rule_id, cause.store_id, cause.kind, cause.cause, cause.item_id, cause.lot_id,
           cause.order_line_id, cause.device_id, cause.facts
    from cause
    where (cause.store_id, cause.cause) not in (
        select alert.store_id, alert.cause from alert
        where alert.kind = %(kind)s and alert.closed_at is null)
    on conflict do nothing
    returning id, rule_id, store_id, kind, item_id, lot_id, facts
), place as (
    -- Where the goods of new alerts are by the books; where somebody wanted more than was there.
    select distinct location.store_id, location.id as location_id, raised.item_id
    from raised
    join alert_rule rule on rule.id = raised.rule_id and rule.makes_count
    join location on location.store_id = raised.store_id and location.warehouse_id is not null
        and location.is_active and location.kind in ('storage', 'dock', 'staging')
        and case when raised.facts ->> 'location' is not null
                 then location.code = raised.facts ->> 'location'
                 else exists (
                     select from balance
                     where balance.location_id = location.id
                       and balance.item_id = raised.item_id and balance.on_hand <> 0
                       and (raised.lot_id is null or balance.lot_id = raised.lot_id)
                 ) end
    where raised.item_id is not null
), asked as (
    insert into count_task (store_id, location_id, item_id, cause)
    select store_id, location_id, item_id, 'alert' from place
    on conflict (location_id, item_id, cause) where state = 'open' and count_id is null do nothing
    returning id
)
select (select count(*)::int from raised) as raised, (select count(*)::int from closed) as closed,
       (select count(*)::int from asked) as asked

-- name: has_untold
select exists (
    select from alert where closed_at is null and kind = any(%(kinds)s)
        and (snoozed_until is null or snoozed_until <= now())
        and (told_at is null or told_at < snoozed_until)
)

-- name: tell
-- Each once; again after a snooze that its cause outlived.
update alert set told_at = now()
from alert_rule rule
where rule.id = alert.rule_id and alert.closed_at is null and alert.kind = any(%(kinds)s)
    and (alert.snoozed_until is null or alert.snoozed_until <= now())
    and (alert.told_at is null or alert.told_at < alert.snoozed_until)
returning alert.id, alert.store_id, alert.kind, alert.facts, rule.role, rule.user_id

-- name: alerts
-- Open ones, the oldest first; or those that were closed, the newest first.
select alert.id, alert.store_id, store.name as store_name, store.time_zone, alert.kind, alert.facts,
       alert.item_id, alert.lot_id, alert.order_line_id, alert.opened_at, alert.closed_at,
       alert.snoozed_until, coalesce(snoozer.name, '') as snoozed_by, alert.snooze_reason,
       rule.role, coalesce(person.name, '') as person
from alert
join store on store.id = alert.store_id
join alert_rule rule on rule.id = alert.rule_id
left join app_user snoozer on snoozer.id = alert.snoozed_by
left join app_user person on person.id = rule.user_id
where (%(kind)s = '' or alert.kind = %(kind)s)
  and (%(store)s::bigint is null or alert.store_id = %(store)s::bigint)
  and case %(show)s
          when 'closed' then alert.closed_at is not null
          when 'snoozed' then alert.closed_at is null and alert.snoozed_until > now()
          else alert.closed_at is null and coalesce(alert.snoozed_until, '-infinity') <= now()
      end
  and (%(after)s::bigint is null or alert.id < %(after)s::bigint)
order by alert.id desc
limit %(limit)s

-- name: counts
-- Open and not put off, by kind.
select kind, count(*)::int as count from alert
where closed_at is null and coalesce(snoozed_until, '-infinity') <= now()
  and (%(store)s::bigint is null or store_id = %(store)s::bigint)
group by kind

-- name: snooze
update alert
set snoozed_until = %(until)s, snoozed_by = %(user_id)s, snooze_reason = %(reason)s
where id = any(%(ids)s) and closed_at is null
returning id

-- name: rules
select rule.id, rule.store_id, coalesce(store.name, '') as store_name, rule.category_id,
       coalesce(category.name, '') as category_name, rule.kind, rule.threshold, rule.role,
       rule.user_id, coalesce(person.name, '') as user_name, rule.is_active, rule.makes_count
from alert_rule rule
left join store on store.id = rule.store_id
left join category on category.id = rule.category_id
left join app_user person on person.id = rule.user_id
order by array_position(array['below_safety_stock', 'no_movement', 'near_expiry',
         'negative_attempt', 'stale_allocation', 'unsynchronised_device'], rule.kind),
         rule.store_id nulls first, rule.category_id nulls first

-- name: categories
select id, name from category order by name, id limit 2000

-- name: hand_up
update alert set rule_id = company.id
from alert_rule company
where alert.rule_id = %(rule_id)s and company.kind = %(kind)s
    and company.store_id is null and company.category_id is null
