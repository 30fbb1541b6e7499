"""What people did about commands that were refused late or never taken."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field

from app.kit.tables import Table, json_column, key, moment, one_of, reference

EVENTS = ("handed_over", "discarded", "taken", "resolved")


class ConflictEvent(Table, table=True):
    """One event of the conflict inbox; append-only.

    ``about_id`` is the command that was refused or never taken, ``content`` that command as the
    device kept it, ``installation`` and ``sequence`` its number there; ``command_id`` is the
    command that this event came with.
    """

    __tablename__ = "conflict_event"
    __table_args__ = (
        one_of("event", *EVENTS, name="conflict_event_known"),
        CheckConstraint("event = 'taken' or note <> ''", name="conflict_event_says_why"),
        Index("conflict_event_about", "about_id", "id"),
        Index(
            "conflict_event_number", "installation", "sequence",
            postgresql_where=text("installation is not null"),
        ),
    )  # fmt: skip

    id: int | None = key()
    about_id: UUID
    store_id: int | None = reference("store.id", null=True)
    event: str
    note: str = ""
    content: dict[str, Any] | None = json_column(null=True)
    installation: UUID | None = None
    sequence: int | None = Field(default=None, sa_type=BigInteger)
    user_id: int | None = reference("app_user.id", null=True)
    command_id: UUID
    recorded_at: datetime = moment(now=True)
