-- What was counted against what the books say of the same moment.

-- name: settle_place
-- Of a finished task: what was seen of each thing, and what the books had there that nobody saw.
-- A thing that was seen has the moment of its last scan, one that was not the end of the task.
with task as materialized (
    select count_task.id, count_task.count_id, count_task.store_id, count_task.location_id,
           count_task.item_id, count_task.round, count_task.counted_by, count_task.closed_at,
           count_task.begun_at,
           stock_count.from_move_id
    from count_task join stock_count on stock_count.id = count_task.count_id
    where count_task.id = any(%(task_ids)s)
), noted as (
    -- Not joined with each other: a large count is too new for the planner to know its sizes.
    select task.*, line.item_id as thing_item_id, line.lot_id, line.logistic_unit_id,
           line.quantity, line.occurred_at, line.unit_cost
    from task join count_line as line on line.task_id = task.id
    where line.undone_at is null
    union all
    select task.*, balance.item_id, balance.lot_id, balance.logistic_unit_id, null, null, null
    from task join balance on balance.location_id = task.location_id
    where balance.on_hand <> 0 and (task.item_id is null or task.item_id = balance.item_id)
    union all
    select task.*, result.item_id, result.lot_id, result.logistic_unit_id, null, null, null
    from task
    join count_result as result on result.count_id = task.count_id
      and result.location_id = task.location_id
    where task.item_id is null or task.item_id = result.item_id
), thing as (
    select count_id, store_id, location_id, round, counted_by, from_move_id, thing_item_id, lot_id,
           logistic_unit_id, coalesce(sum(quantity), 0) as quantity, max(unit_cost) as unit_cost,
           coalesce(max(occurred_at), closed_at) as counted_at,
           case when max(occurred_at) is null then begun_at end as unseen_since
    from noted
    group by id, count_id, store_id, location_id, round, counted_by, from_move_id, closed_at,
             begun_at, thing_item_id, lot_id, logistic_unit_id
), compared as (
    select thing.*, coalesce((
               select sum(balance.on_hand) from balance
               where balance.location_id = thing.location_id
                 and balance.item_id = thing.thing_item_id
                 and balance.lot_id is not distinct from thing.lot_id
                 and balance.logistic_unit_id is not distinct from thing.logistic_unit_id
           ), 0) - case when exists (
               select from stock_move
               where item_id = thing.thing_item_id and id > thing.from_move_id
           ) then moved_since(
               thing.location_id, thing.thing_item_id, thing.lot_id, thing.logistic_unit_id,
               thing.counted_at, thing.unseen_since, thing.from_move_id
           ) else 0 end as book
    from thing
)
insert into count_result as result (
    count_id, store_id, location_id, item_id, lot_id, logistic_unit_id, unit_cost, unseen_since,
    first_quantity, first_book, first_at, first_by,
    second_quantity, second_book, second_at, second_by,
    third_quantity, third_book, third_at, third_by
)
select count_id, store_id, location_id, thing_item_id, lot_id, logistic_unit_id, unit_cost,
       unseen_since,
       case when round = 1 then quantity end, case when round = 1 then book end,
       case when round = 1 then counted_at end, case when round = 1 then counted_by end,
       case when round = 2 then quantity end, case when round = 2 then book end,
       case when round = 2 then counted_at end, case when round = 2 then counted_by end,
       case when round = 3 then quantity end, case when round = 3 then book end,
       case when round = 3 then counted_at end, case when round = 3 then counted_by end
from compared
order by count_id, location_id, thing_item_id, lot_id, logistic_unit_id
on conflict on constraint count_result_key do update set
    unit_cost = coalesce(excluded.unit_cost, result.unit_cost),
    unseen_since = case when result.state in ('open', 'recount') then excluded.unseen_since
                        else result.unseen_since end,
    first_quantity = coalesce(excluded.first_quantity, result.first_quantity),
    first_book = coalesce(excluded.first_book, result.first_book),
    first_at = coalesce(excluded.first_at, result.first_at),
    first_by = coalesce(excluded.first_by, result.first_by),
    second_quantity = coalesce(excluded.second_quantity, result.second_quantity),
    second_book = coalesce(excluded.second_book, result.second_book),
    second_at = coalesce(excluded.second_at, result.second_at),
    second_by = coalesce(excluded.second_by, result.second_by),
    third_quantity = coalesce(excluded.third_quantity, result.third_quantity),
    third_book = coalesce(excluded.third_book, result.third_book),
    third_at = coalesce(excluded.third_at, result.third_at),
    third_by = coalesce(excluded.third_by, result.third_by)

-- name: judge_place
-- The newest round decides, unless a rule asks for another one: after the first where a difference
-- is large or the item is of the class, after the second where both differ.  What moved in between
-- does not make two rounds differ: each is compared with the books of its own moment.
with place as (
    select distinct count_id, location_id, item_id, round
    from count_task where id = any(%(task_ids)s)
), judged as (
    select result.id, place.round,
           coalesce(result.third_quantity, result.second_quantity, result.first_quantity, 0)
               as quantity,
           coalesce(result.third_book, result.second_book, result.first_book, 0) as book,
           coalesce(result.third_at, result.second_at, result.first_at) as counted_at,
           coalesce(result.first_quantity, 0) - coalesce(result.first_book, 0) as first_variance,
           coalesce(result.second_quantity, 0) - coalesce(result.second_book, 0)
               as second_variance,
           coalesce(result.unit_cost, pool.unit_cost) as unit_cost,
           company.currency_decimals, stock_count.kind, stock_count.recount_quantity,
           stock_count.recount_value, stock_count.recount_share,
           exists (
               select from abc_class
               where abc_class.store_id = result.store_id and abc_class.item_id = result.item_id
                 and abc_class.class = stock_count.recount_class
           ) as is_of_class
    from place
    join count_result as result on result.count_id = place.count_id
      and result.location_id = place.location_id
      and (place.item_id is null or place.item_id = result.item_id)
    join stock_count on stock_count.id = result.count_id
    join item on item.id = result.item_id
    cross join company
    left join lateral (
        select case when cost_pool.quantity > 0 then round(cost_pool.value / cost_pool.quantity, 6)
                    else cost_pool.last_unit_cost end as unit_cost
        from cost_pool
        where cost_pool.item_id = result.item_id
          and cost_pool.store_id is not distinct from
              case company.cost_scope when 'store' then result.store_id end
          and cost_pool.lot_id is not distinct from
              case item.cost_method when 'specific' then result.lot_id end
    ) as pool on true
    where result.state in ('open', 'recount')
), ruled as (
    select judged.*, quantity - book as variance,
           round((quantity - book) * coalesce(unit_cost, 0), currency_decimals) as value,
           case judged.round
               when 1 then kind <> 'opening' and quantity <> book and (
                   coalesce(abs(quantity - book) >= recount_quantity, false)
                   or coalesce(abs(round((quantity - book) * coalesce(unit_cost, 0),
                                         currency_decimals)) >= recount_value, false)
                   or coalesce(abs(quantity - book) >= recount_share * abs(book), false)
                   or is_of_class)
               when 2 then first_variance <> second_variance
               else false
           end as again
    from judged
)
update count_result as result
set state = case when ruled.again then 'recount' else 'decided' end,
    quantity = ruled.quantity, counted_at = ruled.counted_at, variance = ruled.variance,
    unit_cost = ruled.unit_cost, value = ruled.value
from ruled
where result.id = ruled.id

-- name: ask_recounts
-- A task of the next round for each item of the place that is counted again.
insert into count_task (store_id, location_id, item_id, cause, count_id, round, priority, due_on)
select distinct result.store_id, result.location_id, result.item_id, 'recount', result.count_id,
       task.round + 1, task.priority, task.due_on
from count_task as task
join count_result as result on result.count_id = task.count_id
  and result.location_id = task.location_id
  and (task.item_id is null or task.item_id = result.item_id)
where task.id = any(%(task_ids)s) and result.state = 'recount' and task.round < 3
on conflict (count_id, location_id, item_id, round)
    where count_id is not null and state <> 'cancelled' do nothing
returning id

-- name: result
select result.id, result.count_id, result.store_id, result.location_id, result.item_id,
       result.state, result.first_quantity, result.second_quantity, result.third_quantity,
       stock_count.number, stock_count.state as count_state, stock_count.freezes,
       item.name as item,
       item.base_unit as unit
from count_result as result
join stock_count on stock_count.id = result.count_id
join item on item.id = result.item_id
where result.id = %(result_id)s
for no key update of result, stock_count

-- name: accept
-- One round's quantity, by decision of a person.
update count_result
set state = 'decided', decided_by = %(user_id)s,
    quantity = case %(round)s::integer when 1 then first_quantity when 2 then second_quantity
                              else third_quantity end,
    counted_at = case %(round)s::integer when 1 then first_at when 2 then second_at
                              else third_at end,
    unseen_since = case when counted_at = case %(round)s::integer when 1 then first_at
                                               when 2 then second_at else third_at end
                        then unseen_since end,
    variance = case %(round)s::integer when 1 then first_quantity - first_book
                              when 2 then second_quantity - second_book
                              else third_quantity - third_book end,
    value = round(case %(round)s::integer when 1 then first_quantity - first_book
                                 when 2 then second_quantity - second_book
                                 else third_quantity - third_book end * coalesce(unit_cost, 0),
                  (select currency_decimals from company))
where id = %(result_id)s

-- name: cancel_recounts
-- Nobody has to count again what is decided: where no lot of the item waits for it any more.
update count_task set state = 'cancelled', closed_at = now()
where count_id = %(count_id)s and location_id = %(location_id)s and item_id = %(item_id)s
  and round > 1 and state in ('open', 'in_progress')
  and not exists (
      select from count_result as other
      where other.count_id = count_task.count_id and other.location_id = count_task.location_id
        and other.item_id = count_task.item_id and other.state = 'recount'
  )

-- name: last_round
select max(round) from count_task
where count_id = %(count_id)s and location_id = %(location_id)s
  and (item_id is null or item_id = %(item_id)s) and state <> 'cancelled'

-- name: insert_recount
insert into count_task (store_id, location_id, item_id, cause, count_id, round)
values (%(store_id)s, %(location_id)s, %(item_id)s, 'recount', %(count_id)s, %(round)s)
returning id

-- name: set_recount
update count_result set state = 'recount', decided_by = null
where count_id = %(count_id)s and location_id = %(location_id)s and item_id = %(item_id)s
  and state = 'decided'

-- name: set_reason
update count_result set reason = %(reason)s, note = %(note)s
where count_id = %(count_id)s and state = 'decided' and variance <> 0
  and (%(result_ids)s::bigint[] is null or id = any(%(result_ids)s))

-- name: set_cost
update count_result
set unit_cost = %(unit_cost)s,
    value = round(variance * %(unit_cost)s, (select currency_decimals from company))
where id = %(result_id)s and state = 'decided'
