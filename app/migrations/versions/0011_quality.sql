-- Changes of stock status, photos, customer returns.

-- What was seen when the status was changed or goods came back: small, made anew from what was sent.
create table photo (
    id bigint generated always as identity,
    store_id bigint not null,
    content bytea not null,
    mime text default 'image/jpeg' not null,
    width integer not null,
    height integer not null,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    primary key (id),
    constraint photo_size check (octet_length(content) between 1 and 2000000),
    constraint photo_mime_known check (mime in ('image/jpeg')),
    foreign key (store_id) references store (id),
    foreign key (created_by) references app_user (id)
);

-- One change of stock status: the document behind its moves.
create table status_change (
    id bigint generated always as identity,
    store_id bigint not null,
    number text not null,
    to_status text not null,
    reason text not null,
    note text default '' not null,
    photo_id bigint,
    approval_request_id bigint,
    command_id uuid not null,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    primary key (id),
    constraint status_change_number_once unique (number),
    constraint status_change_status_known check (
        to_status in ('available', 'inspection', 'frozen', 'damaged', 'returned')
    ),
    constraint status_change_reason_given check (reason <> ''),
    foreign key (store_id) references store (id),
    foreign key (photo_id) references photo (id),
    foreign key (created_by) references app_user (id)
);

create index status_change_newest on status_change (store_id, id);

create table status_change_line (
    id bigint generated always as identity,
    change_id bigint not null,
    store_id bigint not null,
    item_id bigint not null,
    lot_id bigint,
    location_id bigint not null,
    logistic_unit_id bigint,
    from_status text not null,
    quantity numeric(20, 6) not null,
    move_id bigint,
    primary key (id),
    constraint status_change_line_quantity_positive check (quantity > 0),
    constraint status_change_line_status_known check (
        from_status in ('available', 'inspection', 'frozen', 'damaged', 'returned')
    ),
    constraint status_change_line_lot_of_its_item
        foreign key (lot_id, item_id) references lot (id, item_id),
    foreign key (change_id) references status_change (id),
    foreign key (store_id) references store (id),
    foreign key (item_id) references item (id),
    foreign key (location_id) references location (id),
    foreign key (logistic_unit_id) references logistic_unit (id),
    foreign key (move_id) references stock_move (id)
);

create index status_change_line_of_change on status_change_line (change_id);
create index status_change_line_of_lot on status_change_line (lot_id);

-- Goods that a customer brings back, of one order.
create table customer_return (
    id bigint generated always as identity,
    store_id bigint not null,
    number text not null,
    customer_id bigint not null,
    order_id bigint,
    shipment_id bigint,
    state text default 'in_progress' not null,
    note text default '' not null,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    closed_at timestamp with time zone,
    primary key (id),
    constraint customer_return_number_once unique (number),
    constraint customer_return_state_known check (state in ('in_progress', 'done', 'cancelled')),
    foreign key (store_id) references store (id),
    foreign key (customer_id) references partner (id),
    foreign key (order_id) references sales_order (id),
    foreign key (shipment_id) references shipment (id),
    foreign key (created_by) references app_user (id)
);

create unique index customer_return_one_open_per_order on customer_return (order_id)
    where state = 'in_progress';
create index customer_return_newest on customer_return (store_id, id);

-- What came back of one shipped line: at the cost that it left with.
create table customer_return_line (
    id bigint generated always as identity,
    return_id bigint not null,
    store_id bigint not null,
    order_line_id bigint,
    shipment_line_id bigint,
    item_id bigint not null,
    lot_id bigint,
    location_id bigint not null,
    quantity numeric(20, 6) not null,
    status text not null,
    reason text not null,
    note text default '' not null,
    photo_id bigint,
    move_id bigint,
    command_id uuid not null,
    user_id bigint,
    created_at timestamp with time zone default now() not null,
    undone_at timestamp with time zone,
    primary key (id),
    constraint customer_return_line_quantity_positive check (quantity > 0),
    constraint customer_return_line_status_known check (status in ('returned', 'inspection')),
    constraint customer_return_line_reason_given check (reason <> ''),
    constraint customer_return_line_lot_of_its_item
        foreign key (lot_id, item_id) references lot (id, item_id),
    foreign key (return_id) references customer_return (id),
    foreign key (store_id) references store (id),
    foreign key (order_line_id) references sales_order_line (id),
    foreign key (shipment_line_id) references shipment_line (id),
    foreign key (item_id) references item (id),
    foreign key (location_id) references location (id),
    foreign key (photo_id) references photo (id),
    foreign key (move_id) references stock_move (id),
    foreign key (user_id) references app_user (id)
);

create index customer_return_line_of_return on customer_return_line (return_id, id);
create index customer_return_line_of_order_line on customer_return_line (order_line_id);
create index customer_return_line_of_shipment_line on customer_return_line (shipment_line_id);

do $$
declare
    scoped text;
begin
    foreach scoped in array array[
        'photo', 'status_change', 'status_change_line', 'customer_return', 'customer_return_line'
    ] loop
        execute format('alter table %I enable row level security', scoped);
        execute format(
            'create policy stores on %I using '
            '((select sees_all_stores()) or store_id = any((select visible_stores())::bigint[]))',
            scoped
        );
    end loop;
end $$;

-- What an entry led to: how much of an issue came back, at which cost.
create index cost_entry_of_cause on cost_entry (cause_id) where cause_id is not null;
