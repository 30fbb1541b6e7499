-- name: setting
-- The company's settings, and what the texts of an order mean in this store.
select company.currency_decimals as decimals, company.currency,
       (
           select partner.id from partner
           left join code on code.partner_id = partner.id and code.code = %(customer_code)s
           where partner.is_active and partner.kind in ('customer', 'both')
             and (code.code is not null or partner.code = %(customer)s
                  or partner.name = %(customer)s)
           order by code.code is null, partner.id limit 1
       ) as customer_id,
       (
           select warehouse.id from warehouse
           where warehouse.store_id = %(store_id)s
             and (warehouse.code = %(warehouse)s or warehouse.name = %(warehouse)s)
           order by warehouse.code = %(warehouse)s desc, warehouse.id limit 1
       ) as warehouse_id,
       (
           select app_user.id from app_user where app_user.login = %(salesperson)s
       ) as salesperson_id
from company

-- name: zone
select time_zone from store where id = %(store_id)s

-- name: sold_items
select code.code, item.id as item_id, item.decimals, item.price, item.tax_rate,
       packaging.id as packaging_id, coalesce(packaging.quantity, 1) as factor
from code join item on item.id = code.item_id and item.is_active
left join packaging on packaging.id = code.packaging_id
where code.code = any(%(codes)s::text[])

-- name: sold_units
-- By what an item can be ordered: its base unit under its code and its name, and its packs.
select item.id as item_id, named.name, null::bigint as packaging_id, 1::numeric as factor
from item join unit on unit.code = item.base_unit
cross join lateral (values (unit.code), (unit.name)) as named (name)
where item.id = any(%(item_ids)s::bigint[])
union all
(
    select packaging.item_id, packaging.name, packaging.id, packaging.quantity
    from packaging where packaging.item_id = any(%(item_ids)s::bigint[])
    order by packaging.quantity
)

-- name: insert_order
insert into sales_order (store_id, warehouse_id, number, customer_id, priority, requested_on, due_at,
                         minimum_days, partial_policy, allocation_rule, salesperson_id, region,
                         currency, exchange_rate, prices_include_tax, net_amount, total_amount,
                         address, contact, phone, note, source, external_number, created_by)
values (%(store_id)s, %(warehouse_id)s, %(number)s, %(customer_id)s, %(priority)s,
        %(requested_on)s, %(due_at)s, %(minimum_days)s, %(partial_policy)s, %(allocation_rule)s,
        %(salesperson_id)s, %(region)s, %(currency)s, %(exchange_rate)s, %(prices_include_tax)s,
        %(net_amount)s, %(total_amount)s, %(address)s, %(contact)s, %(phone)s, %(note)s,
        %(source)s, %(external_number)s, %(created_by)s)
returning id

-- name: lock_draft
select id, store_id, number, state from sales_order where id = %(order_id)s for no key update

-- name: change_order
update sales_order
set warehouse_id = %(warehouse_id)s, customer_id = %(customer_id)s, priority = %(priority)s,
    requested_on = %(requested_on)s, due_at = %(due_at)s, minimum_days = %(minimum_days)s,
    partial_policy = %(partial_policy)s, allocation_rule = %(allocation_rule)s,
    salesperson_id = %(salesperson_id)s, region = %(region)s, currency = %(currency)s,
    exchange_rate = %(exchange_rate)s, prices_include_tax = %(prices_include_tax)s,
    net_amount = %(net_amount)s, total_amount = %(total_amount)s, address = %(address)s,
    contact = %(contact)s, phone = %(phone)s, note = %(note)s
where id = %(order_id)s

-- name: delete_lines
delete from sales_order_line where order_id = %(order_id)s

-- name: insert_line
insert into sales_order_line (order_id, store_id, position, item_id, packaging_id,
                              entered_quantity, factor, quantity, whole_packs, unit_price,
                              discount_rate, tax_rate, net_amount, minimum_days)
values (%(order_id)s, %(store_id)s, %(position)s, %(item_id)s, %(packaging_id)s,
        %(entered_quantity)s, %(factor)s, %(quantity)s, %(whole_packs)s, %(unit_price)s,
        %(discount_rate)s, %(tax_rate)s, %(net_amount)s, %(minimum_days)s)
