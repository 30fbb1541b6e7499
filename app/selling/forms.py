"""Reading the forms of sales orders."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from app.catalog import input as given
from app.catalog.problems import InvalidInput
from app.kit.formats import in_zone, local
from app.kit.money import plain
from app.orders.creating import MOST_LINES
from app.selling.queries import OrderHead, OrderLineView

C = TypeVar("C")
IN_A_LINE = (
    "item", "quantity", "unit", "unit_price", "discount_rate", "tax_rate", "minimum_days",
    "whole_packs",
)  # fmt: skip
"""What a line of the box holds, in its order."""
_TEXTS = (
    "customer", "warehouse", "salesperson", "region", "currency", "allocation_rule",
    "address", "contact", "phone", "note",
)  # fmt: skip
_NUMBERS = {"priority": "5", "minimum_days": "0", "exchange_rate": "1"}
_CELLS = re.compile(r"[,，;；]")
_HEADING = re.compile(r"^(item|code|barcode|商品|编码|条码)", re.IGNORECASE)
_YES = frozenset({"yes", "y", "true", "1", "是", "√", "整箱"})


def terms_in(data: Mapping[str, str], zone: str) -> dict[str, Any]:
    """What the form says beside the lines, as the fields of ``CreateOrder`` and ``ChangeOrder``.

    Args:
        zone: of the store, which the time in ``due_at`` is of.
    """
    fields: dict[str, Any] = {name: data.get(name, "") for name in _TEXTS}
    fields |= {name: data.get(name) or usual for name, usual in _NUMBERS.items()}
    return fields | {
        "requested_on": data.get("requested_on") or None,
        "due_at": _moment(data.get("due_at", ""), zone),
        "partial_policy": data.get("partial_policy") or "partial",
        "prices_include_tax": bool(data.get("prices_include_tax")),
    }


def order_of(command: type[C], fields: Mapping[str, object]) -> C:
    """A command on an order from the fields of a form or of JSON.

    Raises:
        InvalidInput: its lines are counted from 1, as people and the command itself count them.
    """
    try:
        return given.read(command, fields)
    except InvalidInput as problem:
        found = cast("list[dict[str, Any]]", problem.data["found"])
        raise InvalidInput.of([{**row, "field": _counted(row["field"])} for row in found]) from None


def _counted(field: str) -> str:
    parts = field.split(".")
    if parts[0] == "lines" and len(parts) > 1 and parts[1].isdigit():
        parts[1] = str(int(parts[1]) + 1)
    return ".".join(parts)


def _moment(text: str, zone: str) -> datetime | str | None:
    """What a box for date and time sends, in the store's zone; as it stands where it is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)) if text else None
    except ValueError:
        return text


def cells_of_text(text: str) -> list[list[str]]:
    """Lines as people paste them, cell by cell: set apart by tabs, or else by commas or
    semicolons; a first line of headings is skipped.
    """
    rows = [row for row in (line.strip() for line in text.splitlines()) if row]
    if rows and _HEADING.match(rows[0]) and not any(letter.isdigit() for letter in rows[0]):
        rows = rows[1:]
    split = [row.split("\t") if "\t" in row else _CELLS.split(row) for row in rows]
    return [[cell.strip() for cell in cells] for cells in split[: MOST_LINES + 1]]


def lines_of_text(text: str) -> list[dict[str, Any]]:
    """The same as fields of ``SalesLine``; what is left out has its usual value, numbers stay as
    typed: the command checks them.
    """
    return [_line(cells) for cells in cells_of_text(text)]


def _line(cells: Sequence[str]) -> dict[str, Any]:
    given: dict[str, Any] = dict(zip(IN_A_LINE, cells, strict=False))
    found = {name: value for name, value in given.items() if value}
    if "whole_packs" in found:
        found["whole_packs"] = found["whole_packs"].casefold() in _YES
    return found | {"quantity": given.get("quantity") or ""}


def values_of(head: OrderHead, lines: Sequence[OrderLineView]) -> dict[str, str]:
    """A draft as the boxes of its form."""
    with in_zone(head.time_zone):
        due = local(head.due_at).isoformat(timespec="minutes") if head.due_at else ""
    names = ("warehouse", "salesperson", "region", "currency", "allocation_rule", "address",
             "contact", "phone", "note", "partial_policy")  # fmt: skip
    return {
        **{name: getattr(head, name) for name in names},
        "customer": head.customer_code,
        "priority": str(head.priority),
        "minimum_days": str(head.minimum_days),
        "exchange_rate": plain(head.exchange_rate),
        "requested_on": head.requested_on.isoformat() if head.requested_on else "",
        "due_at": due,
        "prices_include_tax": "yes" if head.prices_include_tax else "",
        "lines": "\n".join(text_of(line) for line in lines),
    }


def text_of(line: OrderLineView) -> str:
    """A line as the box holds it."""
    days = "" if line.minimum_days is None else str(line.minimum_days)
    cells = [
        line.code, plain(line.entered_quantity), line.packaging or line.unit,
        plain(line.unit_price), _percent(line.discount_rate), _percent(line.tax_rate), days,
        "yes" if line.whole_packs else "",
    ]  # fmt: skip
    return "\t".join(cells).rstrip("\t")


def _percent(rate: Decimal) -> str:
    return f"{plain(rate * 100)}%" if rate else "0"
