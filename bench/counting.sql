-- What the benchmark of counting asks beside the product.

-- name: nobody_approves
update approval_policy set is_active = false where kind = 'adjustment'

-- name: places
-- The first locations that have so many lines together.
select location_id as id from (
    select location_id, sum(count(*)) over (order by location_id) as lines
    from balance where store_id = %(store_id)s and on_hand > 0
    group by location_id
) as held
where lines <= %(lines)s
order by location_id

-- name: sheets
select id from count_sheet where count_id = %(count_id)s order by id

-- name: posted
-- 'yes', or how many lines are left.
select case when state = 'done' then 'yes' else (
           select count(*)::text from count_result
           where count_id = stock_count.id and count_result.state = 'decided'
       ) end
from stock_count where id = %(id)s

-- name: printed
-- 'yes', or how many pages the job says are made.
select case when state = 'ready' then 'yes' else coalesce((
           select done::text from job_progress where key = 'count_sheet/' || count_sheet.id
       ), '0') end
from count_sheet where id = %(id)s
