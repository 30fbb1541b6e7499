-- What stands against closing a month: see app/ledger/closing.sql.

-- name: may_receipts_unfinished
select receipt.number as subject, store.name as detail, '/receiving/' || receipt.id as link
from receipt join store on store.id = receipt.store_id
where receipt.state in ('in_progress', 'paused')
  and (receipt.created_at at time zone store.time_zone)::date <= %(ends_on)s::date
order by receipt.id
