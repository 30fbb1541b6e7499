-- What production keeps beside the facts: subject, expected (from the facts), found.

-- name: what_was_brought_is_promised
select format('production line %%s', line.id) as subject,
       (line.issued - line.consumed)::text as expected,
       coalesce(sum(allocation.quantity), 0)::text as found
from production_line as line
left join allocation on allocation.line_kind = 'production_line' and allocation.line_id = line.id
where line.kind = 'component'
group by line.id
having coalesce(sum(allocation.quantity), 0) <> line.issued - line.consumed

-- name: what_was_used_has_its_moves
select format('production line %%s', line.id) as subject, line.consumed::text as expected,
       coalesce(sum(entry.quantity), 0)::text as found
from production_line as line
left join production_move as entry on entry.line_id = line.id and entry.undone_at is null
  and entry.kind <> 'issue'
group by line.id
having coalesce(sum(entry.quantity), 0) <> line.consumed

-- name: entries_equal_their_moves
select format('production move %%s', entry.id) as subject,
       format('%%s of item %%s', move.quantity, move.item_id) as expected,
       format('%%s of item %%s', entry.quantity, entry.item_id) as found
from production_move as entry join stock_move as move on move.id = entry.move_id
where (entry.quantity, entry.item_id) is distinct from (move.quantity, move.item_id)
   or entry.lot_id is distinct from move.lot_id

-- name: orders_equal_their_completions
select format('production order %%s', orders.number) as subject,
       coalesce(sum(completion.quantity), 0)::text as expected, orders.completed::text as found
from production_order as orders
left join production_completion as completion on completion.order_id = orders.id
  and completion.kind = 'output' and completion.undone_at is null
where orders.state <> 'cancelled' or orders.kind = 'assembly'
group by orders.id
having coalesce(sum(completion.quantity), 0) <> orders.completed
