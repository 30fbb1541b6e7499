"""The database half of the resolver: rows of the one lookup, and the text search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app.kit import sql
from app.kit.trips import Answer, Trip
from app.scanning.meanings import Candidate

QUERIES = sql.Queries.beside(__file__)


@dataclass(frozen=True)
class LookupRow:
    """One thing that the text can mean.

    ``kind`` is item, location, partner, document, logistic_unit or lot; ``rank`` orders items by
    the code that named them and lots by their nearness to the work.  The other columns are JSON.
    """

    kind: str
    rank: int
    item: dict[str, Any] | None
    packaging: dict[str, Any] | None
    lot: dict[str, Any] | None
    other: dict[str, Any] | None


@dataclass(frozen=True)
class LookupKey:
    """What to look for, see ``queries.sql``; empty texts find nothing."""

    codes: Sequence[str] = ()
    lot: str = ""
    text: str = ""
    number: str = ""
    sscc: str = ""
    item_id: int | None = None
    order_id: int | None = None


def send_lookup(trip: Trip, key: LookupKey) -> Answer[LookupRow]:
    """Send the lookup with the other statements of the trip."""
    return trip.ask(LookupRow, QUERIES["lookup"], key.__dict__ | {"codes": list(key.codes)})


def search(session: Session, text: str) -> list[Candidate]:
    """At most eight items whose code begins like the text or whose name holds or resembles it."""
    plain = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    given = {"text": text, "prefix": plain + "%", "inside": f"%{plain}%"}
    return sql.rows(session, Candidate, QUERIES["search"], given)
