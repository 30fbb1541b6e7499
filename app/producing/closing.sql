-- What stands against closing a month: see app/ledger/closing.sql.

-- name: may_production_unfinished
-- What was used up and has become nothing yet is worth something, but not in any stock.
select production_order.number as subject, store.name as detail,
       '/production-orders/' || production_order.id as link
from production_order join store on store.id = production_order.store_id
where production_order.state = 'in_progress'
  and (production_order.started_at at time zone store.time_zone)::date <= %(ends_on)s::date
order by production_order.id
