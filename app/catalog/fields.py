"""The fields of the catalog's forms, and the words for what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.catalog.queries import (
    CategoryView,
    ItemView,
    LocationView,
    PartnerView,
    UnitView,
    WarehouseView,
    ZoneView,
)
from app.kit.forms import Field
from app.kit.i18n import gettext, mark
from app.kit.money import plain

TRACKING_NAMES = {
    "none": mark("No lots"),
    "lot": mark("By lot"),
    "serial": mark("By serial number"),
}
EXPIRY_NAMES = {
    "none": mark("No dates"),
    "expires_on": mark("Expiry date"),
    "best_before_on": mark("Best-before date"),
}
KIND_NAMES = {
    "storage": mark("Storage"),
    "dock": mark("Dock"),
    "staging": mark("Staging"),
    "cart": mark("Cart position"),
}
PARTNER_NAMES = {
    "supplier": mark("Supplier"),
    "customer": mark("Customer"),
    "both": mark("Supplier and customer"),
}
COST_NAMES = {
    "moving_average": mark("Moving average"),
    "fifo": mark("First in, first out"),
    "specific": mark("By lot or serial number"),
}


def item_fields(
    item: ItemView | None, units: Sequence[UnitView], categories: Sequence[CategoryView]
) -> list[Field]:
    """The form of an item; None for a new one."""
    return [*_identity(item, units, categories), *_keeping(item), *_selling(item), *_size(item)]


def _identity(
    item: ItemView | None, units: Sequence[UnitView], categories: Sequence[CategoryView]
) -> list[Field]:
    unit_options = (("", "—"), *((unit.code, unit.name) for unit in units))
    category_options = (("", "—"), *((str(one.id), one.name) for one in categories))
    return [
        Field("code", gettext("Item code"), value=item.code if item else "", required=True),
        Field("name", gettext("Name"), value=item.name if item else "", required=True),
        Field("specification", gettext("Specification"), value=item.specification if item else ""),
        Field(
            "category_id",
            gettext("Category"),
            "select",
            str(item.category_id or "") if item else "",
            options=category_options,
        ),
        Field(
            "base_unit",
            gettext("Base unit"),
            "select",
            item.base_unit if item else "",
            hint=gettext("The unit in which it is stocked and counted; fixed once it has moved."),
            options=unit_options,
        ),
        Field(
            "decimals",
            gettext("Decimals of quantities"),
            "digits",
            str(item.decimals) if item else "",
            hint=gettext("Empty: as usual for the unit."),
        ),
    ]


def _keeping(item: ItemView | None) -> list[Field]:
    tracking = item.tracking if item else "none"
    rule = item.expiry_rule if item else "none"
    shelf_life = _text(item.shelf_life_days if item else None)
    least = _text(item.minimum_days_on_receipt if item else 0)
    weighed = item.catch_weight if item else False
    inspected = item.inspect_on_receipt if item else False
    return [
        Field(
            "tracking", gettext("Tracking"), "select", tracking, options=_options(TRACKING_NAMES)
        ),
        Field("expiry_rule", gettext("Dates"), "select", rule, options=_options(EXPIRY_NAMES)),
        Field(
            "cost_method",
            gettext("Costing"),
            "select",
            item.cost_method if item else "",
            hint=gettext("How issues are valued; fixed once it has moved."),
            options=(
                *(() if item else (("", gettext("As its category")),)),
                *_options(COST_NAMES),
            ),
        ),
        Field("shelf_life_days", gettext("Shelf life in days"), "digits", shelf_life),
        Field("minimum_days_on_receipt", gettext("Days left at least on receipt"), "digits", least),
        Field("catch_weight", gettext("Weighed at each receipt"), "yes", weighed),
        Field("inspect_on_receipt", gettext("Inspected on receipt"), "yes", inspected),
    ]


def _selling(item: ItemView | None) -> list[Field]:
    return [
        Field(
            "safety_stock",
            gettext("Safety stock"),
            "decimal",
            plain(item.safety_stock) if item else "0",
        ),
        Field(
            "price",
            gettext("Price per unit, without tax"),
            "decimal",
            plain(item.price) if item else "0",
        ),
        Field(
            "tax_rate",
            gettext("Tax rate"),
            value=percentage(item.tax_rate) if item else "0%",
            hint=gettext("Such as 13%."),
        ),
    ]


def _size(item: ItemView | None) -> list[Field]:
    """What freight is spread by."""
    weight = item.weight_kg if item else None
    volume = item.volume_litre if item else None
    hint = gettext("Of one base unit, to spread freight by. Empty: not known.")
    return [
        Field("weight_kg", gettext("Weight in kg"), "decimal", _text(weight), hint=hint),
        Field("volume_litre", gettext("Volume in litres"), "decimal", _text(volume), hint=hint),
    ]


def location_fields(
    location: LocationView | None, warehouses: Sequence[WarehouseView], zones: Sequence[ZoneView]
) -> list[Field]:
    """One location; a new one also chooses its warehouse."""
    zone_options = (("", "—"), *((str(zone.id), _zone(zone, warehouses)) for zone in zones))
    return [
        *([] if location else [_warehouse(warehouses)]),
        Field("code", gettext("Code"), value=location.code if location else "", required=True),
        Field(
            "zone_id",
            gettext("Zone"),
            "select",
            str(location.zone_id or "") if location else "",
            options=zone_options,
        ),
        Field("name", gettext("Name"), value=location.name if location else ""),
        Field(
            "kind",
            gettext("Kind"),
            "select",
            location.kind if location else "storage",
            options=_options(KIND_NAMES),
        ),
        Field(
            "sequence",
            gettext("Place on the walk"),
            "digits",
            str(location.sequence) if location else "",
            hint=gettext("Empty: at the end."),
        ),
    ]


def range_fields(warehouses: Sequence[WarehouseView], zones: Sequence[ZoneView]) -> list[Field]:
    hint = gettext("A-01-01 to A-05-04 makes 20 locations.")
    zone_options = (("", "—"), *((str(zone.id), _zone(zone, warehouses)) for zone in zones))
    return [
        _warehouse(warehouses),
        Field("first", gettext("First location"), required=True, hint=hint),
        Field("last", gettext("Last location"), required=True),
        Field("zone_id", gettext("Zone"), "select", options=zone_options),
        Field("kind", gettext("Kind"), "select", "storage", options=_options(KIND_NAMES)),
    ]


def warehouse_fields() -> list[Field]:
    return [
        Field("code", gettext("Code"), required=True),
        Field("name", gettext("Name"), required=True),
        Field("is_auxiliary", gettext("Auxiliary warehouse"), "yes", value=False),
    ]


def zone_fields(warehouses: Sequence[WarehouseView]) -> list[Field]:
    return [
        _warehouse(warehouses),
        Field("code", gettext("Code"), required=True),
        Field("name", gettext("Name"), required=True),
        Field("is_pickable", gettext("Orders pick from here"), "yes", value=True),
    ]


def packaging_fields() -> list[Field]:
    hint = gettext("Such as 箱/12.")
    return [
        Field("name", gettext("Name"), required=True, hint=hint),
        Field("quantity", gettext("How many in one pack"), "decimal", required=True),
        Field("barcode", gettext("Barcode of the pack")),
        Field("internal", gettext("Our own number, no GS1 barcode"), "yes", value=False),
    ]


def unit_fields() -> list[Field]:
    return [
        Field("code", gettext("Code"), required=True, hint=gettext("Such as 个 or kg.")),
        Field("name", gettext("Name"), required=True),
        Field("decimals", gettext("Decimals of quantities"), "digits", "0"),
    ]


def category_fields(categories: Sequence[CategoryView]) -> list[Field]:
    options = (("", "—"), *((str(one.id), one.name) for one in categories))
    return [
        Field("code", gettext("Code"), required=True),
        Field("name", gettext("Name"), required=True),
        Field("parent_id", gettext("Part of"), "select", options=options),
    ]


def partner_fields(partner: PartnerView | None) -> list[Field]:
    return [
        Field("code", gettext("Code"), value=partner.code if partner else "", required=True),
        Field("name", gettext("Name"), value=partner.name if partner else "", required=True),
        Field(
            "kind",
            gettext("Kind"),
            "select",
            partner.kind if partner else "supplier",
            options=_options(PARTNER_NAMES),
        ),
        Field("phone", gettext("Phone"), value=partner.phone if partner else ""),
        Field("tax_number", gettext("Tax number"), value=partner.tax_number if partner else ""),
    ]


def percentage(rate: Decimal) -> str:
    return plain(rate * 100) + "%"


def _warehouse(warehouses: Sequence[WarehouseView]) -> Field:
    options = tuple((str(one.id), f"{one.store} · {one.name}") for one in warehouses)
    return Field("warehouse_id", gettext("Warehouse"), "select", options=options, required=True)


def _zone(zone: ZoneView, warehouses: Sequence[WarehouseView]) -> str:
    warehouse = next((one.code for one in warehouses if one.id == zone.warehouse_id), "")
    return f"{warehouse} · {zone.name}"


def _options(names: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((value, gettext(words)) for value, words in names.items())


def _text(number: Decimal | int | None) -> str:
    return "" if number is None else plain(Decimal(number))
