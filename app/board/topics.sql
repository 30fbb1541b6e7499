-- What pages listen to: one row per key with a text that differs when what it names has changed.
-- A missing key has changed nothing yet.  Read only after something was committed.

-- name: order
-- A sales order with its lines.
select sales_order.id as key, concat_ws(':', sales_order.state, sum(line.quantity),
    sum(line.allocated), sum(line.picked), sum(line.shipped), count(line.short_reason),
    (select max(id) from approval_request where subject_kind = 'sales_order'
        and subject_id = sales_order.id and state = 'waiting')) as content
from sales_order left join sales_order_line line on line.order_id = sales_order.id
where sales_order.id = any(%(keys)s)
group by sales_order.id

-- name: order_line
-- A line, and all that its item has in stock, with what keeps that from shipping: status, holds,
-- counts, zones.
select line.id as key, concat_ws(':', sales_order.state, line.allocated, line.picked, line.shipped,
    line.short_reason,
    (select count(*) from lot_hold where lot_hold.item_id = line.item_id and lifted_at is null),
    (select sum(hashtext(concat_ws(',', balance.id, balance.status, balance.on_hand,
        balance.allocated, zone.is_pickable, count_lock.location_id)))
     from balance join location on location.id = balance.location_id
     left join zone on zone.id = location.zone_id
     left join count_lock on count_lock.location_id = location.id
     where balance.item_id = line.item_id),
    (select sum(id) from approval_request where store_id = line.store_id and state = 'waiting'))
    as content
from sales_order_line line join sales_order on sales_order.id = line.order_id
where line.id = any(%(keys)s)

-- name: item
-- Every balance of an item, with what keeps it from shipping.
select item.id as key, concat_ws(':',
    (select count(*) from lot_hold where lot_hold.item_id = item.id and lifted_at is null),
    (select sum(hashtext(concat_ws(',', balance.id, balance.status, balance.on_hand,
        balance.allocated, zone.is_pickable, count_lock.location_id)))
     from balance join location on location.id = balance.location_id
     left join zone on zone.id = location.zone_id
     left join count_lock on count_lock.location_id = location.id
     where balance.item_id = item.id)) as content
from item where item.id = any(%(keys)s)

-- name: orders
-- The open orders of a store, as the list shows them.
select sales_order.store_id as key, concat_ws(':', count(distinct sales_order.id),
    max(sales_order.id), sum(line.allocated), sum(line.picked), sum(line.shipped),
    sum(hashtext(sales_order.id || sales_order.state))) as content
from sales_order join sales_order_line line on line.order_id = sales_order.id
where sales_order.store_id = any(%(keys)s)
    and sales_order.state in ('draft', 'confirmed', 'in_progress')
group by sales_order.store_id

-- name: picks
-- The picking work of a store: picks and who holds them, and orders that wait to be picked.
with picks as (
    select store_id, sum(hashtext(concat_ws(':', id, state, held_by, priority))) as content
    from pick where store_id = any(%(keys)s) and state in ('confirmed', 'in_progress', 'paused')
    group by store_id
), waiting as (
    select line.store_id, sum(hashtext(concat_ws(':', line.id, line.allocated > line.picked
        - line.shipped))) as content
    from sales_order_line line join sales_order on sales_order.id = line.order_id
    where line.store_id = any(%(keys)s) and sales_order.state in ('confirmed', 'in_progress')
    group by line.store_id
)
select store.id as key, concat_ws(':', picks.content, waiting.content) as content
from store left join picks on picks.store_id = store.id
    left join waiting on waiting.store_id = store.id
where store.id = any(%(keys)s)

-- name: pick
-- A pick as others change it: its tasks, its orders, who holds it.  Not what is picked scan by scan,
-- which the screen that scans shows by itself.
select pick.id as key, concat_ws(':', pick.state, pick.held_by,
    (select concat_ws(',', count(*), sum(quantity) filter (where state in ('open', 'done'))) from
        pick_task where pick_id = pick.id),
    (select string_agg(sales_order.state, ',' order by sales_order.id) from pick_order
        join sales_order on sales_order.id = pick_order.order_id
        where pick_order.pick_id = pick.id and sales_order.state <> 'in_progress')) as content
from pick where pick.id = any(%(keys)s)

-- name: packing
-- What of a store waits to be packed and shipped.
select line.store_id as key, concat_ws(':', count(*), sum(line.picked), sum(line.shipped),
    (select sum(hashtext(concat_ws(':', id, state, version))) from shipment
        where shipment.store_id = line.store_id and state = 'in_progress')) as content
from sales_order_line line join sales_order on sales_order.id = line.order_id
where line.store_id = any(%(keys)s) and sales_order.state = 'in_progress'
group by line.store_id

-- name: approval
select request.id as key, concat_ws(':', request.state,
    (select count(*) from approval_vote where request_id = request.id)) as content
from approval_request request where request.id = any(%(keys)s)

-- name: approvals
-- The waiting requests of a store.
select request.store_id as key, concat_ws(':', count(*), max(request.id), sum(request.id),
    (select count(*) from approval_vote where approval_vote.store_id = request.store_id))
    as content
from approval_request request
where request.store_id = any(%(keys)s) and request.state = 'waiting'
group by request.store_id

-- name: notices
-- Events that people are told of, in a store.
select store.id as key, (select max(id) from notification_event event
    where event.store_id = store.id)::text as content
from store where store.id = any(%(keys)s)
