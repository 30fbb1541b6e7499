"""What the screens and the API show of reading sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session

from app.kit import sql
from app.kit.i18n import gettext
from app.kit.web import Cursor, Listing
from app.rfid.commands import QUERIES
from app.rfid.problems import NoSuchSession

SHOWN = 100
NOT_LIMITED = 2**62


@dataclass(frozen=True)
class SessionRow:
    id: int
    name: str
    reader: str
    state: str
    created_at: datetime
    last_read_at: datetime | None
    store: str
    tags: int


@dataclass(frozen=True)
class SessionHead:
    """``newest`` is the last tag's id: what is taken later is taken up to here."""

    id: int
    store_id: int
    name: str
    reader: str
    state: str
    created_at: datetime
    last_read_at: datetime | None
    store: str
    newest: int
    tags: int
    reads: int
    invalid: int
    taken: int

    @property
    def is_open(self) -> bool:
        return self.state == "open"


@dataclass(frozen=True)
class TallyRow:
    """Tags of one GTIN; without an item where nobody has registered it."""

    gtin: str
    item_id: int | None
    code: str | None
    name: str | None
    specification: str | None
    unit: str | None
    tracking: str | None
    packaging: str | None
    factor: Decimal
    tags: int
    taken: int
    last_read_at: datetime

    @property
    def quantity(self) -> Decimal:
        """In base units."""
        return self.tags * self.factor


@dataclass(frozen=True)
class UnitRow:
    sscc: str
    last_read_at: datetime
    known: bool


@dataclass(frozen=True)
class OddTag:
    """A tag that no item comes from; ``problem`` is the stored sentence."""

    epc: str
    kind: str
    scheme: str
    problem: str | None
    raw: str
    read_count: int
    last_read_at: datetime

    @property
    def reason(self) -> str:
        """In the current language."""
        return gettext(self.problem) if self.problem else ""


@dataclass(frozen=True)
class Tally:
    """A session as it is now: items, logistic units, and the first of the odd tags."""

    head: SessionHead
    items: list[TallyRow]
    units: list[UnitRow]
    odd: list[OddTag]


@dataclass(frozen=True)
class Tag:
    """One usable tag; ``taken_by`` is the receipt that it was received into and still stands."""

    id: int
    epc: str
    kind: str
    gtin: str | None
    serial: str | None
    sscc: str | None
    raw: str
    taken_by: int | None


def sessions(session: Session, cursor: Cursor) -> Listing[SessionRow]:
    """Newest first."""
    before = cursor.after[0] if cursor.after and isinstance(cursor.after[0], int) else None
    asked = {"before": before, "limit": cursor.limit + 1}
    return cursor.cut(sql.rows(session, SessionRow, QUERIES["sessions"], asked), "id")


def head(session: Session, session_id: int) -> SessionHead:
    """Raises NoSuchSession, also for another store's."""
    found = sql.one(session, SessionHead, QUERIES["session"], {"session_id": session_id})
    if found is None:
        raise NoSuchSession
    return found


def tally(session: Session, session_id: int) -> Tally:
    """Raises NoSuchSession."""
    shown = {"session_id": session_id, "limit": SHOWN}
    return Tally(
        head(session, session_id),
        sql.rows(session, TallyRow, QUERIES["tally"], shown),
        sql.rows(session, UnitRow, QUERIES["units"], shown),
        sql.rows(session, OddTag, QUERIES["odd_tags"], shown),
    )


def tags(session: Session, session_id: int, receipt_id: int, up_to: int = 0) -> list[Tag]:
    """The tags that can be received, seen up to the tag ``up_to`` (0: all)."""
    asked = {
        "session_id": session_id,
        "receipt_id": receipt_id,
        "up_to": up_to or NOT_LIMITED,
    }
    return sql.rows(session, Tag, QUERIES["tags"], asked)
