-- Recipes by version, and everything that hangs below them.

-- name: lock_recipes
-- Two versions at once could close a circle that neither of them sees.
select pg_advisory_xact_lock(hashtextextended('recipes', 0))

-- name: items_of_codes
select code.code, item.id, item.code as item_code, item.name, item.specification, item.base_unit,
       item.decimals, item.weight_kg, item.volume_litre, packaging.id as packaging_id,
       packaging.name as packaging, coalesce(packaging.quantity, 1) as factor
from code join item on item.id = code.item_id and item.is_active
left join packaging on packaging.id = code.packaging_id
where code.code = any(%(codes)s::text[])

-- name: packs
select item_id, id, name, quantity from packaging where item_id = any(%(item_ids)s::bigint[])
order by quantity

-- name: unit_names
select code, name from unit

-- name: recipe_of_item
select id from recipe where item_id = %(item_id)s

-- name: insert_recipe
insert into recipe (item_id, created_by) values (%(item_id)s, %(user_id)s)
on conflict on constraint recipe_once_per_item do update set is_active = true
returning id

-- name: use_recipe
update recipe set is_active = %(is_active)s where id = %(recipe_id)s returning item_id

-- name: insert_version
insert into recipe_version (recipe_id, version, valid_from, quantity, yield_rate, hours, labour_rate,
                            overhead_rate, overhead_amount, tolerance, note, created_by)
select %(recipe_id)s, coalesce(max(version), 0) + 1, %(valid_from)s, %(quantity)s, %(yield_rate)s,
       %(hours)s, %(labour_rate)s, %(overhead_rate)s, %(overhead_amount)s, %(tolerance)s, %(note)s,
       %(user_id)s
from recipe_version where recipe_id = %(recipe_id)s
returning id, version

-- name: insert_line
insert into recipe_line (version_id, position, item_id, packaging_id, entered_quantity, factor,
                         quantity, scrap_rate, issue, is_made_along)
values (%(version_id)s, %(position)s, %(item_id)s, %(packaging_id)s, %(entered_quantity)s,
        %(factor)s, %(quantity)s, %(scrap_rate)s, %(issue)s, %(is_made_along)s)

-- name: insert_output
insert into recipe_output (version_id, position, item_id, quantity, share, unit_value)
values (%(version_id)s, %(position)s, %(item_id)s, %(quantity)s, %(share)s, %(unit_value)s)

-- name: days_of_change
select distinct valid_from as day from recipe_version where valid_from > %(day)s order by valid_from

-- name: edges
-- Which item is made of which, by the recipes that hold on a day.
select recipe.item_id, array_agg(line.item_id order by line.position) as components
from recipe
join recipe_line as line on line.version_id = recipe_in_force(recipe.item_id, %(day)s)
group by recipe.item_id

-- name: structures
-- The recipes of items and of all that they are made of, as they hold on a day; one of them may be
-- given by its version.
with recursive needed (item_id) as (
    select unnest(%(item_ids)s::bigint[])
    union
    select line.item_id
    from needed
    join recipe_line as line on line.version_id = coalesce(
        (select chosen.id from recipe_version as chosen join recipe on recipe.id = chosen.recipe_id
         where chosen.id = %(version_id)s::bigint and recipe.item_id = needed.item_id),
        recipe_in_force(needed.item_id, %(day)s)
    )
)
select needed.item_id, version.id as version_id, version.version, version.valid_from,
       version.quantity, version.yield_rate, version.hours, version.labour_rate,
       version.overhead_rate, version.overhead_amount, version.tolerance
from needed
join recipe_version as version on version.id = coalesce(
    (select chosen.id from recipe_version as chosen join recipe on recipe.id = chosen.recipe_id
     where chosen.id = %(version_id)s::bigint and recipe.item_id = needed.item_id),
    recipe_in_force(needed.item_id, %(day)s)
)

-- name: lines
select line.version_id, line.item_id, line.quantity, line.scrap_rate, item.decimals, line.issue,
       line.is_made_along, line.entered_quantity, coalesce(packaging.name, item.base_unit) as unit,
       line.factor, item.code, item.name, item.specification, item.base_unit
from recipe_line as line
join item on item.id = line.item_id
left join packaging on packaging.id = line.packaging_id
where line.version_id = any(%(version_ids)s::bigint[])
order by line.version_id, line.position

-- name: outputs
select output.version_id, output.item_id, output.quantity, item.decimals, output.share,
       output.unit_value, item.code, item.name, item.specification, item.base_unit
from recipe_output as output join item on item.id = output.item_id
where output.version_id = any(%(version_ids)s::bigint[])
order by output.version_id, output.position

-- name: recipes
-- The list: newest version that holds, or the first that will.
select recipe.id, recipe.item_id, item.code, item.name, item.specification,
       item.base_unit, item.price, recipe.is_active, version.version, version.valid_from,
       version.quantity, version.yield_rate,
       (select count(*) from recipe_line where version_id = version.id) as lines
from recipe
join item on item.id = recipe.item_id
left join lateral (
    select * from recipe_version where recipe_version.recipe_id = recipe.id
    order by valid_from <= %(day)s desc,
             case when valid_from <= %(day)s then valid_from end desc nulls last,
             version desc
    limit 1
) as version on true
where (%(search)s = '' or item.code ilike %(inside)s or item.name ilike %(inside)s)
  and (%(after)s::text is null or item.code > %(after)s)
order by item.code
limit %(limit)s

-- name: every_recipe
select recipe.id, recipe.item_id, item.code, item.name, item.specification,
       item.base_unit, item.price, recipe.is_active, version.version, version.valid_from,
       version.quantity, version.yield_rate,
       (select count(*) from recipe_line where version_id = version.id) as lines
from recipe
join item on item.id = recipe.item_id
left join recipe_version as version on version.id = recipe_in_force(recipe.item_id, %(day)s)
where %(search)s = '' or item.code ilike %(inside)s or item.name ilike %(inside)s
order by item.code

-- name: recipe
select recipe.id, recipe.item_id, item.code, item.name, item.specification, item.base_unit,
       item.price, recipe.is_active
from recipe join item on item.id = recipe.item_id
where recipe.id = %(recipe_id)s

-- name: versions
select version.id, version.version, version.valid_from, version.quantity, version.yield_rate,
       version.hours, version.labour_rate, version.overhead_rate, version.overhead_amount,
       version.tolerance, version.note, version.created_at, app_user.name as creator
from recipe_version as version left join app_user on app_user.id = version.created_by
where version.recipe_id = %(recipe_id)s
order by version.version desc

-- name: used_in
-- Recipes that take the item now.
select recipe.id, item.code, item.name
from recipe
join item on item.id = recipe.item_id
join recipe_line as line on line.version_id = recipe_in_force(recipe.item_id, %(day)s)
where line.item_id = %(item_id)s
order by item.code
