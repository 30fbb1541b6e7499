-- What picking keeps beside the facts: subject, expected (from the facts), found.

-- name: stops_equal_their_entries
select format('pick task %%s', task.id) as subject,
       coalesce(sum(line.quantity), 0)::text as expected, task.picked::text as found
from pick_task task
left join pick_line line on line.task_id = task.id and line.undone_at is null
group by task.id
having coalesce(sum(line.quantity), 0) <> task.picked

-- name: entries_equal_their_moves
-- Each entry is its own move, of the same goods between the same places.
select format('pick line %%s', line.id) as subject,
       format('%%s of item %%s lot %%s, %%s to %%s', line.quantity, line.item_id, line.lot_id,
              line.from_location_id, line.to_location_id) as expected,
       format('%%s of item %%s lot %%s, %%s to %%s', move.quantity, move.item_id, move.lot_id,
              move.from_location_id, move.to_location_id) as found
from pick_line line left join stock_move move on move.id = line.move_id
where (line.quantity, line.item_id, line.from_location_id, line.to_location_id, line.order_line_id)
      is distinct from
      (move.quantity, move.item_id, move.from_location_id, move.to_location_id, move.line_id)
   or line.lot_id is distinct from move.lot_id

-- name: open_stops_are_promised
-- A stop wants no more than what is promised to its line there.
select format('pick task %%s', task.id) as subject,
       format('at most %%s', coalesce(allocation.quantity, 0)) as expected,
       (task.quantity - task.picked)::text as found
from pick_task task
left join allocation on allocation.line_kind = 'sales_order_line'
  and allocation.line_id = task.order_line_id and allocation.balance_id = task.balance_id
where task.state = 'open' and task.quantity - task.picked > coalesce(allocation.quantity, 0)

-- name: finished_picks_have_no_open_stop
select format('pick %%s', pick.id) as subject, '0' as expected, count(*)::text as found
from pick join pick_task task on task.pick_id = pick.id and task.state = 'open'
where pick.state in ('done', 'cancelled')
group by pick.id
