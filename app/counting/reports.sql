-- What counts found: gains and losses, how accurate the books were, and how well people count.

-- name: grouped
-- Settled lines by one dimension; "all" gives their sums.  After posting what was booked counts,
-- before it what was found.  Accuracy by quantity is the mean over the lines of the smaller of book
-- and counted over the larger: pieces and kilograms are never added up.
with line as (
    select result.id, result.count_id, result.item_id, result.location_id, result.reason,
           result.counted_at, result.store_id, result.lot_id,
           coalesce(result.third_by, result.second_by, result.first_by) as counter_id,
           result.quantity - result.variance as book,
           coalesce(result.posted_variance, result.variance) as variance,
           coalesce(result.posted_value, result.value, 0) as value,
           round((result.quantity - result.variance) * coalesce(result.unit_cost, 0),
                 company.currency_decimals) as book_value,
           stock_count.number, store.time_zone, item.code as item_code, item.name as item_name,
           item.specification, item.base_unit, location.code as location,
           coalesce(abc_class.class, '') as class
    from count_result as result
    join stock_count on stock_count.id = result.count_id
    join store on store.id = result.store_id
    join item on item.id = result.item_id
    join location on location.id = result.location_id
    cross join company
    left join abc_class on abc_class.store_id = result.store_id
      and abc_class.item_id = result.item_id
    where result.state in ('decided', 'posted') and stock_count.state <> 'cancelled'
      and (%(count_id)s::bigint is null or result.count_id = %(count_id)s)
      and (%(store_id)s::bigint is null or result.store_id = %(store_id)s)
      and (%(since)s::timestamptz is null or result.counted_at >= %(since)s)
      and (%(before)s::timestamptz is null or result.counted_at < %(before)s)
      and (%(posted)s = '' or (%(posted)s = 'yes') = (result.state = 'posted'))
), named as (
    select line.*,
           case %(by)s
               when 'item' then item_id::text when 'location' then location_id::text
               when 'class' then class when 'reason' then reason
               when 'counter' then counter_id::text when 'count' then count_id::text
               when 'month' then to_char(counted_at at time zone time_zone, 'YYYY-MM')
               else ''
           end as key,
           case %(by)s
               when 'item' then item_code when 'location' then location when 'count' then number
               when 'month' then to_char(counted_at at time zone time_zone, 'YYYY-MM')
               when 'class' then class when 'reason' then reason else ''
           end as code,
           case %(by)s
               when 'item' then concat_ws(' ', item_name, nullif(specification, ''))
               when 'counter' then app_user.name else ''
           end as name
    from line left join app_user on app_user.id = line.counter_id
)
select key, min(code) as code, min(name) as name,
       case when count(distinct base_unit) = 1 then min(base_unit) else '' end as unit,
       count(*) as lines, count(*) filter (where variance <> 0) as differing,
       coalesce(sum(variance) filter (where variance > 0), 0) as gain,
       coalesce(sum(value) filter (where variance > 0), 0) as gain_value,
       coalesce(sum(variance) filter (where variance < 0), 0) as loss,
       coalesce(sum(value) filter (where variance < 0), 0) as loss_value,
       coalesce(sum(variance), 0) as net, coalesce(sum(value), 0) as net_value,
       sum(book_value) as book_value, sum(abs(value)) as moved_value,
       avg(case when greatest(book, book + variance) <= 0
                then (variance = 0)::integer
                else greatest(least(book, book + variance), 0) / greatest(book, book + variance)
           end) as quantity_share,
       max(counted_at) as last_at
from named
group by key
order by case when %(by)s in ('count', 'month') then max(counted_at) end desc,
         sum(abs(value)) desc, count(*) filter (where variance <> 0) desc, min(code), key
limit %(limit)s

-- name: differing
-- Each line that differs, the largest value first.
select result.id, stock_count.number, location.code as location, item.code, item.name,
       item.specification, item.base_unit as unit, coalesce(lot.code, '') as lot,
       coalesce(logistic_unit.sscc, '') as sscc, coalesce(abc_class.class, '') as class_,
       result.quantity - result.variance as book, result.quantity,
       coalesce(result.posted_variance, result.variance) as variance, result.unit_cost,
       coalesce(result.posted_value, result.value, 0) as value, result.reason, result.note,
       counter.name as counter, result.counted_at, result.posted_at
from count_result as result
join stock_count on stock_count.id = result.count_id
join item on item.id = result.item_id
join location on location.id = result.location_id
left join lot on lot.id = result.lot_id
left join logistic_unit on logistic_unit.id = result.logistic_unit_id
left join app_user as counter
    on counter.id = coalesce(result.third_by, result.second_by, result.first_by)
left join abc_class on abc_class.store_id = result.store_id and abc_class.item_id = result.item_id
where result.state in ('decided', 'posted') and stock_count.state <> 'cancelled'
  and coalesce(result.posted_variance, result.variance) <> 0
  and (%(count_id)s::bigint is null or result.count_id = %(count_id)s)
  and (%(store_id)s::bigint is null or result.store_id = %(store_id)s)
  and (%(since)s::timestamptz is null or result.counted_at >= %(since)s)
  and (%(before)s::timestamptz is null or result.counted_at < %(before)s)
  and (%(posted)s = '' or (%(posted)s = 'yes') = (result.state = 'posted'))
order by abs(coalesce(result.posted_value, result.value, 0)) desc, location.sequence,
         location.code, item.code, result.id
limit %(limit)s

-- name: counters
-- How often a person's count was the one that stood: each round against the books of its own moment.
with seen as (
    select result.id, counted.user_id, counted.variance = result.variance as hit,
           result.second_quantity is not null as recounted
    from count_result as result
    join stock_count on stock_count.id = result.count_id
    cross join lateral (
        values (result.first_by, result.first_quantity - result.first_book),
               (result.second_by, result.second_quantity - result.second_book),
               (result.third_by, result.third_quantity - result.third_book)
    ) as counted (user_id, variance)
    where result.state in ('decided', 'posted') and stock_count.state <> 'cancelled'
      and counted.user_id is not null and counted.variance is not null
      and (%(count_id)s::bigint is null or result.count_id = %(count_id)s)
      and (%(store_id)s::bigint is null or result.store_id = %(store_id)s)
      and (%(since)s::timestamptz is null or result.counted_at >= %(since)s)
      and (%(before)s::timestamptz is null or result.counted_at < %(before)s)
      and (%(posted)s = '' or (%(posted)s = 'yes') = (result.state = 'posted'))
)
select app_user.name, count(*) as lines, count(*) filter (where hit) as hits,
       count(*) filter (where recounted) as recounted,
       count(*) filter (where recounted and hit) as confirmed
from seen join app_user on app_user.id = seen.user_id
group by app_user.id
order by count(*) desc, app_user.name
limit %(limit)s

-- name: company
select name, currency, currency_decimals as decimals from company

-- name: number_of_count
select number from stock_count where id = %(count_id)s
