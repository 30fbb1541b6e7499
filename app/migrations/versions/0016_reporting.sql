-- What sales earn, summed as they are booked.

-- One row per movement of goods sold (or brought back) and day on which something was booked on it:
-- quantity and revenue on the day of the movement, cost on the day of each cost entry, so that a
-- freight invoice of next month is next month's cost.  Made from the facts by ``reporting.catch_up``
-- and proved by ``verify``; nobody else writes here.  What the report groups by lies beside the
-- figures: a million rows are summed in one pass.
create table sale_margin (
    move_id bigint not null,
    booked_on date not null,
    store_id bigint not null,
    order_id bigint not null,
    order_line_id bigint not null,
    item_id bigint not null,
    lot_id bigint,
    customer_id bigint not null,
    salesperson_id bigint,
    region text not null,
    quantity numeric(20, 6) not null,
    gross numeric(20, 4) not null,
    revenue numeric(20, 4) not null,
    returned numeric(20, 4) not null,
    cost numeric(20, 4) not null,
    corrected numeric(20, 4) not null,
    primary key (move_id, booked_on)
);

create index sale_margin_by_day on sale_margin (booked_on, store_id);
create index sale_margin_of_line on sale_margin (order_line_id);

-- How far the rows above follow the facts: exactly one row.  Everything up to the settled numbers is
-- in; what is above them is read again with each run, because a transaction may commit its lower
-- number after another one's higher.  ``noted`` is the next pair to settle: as soon as every
-- transaction older than ``barrier`` has ended.
create table margin_progress (
    id integer default 1 not null,
    settled_move_id bigint default 0 not null,
    settled_entry_id bigint default 0 not null,
    noted_move_id bigint default 0 not null,
    noted_entry_id bigint default 0 not null,
    barrier bigint,
    complete_at timestamp with time zone,
    primary key (id),
    constraint margin_progress_is_one check (id = 1)
);
insert into margin_progress default values;

-- How items are classed, and what counts as earning nothing: the company's.
create table report_rule (
    id integer default 1 not null,
    window_days integer default 90 not null,
    a_share numeric(20, 6) default 0.8 not null,
    b_share numeric(20, 6) default 0.95 not null,
    x_limit numeric(20, 6) default 0.5 not null,
    y_limit numeric(20, 6) default 1 not null,
    low_rate numeric(20, 6) default 0.05 not null,
    changed_by bigint,
    changed_at timestamp with time zone default now() not null,
    primary key (id),
    constraint report_rule_is_one check (id = 1),
    constraint report_rule_window check (window_days between 7 and 730),
    constraint report_rule_shares check (0 < a_share and a_share < b_share and b_share < 1),
    constraint report_rule_limits check (0 < x_limit and x_limit < y_limit and y_limit <= 10),
    constraint report_rule_low_rate check (low_rate >= 0 and low_rate < 1),
    foreign key (changed_by) references app_user (id)
);
insert into report_rule default values;

-- The class of an item in a store, by the value of what was issued of it: A few that matter most, C
-- many that matter little; X steady, Z by fits and starts.
create table abc_class (
    store_id bigint not null,
    item_id bigint not null,
    class text not null,
    steadiness text not null,
    issued_value numeric(20, 4) not null,
    issued_quantity numeric(20, 6) not null,
    cumulated_share numeric(20, 6) not null,
    variation numeric(20, 6),
    computed_on date not null,
    primary key (store_id, item_id),
    constraint abc_class_known check (class in ('A', 'B', 'C')),
    constraint abc_class_steadiness_known check (steadiness in ('X', 'Y', 'Z')),
    foreign key (store_id) references store (id),
    foreign key (item_id) references item (id)
);

create index abc_class_by_class on abc_class (store_id, class);

do $$
declare
    scoped text;
begin
    foreach scoped in array array['sale_margin', 'abc_class'] loop
        execute format('alter table %I enable row level security', scoped);
        execute format(
            'create policy stores on %I using '
            '((select sees_all_stores()) or store_id = any((select visible_stores())::bigint[]))',
            scoped
        );
    end loop;
    -- The company's: everyone may read them, only who sees all stores may change them.
    foreach scoped in array array['margin_progress', 'report_rule'] loop
        execute format('alter table %I enable row level security', scoped);
        execute format('create policy known on %I for select using (true)', scoped);
        execute format(
            'create policy changed on %I using ((select sees_all_stores())) '
            'with check ((select sees_all_stores()))',
            scoped
        );
    end loop;
end $$;

-- Sum these order lines anew, from all their movements and cost entries.  A line's revenue is shared
-- among its movements so that it always is the line's net amount at the quantity that the customer
-- kept: no cent is lost or made, in whatever parts goods leave and come back.
create function sum_sale_margins(lines bigint[]) returns void language sql as $$
    with line as materialized (
        select line.id, line.order_id, line.item_id, line.quantity, line.net_amount,
               case when line.discount_rate = 0 then line.net_amount
                    else round(line.entered_quantity * line.unit_price * sales_order.exchange_rate
                               / case when sales_order.prices_include_tax then 1 + line.tax_rate
                                      else 1 end, company.currency_decimals)
               end as gross_amount,
               sales_order.customer_id, sales_order.salesperson_id, sales_order.region,
               company.currency_decimals as decimals
        from sales_order_line line
        join sales_order on sales_order.id = line.order_id
        cross join company
        where line.id = any(lines)
    ), moved as materialized (
        select move.id, move.line_id as order_line_id, move.store_id, move.lot_id, move.occurred_at,
               move.command_id,
               case when move.to_status is null then move.quantity else -move.quantity end as out,
               false as is_return
        from stock_move move
        where move.line_kind = 'sales_order_line' and move.line_id = any(lines)
          and (move.from_status is null) <> (move.to_status is null)
        union all
        select move.id, back.order_line_id, move.store_id, move.lot_id, move.occurred_at,
               move.command_id,
               case when move.to_status is null then move.quantity else -move.quantity end,
               true
        from customer_return_line back
        join stock_move move on move.line_kind = 'customer_return_line' and move.line_id = back.id
        where back.order_line_id = any(lines)
          and (move.from_status is null) <> (move.to_status is null)
    ), running as (
        select moved.*, sum(out) over (partition by order_line_id order by id) as kept from moved
    ), worth as materialized (
        select running.id as move_id, running.store_id, line.order_id, line.id as order_line_id,
               line.item_id, running.lot_id, line.customer_id, line.salesperson_id, line.region,
               (running.occurred_at at time zone store.time_zone)::date as moved_on,
               store.time_zone, running.out, running.is_return, running.command_id,
               round(line.gross_amount * kept / line.quantity, decimals)
               - round(line.gross_amount * (kept - out) / line.quantity, decimals) as gross,
               round(line.net_amount * kept / line.quantity, decimals)
               - round(line.net_amount * (kept - out) / line.quantity, decimals) as revenue
        from running
        join line on line.id = running.order_line_id
        join store on store.id = running.store_id
    ), booked as (
        select move_id, moved_on as booked_on, out, gross, revenue,
               case when is_return then -revenue else 0 end as returned,
               0::numeric as cost, 0::numeric as corrected
        from worth
        union all
        select worth.move_id, (entry.occurred_at at time zone worth.time_zone)::date, 0, 0, 0, 0,
               value.cost,
               case when entry.command_id <> worth.command_id then value.cost else 0 end
        from worth
        join cost_entry entry on entry.move_id = worth.move_id
        cross join lateral (
            select case when entry.pool_id is null then entry.amount else -entry.amount end as cost
        ) as value
    ), fresh as materialized (
        select move_id, booked_on, sum(out) as quantity, sum(gross) as gross,
               sum(revenue) as revenue, sum(returned) as returned, sum(cost) as cost,
               sum(corrected) as corrected
        from booked group by move_id, booked_on
    ), gone as (
        -- A store whose clock was moved to another zone books on other days.
        delete from sale_margin old
        where old.order_line_id = any(lines)
          and not exists (select from fresh where fresh.move_id = old.move_id
                                              and fresh.booked_on = old.booked_on)
    )
    insert into sale_margin as old (
        move_id, booked_on, store_id, order_id, order_line_id, item_id, lot_id, customer_id,
        salesperson_id, region, quantity, gross, revenue, returned, cost, corrected)
    select fresh.move_id, fresh.booked_on, worth.store_id, worth.order_id, worth.order_line_id,
           worth.item_id, worth.lot_id, worth.customer_id, worth.salesperson_id, worth.region,
           fresh.quantity, fresh.gross, fresh.revenue, fresh.returned, fresh.cost, fresh.corrected
    from fresh join worth on worth.move_id = fresh.move_id
    on conflict (move_id, booked_on) do update
    set customer_id = excluded.customer_id, salesperson_id = excluded.salesperson_id,
        region = excluded.region, quantity = excluded.quantity, gross = excluded.gross,
        revenue = excluded.revenue, returned = excluded.returned, cost = excluded.cost,
        corrected = excluded.corrected
    where (old.customer_id, old.salesperson_id, old.region, old.quantity, old.gross, old.revenue,
           old.returned, old.cost, old.corrected)
          is distinct from
          (excluded.customer_id, excluded.salesperson_id, excluded.region, excluded.quantity,
           excluded.gross, excluded.revenue, excluded.returned, excluded.cost, excluded.corrected)
$$;

-- The order lines on which something was booked between these numbers: a movement, or a cost that
-- was found later than its movement (other entries come with their movement).
create function lines_booked(
    after_move bigint, last_move bigint, after_entry bigint, last_entry bigint
) returns setof bigint stable language sql as $$
    select case move.line_kind when 'sales_order_line' then move.line_id else back.order_line_id end
    from stock_move move
    left join customer_return_line back
        on move.line_kind = 'customer_return_line' and back.id = move.line_id
    where move.id > after_move and move.id <= last_move
      and move.line_kind in ('sales_order_line', 'customer_return_line')
      and (move.from_status is null) <> (move.to_status is null)
    union
    select case move.line_kind when 'sales_order_line' then move.line_id else back.order_line_id end
    from cost_entry entry
    join stock_move move on move.id = entry.move_id
    left join customer_return_line back
        on move.line_kind = 'customer_return_line' and back.id = move.line_id
    where entry.id > after_entry and entry.id <= last_entry
      and move.line_kind in ('sales_order_line', 'customer_return_line')
      and move.command_id <> entry.command_id
$$;

-- One step of following the facts, at most so many numbers from the given ones on; it answers from
-- where to go on, and whether all is done that was booked before the first step (``since``).  Only
-- one at a time: who ``waits`` reads then what the other one has left (each statement of the
-- function sees its own moment), who does not is told nothing (null).
--
-- Why nothing is missed: a transaction that sells has its number (xid) before it takes the number of
-- a move, because it has changed a balance by then.  So whoever took a number up to the noted ones
-- has an xid below that of any call after the noting, the barrier; and when no transaction older
-- than the barrier runs any more, all rows up to the noted numbers can be seen.
create function catch_up_margins(
    inout from_move bigint, inout from_entry bigint, inout since timestamptz, most integer,
    waits boolean, out is_done boolean
) language plpgsql as $$
declare
    progress margin_progress;
    own bigint;
    newest_move bigint;
    newest_entry bigint;
    is_safe boolean;
begin
    if waits then
        select * into strict progress from margin_progress for update;
    else
        select * into progress from margin_progress for update skip locked;
        if not found then
            return;
        end if;
    end if;
    own := pg_current_xact_id()::text::bigint;
    since := coalesce(since, clock_timestamp());
    -- A barrier of the future was restored from another server.
    if progress.barrier is null or progress.barrier > own then
        progress.barrier := own;
    end if;
    is_safe := pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= progress.barrier;
    newest_move := coalesce((select max(id) from stock_move), 0);
    newest_entry := coalesce((select max(id) from cost_entry), 0);
    -- What a longer run has done already but could not settle is not done again.
    is_safe := is_safe and from_move <= progress.settled_move_id
                       and from_entry <= progress.settled_entry_id;
    from_move := greatest(from_move, progress.settled_move_id);
    from_entry := greatest(from_entry, progress.settled_entry_id);
    if most > 0 then
        perform sum_sale_margins(array(
            select lines_booked(from_move, from_move + most, from_entry, from_entry + most)
        ));
    end if;
    from_move := least(from_move + most, newest_move);
    from_entry := least(from_entry + most, newest_entry);
    is_done := most > 0 and from_move >= newest_move and from_entry >= newest_entry;
    if is_safe then
        progress.settled_move_id := greatest(
            progress.settled_move_id, least(from_move, progress.noted_move_id));
        progress.settled_entry_id := greatest(
            progress.settled_entry_id, least(from_entry, progress.noted_entry_id));
    end if;
    if progress.settled_move_id >= progress.noted_move_id
       and progress.settled_entry_id >= progress.noted_entry_id then
        progress.noted_move_id := newest_move;
        progress.noted_entry_id := newest_entry;
        progress.barrier := null;
    end if;
    update margin_progress
    set settled_move_id = progress.settled_move_id, settled_entry_id = progress.settled_entry_id,
        noted_move_id = progress.noted_move_id, noted_entry_id = progress.noted_entry_id,
        barrier = progress.barrier,
        complete_at = case when is_done then since else complete_at end;
end $$;
