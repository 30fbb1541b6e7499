"""What figures are grouped and narrowed by: one table of dimensions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import LiteralString

from app.kit.formats import day
from app.kit.i18n import gettext, mark

ITEM: LiteralString = "left join item on item.id = sale.item_id"
STORE: LiteralString = "join store on store.id = sale.store_id"


@dataclass(frozen=True)
class Dimension:
    """One way to group.

    ``key`` is SQL on a row ``sale`` of ``sale_margin`` (with ``join``), never null; ``cast`` its
    type.  ``none`` is what the key says where there is nothing, in words and as ``nothing``.
    ``is_coarse``: there are hundreds of keys at most, so that any two such have few groups.
    """

    name: str
    words: str
    key: LiteralString
    cast: LiteralString = "bigint"
    join: LiteralString = ""
    none: str = ""
    nothing: str = "0"
    is_period: bool = False
    is_coarse: bool = False


_ALL = (
    Dimension("item", mark("Item"), "sale.item_id"),
    Dimension(
        "category", mark("Category"), "coalesce(item.category_id, 0)",
        join=ITEM, none=mark("Without category"), is_coarse=True,
    ),
    Dimension("customer", mark("Customer"), "sale.customer_id"),
    Dimension(
        "region", mark("Region"), "sale.region", "text",
        none=mark("Without region"), nothing="", is_coarse=True,
    ),
    Dimension("area", mark("Area"), "store.area_id", join=STORE, is_coarse=True),
    Dimension("store", mark("Store"), "sale.store_id", is_coarse=True),
    Dimension(
        "salesperson", mark("Salesperson"), "coalesce(sale.salesperson_id, 0)",
        none=mark("Without salesperson"), is_coarse=True,
    ),
    Dimension("lot", mark("Lot"), "coalesce(sale.lot_id, 0)", none=mark("Without lot")),
    Dimension("order", mark("Sales order"), "sale.order_id"),
    Dimension("day", mark("Day"), "sale.booked_on", "date", is_period=True, is_coarse=True),
    Dimension(
        "week", mark("Week"), "date_trunc('week', sale.booked_on::timestamp)::date", "date",
        is_period=True, is_coarse=True,
    ),
    Dimension(
        "month", mark("Month"), "date_trunc('month', sale.booked_on::timestamp)::date", "date",
        is_period=True, is_coarse=True,
    ),
    Dimension(
        "quarter", mark("Quarter"), "date_trunc('quarter', sale.booked_on::timestamp)::date",
        "date", is_period=True, is_coarse=True,
    ),
)  # fmt: skip
DIMENSIONS = {dimension.name: dimension for dimension in _ALL}
# A region without a name in an address: an empty value would be no filter.
NO_REGION = "-"


def last_day(name: str, first: date) -> date:
    """The last day of the period ``name`` (day, week, month, quarter) that begins on ``first``."""
    match name:
        case "day":
            return first
        case "week":
            return first + timedelta(days=6)
        case _:
            months = 3 if name == "quarter" else 1
            later = first.month - 1 + months
            return date(first.year + later // 12, later % 12 + 1, 1) - timedelta(days=1)


def period_words(name: str, first: date) -> str:
    """``2026-11-22``, ``2026-W47``, ``2026-11``, ``2026 Q4``."""
    match name:
        case "day":
            return day(first)
        case "week":
            year, week, _ = first.isocalendar()
            return f"{year}-W{week:02}"
        case "month":
            return f"{first:%Y-%m}"
        case _:
            return f"{first.year} Q{(first.month + 2) // 3}"


def none_words(dimension: Dimension) -> str:
    """What stands for nothing."""
    return gettext(dimension.none) if dimension.none else "?"
