-- What invoices keep beside the facts: subject, expected (from the facts), found.

-- name: nothing_billed_twice
-- Of no receipt line more is billed and sent back unbilled than came.
select format('receipt line %%s', receipt_line_id) as subject, quantity::text as expected,
       (quantity - open_quantity)::text as found
from receipt_line_open
where open_quantity < 0

-- name: matches_make_the_line
-- What a posted line says is shared out over receipt lines without a rest; credits take off.
select format('line %%s of %%s', line.position, invoice.number) as subject,
       (case when line.kind = 'received' then line.value else -line.value end)::text as expected,
       coalesce(sum(match.value), 0)::text as found
from supplier_invoice invoice
join supplier_invoice_line line on line.invoice_id = invoice.id
left join supplier_invoice_match match on match.line_id = line.id
where invoice.state in ('posted', 'reversed')
group by line.id, invoice.number
having (case when line.kind = 'received' then line.value else -line.value end)
    <> coalesce(sum(match.value), 0)

-- name: corrections_are_what_was_posted
-- What the ledger left in the pools for a posted invoice is what its lines say.
select invoice.number as subject, sum(match.to_stock)::text as expected,
       (select coalesce(sum(entry.amount), 0) from cost_entry entry
        where entry.command_id = invoice.posted_command_id and entry.pool_id is not null
       )::text as found
from supplier_invoice invoice
join supplier_invoice_line line on line.invoice_id = invoice.id
join supplier_invoice_match match on match.line_id = line.id
where invoice.state in ('posted', 'reversed')
group by invoice.id
having sum(match.to_stock) <> (
    select coalesce(sum(entry.amount), 0) from cost_entry entry
    where entry.command_id = invoice.posted_command_id and entry.pool_id is not null)

-- name: only_posted_invoices_are_matched
select format('match %%s', match.id) as subject,
       case invoice.state when 'posted' then 'standing' else 'reversed' end as expected,
       case when match.reversed_at is null then 'standing' else 'reversed' end as found
from supplier_invoice_match match
join supplier_invoice_line line on line.id = match.line_id
join supplier_invoice invoice on invoice.id = line.invoice_id
where (invoice.state = 'posted') <> (match.reversed_at is null)

-- name: returns_equal_their_moves
select format('supplier return line %%s', line.id) as subject,
       format('%%s, %%s', line.quantity,
              case when line.undone_at is null then 'standing' else 'taken back' end) as expected,
       format('%%s, %%s', move.quantity,
              case when back.id is null then 'standing' else 'taken back' end) as found
from supplier_return_line line
join stock_move move on move.id = line.move_id
left join stock_move back on back.reverses_id = move.id
where (line.quantity, line.undone_at is not null)
    is distinct from (move.quantity, back.id is not null)
