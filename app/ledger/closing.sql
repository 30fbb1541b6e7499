-- What stands against closing a month (asked by the periods): subject, detail, link to the screen.
-- A name that begins with must_ forbids it, one with may_ can be accepted with a reason.

-- name: must_no_stock_below_zero
select item.code || ' ' || item.name as subject, trim_scale(cost_pool.quantity)::text as detail,
       '/costing/items/' || item.id as link
from cost_pool join item on item.id = cost_pool.item_id
where cost_pool.quantity < 0 and %(ends_on)s::date is not null
order by item.code

-- name: must_late_moves_valued
select item.code || ' ' || item.name as subject, cost_recost.since::date::text as detail,
       '/costing/items/' || item.id as link
from cost_recost join cost_pool on cost_pool.id = cost_recost.pool_id
join item on item.id = cost_pool.item_id
where cost_recost.since::date <= %(ends_on)s::date
order by item.code
