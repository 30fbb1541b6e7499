"""What the pages of alerts show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.alerts.watching import QUERIES
from app.alerts.words import KIND_NAMES, UNITS, sentence
from app.kit.i18n import gettext
from app.kit.sql import rows
from app.kit.web import BadCursor, Cursor, Listing
from app.notifications.wording import filled

SHOWS = ("", "snoozed", "closed")


@dataclass(frozen=True)
class AlertView:
    id: int
    store_id: int
    store_name: str
    time_zone: str
    kind: str
    facts: dict[str, Any]
    item_id: int | None
    lot_id: int | None
    order_line_id: int | None
    opened_at: datetime
    closed_at: datetime | None
    snoozed_until: datetime | None
    snoozed_by: str
    snooze_reason: str
    role: str
    person: str

    @property
    def kind_name(self) -> str:
        return gettext(KIND_NAMES[self.kind])

    @property
    def sentence(self) -> str:
        return filled(sentence(self.kind, self.facts), self.facts)

    @property
    def link(self) -> str:
        """Where it can be looked into: why, for goods; what did not arrive, for devices."""
        if self.order_line_id:
            return f"/troubleshooting?order_line_id={self.order_line_id}"
        if self.lot_id:
            return f"/troubleshooting?lot_id={self.lot_id}&store_id={self.store_id}"
        if self.item_id:
            return f"/troubleshooting?item_id={self.item_id}&store_id={self.store_id}"
        return "/outbox/devices"


@dataclass(frozen=True)
class Asked:
    """``show``: open ones, ``snoozed`` or ``closed``; ``kind`` empty and ``store`` None: all."""

    show: str = ""
    kind: str = ""
    store: int | None = None


def alerts(session: Session, asked: Asked, cursor: Cursor) -> Listing[AlertView]:
    """Newest first."""
    (after,) = cursor.after or (None,)
    if after is not None and not isinstance(after, int):
        raise BadCursor
    values = {**vars(asked), "after": after, "limit": cursor.limit + 1}
    return cursor.cut(rows(session, AlertView, QUERIES["alerts"], values), "id")


@dataclass(frozen=True)
class _Count:
    kind: str
    count: int


def counts(session: Session, store_id: int | None = None) -> dict[str, int]:
    """Open alerts by kind, without those that are put off."""
    found = rows(session, _Count, QUERIES["counts"], {"store": store_id})
    return {one.kind: one.count for one in found}


@dataclass(frozen=True)
class AlertRuleView:
    id: int
    store_id: int | None
    store_name: str
    category_id: int | None
    category_name: str
    kind: str
    threshold: int
    role: str
    user_id: int | None
    user_name: str
    is_active: bool
    makes_count: bool

    @property
    def kind_name(self) -> str:
        return gettext(KIND_NAMES[self.kind])

    @property
    def unit(self) -> str:
        return gettext(UNITS[self.kind])


def rules(session: Session) -> list[AlertRuleView]:
    return rows(session, AlertRuleView, QUERIES["rules"])


@dataclass(frozen=True)
class CategoryView:
    id: int
    name: str


def categories(session: Session) -> list[CategoryView]:
    return rows(session, CategoryView, QUERIES["categories"])
