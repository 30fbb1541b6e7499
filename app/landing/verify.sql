-- What landed cost keeps beside the facts: subject, expected (from the facts), found.

-- name: shares_make_the_charge
select format('charge %%s of %%s', charge.position, voucher.number) as subject,
       charge.value::text as expected, coalesce(sum(share.value), 0)::text as found
from landing_charge charge
join landing_voucher voucher on voucher.id = charge.voucher_id
  and voucher.state in ('posted', 'reversing', 'reversed')
left join landing_share share on share.charge_id = charge.id
group by charge.id, voucher.number
having charge.value <> coalesce(sum(share.value), 0)

-- name: charges_make_the_voucher
select voucher.number as subject, voucher.value::text as expected,
       coalesce(sum(target.value), 0)::text as found
from landing_voucher voucher
left join landing_target target on target.voucher_id = voucher.id
where voucher.state in ('posted', 'reversing', 'reversed')
group by voucher.id
having voucher.value <> coalesce(sum(target.value), 0)

-- name: entries_are_what_was_posted
-- What the ledger left in the pools for a posted voucher is what its lines say.
select voucher.number as subject, sum(target.to_stock)::text as expected,
       (select coalesce(sum(entry.amount), 0) from cost_entry entry
        where entry.command_id = voucher.posted_command_id and entry.pool_id is not null
       )::text as found
from landing_voucher voucher join landing_target target on target.voucher_id = voucher.id
where voucher.state in ('posted', 'reversing', 'reversed')
group by voucher.id
having sum(target.to_stock) <> (
    select coalesce(sum(entry.amount), 0) from cost_entry entry
    where entry.command_id = voucher.posted_command_id and entry.pool_id is not null)

-- name: estimates_go_out_once
select format('receipt line %%s, %%s', share.receipt_line_id, charge.kind) as subject,
       '1' as expected, count(*)::text as found
from landing_share share
join landing_charge charge on charge.id = share.charge_id
join landing_voucher voucher on voucher.id = charge.voucher_id
  and voucher.state in ('posted', 'reversing')
where share.estimate <> 0
group by share.receipt_line_id, charge.kind
having count(*) > 1

-- name: expected_charges_are_on_the_lines
select format('purchase order line %%s', line.id) as subject,
       coalesce(sum(share.value), 0)::text as expected, line.landed_estimate::text as found
from purchase_order_line line left join order_charge_share share on share.order_line_id = line.id
group by line.id
having line.landed_estimate <> coalesce(sum(share.value), 0)
