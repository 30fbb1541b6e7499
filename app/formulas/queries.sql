-- Cost elements and what their formulas see of items.

-- name: setting
-- The company's currency, and the units of measure that a number can have.
select currency, currency_decimals as decimals,
       array(select code from unit order by code) as unit_codes
from company

-- name: elements
-- Every element with the version that holds on a day: the newest of the latest day until then.
select element.id, element.name, element.title, element.applies, element.category_id,
       category.name as category, element.position, element.is_active,
       version.version, version.valid_from, version.formula, version.note,
       (select min(later.valid_from) from cost_element_version as later
        where later.element_id = element.id and later.valid_from > %(today)s) as changes_on
from cost_element as element
left join category on category.id = element.category_id
left join lateral (
    select * from cost_element_version
    where element_id = element.id and valid_from <= %(today)s
    order by valid_from desc, version desc limit 1
) as version on true
order by array_position(array['production', 'sale', 'price', 'helper'], element.applies),
         element.position, element.name

-- name: days_of_change
-- The days from which on other formulas hold.
select distinct valid_from as day from cost_element_version
where valid_from > %(today)s order by valid_from

-- name: versions
select version.version, version.valid_from, version.formula, version.note, version.created_at,
       app_user.name as creator
from cost_element_version as version
left join app_user on app_user.id = version.created_by
where version.element_id = %(element_id)s
order by version.version desc

-- name: lock_elements
-- Two definitions at once could close a circle that neither of them sees.
select pg_advisory_xact_lock(hashtextextended('cost elements', 0))

-- name: insert_element
insert into cost_element (name, title, applies, category_id, position, created_by)
values (%(name)s, %(title)s, %(applies)s, %(category_id)s, %(position)s, %(user_id)s)
returning id

-- name: insert_version
insert into cost_element_version (element_id, version, valid_from, formula, note, created_by)
select %(element_id)s, coalesce(max(version), 0) + 1, %(valid_from)s, %(formula)s, %(note)s,
       %(user_id)s
from cost_element_version where element_id = %(element_id)s
returning version

-- name: use_element
update cost_element set is_active = %(is_active)s where id = %(element_id)s

-- name: describe_element
update cost_element
set title = %(title)s, category_id = %(category_id)s, position = %(position)s
where id = %(element_id)s

-- name: categories
select id, parent_id, code, name from category order by code

-- name: items
-- What formulas see of items themselves; ``unit_cost`` is what one base unit is worth in stock
-- now, or was when it came in last.
select item.id, item.code, item.name, item.specification, item.base_unit, item.price,
       item.tax_rate, item.category_id, item.weight_kg, item.volume_litre,
       coalesce(pool.value / nullif(pool.quantity, 0), pool.last_unit_cost, 0) as unit_cost
from item
left join lateral (
    select sum(quantity) as quantity, sum(value) as value,
           (array_agg(last_unit_cost order by changed_at desc))[1] as last_unit_cost
    from cost_pool where cost_pool.item_id = item.id
) as pool on true
where item.id = any(%(item_ids)s::bigint[])
order by item.code

-- name: some_items
-- Items to try a formula on: those named, else those that are worth most in stock.
select item.id
from item left join cost_pool on cost_pool.item_id = item.id
where item.is_active
  and (%(search)s = '' or item.code ilike %(inside)s or item.name ilike %(inside)s)
  and (%(categories)s::bigint[] is null or item.category_id = any(%(categories)s::bigint[]))
group by item.id
order by coalesce(sum(cost_pool.value), 0) desc, item.code
limit %(limit)s
