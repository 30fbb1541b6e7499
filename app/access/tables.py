"""Who exists: the company, its areas and stores, its people, devices and tokens."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from app.kit.tables import Table, key, moment, one_of, reference

ROLES = ("operator", "supervisor", "store_manager", "area_manager", "headquarters", "administrator")


class Company(Table, table=True):
    """The group that owns everything in this schema: exactly one row."""

    __tablename__ = "company"
    __table_args__ = (
        CheckConstraint("id = 1", name="company_is_one"),
        CheckConstraint("currency_decimals between 0 and 4", name="company_currency_decimals"),
        one_of("cost_scope", "company", "store", name="company_cost_scope_known"),
        CheckConstraint("allocation_hours > 0", name="company_allocation_hours"),
    )

    id: int = Field(default=1, primary_key=True)
    name: str
    currency: str = "CNY"
    currency_decimals: int = 2
    recovers_input_tax: bool = True
    cost_scope: str = "company"
    gs1_prefix: str | None = None
    receive_without_order: bool = True
    allocate_on_release: bool = True
    allocation_hours: int = 48
    lot_swap_allowed: bool = True
    books_closed_until: date | None = None


class Area(Table, table=True):
    __tablename__ = "area"
    __table_args__ = (UniqueConstraint("code", name="area_code_once"),)

    id: int | None = key()
    code: str
    name: str


class Store(Table, table=True):
    """A unit with its own stock and accounts: shop, plant, central kitchen."""

    __tablename__ = "store"
    __table_args__ = (UniqueConstraint("code", name="store_code_once"),)

    id: int | None = key()
    area_id: int = reference("area.id")
    code: str
    name: str
    time_zone: str = "Asia/Shanghai"


class User(Table, table=True):
    __tablename__ = "app_user"
    __table_args__ = (
        UniqueConstraint("login", name="app_user_login_once"),
        UniqueConstraint("badge", name="app_user_badge_once"),
        one_of("role", *ROLES, name="app_user_role_known"),
    )

    id: int | None = key()
    login: str
    name: str
    role: str
    password_hash: str
    badge: str | None = None
    pin_hash: str | None = None
    language: str = "zh_CN"
    is_active: bool = True
    created_at: datetime = moment(now=True)


class UserStore(Table, table=True):
    """A store that a person works for.  Headquarters and administrators see all without rows."""

    __tablename__ = "user_store"

    user_id: int = Field(primary_key=True, foreign_key="app_user.id")
    store_id: int = Field(primary_key=True, foreign_key="store.id")


class UserArea(Table, table=True):
    """An area that a person manages: its stores, also those opened later."""

    __tablename__ = "user_area"

    user_id: int = Field(primary_key=True, foreign_key="app_user.id")
    area_id: int = Field(primary_key=True, foreign_key="area.id")


class Device(Table, table=True):
    """A registered handheld, phone or desk."""

    __tablename__ = "device"
    __table_args__ = (UniqueConstraint("token_hash", name="device_token_once"),)

    id: int | None = key()
    name: str
    token_hash: str
    store_id: int | None = reference("store.id", null=True)
    registered_by: int = reference("app_user.id")
    registered_at: datetime = moment(now=True)
    last_seen_at: datetime | None = moment(null=True)
    revoked_at: datetime | None = moment(null=True)


class LoginSession(Table, table=True):
    """A server-side session; only the hash of its cookie is stored."""

    __tablename__ = "login_session"

    token_hash: str = Field(primary_key=True)
    user_id: int = reference("app_user.id", index=True)
    store_id: int | None = reference("store.id", null=True)
    device_id: int | None = reference("device.id", null=True)
    csrf_token: str
    ip: str | None = None
    user_agent: str = ""
    created_at: datetime = moment(now=True)
    last_seen_at: datetime = moment(now=True)
    expires_at: datetime = moment()
    locked_at: datetime | None = moment(null=True)


class ApiToken(Table, table=True):
    """A token of a device or integration: acts as its user, in one store or all of the user's."""

    __tablename__ = "api_token"
    __table_args__ = (UniqueConstraint("token_hash", name="api_token_once"),)

    id: int | None = key()
    name: str
    token_hash: str
    user_id: int = reference("app_user.id")
    store_id: int | None = reference("store.id", null=True)
    device_id: int | None = reference("device.id", null=True)
    created_at: datetime = moment(now=True)
    expires_at: datetime | None = moment(null=True)
    revoked_at: datetime | None = moment(null=True)
    last_used_at: datetime | None = moment(null=True)


class LoginAttempt(Table, table=True):
    """Every login tried, kept for throttling and for the audit."""

    __tablename__ = "login_attempt"

    id: int | None = key()
    subject: str = Field(index=True)
    ip: str = Field(index=True)
    succeeded: bool
    attempted_at: datetime = moment(now=True)
