-- The first shape of the database.  Roles, policies and triggers follow in 0002.

create extension if not exists pg_trgm;

CREATE TABLE app_user (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    login text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    password_hash text NOT NULL,
    badge text,
    pin_hash text,
    language text DEFAULT 'zh_CN' NOT NULL,
    is_active BOOLEAN DEFAULT true NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT app_user_login_once UNIQUE (login),
    CONSTRAINT app_user_badge_once UNIQUE (badge),
    CONSTRAINT app_user_role_known CHECK (role in ('operator', 'supervisor', 'store_manager', 'area_manager', 'headquarters', 'administrator'))
);

CREATE TABLE area (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code text NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT area_code_once UNIQUE (code)
);

CREATE TABLE category (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    parent_id BIGINT,
    code text NOT NULL,
    name text NOT NULL,
    cost_method text DEFAULT 'moving_average' NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT category_code_once UNIQUE (code),
    CONSTRAINT category_cost_method_known CHECK (cost_method in ('moving_average', 'fifo', 'specific')),
    FOREIGN KEY(parent_id) REFERENCES category (id)
);

CREATE TABLE command (
    id UUID NOT NULL,
    kind text NOT NULL,
    fingerprint text NOT NULL,
    payload JSONB NOT NULL,
    user_id BIGINT,
    store_id BIGINT,
    device_id BIGINT,
    ip INET,
    sequence BIGINT,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    outcome text NOT NULL,
    answer JSONB,
    PRIMARY KEY (id),
    CONSTRAINT command_outcome_known CHECK (outcome in ('done', 'refused'))
);

CREATE INDEX command_recorded ON command (recorded_at, id);

CREATE INDEX ix_command_user_id ON command (user_id);

CREATE TABLE company (
    id INTEGER DEFAULT 1 NOT NULL,
    name text NOT NULL,
    currency text DEFAULT 'CNY' NOT NULL,
    currency_decimals INTEGER DEFAULT 2 NOT NULL,
    recovers_input_tax BOOLEAN DEFAULT true NOT NULL,
    cost_scope text DEFAULT 'company' NOT NULL,
    gs1_prefix text,
    receive_without_order BOOLEAN DEFAULT true NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT company_is_one CHECK (id = 1),
    CONSTRAINT company_currency_decimals CHECK (currency_decimals between 0 and 4),
    CONSTRAINT company_cost_scope_known CHECK (cost_scope in ('company', 'store'))
);

CREATE TABLE login_attempt (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    subject text NOT NULL,
    ip text NOT NULL,
    succeeded BOOLEAN NOT NULL,
    attempted_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX ix_login_attempt_ip ON login_attempt (ip);

CREATE INDEX ix_login_attempt_subject ON login_attempt (subject);

CREATE TABLE number_series (
    prefix text NOT NULL,
    last_number BIGINT DEFAULT 0 NOT NULL,
    PRIMARY KEY (prefix)
);

CREATE TABLE partner (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    phone text DEFAULT '' NOT NULL,
    tax_number text DEFAULT '' NOT NULL,
    is_active BOOLEAN DEFAULT true NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT partner_code_once UNIQUE (code),
    CONSTRAINT partner_kind_known CHECK (kind in ('supplier', 'customer', 'both'))
);

CREATE TABLE unit (
    code text NOT NULL,
    name text NOT NULL,
    decimals INTEGER DEFAULT 0 NOT NULL,
    PRIMARY KEY (code),
    CONSTRAINT unit_decimals CHECK (decimals between 0 and 6)
);

CREATE TABLE item (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code text NOT NULL,
    name text NOT NULL,
    specification text DEFAULT '' NOT NULL,
    category_id BIGINT,
    base_unit text NOT NULL,
    decimals INTEGER DEFAULT 0 NOT NULL,
    tracking text DEFAULT 'none' NOT NULL,
    expiry_rule text DEFAULT 'none' NOT NULL,
    shelf_life_days INTEGER,
    minimum_days_on_receipt INTEGER DEFAULT 0 NOT NULL,
    catch_weight BOOLEAN DEFAULT false NOT NULL,
    cost_method text DEFAULT 'moving_average' NOT NULL,
    inspect_on_receipt BOOLEAN DEFAULT false NOT NULL,
    safety_stock NUMERIC(20, 6) DEFAULT 0 NOT NULL,
    price NUMERIC(20, 6) DEFAULT 0 NOT NULL,
    tax_rate NUMERIC(20, 6) DEFAULT 0 NOT NULL,
    is_active BOOLEAN DEFAULT true NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT item_code_once UNIQUE (code),
    CONSTRAINT item_tracking_known CHECK (tracking in ('none', 'lot', 'serial')),
    CONSTRAINT item_expiry_rule_known CHECK (expiry_rule in ('none', 'expires_on', 'best_before_on')),
    CONSTRAINT item_cost_method_known CHECK (cost_method in ('moving_average', 'fifo', 'specific')),
    CONSTRAINT item_decimals CHECK (decimals between 0 and 6),
    CONSTRAINT item_safety_stock_not_negative CHECK (safety_stock >= 0),
    CONSTRAINT item_price_not_negative CHECK (price >= 0),
    CONSTRAINT item_tax_rate_is_a_fraction CHECK (tax_rate >= 0 and tax_rate < 1),
    CONSTRAINT item_serials_are_whole CHECK (tracking <> 'serial' or decimals = 0),
    CONSTRAINT item_expiry_needs_lots CHECK (expiry_rule = 'none' or tracking <> 'none'),
    CONSTRAINT item_shelf_life_positive CHECK (shelf_life_days > 0),
    FOREIGN KEY(category_id) REFERENCES category (id),
    FOREIGN KEY(base_unit) REFERENCES unit (code)
);

CREATE INDEX item_name_trigrams ON item USING gin (name gin_trgm_ops);

CREATE TABLE store (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    area_id BIGINT NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    time_zone text DEFAULT 'Asia/Shanghai' NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT store_code_once UNIQUE (code),
    FOREIGN KEY(area_id) REFERENCES area (id)
);

CREATE TABLE user_area (
    user_id INTEGER NOT NULL,
    area_id INTEGER NOT NULL,
    PRIMARY KEY (user_id, area_id),
    FOREIGN KEY(user_id) REFERENCES app_user (id),
    FOREIGN KEY(area_id) REFERENCES area (id)
);

CREATE TABLE device (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL,
    token_hash text NOT NULL,
    store_id BIGINT,
    registered_by BIGINT NOT NULL,
    registered_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    last_seen_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    CONSTRAINT device_token_once UNIQUE (token_hash),
    FOREIGN KEY(store_id) REFERENCES store (id),
    FOREIGN KEY(registered_by) REFERENCES app_user (id)
);

CREATE TABLE logistic_unit (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    store_id BIGINT NOT NULL,
    sscc text NOT NULL,
    parent_id BIGINT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT logistic_unit_sscc_once UNIQUE (sscc),
    FOREIGN KEY(store_id) REFERENCES store (id),
    FOREIGN KEY(parent_id) REFERENCES logistic_unit (id)
);

CREATE INDEX ix_logistic_unit_store_id ON logistic_unit (store_id);

CREATE TABLE lot (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    item_id BIGINT NOT NULL,
    code text NOT NULL,
    produced_on DATE,
    best_before_on DATE,
    expires_on DATE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT lot_code_once_per_item UNIQUE (item_id, code),
    CONSTRAINT lot_belongs_to_item UNIQUE (id, item_id),
    CONSTRAINT lot_code_length CHECK (char_length(code) between 1 and 50),
    CONSTRAINT lot_expires_after_production CHECK (produced_on is null or expires_on is null or produced_on <= expires_on),
    FOREIGN KEY(item_id) REFERENCES item (id)
);

CREATE INDEX lot_of_code ON lot (code);

CREATE TABLE packaging (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    item_id BIGINT NOT NULL,
    name text NOT NULL,
    quantity NUMERIC(20, 6) NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT packaging_name_once_per_item UNIQUE (item_id, name),
    CONSTRAINT packaging_quantity_positive CHECK (quantity > 0),
    FOREIGN KEY(item_id) REFERENCES item (id)
);

CREATE TABLE purchase_order (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    store_id BIGINT NOT NULL,
    number text NOT NULL,
    supplier_id BIGINT NOT NULL,
    state text DEFAULT 'draft' NOT NULL,
    currency text NOT NULL,
    exchange_rate NUMERIC(20, 6) DEFAULT 1 NOT NULL,
    prices_include_tax BOOLEAN DEFAULT true NOT NULL,
    expected_on DATE,
    note text DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT purchase_order_number_once UNIQUE (number),
    CONSTRAINT purchase_order_state_known CHECK (state in ('draft', 'confirmed', 'in_progress', 'done', 'cancelled')),
    CONSTRAINT purchase_order_rate_positive CHECK (exchange_rate > 0),
    FOREIGN KEY(store_id) REFERENCES store (id),
    FOREIGN KEY(supplier_id) REFERENCES partner (id)
);

CREATE INDEX purchase_order_open ON purchase_order (store_id, state, expected_on);

CREATE TABLE user_store (
    user_id INTEGER NOT NULL,
    store_id INTEGER NOT NULL,
    PRIMARY KEY (user_id, store_id),
    FOREIGN KEY(user_id) REFERENCES app_user (id),
    FOREIGN KEY(store_id) REFERENCES store (id)
);

CREATE TABLE warehouse (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    store_id BIGINT NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    is_auxiliary BOOLEAN DEFAULT false NOT NULL,
    allows_negative BOOLEAN DEFAULT false NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT warehouse_code_once UNIQUE (code),
    CONSTRAINT warehouse_belongs_to_store UNIQUE (id, store_id),
    FOREIGN KEY(store_id) REFERENCES store (id)
);

CREATE INDEX ix_warehouse_store_id ON warehouse (store_id);

CREATE TABLE api_token (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL,
    token_hash text NOT NULL,
    user_id BIGINT NOT NULL,
    store_id BIGINT,
    device_id BIGINT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    last_used_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    CONSTRAINT api_token_once UNIQUE (token_hash),
    FOREIGN KEY(user_id) REFERENCES app_user (id),
    FOREIGN KEY(store_id) REFERENCES store (id),
    FOREIGN KEY(device_id) REFERENCES device (id)
);

CREATE TABLE cost_pool (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    store_id BIGINT,
    item_id BIGINT NOT NULL,
    lot_id BIGINT,
    quantity NUMERIC(20, 6) DEFAULT 0 NOT NULL,
    value NUMERIC(20, 4) DEFAULT 0 NOT NULL,
    last_unit_cost NUMERIC(20, 6) DEFAULT 0 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT cost_pool_key UNIQUE NULLS NOT DISTINCT (item_id, store_id, lot_id),
    CONSTRAINT cost_pool_quantity_not_negative CHECK (quantity >= 0),
    CONSTRAINT cost_pool_value_not_negative CHECK (value >= 0),
    CONSTRAINT cost_pool_empty_is_worthless CHECK (quantity <> 0 or value = 0),
    FOREIGN KEY(store_id) REFERENCES store (id),
    FOREIGN KEY(item_id) REFERENCES item (id),
    FOREIGN KEY(lot_id) REFERENCES lot (id)
);

CREATE TABLE login_session (
    token_hash text NOT NULL,
    user_id BIGINT NOT NULL,
    store_id BIGINT,
    device_id BIGINT,
    csrf_token text NOT NULL,
    ip text,
    user_agent text DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    last_seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    locked_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (token_hash),
    FOREIGN KEY(user_id) REFERENCES app_user (id),
    FOREIGN KEY(store_id) REFERENCES store (id),
    FOREIGN KEY(device_id) REFERENCES device (id)
);

CREATE INDEX ix_login_session_user_id ON login_session (user_id);

CREATE TABLE purchase_order_line (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    order_id BIGINT NOT NULL,
    store_id BIGINT NOT NULL,
    position INTEGER NOT NULL,
    item_id BIGINT NOT NULL,
    packaging_id BIGINT,
    entered_quantity NUMERIC(20, 6) NOT NULL,
    factor NUMERIC(20, 6) DEFAULT 1 NOT NULL,
    quantity NUMERIC(20, 6) NOT NULL,
    unit_price NUMERIC(20, 6) NOT NULL,
    tax_rate NUMERIC(20, 6) DEFAULT 0 NOT NULL,
    net_amount NUMERIC(20, 4) NOT NULL,
    over_receipt_tolerance NUMERIC(20, 6) DEFAULT 0 NOT NULL,
    received NUMERIC(20, 6) DEFAULT 0 NOT NULL,
    received_value NUMERIC(20, 4) DEFAULT 0 NOT NULL,
    short_reason text,
    PRIMARY KEY (id),
    CONSTRAINT purchase_order_line_position_once UNIQUE (order_id, position),
    CONSTRAINT purchase_order_line_quantity_positive CHECK (quantity > 0),
    CONSTRAINT purchase_order_line_price_not_negative CHECK (unit_price >= 0),
    CONSTRAINT purchase_order_line_received_not_negative CHECK (received >= 0),
    CONSTRAINT purchase_order_line_within_tolerance CHECK (received <= quantity * (1 + over_receipt_tolerance)),
    CONSTRAINT purchase_order_line_tolerance_sane CHECK (over_receipt_tolerance between 0 and 10),
    FOREIGN KEY(order_id) REFERENCES purchase_order (id),
    FOREIGN KEY(store_id) REFERENCES store (id),
    FOREIGN KEY(item_id) REFERENCES item (id),
    FOREIGN KEY(packaging_id) REFERENCES packaging (id)
);

CREATE INDEX purchase_order_line_of_item ON purchase_order_line (item_id);

CREATE TABLE zone (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    warehouse_id BIGINT NOT NULL,
    store_id BIGINT NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    is_pickable BOOLEAN DEFAULT true NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT zone_code_once_per_warehouse UNIQUE (warehouse_id, code),
    FOREIGN KEY(warehouse_id) REFERENCES warehouse (id),
    FOREIGN KEY(store_id) REFERENCES store (id)
);

CREATE INDEX ix_zone_store_id ON zone (store_id);

CREATE TABLE location (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    store_id BIGINT NOT NULL,
    warehouse_id BIGINT,
    zone_id BIGINT,
    code text NOT NULL,
    name text DEFAULT '' NOT NULL,
    kind text DEFAULT 'storage' NOT NULL,
    sequence INTEGER DEFAULT 0 NOT NULL,
    check_letter text DEFAULT '' NOT NULL,
    is_active BOOLEAN DEFAULT true NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT location_code_once UNIQUE (code),
    CONSTRAINT location_belongs_to_store UNIQUE (id, store_id),
    CONSTRAINT location_kind_known CHECK (kind in ('storage', 'dock', 'supplier', 'customer', 'production', 'adjustment', 'in_transit')),
    CONSTRAINT location_virtual_has_no_warehouse CHECK ((warehouse_id is null) = (kind not in ('storage', 'dock'))),
    FOREIGN KEY(store_id) REFERENCES store (id),
    FOREIGN KEY(warehouse_id) REFERENCES warehouse (id),
    FOREIGN KEY(zone_id) REFERENCES zone (id)
);

CREATE INDEX ix_location_zone_id ON location (zone_id);

CREATE UNIQUE INDEX location_virtual_once_per_store ON location (store_id, kind) WHERE kind not in ('storage', 'dock');

CREATE TABLE balance (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    store_id BIGINT NOT NULL,
    location_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    lot_id BIGINT,
    status text NOT NULL,
    logistic_unit_id BIGINT,
    on_hand NUMERIC(20, 6) DEFAULT 0 NOT NULL,
    allocated NUMERIC(20, 6) DEFAULT 0 NOT NULL,
    may_be_negative BOOLEAN DEFAULT false NOT NULL,
    is_serial BOOLEAN DEFAULT false NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT balance_key UNIQUE NULLS NOT DISTINCT (location_id, item_id, lot_id, status, logistic_unit_id),
    CONSTRAINT balance_on_hand_not_negative CHECK (on_hand >= 0 or may_be_negative),
    CONSTRAINT balance_allocated_not_negative CHECK (allocated >= 0),
    CONSTRAINT balance_allocated_within_on_hand CHECK (allocated <= greatest(on_hand, 0)),
    CONSTRAINT balance_status_known CHECK (status in ('available', 'inspection', 'frozen', 'damaged', 'returned')),
    CONSTRAINT balance_in_its_store FOREIGN KEY(location_id, store_id) REFERENCES location (id, store_id),
    CONSTRAINT balance_serial_at_most_one CHECK (not is_serial or on_hand <= 1),
    CONSTRAINT balance_lot_of_its_item FOREIGN KEY(lot_id, item_id) REFERENCES lot (id, item_id),
    FOREIGN KEY(store_id) REFERENCES store (id),
    FOREIGN KEY(item_id) REFERENCES item (id),
    FOREIGN KEY(logistic_unit_id) REFERENCES logistic_unit (id)
);

CREATE UNIQUE INDEX balance_serial_is_one ON balance (lot_id) WHERE is_serial and on_hand > 0;

CREATE INDEX balance_of_item ON balance (item_id, store_id);

CREATE TABLE code (
    code text NOT NULL,
    kind text NOT NULL,
    item_id BIGINT,
    packaging_id BIGINT,
    location_id BIGINT,
    partner_id BIGINT,
    PRIMARY KEY (code),
    CONSTRAINT code_kind_known CHECK (kind in ('item', 'barcode', 'location', 'partner')),
    CONSTRAINT code_means_one_thing CHECK (num_nonnulls(item_id, location_id, partner_id) = 1),
    CONSTRAINT code_of_packaging_is_a_barcode CHECK (packaging_id is null or (kind = 'barcode' and item_id is not null)),
    FOREIGN KEY(item_id) REFERENCES item (id),
    FOREIGN KEY(packaging_id) REFERENCES packaging (id),
    FOREIGN KEY(location_id) REFERENCES location (id),
    FOREIGN KEY(partner_id) REFERENCES partner (id)
);

CREATE INDEX code_of_item ON code (item_id);

CREATE TABLE receipt (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    store_id BIGINT NOT NULL,
    number text NOT NULL,
    order_id BIGINT,
    supplier_id BIGINT,
    state text DEFAULT 'in_progress' NOT NULL,
    dock_location_id BIGINT NOT NULL,
    held_by BIGINT,
    step JSONB NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    delivery_note text DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    CONSTRAINT receipt_number_once UNIQUE (number),
    CONSTRAINT receipt_state_known CHECK (state in ('in_progress', 'paused', 'done', 'cancelled')),
    FOREIGN KEY(store_id) REFERENCES store (id),
    FOREIGN KEY(order_id) REFERENCES purchase_order (id),
    FOREIGN KEY(supplier_id) REFERENCES partner (id),
    FOREIGN KEY(dock_location_id) REFERENCES location (id),
    FOREIGN KEY(held_by) REFERENCES app_user (id)
);

CREATE INDEX ix_receipt_order_id ON receipt (order_id);

CREATE UNIQUE INDEX receipt_one_open_per_order ON receipt (order_id) WHERE order_id is not null and state in ('in_progress', 'paused');

CREATE INDEX receipt_open ON receipt (store_id, state);

CREATE TABLE stock_move (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    store_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    lot_id BIGINT,
    logistic_unit_id BIGINT,
    from_location_id BIGINT NOT NULL,
    from_status text,
    to_location_id BIGINT NOT NULL,
    to_status text,
    quantity NUMERIC(20, 6) NOT NULL,
    biz_step text NOT NULL,
    line_kind text,
    line_id BIGINT,
    reason text,
    command_id UUID NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    reverses_id BIGINT,
    PRIMARY KEY (id),
    CONSTRAINT stock_move_quantity_positive CHECK (quantity > 0),
    CONSTRAINT stock_move_goes_somewhere CHECK (from_location_id <> to_location_id or from_status <> to_status),
    CONSTRAINT stock_move_touches_stock CHECK (from_status is not null or to_status is not null),
    CONSTRAINT stock_move_from_status_known CHECK (from_status in ('available', 'inspection', 'frozen', 'damaged', 'returned')),
    CONSTRAINT stock_move_to_status_known CHECK (to_status in ('available', 'inspection', 'frozen', 'damaged', 'returned')),
    CONSTRAINT stock_move_from_its_store FOREIGN KEY(from_location_id, store_id) REFERENCES location (id, store_id),
    CONSTRAINT stock_move_to_its_store FOREIGN KEY(to_location_id, store_id) REFERENCES location (id, store_id),
    CONSTRAINT stock_move_lot_of_its_item FOREIGN KEY(lot_id, item_id) REFERENCES lot (id, item_id),
    CONSTRAINT stock_move_has_its_command FOREIGN KEY(command_id) REFERENCES command (id) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY(store_id) REFERENCES store (id),
    FOREIGN KEY(item_id) REFERENCES item (id),
    FOREIGN KEY(logistic_unit_id) REFERENCES logistic_unit (id),
    FOREIGN KEY(reverses_id) REFERENCES stock_move (id)
);

CREATE INDEX stock_move_of_command ON stock_move (command_id);

CREATE INDEX stock_move_of_item ON stock_move (item_id, id);

CREATE INDEX stock_move_of_line ON stock_move (line_kind, line_id);

CREATE UNIQUE INDEX stock_move_reversed_once ON stock_move (reverses_id) WHERE reverses_id is not null;

CREATE TABLE allocation (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    store_id BIGINT NOT NULL,
    balance_id BIGINT NOT NULL,
    line_kind text NOT NULL,
    line_id BIGINT NOT NULL,
    quantity NUMERIC(20, 6) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT allocation_once_per_line UNIQUE (line_kind, line_id, balance_id),
    CONSTRAINT allocation_quantity_positive CHECK (quantity > 0),
    FOREIGN KEY(store_id) REFERENCES store (id),
    FOREIGN KEY(balance_id) REFERENCES balance (id)
);

CREATE INDEX allocation_of_balance ON allocation (balance_id);

CREATE TABLE cost_layer (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    pool_id BIGINT NOT NULL,
    move_id BIGINT NOT NULL,
    quantity NUMERIC(20, 6) NOT NULL,
    remaining NUMERIC(20, 6) NOT NULL,
    value NUMERIC(20, 4) NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT cost_layer_remaining_not_negative CHECK (remaining >= 0),
    CONSTRAINT cost_layer_value_not_negative CHECK (value >= 0),
    CONSTRAINT cost_layer_empty_is_worthless CHECK (remaining <> 0 or value = 0),
    FOREIGN KEY(pool_id) REFERENCES cost_pool (id),
    FOREIGN KEY(move_id) REFERENCES stock_move (id)
);

CREATE INDEX cost_layer_open ON cost_layer (pool_id, occurred_at, id) WHERE remaining > 0;

CREATE TABLE receipt_line (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    receipt_id BIGINT NOT NULL,
    store_id BIGINT NOT NULL,
    order_line_id BIGINT,
    kind text DEFAULT 'received' NOT NULL,
    item_id BIGINT NOT NULL,
    lot_id BIGINT,
    logistic_unit_id BIGINT,
    packaging_id BIGINT,
    entered_quantity NUMERIC(20, 6) NOT NULL,
    factor NUMERIC(20, 6) DEFAULT 1 NOT NULL,
    quantity NUMERIC(20, 6) NOT NULL,
    status text DEFAULT 'available' NOT NULL,
    net_amount NUMERIC(20, 4) DEFAULT 0 NOT NULL,
    put_away NUMERIC(20, 6) DEFAULT 0 NOT NULL,
    reason text,
    move_id BIGINT,
    command_id UUID NOT NULL,
    created_by BIGINT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    undone_at TIMESTAMP WITH TIME ZONE,
    raw_code text DEFAULT '' NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT receipt_line_quantity_positive CHECK (quantity > 0),
    CONSTRAINT receipt_line_kind_known CHECK (kind in ('received', 'damaged', 'short')),
    CONSTRAINT receipt_line_deviation_has_reason CHECK (kind = 'received' or reason is not null),
    CONSTRAINT receipt_line_put_away_within_quantity CHECK (put_away >= 0 and put_away <= quantity),
    FOREIGN KEY(receipt_id) REFERENCES receipt (id),
    FOREIGN KEY(store_id) REFERENCES store (id),
    FOREIGN KEY(order_line_id) REFERENCES purchase_order_line (id),
    FOREIGN KEY(item_id) REFERENCES item (id),
    FOREIGN KEY(lot_id) REFERENCES lot (id),
    FOREIGN KEY(logistic_unit_id) REFERENCES logistic_unit (id),
    FOREIGN KEY(packaging_id) REFERENCES packaging (id),
    FOREIGN KEY(move_id) REFERENCES stock_move (id),
    FOREIGN KEY(created_by) REFERENCES app_user (id)
);

CREATE INDEX receipt_line_beside_the_order ON receipt_line (receipt_id, item_id) WHERE order_line_id is null;

CREATE INDEX receipt_line_damaged ON receipt_line (order_line_id) WHERE kind = 'damaged';

CREATE INDEX receipt_line_of_order_line ON receipt_line (order_line_id);

CREATE INDEX receipt_line_of_receipt ON receipt_line (receipt_id, id);

CREATE TABLE cost_entry (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    store_id BIGINT NOT NULL,
    move_id BIGINT,
    pool_id BIGINT,
    layer_id BIGINT,
    quantity NUMERIC(20, 6) NOT NULL,
    amount NUMERIC(20, 4) NOT NULL,
    kind text NOT NULL,
    cause_id BIGINT,
    command_id UUID NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT cost_entry_kind_known CHECK (kind in ('receipt', 'issue', 'return_in', 'return_out', 'landed', 'landed_to_cogs', 'revaluation', 'correction', 'production_in', 'production_out', 'transfer', 'adjustment')),
    FOREIGN KEY(store_id) REFERENCES store (id),
    FOREIGN KEY(move_id) REFERENCES stock_move (id),
    FOREIGN KEY(pool_id) REFERENCES cost_pool (id),
    FOREIGN KEY(layer_id) REFERENCES cost_layer (id),
    FOREIGN KEY(cause_id) REFERENCES cost_entry (id)
);

CREATE INDEX cost_entry_of_move ON cost_entry (move_id);

CREATE INDEX cost_entry_of_pool ON cost_entry (pool_id, id);
