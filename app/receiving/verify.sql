-- What receiving keeps beside the facts: subject, expected (from the facts), found.

-- name: received_equals_lines
select format('purchase order line %%s', ordered.id) as subject,
       format('%%s worth %%s', coalesce(sum(line.quantity), 0),
              coalesce(sum(line.net_amount), 0)) as expected,
       format('%%s worth %%s', ordered.received, ordered.received_value) as found
from purchase_order_line ordered
left join receipt_line line on line.order_line_id = ordered.id and line.kind = 'received'
  and line.undone_at is null
group by ordered.id
having coalesce(sum(line.quantity), 0) <> ordered.received
    or coalesce(sum(line.net_amount), 0) <> ordered.received_value

-- name: lines_equal_their_moves
-- A line that stands has its move, which was not taken back; one that was undone has both.
select format('receipt line %%s', line.id) as subject,
       format('%%s of item %%s lot %%s, %%s', line.quantity, line.item_id, line.lot_id,
              case when line.undone_at is null then 'standing' else 'taken back' end) as expected,
       format('%%s of item %%s lot %%s, %%s', move.quantity, move.item_id, move.lot_id,
              case when back.id is null then 'standing' else 'taken back' end) as found
from receipt_line line
left join stock_move move on move.id = line.move_id
left join stock_move back on back.reverses_id = move.id
where line.kind <> 'short'
  and ((line.quantity, line.item_id, line.undone_at is not null)
       is distinct from (move.quantity, move.item_id, back.id is not null)
       or line.lot_id is distinct from move.lot_id
       or line.status is distinct from move.to_status)

-- name: line_value_equals_entries
select format('receipt line %%s', line.id) as subject, line.net_amount::text as expected,
       coalesce(sum(entry.amount), 0)::text as found
from receipt_line line
left join cost_entry entry on entry.move_id = line.move_id and entry.kind = 'receipt'
where line.kind = 'received'
group by line.id
having line.net_amount <> coalesce(sum(entry.amount), 0)

-- name: put_away_equals_moves
-- What a line has given to shelves, or to its damaged part, and not taken back.
select format('receipt line %%s', line.id) as subject,
       coalesce(sum(move.quantity), 0)::text as expected, line.put_away::text as found
from receipt_line line
left join stock_move move on move.line_kind = 'receipt_line' and move.line_id = line.id
  and move.biz_step in ('put_away', 'damaged') and move.reverses_id is null
  and not exists (select from stock_move back where back.reverses_id = move.id)
group by line.id
having coalesce(sum(move.quantity), 0) <> line.put_away

-- name: undone_lines_left_nothing
select format('receipt line %%s', id) as subject, '0' as expected, put_away::text as found
from receipt_line where undone_at is not null and put_away <> 0
