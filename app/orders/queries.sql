-- Locks are taken in one order: sales orders by id, then items (advisory), then balances by key,
-- then lines.

-- name: orders
-- What decides the allocation of orders; who changes them puts a lock behind it.
select sales_order.id, sales_order.number, sales_order.store_id, sales_order.warehouse_id,
       sales_order.state, sales_order.priority, sales_order.due_at, sales_order.created_at,
       sales_order.minimum_days, sales_order.partial_policy, sales_order.allocation_rule,
       store.time_zone, company.allocation_hours
from sales_order join store on store.id = sales_order.store_id, company
where sales_order.id = any(%(order_ids)s::bigint[])
order by sales_order.id

-- name: open_lines
-- What lines of released orders still want.
select line.id as line_id, line.order_id, line.item_id, item.code as item, line.factor,
       line.whole_packs, line.minimum_days, item.picking_rule,
       line.quantity - line.allocated - line.shipped as wanted,
       line.lapsed_at is not null as lapsed
from sales_order_line line join item on item.id = line.item_id
where line.order_id = any(%(order_ids)s::bigint[]) and line.short_reason is null
  and line.quantity > line.allocated + line.shipped
order by line.order_id, line.position

-- name: lock_items
-- Who plans for an item of a store goes before the next one who does.
select pg_advisory_xact_lock(hashtextextended('allocate ' || key, 0))
from unnest(%(keys)s::text[]) as key

-- name: try_items
select coalesce(bool_and(pg_try_advisory_xact_lock(hashtextextended('allocate ' || key, 0))), true)
from unnest(%(keys)s::text[]) as key

-- name: lock_items_of_lines
select pg_advisory_xact_lock(hashtextextended('allocate ' || store_id || ' ' || item_id, 0))
from (
    select distinct store_id, item_id from sales_order_line
    where id = any(%(line_ids)s::bigint[])
    order by store_id, item_id
    offset 0
) item

-- name: candidates
-- What of an item orders can take: the allocator's half of the one truth in stock_standing.  Sorted
-- as the planner takes them, no more than are ``enough`` (null: all).
select balance_id, free, last_day, received_at, sequence
from (
    select balance_id, free, last_day, received_at, sequence,
           sum(free) over (
               order by case when %(rule)s = 'fefo' then last_day end, received_at, sequence,
                        balance_id
               rows between unbounded preceding and 1 preceding
           ) as before
    from (
        select *, on_hand - allocated as free
        from stock_standing(
            %(item_id)s, %(store_id)s, %(warehouse_id)s, %(today)s, %(minimum_days)s
        )
        where obstacle is null and not staged and on_hand > allocated
    ) standing
) candidate
where %(enough)s::numeric is null or before is null or before < %(enough)s

-- name: add_allocated
update sales_order_line set allocated = sales_order_line.allocated + part.quantity, lapsed_at = null
from (
    select line_id, sum(quantity) as quantity
    from unnest(%(line_ids)s::bigint[], %(quantities)s::numeric[]) as part (line_id, quantity)
    group by line_id
) part
where sales_order_line.id = part.line_id

-- name: take_allocated
update sales_order_line
set allocated = sales_order_line.allocated - part.quantity,
    lapsed_at = case when %(lapse)s then now() else lapsed_at end
from (
    select line_id, sum(quantity) as quantity
    from unnest(%(line_ids)s::bigint[], %(quantities)s::numeric[]) as part (line_id, quantity)
    group by line_id
) part
where sales_order_line.id = part.line_id

-- name: waiting_orders
-- Released orders that wait for one of the items, in the order in which they are served.
select sales_order.id
from sales_order
where sales_order.store_id = %(store_id)s and sales_order.state in ('confirmed', 'in_progress')
  and sales_order.id <> all(%(but_not)s::bigint[])
  and exists (
      select from sales_order_line line
      where line.order_id = sales_order.id and line.item_id = any(%(item_ids)s::bigint[])
        and line.short_reason is null and line.lapsed_at is null
        and line.quantity > line.allocated + line.shipped
  )
order by sales_order.id is distinct from %(first)s, sales_order.priority,
         sales_order.due_at nulls last, sales_order.released_at, sales_order.id
limit %(most)s

-- name: free_of_items
-- How much of each item any order of the store could take now.
select asked.item_id, sum(standing.on_hand - standing.allocated) as free
from unnest(%(item_ids)s::bigint[]) as asked (item_id)
cross join lateral stock_standing(asked.item_id, %(store_id)s, null, %(today)s, 0) standing
where (standing.obstacle is null or standing.obstacle = 'other_warehouse') and not standing.staged
  and standing.on_hand > standing.allocated
group by asked.item_id

-- name: zone_of_store
select time_zone from store where id = %(store_id)s

-- name: shelved_promises
-- What is promised to lines and still lies on its shelf, newest promise first.
select allocation.id, allocation.line_id, allocation.balance_id, allocation.quantity
from allocation
join balance on balance.id = allocation.balance_id
join location on location.id = balance.location_id and location.kind not in ('staging', 'cart')
where allocation.line_kind = 'sales_order_line'
  and allocation.line_id = any(%(line_ids)s::bigint[])
  and (%(balance_id)s::bigint is null or allocation.balance_id = %(balance_id)s)
order by allocation.id desc

-- name: stale_promises
-- Promises that have lapsed, of orders that nobody works on and of lines that nobody is picking.
select allocation.id, allocation.line_id, allocation.balance_id, allocation.quantity
from allocation
join sales_order_line line on line.id = allocation.line_id
join sales_order on sales_order.id = line.order_id
join balance on balance.id = allocation.balance_id
join location on location.id = balance.location_id and location.kind not in ('staging', 'cart')
where allocation.line_kind = 'sales_order_line' and allocation.expires_at < now()
  and (%(store_id)s::bigint is null or allocation.store_id = %(store_id)s)
  and (%(item_ids)s::bigint[] is null or line.item_id = any(%(item_ids)s::bigint[]))
  and sales_order.id <> all(%(but_not)s::bigint[])
  and not exists (
      select from pick_task join pick on pick.id = pick_task.pick_id
      where pick_task.order_line_id = line.id and pick_task.balance_id = balance.id
        and pick_task.state = 'open' and pick.state in ('in_progress', 'paused')
  )
order by allocation.expires_at, allocation.id
limit %(most)s
for no key update of sales_order skip locked

-- name: waiting_with_stock
-- Released orders that wait for an item of which there is something that they could take.
select distinct sales_order.store_id, sales_order.id as order_id
from sales_order
join store on store.id = sales_order.store_id
join sales_order_line line on line.order_id = sales_order.id and line.short_reason is null
  and line.lapsed_at is null and line.quantity > line.allocated + line.shipped
where sales_order.state in ('confirmed', 'in_progress') and exists (
    select from stock_standing(
        line.item_id, sales_order.store_id, sales_order.warehouse_id,
        (now() at time zone store.time_zone)::date,
        coalesce(line.minimum_days, sales_order.minimum_days)
    ) standing
    where standing.obstacle is null and not standing.staged
      and standing.on_hand > standing.allocated
)
order by sales_order.store_id, sales_order.id
limit %(most)s

-- name: follow_tasks
-- Open stops of picks follow the promise that was released: nothing promised, nothing to fetch.
update pick_task
set state = case when promised.quantity > 0 then 'open' when pick_task.picked > 0 then 'done'
                 else 'cancelled' end,
    quantity = case when promised.quantity + pick_task.picked > 0
               then promised.quantity + pick_task.picked else pick_task.quantity end
from (
    select part.line_id, part.balance_id, coalesce(allocation.quantity, 0) as quantity
    from unnest(%(line_ids)s::bigint[], %(balance_ids)s::bigint[]) as part (line_id, balance_id)
    left join allocation on allocation.line_kind = 'sales_order_line'
      and allocation.line_id = part.line_id and allocation.balance_id = part.balance_id
) promised
where pick_task.order_line_id = promised.line_id and pick_task.balance_id = promised.balance_id
  and pick_task.state = 'open'
