"""Letting more of an order come in than its tolerance: where a policy says who approves that.

What is approved is a limit, not a scan: the goods are scanned again afterwards, as they are then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.approvals.asking import Ask, Subject, Title, ask, is_governed
from app.catalog import input as given
from app.kit import sql
from app.kit.i18n import mark
from app.kit.money import ZERO, fits, plain
from app.kit.transactions import Envelope
from app.receiving import problems
from app.receiving.order_problems import NoSuchOrder, OrderNotOpen

QUERIES = sql.Queries(Path(__file__).with_suffix(".sql"))
MOST = Decimal(10)
_STEP = Decimal("0.000001")


@dataclass(frozen=True)
class AllowMore:
    """``total`` is how much of the item may come in with this order, in base units."""

    order_id: int
    item_id: int
    total: given.Quantity
    reason: str = ""


@dataclass(frozen=True)
class MoreAllowed:
    """``request_id`` where votes are needed first; nothing has changed then."""

    order_id: int
    total: Decimal
    request_id: int | None = None


@dataclass(frozen=True)
class AllowedLine:
    """A line of the order with this item."""

    id: int
    store_id: int
    quantity: Decimal
    tolerance: Decimal
    item_id: int
    item_code: str
    item_name: str
    decimals: int
    base_unit: str
    order_number: str
    state: str
    supplier: str

    @property
    def limit(self) -> Decimal:
        return self.quantity * (1 + self.tolerance)


def allow_more(session: Session, command: AllowMore, envelope: Envelope) -> MoreAllowed:
    """Raise the tolerance of the item's last line so that ``total`` fits.

    Raises:
        NoSuchOrder, OrderNotOpen, QuantityTooFine, QuantityAbsurd, OverReceipt (where no policy
        speaks of it), ChangedUnderneath.
    """
    lines = _lines(session, command)
    limit, ordered = sums(lines)
    if command.total <= limit:
        return MoreAllowed(command.order_id, limit)
    _refuse_absurd(lines, command.total)
    if not is_governed(session, "over_receipt", lines[0].store_id):
        raise problems.OverReceipt(
            item=lines[0].item_name, total=plain(command.total), limit=plain(limit),
            ordered=plain(ordered),
        )  # fmt: skip
    waiting = ask(session, envelope, _ask(command, lines, ordered))
    if waiting is not None:
        return MoreAllowed(command.order_id, command.total, waiting.request_id)
    _raise(session, lines, command.total - limit)
    return MoreAllowed(command.order_id, command.total)


def _lines(session: Session, command: AllowMore) -> list[AllowedLine]:
    lines = lines_with(session, command.order_id, command.item_id, "lines_to_allow")
    if not lines:
        raise NoSuchOrder
    if lines[0].state in {"draft", "cancelled"}:
        raise OrderNotOpen(number=lines[0].order_number, state=lines[0].state)
    return lines


def lines_with(
    session: Session, order_id: int, item_id: int, name: str = "lines_with"
) -> list[AllowedLine]:
    """The lines of an order with an item, for a screen or, locked, for the command."""
    asked = {"order_id": order_id, "item_id": item_id}
    return sql.rows(session, AllowedLine, QUERIES[name], asked)


def sums(lines: Sequence[AllowedLine]) -> tuple[Decimal, Decimal]:
    """What may come in by now, and what was ordered."""
    return sum((line.limit for line in lines), ZERO), sum((line.quantity for line in lines), ZERO)


def _refuse_absurd(lines: Sequence[AllowedLine], total: Decimal) -> None:
    line = lines[-1]
    said = {"item": line.item_name, "unit": line.base_unit, "quantity": plain(total)[:40]}
    if not fits(total, line.decimals):
        raise problems.QuantityTooFine(**said, decimals=line.decimals)
    others = sum((one.limit for one in lines[:-1]), ZERO)
    if total - others > line.quantity * (1 + MOST):
        raise problems.QuantityAbsurd(**said, ordered=plain(sums(lines)[1]))


def _raise(session: Session, lines: Sequence[AllowedLine], more: Decimal) -> None:
    """Rounded up: at most a millionth of the line too much."""
    line = lines[-1]
    tolerance = ((line.limit + more) / line.quantity - 1).quantize(_STEP, rounding=ROUND_CEILING)
    sql.execute(session, QUERIES["set_tolerance"], {"line_id": line.id, "tolerance": tolerance})


def _ask(command: AllowMore, lines: Sequence[AllowedLine], ordered: Decimal) -> Ask:
    line = lines[0]
    facts: dict[str, Any] = {
        "item": line.item_code,
        "order": line.order_number,
        "supplier": line.supplier,
        "ordered": ordered,
        "total": command.total,
        "excess": command.total - ordered,
    }
    values = {
        "total": plain(command.total),
        "item": line.item_name,
        "order": line.order_number,
        "ordered": plain(ordered),
    }
    return Ask(
        kind="over_receipt",
        facts=facts,
        command=command,
        handler=allow_more,
        subject=Subject("purchase_order", command.order_id, f"/purchase-orders/{command.order_id}"),
        store_id=line.store_id,
        reason=command.reason,
        title=Title(mark("Let {total} {item} come in for {order} (ordered: {ordered})"), values),
    )
