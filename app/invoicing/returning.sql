-- Goods that go back to suppliers.  Locks: a return before its receipt.

-- name: receipt_of_code
-- The receipt that a scanned or typed text names.
select receipt.id from receipt where receipt.number = %(number)s
union all
(select receipt.id from purchase_order join receipt on receipt.order_id = purchase_order.id
 where purchase_order.number = %(number)s and receipt.state = 'done'
 order by receipt.id desc limit 1)
union all
(select line.receipt_id from logistic_unit
 join receipt_line line on line.logistic_unit_id = logistic_unit.id and line.undone_at is null
 where logistic_unit.sscc = %(sscc)s order by line.id desc limit 1)
limit 1

-- name: lock_receipt
select receipt.id, receipt.store_id, receipt.number, receipt.state, receipt.supplier_id,
       store.time_zone,
       exists (select from receipt_line line where line.receipt_id = receipt.id
               and line.kind = 'received' and line.undone_at is null) as has_goods
from receipt join store on store.id = receipt.store_id
where receipt.id = %(receipt_id)s
for no key update of receipt

-- name: open_return_of_receipt
select id from supplier_return where receipt_id = %(receipt_id)s and state = 'in_progress'

-- name: insert_return
insert into supplier_return (store_id, number, supplier_id, receipt_id, created_by)
values (%(store_id)s, %(number)s, %(supplier_id)s, %(receipt_id)s, %(user_id)s)
returning id

-- name: lock_return
select supplier_return.id, supplier_return.store_id, supplier_return.number,
       supplier_return.receipt_id, supplier_return.state,
       (select count(*) from supplier_return_line line
        where line.return_id = supplier_return.id and line.undone_at is null) as lines,
       company.currency_decimals as decimals
from supplier_return, company where supplier_return.id = %(return_id)s
for no key update of supplier_return

-- name: balance
select balance.id, balance.store_id, balance.location_id, balance.item_id, balance.lot_id,
       balance.logistic_unit_id, balance.status, item.name as item_name, item.base_unit,
       item.decimals,
       (select id from location
        where location.store_id = balance.store_id and location.kind = 'supplier')
       as supplier_location_id
from balance join item on item.id = balance.item_id
where balance.id = %(balance_id)s and balance.store_id = %(store_id)s

-- name: came
-- The receipt's lines of some goods, with what did not go back yet, newest first; ``billed`` is
-- what suppliers' invoices and credit notes say of them.
select opened.receipt_line_id, opened.move_id, opened.quantity,
       opened.quantity - opened.returned_quantity as left,
       coalesce((
           select sum(match.value) from supplier_invoice_match match
           where match.receipt_line_id = opened.receipt_line_id and match.reversed_at is null
             and match.return_line_id is null
       ), 0) as billed,
       opened.invoiced_quantity as invoiced, opened.open_quantity, opened.open_amount
from receipt_line_open opened
where opened.receipt_id = %(receipt_id)s and opened.item_id = %(item_id)s
  and opened.lot_id is not distinct from %(lot_id)s
order by opened.receipt_line_id desc

-- name: next_line_id
select nextval('supplier_return_line_id_seq')

-- name: insert_line
insert into supplier_return_line (id, return_id, store_id, receipt_line_id, item_id, lot_id,
                                  location_id, status, quantity, reason, credit, amount, variance,
                                  open_quantity, open_amount, move_id, command_id, user_id)
overriding system value
values (%(id)s, %(return_id)s, %(store_id)s, %(receipt_line_id)s, %(item_id)s, %(lot_id)s,
        %(location_id)s, %(status)s, %(quantity)s, %(reason)s, %(credit)s, %(amount)s,
        %(variance)s, %(open_quantity)s, %(open_amount)s, %(move_id)s, %(command_id)s, %(user_id)s)

-- name: lock_line
select line.id, line.move_id, line.undone_at is not null as is_undone,
       (select invoice.number from supplier_invoice_match match
        join supplier_invoice_line on supplier_invoice_line.id = match.line_id
        join supplier_invoice invoice on invoice.id = supplier_invoice_line.invoice_id
        where match.return_line_id = line.id and match.reversed_at is null
        limit 1) as credited_by
from supplier_return_line line
where line.id = %(line_id)s and line.return_id = %(return_id)s
for no key update of line

-- name: undo_line
update supplier_return_line set undone_at = now() where id = %(line_id)s

-- name: close
update supplier_return set state = %(state)s, note = %(note)s, closed_at = now()
where id = %(return_id)s
