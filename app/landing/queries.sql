-- Landed cost.  Locks: a voucher before the receipts that it names, receipts in the order of ids.

-- name: store_of
-- The store of a new voucher, if the caller sees it.
select store.id, store.time_zone, company.currency_decimals as decimals
from store, company
where store.id = %(store_id)s
  and ((select sees_all_stores()) or store.id = any((select visible_stores())::bigint[]))

-- name: receipts_named
-- The receipts that these numbers name: their own, or all closed ones of a purchase order.
select wanted.number as given, receipt.id, receipt.number, receipt.store_id, store.name as store,
       receipt.state
from unnest(%(numbers)s::text[]) as wanted (number)
join lateral (
    select * from receipt where receipt.number = wanted.number
    union
    select receipt.* from purchase_order
    join receipt on receipt.order_id = purchase_order.id and receipt.state <> 'cancelled'
    where purchase_order.number = wanted.number
) as receipt on true
join store on store.id = receipt.store_id
order by receipt.id

-- name: order_named
select id from purchase_order where number = %(number)s

-- name: supplier_named
select partner.id from partner
left join code on code.partner_id = partner.id and code.code = %(code)s
where partner.is_active and partner.kind in ('supplier', 'both')
  and (code.code is not null or partner.code = %(name)s or partner.name = %(name)s)
order by code.code is null, partner.id limit 1

-- name: insert_voucher
insert into landing_voucher (store_id, number, supplier_id, supplier_number, voucher_on, currency,
                             exchange_rate, value, note, created_by)
values (%(store_id)s, %(number)s, %(supplier_id)s, %(supplier_number)s, %(voucher_on)s,
        %(currency)s, %(exchange_rate)s, %(value)s, %(note)s, %(user_id)s)
returning id

-- name: change_voucher
update landing_voucher
set supplier_id = %(supplier_id)s, supplier_number = %(supplier_number)s,
    voucher_on = %(voucher_on)s, currency = %(currency)s, exchange_rate = %(exchange_rate)s,
    value = %(value)s, note = %(note)s, problem = null
where id = %(voucher_id)s

-- name: delete_charges
delete from landing_charge where voucher_id = %(voucher_id)s

-- name: delete_targets
delete from landing_target where voucher_id = %(voucher_id)s

-- name: insert_charge
insert into landing_charge (voucher_id, store_id, position, kind, basis, amount, value,
                            replaces_estimate)
values (%(voucher_id)s, %(store_id)s, %(position)s, %(kind)s, %(basis)s, %(amount)s, %(value)s,
        %(replaces_estimate)s)
returning id

-- name: insert_targets
-- Every standing line of the receipts, or only the chosen ones.
insert into landing_target (voucher_id, receipt_line_id, store_id)
select %(voucher_id)s, line.id, line.store_id
from receipt_line line
where line.receipt_id = any(%(receipt_ids)s::bigint[]) and line.kind = 'received'
  and line.undone_at is null
  and (cardinality(%(line_ids)s::bigint[]) = 0 or line.id = any(%(line_ids)s::bigint[]))
  and (cardinality(%(items)s::text[]) = 0 or line.item_id in (
      select code.item_id from code where code.code = any(%(items)s::text[])))

-- name: insert_given
insert into landing_share (charge_id, receipt_line_id, store_id, given)
select %(charge_id)s, given.line_id, %(store_id)s, given.amount
from unnest(%(line_ids)s::bigint[], %(amounts)s::numeric[]) as given (line_id, amount)

-- name: lock_voucher
select voucher.id, voucher.store_id, voucher.number, voucher.state, voucher.voucher_on,
       voucher.value, coalesce(partner.code, '') as supplier,
       (select count(*) from landing_target target where target.voucher_id = voucher.id) as targets,
       company.currency_decimals as decimals
from landing_voucher voucher left join partner on partner.id = voucher.supplier_id, company
where voucher.id = %(voucher_id)s
for no key update of voucher

-- name: lock_receipts
-- Two vouchers must not replace the same estimate: one after the other.
select receipt.id from receipt
where receipt.id in (
    select line.receipt_id from landing_target target
    join receipt_line line on line.id = target.receipt_line_id
    where target.voucher_id = %(voucher_id)s
)
order by receipt.id
for no key update

-- name: open_receipt
select receipt.number from landing_target target
join receipt_line line on line.id = target.receipt_line_id
join receipt on receipt.id = line.receipt_id
where target.voucher_id = %(voucher_id)s and receipt.state in ('in_progress', 'paused')
limit 1

-- name: lines
-- The standing lines of a voucher with what charges are shared by.  Goods that are counted by
-- weight or volume need no figure of their own.
select opened.receipt_line_id, opened.move_id, opened.store_id, opened.order_line_id,
       opened.receipt_id,
       receipt.number as receipt_number, opened.item_id, item.code as item_code,
       item.name as item_name, item.specification, item.base_unit, lot.code as lot_code,
       opened.quantity, opened.goods_amount as goods, opened.accrued_amount as accrued,
       opened.quantity * coalesce(item.weight_kg, case lower(item.base_unit)
           when 'kg' then 1 when '千克' then 1 when '公斤' then 1 when 'g' then 0.001
           when '克' then 0.001 when 't' then 1000 when '吨' then 1000 when '斤' then 0.5
       end) as weight,
       opened.quantity * coalesce(item.volume_litre, case lower(item.base_unit)
           when 'l' then 1 when '升' then 1 when 'ml' then 0.001 when '毫升' then 0.001
           when 'm3' then 1000 when 'm³' then 1000 when '立方米' then 1000
       end) as volume
from landing_target target
join receipt_line_open opened on opened.receipt_line_id = target.receipt_line_id
join receipt on receipt.id = opened.receipt_id
join item on item.id = opened.item_id
left join lot on lot.id = opened.lot_id
where target.voucher_id = %(voucher_id)s
order by opened.item_id, opened.receipt_line_id

-- name: expected
-- What was expected of each kind of charge for the order lines of a voucher.
select share.order_line_id, charge.kind, share.value
from order_charge_share share join order_charge charge on charge.id = share.charge_id
where share.order_line_id in (
    select line.order_line_id from landing_target target
    join receipt_line line on line.id = target.receipt_line_id
    where target.voucher_id = %(voucher_id)s
)

-- name: replaced
-- Estimates that a voucher which stands has replaced already.
select share.receipt_line_id, charge.kind
from landing_share share
join landing_charge charge on charge.id = share.charge_id and charge.replaces_estimate
join landing_voucher voucher on voucher.id = charge.voucher_id
  and voucher.state in ('posted', 'reversing')
where share.estimate <> 0 and share.receipt_line_id in (
    select receipt_line_id from landing_target where voucher_id = %(voucher_id)s
)

-- name: charges
select id, position, kind, basis, amount, value, replaces_estimate
from landing_charge where voucher_id = %(voucher_id)s order by position

-- name: given
select share.charge_id, share.receipt_line_id, share.given
from landing_share share join landing_charge charge on charge.id = share.charge_id
where charge.voucher_id = %(voucher_id)s and share.given is not null

-- name: write_shares
insert into landing_share (charge_id, receipt_line_id, store_id, value, estimate)
select share.charge_id, share.line_id, %(store_id)s, share.value, share.estimate
from unnest(%(charge_ids)s::bigint[], %(line_ids)s::bigint[], %(amounts)s::numeric[],
            %(estimates)s::numeric[]) as share (charge_id, line_id, value, estimate)
on conflict (charge_id, receipt_line_id)
do update set value = excluded.value, estimate = excluded.estimate

-- name: write_results
update landing_target target
set value = result.value, estimate = result.estimate, to_stock = result.to_stock,
    to_cogs = result.to_cogs
from unnest(%(line_ids)s::bigint[], %(amounts)s::numeric[], %(estimates)s::numeric[],
            %(to_stock)s::numeric[], %(to_cogs)s::numeric[])
     as result (line_id, value, estimate, to_stock, to_cogs)
where target.voucher_id = %(voucher_id)s and target.receipt_line_id = result.line_id

-- name: set_state
update landing_voucher set state = %(state)s, problem = %(problem)s where id = %(voucher_id)s

-- name: set_posted
update landing_voucher
set state = 'posted', posted_at = now(), posted_by = %(user_id)s,
    posted_command_id = %(command_id)s, problem = null
where id = %(voucher_id)s

-- name: note_reversal
update landing_voucher set state = 'reversing', reversal_reason = %(reason)s, problem = null
where id = %(voucher_id)s

-- name: set_reversed
update landing_voucher
set state = 'reversed', reversed_at = now(), reversed_by = %(user_id)s,
    reversed_command_id = %(command_id)s, problem = null
where id = %(voucher_id)s

-- name: posted_lines
-- What each line got when the voucher was posted.
select target.receipt_line_id, line.move_id, target.value - target.estimate as change
from landing_target target join receipt_line line on line.id = target.receipt_line_id
where target.voucher_id = %(voucher_id)s
order by line.item_id, target.receipt_line_id
