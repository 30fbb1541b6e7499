-- Radio tags that are received.

-- name: one_at_a_time
-- Two people who receive the same tags, from whichever sessions into whichever receipts of a store,
-- are one after another: the second sees what the first has taken.
select pg_advisory_xact_lock(hashtextextended('take_tags ' || store_id, 0))
from rfid_session where id = %(session_id)s

-- name: line_ids
select nextval('receipt_line_id_seq') as id from generate_series(1, %(count)s::int)

-- name: merge_serials
-- One statement for a burst of serial numbers; those that are there already stay as they are.
insert into lot (item_id, code)
select item_id, code from unnest(%(items)s::bigint[], %(serials)s::text[]) as one (item_id, code)
order by item_id, code
on conflict (item_id, code) do nothing

-- name: lots
select lot.id, lot.item_id, lot.code, lot.produced_on, lot.best_before_on, lot.expires_on
from unnest(%(items)s::bigint[], %(codes)s::text[]) as asked (item_id, code)
join lot on lot.item_id = asked.item_id and lot.code = asked.code

-- name: serials_in_stock
select item_id, serial from serials_in_stock(%(items)s::bigint[], %(serials)s::text[])

-- name: take_tags
insert into taken_tag (line_id, epc, store_id, receipt_id, session_id)
select one.line_id, one.epc, %(store_id)s, %(receipt_id)s, %(session_id)s
from unnest(%(lines)s::bigint[], %(epcs)s::text[]) as one (line_id, epc)

-- name: register_units
-- A pallet that another store has is left to it.
insert into logistic_unit (store_id, sscc)
select %(store_id)s, sscc from unnest(%(ssccs)s::text[]) as one (sscc)
on conflict (sscc) do nothing

-- name: open_receipts
-- Where tags of a store could be received: one's own work first.
select receipt.id, receipt.number, receipt.held_by, holder.name as holder,
       purchase_order.number as order_number, partner.name as supplier, receipt.created_at
from receipt
left join purchase_order on purchase_order.id = receipt.order_id
left join partner on partner.id = coalesce(purchase_order.supplier_id, receipt.supplier_id)
left join app_user holder on holder.id = receipt.held_by
where receipt.store_id = %(store_id)s and receipt.state = 'in_progress'
order by receipt.held_by is distinct from %(user_id)s, receipt.id desc
limit 50
