-- name: line_of_item
select id from sales_order_line
where id = %(line_id)s and store_id = %(store_id)s and item_id = %(item_id)s

-- name: insert_request
insert into transfer_request (store_id, from_store_id, from_warehouse_id, item_id, quantity,
                              order_line_id, note, created_by)
values (%(store_id)s, %(from_store_id)s, %(from_warehouse_id)s, %(item_id)s, %(quantity)s,
        %(order_line_id)s, %(note)s, %(user_id)s)
returning id
