"""Lots and serial numbers: found or made at the moment that they are first seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.catalog import problems
from app.catalog.codes import tidied
from app.catalog.registry import QUERIES
from app.kit import sql


@dataclass(frozen=True)
class LotDates:
    """What a label says about a lot; None is what it doesn't say."""

    produced_on: date | None = None
    best_before_on: date | None = None
    expires_on: date | None = None

    def __str__(self) -> str:
        known = [self.produced_on, self.best_before_on, self.expires_on]
        return ", ".join(day.isoformat() for day in known if day)

    def contradicts(self, other: LotDates) -> bool:
        pairs = (
            (self.produced_on, other.produced_on),
            (self.best_before_on, other.best_before_on),
            (self.expires_on, other.expires_on),
        )
        return any(mine and theirs and mine != theirs for mine, theirs in pairs)

    def adds_to(self, other: LotDates) -> bool:
        pairs = (
            (self.produced_on, other.produced_on),
            (self.best_before_on, other.best_before_on),
            (self.expires_on, other.expires_on),
        )
        return any(mine and not theirs for mine, theirs in pairs)


@dataclass(frozen=True)
class _Lot(LotDates):
    id: int = 0


NO_DATES = LotDates()
LONGEST_LOT = 50


def lot_id(session: Session, item: int, code: str, dates: LotDates = NO_DATES) -> int:
    """The id of the item's lot or serial number; it is made where it doesn't exist yet.

    Dates that the lot didn't have yet are added to it.

    Raises:
        LotDatesDiffer: the lot is known with other dates.
        LotCodeLength: the number is empty or has more than 50 characters.
    """
    code = tidied(code)
    if not 1 <= len(code) <= LONGEST_LOT:
        raise problems.LotCodeLength
    key = {"item_id": item, "code": code}
    # Most scans are of a lot that is there: a plain read leaves no lock and no dead row behind.
    known = sql.one(session, _Lot, QUERIES["lot"], key)
    if known is None or (dates.adds_to(known) and not dates.contradicts(known)):
        said = {"produced_on": dates.produced_on, "best_before_on": dates.best_before_on}
        merge = {**key, **said, "expires_on": dates.expires_on}
        known = sql.one(session, _Lot, QUERIES["merge_lot"], merge)
    if known is None or dates.contradicts(known):
        known = known or sql.one(session, _Lot, QUERIES["lot"], key)
        raise problems.LotDatesDiffer(lot=code, known=str(known), said=str(dates))
    return known.id
