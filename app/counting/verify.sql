-- Posted counts against the movements that they made.

-- name: counts_equal_their_moves
select format('count result %%s', result.id) as subject,
       result.posted_variance::text as expected, coalesce(moved.quantity, 0)::text as found
from count_result as result
left join lateral (
    select sum(case when stock_move.to_location_id = result.location_id
                         and stock_move.to_status is not null then quantity else -quantity end)
        as quantity
    from stock_move
    where stock_move.line_kind = 'count_result' and stock_move.line_id = result.id
) as moved on true
where result.state = 'posted' and result.posted_variance <> coalesce(moved.quantity, 0)

-- name: posted_counts_are_whole
-- A count that is over has nothing left to post.
select stock_count.number as subject, '0' as expected, count(*)::text as found
from stock_count join count_result as result on result.count_id = stock_count.id
where stock_count.state = 'done' and result.state <> 'posted'
group by stock_count.number
