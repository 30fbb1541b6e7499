-- Sales orders, what is promised to them, picking, shipping, and what keeps stock from shipping.

-- Places for goods on their way out: a position of a cart, and where they wait for the lorry.
alter table location drop constraint location_kind_known;
alter table location add constraint location_kind_known check (kind in (
    'storage', 'dock', 'staging', 'cart',
    'supplier', 'customer', 'production', 'adjustment', 'in_transit'
));
alter table location drop constraint location_virtual_has_no_warehouse;
alter table location add constraint location_virtual_has_no_warehouse
    check ((warehouse_id is null) = (kind not in ('storage', 'dock', 'staging', 'cart')));
drop index location_virtual_once_per_store;
create unique index location_virtual_once_per_store on location (store_id, kind)
    where kind not in ('storage', 'dock', 'staging', 'cart');

-- How lots are chosen for an order: the order's own rule, else this, else by expiry date for dated
-- lots and by age for the rest.
alter table item add column picking_rule text default 'fefo' not null;
alter table item add constraint item_picking_rule_known
    check (picking_rule in ('fefo', 'fifo', 'fewest_stops'));

-- Policies of the company for orders.
alter table company add column allocate_on_release boolean default true not null;
alter table company add column allocation_hours integer default 48 not null;
alter table company add constraint company_allocation_hours check (allocation_hours > 0);
alter table company add column lot_swap_allowed boolean default true not null;

create table sales_order (
    id bigint generated always as identity,
    store_id bigint not null,
    warehouse_id bigint,
    number text not null,
    customer_id bigint not null,
    state text default 'draft' not null,
    priority integer default 5 not null,
    requested_on date,
    due_at timestamp with time zone,
    minimum_days integer default 0 not null,
    partial_policy text default 'partial' not null,
    allocation_rule text,
    salesperson_id bigint,
    region text default '' not null,
    currency text not null,
    exchange_rate numeric(20, 6) default 1 not null,
    prices_include_tax boolean default true not null,
    net_amount numeric(20, 4) default 0 not null,
    total_amount numeric(20, 4) default 0 not null,
    address text default '' not null,
    contact text default '' not null,
    phone text default '' not null,
    note text default '' not null,
    source text default 'manual' not null,
    external_number text,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    released_at timestamp with time zone,
    closed_at timestamp with time zone,
    primary key (id),
    constraint sales_order_number_once unique (number),
    constraint sales_order_external_once unique (source, external_number),
    constraint sales_order_state_known check (
        state in ('draft', 'confirmed', 'in_progress', 'done', 'cancelled')
    ),
    constraint sales_order_partial_policy_known check (
        partial_policy in ('partial', 'whole_lines', 'whole_order')
    ),
    constraint sales_order_rule_known check (allocation_rule in ('fefo', 'fifo', 'fewest_stops')),
    constraint sales_order_priority check (priority between 1 and 9),
    constraint sales_order_minimum_days check (minimum_days between 0 and 3650),
    constraint sales_order_rate_positive check (exchange_rate > 0),
    constraint sales_order_warehouse_of_its_store
        foreign key (warehouse_id, store_id) references warehouse (id, store_id),
    foreign key (store_id) references store (id),
    foreign key (customer_id) references partner (id),
    foreign key (salesperson_id) references app_user (id),
    foreign key (created_by) references app_user (id)
);

create index sales_order_open on sales_order (store_id, state, priority, due_at);
create index sales_order_of_customer on sales_order (customer_id);

-- ``allocated`` is the sum of the line's allocations (what was picked but not shipped included);
-- ``picked`` counts what left its shelf for it, ``shipped`` what left the house.
create table sales_order_line (
    id bigint generated always as identity,
    order_id bigint not null,
    store_id bigint not null,
    position integer not null,
    item_id bigint not null,
    packaging_id bigint,
    entered_quantity numeric(20, 6) not null,
    factor numeric(20, 6) default 1 not null,
    quantity numeric(20, 6) not null,
    whole_packs boolean default false not null,
    unit_price numeric(20, 6) not null,
    discount_rate numeric(20, 6) default 0 not null,
    tax_rate numeric(20, 6) default 0 not null,
    net_amount numeric(20, 4) not null,
    minimum_days integer,
    allocated numeric(20, 6) default 0 not null,
    picked numeric(20, 6) default 0 not null,
    shipped numeric(20, 6) default 0 not null,
    short_reason text,
    primary key (id),
    constraint sales_order_line_position_once unique (order_id, position),
    constraint sales_order_line_quantity_positive check (quantity > 0),
    constraint sales_order_line_price_not_negative check (unit_price >= 0),
    constraint sales_order_line_discount_is_a_fraction check (
        discount_rate >= 0 and discount_rate <= 1
    ),
    constraint sales_order_line_allocated_not_negative check (allocated >= 0),
    constraint sales_order_line_shipped_not_negative check (shipped >= 0),
    constraint sales_order_line_not_over_allocated check (allocated + shipped <= quantity),
    constraint sales_order_line_picked_is_promised check (
        picked >= shipped and picked <= allocated + shipped
    ),
    constraint sales_order_line_minimum_days check (minimum_days between 0 and 3650),
    foreign key (order_id) references sales_order (id),
    foreign key (store_id) references store (id),
    foreign key (item_id) references item (id),
    foreign key (packaging_id) references packaging (id)
);

create index sales_order_line_of_item on sales_order_line (item_id, store_id);

-- When a promise lapses, where policy says so; null never.
alter table allocation add column expires_at timestamp with time zone;
create index allocation_of_line on allocation (line_kind, line_id);

-- What keeps stock from shipping ------------------------------------------------------------------

-- A lot of the whole company that must not ship (recall); whatever the status of its stock.
create table lot_hold (
    id bigint generated always as identity,
    lot_id bigint not null,
    item_id bigint not null,
    reason text not null,
    placed_by bigint not null,
    placed_at timestamp with time zone default now() not null,
    lifted_by bigint,
    lifted_at timestamp with time zone,
    primary key (id),
    constraint lot_hold_reason_given check (reason <> ''),
    constraint lot_hold_lot_of_its_item foreign key (lot_id, item_id) references lot (id, item_id),
    foreign key (placed_by) references app_user (id),
    foreign key (lifted_by) references app_user (id)
);

create unique index lot_hold_once on lot_hold (lot_id) where lifted_at is null;

-- A location that is being counted: nothing is promised or picked from it meanwhile.
create table count_lock (
    location_id bigint not null,
    store_id bigint not null,
    reason text not null,
    locked_by bigint,
    locked_at timestamp with time zone default now() not null,
    primary key (location_id),
    constraint count_lock_of_its_store
        foreign key (location_id, store_id) references location (id, store_id),
    foreign key (locked_by) references app_user (id)
);

-- A place that somebody should count, and why.
create table count_task (
    id bigint generated always as identity,
    store_id bigint not null,
    location_id bigint not null,
    item_id bigint,
    cause text not null,
    state text default 'open' not null,
    note text default '' not null,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    closed_at timestamp with time zone,
    primary key (id),
    constraint count_task_cause_known check (cause in ('short_pick', 'zero_check', 'request')),
    constraint count_task_state_known check (
        state in ('open', 'in_progress', 'done', 'cancelled')
    ),
    constraint count_task_of_its_store
        foreign key (location_id, store_id) references location (id, store_id),
    foreign key (item_id) references item (id),
    foreign key (created_by) references app_user (id)
);

create index count_task_open on count_task (store_id, state);
create unique index count_task_once on count_task (location_id, item_id, cause) nulls not distinct
    where state = 'open';

-- Stock asked of another store or another warehouse; the transfer itself is a document of its own.
create table transfer_request (
    id bigint generated always as identity,
    store_id bigint not null,
    from_store_id bigint not null,
    from_warehouse_id bigint,
    item_id bigint not null,
    quantity numeric(20, 6) not null,
    order_line_id bigint,
    state text default 'open' not null,
    note text default '' not null,
    created_by bigint not null,
    created_at timestamp with time zone default now() not null,
    closed_at timestamp with time zone,
    primary key (id),
    constraint transfer_request_quantity_positive check (quantity > 0),
    constraint transfer_request_state_known check (state in ('open', 'done', 'cancelled')),
    foreign key (store_id) references store (id),
    foreign key (from_store_id) references store (id),
    foreign key (from_warehouse_id) references warehouse (id),
    foreign key (item_id) references item (id),
    foreign key (order_line_id) references sales_order_line (id),
    foreign key (created_by) references app_user (id)
);

create index transfer_request_open on transfer_request (store_id, state);

-- Picking -----------------------------------------------------------------------------------------

create table pick (
    id bigint generated always as identity,
    store_id bigint not null,
    number text not null,
    kind text not null,
    state text default 'confirmed' not null,
    zone_id bigint,
    priority integer default 5 not null,
    due_at timestamp with time zone,
    staging_location_id bigint not null,
    held_by bigint,
    step jsonb not null,
    version integer default 0 not null,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    closed_at timestamp with time zone,
    primary key (id),
    constraint pick_number_once unique (number),
    constraint pick_kind_known check (kind in ('order', 'batch', 'cluster', 'zone')),
    constraint pick_state_known check (
        state in ('confirmed', 'in_progress', 'paused', 'done', 'cancelled')
    ),
    foreign key (store_id) references store (id),
    foreign key (zone_id) references zone (id),
    foreign key (staging_location_id) references location (id),
    foreign key (held_by) references app_user (id),
    foreign key (created_by) references app_user (id)
);

create index pick_open on pick (store_id, state, priority, due_at);

-- The orders of a pick; in a cluster each has its position on the cart.
create table pick_order (
    pick_id bigint not null,
    order_id bigint not null,
    store_id bigint not null,
    cart_location_id bigint,
    primary key (pick_id, order_id),
    constraint pick_order_position_once unique (pick_id, cart_location_id),
    foreign key (pick_id) references pick (id),
    foreign key (order_id) references sales_order (id),
    foreign key (store_id) references store (id),
    foreign key (cart_location_id) references location (id)
);

create index pick_order_of_order on pick_order (order_id);

-- One stop: so much of a balance for a line.  It follows the line's allocation on that balance.
create table pick_task (
    id bigint generated always as identity,
    pick_id bigint not null,
    store_id bigint not null,
    order_line_id bigint not null,
    balance_id bigint not null,
    location_id bigint not null,
    item_id bigint not null,
    lot_id bigint,
    logistic_unit_id bigint,
    quantity numeric(20, 6) not null,
    picked numeric(20, 6) default 0 not null,
    state text default 'open' not null,
    sequence integer default 0 not null,
    short_reason text,
    primary key (id),
    constraint pick_task_quantity_positive check (quantity > 0),
    constraint pick_task_picked_within_quantity check (picked >= 0 and picked <= quantity),
    constraint pick_task_state_known check (state in ('open', 'done', 'short', 'cancelled')),
    constraint pick_task_short_has_reason check (state <> 'short' or short_reason is not null),
    foreign key (pick_id) references pick (id),
    foreign key (store_id) references store (id),
    foreign key (order_line_id) references sales_order_line (id),
    foreign key (balance_id) references balance (id),
    foreign key (location_id) references location (id),
    foreign key (item_id) references item (id),
    foreign key (lot_id) references lot (id),
    foreign key (logistic_unit_id) references logistic_unit (id)
);

create index pick_task_of_pick on pick_task (pick_id, sequence, id);
create unique index pick_task_once on pick_task (order_line_id, balance_id) where state = 'open';

-- What was taken, scan by scan, and where it was put: undone by a reversing move.
create table pick_line (
    id bigint generated always as identity,
    pick_id bigint not null,
    store_id bigint not null,
    task_id bigint not null,
    order_line_id bigint not null,
    item_id bigint not null,
    lot_id bigint,
    quantity numeric(20, 6) not null,
    from_location_id bigint not null,
    to_location_id bigint not null,
    move_id bigint not null,
    raw_code text default '' not null,
    command_id uuid not null,
    user_id bigint not null,
    created_at timestamp with time zone default now() not null,
    undone_at timestamp with time zone,
    primary key (id),
    constraint pick_line_quantity_positive check (quantity > 0),
    foreign key (pick_id) references pick (id),
    foreign key (store_id) references store (id),
    foreign key (task_id) references pick_task (id),
    foreign key (order_line_id) references sales_order_line (id),
    foreign key (item_id) references item (id),
    foreign key (lot_id) references lot (id),
    foreign key (from_location_id) references location (id),
    foreign key (to_location_id) references location (id),
    foreign key (move_id) references stock_move (id),
    foreign key (user_id) references app_user (id)
);

create index pick_line_of_pick on pick_line (pick_id, id);
create index pick_line_of_order_line on pick_line (order_line_id);

-- Shipping ----------------------------------------------------------------------------------------

create table shipment (
    id bigint generated always as identity,
    store_id bigint not null,
    number text not null,
    order_id bigint not null,
    state text default 'in_progress' not null,
    carrier text default '' not null,
    tracking_number text default '' not null,
    step jsonb default '{}' not null,
    version integer default 0 not null,
    packed_by bigint,
    created_at timestamp with time zone default now() not null,
    shipped_at timestamp with time zone,
    primary key (id),
    constraint shipment_number_once unique (number),
    constraint shipment_state_known check (state in ('in_progress', 'done', 'cancelled')),
    foreign key (store_id) references store (id),
    foreign key (order_id) references sales_order (id),
    foreign key (packed_by) references app_user (id)
);

create unique index shipment_one_open_per_order on shipment (order_id) where state = 'in_progress';
create index shipment_open on shipment (store_id, state);

-- What was checked into a carton (``logistic_unit_id``), from which balance; ``move_id`` when it has
-- left the house.
create table shipment_line (
    id bigint generated always as identity,
    shipment_id bigint not null,
    store_id bigint not null,
    order_line_id bigint not null,
    balance_id bigint not null,
    item_id bigint not null,
    lot_id bigint,
    logistic_unit_id bigint,
    quantity numeric(20, 6) not null,
    move_id bigint,
    command_id uuid not null,
    user_id bigint,
    created_at timestamp with time zone default now() not null,
    undone_at timestamp with time zone,
    primary key (id),
    constraint shipment_line_quantity_positive check (quantity > 0),
    foreign key (shipment_id) references shipment (id),
    foreign key (store_id) references store (id),
    foreign key (order_line_id) references sales_order_line (id),
    foreign key (balance_id) references balance (id),
    foreign key (item_id) references item (id),
    foreign key (lot_id) references lot (id),
    foreign key (logistic_unit_id) references logistic_unit (id),
    foreign key (move_id) references stock_move (id),
    foreign key (user_id) references app_user (id)
);

create index shipment_line_of_shipment on shipment_line (shipment_id, id);
create index shipment_line_of_order_line on shipment_line (order_line_id);

do $$
declare
    scoped text;
begin
    foreach scoped in array array[
        'sales_order', 'sales_order_line', 'count_lock', 'count_task', 'transfer_request', 'pick',
        'pick_order', 'pick_task', 'pick_line', 'shipment', 'shipment_line'
    ] loop
        execute format('alter table %I enable row level security', scoped);
        execute format(
            'create policy stores on %I using '
            '((select sees_all_stores()) or store_id = any((select visible_stores())::bigint[]))',
            scoped
        );
    end loop;
end $$;

-- A store that is asked for stock sees the request, too.
create policy asked on transfer_request for select
    using (from_store_id = any((select visible_stores())::bigint[]));

-- The one truth about why stock may or may not go to a demand, for the allocator and the diagnosis.
-- One row per balance with stock that the caller sees; ``obstacle`` is null where orders can take it,
-- else the first rule that it fails:
--   other_store, other_warehouse, zone, inspection, frozen, damaged, returned, expired, short_dated,
--   counted
-- ``free`` is what is neither promised nor kept back; ``staged`` stock is on its way out already.
create function stock_standing(
    asked_item bigint, asked_store bigint, asked_warehouse bigint, today date, minimum_days integer
) returns table (
    balance_id bigint, store_id bigint, warehouse_id bigint, zone_id bigint, location_id bigint,
    lot_id bigint, logistic_unit_id bigint, status text, on_hand numeric, allocated numeric,
    staged boolean, last_day date, received_at timestamp with time zone, sequence integer,
    obstacle text
) stable language sql as $$
    select balance.id, balance.store_id, location.warehouse_id, location.zone_id, location.id,
           balance.lot_id, balance.logistic_unit_id, balance.status, balance.on_hand,
           balance.allocated, location.kind in ('staging', 'cart'),
           case item.expiry_rule when 'best_before_on' then lot.best_before_on
                                 when 'expires_on' then lot.expires_on end,
           balance.received_at, location.sequence,
           case
               when balance.store_id <> asked_store then 'other_store'
               when location.warehouse_id <> asked_warehouse
                    or asked_warehouse is null and warehouse.is_auxiliary then 'other_warehouse'
               when location.kind not in ('staging', 'cart')
                    and (location.zone_id is null or not zone.is_pickable
                         or location.kind <> 'storage') then 'zone'
               when balance.status <> 'available' then balance.status
               when lot_hold.id is not null then 'frozen'
               when case item.expiry_rule when 'best_before_on' then lot.best_before_on
                                          when 'expires_on' then lot.expires_on end < today
                   then 'expired'
               when case item.expiry_rule when 'best_before_on' then lot.best_before_on
                                          when 'expires_on' then lot.expires_on end
                    < today + minimum_days then 'short_dated'
               when count_lock.location_id is not null then 'counted'
           end
    from balance
    join item on item.id = balance.item_id
    join location on location.id = balance.location_id
    join warehouse on warehouse.id = location.warehouse_id
    left join zone on zone.id = location.zone_id
    left join lot on lot.id = balance.lot_id
    left join lot_hold on lot_hold.lot_id = balance.lot_id and lot_hold.lifted_at is null
    left join count_lock on count_lock.location_id = balance.location_id
    where balance.item_id = asked_item and balance.on_hand <> 0
$$;

-- How much of an item lies in stores that the caller does not see: a number per store and whom to
-- ask, nothing more.
create function stock_unseen(asked_item bigint)
    returns table (store_id bigint, store_name text, on_hand numeric, ask text) stable
    language sql security definer set search_path from current as $$
    select store.id, store.name, sum(balance.on_hand),
           coalesce((
               select string_agg(app_user.name, '、' order by app_user.id)
               from app_user join user_store on user_store.user_id = app_user.id
               where user_store.store_id = store.id and app_user.is_active
                   and app_user.role = 'store_manager'
           ), '')
    from balance join store on store.id = balance.store_id
    where balance.item_id = asked_item and balance.on_hand > 0
        and not (sees_all_stores() or balance.store_id = any(coalesce(visible_stores(), '{}')))
    group by store.id
$$;
