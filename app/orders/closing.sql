-- What stands against closing a month: see app/ledger/closing.sql.

-- name: may_picked_goods_unshipped
-- Picked in the month and still here: they are stock until they are shipped.
select sales_order.number as subject, store.name as detail, '/sales-orders/' || sales_order.id as link
from sales_order join store on store.id = sales_order.store_id
where sales_order.state = 'in_progress'
  and (sales_order.created_at at time zone store.time_zone)::date <= %(ends_on)s::date
order by sales_order.id
