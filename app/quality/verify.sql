-- Each check returns the differences: subject (what), expected (from the facts), found (stored).

-- name: no_more_came_back_than_was_shipped
select format('shipment line %%s', line.id) as subject, line.quantity::text as expected,
       sum(back.quantity)::text as found
from customer_return_line back
join shipment_line line on line.id = back.shipment_line_id
where back.undone_at is null
group by line.id
having sum(back.quantity) > line.quantity

-- name: returns_equal_moves
select format('customer return line %%s', line.id) as subject,
       format('%%s to %%s', stock_move.quantity, stock_move.to_status) as expected,
       format('%%s to %%s', line.quantity, line.status) as found
from customer_return_line line
left join stock_move on stock_move.id = line.move_id
where (stock_move.quantity, stock_move.to_status, stock_move.item_id)
      is distinct from (line.quantity, line.status, line.item_id)
   or stock_move.from_status is not null

-- name: returns_taken_back_have_their_move
select format('customer return line %%s', line.id) as subject,
       case when line.undone_at is null then 'not reversed' else 'reversed' end as expected,
       case when reversal.id is null then 'not reversed' else 'reversed' end as found
from customer_return_line line
left join stock_move reversal on reversal.reverses_id = line.move_id
where (line.undone_at is null) <> (reversal.id is null)

-- name: status_changes_equal_moves
select format('status change line %%s', line.id) as subject,
       format('%%s from %%s to %%s', stock_move.quantity, stock_move.from_status,
              stock_move.to_status) as expected,
       format('%%s from %%s to %%s', line.quantity, line.from_status,
              status_change.to_status) as found
from status_change_line line
join status_change on status_change.id = line.change_id
left join stock_move on stock_move.id = line.move_id
where (stock_move.quantity, stock_move.from_status, stock_move.to_status, stock_move.item_id)
      is distinct from
      (line.quantity, line.from_status, status_change.to_status, line.item_id)
