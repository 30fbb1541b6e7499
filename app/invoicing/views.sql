-- What the screens, the API and the files of invoices show.

-- name: invoices
-- Newest first; ``difference`` is what the invoice changed the cost of its goods by.
select invoice.id, invoice.number, invoice.kind, invoice.state, invoice.supplier_number,
       partner.code as supplier_code, partner.name as supplier, store.name as store,
       invoice.invoice_on, invoice.currency, invoice.exchange_rate, invoice.net_amount,
       invoice.tax_amount, invoice.net_amount + invoice.tax_amount as gross_amount,
       invoice.created_at, invoice.posted_at, app_user.name as user_name,
       (select sum(match.to_stock + match.to_cogs)
        from supplier_invoice_line line
        join supplier_invoice_match match on match.line_id = line.id
        where line.invoice_id = invoice.id) as difference
from supplier_invoice invoice
join partner on partner.id = invoice.supplier_id
join store on store.id = invoice.store_id
left join app_user on app_user.id = invoice.created_by
where (%(state)s = '' or invoice.state = %(state)s)
  and (%(kind)s = '' or invoice.kind = %(kind)s)
  and (%(text)s = '' or invoice.number ilike %(inside)s or partner.name ilike %(inside)s
       or invoice.supplier_number ilike %(inside)s or exists (
           select from supplier_invoice_line line join receipt on receipt.id = line.receipt_id
           where line.invoice_id = invoice.id and receipt.number ilike %(inside)s))
  and (%(after)s::bigint is null or invoice.id < %(after)s)
order by invoice.id desc
limit %(limit)s

-- name: head
select invoice.id, invoice.number, invoice.kind, invoice.state, invoice.store_id,
       store.name as store, partner.code as supplier_code, partner.name as supplier,
       invoice.supplier_number, invoice.corrects_id, corrected.number as corrects,
       invoice.invoice_on, invoice.currency, invoice.exchange_rate, invoice.prices_include_tax,
       invoice.net_amount, invoice.tax_amount, invoice.note, invoice.created_at,
       invoice.posted_at, invoice.reversed_at, invoice.reversal_reason, maker.name as made_by,
       poster.name as posted_by, reverser.name as reversed_by,
       company.currency as company_currency, company.currency_decimals as decimals
from supplier_invoice invoice
join store on store.id = invoice.store_id
join partner on partner.id = invoice.supplier_id
left join supplier_invoice corrected on corrected.id = invoice.corrects_id
left join app_user maker on maker.id = invoice.created_by
left join app_user poster on poster.id = invoice.posted_by
left join app_user reverser on reverser.id = invoice.reversed_by, company
where invoice.id = %(invoice_id)s

-- name: lines
-- The lines as they stand on the paper; of posted ones what became of them.
select line.id, line.position, line.kind, line.receipt_id, receipt.number as receipt, line.item_id,
       item.code as item_code, item.name as item_name, item.specification, item.base_unit,
       line.quantity, line.unit_price, line.tax_rate, line.net_amount, line.tax_amount, line.value,
       matched.estimate, matched.to_stock, matched.to_cogs,
       -- The same paper at the rate that the goods were received at.
       case when line.kind = 'received' and ordered.currency = invoice.currency
                 and ordered.exchange_rate <> invoice.exchange_rate
            then line.value - round(line.value * ordered.exchange_rate / invoice.exchange_rate,
                                    company.currency_decimals) end as by_rate
from supplier_invoice_line line
join supplier_invoice invoice on invoice.id = line.invoice_id
join receipt on receipt.id = line.receipt_id
left join purchase_order ordered on ordered.id = receipt.order_id
join item on item.id = line.item_id
cross join company
left join lateral (
    select sum(match.estimate) as estimate, sum(match.to_stock) as to_stock,
           sum(match.to_cogs) as to_cogs
    from supplier_invoice_match match where match.line_id = line.id
) as matched on true
where line.invoice_id = %(invoice_id)s
order by line.position

-- name: credit_notes
select id, number, state from supplier_invoice where corrects_id = %(invoice_id)s order by id

-- name: offered
-- What can be billed (or credited) of some receipts, or of all of a supplier's, by item.
select receipt.id as receipt_id, receipt.number as receipt, partner.code as supplier_code,
       partner.name as supplier, opened.item_id, item.code as item_code, item.name as item_name,
       item.specification, item.base_unit, sum(opened.quantity) as received,
       sum(opened.invoiced_quantity) as invoiced, sum(opened.returned_quantity) as returned,
       sum(opened.open_quantity) as open_quantity, sum(opened.open_amount) as open_amount,
       max(ordered.unit_price / ordered.factor) as order_price,
       coalesce(max(ordered.tax_rate), item.tax_rate) as tax_rate,
       purchase_order.currency, purchase_order.exchange_rate, purchase_order.prices_include_tax
from receipt_line_open opened
join receipt on receipt.id = opened.receipt_id and receipt.state = 'done'
join item on item.id = opened.item_id
left join partner on partner.id = receipt.supplier_id
left join purchase_order on purchase_order.id = receipt.order_id
left join purchase_order_line ordered on ordered.id = opened.order_line_id
where receipt.store_id = %(store_id)s
  and (receipt.number = any(%(numbers)s::text[]) or partner.code = %(supplier)s)
group by receipt.id, partner.id, opened.item_id, item.id, purchase_order.id
having (%(credit)s and (sum(opened.invoiced_quantity) > 0 or sum(opened.returned_quantity) > 0))
    or (not %(credit)s and sum(opened.open_quantity) > 0)
order by receipt.id, item.code
limit 300

-- name: suppliers
select code, name from partner where is_active and kind in ('supplier', 'both') order by name
limit 500

-- name: open
-- Goods received and not invoiced, at their estimate; ``by`` line, receipt, supplier or period.
select case when %(by)s in ('line', 'receipt') then opened.receipt_id end as receipt_id,
       case when %(by)s in ('line', 'receipt') then receipt.number end as receipt,
       case when %(by)s in ('line', 'receipt') then purchase_order.number end as order_number,
       case when %(by)s <> 'period' then coalesce(partner.code, '') end as supplier_code,
       case when %(by)s <> 'period' then coalesce(partner.name, '') end as supplier,
       case when %(by)s = 'line' then item.code end as item_code,
       case when %(by)s = 'line'
            then concat_ws(' ', item.name, nullif(item.specification, '')) end as item_name,
       case when %(by)s = 'line' then item.base_unit end as base_unit,
       case when %(by)s = 'period'
            then to_char(receipt.created_at at time zone store.time_zone, 'YYYY-MM') end as period,
       min(receipt.created_at) as since, count(distinct receipt.id) as receipts,
       case when %(by)s = 'line' then sum(opened.quantity) end as received,
       case when %(by)s = 'line' then sum(opened.invoiced_quantity) end as invoiced,
       case when %(by)s = 'line' then sum(opened.returned_quantity) end as returned,
       case when %(by)s = 'line' then sum(opened.open_quantity) end as open_quantity,
       sum(opened.goods_amount) as goods_amount, sum(opened.open_amount) as open_amount
from receipt_line_open opened
join receipt on receipt.id = opened.receipt_id
join store on store.id = opened.store_id
join item on item.id = opened.item_id
left join partner on partner.id = receipt.supplier_id
left join purchase_order on purchase_order.id = receipt.order_id
where opened.open_quantity > 0
  and (%(text)s = '' or receipt.number ilike %(inside)s or partner.name ilike %(inside)s
       or partner.code ilike %(inside)s or purchase_order.number ilike %(inside)s
       or item.name ilike %(inside)s or item.code ilike %(inside)s)
  and (%(since)s::timestamptz is null or receipt.created_at >= %(since)s)
  and (%(until)s::timestamptz is null or receipt.created_at < %(until)s)
group by 1, 2, 3, 4, 5, 6, 7, 8, 9
order by 9, 5, 1, 6
limit %(limit)s

-- name: movements
-- How the estimate of received goods moved in a time, by supplier: what came, what invoices
-- reversed of it, what went back unbilled.
with event as (
    select receipt.supplier_id, opened.created_at as at, 'received' as kind,
           opened.goods_amount as amount
    from receipt_line_open opened join receipt on receipt.id = opened.receipt_id
    union all
    select invoice.supplier_id, invoice.posted_at, 'reversed', -match.estimate
    from supplier_invoice_match match
    join supplier_invoice_line line on line.id = match.line_id
    join supplier_invoice invoice on invoice.id = line.invoice_id
    where match.return_line_id is null
    union all
    select invoice.supplier_id, match.reversed_at, 'reversed', match.estimate
    from supplier_invoice_match match
    join supplier_invoice_line line on line.id = match.line_id
    join supplier_invoice invoice on invoice.id = line.invoice_id
    where match.return_line_id is null and match.reversed_at is not null
    union all
    select supplier_return.supplier_id, gone.created_at, 'returned', -gone.open_amount
    from supplier_return_line gone join supplier_return on supplier_return.id = gone.return_id
    where gone.undone_at is null
), happened as (
    select supplier_id, amount, case when at < %(since)s then 'before' else kind end as kind
    from event where at < %(until)s
)
select coalesce(partner.code, '') as supplier_code, coalesce(partner.name, '') as supplier,
       coalesce(sum(happened.amount) filter (where happened.kind = 'before'), 0) as opening,
       coalesce(sum(happened.amount) filter (where happened.kind = 'received'), 0) as received,
       coalesce(sum(happened.amount) filter (where happened.kind = 'reversed'), 0) as reversed,
       coalesce(sum(happened.amount) filter (where happened.kind = 'returned'), 0) as returned,
       coalesce(sum(happened.amount), 0) as closing
from happened left join partner on partner.id = happened.supplier_id
group by partner.id
having bool_or(happened.amount <> 0)
order by partner.name

-- name: returns
-- Newest first.
select supplier_return.id, supplier_return.number, supplier_return.store_id, store.name as store,
       supplier_return.state, supplier_return.receipt_id, receipt.number as receipt,
       partner.name as supplier, supplier_return.note, app_user.name as user_name,
       supplier_return.created_at, supplier_return.closed_at, company.currency_decimals as decimals,
       totals.lines, totals.amount, totals.credit, totals.variance
from supplier_return
join store on store.id = supplier_return.store_id
join receipt on receipt.id = supplier_return.receipt_id
join partner on partner.id = supplier_return.supplier_id
left join app_user on app_user.id = supplier_return.created_by
left join lateral (
    select count(*) as lines, coalesce(sum(line.amount), 0) as amount,
           coalesce(sum(line.credit), 0) as credit, coalesce(sum(line.variance), 0) as variance
    from supplier_return_line line
    where line.return_id = supplier_return.id and line.undone_at is null
) as totals on true, company
where (%(return_id)s::bigint is null or supplier_return.id = %(return_id)s)
  and (%(after)s::bigint is null or supplier_return.id < %(after)s)
order by supplier_return.id desc
limit %(limit)s

-- name: return_lines
select line.id, line.item_id, item.code as item_code, item.name as item_name, item.specification,
       item.base_unit, lot.code as lot_code, location.code as location_code, line.status,
       line.quantity, line.reason, line.credit, line.amount, line.variance, line.open_quantity,
       line.move_id, app_user.name as user_name, line.created_at,
       line.undone_at is not null as is_undone
from supplier_return_line line
join item on item.id = line.item_id
join location on location.id = line.location_id
left join lot on lot.id = line.lot_id
left join app_user on app_user.id = line.user_id
where line.return_id = %(return_id)s
order by line.id desc

-- name: returnable
-- Stock of what came with a receipt: what of it lies where, and how much may still go back.
select balance.id as balance_id, item.id as item_id, item.code as item_code,
       item.name as item_name, item.specification, item.base_unit, item.decimals,
       balance.lot_id, lot.code as lot_code, location.id as location_id,
       location.code as location_code, balance.status,
       least(balance.on_hand - balance.allocated, came.left) as left
from (
    select opened.item_id, opened.lot_id, opened.store_id,
           sum(opened.quantity - opened.returned_quantity) as left
    from receipt_line_open opened where opened.receipt_id = %(receipt_id)s
    group by opened.item_id, opened.lot_id, opened.store_id
) as came
join balance on balance.item_id = came.item_id and balance.store_id = came.store_id
  and balance.lot_id is not distinct from came.lot_id
  and balance.on_hand > balance.allocated
join location on location.id = balance.location_id and location.warehouse_id is not null
join item on item.id = balance.item_id
left join lot on lot.id = balance.lot_id
where came.left > 0
order by item.code, lot.code, location.code, balance.status
limit 200

-- name: counts
-- For the home screen, so from indexes: receipts of the last months that no posted invoice names.
select (select count(*) from supplier_invoice
        where store_id = %(store_id)s and state = 'draft') as drafts,
       (select count(*) from receipt where store_id = %(store_id)s and state = 'done'
        and closed_at > now() - interval '90 days' and not exists (
            select from supplier_invoice_line line
            join supplier_invoice invoice on invoice.id = line.invoice_id
              and invoice.state = 'posted' and invoice.kind = 'invoice'
            where line.receipt_id = receipt.id)) as open_receipts
