-- What goods that come back are worth: what they left with.

-- name: issue_cost
-- Of one issue: quantity and cost that left, costs that were found later included, and how much of
-- both came back already (returns that were taken back do not count).
with issue as (
    select min(id) filter (where pool_id is not null) as entry_id,
           -coalesce(sum(quantity) filter (where pool_id is not null), 0) as quantity,
           -coalesce(sum(amount) filter (where pool_id is not null), 0)
           + coalesce(sum(amount) filter (where pool_id is null), 0) as amount
    from cost_entry where move_id = %(move_id)s
)
select issue.entry_id, issue.quantity, issue.amount,
       coalesce(sum(back.quantity), 0) as returned_quantity,
       coalesce(sum(back.amount), 0) as returned_amount, company.currency_decimals as decimals
from issue
cross join company
left join cost_entry back on back.cause_id = issue.entry_id and back.kind = 'return_in'
  and not exists (select from stock_move reversal where reversal.reverses_id = back.move_id)
  and not exists (select from stock_move own where own.id = back.move_id
                  and own.reverses_id is not null)
group by issue.entry_id, issue.quantity, issue.amount, company.currency_decimals
