-- Classes of items, store by store.

-- name: is_due
-- Whether the day has changed somewhere since the classes were computed.
select exists (
    select from store
    where (now() at time zone store.time_zone)::date > coalesce(
        (select max(computed_on) from abc_class where abc_class.store_id = store.id), '-infinity')
)

-- name: classify
-- By what was issued to customers and production within the window (less what came back), at cost;
-- what lies there and was not issued is C.  Variation is the deviation of the weekly quantities over
-- their mean, weeks without issues included.
with setting as (
    select rule.*, greatest(window_days / 7, 1) as weeks from report_rule rule
), today as (
    select store.id as store_id, store.time_zone,
           (now() at time zone store.time_zone)::date as today
    from store
), crossed as (
    select move.id, move.store_id, move.item_id,
           (today.today - (move.occurred_at at time zone today.time_zone)::date) / 7 as week,
           case when move.to_status is null then move.quantity else -move.quantity end as out
    from stock_move move
    join today on today.store_id = move.store_id
    cross join setting
    join location outside on outside.id = case when move.to_status is null
        then move.to_location_id else move.from_location_id end
    where outside.kind in ('customer', 'production')
      and (move.from_status is null) <> (move.to_status is null)
      and move.occurred_at >= now() - make_interval(days => setting.weeks * 7)
), weekly as (
    select crossed.store_id, crossed.item_id, crossed.week, sum(crossed.out) as quantity,
           sum(worth.value) as value
    from crossed
    cross join lateral (
        select coalesce(-sum(entry.amount), 0) as value
        from cost_entry entry
        where entry.move_id = crossed.id and entry.pool_id is not null
    ) worth
    group by crossed.store_id, crossed.item_id, crossed.week
), issued as (
    select store_id, item_id, sum(value) as value, sum(quantity) as quantity,
           sum(quantity * quantity) as squares
    from weekly group by store_id, item_id
    union all
    select store_id, item_id, 0, 0, 0 from balance where on_hand > 0 group by store_id, item_id
), per_item as (
    select store_id, item_id, sum(value) as value, sum(quantity) as quantity,
           sum(squares) as squares
    from issued group by store_id, item_id
), ranked as (
    select per_item.*,
           sum(greatest(value, 0)) over (partition by store_id order by value desc, item_id) as upto,
           sum(greatest(value, 0)) over (partition by store_id) as whole,
           quantity / setting.weeks as mean, squares / setting.weeks as mean_square
    from per_item cross join setting
), classed as (
    select ranked.*,
           case when value <= 0 then 'C'
                when upto - value < setting.a_share * whole then 'A'
                when upto - value < setting.b_share * whole then 'B' else 'C' end as class,
           case when mean > 0
                then round(least(sqrt(greatest(mean_square - mean * mean, 0)) / mean, 9999), 6)
           end as variation
    from ranked cross join setting
), gone as (
    delete from abc_class old
    where not exists (select from classed
                      where classed.store_id = old.store_id and classed.item_id = old.item_id)
)
insert into abc_class (store_id, item_id, class, steadiness, issued_value, issued_quantity,
                       cumulated_share, variation, computed_on)
select classed.store_id, classed.item_id, classed.class,
       case when variation <= setting.x_limit then 'X'
            when variation <= setting.y_limit then 'Y' else 'Z' end,
       classed.value, classed.quantity,
       case when whole > 0 then round(upto / whole, 6) else 1 end, variation, today.today
from classed cross join setting join today on today.store_id = classed.store_id
on conflict (store_id, item_id) do update
set class = excluded.class, steadiness = excluded.steadiness, issued_value = excluded.issued_value,
    issued_quantity = excluded.issued_quantity, cumulated_share = excluded.cumulated_share,
    variation = excluded.variation, computed_on = excluded.computed_on
returning store_id

-- name: classes
select abc.store_id, store.name as store_name, abc.item_id, item.code as item_code,
       item.name as item_name, item.specification, item.base_unit, abc.class as letter,
       abc.steadiness, abc.issued_value, abc.issued_quantity, abc.cumulated_share, abc.variation,
       abc.computed_on
from abc_class abc
join item on item.id = abc.item_id
join store on store.id = abc.store_id
where (%(store_id)s::bigint is null or abc.store_id = %(store_id)s)
  and (%(letter)s::text is null or abc.class = %(letter)s)
  and (%(value)s::numeric is null
       or (abc.issued_value, abc.store_id, abc.item_id)
          < (%(value)s, %(after_store)s::bigint, %(after_item)s::bigint))
order by abc.issued_value desc, abc.store_id desc, abc.item_id desc
limit %(limit)s

-- name: class_sums
select class as letter, count(*)::int as items, sum(greatest(issued_value, 0)) as value,
       max(computed_on) as computed_on
from abc_class
where (%(store_id)s::bigint is null or store_id = %(store_id)s)
group by class order by class

-- name: rule
select window_days, a_share, b_share, x_limit, y_limit, low_rate from report_rule

-- name: change_rule
update report_rule
set window_days = %(window_days)s, a_share = %(a_share)s, b_share = %(b_share)s,
    x_limit = %(x_limit)s, y_limit = %(y_limit)s, low_rate = %(low_rate)s,
    changed_by = %(user_id)s, changed_at = now()
