"""What stands against closing a month: each slice says it of its own documents.

A slice puts named statements into a ``closing.sql`` beside its queries; they are found by the
file's name, as the proofs of ``verify.sql`` are.  Each takes ``ends_on`` and gives ``subject``,
``detail`` and ``link``.  What a name begins with says how grave it is: ``must_`` forbids closing,
``may_`` is accepted by a person who says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import LiteralString

from sqlmodel import Session

from app.kit import sql
from app.kit.i18n import mark

APP = Path(__file__).parents[1]
MOST_SHOWN = 20
GRAVE = "must_"
CHECK_NAMES = {
    "must_no_stock_below_zero": mark("Stock is below zero"),
    "must_late_moves_valued": mark("Late movements are still being valued"),
    "may_receipts_unfinished": mark("Receipts not finished"),
    "may_receipts_uninvoiced": mark("Goods received without an invoice"),
    "may_invoices_unposted": mark("Supplier invoices not posted"),
    "may_landing_unposted": mark("Landed cost not posted"),
    "may_returns_unfinished": mark("Supplier returns not finished"),
    "may_shipments_unfinished": mark("Shipments not finished"),
    "may_production_unfinished": mark("Production not finished"),
    "may_picked_goods_unshipped": mark("Orders begun and not shipped"),
}


@dataclass(frozen=True)
class Found:
    """One thing that is not finished; ``count`` is how many of its kind there are."""

    subject: str
    detail: str
    link: str
    count: int


@dataclass(frozen=True)
class Finding:
    """A check that found something: how much, and the first of it."""

    check: str
    count: int
    shown: list[Found]

    @property
    def is_grave(self) -> bool:
        return self.check.startswith(GRAVE)

    @property
    def words(self) -> str:
        """What it is about, to be translated."""
        return CHECK_NAMES.get(self.check, self.check)


@cache
def every_check() -> list[tuple[str, LiteralString]]:
    """(name, statement), the grave ones first."""
    found: list[tuple[str, LiteralString]] = [
        (name, queries[name])
        for queries in (sql.Queries(path) for path in sorted(APP.glob("*/closing.sql")))
        for name in queries.texts
    ]
    found.sort(key=lambda check: not check[0].startswith(GRAVE))
    return found


def findings(session: Session, ends_on: date) -> list[Finding]:
    """What is not finished by the end of a month."""
    found: list[Finding] = []
    for name, text in every_check():
        first: LiteralString = "select listed.*, count(*) over () as count from ("
        last: LiteralString = ") as listed limit %(most)s"
        values = {"ends_on": ends_on, "most": MOST_SHOWN}
        rows = sql.rows(session, Found, first + text + last, values)
        if rows:
            found.append(Finding(name, rows[0].count, rows))
    return found
