-- Counts: what was there at a moment.

-- name: held
-- What the records had in the place at that moment: what it holds now less what moved since.
select coalesce((
    select on_hand from balance
    where location_id = %(location_id)s and item_id = %(item_id)s and status = %(status)s
      and lot_id is not distinct from %(lot_id)s
      and logistic_unit_id is not distinct from %(logistic_unit_id)s
), 0) - coalesce((
    select sum(case when to_location_id = %(location_id)s and to_status = %(status)s
               then quantity else 0 end
             - case when from_location_id = %(location_id)s and from_status = %(status)s
               then quantity else 0 end)
    from stock_move
    where item_id = %(item_id)s and occurred_at > %(at)s
      and (to_location_id = %(location_id)s or from_location_id = %(location_id)s)
      and lot_id is not distinct from %(lot_id)s
      and logistic_unit_id is not distinct from %(logistic_unit_id)s
), 0)

-- name: insert
insert into stock_observation (store_id, item_id, lot_id, location_id, status, logistic_unit_id,
                               counted, unit_cost, sets_value, move_id, command_id, occurred_at)
values (%(store_id)s, %(item_id)s, %(lot_id)s, %(location_id)s, %(status)s, %(logistic_unit_id)s,
        %(counted)s, %(unit_cost)s, %(sets_value)s, %(move_id)s, %(command_id)s, %(at)s)
returning id

-- name: next_count
select observed.id, observed.move_id, observed.occurred_at,
       (select location.id from location
        where location.store_id = observed.store_id and location.kind = 'adjustment')
           as adjustment_location_id
from stock_observation observed
where location_id = %(location_id)s and item_id = %(item_id)s and status = %(status)s
  and lot_id is not distinct from %(lot_id)s
  and logistic_unit_id is not distinct from %(logistic_unit_id)s
  and occurred_at > %(at)s
order by occurred_at, id limit 1

-- name: adjusted_by
update stock_observation set move_id = %(move_id)s where id = %(id)s

-- name: amount
select coalesce(sum(amount), 0) from cost_entry
where move_id = %(move_id)s and pool_id is not null
