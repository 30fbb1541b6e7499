-- Charges expected with a purchase order.

-- name: lock_order
select from purchase_order where id = %(order_id)s for no key update

-- name: order_head
select ordered.id, ordered.store_id, ordered.number, ordered.state, partner.name as supplier,
       exists (select from receipt where receipt.order_id = ordered.id
               and receipt.state <> 'cancelled') as has_receipts,
       store.time_zone, company.currency_decimals as decimals,
       company.currency as company_currency
from purchase_order ordered
join store on store.id = ordered.store_id
join partner on partner.id = ordered.supplier_id, company
where ordered.id = %(order_id)s

-- name: charges
select id, kind, basis, amount, currency, exchange_rate, value
from order_charge where order_id = %(order_id)s order by id

-- name: delete_charges
delete from order_charge where order_id = %(order_id)s

-- name: order_lines
select line.id, concat_ws(' ', item.name, nullif(item.specification, '')) as item,
       line.net_amount as goods, line.quantity,
       line.quantity * coalesce(item.weight_kg, case lower(item.base_unit)
           when 'kg' then 1 when '千克' then 1 when '公斤' then 1 when 'g' then 0.001
           when '克' then 0.001 when 't' then 1000 when '吨' then 1000 when '斤' then 0.5
       end) as weight,
       line.quantity * coalesce(item.volume_litre, case lower(item.base_unit)
           when 'l' then 1 when '升' then 1 when 'ml' then 0.001 when '毫升' then 0.001
           when 'm3' then 1000 when 'm³' then 1000 when '立方米' then 1000
       end) as volume
from purchase_order_line line join item on item.id = line.item_id
where line.order_id = %(order_id)s
order by line.position

-- name: insert_charge
insert into order_charge (order_id, store_id, kind, basis, amount, currency, exchange_rate, value,
                          created_by)
values (%(order_id)s, %(store_id)s, %(kind)s, %(basis)s, %(amount)s, %(currency)s,
        %(exchange_rate)s, %(value)s, %(user_id)s)
returning id

-- name: insert_shares
insert into order_charge_share (charge_id, order_line_id, store_id, value)
select %(charge_id)s, share.line_id, %(store_id)s, share.value
from unnest(%(line_ids)s::bigint[], %(amounts)s::numeric[]) as share (line_id, value)

-- name: set_estimates
update purchase_order_line line set landed_estimate = given.value
from unnest(%(line_ids)s::bigint[], %(amounts)s::numeric[]) as given (line_id, value)
where line.id = given.line_id
