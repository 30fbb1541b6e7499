-- How goods are valued: layers, corrections, returns, production, closed books.

-- Days on or before it are closed: nothing is posted into them.  Kept by the periods.
alter table company add column books_closed_until date;

-- Goods there are not the company's: they are counted but worth nothing.
alter table location
    add column is_consigned boolean default false not null,
    add constraint location_consigned_is_real check (not is_consigned or warehouse_id is not null);
create index location_consigned on location (id) where is_consigned;

-- What one base unit is taken to cost where nothing was ever bought.
alter table item
    add column fallback_unit_cost numeric(20, 6),
    add constraint item_fallback_unit_cost_not_negative check (fallback_unit_cost >= 0);

-- The move whose quantity this one corrects: it counts as if it had happened right behind it.
alter table stock_move
    add column amends_id bigint,
    add constraint stock_move_amends_id_fkey foreign key (amends_id) references stock_move (id);
create index stock_move_amended on stock_move (amends_id) where amends_id is not null;

-- Where a warehouse allows negative stock a pool may owe quantity, and value with it.  moved_at is
-- the newest effective moment of the pool, issued_at that of what left at its average.
alter table cost_pool
    add column moved_at timestamp with time zone,
    add column issued_at timestamp with time zone,
    drop constraint cost_pool_quantity_not_negative,
    drop constraint cost_pool_value_not_negative,
    add constraint cost_pool_value_not_negative check (value >= 0 or quantity < 0),
    add constraint cost_pool_debt_not_positive check (value <= 0 or quantity > 0);
create index cost_pool_in_debt on cost_pool (item_id) where quantity < 0;
update cost_pool set moved_at = newest.moved_at, issued_at = newest.issued_at
from (
    select pool_id, max(occurred_at) as moved_at,
           max(occurred_at) filter (where quantity < 0) as issued_at
    from cost_entry where pool_id is not null group by pool_id
) newest
where newest.pool_id = cost_pool.id;

-- A layer below zero is what one issue took that was not there; the next receipt covers it.
alter table cost_layer
    drop constraint cost_layer_remaining_not_negative,
    drop constraint cost_layer_value_not_negative,
    add constraint cost_layer_value_not_negative check (value >= 0 or remaining < 0),
    add constraint cost_layer_debt_not_positive check (value <= 0 or remaining > 0);
drop index cost_layer_open;
create index cost_layer_queue on cost_layer (pool_id, occurred_at, id) where remaining <> 0;
create index cost_layer_of_move on cost_layer (move_id);

-- priced: the amount was given with the goods; otherwise it followed from the pool at its moment.
alter table cost_entry add column priced boolean default true not null;
drop index cost_entry_of_pool;
create index cost_entry_of_pool on cost_entry (pool_id, occurred_at, id);
create index cost_entry_of_layer on cost_entry (layer_id) where layer_id is not null;
create index cost_entry_of_command on cost_entry (command_id);

-- Where cost goes on to: what was used up ('in', 'overhead') becomes the cost of what came of it
-- ('out', 'lost').  Production, disassembly, and transfers between stores.
create sequence cost_flow_number;
create table cost_flow (
    id bigint generated always as identity,
    flow_id bigint not null,
    store_id bigint not null,
    move_id bigint,
    side text not null,
    basis text default 'share' not null,
    weight numeric(20, 6) default 0 not null,
    amount numeric(20, 4) default 0 not null,
    created_at timestamp with time zone default now() not null,
    primary key (id),
    constraint cost_flow_side_known check (side in ('in', 'overhead', 'out', 'lost')),
    constraint cost_flow_basis_known check (basis in ('share', 'fixed', 'component', 'part')),
    constraint cost_flow_weight_not_negative check (weight >= 0),
    foreign key (store_id) references store (id),
    foreign key (move_id) references stock_move (id)
);
create index cost_flow_of_move on cost_flow (move_id) where move_id is not null;
create index cost_flow_of_flow on cost_flow (flow_id);

-- What was counted at a moment: an absolute observation.  A move that is entered later but happened
-- before it changes the observation's own adjustment, not what was counted.
create table stock_observation (
    id bigint generated always as identity,
    store_id bigint not null,
    item_id bigint not null,
    lot_id bigint,
    location_id bigint not null,
    status text not null,
    logistic_unit_id bigint,
    counted numeric(20, 6) not null,
    unit_cost numeric(20, 6),
    sets_value boolean default false not null,
    move_id bigint,
    command_id uuid not null,
    occurred_at timestamp with time zone not null,
    recorded_at timestamp with time zone default now() not null,
    primary key (id),
    constraint stock_observation_counted_not_negative check (counted >= 0),
    constraint stock_observation_unit_cost_not_negative check (unit_cost >= 0),
    constraint stock_observation_status_known check (
        status in ('available', 'inspection', 'frozen', 'damaged', 'returned')
    ),
    foreign key (store_id) references store (id),
    foreign key (item_id) references item (id),
    foreign key (lot_id) references lot (id),
    foreign key (location_id) references location (id),
    foreign key (logistic_unit_id) references logistic_unit (id),
    foreign key (move_id) references stock_move (id)
);
create index stock_observation_of_place on stock_observation (location_id, item_id, occurred_at);
create index stock_observation_of_move on stock_observation (move_id);

-- Pools with an entry that lies before others: what followed is to be valued anew from then on.
create table cost_recost (
    pool_id bigint not null,
    since timestamp with time zone not null,
    asked_at timestamp with time zone default now() not null,
    cause_id bigint,
    primary key (pool_id),
    foreign key (pool_id) references cost_pool (id),
    foreign key (cause_id) references cost_entry (id)
);

do $$
declare
    scoped text;
begin
    foreach scoped in array array['cost_flow', 'stock_observation'] loop
        execute format('alter table %I enable row level security', scoped);
        execute format(
            'create policy stores on %I using '
            '((select sees_all_stores()) or store_id = any((select visible_stores())::bigint[]))',
            scoped
        );
    end loop;
end $$;
alter table cost_recost enable row level security;
create policy stores on cost_recost
    using (exists (select from cost_pool where cost_pool.id = cost_recost.pool_id));

-- Closing waits for the postings that are on their way (they hold the lock as shared) and later ones
-- meet the closed day here, whichever way they come.
create function refuse_closed_period() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(7310501);
    if exists (
        select from company, store
        where store.id = new.store_id and company.books_closed_until is not null
          and (new.occurred_at at time zone store.time_zone)::date <= company.books_closed_until
    ) then
        raise exception 'the books are closed on the day of this move'
            using errcode = 'restrict_violation', constraint = 'stock_move_in_open_period';
    end if;
    return new;
end $$;
create trigger in_open_period before insert on stock_move
    for each row execute function refuse_closed_period();

-- Cost of each move that left stock.  Entries with a pool are signed as the pool sees them, those
-- without one as the cost sees them.  'posted' is what was known when it was posted.
create view issue_cost with (security_invoker = true) as
select stock_move.id as move_id, stock_move.store_id, stock_move.item_id, stock_move.lot_id,
       stock_move.quantity, stock_move.line_kind, stock_move.line_id, stock_move.occurred_at,
       cost.kind, cost.posted, cost.later, cost.posted + cost.later as cost
from stock_move
cross join lateral (
    select (array_agg(entry.kind order by entry.id) filter (where entry.pool_id is not null))[1]
               as kind,
           coalesce(sum(case when entry.pool_id is null then entry.amount else -entry.amount end)
                    filter (where entry.command_id = stock_move.command_id), 0) as posted,
           coalesce(sum(case when entry.pool_id is null then entry.amount else -entry.amount end)
                    filter (where entry.command_id <> stock_move.command_id), 0) as later
    from cost_entry entry where entry.move_id = stock_move.id
) cost
where stock_move.from_status is not null and stock_move.to_status is null;
