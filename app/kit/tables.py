"""Column helpers that every slice's tables share, and the audit table of commands."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    DefaultClause,
    Identity,
    Index,
    Text,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import INET, JSONB
from sqlmodel import AutoString, Field, SQLModel

from app.kit.database import Amount, Quantity, UnitPrice


class Table(SQLModel):
    """Base of all tables.  ``table=True`` classes do not validate: input models do."""

    __tablename__: ClassVar[str]  # pyright: ignore[reportIncompatibleVariableOverride]
    __table_args__: ClassVar[Any] = ()


def key() -> Any:
    """The internal number of a row, given by the database."""
    return Field(
        default=None, sa_type=BigInteger, primary_key=True, sa_column_args=[Identity(always=True)]
    )


def saved_id(identity: int | None) -> int:
    """The id of a row that was flushed: the database has given it one."""
    if identity is None:
        raise AssertionError("the row was not flushed")
    return identity


def reference(target: str, *, null: bool = False, index: bool = False, default: Any = ...) -> Any:
    """A foreign key to ``table.column``."""
    if null and default is ...:
        default = None
    return Field(
        default=default, sa_type=BigInteger, foreign_key=target, nullable=null, index=index
    )


def moment(*, null: bool = False, now: bool = False) -> Any:
    """A timestamp with zone; ``now`` lets the database fill it."""
    return Field(
        default=None if (null or now) else ...,
        sa_type=DateTime(timezone=True),  # pyright: ignore[reportArgumentType]
        nullable=null,
        sa_column_kwargs={"server_default": text("now()")} if now else {},
    )


def quantity_column(default: Decimal | None = None, *, null: bool = False) -> Any:
    return _number(Quantity, default, null=null)


def price_column(default: Decimal | None = None, *, null: bool = False) -> Any:
    return _number(UnitPrice, default, null=null)


def amount_column(default: Decimal | None = None, *, null: bool = False) -> Any:
    return _number(Amount, default, null=null)


def _number(kind: Any, default: Decimal | None, *, null: bool) -> Any:
    return Field(
        default=default if default is not None or null else ..., sa_type=kind, nullable=null
    )


def json_column(*, null: bool = False) -> Any:
    """A JSONB column."""
    return Field(default=None if null else ..., sa_type=JSONB, nullable=null)


def one_of(column: str, *values: str, name: str) -> CheckConstraint:
    """A named CHECK that the column holds one of these words."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({words})", name=name)


@event.listens_for(Column, "after_parent_attach")
def _plain_text(column: Column[Any], _table: object) -> None:
    """PostgreSQL's text, not a varchar without a length."""
    if isinstance(column.type, AutoString) and column.type.length is None:
        column.type = Text()


@event.listens_for(Column, "after_parent_attach")
def _default_in_the_database(column: Column[Any], _table: object) -> None:
    """Named SQL inserts rows too, so every plain default is also the database's."""
    default = column.default
    if default is None or not default.is_scalar or column.server_default is not None:
        return
    value: object = getattr(default, "arg")  # noqa: B009 - typed only on ColumnDefault
    plain = isinstance(value, (bool, int, Decimal))
    literal = str(value).lower() if plain else "'" + str(value) + "'"
    column.server_default = DefaultClause(text(literal), _reflected=False)


class CommandRow(Table, table=True):
    """One command that was applied or refused: the guard against doing it twice, and the audit."""

    __tablename__ = "command"
    __table_args__ = (
        one_of("outcome", "done", "refused", name="command_outcome_known"),
        Index("command_recorded", "recorded_at", "id"),
        Index(
            "command_sequence_once", "installation", "sequence",
            unique=True, postgresql_where=text("installation is not null"),
        ),
        Index(
            "command_refused", "recorded_at",
            postgresql_where=text("outcome = 'refused' and installation is not null"),
        ),
        Index("command_retry", "retry_of", postgresql_where=text("retry_of is not null")),
    )  # fmt: skip

    id: UUID = Field(primary_key=True)
    kind: str
    fingerprint: str
    payload: dict[str, Any] = json_column()
    user_id: int | None = Field(default=None, sa_type=BigInteger, index=True)
    store_id: int | None = Field(default=None, sa_type=BigInteger)
    device_id: int | None = Field(default=None, sa_type=BigInteger)
    ip: str | None = Field(default=None, sa_column=Column(INET, nullable=True))
    sequence: int | None = Field(default=None, sa_type=BigInteger)
    occurred_at: datetime = moment()
    recorded_at: datetime = moment(now=True)
    outcome: str
    answer: dict[str, Any] | None = json_column(null=True)
    installation: UUID | None = None
    sent_at: datetime | None = moment(null=True)
    retry_of: UUID | None = None
    told: bool = False
