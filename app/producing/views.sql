-- What the screens and the API of production show.

-- name: orders
select orders.id, orders.number, orders.kind, orders.state, store.name as store, item.id as item_id,
       item.code, item.name, item.specification, item.base_unit as unit, orders.quantity,
       orders.completed, orders.scrapped, orders.planned_on, orders.created_at, orders.external_number,
       (select name from app_user where app_user.id = orders.worked_by) as worker
from production_order as orders
join store on store.id = orders.store_id
join item on item.id = orders.item_id
where (%(state)s = '' or orders.state = %(state)s
       or %(state)s = 'open' and orders.state in ('planned', 'in_progress'))
  and (%(search)s = '' or orders.number ilike %(inside)s or item.code ilike %(inside)s
       or item.name ilike %(inside)s or orders.external_number ilike %(inside)s)
  and (%(after)s::bigint is null or orders.id < %(after)s)
order by orders.id desc
limit %(limit)s

-- name: waiting
-- Open orders of a store, what is begun first, then by day.
select orders.id, orders.number, orders.kind, orders.state, store.name as store, item.id as item_id,
       item.code, item.name, item.specification, item.base_unit as unit, orders.quantity,
       orders.completed, orders.scrapped, orders.planned_on, orders.created_at, orders.external_number,
       (select name from app_user where app_user.id = orders.worked_by) as worker
from production_order as orders
join store on store.id = orders.store_id
join item on item.id = orders.item_id
where orders.store_id = %(store_id)s and orders.state in ('planned', 'in_progress')
order by orders.state = 'in_progress' desc, orders.planned_on nulls last, orders.id
limit %(limit)s

-- name: count_waiting
select count(*) from production_order
where store_id = %(store_id)s and state in ('planned', 'in_progress')

-- name: order_of_text
-- By its number or another system's, open ones first.
select id from production_order
where number = %(text)s or external_number = %(text)s
order by state in ('planned', 'in_progress') desc, id desc limit 1

-- name: order_of_item
select id from production_order
where item_id = %(item_id)s and store_id = %(store_id)s and state in ('planned', 'in_progress')
order by state = 'in_progress' desc, planned_on nulls last, id limit 1

-- name: order
select orders.id, orders.number, orders.kind, orders.state, orders.store_id, store.name as store,
       item.id as item_id, item.code, item.name, item.specification, item.base_unit as unit,
       item.decimals, item.tracking, item.shelf_life_days, item.expiry_rule, orders.quantity,
       orders.completed, orders.scrapped, orders.tolerance, orders.planned_on, orders.lot_code,
       orders.note, orders.source, orders.external_number, orders.step, orders.version,
       orders.created_at, orders.started_at, orders.closed_at, orders.recipe_version_id,
       recipe.id as recipe_id, version.version as recipe_version,
       supply.code as supply, output.code as output, store.time_zone,
       (select name from app_user where app_user.id = orders.worked_by) as worker,
       (select currency from company) as currency
from production_order as orders
join store on store.id = orders.store_id
join item on item.id = orders.item_id
join location as output on output.id = orders.output_location_id
left join location as supply on supply.id = orders.supply_location_id
left join recipe_version as version on version.id = orders.recipe_version_id
left join recipe on recipe.id = version.recipe_id
where orders.id = %(order_id)s

-- name: order_lines
select line.id, line.kind, line.position, item.id as item_id, item.code, item.name,
       item.specification, item.base_unit as unit, item.decimals, line.quantity, line.issued,
       line.consumed, line.issue, line.scrap_rate, line.share, line.unit_value,
       coalesce(abs(sum(entry.amount)), 0) as amount, coalesce(max(entry.id), 0) as newest
from production_line as line
join item on item.id = line.item_id
left join production_move as entry on entry.line_id = line.id and entry.undone_at is null
where line.order_id = %(order_id)s
group by line.id, item.id
order by line.kind, line.position

-- name: completions
select completion.id, completion.kind, completion.quantity, completion.is_abnormal,
       completion.material, completion.labour, completion.overhead, completion.elements,
       completion.parts, completion.amount, completion.reason, completion.source,
       completion.external_key, completion.occurred_at, completion.undone_at,
       completion.undo_reason, lot.id as lot_id, lot.code as lot,
       coalesce(lot.expires_on, lot.best_before_on) as last_day, location.code as place,
       app_user.name as who
from production_completion as completion
left join lot on lot.id = completion.lot_id
left join location on location.id = completion.location_id
left join app_user on app_user.id = completion.user_id
where completion.order_id = %(order_id)s
order by completion.id desc

-- name: brought_newest
-- What was brought last, for the screen.
select entry.item_id, item.name, item.specification, item.base_unit as unit, entry.quantity,
       lot.code as lot, location.code as place
from production_move as entry
join item on item.id = entry.item_id
join location on location.id = entry.location_id
left join lot on lot.id = entry.lot_id
where entry.order_id = %(order_id)s and entry.kind = 'issue' and entry.undone_at is null
order by entry.id desc limit 1

-- name: consumption
-- Per component: what the recipes say that what was made should have taken, what was used up in
-- production, and what counts found missing or too much (a loss is positive).
with made as (
    select orders.id, completion.quantity / orders.quantity as part
    from production_completion as completion
    join production_order as orders on orders.id = completion.order_id
    where completion.undone_at is null and completion.kind = 'output' and orders.kind = 'assembly'
      and completion.occurred_at >= %(first)s and completion.occurred_at < %(until)s
      and (%(store_id)s::bigint is null or orders.store_id = %(store_id)s)
), wanted as (
    select line.item_id, sum(line.quantity * made.part) as quantity
    from made join production_line as line on line.order_id = made.id and line.kind = 'component'
    group by line.item_id
), used as (
    select entry.item_id, sum(entry.quantity) as quantity, sum(-entry.amount) as amount
    from production_move as entry
    join stock_move as move on move.id = entry.move_id
    where entry.kind = 'consumed' and entry.undone_at is null and entry.line_id is not null
      and move.occurred_at >= %(first)s and move.occurred_at < %(until)s
      and (%(store_id)s::bigint is null or entry.store_id = %(store_id)s)
    group by entry.item_id
), counted as (
    select move.item_id,
           sum(case when target.kind = 'adjustment' then move.quantity else -move.quantity end)
               as quantity
    from stock_move as move
    join location as source on source.id = move.from_location_id
    join location as target on target.id = move.to_location_id
    where 'adjustment' in (source.kind, target.kind)
      and move.occurred_at >= %(first)s and move.occurred_at < %(until)s
      and (%(store_id)s::bigint is null or move.store_id = %(store_id)s)
    group by move.item_id
), pool as (
    select item_id, sum(value) / nullif(sum(quantity), 0) as each, max(last_unit_cost) as last
    from cost_pool group by item_id
)
select item.id as item_id, item.code, item.name, item.specification, item.base_unit as unit,
       coalesce(wanted.quantity, 0) as theoretical, coalesce(used.quantity, 0) as used,
       coalesce(counted.quantity, 0) as missing,
       coalesce(used.quantity, 0) + coalesce(counted.quantity, 0) as actual,
       coalesce(used.amount / nullif(used.quantity, 0), pool.each, pool.last, 0) as unit_cost
from item
left join wanted on wanted.item_id = item.id
left join used on used.item_id = item.id
left join counted on counted.item_id = item.id
    and (wanted.item_id is not null or used.item_id is not null)
left join pool on pool.item_id = item.id
where wanted.item_id is not null or used.item_id is not null
order by abs(coalesce(used.quantity, 0) + coalesce(counted.quantity, 0)
             - coalesce(wanted.quantity, 0))
         * coalesce(used.amount / nullif(used.quantity, 0), pool.each, pool.last, 0) desc, item.code
