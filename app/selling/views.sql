-- What the screens, files and the API of sales orders show.

-- name: orders
-- ``readiness`` speaks of what released orders still want: all of it promised, a part, or nothing.
select sales_order.id, sales_order.number, sales_order.state, partner.name as customer,
       store.name as store, sales_order.priority, sales_order.requested_on, sales_order.due_at,
       sales_order.created_at, sales_order.total_amount, sales_order.external_number,
       progress.lines, progress.done,
       case when sales_order.state not in ('confirmed', 'in_progress') then ''
            when progress.missing = 0 then 'ready'
            when progress.promised = 0 then 'blocked'
            else 'partly' end as readiness
from sales_order
join partner on partner.id = sales_order.customer_id
join store on store.id = sales_order.store_id
cross join lateral (
    select count(*) as lines,
           count(*) filter (where line.shipped >= line.quantity
                            or line.short_reason is not null) as done,
           count(*) filter (where line.short_reason is null
                            and line.allocated + line.shipped < line.quantity) as missing,
           count(*) filter (where line.allocated > 0) as promised
    from sales_order_line line where line.order_id = sales_order.id
) as progress
where (%(state)s = '' or sales_order.state = %(state)s
       or (%(state)s = 'open' and sales_order.state in ('draft', 'confirmed', 'in_progress')))
  and (%(text)s = '' or sales_order.number ilike %(inside)s
       or sales_order.external_number ilike %(inside)s or partner.name ilike %(inside)s
       or partner.code ilike %(inside)s)
  and (%(from_day)s::date is null or sales_order.requested_on >= %(from_day)s)
  and (%(to_day)s::date is null or sales_order.requested_on <= %(to_day)s)
  and (%(readiness)s = '' or sales_order.state in ('confirmed', 'in_progress')
       and %(readiness)s = case when progress.missing = 0 then 'ready'
                                when progress.promised = 0 then 'blocked' else 'partly' end)
  and (%(after)s::bigint is null or sales_order.id < %(after)s)
order by sales_order.id desc
limit %(limit)s

-- name: order
select sales_order.id, sales_order.number, sales_order.state, sales_order.store_id,
       store.name as store, store.time_zone, partner.id as customer_id, partner.name as customer,
       partner.code as customer_code, coalesce(warehouse.code, '') as warehouse,
       coalesce(warehouse.name, '') as warehouse_name, sales_order.requested_on,
       sales_order.due_at, sales_order.priority, sales_order.minimum_days,
       sales_order.partial_policy, coalesce(sales_order.allocation_rule, '') as allocation_rule,
       coalesce(seller.login, '') as salesperson, coalesce(seller.name, '') as salesperson_name,
       sales_order.region, sales_order.currency, sales_order.exchange_rate,
       sales_order.prices_include_tax, sales_order.net_amount, sales_order.total_amount,
       sales_order.address, sales_order.contact, sales_order.phone, sales_order.note,
       sales_order.source, sales_order.external_number, sales_order.created_at,
       sales_order.released_at, sales_order.closed_at, company.currency_decimals,
       company.currency as company_currency
from sales_order
join partner on partner.id = sales_order.customer_id
join store on store.id = sales_order.store_id
left join warehouse on warehouse.id = sales_order.warehouse_id
left join app_user seller on seller.id = sales_order.salesperson_id, company
where sales_order.id = %(order_id)s

-- name: order_of_line
select order_id from sales_order_line where id = %(line_id)s

-- name: known_external
-- The order that another system's number stands for already.
select id, number, state from sales_order
where source = %(source)s and external_number = %(external_number)s

-- name: wanted
select item_id, entered_quantity from sales_order_line where order_id = %(order_id)s
order by position

-- name: meant
select code, item_id from code where code = any(%(codes)s::text[]) and item_id is not null

-- name: order_lines
select line.id, line.position, item.id as item_id, item.code, item.name, item.specification,
       item.base_unit as unit, packaging.name as packaging, line.entered_quantity, line.factor,
       line.quantity, line.whole_packs, line.unit_price, line.discount_rate, line.tax_rate,
       line.net_amount, line.minimum_days, line.allocated, line.picked, line.shipped,
       line.short_reason, line.lapsed_at, wants.missing,
       case when line.short_reason is not null or sales_order.state = 'cancelled'
            then line.allocated else line.quantity - line.shipped end as open,
       case when line.shipped >= line.quantity then 'shipped'
            when line.short_reason is not null then 'short'
            when sales_order.state not in ('confirmed', 'in_progress') then 'open'
            when wants.missing = 0 then 'ready'
            when line.allocated > 0 then 'partly'
            else 'blocked' end as state
from sales_order_line line
join sales_order on sales_order.id = line.order_id
cross join lateral (
    select case when line.short_reason is null
                     and sales_order.state in ('confirmed', 'in_progress')
                then line.quantity - line.allocated - line.shipped else 0 end as missing
) as wants
join item on item.id = line.item_id
left join packaging on packaging.id = line.packaging_id
where line.order_id = %(order_id)s
order by line.position

-- name: promises
-- Where the goods are that an order has been promised.
select allocation.line_id, location.code as location, location.id as location_id,
       location.kind in ('staging', 'cart') as picked, lot.code as lot, lot.id as lot_id,
       allocation.quantity, allocation.expires_at
from allocation
join sales_order_line line on line.id = allocation.line_id
join balance on balance.id = allocation.balance_id
join location on location.id = balance.location_id
left join lot on lot.id = balance.lot_id
where line.order_id = %(order_id)s and allocation.line_kind = 'sales_order_line'
order by line.position, picked, location.sequence, location.code, lot.code
limit 2000

-- name: documents
-- What was made for an order: picks, shipments, what was asked of others, what waits for votes.
select 'pick' as kind, pick.id, pick.number, pick.state, pick.created_at
from pick_order join pick on pick.id = pick_order.pick_id
where pick_order.order_id = %(order_id)s
union all
select 'shipment', shipment.id, shipment.number, shipment.state, shipment.created_at
from shipment where shipment.order_id = %(order_id)s
union all
select 'approval', request.id, request.policy_name, request.state, request.requested_at
from approval_request request
where request.subject_kind = 'sales_order' and request.subject_id = %(order_id)s
order by created_at, id

-- name: history
-- Who did what to the order, newest first.  Who released or closed it is known by the command that
-- was recorded in the same transaction and so at the same moment.
select happened.at, happened.what, happened.detail, person.name as person
from (
    select created_at as at, 'created' as what,
           coalesce(external_number, '') as detail, created_by as user_id
    from sales_order where id = %(order_id)s
    union all
    select sales_order.released_at, 'released', '', (
        select command.user_id from command where command.recorded_at = sales_order.released_at
        order by command.kind like 'orders.%%' desc, command.id limit 1
    )
    from sales_order
    where sales_order.id = %(order_id)s and sales_order.released_at is not null
    union all
    select sales_order.closed_at,
           case sales_order.state when 'cancelled' then 'cancelled' else 'closed' end, '', (
        select command.user_id from command where command.recorded_at = sales_order.closed_at
        order by command.kind like 'orders.%%' desc, command.id limit 1
    )
    from sales_order
    where sales_order.id = %(order_id)s and sales_order.closed_at is not null
    union all
    select request.requested_at, 'approval_requested', request.reason, request.requested_by
    from approval_request request
    where request.subject_kind = 'sales_order' and request.subject_id = %(order_id)s
    union all
    select min(picked.created_at), 'picked', item.name, picked.user_id
    from pick_line picked
    join sales_order_line line on line.id = picked.order_line_id
    join item on item.id = line.item_id
    where line.order_id = %(order_id)s and picked.undone_at is null
    group by picked.pick_id, item.id, picked.user_id
    union all
    select shipment.shipped_at, 'shipped', shipment.number, shipment.packed_by
    from shipment where shipment.order_id = %(order_id)s and shipment.shipped_at is not null
) as happened
left join app_user person on person.id = happened.user_id
order by happened.at desc
limit 200

-- name: customers
select code, name from partner where is_active and kind in ('customer', 'both') order by name
limit 500

-- name: warehouses
select code, name from warehouse where store_id = %(store_id)s order by is_auxiliary, code

-- name: salespeople
select login as code, name from app_user where is_active order by name limit 500

-- name: counts
-- Of a store: drafts, released orders, and those that miss something.
select count(*) filter (where sales_order.state = 'draft') as drafts,
       count(*) filter (where sales_order.state <> 'draft') as released,
       count(*) filter (where sales_order.state <> 'draft' and exists (
           select from sales_order_line line
           where line.order_id = sales_order.id and line.short_reason is null
             and line.allocated + line.shipped < line.quantity)) as blocked
from sales_order
where store_id = %(store_id)s and state in ('draft', 'confirmed', 'in_progress')

-- name: sold_codes
-- What codes in a file stand for, with the packaging that they name; archived items too, so that it
-- can be said.
select code.code, item.id as item_id, item.code as item_code, item.name, item.specification,
       item.base_unit as unit, unit.name as unit_name, item.decimals, item.is_active,
       packaging.name as packaging, coalesce(packaging.quantity, 1) as factor
from code
join item on item.id = code.item_id
join unit on unit.code = item.base_unit
left join packaging on packaging.id = code.packaging_id
where code.code = any(%(codes)s::text[])

-- name: packs
select item_id, name, quantity from packaging where item_id = any(%(item_ids)s::bigint[])
order by item_id, quantity

-- name: named_customers
-- What the customers of a file are: by any code or by name; ``kind`` and ``is_active`` so that it
-- can be said why one is none.
select asked.text, partner.id, partner.name, partner.kind, partner.is_active
from unnest(%(texts)s::text[], %(codes)s::text[]) as asked (text, code)
cross join lateral (
    select partner.id, partner.name, partner.kind, partner.is_active
    from partner
    left join code on code.partner_id = partner.id and code.code = asked.code
    where code.code is not null or partner.code = asked.text or partner.name = asked.text
    order by partner.is_active desc, partner.kind in ('customer', 'both') desc, partner.id
    limit 1
) as partner

-- name: named_people
select login from app_user where login = any(%(logins)s::text[]) and is_active

-- name: known_numbers
select external_number, number from sales_order
where source = %(source)s and external_number = any(%(numbers)s::text[])
