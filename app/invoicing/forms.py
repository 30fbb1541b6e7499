"""Reading the forms of invoices."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar, cast

from app.catalog import input as given
from app.catalog.problems import InvalidInput
from app.invoicing.queries import InvoiceView, Offered
from app.kit.money import plain, rounded

C = TypeVar("C")
MOST_ROWS = 600
_HEAD = ("supplier", "supplier_number", "currency", "note")
_IN_A_LINE = ("kind", "receipt", "item", "quantity", "unit_price", "tax_rate")
_APART = re.compile(r"[\s,，;；、]+")


def invoice_fields(data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of ``CreateInvoice`` that a sent form holds, without its store."""
    fields: dict[str, Any] = {name: str(data.get(name, "")) for name in _HEAD}
    return fields | {
        "kind": str(data.get("kind") or "invoice"),
        "corrects_id": data.get("corrects_id") or None,
        "invoice_on": data.get("invoice_on") or None,
        "exchange_rate": data.get("exchange_rate") or None,
        "prices_include_tax": bool(data.get("prices_include_tax")),
        "lines": [line for line in lines_in(data) if line["quantity"]],
    }


def lines_in(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every row of the form: ``receipt.1``, ``item.1``, ``quantity.1`` and so on."""
    found: list[dict[str, Any]] = []
    for place in range(1, MOST_ROWS + 1):
        if not data.get(f"receipt.{place}"):
            break
        row = {name: str(data.get(f"{name}.{place}", "")).strip() for name in _IN_A_LINE}
        found.append(row | {"tax_rate": row["tax_rate"] or None, "kind": row["kind"] or "received"})
    return found


def numbers_of(text: str) -> list[str]:
    """Numbers of receipts, apart by blanks or commas."""
    return [number.upper() for number in _APART.split(text) if number]


def counted(command: type[C], fields: Mapping[str, object]) -> C:
    """A command from the fields of a form or of JSON.

    Raises:
        InvalidInput: lines are counted from 1, as people and the commands count them.
    """
    try:
        return given.read(command, fields)
    except InvalidInput as problem:
        found = cast("list[dict[str, Any]]", problem.data["found"])
        raise InvalidInput.of([{**row, "field": _counted(row["field"])} for row in found]) from None


def _counted(field: str) -> str:
    parts = field.removeprefix("content.").split(".")
    if parts[0] == "lines" and len(parts) > 1 and parts[1].isdigit():
        parts[1] = str(int(parts[1]) + 1)
    return ".".join(parts)


def begun(rows: Sequence[Offered], *, credit: bool = False) -> dict[str, str]:
    """The form of a new invoice over what is open: all of it at the order's price.

    A credit note begins without quantities.
    """
    first = next((row for row in rows if row.currency), None)
    values = {"prices_include_tax": "yes" if first is None or first.prices_include_tax else ""}
    if rows:
        values["supplier"] = rows[0].supplier_code or ""
    if first is not None and first.exchange_rate != 1:
        values["currency"] = first.currency or ""
    for place, row in enumerate(rows, 1):
        price = row.order_price
        if price is None:
            price = row.open_amount / row.open_quantity if row.open_quantity else Decimal(0)
        values |= {
            f"receipt.{place}": row.receipt,
            f"item.{place}": row.item_code,
            f"title.{place}": row.title,
            f"unit.{place}": row.base_unit,
            f"open.{place}": plain(row.invoiced if credit else row.open_quantity),
            f"back.{place}": plain(row.returned) if row.returned else "",
            f"quantity.{place}": "" if credit else plain(row.open_quantity),
            f"unit_price.{place}": "" if credit else plain(rounded(price, 6)),
            f"tax_rate.{place}": plain(row.tax_rate),
            f"kind.{place}": "allowance" if credit else "received",
        }
    return values


def values_of(view: InvoiceView) -> dict[str, str]:
    """A draft as the boxes of its form."""
    head = view.head
    values = {
        "kind": head.kind,
        "corrects_id": str(head.corrects_id or ""),
        "supplier": head.supplier_code,
        "supplier_number": head.supplier_number,
        "invoice_on": head.invoice_on.isoformat(),
        "currency": head.currency if head.currency != head.company_currency else "",
        "exchange_rate": plain(head.exchange_rate) if head.exchange_rate != 1 else "",
        "prices_include_tax": "yes" if head.prices_include_tax else "",
        "note": head.note,
    }
    for place, line in enumerate(view.lines, 1):
        values |= {
            f"receipt.{place}": line.receipt,
            f"item.{place}": line.item_code,
            f"title.{place}": line.title,
            f"unit.{place}": line.base_unit,
            f"quantity.{place}": plain(line.quantity),
            f"unit_price.{place}": plain(line.unit_price),
            f"tax_rate.{place}": plain(line.tax_rate),
            f"kind.{place}": line.kind,
        }
    return values


def places_of(values: Mapping[str, Any]) -> list[int]:
    """The rows that the form has."""
    return [place for place in range(1, MOST_ROWS + 1) if values.get(f"receipt.{place}")]


def line_marks(marks: Mapping[str, str], values: Mapping[str, Any]) -> dict[int, dict[str, str]]:
    """What is wrong with which row: the command counts only rows that have a quantity."""
    filled = [place for place in places_of(values) if str(values.get(f"quantity.{place}", ""))]
    found: dict[int, dict[str, str]] = {}
    for name, text in marks.items():
        parts = name.split(".")
        if parts[0] == "lines" and len(parts) > 2 and parts[1].isdigit():  # noqa: PLR2004
            place = int(parts[1])
            if 0 < place <= len(filled):
                found.setdefault(filled[place - 1], {})[parts[2]] = text
    return found
