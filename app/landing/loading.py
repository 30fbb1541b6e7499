"""Reading a voucher: its lines, its charges, and what each line gets of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.kit import sql
from app.kit.money import ZERO
from app.landing.problems import VoucherUnknown
from app.landing.shares import Charge, Line, Share, Sum, shares_of, sums_of
from app.ledger.costing.sharing import Basis

QUERIES = sql.Queries.beside(__file__)


@dataclass(frozen=True)
class Voucher:
    """A locked voucher; ``targets`` is how many receipt lines it names."""

    id: int
    store_id: int
    number: str
    state: str
    voucher_on: date
    value: Decimal
    supplier: str
    targets: int
    decimals: int


@dataclass(frozen=True)
class LineRow:
    """A receipt line of a voucher; weight in kg and volume in litres of the whole line."""

    receipt_line_id: int
    move_id: int
    store_id: int
    order_line_id: int | None
    receipt_id: int
    receipt_number: str
    item_id: int
    item_code: str
    item_name: str
    specification: str
    base_unit: str
    lot_code: str | None
    quantity: Decimal
    goods: Decimal
    accrued: Decimal
    weight: Decimal | None
    volume: Decimal | None

    @property
    def title(self) -> str:
        return f"{self.item_name} {self.specification}".strip()


@dataclass(frozen=True)
class ChargeRow:
    """A stored charge: ``amount`` in the voucher's currency, ``value`` in the company's."""

    id: int
    position: int
    kind: str
    basis: Basis
    amount: Decimal
    value: Decimal
    replaces_estimate: bool


@dataclass(frozen=True)
class Loaded:
    """A voucher with its lines, its charges, and every share."""

    lines: list[LineRow]
    charges: list[ChargeRow]
    shares: list[Share]
    sums: list[Sum]

    @property
    def goods(self) -> Decimal:
        return sum((line.goods for line in self.lines), ZERO)

    @property
    def accrued(self) -> Decimal:
        return sum((line.accrued for line in self.lines), ZERO)


def lock_voucher(session: Session, voucher_id: int) -> Voucher:
    """Raises VoucherUnknown."""
    found = sql.one(session, Voucher, QUERIES["lock_voucher"], {"voucher_id": voucher_id})
    if found is None:
        raise VoucherUnknown
    return found


def lines_of(session: Session, voucher_id: int) -> list[LineRow]:
    """The lines that still stand, by item."""
    return sql.rows(session, LineRow, QUERIES["lines"], {"voucher_id": voucher_id})


def charges_of(session: Session, voucher_id: int) -> list[ChargeRow]:
    return sql.rows(session, ChargeRow, QUERIES["charges"], {"voucher_id": voucher_id})


def load(session: Session, voucher_id: int, decimals: int) -> Loaded:
    """Everything of a draft, shared out as it would be posted now.

    Raises:
        BasisUnknown, BasisZero.
    """
    lines, charges = lines_of(session, voucher_id), charges_of(session, voucher_id)
    found = shares_of(
        _with_given(session, voucher_id, charges),
        _with_estimates(session, voucher_id, lines),
        decimals,
    )
    return Loaded(lines, charges, found, sums_of(found))


@dataclass(frozen=True)
class _Given:
    charge_id: int
    receipt_line_id: int
    given: Decimal


def _with_given(session: Session, voucher_id: int, charges: list[ChargeRow]) -> list[Charge]:
    by_charge: dict[int, dict[int, Decimal]] = defaultdict(dict)
    if any(charge.basis == "manual" for charge in charges):
        for row in sql.rows(session, _Given, QUERIES["given"], {"voucher_id": voucher_id}):
            by_charge[row.charge_id][row.receipt_line_id] = row.given
    return [
        Charge(one.id, one.kind, one.basis, one.value, one.replaces_estimate, by_charge[one.id])
        for one in charges
    ]


@dataclass(frozen=True)
class _Expected:
    order_line_id: int
    kind: str
    value: Decimal


@dataclass(frozen=True)
class _Replaced:
    receipt_line_id: int
    kind: str


def _with_estimates(session: Session, voucher_id: int, lines: list[LineRow]) -> list[Line]:
    asked: dict[str, Any] = {"voucher_id": voucher_id}
    expected: dict[int | None, dict[str, Decimal]] = defaultdict(dict)
    replaced: dict[int, set[str]] = defaultdict(set)
    if any(line.accrued for line in lines):
        for row in sql.rows(session, _Expected, QUERIES["expected"], asked):
            expected[row.order_line_id][row.kind] = row.value
        for row in sql.rows(session, _Replaced, QUERIES["replaced"], asked):
            replaced[row.receipt_line_id].add(row.kind)
    return [
        Line(
            receipt_line_id=line.receipt_line_id,
            item=line.title,
            goods=line.goods,
            quantity=line.quantity,
            weight=line.weight,
            volume=line.volume,
            accrued=line.accrued,
            expected=expected[line.order_line_id],
            replaced=frozenset(replaced[line.receipt_line_id]),
        )
        for line in lines
    ]
