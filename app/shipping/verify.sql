-- name: shipped_goods_left_by_their_moves
select format('shipment line %%s', line.id) as subject, line.quantity::text as expected,
       coalesce(stock_move.quantity::text, 'no move') as found
from shipment_line as line
join shipment on shipment.id = line.shipment_id
left join stock_move on stock_move.id = line.move_id
where line.undone_at is null and shipment.state = 'done'
  and (stock_move.quantity is distinct from line.quantity
       or stock_move.biz_step is distinct from 'shipping'
       or stock_move.line_id is distinct from line.order_line_id)
