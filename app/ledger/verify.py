"""Proof: recompute everything that is kept beside the facts, and name each difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from app.kit import sql
from app.kit.database import SYSTEM, Database

CHECKS = sql.Queries(Path(__file__).with_name("verify.sql"))


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


def verify(database: Database, more_checks: Sequence[sql.Queries] = ()) -> list[Difference]:
    """Every difference in the whole company, in one consistent snapshot; empty when it adds up.

    Args:
        more_checks: the ``verify.sql`` of slices above the ledger, in the same three columns.
    """
    with database.reading(SYSTEM, snapshot=True) as session:
        return [
            difference
            for checks in (CHECKS, *more_checks)
            for name in checks.texts
            for difference in _differences(session, checks, name)
        ]


def _differences(session: Session, checks: sql.Queries, name: str) -> list[Difference]:
    # Parameters are given, if empty, so that %% in the text means % as everywhere else.
    found = sql.rows(session, _Row, checks[name], {})
    return [Difference(name, row.subject, row.expected, row.found) for row in found]
