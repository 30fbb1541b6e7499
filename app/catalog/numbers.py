"""Numbers of documents, which people read to each other: ``PO-20261122-0001``."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from app.catalog.registry import QUERIES
from app.kit import clock, sql


def next_number(session: Session, kind: str, day: date | None = None) -> str:
    """The next number of this kind of document on this day.

    The row of the series stays locked until the transaction ends, so numbers have no gaps: ask
    for the number last, close to the commit.

    Args:
        kind: the prefix, such as ``PO``.
        day: the store's own day, ``clock.today(store.time_zone)``; defaults to Shanghai's.
    """
    prefix = f"{kind}-{day or clock.today():%Y%m%d}"
    number: int = sql.value(session, QUERIES["next_number"], {"prefix": prefix})
    return f"{prefix}-{number:04d}"
