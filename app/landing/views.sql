-- What the screens, the API and the files of landed cost show.

-- name: vouchers
-- Newest first.
select voucher.id, voucher.number, voucher.state, voucher.store_id, store.name as store,
       coalesce(partner.name, '') as supplier, voucher.supplier_number, voucher.voucher_on,
       voucher.currency, voucher.exchange_rate, voucher.value, voucher.created_at,
       voucher.posted_at, app_user.name as user_name,
       (select string_agg(distinct charge.kind, ' ') from landing_charge charge
        where charge.voucher_id = voucher.id) as kinds,
       totals.lines, totals.to_stock, totals.to_cogs
from landing_voucher voucher
join store on store.id = voucher.store_id
left join partner on partner.id = voucher.supplier_id
left join app_user on app_user.id = voucher.created_by
left join lateral (
    select count(*) as lines, sum(target.to_stock) as to_stock, sum(target.to_cogs) as to_cogs
    from landing_target target where target.voucher_id = voucher.id
) as totals on true
where (%(state)s = '' or voucher.state = %(state)s)
  and (%(text)s = '' or voucher.number ilike %(inside)s or partner.name ilike %(inside)s
       or voucher.supplier_number ilike %(inside)s or exists (
           select from landing_target target
           join receipt_line line on line.id = target.receipt_line_id
           join receipt on receipt.id = line.receipt_id
           where target.voucher_id = voucher.id and receipt.number ilike %(inside)s))
  and (%(after)s::bigint is null or voucher.id < %(after)s)
order by voucher.id desc
limit %(limit)s

-- name: head
select voucher.id, voucher.number, voucher.state, voucher.store_id, store.name as store,
       partner.code as supplier_code, coalesce(partner.name, '') as supplier,
       voucher.supplier_number, voucher.voucher_on, voucher.currency, voucher.exchange_rate,
       voucher.value, voucher.note, voucher.problem, voucher.created_at, voucher.posted_at,
       voucher.reversed_at, voucher.reversal_reason, maker.name as made_by,
       poster.name as posted_by, reverser.name as reversed_by,
       company.currency as company_currency, company.currency_decimals as decimals,
       (select count(*) from landing_target target where target.voucher_id = voucher.id) as lines
from landing_voucher voucher
join store on store.id = voucher.store_id
left join partner on partner.id = voucher.supplier_id
left join app_user maker on maker.id = voucher.created_by
left join app_user poster on poster.id = voucher.posted_by
left join app_user reverser on reverser.id = voucher.reversed_by, company
where voucher.id = %(voucher_id)s

-- name: receipts
select distinct receipt.id, receipt.number, coalesce(partner.name, '') as supplier,
       purchase_order.number as order_number, receipt.closed_at
from landing_target target
join receipt_line line on line.id = target.receipt_line_id
join receipt on receipt.id = line.receipt_id
left join partner on partner.id = receipt.supplier_id
left join purchase_order on purchase_order.id = receipt.order_id
where target.voucher_id = %(voucher_id)s
order by receipt.id

-- name: posted
-- What each line got, of a voucher that was posted.
select target.receipt_line_id, target.value, target.estimate, target.to_stock, target.to_cogs
from landing_target target where target.voucher_id = %(voucher_id)s and target.value is not null

-- name: posted_shares
select share.charge_id, share.receipt_line_id, share.value, share.estimate
from landing_share share join landing_charge charge on charge.id = share.charge_id
where charge.voucher_id = %(voucher_id)s and share.value is not null
order by share.charge_id, share.receipt_line_id

-- name: hand_shares
-- What was entered by hand, by item, in the voucher's currency.
select share.charge_id, item.code as item, sum(share.given) as amount
from landing_share share
join landing_charge charge on charge.id = share.charge_id
join receipt_line line on line.id = share.receipt_line_id
join item on item.id = line.item_id
where charge.voucher_id = %(voucher_id)s and share.given is not null
group by share.charge_id, item.code
order by share.charge_id, item.code

-- name: recent_receipts
-- Closed receipts of a store that a charge may be for: those without a voucher first.
select receipt.id, receipt.number, coalesce(partner.name, '') as supplier, receipt.closed_at,
       exists (
           select from receipt_line line
           join landing_target target on target.receipt_line_id = line.id
           join landing_voucher voucher on voucher.id = target.voucher_id
             and voucher.state <> 'cancelled' and voucher.state <> 'reversed'
           where line.receipt_id = receipt.id) as has_voucher
from receipt left join partner on partner.id = receipt.supplier_id
where receipt.store_id = %(store_id)s and receipt.state = 'done'
order by receipt.closed_at desc
limit 12

-- name: suppliers
select code, name from partner where is_active and kind in ('supplier', 'both') order by name
limit 500

-- name: currencies
select distinct currency from currency_rate order by currency

-- name: counts
select count(*) filter (where state = 'draft') as drafts,
       count(*) filter (where state in ('posting', 'reversing')) as working
from landing_voucher where store_id = %(store_id)s and state in ('draft', 'posting', 'reversing')
