-- name: lock_order
select sales_order.id, sales_order.number, sales_order.store_id, sales_order.state,
       partner.code as customer, partner.name as customer_name,
       sales_order.total_amount as amount, sales_order.currency, sales_order.region,
       company.allocate_on_release
from sales_order join partner on partner.id = sales_order.customer_id, company
where sales_order.id = %(order_id)s
for no key update of sales_order

-- name: summary
-- ``fingerprint`` tells whether the lines are still what somebody approved.
select count(*) as line_count, coalesce(max(discount_rate), 0) as discount_rate,
       coalesce(sum(shipped), 0) as shipped,
       md5(coalesce(string_agg(
           concat_ws(' ', item_id, entered_quantity, factor, unit_price, discount_rate, tax_rate),
           '; ' order by position
       ), '')) as fingerprint
from sales_order_line where order_id = %(order_id)s

-- name: lines
select id, item_id, quantity, allocated, picked, shipped, short_reason
from sales_order_line where order_id = %(order_id)s order by position

-- name: release
update sales_order set state = 'confirmed', released_at = now() where id = %(order_id)s

-- name: cancel
update sales_order set state = 'cancelled', closed_at = now() where id = %(order_id)s

-- name: close_short
update sales_order_line set short_reason = %(reason)s where id = any(%(line_ids)s::bigint[])
