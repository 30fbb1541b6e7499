-- What stands against closing a month: see app/ledger/closing.sql.

-- name: may_invoices_unposted
select supplier_invoice.number as subject, supplier_invoice.supplier_number as detail,
       '/invoices/' || supplier_invoice.id as link
from supplier_invoice
where supplier_invoice.state = 'draft' and supplier_invoice.invoice_on <= %(ends_on)s::date
order by supplier_invoice.id

-- name: may_receipts_uninvoiced
-- Goods received whose invoice has not come: they are in stock at what they are expected to cost.
select receipt.number as subject, trim_scale(sum(receipt_line_open.open_amount))::text as detail,
       '/receiving/' || receipt.id as link
from receipt_line_open
join receipt on receipt.id = receipt_line_open.receipt_id
join store on store.id = receipt.store_id
where receipt_line_open.open_quantity > 0
  and (receipt_line_open.created_at at time zone store.time_zone)::date <= %(ends_on)s::date
group by receipt.id order by receipt.id

-- name: may_returns_unfinished
select supplier_return.number as subject, store.name as detail,
       '/supplier-returns/' || supplier_return.id as link
from supplier_return join store on store.id = supplier_return.store_id
where supplier_return.state = 'in_progress'
  and (supplier_return.created_at at time zone store.time_zone)::date <= %(ends_on)s::date
order by supplier_return.id
