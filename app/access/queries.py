"""What the pages of access show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.access.actor import Actor
from app.access.problems import NoSuchUser
from app.kit.sql import Queries, Select, one, rows
from app.kit.web import Cursor, Listing

SQL = Queries.beside(__file__)


@dataclass(frozen=True)
class UserRow:
    """``stores`` are names with commas, ``*`` for all."""

    id: int
    login: str
    name: str
    role: str
    badge: str | None
    has_pin: bool
    is_active: bool
    stores: str


def users(session: Session, search: str, cursor: Cursor, visible: str = "*") -> Listing[UserRow]:
    """Those who work in one of the ``visible`` stores (``'*'`` or ids with commas), by login."""
    after = cursor.after[0] if cursor.after else None
    page = {"after": after, "limit": cursor.limit + 1}
    whole = every_user(search, visible)
    return cursor.cut(rows(session, UserRow, whole.text, {**whole.parameters, **page}), "login")


def every_user(search: str, visible: str) -> Select[UserRow]:
    """All of that list."""
    wanted = {"search": search, "pattern": like(search), "visible": visible}
    return Select(UserRow, SQL["users"], {**wanted, "after": None, "limit": None})


@dataclass(frozen=True)
class UserView:
    id: int
    login: str
    name: str
    role: str
    badge: str
    has_pin: bool
    language: str
    is_active: bool
    store_ids: list[int]
    area_ids: list[int]


def user_of(session: Session, user_id: int) -> UserView:
    found = one(session, UserView, SQL["user_of"], {"id": user_id})
    if found is None:
        raise NoSuchUser
    return found


@dataclass(frozen=True)
class StoreRow:
    id: int
    code: str
    name: str
    time_zone: str
    area_id: int
    area_name: str


def stores(session: Session, visible: str = "*") -> list[StoreRow]:
    """The stores among ``visible`` (``'*'`` or ids with commas), by code."""
    return rows(session, StoreRow, SQL["stores"], {"stores": visible})


def own_stores(session: Session, actor: Actor) -> list[StoreRow]:
    return stores(session, actor.stores)


@dataclass(frozen=True)
class AreaRow:
    id: int
    code: str
    name: str


def areas(session: Session) -> list[AreaRow]:
    return rows(session, AreaRow, SQL["areas"])


@dataclass(frozen=True)
class CompanyView:
    name: str
    currency: str
    currency_decimals: int
    recovers_input_tax: bool
    gs1_prefix: str | None
    receive_without_order: bool
    cost_scope: str


def company(session: Session) -> CompanyView | None:
    return one(session, CompanyView, SQL["company"])


@dataclass(frozen=True)
class DeviceRow:
    id: int
    name: str
    store_name: str | None
    registered_by: str
    registered_at: datetime
    last_seen_at: datetime | None
    revoked_at: datetime | None


EVERY_DEVICE = Select(DeviceRow, SQL["devices"], {})


def devices(session: Session) -> list[DeviceRow]:
    return rows(session, DeviceRow, EVERY_DEVICE.text)


@dataclass(frozen=True)
class TokenRow:
    id: int
    name: str
    user_name: str
    store_name: str | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


EVERY_TOKEN = Select(TokenRow, SQL["tokens"], {})


def tokens(session: Session) -> list[TokenRow]:
    return rows(session, TokenRow, EVERY_TOKEN.text)


@dataclass(frozen=True)
class AuditFilter:
    """Empty and None leave a column unfiltered."""

    kind: str = ""
    outcome: str = ""
    user: int | None = None
    store: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class CommandView:
    id: UUID
    kind: str
    outcome: str
    recorded_at: datetime
    occurred_at: datetime
    ip: str | None
    user_name: str
    device_name: str
    store_name: str
    payload: dict[str, Any] = field(default_factory=dict[str, Any])
    answer: dict[str, Any] | None = None


def commands(session: Session, wanted: AuditFilter, cursor: Cursor) -> Listing[CommandView]:
    """The audit trail, newest first."""
    after_at, after_id = cursor.after or (None, None)
    whole = every_command(wanted)
    page = {"after_at": after_at, "after_id": after_id, "limit": cursor.limit + 1}
    found = rows(session, CommandView, whole.text, {**whole.parameters, **page})
    return cursor.cut(found, "recorded_at", "id")


def every_command(wanted: AuditFilter) -> Select[CommandView]:
    """All of that list."""
    page = {"after_at": None, "after_id": None, "limit": None}
    return Select(CommandView, SQL["commands"], {**vars(wanted), **page})


def command_kinds(session: Session) -> list[str]:
    """Every kind of command that was ever given, for the filter."""

    @dataclass(frozen=True)
    class Kind:
        kind: str

    return [row.kind for row in rows(session, Kind, SQL["command_kinds"])]


def like(search: str) -> str:
    """An ILIKE pattern for texts that contain the search, which may hold any character."""
    escaped = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
