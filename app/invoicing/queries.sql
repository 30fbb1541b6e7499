-- Suppliers' invoices.  Locks: an invoice before the receipts of its lines, those by their ids.

-- name: store_of
select store.id, store.time_zone
from store
where store.id = %(store_id)s
  and ((select sees_all_stores()) or store.id = any((select visible_stores())::bigint[]))

-- name: supplier_named
select partner.id from partner
left join code on code.partner_id = partner.id and code.code = %(code)s
where partner.is_active and partner.kind in ('supplier', 'both')
  and (code.code is not null or partner.code = %(name)s or partner.name = %(name)s)
order by code.code is null, partner.id limit 1

-- name: receipts_named
select receipt.number, receipt.id, receipt.store_id, receipt.supplier_id, receipt.state
from receipt where receipt.number = any(%(numbers)s::text[])

-- name: items_named
-- Items by any of their codes, with the tax rate that their order or they themselves have.
select code.code, item.id as item_id, item.decimals, item.tax_rate
from code join item on item.id = code.item_id
where code.code = any(%(codes)s::text[]) and code.packaging_id is null

-- name: order_tax_rates
-- The tax rates that an order gave to the items of a receipt.
select receipt.id as receipt_id, line.item_id, max(line.tax_rate) as tax_rate
from receipt join purchase_order_line line on line.order_id = receipt.order_id
where receipt.id = any(%(receipt_ids)s::bigint[])
group by receipt.id, line.item_id

-- name: insert_invoice
insert into supplier_invoice (store_id, number, kind, supplier_id, supplier_number, corrects_id,
                              invoice_on, currency, exchange_rate, prices_include_tax, net_amount,
                              tax_amount, note, created_by)
values (%(store_id)s, %(number)s, %(kind)s, %(supplier_id)s, %(supplier_number)s, %(corrects_id)s,
        %(invoice_on)s, %(currency)s, %(exchange_rate)s, %(prices_include_tax)s, %(net_amount)s,
        %(tax_amount)s, %(note)s, %(user_id)s)
returning id

-- name: change_invoice
update supplier_invoice
set supplier_id = %(supplier_id)s, supplier_number = %(supplier_number)s,
    invoice_on = %(invoice_on)s, currency = %(currency)s, exchange_rate = %(exchange_rate)s,
    prices_include_tax = %(prices_include_tax)s, net_amount = %(net_amount)s,
    tax_amount = %(tax_amount)s, note = %(note)s
where id = %(invoice_id)s

-- name: delete_lines
delete from supplier_invoice_line where invoice_id = %(invoice_id)s

-- name: insert_line
insert into supplier_invoice_line (invoice_id, store_id, position, kind, receipt_id, item_id,
                                   quantity, unit_price, tax_rate, net_amount, tax_amount, value)
values (%(invoice_id)s, %(store_id)s, %(position)s, %(kind)s, %(receipt_id)s, %(item_id)s,
        %(quantity)s, %(unit_price)s, %(tax_rate)s, %(net_amount)s, %(tax_amount)s, %(value)s)

-- name: lock_invoice
select invoice.id, invoice.store_id, invoice.number, invoice.kind, invoice.state,
       invoice.supplier_id, partner.name as supplier, invoice.supplier_number,
       company.currency_decimals as decimals
from supplier_invoice invoice join partner on partner.id = invoice.supplier_id, company
where invoice.id = %(invoice_id)s
for no key update of invoice

-- name: lock_receipts
select receipt.id from receipt
where receipt.id in (
    select receipt_id from supplier_invoice_line where invoice_id = %(invoice_id)s
)
order by receipt.id
for no key update

-- name: lines
select line.id, line.position, line.kind, line.receipt_id, receipt.number as receipt,
       line.item_id, item.code as item_code, item.name as item_name, line.quantity, line.value
from supplier_invoice_line line
join receipt on receipt.id = line.receipt_id
join item on item.id = line.item_id
where line.invoice_id = %(invoice_id)s
order by line.position

-- name: open_of_lines
-- The receipt lines behind the lines of an invoice, with what of them is not billed yet.
select line.id as line_id, opened.receipt_line_id, opened.move_id,
       greatest(opened.open_quantity, 0) as quantity, opened.open_amount as amount,
       opened.invoiced_quantity as invoiced, null::bigint as return_line_id
from supplier_invoice_line line
join receipt_line_open opened on opened.receipt_id = line.receipt_id
  and opened.item_id = line.item_id
where line.invoice_id = %(invoice_id)s and line.kind in ('received', 'allowance')
order by opened.receipt_line_id

-- name: due_of_lines
-- Goods that were sent back and are billed: what credit is expected for them.
select line.id as line_id, gone.receipt_line_id, received.move_id,
       gone.quantity - gone.open_quantity - coalesce(noted.quantity, 0) as quantity,
       gone.credit - gone.open_amount + coalesce(noted.estimate, 0) as amount,
       0::numeric as invoiced, gone.id as return_line_id
from supplier_invoice_line line
join receipt_line received on received.receipt_id = line.receipt_id
  and received.item_id = line.item_id
join supplier_return_line gone on gone.receipt_line_id = received.id and gone.undone_at is null
left join lateral (
    select sum(match.quantity) as quantity, sum(match.estimate) as estimate
    from supplier_invoice_match match
    where match.return_line_id = gone.id and match.reversed_at is null
) as noted on true
where line.invoice_id = %(invoice_id)s and line.kind = 'returned'
  and gone.quantity - gone.open_quantity > coalesce(noted.quantity, 0)
order by gone.id

-- name: write_matches
insert into supplier_invoice_match (line_id, store_id, receipt_line_id, return_line_id, quantity,
                                    estimate, value, to_stock, to_cogs)
select match.line_id, %(store_id)s, match.receipt_line_id, match.return_line_id, match.quantity,
       match.estimate, match.value, match.to_stock, match.to_cogs
from unnest(%(line_ids)s::bigint[], %(receipt_line_ids)s::bigint[], %(return_line_ids)s::bigint[],
            %(quantities)s::numeric[], %(estimates)s::numeric[], %(amounts)s::numeric[],
            %(to_stock)s::numeric[], %(to_cogs)s::numeric[])
     as match (line_id, receipt_line_id, return_line_id, quantity, estimate, value, to_stock,
               to_cogs)

-- name: set_state
update supplier_invoice set state = %(state)s where id = %(invoice_id)s

-- name: set_posted
update supplier_invoice
set state = 'posted', posted_at = now(), posted_by = %(user_id)s, posted_command_id = %(command_id)s
where id = %(invoice_id)s

-- name: set_reversed
update supplier_invoice
set state = 'reversed', reversed_at = now(), reversed_by = %(user_id)s,
    reversed_command_id = %(command_id)s, reversal_reason = %(reason)s
where id = %(invoice_id)s

-- name: standing_matches
select match.id, line.kind, received.move_id, match.to_stock + match.to_cogs as change
from supplier_invoice_match match
join supplier_invoice_line line on line.id = match.line_id
join receipt_line received on received.id = match.receipt_line_id
where line.invoice_id = %(invoice_id)s and match.reversed_at is null
order by received.item_id, match.receipt_line_id

-- name: reverse_matches
update supplier_invoice_match match set reversed_at = now()
from supplier_invoice_line line
where line.id = match.line_id and line.invoice_id = %(invoice_id)s and match.reversed_at is null

-- name: credit_note_of
-- A credit note that stands on this invoice, or on goods that it bills.
select note.number from supplier_invoice note
where note.kind = 'credit_note' and note.id <> %(invoice_id)s and (
    (note.corrects_id = %(invoice_id)s and note.state in ('draft', 'posted'))
    or (note.state = 'posted' and exists (
        select from supplier_invoice_match credited
        join supplier_invoice_line line on line.id = credited.line_id
        where line.invoice_id = note.id and credited.reversed_at is null
          and credited.receipt_line_id in (
              select match.receipt_line_id from supplier_invoice_match match
              join supplier_invoice_line own on own.id = match.line_id and own.kind = 'received'
              where own.invoice_id = %(invoice_id)s and match.reversed_at is null)))
)
limit 1

-- name: invoice_to_correct
-- The posted invoice that a credit note is for, of the same store and supplier.
select id from supplier_invoice
where id = %(corrects_id)s and store_id = %(store_id)s and supplier_id = %(supplier_id)s
  and kind = 'invoice' and state = 'posted'
