-- What a device carries along of one receipt.

-- name: receipt
select receipt.id, receipt.store_id, receipt.dock_location_id, store.name as store,
       store.time_zone, company.receive_without_order
from receipt join store on store.id = receipt.store_id, company
where receipt.id = %(receipt_id)s

-- name: lines
select line.id, line.item_id, line.quantity, line.received, line.received_value,
       line.net_amount + line.landed_estimate as net_amount,
       line.over_receipt_tolerance as tolerance, line.short_reason is not null as is_short
from purchase_order_line line
join receipt on receipt.order_id = line.order_id
where receipt.id = %(receipt_id)s
order by line.position
limit 2000

-- name: items
-- The order's, what came with this receipt, and what the store received lately: an item that comes
-- unexpected is mostly one of them.
(select line.item_id from purchase_order_line line
 join receipt on receipt.order_id = line.order_id
 where receipt.id = %(receipt_id)s order by line.position limit 2000)
union
(select distinct item_id from receipt_line where receipt_id = %(receipt_id)s limit 500)
union
(select recent.item_id from (
    select item_id, id from receipt_line where store_id = %(store_id)s order by id desc limit 4000
 ) as recent group by recent.item_id order by max(recent.id) desc limit 300)

-- name: waiting
-- What waits on the dock, as the put-away steps know it, with the place where its like lies.
select line.item_id, line.lot_id, lot.code as lot, line.status,
       sum(line.quantity - line.put_away) as quantity
from receipt_line line left join lot on lot.id = line.lot_id
where line.receipt_id = %(receipt_id)s and line.undone_at is null
  and line.kind <> 'short' and line.quantity > line.put_away
group by line.item_id, line.lot_id, lot.code, line.status
order by line.status, line.item_id, lot.code
limit 200
