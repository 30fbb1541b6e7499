-- What the keys of dimensions mean: key, words, and a line below them.

-- name: item
select id::text as key, name || ' ' || specification as words, code as note
from item where id = any(%(keys)s::bigint[])

-- name: category
select id::text as key, name as words, code as note
from category where id = any(%(keys)s::bigint[])

-- name: customer
select id::text as key, name as words, code as note
from partner where id = any(%(keys)s::bigint[])

-- name: area
select id::text as key, name as words, code as note from area where id = any(%(keys)s::bigint[])

-- name: store
select id::text as key, name as words, code as note from store
where id = any(%(keys)s::bigint[]) and (sees_all_stores() or id = any(visible_stores()))

-- name: salesperson
select id::text as key, name as words, '' as note
from app_user where id = any(%(keys)s::bigint[])

-- name: lot
select lot.id::text as key, lot.code as words, item.name as note
from lot join item on item.id = lot.item_id
where lot.id = any(%(keys)s::bigint[])

-- name: order
select sales_order.id::text as key, sales_order.number as words, partner.name as note
from sales_order join partner on partner.id = sales_order.customer_id
where sales_order.id = any(%(keys)s::bigint[])
