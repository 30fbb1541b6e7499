-- Landed cost, supplier invoices and returns, currencies; weight and volume of items.

-- What one base unit weighs and how much room it takes: null where nobody has said so.
alter table item
    add column weight_kg numeric(20, 6),
    add column volume_litre numeric(20, 6),
    add constraint item_weight_not_negative check (weight_kg >= 0),
    add constraint item_volume_not_negative check (volume_litre >= 0);

-- What charges are expected to add to the line's value: it enters stock with the goods.
alter table purchase_order_line
    add column landed_estimate numeric(20, 4) default 0 not null,
    add constraint purchase_order_line_estimate_not_negative check (landed_estimate >= 0);

-- Company currency per unit of another one, from a day on.  The whole company's.
create table currency_rate (
    id bigint generated always as identity,
    currency text not null,
    valid_from date not null,
    rate numeric(20, 10) not null,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    primary key (id),
    constraint currency_rate_once_per_day unique (currency, valid_from),
    constraint currency_rate_positive check (rate > 0),
    constraint currency_rate_currency_known check (currency ~ '^[A-Z]{3}$'),
    foreign key (created_by) references app_user (id)
);

-- Charges expected with a purchase order, and what each adds to which line.
create table order_charge (
    id bigint generated always as identity,
    order_id bigint not null,
    store_id bigint not null,
    kind text not null,
    basis text not null,
    amount numeric(20, 4) not null,
    currency text not null,
    exchange_rate numeric(20, 10) not null,
    value numeric(20, 4) not null,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    primary key (id),
    constraint order_charge_kind_once unique (order_id, kind),
    constraint order_charge_kind_known check (
        kind in ('freight', 'duty', 'insurance', 'handling', 'commission', 'other')
    ),
    constraint order_charge_basis_known check (
        basis in ('by_value', 'by_weight', 'by_volume', 'by_quantity', 'equal')
    ),
    constraint order_charge_positive check (amount > 0 and exchange_rate > 0),
    foreign key (order_id) references purchase_order (id),
    foreign key (store_id) references store (id),
    foreign key (created_by) references app_user (id)
);

create table order_charge_share (
    charge_id bigint not null,
    order_line_id bigint not null,
    store_id bigint not null,
    value numeric(20, 4) not null,
    primary key (charge_id, order_line_id),
    constraint order_charge_share_not_negative check (value >= 0),
    foreign key (charge_id) references order_charge (id) on delete cascade,
    foreign key (order_line_id) references purchase_order_line (id),
    foreign key (store_id) references store (id)
);

create index order_charge_share_of_line on order_charge_share (order_line_id);

-- One landed cost voucher: charges, the receipt lines they brought in, and what each line got.
create table landing_voucher (
    id bigint generated always as identity,
    store_id bigint not null,
    number text not null,
    state text default 'draft' not null,
    supplier_id bigint,
    supplier_number text default '' not null,
    voucher_on date not null,
    currency text not null,
    exchange_rate numeric(20, 10) not null,
    value numeric(20, 4) not null,
    note text default '' not null,
    problem jsonb,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    posted_by bigint,
    posted_at timestamp with time zone,
    posted_command_id uuid,
    reversed_by bigint,
    reversed_at timestamp with time zone,
    reversed_command_id uuid,
    reversal_reason text default '' not null,
    primary key (id),
    constraint landing_voucher_number_once unique (number),
    constraint landing_voucher_state_known check (
        state in ('draft', 'posting', 'posted', 'reversing', 'reversed', 'cancelled')
    ),
    constraint landing_voucher_rate_positive check (exchange_rate > 0),
    constraint landing_voucher_posted_by_a_command check (
        state not in ('posted', 'reversing', 'reversed') or posted_command_id is not null
    ),
    constraint landing_voucher_reversed_with_reason check (
        state <> 'reversed' or reversal_reason <> ''
    ),
    foreign key (store_id) references store (id),
    foreign key (supplier_id) references partner (id),
    foreign key (created_by) references app_user (id),
    foreign key (posted_by) references app_user (id),
    foreign key (reversed_by) references app_user (id)
);

create index landing_voucher_newest on landing_voucher (store_id, id);
create index landing_voucher_of_command on landing_voucher (posted_command_id);

create table landing_charge (
    id bigint generated always as identity,
    voucher_id bigint not null,
    store_id bigint not null,
    position integer not null,
    kind text not null,
    basis text not null,
    amount numeric(20, 4) not null,
    value numeric(20, 4) not null,
    replaces_estimate boolean default true not null,
    primary key (id),
    constraint landing_charge_position_once unique (voucher_id, position),
    constraint landing_charge_kind_known check (
        kind in ('freight', 'duty', 'insurance', 'handling', 'commission', 'other')
    ),
    constraint landing_charge_basis_known check (
        basis in ('by_value', 'by_weight', 'by_volume', 'by_quantity', 'equal', 'manual')
    ),
    constraint landing_charge_is_something check (amount <> 0),
    foreign key (voucher_id) references landing_voucher (id),
    foreign key (store_id) references store (id)
);

-- A receipt line that a voucher spreads its charges on; the figures are those of its posting.
create table landing_target (
    voucher_id bigint not null,
    receipt_line_id bigint not null,
    store_id bigint not null,
    value numeric(20, 4),
    estimate numeric(20, 4),
    to_stock numeric(20, 4),
    to_cogs numeric(20, 4),
    primary key (voucher_id, receipt_line_id),
    constraint landing_target_parts_make_the_whole check (to_stock + to_cogs = value - estimate),
    foreign key (voucher_id) references landing_voucher (id),
    foreign key (receipt_line_id) references receipt_line (id),
    foreign key (store_id) references store (id)
);

create index landing_target_of_line on landing_target (receipt_line_id);

-- What one charge gave one line; ``given`` is what a person entered for the manual basis,
-- ``estimate`` what had entered stock for it before.
create table landing_share (
    charge_id bigint not null,
    receipt_line_id bigint not null,
    store_id bigint not null,
    given numeric(20, 4),
    value numeric(20, 4),
    estimate numeric(20, 4),
    primary key (charge_id, receipt_line_id),
    foreign key (charge_id) references landing_charge (id) on delete cascade,
    foreign key (receipt_line_id) references receipt_line (id),
    foreign key (store_id) references store (id)
);

create index landing_share_of_line on landing_share (receipt_line_id);

-- What a supplier bills, or with a credit note gives back.
create table supplier_invoice (
    id bigint generated always as identity,
    store_id bigint not null,
    number text not null,
    kind text default 'invoice' not null,
    state text default 'draft' not null,
    supplier_id bigint not null,
    supplier_number text not null,
    corrects_id bigint,
    invoice_on date not null,
    currency text not null,
    exchange_rate numeric(20, 10) not null,
    prices_include_tax boolean default true not null,
    net_amount numeric(20, 4) default 0 not null,
    tax_amount numeric(20, 4) default 0 not null,
    note text default '' not null,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    posted_by bigint,
    posted_at timestamp with time zone,
    posted_command_id uuid,
    reversed_by bigint,
    reversed_at timestamp with time zone,
    reversed_command_id uuid,
    reversal_reason text default '' not null,
    primary key (id),
    constraint supplier_invoice_number_once unique (number),
    constraint supplier_invoice_kind_known check (kind in ('invoice', 'credit_note')),
    constraint supplier_invoice_state_known check (
        state in ('draft', 'posted', 'reversed', 'cancelled')
    ),
    constraint supplier_invoice_rate_positive check (exchange_rate > 0),
    constraint supplier_invoice_reversed_with_reason check (
        state <> 'reversed' or reversal_reason <> ''
    ),
    foreign key (store_id) references store (id),
    foreign key (supplier_id) references partner (id),
    foreign key (corrects_id) references supplier_invoice (id),
    foreign key (created_by) references app_user (id),
    foreign key (posted_by) references app_user (id),
    foreign key (reversed_by) references app_user (id)
);

-- The same paper is not entered twice.
create unique index supplier_invoice_paper_once on supplier_invoice (supplier_id, supplier_number)
    where state in ('draft', 'posted');
create index supplier_invoice_newest on supplier_invoice (store_id, id);
create index supplier_invoice_of_command on supplier_invoice (posted_command_id);

-- ``received``: billed goods of a receipt.  ``allowance``: a lower price of what stays.
-- ``returned``: credit for goods that were sent back.
create table supplier_invoice_line (
    id bigint generated always as identity,
    invoice_id bigint not null,
    store_id bigint not null,
    position integer not null,
    kind text default 'received' not null,
    receipt_id bigint not null,
    item_id bigint not null,
    quantity numeric(20, 6) not null,
    unit_price numeric(20, 6) not null,
    tax_rate numeric(20, 6) default 0 not null,
    net_amount numeric(20, 4) not null,
    tax_amount numeric(20, 4) not null,
    value numeric(20, 4) not null,
    primary key (id),
    constraint supplier_invoice_line_position_once unique (invoice_id, position),
    constraint supplier_invoice_line_item_once unique (invoice_id, kind, receipt_id, item_id),
    constraint supplier_invoice_line_kind_known check (
        kind in ('received', 'allowance', 'returned')
    ),
    constraint supplier_invoice_line_quantity_positive check (quantity > 0),
    constraint supplier_invoice_line_price_not_negative check (unit_price >= 0),
    constraint supplier_invoice_line_tax_is_a_fraction check (tax_rate >= 0 and tax_rate < 1),
    foreign key (invoice_id) references supplier_invoice (id),
    foreign key (store_id) references store (id),
    foreign key (receipt_id) references receipt (id),
    foreign key (item_id) references item (id)
);

create index supplier_invoice_line_of_receipt on supplier_invoice_line (receipt_id);

-- Goods that go back to a supplier, of one receipt; lines are booked one by one.
create table supplier_return (
    id bigint generated always as identity,
    store_id bigint not null,
    number text not null,
    supplier_id bigint not null,
    receipt_id bigint not null,
    state text default 'in_progress' not null,
    note text default '' not null,
    created_by bigint,
    created_at timestamp with time zone default now() not null,
    closed_at timestamp with time zone,
    primary key (id),
    constraint supplier_return_number_once unique (number),
    constraint supplier_return_state_known check (state in ('in_progress', 'done', 'cancelled')),
    foreign key (store_id) references store (id),
    foreign key (supplier_id) references partner (id),
    foreign key (receipt_id) references receipt (id),
    foreign key (created_by) references app_user (id)
);

create unique index supplier_return_one_open_per_receipt on supplier_return (receipt_id)
    where state = 'in_progress';
create index supplier_return_newest on supplier_return (store_id, id);

-- ``amount`` left stock, ``credit`` is what the supplier is expected to give, ``variance`` lies
-- between them.  Of the quantity ``open_quantity`` was not invoiced yet: no credit is due for it.
create table supplier_return_line (
    id bigint generated always as identity,
    return_id bigint not null,
    store_id bigint not null,
    receipt_line_id bigint not null,
    item_id bigint not null,
    lot_id bigint,
    location_id bigint not null,
    status text not null,
    quantity numeric(20, 6) not null,
    reason text not null,
    credit numeric(20, 4) not null,
    amount numeric(20, 4) not null,
    variance numeric(20, 4) not null,
    open_quantity numeric(20, 6) not null,
    open_amount numeric(20, 4) not null,
    move_id bigint not null,
    command_id uuid not null,
    user_id bigint,
    created_at timestamp with time zone default now() not null,
    undone_at timestamp with time zone,
    primary key (id),
    constraint supplier_return_line_quantity_positive check (quantity > 0),
    constraint supplier_return_line_open_within_quantity check (
        open_quantity between 0 and quantity
    ),
    constraint supplier_return_line_status_known check (
        status in ('available', 'inspection', 'frozen', 'damaged', 'returned')
    ),
    constraint supplier_return_line_reason_given check (reason <> ''),
    constraint supplier_return_line_lot_of_its_item
        foreign key (lot_id, item_id) references lot (id, item_id),
    foreign key (return_id) references supplier_return (id),
    foreign key (store_id) references store (id),
    foreign key (receipt_line_id) references receipt_line (id),
    foreign key (item_id) references item (id),
    foreign key (location_id) references location (id),
    foreign key (move_id) references stock_move (id),
    foreign key (user_id) references app_user (id)
);

create index supplier_return_line_of_return on supplier_return_line (return_id, id);
create index supplier_return_line_of_receipt_line on supplier_return_line (receipt_line_id);

-- What a posted invoice line means for one receipt line: so much of its estimate is reversed
-- (``estimate``), ``value`` replaces it, and the difference went to stock and to cost of sales.
create table supplier_invoice_match (
    id bigint generated always as identity,
    line_id bigint not null,
    store_id bigint not null,
    receipt_line_id bigint not null,
    return_line_id bigint,
    quantity numeric(20, 6) not null,
    estimate numeric(20, 4) not null,
    value numeric(20, 4) not null,
    to_stock numeric(20, 4) not null,
    to_cogs numeric(20, 4) not null,
    reversed_at timestamp with time zone,
    primary key (id),
    constraint supplier_invoice_match_quantity_not_negative check (quantity >= 0),
    constraint supplier_invoice_match_parts_make_the_whole check (
        to_stock + to_cogs = value - estimate
    ),
    foreign key (line_id) references supplier_invoice_line (id),
    foreign key (store_id) references store (id),
    foreign key (receipt_line_id) references receipt_line (id),
    foreign key (return_line_id) references supplier_return_line (id)
);

create index supplier_invoice_match_of_line on supplier_invoice_match (line_id);
create index supplier_invoice_match_of_receipt_line on supplier_invoice_match (receipt_line_id);
create index supplier_invoice_match_of_return_line on supplier_invoice_match (return_line_id)
    where return_line_id is not null;

-- Each standing receipt line: its goods' value (the estimate until the invoice comes), what
-- expected charges added, and how much of it is not invoiced (goods received not invoiced).
create view receipt_line_open with (security_invoker = true) as
select line.id as receipt_line_id, line.receipt_id, line.store_id, line.order_line_id, line.item_id,
    line.lot_id, line.move_id, line.quantity, line.created_at,
    line.net_amount - line.accrued as goods_amount, line.accrued as accrued_amount,
    line.invoiced_quantity, line.returned_quantity,
    line.quantity - line.invoiced_quantity - line.returned_open as open_quantity,
    case when line.quantity - line.invoiced_quantity - line.returned_open <= 0 then 0
        else line.net_amount - line.accrued - line.settled end as open_amount
from (
    select receipt_line.*,
        case when ordered.landed_estimate > 0 then round(
            receipt_line.net_amount * ordered.landed_estimate
                / (ordered.net_amount + ordered.landed_estimate), company.currency_decimals
        ) else 0 end as accrued,
        coalesce(matched.quantity, 0) as invoiced_quantity,
        coalesce(back.quantity, 0) as returned_quantity,
        coalesce(back.open_quantity, 0) as returned_open,
        coalesce(matched.estimate, 0) + coalesce(back.open_amount, 0) as settled
    from company, receipt_line
    left join purchase_order_line ordered on ordered.id = receipt_line.order_line_id
    left join lateral (
        select sum(match.quantity) as quantity, sum(match.estimate) as estimate
        from supplier_invoice_match match
        where match.receipt_line_id = receipt_line.id and match.reversed_at is null
            and match.return_line_id is null
    ) as matched on true
    left join lateral (
        select sum(gone.quantity) as quantity, sum(gone.open_quantity) as open_quantity,
            sum(gone.open_amount) as open_amount
        from supplier_return_line gone
        where gone.receipt_line_id = receipt_line.id and gone.undone_at is null
    ) as back on true
    where receipt_line.kind = 'received' and receipt_line.undone_at is null
) as line;

grant select on receipt_line_open to saoku_app;

do $$
declare
    scoped text;
begin
    foreach scoped in array array[
        'order_charge', 'order_charge_share', 'landing_voucher', 'landing_charge',
        'landing_target', 'landing_share', 'supplier_invoice', 'supplier_invoice_line',
        'supplier_invoice_match', 'supplier_return', 'supplier_return_line'
    ] loop
        execute format('alter table %I enable row level security', scoped);
        execute format(
            'create policy stores on %I using '
            '((select sees_all_stores()) or store_id = any((select visible_stores())::bigint[]))',
            scoped
        );
    end loop;
end $$;
