"""What exists: items with their packs and codes, lots, places, partners."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, Index, Numeric, UniqueConstraint, text
from sqlmodel import Field

from app.kit.tables import Table, key, moment, one_of, price_column, quantity_column, reference

TRACKINGS = ("none", "lot", "serial")
EXPIRY_RULES = ("none", "expires_on", "best_before_on")
COST_METHODS = ("moving_average", "fifo", "specific")
VIRTUAL_KINDS = ("supplier", "customer", "production", "adjustment", "in_transit")
REAL_KINDS = ("storage", "dock", "staging", "cart")
LOCATION_KINDS = (*REAL_KINDS, *VIRTUAL_KINDS)
PICKING_RULES = ("fefo", "fifo", "fewest_stops")
PARTNER_KINDS = ("supplier", "customer", "both")


class Unit(Table, table=True):
    """A unit of measure such as 个, kg, 箱; ``decimals`` is the finest that makes sense."""

    __tablename__ = "unit"
    __table_args__ = (CheckConstraint("decimals between 0 and 6", name="unit_decimals"),)

    code: str = Field(primary_key=True)
    name: str
    decimals: int = 0


class Category(Table, table=True):
    __tablename__ = "category"
    __table_args__ = (
        UniqueConstraint("code", name="category_code_once"),
        one_of("cost_method", *COST_METHODS, name="category_cost_method_known"),
    )

    id: int | None = key()
    parent_id: int | None = reference("category.id", null=True)
    code: str
    name: str
    cost_method: str = "moving_average"


class Item(Table, table=True):
    """What is stocked and counted, in its base unit.

    ``minimum_days_on_receipt`` is the shelf life that must be left when it comes in;
    ``catch_weight`` items are weighed at each receipt.  ``tax_rate`` is a fraction (0.13).
    ``weight_kg`` and ``volume_litre`` are of one base unit, null where nobody has said so; litres,
    because six decimals of a cubic metre are too coarse for small things.
    """

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("code", name="item_code_once"),
        one_of("tracking", *TRACKINGS, name="item_tracking_known"),
        one_of("expiry_rule", *EXPIRY_RULES, name="item_expiry_rule_known"),
        one_of("cost_method", *COST_METHODS, name="item_cost_method_known"),
        CheckConstraint("decimals between 0 and 6", name="item_decimals"),
        one_of("picking_rule", *PICKING_RULES, name="item_picking_rule_known"),
        CheckConstraint("safety_stock >= 0", name="item_safety_stock_not_negative"),
        CheckConstraint("price >= 0", name="item_price_not_negative"),
        CheckConstraint("tax_rate >= 0 and tax_rate < 1", name="item_tax_rate_is_a_fraction"),
        CheckConstraint("tracking <> 'serial' or decimals = 0", name="item_serials_are_whole"),
        CheckConstraint(
            "expiry_rule = 'none' or tracking <> 'none'", name="item_expiry_needs_lots"
        ),
        CheckConstraint("shelf_life_days > 0", name="item_shelf_life_positive"),
        CheckConstraint("weight_kg >= 0", name="item_weight_not_negative"),
        CheckConstraint("volume_litre >= 0", name="item_volume_not_negative"),
        CheckConstraint("fallback_unit_cost >= 0", name="item_fallback_unit_cost_not_negative"),
        Index(
            "item_name_trigrams",
            "name",
            postgresql_using="gin",
            postgresql_ops={"name": "gin_trgm_ops"},
        ),
    )

    id: int | None = key()
    code: str
    name: str
    specification: str = ""
    category_id: int | None = reference("category.id", null=True)
    base_unit: str = Field(foreign_key="unit.code")
    decimals: int = 0
    tracking: str = "none"
    expiry_rule: str = "none"
    shelf_life_days: int | None = None
    minimum_days_on_receipt: int = 0
    catch_weight: bool = False
    cost_method: str = "moving_average"
    inspect_on_receipt: bool = False
    safety_stock: Decimal = quantity_column(Decimal(0))
    price: Decimal = price_column(Decimal(0))
    tax_rate: Decimal = price_column(Decimal(0))
    is_active: bool = True
    created_at: datetime = moment(now=True)
    picking_rule: str = "fefo"
    weight_kg: Decimal | None = quantity_column(null=True)
    volume_litre: Decimal | None = quantity_column(null=True)
    fallback_unit_cost: Decimal | None = price_column(null=True)


class Packaging(Table, table=True):
    """A pack of an item with its own barcode: ``quantity`` base units in one."""

    __tablename__ = "packaging"
    __table_args__ = (
        UniqueConstraint("item_id", "name", name="packaging_name_once_per_item"),
        CheckConstraint("quantity > 0", name="packaging_quantity_positive"),
    )

    id: int | None = key()
    item_id: int = reference("item.id")
    name: str
    quantity: Decimal = quantity_column()


class Code(Table, table=True):
    """一物一码: one code means one thing in the whole company, held by this table's key.

    ``code`` is normalised as scanning reads it (GTIN-14 for every EAN/UPC/ITF, upper case
    otherwise).  Exactly one of the references is set, as ``kind`` says.
    """

    __tablename__ = "code"
    __table_args__ = (
        one_of("kind", "item", "barcode", "location", "partner", name="code_kind_known"),
        CheckConstraint(
            "num_nonnulls(item_id, location_id, partner_id) = 1", name="code_means_one_thing"
        ),
        CheckConstraint(
            "packaging_id is null or (kind = 'barcode' and item_id is not null)",
            name="code_of_packaging_is_a_barcode",
        ),
        Index("code_of_item", "item_id"),
    )

    code: str = Field(primary_key=True)
    kind: str
    item_id: int | None = reference("item.id", null=True)
    packaging_id: int | None = reference("packaging.id", null=True)
    location_id: int | None = reference("location.id", null=True)
    partner_id: int | None = reference("partner.id", null=True)


class Lot(Table, table=True):
    """A lot of an item, or one serial number of it."""

    __tablename__ = "lot"
    __table_args__ = (
        UniqueConstraint("item_id", "code", name="lot_code_once_per_item"),
        UniqueConstraint("id", "item_id", name="lot_belongs_to_item"),
        CheckConstraint("char_length(code) between 1 and 50", name="lot_code_length"),
        CheckConstraint(
            "produced_on is null or expires_on is null or produced_on <= expires_on",
            name="lot_expires_after_production",
        ),
        Index("lot_of_code", "code"),
    )

    id: int | None = key()
    item_id: int = reference("item.id")
    code: str
    produced_on: date | None = None
    best_before_on: date | None = None
    expires_on: date | None = None
    created_at: datetime = moment(now=True)


class Partner(Table, table=True):
    """A supplier or customer."""

    __tablename__ = "partner"
    __table_args__ = (
        UniqueConstraint("code", name="partner_code_once"),
        one_of("kind", *PARTNER_KINDS, name="partner_kind_known"),
    )

    id: int | None = key()
    code: str
    name: str
    kind: str
    phone: str = ""
    tax_number: str = ""
    is_active: bool = True


class Warehouse(Table, table=True):
    __tablename__ = "warehouse"
    __table_args__ = (
        UniqueConstraint("code", name="warehouse_code_once"),
        UniqueConstraint("id", "store_id", name="warehouse_belongs_to_store"),
    )

    id: int | None = key()
    store_id: int = reference("store.id", index=True)
    code: str
    name: str
    is_auxiliary: bool = False
    allows_negative: bool = False


class Zone(Table, table=True):
    """Part of a warehouse; says whether orders pick from it."""

    __tablename__ = "zone"
    __table_args__ = (
        UniqueConstraint("warehouse_id", "code", name="zone_code_once_per_warehouse"),
    )

    id: int | None = key()
    warehouse_id: int = reference("warehouse.id")
    store_id: int = reference("store.id", index=True)
    code: str
    name: str
    is_pickable: bool = True


class Location(Table, table=True):
    """The smallest scannable place, or a virtual one of its store (no warehouse)."""

    __tablename__ = "location"
    __table_args__ = (
        UniqueConstraint("code", name="location_code_once"),
        UniqueConstraint("id", "store_id", name="location_belongs_to_store"),
        one_of("kind", *LOCATION_KINDS, name="location_kind_known"),
        CheckConstraint(
            "(warehouse_id is null) = (kind not in ('storage', 'dock', 'staging', 'cart'))",
            name="location_virtual_has_no_warehouse",
        ),
        CheckConstraint(
            "not is_consigned or warehouse_id is not null", name="location_consigned_is_real"
        ),
        Index("location_consigned", "id", postgresql_where=text("is_consigned")),
        Index(
            "location_virtual_once_per_store",
            "store_id",
            "kind",
            unique=True,
            postgresql_where=text("kind not in ('storage', 'dock', 'staging', 'cart')"),
        ),
    )

    id: int | None = key()
    store_id: int = reference("store.id")
    warehouse_id: int | None = reference("warehouse.id", null=True)
    zone_id: int | None = reference("zone.id", null=True, index=True)
    code: str
    name: str = ""
    kind: str = "storage"
    sequence: int = 0
    check_letter: str = ""
    is_active: bool = True
    is_consigned: bool = False


class LogisticUnit(Table, table=True):
    """A carton or pallet with its own identity (SSCC, GS1 AI 00)."""

    __tablename__ = "logistic_unit"
    __table_args__ = (UniqueConstraint("sscc", name="logistic_unit_sscc_once"),)

    id: int | None = key()
    store_id: int = reference("store.id", index=True)
    sscc: str
    parent_id: int | None = reference("logistic_unit.id", null=True)
    created_at: datetime = moment(now=True)


class NumberSeries(Table, table=True):
    """The last number given per document kind and day: ``PO-20261122-0001``."""

    __tablename__ = "number_series"

    prefix: str = Field(primary_key=True)
    last_number: int = Field(default=0, sa_type=BigInteger)


RATE = Numeric(20, 10)
"""Of exchange rates: enough for a currency of which ten thousand make one."""


class CurrencyRate(Table, table=True):
    """Company currency per unit of ``currency``, from a day on until the next row's."""

    __tablename__ = "currency_rate"
    __table_args__ = (
        UniqueConstraint("currency", "valid_from", name="currency_rate_once_per_day"),
        CheckConstraint("rate > 0", name="currency_rate_positive"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_rate_currency_known"),
    )

    id: int | None = key()
    currency: str
    valid_from: date
    rate: Decimal = Field(sa_type=RATE)
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)
