-- Plans of counts: what is due.

-- name: plans
select count_plan.id, count_plan.store_id, count_plan.name, count_plan.kind, count_plan.is_active,
       count_plan.zone_id, zone.name as zone, count_plan.a_days, count_plan.b_days,
       count_plan.c_days, count_plan.daily_cap, count_plan.month_day, count_plan.freezes,
       count_plan.is_blind, count_plan.recount_quantity, count_plan.recount_value,
       count_plan.recount_share, count_plan.recount_class, count_plan.last_run_on,
       count_plan.every_days, count_plan.expiry_days,
       store.time_zone
from count_plan
join store on store.id = count_plan.store_id
left join zone on zone.id = count_plan.zone_id
where (%(store_id)s::bigint is null or count_plan.store_id = %(store_id)s)
  and (%(plan_id)s::bigint is null or count_plan.id = %(plan_id)s)
  and (not %(only_active)s or count_plan.is_active)
order by count_plan.store_id, count_plan.name

-- name: lock_plan
select id from count_plan where id = %(plan_id)s for no key update

-- name: insert_plan
insert into count_plan (store_id, name, kind, is_active, zone_id, a_days, b_days, c_days, daily_cap,
                        month_day, freezes, is_blind, recount_quantity, recount_value,
                        recount_share, recount_class, every_days, expiry_days, created_by)
values (%(store_id)s, %(name)s, %(kind)s, %(is_active)s, %(zone_id)s, %(a_days)s, %(b_days)s,
        %(c_days)s, %(daily_cap)s, %(month_day)s, %(freezes)s, %(is_blind)s, %(recount_quantity)s,
        %(recount_value)s, %(recount_share)s, %(recount_class)s, %(every_days)s, %(expiry_days)s,
        %(user_id)s)
returning id

-- name: update_plan
update count_plan
set name = %(name)s, kind = %(kind)s, is_active = %(is_active)s, zone_id = %(zone_id)s,
    a_days = %(a_days)s, b_days = %(b_days)s, c_days = %(c_days)s, daily_cap = %(daily_cap)s,
    month_day = %(month_day)s, freezes = %(freezes)s, is_blind = %(is_blind)s,
    recount_quantity = %(recount_quantity)s, recount_value = %(recount_value)s,
    recount_share = %(recount_share)s, recount_class = %(recount_class)s,
    every_days = %(every_days)s, expiry_days = %(expiry_days)s
where id = %(plan_id)s and store_id = %(store_id)s
returning id

-- name: ran
update count_plan set last_run_on = %(day)s where id = %(plan_id)s

-- name: due
-- Each item in each place that holds it, with the day on which it is due: so many days after it was
-- last counted there, by its class (an item without one is a C); never counted is due at once.
select balance.location_id, balance.item_id,
       coalesce(max(abc_class.class), 'C') as class_,
       coalesce(
           max((counted.counted_at at time zone store.time_zone)::date)
               + case coalesce(max(abc_class.class), 'C') when 'A' then count_plan.a_days
                      when 'B' then count_plan.b_days else count_plan.c_days end,
           %(today)s::date
       ) as due_on
from count_plan
join store on store.id = count_plan.store_id
join location on location.store_id = count_plan.store_id and location.is_active
  and location.kind in ('storage', 'dock', 'staging') and location.warehouse_id is not null
  and (count_plan.zone_id is null or location.zone_id = count_plan.zone_id)
join balance on balance.location_id = location.id and balance.on_hand <> 0
left join abc_class on abc_class.store_id = location.store_id
  and abc_class.item_id = balance.item_id
left join lateral (
    select max(result.counted_at) as counted_at
    from count_result as result
    where result.item_id = balance.item_id and result.location_id = balance.location_id
      and result.counted_at is not null
) as counted on true
where count_plan.id = %(plan_id)s
  and not exists (
      select from count_task
      where count_task.location_id = balance.location_id
        and (count_task.item_id is null or count_task.item_id = balance.item_id)
        and count_task.state in ('open', 'in_progress') and count_task.count_id is not null
  )
group by balance.location_id, balance.item_id, count_plan.a_days, count_plan.b_days,
         count_plan.c_days, location.sequence, location.code
order by due_on, class_, location.sequence, location.code, balance.item_id

-- name: insert_pairs
-- A task for each item in a place that is due today.
insert into count_task (store_id, location_id, item_id, cause, count_id, due_on)
select %(store_id)s, due.location_id, due.item_id, 'count', %(count_id)s, due.due_on
from unnest(%(location_ids)s::bigint[], %(item_ids)s::bigint[], %(days)s::date[])
    as due (location_id, item_id, due_on)

-- name: last_made
-- The store's day on which a plan made its newest count.
select (max(stock_count.created_at) at time zone store.time_zone)::date
from stock_count join store on store.id = stock_count.store_id
where stock_count.plan_id = %(plan_id)s and stock_count.state <> 'cancelled'
group by store.time_zone

-- name: made_this_month
select exists (
    select from stock_count
    where plan_id = %(plan_id)s and created_at >= %(since)s and state <> 'cancelled'
)
