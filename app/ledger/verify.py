"""Proof: recompute everything that is kept beside the facts, and name each difference."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlmodel import Session

from app.kit import sql
from app.kit.database import SYSTEM, Database

APP = Path(__file__).parents[1]


@dataclass(frozen=True)
class Difference:
    """One thing that does not add up: what it is, what the facts say, what is stored."""

    check: str
    subject: str
    expected: str
    found: str


@dataclass(frozen=True)
class _Row:
    subject: str
    expected: str
    found: str


@cache
def every_check() -> list[sql.Queries]:
    """The ``verify.sql`` of the ledger and of each slice above it, in the same three columns.

    They are found by the file's name, so that no slice has to be remembered anywhere.
    """
    return [sql.Queries(path) for path in sorted(APP.glob("*/verify.sql"))]


def verify(database: Database) -> list[Difference]:
    """Every difference in the whole company, in one consistent snapshot; empty when it adds up."""
    with database.reading(SYSTEM, snapshot=True) as session:
        return [
            difference
            for checks in every_check()
            for name in checks.texts
            for difference in _differences(session, checks, name)
        ]


def _differences(session: Session, checks: sql.Queries, name: str) -> list[Difference]:
    # Parameters are given, if empty, so that %% in the text means % as everywhere else.
    found = sql.rows(session, _Row, checks[name], {})
    return [Difference(name, row.subject, row.expected, row.found) for row in found]
