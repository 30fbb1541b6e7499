"""Reading sessions and the tags that were seen in them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Numeric,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.kit.tables import Table, key, moment, one_of, reference

STATES = ("open", "done")
KINDS = ("item", "logistic_unit", "other", "invalid")


class RfidSession(Table, table=True):
    """What one reader saw between its first tag and the moment that the session was closed."""

    __tablename__ = "rfid_session"
    __table_args__ = (
        UniqueConstraint("store_id", "name", name="rfid_session_name_once"),
        one_of("state", *STATES, name="rfid_session_state_known"),
        CheckConstraint("char_length(name) between 1 and 80", name="rfid_session_name_length"),
        Index("rfid_session_newest", "store_id", "id"),
    )

    id: int | None = key()
    store_id: int = reference("store.id")
    name: str
    reader: str = ""
    state: str = "open"
    created_by: int = reference("app_user.id")
    created_at: datetime = moment(now=True)
    last_read_at: datetime | None = moment(null=True)
    closed_at: datetime | None = moment(null=True)


class RfidTag(Table, table=True):
    """A tag of a session.  ``epc`` is its pure identity, or what was sent where it is no tag.

    ``problem`` says why it is none, as a sentence to be translated.  ``best_rssi`` is in dBm.
    """

    __tablename__ = "rfid_tag"
    __table_args__ = (
        UniqueConstraint("session_id", "epc", name="rfid_tag_once_per_session"),
        one_of("kind", *KINDS, name="rfid_tag_kind_known"),
    )

    id: int | None = key()
    session_id: int = reference("rfid_session.id")
    store_id: int = reference("store.id")
    epc: str
    kind: str
    scheme: str = ""
    gtin: str | None = None
    serial: str | None = None
    sscc: str | None = None
    problem: str | None = None
    raw: str
    first_read_at: datetime = moment()
    last_read_at: datetime = moment()
    read_count: int = Field(default=1, sa_type=BigInteger)
    antennas: list[str] = Field(
        sa_column=Column(ARRAY(Text), nullable=False, server_default=text("'{}'"))
    )
    best_rssi: Decimal | None = Field(default=None, sa_type=Numeric(6, 1))  # pyright: ignore[reportArgumentType]
