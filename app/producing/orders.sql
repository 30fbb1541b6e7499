-- Production orders: what their commands lock, read and write.

-- name: setting
-- What planning needs of the store: its places by code, its time, and where things lie by default.
select store.time_zone, app_user.role,
       (select location.id from location
        where location.store_id = store.id and location.is_active
          and location.kind in ('storage', 'dock', 'staging', 'cart')
        order by location.kind = 'dock' desc, location.kind = 'storage' desc, location.id
        limit 1) as usual_place_id
from store left join app_user on app_user.id = %(user_id)s
where store.id = %(store_id)s

-- name: place
-- A real place of the store by its code.
select location.id from location
left join code on code.location_id = location.id
where location.store_id = %(store_id)s and location.is_active
  and location.kind in ('storage', 'dock', 'staging', 'cart')
  and (code.code = %(code)s or location.code = %(given)s)
limit 1

-- name: tolerance
select tolerance from recipe_version where id = %(version_id)s

-- name: insert_order
insert into production_order (store_id, number, kind, item_id, recipe_version_id, quantity, tolerance,
                              planned_on, lot_code, supply_location_id, output_location_id, note,
                              source, external_number, created_by)
values (%(store_id)s, %(number)s, %(kind)s, %(item_id)s, %(version_id)s, %(quantity)s, %(tolerance)s,
        %(planned_on)s, %(lot_code)s, %(supply_location_id)s, %(output_location_id)s, %(note)s,
        %(source)s, %(external_number)s, %(user_id)s)
returning id

-- name: order_of_external
select id, number from production_order
where source = %(source)s and external_number = %(external_number)s

-- name: insert_line
insert into production_line (order_id, store_id, position, kind, item_id, quantity, issue,
                             scrap_rate, share, unit_value)
values (%(order_id)s, %(store_id)s, %(position)s, %(kind)s, %(item_id)s, %(quantity)s, %(issue)s,
        %(scrap_rate)s, %(share)s, %(unit_value)s)
returning id

-- name: lock_order
select orders.id, orders.store_id, orders.number, orders.kind, orders.item_id,
       orders.recipe_version_id, orders.quantity, orders.completed, orders.scrapped,
       orders.tolerance, orders.state, orders.lot_code, orders.supply_location_id,
       orders.output_location_id, orders.step, store.time_zone, app_user.role,
       company.currency_decimals as decimals,
       (select location.id from location where location.store_id = orders.store_id
        and location.kind = 'production') as production_id,
       jsonb_build_object(
           'id', item.id, 'code', item.code, 'name', item.name,
           'specification', item.specification, 'base_unit', item.base_unit,
           'decimals', item.decimals, 'tracking', item.tracking,
           'expiry_rule', item.expiry_rule, 'shelf_life_days', item.shelf_life_days,
           'minimum_days_on_receipt', item.minimum_days_on_receipt,
           'catch_weight', item.catch_weight, 'inspect_on_receipt', item.inspect_on_receipt
       ) as item
from production_order as orders
join store on store.id = orders.store_id
join item on item.id = orders.item_id
cross join company
left join app_user on app_user.id = %(user_id)s
where orders.id = %(order_id)s
for update of orders

-- name: lines
select line.id, line.position, line.kind, line.item_id, line.quantity, line.issued, line.consumed,
       line.issue, line.share, line.unit_value,
       jsonb_build_object(
           'id', item.id, 'code', item.code, 'name', item.name,
           'specification', item.specification, 'base_unit', item.base_unit,
           'decimals', item.decimals, 'tracking', item.tracking,
           'expiry_rule', item.expiry_rule, 'shelf_life_days', item.shelf_life_days,
           'minimum_days_on_receipt', item.minimum_days_on_receipt,
           'catch_weight', item.catch_weight, 'inspect_on_receipt', item.inspect_on_receipt
       ) as item
from production_line as line join item on item.id = line.item_id
where line.order_id = %(order_id)s
order by line.kind, line.position

-- name: promised
-- What was brought to the work for the lines and is not used up: first come, first used.
select allocation.line_id, balance.id as balance_id, balance.location_id, balance.lot_id,
       balance.logistic_unit_id, allocation.quantity
from allocation join balance on balance.id = allocation.balance_id
where allocation.line_kind = 'production_line' and allocation.line_id = any(%(line_ids)s::bigint[])
order by allocation.line_id, allocation.id

-- name: free
-- Stock that production may take: what orders may take, and what lies at the place of the work.
-- That place first, then what expires first, then what came first.
select standing.balance_id, standing.location_id, location.code as location, standing.lot_id,
       lot.code as lot, standing.logistic_unit_id, standing.on_hand - standing.allocated as free
from stock_standing(%(item_id)s, %(store_id)s, null, %(today)s, 0) as standing
join location on location.id = standing.location_id
left join lot on lot.id = standing.lot_id
where standing.store_id = %(store_id)s and standing.on_hand > standing.allocated
  and (standing.obstacle is null and not standing.staged
       or standing.location_id = %(work_id)s and standing.status = 'available'
          and standing.obstacle is distinct from 'frozen'
          and coalesce(standing.last_day >= %(today)s, true)
          and not exists (select from count_lock
                          where count_lock.location_id = standing.location_id))
  and not exists (select from lot_hold
                  where lot_hold.lot_id = standing.lot_id and lot_hold.lifted_at is null)
order by standing.location_id is distinct from %(work_id)s, standing.last_day,
         standing.received_at, standing.sequence, standing.balance_id

-- name: balance_at
-- The balance of goods that were brought to a place.
select balance.id as balance_id, balance.location_id, balance.lot_id, balance.logistic_unit_id,
       balance.on_hand - balance.allocated as quantity, 0::bigint as line_id
from balance where balance.id = %(balance_id)s

-- name: insert_move
insert into production_move (order_id, store_id, line_id, completion_id, kind, item_id, lot_id,
                             location_id, balance_id, quantity, amount, was_promised, move_id,
                             command_id, user_id)
values (%(order_id)s, %(store_id)s, %(line_id)s, %(completion_id)s, %(kind)s, %(item_id)s,
        %(lot_id)s, %(location_id)s, %(balance_id)s, %(quantity)s, %(amount)s, %(was_promised)s,
        %(move_id)s, %(command_id)s, %(user_id)s)

-- name: brought
update production_line set issued = issued + %(quantity)s where id = %(line_id)s

-- name: used
-- Consumed; ``from_stock`` of it was not brought before.
update production_line
set consumed = consumed + %(quantity)s, issued = issued + %(from_stock)s
where id = %(line_id)s

-- name: insert_completion
insert into production_completion (order_id, store_id, kind, quantity, is_abnormal, lot_id,
                                   location_id, material, labour, overhead, elements, parts, amount,
                                   reason, source, external_key, fingerprint, command_id, user_id,
                                   occurred_at)
values (%(order_id)s, %(store_id)s, %(kind)s, %(quantity)s, %(is_abnormal)s, %(lot_id)s,
        %(location_id)s, %(material)s, %(labour)s, %(overhead)s, %(elements)s, %(parts)s,
        %(amount)s, %(reason)s, %(source)s, %(external_key)s, %(fingerprint)s, %(command_id)s,
        %(user_id)s, %(occurred_at)s)
returning id

-- name: completion_of_key
select completion.id, completion.order_id, completion.fingerprint, completion.lot_id,
       completion.amount, completion.quantity, completion.kind, orders.completed, orders.state
from production_completion as completion
join production_order as orders on orders.id = completion.order_id
where completion.source = %(source)s and completion.external_key = %(external_key)s

-- name: lot
select id from lot where item_id = %(item_id)s and code = %(code)s

-- name: charged
-- Work and overhead that completions carried so far.
select coalesce(sum(labour), 0) as labour, coalesce(sum(overhead), 0) as overhead
from production_completion where order_id = %(order_id)s and undone_at is null

-- name: progress
-- ``started_at`` is the first moment at which anything was done.
update production_order
set completed = %(completed)s, scrapped = %(scrapped)s, state = %(state)s, version = version + 1,
    worked_by = coalesce(%(user_id)s, worked_by), started_at = coalesce(started_at, %(moment)s),
    closed_at = case when %(state)s in ('done', 'cancelled') then %(moment)s end
where id = %(order_id)s

-- name: keep_step
update production_order set step = %(step)s, version = version + 1,
    worked_by = coalesce(%(user_id)s, worked_by)
where id = %(order_id)s

-- name: begun
-- A scan is the beginning of the work.
update production_order
set state = case state when 'planned' then 'in_progress' else state end,
    started_at = coalesce(started_at, %(moment)s)
where id = %(order_id)s

-- name: completion
select id, kind, quantity, is_abnormal, amount, source from production_completion
where id = %(completion_id)s and order_id = %(order_id)s and undone_at is null

-- name: newest_completion
select id from production_completion where order_id = %(order_id)s and undone_at is null
order by id desc limit 1

-- name: moves_of_completion
-- What was made first: it has to be there still.
select id, line_id, kind, item_id, lot_id, location_id, balance_id, quantity, was_promised, move_id
from production_move
where completion_id = %(completion_id)s and undone_at is null
order by kind = 'consumed', id

-- name: undo_completion
update production_completion
set undone_at = now(), undone_by = %(user_id)s, undo_reason = %(reason)s
where id = %(completion_id)s

-- name: undo_moves
update production_move set undone_at = now() where completion_id = %(completion_id)s

-- name: unused
-- A completion of the line was taken back; what had been brought stays brought.
update production_line
set consumed = consumed - %(quantity)s, issued = issued - %(from_stock)s
where id = %(line_id)s

-- name: balance_of_move
-- The balance that the goods of a move came from.
select balance.id from stock_move as move
join balance on balance.item_id = move.item_id and balance.location_id = move.from_location_id
  and balance.status = move.from_status
  and balance.lot_id is not distinct from move.lot_id
  and balance.logistic_unit_id is not distinct from move.logistic_unit_id
where move.id = %(move_id)s

-- name: last_issue
-- The newest entry of goods that were brought, with where they came from.
select entry.id, entry.line_id, entry.item_id, entry.balance_id, entry.quantity, entry.move_id,
       entry.created_at, move.from_location_id,
       coalesce((select allocation.quantity from allocation
                 where allocation.line_kind = 'production_line'
                   and allocation.line_id = entry.line_id
                   and allocation.balance_id = entry.balance_id), 0) as promised
from production_move as entry
left join stock_move as move on move.id = entry.move_id
where entry.order_id = %(order_id)s and entry.kind = 'issue' and entry.undone_at is null
order by entry.id desc limit 1

-- name: undo_issue
update production_move set undone_at = now() where id = %(id)s

-- name: unbrought
update production_line set issued = issued - %(quantity)s where id = %(line_id)s

-- name: given_back
-- A closed order has no promises left: what was brought and not used is free where it lies.
update production_line set issued = consumed where order_id = %(order_id)s

-- name: produced_move
-- The newest move that made these goods and that still stands, for taking them apart.
select entry.move_id from production_move as entry
where entry.kind = 'output' and entry.undone_at is null and entry.item_id = %(item_id)s
  and entry.lot_id is not distinct from %(lot_id)s and entry.quantity >= %(quantity)s
order by entry.id desc limit 1

-- name: consumed_for
-- What went into what a move made, for one unit of it: by item.
select used.item_id, sum(used.quantity) / min(made.quantity) as each
from production_move as made
join production_move as used on used.completion_id = made.completion_id
  and used.kind = 'consumed' and used.undone_at is null
where made.move_id = %(move_id)s
group by used.item_id
order by used.item_id

-- name: newest_lots
-- The lot that went in, per item: what is taken apart comes back in it.
select distinct on (used.item_id) used.item_id, used.lot_id
from production_move as made
join production_move as used on used.completion_id = made.completion_id and used.kind = 'consumed'
where made.move_id = %(move_id)s
order by used.item_id, used.quantity desc

-- name: decimals
select id, decimals from item where id = any(%(item_ids)s::bigint[])
