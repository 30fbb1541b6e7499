-- A large count as filled sheets would bring it in.

-- name: places
-- The first locations that have so many lines together.
select location_id from (
    select location_id, sum(count(*)) over (order by location_id) as lines
    from balance where store_id = %(store_id)s and on_hand > 0
    group by location_id
) as held
where lines <= %(lines)s
order by location_id

-- name: lines
-- What the books say, but for every tenth line: one piece more.
insert into count_line (count_id, task_id, store_id, location_id, item_id, entered_quantity,
                        quantity, source, command_id, user_id, occurred_at)
select task.count_id, task.id, task.store_id, task.location_id, held.item_id, held.quantity,
       held.quantity, 'sheet', %(command_id)s, %(user_id)s, now()
from count_task as task
cross join lateral (
    select item_id, sum(on_hand) + case when item_id %% 10 = 0 then 1 else 0 end as quantity
    from balance where balance.location_id = task.location_id and on_hand > 0
    group by item_id
) as held
where task.count_id = %(count_id)s

-- name: end_tasks
update count_task
set state = 'done', begun_at = now(), closed_at = now(), counted_by = %(user_id)s
where count_id = %(count_id)s

-- name: tasks
select id from count_task where count_id = %(count_id)s
