-- What goods that come back are worth: what they left with.

-- name: issue_cost
-- Of one issue: quantity and cost that left, costs that were found later included, and how much of
-- both came back already (returns that were taken back do not count).
with issue as (
    select min(id) filter (where pool_id is not null) as entry_id, min(pool_id) as pool_id,
           -coalesce(sum(quantity) filter (where pool_id is not null), 0) as quantity,
           -coalesce(sum(amount) filter (where pool_id is not null), 0)
           + coalesce(sum(amount) filter (where pool_id is null), 0) as amount
    from cost_entry where move_id = %(move_id)s
), returned as (
    select distinct back.move_id from issue join cost_entry back on back.cause_id = issue.entry_id
    where back.kind = 'return_in'
    union
    select id from stock_move where amends_id = %(move_id)s and from_status is null
), counted as (
    select returned.move_id from returned
    where not exists (select from stock_move where stock_move.reverses_id = returned.move_id)
      and not exists (select from stock_move own where own.id = returned.move_id
                      and own.reverses_id is not null)
)
select issue.entry_id, issue.pool_id, issue.quantity, issue.amount,
       coalesce(sum(back.quantity), 0) as returned_quantity,
       coalesce(sum(back.amount), 0) as returned_amount, company.currency_decimals as decimals
from issue
cross join company
left join (counted join cost_entry back on back.move_id = counted.move_id
           and back.pool_id is not null) on true
group by issue.entry_id, issue.pool_id, issue.quantity, issue.amount, company.currency_decimals

-- name: receipt
-- Of one receipt: what came in, amendments included, and what went back (and still counts).
with receipt as (
    select min(id) filter (where pool_id is not null and move_id = %(move_id)s) as entry_id,
           coalesce(sum(quantity) filter (where pool_id is not null), 0) as quantity
    from cost_entry
    where move_id = any(
        %(move_id)s::bigint || array(select id from stock_move where amends_id = %(move_id)s))
)
select receipt.entry_id, receipt.quantity, coalesce(-sum(back.quantity), 0) as returned
from receipt
left join cost_entry back on back.cause_id = receipt.entry_id and back.kind = 'return_out'
  and back.pool_id is not null
  and not exists (select from stock_move reversal where reversal.reverses_id = back.move_id)
  and not exists (select from stock_move own where own.id = back.move_id
                  and own.reverses_id is not null)
group by receipt.entry_id, receipt.quantity
