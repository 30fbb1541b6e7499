-- What stands against closing a month: see app/ledger/closing.sql.

-- name: may_landing_unposted
select landing_voucher.number as subject, store.name as detail,
       '/landing/' || landing_voucher.id as link
from landing_voucher join store on store.id = landing_voucher.store_id
where landing_voucher.state in ('draft', 'posting', 'reversing')
  and landing_voucher.voucher_on <= %(ends_on)s::date
order by landing_voucher.id
