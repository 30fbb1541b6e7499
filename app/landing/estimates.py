"""Charges that are expected with a purchase order: its goods enter stock with their share."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from sqlmodel import Session

from app.catalog import input as given
from app.catalog.currencies import document_rate
from app.catalog.problems import InvalidInput
from app.kit import clock, sql
from app.kit.i18n import mark
from app.kit.money import ZERO, rounded
from app.kit.transactions import Envelope
from app.landing import problems
from app.landing.shares import Charge, Line, shares_of
from app.landing.writing import ABSURD, MOST_AMOUNT, ChargeKind

QUERIES = sql.Queries(Path(__file__).with_suffix(".sql"))
ONCE_EACH = mark("Each kind of charge is estimated once.")
MORE_THAN_ZERO = mark("It must be more than 0.")
EstimateBasis = Literal["by_value", "by_weight", "by_volume", "by_quantity", "equal"]


@dataclass(frozen=True)
class ExpectedCharge:
    """``amount`` in ``currency`` (empty: the company's); ``exchange_rate`` None: the list's."""

    kind: ChargeKind
    amount: given.Money
    basis: EstimateBasis = "by_value"
    currency: given.Note = ""
    exchange_rate: given.Rate | None = None


@dataclass(frozen=True)
class EstimateCharges:
    """All charges expected with the order, in place of what was expected before."""

    order_id: given.Id
    charges: list[ExpectedCharge]


@dataclass(frozen=True)
class ChargesEstimated:
    """``value`` is what they add to the order's goods, in the company's currency."""

    order_id: int
    value: Decimal


@dataclass(frozen=True)
class OrderHead:
    """The order as estimates need it; ``supplier`` is its name."""

    id: int
    store_id: int
    number: str
    state: str
    supplier: str
    has_receipts: bool
    time_zone: str
    decimals: int
    company_currency: str

    @property
    def is_open(self) -> bool:
        """Whether charges can still be estimated: goods enter with their estimate or without."""
        return self.state in {"confirmed", "in_progress"} and not self.has_receipts


@dataclass(frozen=True)
class ChargeView:
    """A charge that is expected."""

    id: int
    kind: str
    basis: str
    amount: Decimal
    currency: str
    exchange_rate: Decimal
    value: Decimal


@dataclass(frozen=True)
class _OrderLine:
    id: int
    item: str
    goods: Decimal
    quantity: Decimal
    weight: Decimal | None
    volume: Decimal | None


def estimate_charges(
    session: Session, command: EstimateCharges, envelope: Envelope
) -> ChargesEstimated:
    """Say what freight and the like will probably cost.

    Raises:
        OrderUnknown, EstimateTooLate, InvalidInput, CurrencyWithoutRate, BasisUnknown, BasisZero.
    """
    command = given.checked(command)
    order = _open_order(session, command.order_id)
    _refuse_twice(command)
    sql.execute(session, QUERIES["delete_charges"], {"order_id": order.id})
    lines = sql.rows(session, _OrderLine, QUERIES["order_lines"], {"order_id": order.id})
    totals: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for charge in command.charges:
        stored = _write_charge(session, order, charge, envelope)
        found = shares_of([stored], [_line(line) for line in lines], order.decimals)
        for share in found:
            totals[share.receipt_line_id] += share.value
        _write_shares(session, order, stored.id, {one.receipt_line_id: one.value for one in found})
    _write_totals(session, lines, totals)
    return ChargesEstimated(order.id, sum(totals.values(), ZERO))


def order_head(session: Session, order_id: int) -> OrderHead:
    """Raises OrderUnknown."""
    found = sql.one(session, OrderHead, QUERIES["order_head"], {"order_id": order_id})
    if found is None:
        raise problems.OrderUnknown
    return found


def charges_of_order(session: Session, order_id: int) -> list[ChargeView]:
    return sql.rows(session, ChargeView, QUERIES["charges"], {"order_id": order_id})


# ---- Behind them -------------------------------------------------------------------------------


def _open_order(session: Session, order_id: int) -> OrderHead:
    """The order, locked as receiving locks it: no receipt is opened meanwhile."""
    sql.execute(session, QUERIES["lock_order"], {"order_id": order_id})
    order = order_head(session, order_id)
    if not order.is_open:
        raise problems.EstimateTooLate(number=order.number)
    return order


def _refuse_twice(command: EstimateCharges) -> None:
    kinds = [charge.kind for charge in command.charges]
    marks: list[dict[str, Any]] = []
    for place, charge in enumerate(command.charges, 1):
        if charge.amount <= 0:
            marks.append({"field": f"charges.{place}.amount", "text": MORE_THAN_ZERO, "values": {}})
        if charge.kind in kinds[: place - 1]:
            marks.append({"field": f"charges.{place}.kind", "text": ONCE_EACH, "values": {}})
    if marks:
        raise InvalidInput.of(marks)


def _write_charge(
    session: Session, order: OrderHead, charge: ExpectedCharge, envelope: Envelope
) -> Charge:
    day: date = clock.today(order.time_zone)
    rate = document_rate(session, charge.currency, day, charge.exchange_rate)
    value = rounded(charge.amount * rate.rate, order.decimals)
    if value > MOST_AMOUNT:
        raise InvalidInput.of([{"field": "charges", "text": ABSURD, "values": {}}])
    values = {
        "order_id": order.id,
        "store_id": order.store_id,
        "kind": charge.kind,
        "basis": charge.basis,
        "amount": charge.amount,
        "currency": rate.currency,
        "exchange_rate": rate.rate,
        "value": value,
        "user_id": envelope.caller.user_id,
    }
    charge_id = int(sql.value(session, QUERIES["insert_charge"], values))
    return Charge(charge_id, charge.kind, charge.basis, value)


def _line(line: _OrderLine) -> Line:
    return Line(line.id, line.item, line.goods, line.quantity, line.weight, line.volume)


def _write_shares(
    session: Session, order: OrderHead, charge_id: int, shares: dict[int, Decimal]
) -> None:
    values = {
        "charge_id": charge_id,
        "store_id": order.store_id,
        "line_ids": list(shares),
        "amounts": list(shares.values()),
    }
    sql.execute(session, QUERIES["insert_shares"], values)


def _write_totals(session: Session, lines: list[_OrderLine], totals: dict[int, Decimal]) -> None:
    values = {
        "line_ids": [line.id for line in lines],
        "amounts": [totals[line.id] for line in lines],
    }
    sql.execute(session, QUERIES["set_estimates"], values)
