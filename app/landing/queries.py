"""What the screens and the API of landed cost show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.kit import sql
from app.kit.money import ZERO
from app.kit.problems import Problem, problem_named
from app.kit.web import Cursor, Listing
from app.landing.loading import ChargeRow, LineRow, charges_of, lines_of
from app.landing.posting import preview_voucher
from app.landing.problems import VoucherUnknown
from app.landing.shares import Share

VIEWS = sql.Queries(Path(__file__).with_name("views.sql"))
WORKING = frozenset({"posting", "reversing"})


@dataclass(frozen=True)
class VoucherRow:
    """A voucher in the list; ``kinds`` of its charges, apart by blanks."""

    id: int
    number: str
    state: str
    store_id: int
    store: str
    supplier: str
    supplier_number: str
    voucher_on: date
    currency: str
    exchange_rate: Decimal
    value: Decimal
    created_at: datetime
    posted_at: datetime | None
    user_name: str | None
    kinds: str | None
    lines: int
    to_stock: Decimal | None
    to_cogs: Decimal | None


@dataclass(frozen=True)
class VoucherHead:
    id: int
    number: str
    state: str
    store_id: int
    store: str
    supplier_code: str | None
    supplier: str
    supplier_number: str
    voucher_on: date
    currency: str
    exchange_rate: Decimal
    value: Decimal
    note: str
    problem: dict[str, Any] | None
    created_at: datetime
    posted_at: datetime | None
    reversed_at: datetime | None
    reversal_reason: str
    made_by: str | None
    posted_by: str | None
    reversed_by: str | None
    company_currency: str
    decimals: int
    lines: int

    @property
    def is_working(self) -> bool:
        """Whether a job is at it."""
        return self.state in WORKING

    @property
    def refusal(self) -> Problem | None:
        """What stopped the job."""
        return problem_named(self.problem["code"], self.problem["data"]) if self.problem else None


@dataclass(frozen=True)
class ReceiptView:
    id: int
    number: str
    supplier: str
    order_number: str | None
    closed_at: datetime | None


@dataclass(frozen=True)
class RecentReceipt:
    id: int
    number: str
    supplier: str
    closed_at: datetime | None
    has_voucher: bool


@dataclass(frozen=True)
class LineView:
    """A receipt line with what it gets: ``value`` of all charges, less ``estimate``, makes the
    change that goes ``to_stock`` and ``to_cogs``.  ``shares`` by the charge's id.
    """

    line: LineRow
    value: Decimal
    estimate: Decimal
    to_stock: Decimal
    to_cogs: Decimal
    shares: Mapping[int, Decimal]


@dataclass(frozen=True)
class VoucherView:
    """A voucher as it was posted, or as it would be posted now; ``refusal`` says why it cannot."""

    head: VoucherHead
    receipts: list[ReceiptView]
    charges: list[ChargeRow]
    lines: list[LineView]
    refusal: Problem | None = None

    @property
    def goods(self) -> Decimal:
        return sum((one.line.goods for one in self.lines), ZERO)

    @property
    def estimate(self) -> Decimal:
        return sum((one.estimate for one in self.lines), ZERO)

    @property
    def to_stock(self) -> Decimal:
        return sum((one.to_stock for one in self.lines), ZERO)

    @property
    def to_cogs(self) -> Decimal:
        return sum((one.to_cogs for one in self.lines), ZERO)


def vouchers(session: Session, query: Mapping[str, str], cursor: Cursor) -> Listing[VoucherRow]:
    """Newest first; ``query`` may hold ``state`` and ``text`` (a number, a supplier)."""
    whole = every_voucher(query)
    page = {"after": _after(cursor), "limit": cursor.limit + 1}
    return cursor.cut(sql.rows(session, VoucherRow, whole.text, {**whole.parameters, **page}), "id")


def every_voucher(query: Mapping[str, str]) -> sql.Select[VoucherRow]:
    """All of that list."""
    text = query.get("text", "").strip()[:100]
    given = {"state": query.get("state", ""), "text": text, "inside": f"%{text}%"}
    return sql.Select(VoucherRow, VIEWS["vouchers"], {**given, "after": None, "limit": None})


def head(session: Session, voucher_id: int) -> VoucherHead:
    """Raises VoucherUnknown."""
    found = sql.one(session, VoucherHead, VIEWS["head"], {"voucher_id": voucher_id})
    if found is None:
        raise VoucherUnknown
    return found


def voucher(session: Session, voucher_id: int) -> VoucherView:
    """The whole voucher.  Of a draft: what posting would do now.  Raises VoucherUnknown."""
    top = head(session, voucher_id)
    asked = {"voucher_id": voucher_id}
    receipts = sql.rows(session, ReceiptView, VIEWS["receipts"], asked)
    charges = charges_of(session, voucher_id)
    if top.state not in {"draft", "posting"}:
        return VoucherView(top, receipts, charges, _posted_lines(session, voucher_id))
    try:
        lines = _previewed_lines(session, top)
    except Problem as problem:
        bare = [_line_view(line, [], None) for line in lines_of(session, voucher_id)]
        return VoucherView(top, receipts, charges, bare, problem)
    return VoucherView(top, receipts, charges, lines)


def hand_shares(session: Session, voucher_id: int) -> dict[int, list[tuple[str, Decimal]]]:
    """By charge: item code and amount, as they were entered."""
    found: dict[int, list[tuple[str, Decimal]]] = {}
    for row in sql.rows(session, _HandRow, VIEWS["hand_shares"], {"voucher_id": voucher_id}):
        found.setdefault(row.charge_id, []).append((row.item, row.amount))
    return found


@dataclass(frozen=True)
class Choice:
    code: str
    name: str


@dataclass(frozen=True)
class Choices:
    """What the form of a voucher offers."""

    suppliers: list[Choice]
    currencies: list[str]
    receipts: list[RecentReceipt]


def choices(session: Session, store_id: int) -> Choices:
    return Choices(
        sql.rows(session, Choice, VIEWS["suppliers"]),
        [row.currency for row in sql.rows(session, _Currency, VIEWS["currencies"])],
        sql.rows(session, RecentReceipt, VIEWS["recent_receipts"], {"store_id": store_id}),
    )


@dataclass(frozen=True)
class Counts:
    drafts: int
    working: int


def counts(session: Session, store_id: int) -> Counts:
    found = sql.one(session, Counts, VIEWS["counts"], {"store_id": store_id})
    return found or Counts(0, 0)


# ---- Behind them -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _HandRow:
    charge_id: int
    item: str
    amount: Decimal


@dataclass(frozen=True)
class _Currency:
    currency: str


@dataclass(frozen=True)
class _Result:
    receipt_line_id: int
    value: Decimal
    estimate: Decimal
    to_stock: Decimal
    to_cogs: Decimal


def _after(cursor: Cursor) -> int | None:
    key = cursor.after
    return key[0] if key and isinstance(key[0], int) else None


def _previewed_lines(session: Session, top: VoucherHead) -> list[LineView]:
    shown = preview_voucher(session, top.id, top.decimals)
    sums = {one.receipt_line_id: one for one in shown.loaded.sums}
    results: dict[int, _Result] = {}
    for line in shown.loaded.lines:
        total, gone = sums.get(line.receipt_line_id), shown.results.get(line.move_id)
        results[line.receipt_line_id] = _Result(
            line.receipt_line_id,
            total.value if total else ZERO,
            total.estimate if total else ZERO,
            gone.to_stock if gone else ZERO,
            gone.to_cogs if gone else ZERO,
        )
    return _line_views(shown.loaded.lines, shown.loaded.shares, results)


def _posted_lines(session: Session, voucher_id: int) -> list[LineView]:
    asked = {"voucher_id": voucher_id}
    found = sql.rows(session, _Result, VIEWS["posted"], asked)
    shares = sql.rows(session, Share, VIEWS["posted_shares"], asked)
    results = {one.receipt_line_id: one for one in found}
    return _line_views(lines_of(session, voucher_id), shares, results)


def _line_views(
    lines: Sequence[LineRow], shares: Sequence[Share], results: Mapping[int, _Result]
) -> list[LineView]:
    mine: dict[int, list[Share]] = {}
    for share in shares:
        mine.setdefault(share.receipt_line_id, []).append(share)
    return [
        _line_view(line, mine.get(line.receipt_line_id, []), results.get(line.receipt_line_id))
        for line in lines
    ]


def _line_view(line: LineRow, shares: Sequence[Share], result: _Result | None) -> LineView:
    return LineView(
        line,
        result.value if result else ZERO,
        result.estimate if result else ZERO,
        result.to_stock if result else ZERO,
        result.to_cogs if result else ZERO,
        {share.charge_id: share.value for share in shares},
    )
