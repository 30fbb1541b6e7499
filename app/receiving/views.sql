-- What the screens, the API and the paper of receiving show.

-- name: receipt
select receipt.id, receipt.number, receipt.store_id, receipt.state, receipt.step, receipt.version,
       receipt.order_id, purchase_order.number as order_number,
       purchase_order.state as order_state, receipt.held_by,
       (select name from app_user where id = receipt.held_by) as holder,
       partner.name as supplier, receipt.delivery_note, receipt.created_at, receipt.closed_at,
       coalesce(progress.lines, 0) as lines, coalesce(progress.done, 0) as done,
       exists (select from receipt_line line
               where line.receipt_id = receipt.id and line.undone_at is null
                 and line.kind <> 'short' and line.quantity > line.put_away) as has_waiting,
       exists (select from receipt_line line where line.receipt_id = receipt.id
               and line.undone_at is null) as has_lines
from receipt
left join purchase_order on purchase_order.id = receipt.order_id
left join partner on partner.id = receipt.supplier_id
left join lateral (
    select count(*) as lines,
           count(*) filter (where line.received >= line.quantity
                            or line.short_reason is not null) as done
    from purchase_order_line line where line.order_id = receipt.order_id
) as progress on true
where receipt.id = %(receipt_id)s

-- name: rows
-- The order's lines and what came beside them: the last touched first, then what is open.  It
-- costs the same however much was scanned: only goods beside the order are summed here.
with newest as (
    select line.id, line.order_line_id, line.item_id
    from receipt_line line
    where line.receipt_id = %(receipt_id)s and line.undone_at is null
    order by line.id desc
    limit 1
), ordered as (
    select line.id as order_line_id, line.item_id, line.quantity as expected, line.received,
           (select coalesce(sum(damaged.quantity), 0) from receipt_line damaged
            where damaged.order_line_id = line.id and damaged.receipt_id = %(receipt_id)s
              and damaged.kind = 'damaged' and damaged.undone_at is null) as damaged,
           line.short_reason, line.position,
           case when line.id = newest.order_line_id then newest.id else 0 end as newest,
           line.received >= line.quantity or line.short_reason is not null as is_done
    from receipt
    join purchase_order_line line on line.order_id = receipt.order_id
    left join newest on true
    where receipt.id = %(receipt_id)s
    order by newest desc, is_done, line.position
    limit %(limit)s
), beside as (
    select line.item_id,
           coalesce(sum(line.quantity) filter (where line.kind = 'received'), 0) as received,
           coalesce(sum(line.quantity) filter (where line.kind = 'damaged'), 0) as damaged,
           case when max(line.id) = max(newest.id) then max(newest.id) else 0 end as newest
    from receipt_line line cross join newest
    where line.receipt_id = %(receipt_id)s and line.undone_at is null
      and line.order_line_id is null
    group by line.item_id
), shown as (
    select order_line_id, item_id, expected, received, damaged, short_reason, position, newest,
           is_done
    from ordered
    union all
    select null, item_id, null, received, damaged, null, null, newest, true
    from beside
)
select shown.order_line_id, item.id as item_id, item.code, item.name, item.specification,
       item.base_unit as unit, shown.expected, shown.received, shown.damaged, shown.short_reason,
       shown.newest
from shown join item on item.id = shown.item_id
order by shown.newest desc, shown.is_done, shown.position, item.code
limit %(limit)s

-- name: entries
-- The limit is a plain number, so that the prepared plan is one for a handful of rows.
select line.id, line.kind, item.id as item_id, item.name, item.specification, item.code,
       item.base_unit as unit, item.decimals, item.tracking, lot.id as lot_id, lot.code as lot,
       coalesce(lot.expires_on, lot.best_before_on) as expires_on, line.quantity, line.status,
       line.entered_quantity, packaging.name as packaging, packaging.quantity as pack,
       line.put_away, line.reason,
       ordered.quantity as expected, ordered.received, line.created_at
from (
    select * from receipt_line
    where receipt_line.receipt_id = %(receipt_id)s and receipt_line.undone_at is null
    order by receipt_line.id desc
    limit 4
) as line
join item on item.id = line.item_id
left join lot on lot.id = line.lot_id
left join packaging on packaging.id = line.packaging_id
left join purchase_order_line ordered on ordered.id = line.order_line_id
order by line.id desc

-- name: waiting
-- What waits on the dock, for the put-away screen.
select item.id as item_id, item.code, item.name, item.specification, item.base_unit as unit,
       lot.code as lot, line.status, sum(line.quantity - line.put_away) as quantity
from receipt_line line join item on item.id = line.item_id left join lot on lot.id = line.lot_id
where line.receipt_id = %(receipt_id)s and line.undone_at is null and line.kind <> 'short'
  and line.quantity > line.put_away
group by item.id, lot.code, line.status
order by item.code, lot.code
limit 50

-- name: open_receipts
select receipt.id, receipt.number, receipt.state, purchase_order.number as order_number,
       partner.name as supplier, receipt.held_by,
       (select name from app_user where id = receipt.held_by) as holder, receipt.created_at,
       store.name as store,
       (select count(*) from receipt_line line where line.receipt_id = receipt.id
        and line.undone_at is null and line.kind = 'received') as entries
from receipt
join store on store.id = receipt.store_id
left join purchase_order on purchase_order.id = receipt.order_id
left join partner on partner.id = receipt.supplier_id
where receipt.store_id = %(store_id)s and (
    receipt.state in ('in_progress', 'paused')
    or (receipt.state = 'done' and receipt.closed_at > now() - interval '3 days' and exists (
        select from receipt_line line where line.receipt_id = receipt.id
        and line.undone_at is null and line.kind <> 'short' and line.quantity > line.put_away)))
order by receipt.state = 'done', receipt.held_by is distinct from %(user_id)s, receipt.id desc
limit 50

-- name: open_orders
-- Orders that can be received and that nobody is receiving; ``item_id`` keeps those that expect it.
select purchase_order.id, purchase_order.number, purchase_order.state, partner.name as supplier,
       purchase_order.expected_on, count(line.id) as lines,
       count(line.id) filter (where line.received >= line.quantity
                              or line.short_reason is not null) as done
from purchase_order
join partner on partner.id = purchase_order.supplier_id
join purchase_order_line line on line.order_id = purchase_order.id
where purchase_order.store_id = %(store_id)s
  and purchase_order.state in ('confirmed', 'in_progress')
  and not exists (select from receipt where receipt.order_id = purchase_order.id
                  and receipt.state in ('in_progress', 'paused'))
  and (%(item_id)s::bigint is null or exists (
      select from purchase_order_line wanted where wanted.order_id = purchase_order.id
      and wanted.item_id = %(item_id)s and wanted.received < wanted.quantity))
  and (%(partner_id)s::bigint is null or purchase_order.supplier_id = %(partner_id)s)
group by purchase_order.id, partner.name
order by purchase_order.expected_on nulls last, purchase_order.id
limit 50

-- name: counts
select (select count(*) from receipt where store_id = %(store_id)s
        and state in ('in_progress', 'paused')) as receipts,
       (select count(*) from purchase_order where store_id = %(store_id)s
        and state in ('confirmed', 'in_progress')) as orders,
       (select count(*) from purchase_order where store_id = %(store_id)s
        and state in ('confirmed', 'in_progress') and expected_on < %(today)s) as late

-- name: orders
select purchase_order.id, purchase_order.number, purchase_order.state, partner.name as supplier,
       store.name as store, purchase_order.expected_on, purchase_order.created_at,
       purchase_order.currency,
       (select count(*) from purchase_order_line line
        where line.order_id = purchase_order.id) as lines,
       (select count(*) from purchase_order_line line
        where line.order_id = purchase_order.id
        and (line.received >= line.quantity or line.short_reason is not null)) as done
from purchase_order
join partner on partner.id = purchase_order.supplier_id
join store on store.id = purchase_order.store_id
where (%(state)s = '' or purchase_order.state = %(state)s
       or (%(state)s = 'open' and purchase_order.state in ('draft', 'confirmed', 'in_progress')))
  and (%(text)s = '' or purchase_order.number ilike %(inside)s or partner.name ilike %(inside)s)
  and (%(after)s::bigint is null or purchase_order.id < %(after)s)
order by purchase_order.id desc
limit %(limit)s

-- name: order
select purchase_order.id, purchase_order.number, purchase_order.state, purchase_order.store_id,
       store.name as store, partner.id as supplier_id, partner.name as supplier,
       partner.code as supplier_code, purchase_order.currency, purchase_order.exchange_rate,
       purchase_order.prices_include_tax, purchase_order.expected_on, purchase_order.note,
       purchase_order.created_at, company.currency_decimals, company.currency as company_currency
from purchase_order
join partner on partner.id = purchase_order.supplier_id
join store on store.id = purchase_order.store_id, company
where purchase_order.id = %(order_id)s

-- name: order_lines
select line.id, line.position, item.id as item_id, item.code, item.name, item.specification,
       coalesce((select min(code.code) from code where code.item_id = line.item_id
                 and code.packaging_id = line.packaging_id), item.code) as ordered_code,
       item.base_unit as unit, packaging.name as packaging, line.entered_quantity, line.factor,
       line.quantity, line.unit_price, line.tax_rate, line.net_amount,
       line.over_receipt_tolerance, line.received, line.received_value, line.short_reason,
       line.landed_estimate
from purchase_order_line line
join item on item.id = line.item_id
left join packaging on packaging.id = line.packaging_id
where line.order_id = %(order_id)s
order by line.position

-- name: receipts_of_order
select id, number, state, created_at, closed_at
from receipt where order_id = %(order_id)s order by id

-- name: receipts
select receipt.id, receipt.number, receipt.state, receipt.order_id,
       purchase_order.number as order_number, receipt.held_by, receipt.created_at,
       receipt.closed_at
from receipt left join purchase_order on purchase_order.id = receipt.order_id
where (%(state)s = '' or receipt.state = %(state)s)
  and (%(after)s::bigint is null or receipt.id < %(after)s)
order by receipt.id desc
limit %(limit)s

-- name: note_head
select receipt.number, company.name as company, store.name as store, store.time_zone,
       partner.name as supplier, purchase_order.number as order_number, receipt.delivery_note,
       coalesce(receipt.closed_at, receipt.created_at) as received_at, company.currency,
       (select string_agg(distinct person.name, ', ') from receipt_line line
        join app_user person on person.id = line.created_by
        where line.receipt_id = receipt.id) as received_by
from receipt join store on store.id = receipt.store_id
left join purchase_order on purchase_order.id = receipt.order_id
left join partner on partner.id = receipt.supplier_id, company
where receipt.id = %(receipt_id)s

-- name: note_lines
-- What came, by item and lot; then what of the order did not come at all.
with own as (
    select line.order_line_id, line.item_id, line.lot_id,
           sum(line.quantity) filter (where line.kind = 'received') as received,
           sum(line.quantity) filter (where line.kind = 'damaged') as damaged,
           sum(line.net_amount) filter (where line.kind = 'received') as amount,
           string_agg(distinct line.reason, ', ') filter (where line.kind <> 'received') as reason
    from receipt_line line
    where line.receipt_id = %(receipt_id)s and line.undone_at is null and line.kind <> 'short'
    group by 1, 2, 3
), short as (
    select line.order_line_id, max(line.reason) as reason from receipt_line line
    where line.receipt_id = %(receipt_id)s and line.undone_at is null and line.kind = 'short'
    group by 1
)
select item.code as item_code, item.name as item_name, item.specification as spec,
       item.base_unit as unit, coalesce(own.received, 0) as received, own.damaged, own.amount,
       ordered.quantity as ordered,
       nullif(greatest(ordered.quantity - ordered.received, 0), 0) as short,
       concat_ws(', ', own.reason, coalesce(short.reason, ordered.short_reason)) as reason,
       coalesce(lot.code, '') as lot, coalesce(lot.expires_on, lot.best_before_on) as expires_on,
       row_number() over (partition by ordered.id order by own.lot_id) = 1 as is_first
from (select * from purchase_order_line
      where order_id = (select order_id from receipt where id = %(receipt_id)s)) as ordered
full join own on own.order_line_id = ordered.id
left join short on short.order_line_id = ordered.id
join item on item.id = coalesce(ordered.item_id, own.item_id)
left join lot on lot.id = own.lot_id
order by ordered.position nulls last, item.code, lot.code

-- name: items_of_order
-- Which items an unknown barcode could belong to, with their packs.
select item.id as item_id, item.code, item.name, item.specification,
       packaging.id as packaging_id, packaging.name as packaging, packaging.quantity as pack,
       item.base_unit as unit
from purchase_order_line line
join item on item.id = line.item_id
left join packaging on packaging.item_id = item.id
where line.order_id = (select order_id from receipt where id = %(receipt_id)s)
order by line.position, packaging.quantity nulls first

-- name: offered_items
-- What codes in an order file stand for; archived items too, so that it can be said.
select code.code, item.id as item_id, item.code as item_code, item.name, item.specification,
       item.base_unit as unit, item.decimals, item.is_active, packaging.name as packaging,
       coalesce(packaging.quantity, 1) as factor
from code join item on item.id = code.item_id
left join packaging on packaging.id = code.packaging_id
where code.code = any(%(codes)s::text[])

-- name: suppliers
select code, name from partner where is_active and kind in ('supplier', 'both') order by name
limit 500
