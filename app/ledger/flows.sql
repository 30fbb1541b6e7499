-- Where cost goes on to.

-- name: number
select nextval('cost_flow_number')

-- name: add
insert into cost_flow (flow_id, store_id, move_id, side, basis, weight, amount)
select %(flow_id)s, * from unnest(
    %(stores)s::bigint[], %(moves)s::bigint[], %(sides)s::text[], %(bases)s::text[],
    %(weights)s::numeric[], %(amounts)s::numeric[])

-- name: departed
-- What left by a move on its way to another store, and how much of it has arrived.
select flow.flow_id, move.quantity, coalesce(sum(part.weight), 0) as arrived,
       (select -coalesce(sum(entry.amount), 0) from cost_entry entry
        where entry.move_id = move.id and entry.pool_id is not null) as cost,
       (select coalesce(sum(entry.amount), 0) from cost_entry entry
        join cost_flow other on other.flow_id = flow.flow_id and other.side = 'out'
        where entry.move_id = other.move_id and entry.pool_id is not null) as arrived_cost,
       (select min(entry.pool_id) from cost_entry entry where entry.move_id = move.id) as pool_id,
       (select min(entry.id) from cost_entry entry where entry.move_id = move.id) as entry_id,
       company.currency_decimals as decimals
from cost_flow flow
join stock_move move on move.id = flow.move_id
cross join company
left join cost_flow part on part.flow_id = flow.flow_id and part.side = 'out'
where flow.move_id = %(move_id)s and flow.side = 'in'
group by flow.flow_id, move.id, move.quantity, company.currency_decimals

-- name: produced
-- What one unit of each item that went into the production of a move had cost.
select move.item_id, sum(move.quantity) as quantity,
       sum((select -coalesce(sum(entry.amount), 0) from cost_entry entry
            where entry.move_id = move.id and entry.pool_id is not null)) as cost
from cost_flow output
join cost_flow input on input.flow_id = output.flow_id and input.side = 'in'
join stock_move move on move.id = input.move_id
where output.move_id = %(move_id)s and output.side = 'out'
group by move.item_id
