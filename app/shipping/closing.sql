-- What stands against closing a month: see app/ledger/closing.sql.

-- name: may_shipments_unfinished
select shipment.number as subject, store.name as detail, '/shipping/' || shipment.id as link
from shipment join store on store.id = shipment.store_id
where shipment.state = 'in_progress'
  and (shipment.created_at at time zone store.time_zone)::date <= %(ends_on)s::date
order by shipment.id
