-- What happened to an item's stock.

-- name: moves_until
-- Newest first, with who did it, on which device, from which address and for which document.
select stock_move.id, stock_move.occurred_at, stock_move.recorded_at, stock_move.quantity,
    source.code as from_code, source.kind as from_kind, stock_move.from_status,
    target.code as to_code, target.kind as to_kind, stock_move.to_status, lot.code as lot_code,
    stock_move.biz_step, coalesce(receipt.number, sales_order.number, '') as number,
    stock_move.reason, coalesce(app_user.name, '') as user_name,
    coalesce(device.name, '') as device_name, host(command.ip) as ip, stock_move.command_id
from stock_move
join location source on source.id = stock_move.from_location_id
join location target on target.id = stock_move.to_location_id
left join lot on lot.id = stock_move.lot_id
left join receipt_line on stock_move.line_kind = 'receipt_line'
    and receipt_line.id = stock_move.line_id
left join receipt on receipt.id = receipt_line.receipt_id
left join sales_order_line on stock_move.line_kind = 'sales_order_line'
    and sales_order_line.id = stock_move.line_id
left join sales_order on sales_order.id = sales_order_line.order_id
left join command on command.id = stock_move.command_id
left join app_user on app_user.id = command.user_id
left join device on device.id = command.device_id
where stock_move.item_id = %(item_id)s
    and (%(lot_id)s::bigint is null or stock_move.lot_id = %(lot_id)s)
    and stock_move.recorded_at <= %(at)s
order by stock_move.id desc
limit %(limit)s

-- name: balances_at
-- What lay where, in which status, at a moment: every move recorded until then, in minus out.
with touched as (
    select to_location_id as location_id, lot_id, to_status as status, quantity from stock_move
    where item_id = %(item_id)s and recorded_at <= %(at)s and to_status is not null
        and (%(lot_id)s::bigint is null or lot_id = %(lot_id)s)
    union all
    select from_location_id, lot_id, from_status, -quantity from stock_move
    where item_id = %(item_id)s and recorded_at <= %(at)s and from_status is not null
        and (%(lot_id)s::bigint is null or lot_id = %(lot_id)s)
)
select touched.location_id, location.code as location_code, store.name as store_name,
    lot.code as lot_code, touched.status, sum(touched.quantity) as quantity
from touched
join location on location.id = touched.location_id
join store on store.id = location.store_id
left join lot on lot.id = touched.lot_id
group by touched.location_id, location.code, location.sequence, store.name, lot.code,
    touched.status
having sum(touched.quantity) <> 0
order by store.name, location.sequence, location.code, lot.code, touched.status

-- name: commands_about
-- Who released, promised, freed or changed the order, also where nothing moved.
select command.id, command.kind, command.outcome, command.recorded_at,
    coalesce(app_user.name, '') as user_name, coalesce(device.name, '') as device_name,
    host(command.ip) as ip
from command
left join app_user on app_user.id = command.user_id
left join device on device.id = command.device_id
where command.recorded_at > %(at)s::timestamptz - make_interval(days => %(days)s)
    and command.recorded_at <= %(at)s
    and (command.kind like 'orders.%%' or command.kind like 'selling.%%')
    and (command.payload @> jsonb_build_object('order_id', %(order_id)s::bigint)
        or command.payload @> jsonb_build_object('line_id', %(line_id)s::bigint)
        or command.payload -> 'order_ids' @> to_jsonb(%(order_id)s::bigint))
order by command.recorded_at desc
limit %(limit)s
