"""Reading the forms of landed cost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from app.catalog import input as given
from app.catalog.problems import InvalidInput
from app.kit.money import plain
from app.landing.estimates import ChargeView
from app.landing.queries import VoucherView
from app.landing.writing import MOST_CHARGES

C = TypeVar("C")
ROWS = 4
"""Charges that an empty form has boxes for."""
_APART = re.compile(r"[\s,，;；、]+")
_SHARE = re.compile(r"^\s*(\S+?)\s*[\s,，:：=]\s*(\S+)\s*$")
_HEAD = ("supplier", "supplier_number", "currency", "note")


def voucher_fields(data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of ``CreateVoucher`` that a sent form holds, without its store."""
    chosen = data.get("receipt", [])
    ticked = cast("list[str]", chosen) if isinstance(chosen, list) else [str(chosen)]
    typed = _APART.split(str(data.get("receipts", "")))
    fields: dict[str, Any] = {name: str(data.get(name, "")) for name in _HEAD}
    return fields | {
        "receipts": [number for number in (*ticked, *typed) if number],
        "items": [code for code in _APART.split(str(data.get("items", ""))) if code],
        "voucher_on": data.get("voucher_on") or None,
        "exchange_rate": data.get("exchange_rate") or None,
        "charges": charges_in(data),
    }


def charges_in(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The charges whose amount was filled in: ``kind.1``, ``amount.1``, ``basis.1`` and so on."""
    found: list[dict[str, Any]] = []
    for place in range(1, MOST_CHARGES + 1):
        amount = str(data.get(f"amount.{place}", "")).strip()
        if amount:
            found.append(
                {
                    "kind": str(data.get(f"kind.{place}", "")),
                    "amount": amount,
                    "basis": str(data.get(f"basis.{place}", "")),
                    "replaces_estimate": bool(data.get(f"replaces.{place}")),
                    "shares": shares_in(str(data.get(f"shares.{place}", ""))),
                }
            )
    return found


def shares_in(text: str) -> list[dict[str, str]]:
    """``BREAD 12.50`` on a line each, or apart by semicolons."""
    lines = [line for line in re.split(r"[\n;；]+", text) if line.strip()]
    return [_share(line) for line in lines]


def _share(line: str) -> dict[str, str]:
    found = _SHARE.match(line)
    item, amount = found.groups() if found else (line.strip(), "")
    return {"item": item, "amount": amount}


def expected_in(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Charges expected with an order, from the same boxes."""
    found: list[dict[str, Any]] = []
    for place in range(1, MOST_CHARGES + 1):
        amount = str(data.get(f"amount.{place}", "")).strip()
        if amount:
            found.append(
                {
                    "kind": str(data.get(f"kind.{place}", "")),
                    "amount": amount,
                    "basis": str(data.get(f"basis.{place}", "")),
                    "currency": str(data.get(f"currency.{place}", "")),
                    "exchange_rate": data.get(f"rate.{place}") or None,
                }
            )
    return found


def counted(command: type[C], fields: Mapping[str, object]) -> C:
    """A command from the fields of a form or of JSON.

    Raises:
        InvalidInput: charges are counted from 1, as people and the commands count them.
    """
    try:
        return given.read(command, fields)
    except InvalidInput as problem:
        found = cast("list[dict[str, Any]]", problem.data["found"])
        raise InvalidInput.of([{**row, "field": _counted(row["field"])} for row in found]) from None


def _counted(field: str) -> str:
    parts = field.removeprefix("content.").split(".")
    if parts[0] == "charges" and len(parts) > 1 and parts[1].isdigit():
        parts[1] = str(int(parts[1]) + 1)
    return ".".join(parts)


def values_of(view: VoucherView, by_hand: Mapping[int, list[tuple[str, Any]]]) -> dict[str, str]:
    """A draft as the boxes of its form."""
    head = view.head
    values = {
        "receipts": "\n".join(one.number for one in view.receipts),
        "supplier": head.supplier_code or "",
        "supplier_number": head.supplier_number,
        "voucher_on": head.voucher_on.isoformat(),
        "currency": head.currency if head.currency != head.company_currency else "",
        "exchange_rate": plain(head.exchange_rate) if head.exchange_rate != 1 else "",
        "note": head.note,
    }
    for charge in view.charges:
        place = charge.position
        values |= {
            f"kind.{place}": charge.kind,
            f"amount.{place}": plain(charge.amount),
            f"basis.{place}": charge.basis,
            f"replaces.{place}": "yes" if charge.replaces_estimate else "",
            f"shares.{place}": "\n".join(
                f"{item} {plain(amount.copy_sign(charge.amount))}"
                for item, amount in by_hand.get(charge.id, [])
            ),
        }
    return values


def estimate_values(charges: list[ChargeView]) -> dict[str, str]:
    """Expected charges as the boxes of their form."""
    values: dict[str, str] = {}
    for place, charge in enumerate(charges, 1):
        values |= {
            f"kind.{place}": charge.kind,
            f"amount.{place}": plain(charge.amount),
            f"basis.{place}": charge.basis,
            f"currency.{place}": charge.currency,
            f"rate.{place}": plain(charge.exchange_rate) if charge.exchange_rate != 1 else "",
        }
    return values
