"""The record of imports: the file, its rows as read, and what was wrong with each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.kit.tables import Table, json_column, key, moment, one_of, reference

STATES = ("waiting", "checking", "checked", "applying", "done", "failed", "cancelled")


def _json(default: str) -> Any:
    return Field(
        sa_type=JSONB, nullable=False, sa_column_kwargs={"server_default": text(f"'{default}'")}
    )


class ImportRun(Table, table=True):
    """One file on its way in, kept with its figures; its state says what is left to do."""

    __tablename__ = "import_run"
    __table_args__ = (
        one_of("state", *STATES, name="import_run_state_known"),
        Index("import_run_of_file", "file_hash", "kind"),
    )

    id: int | None = key()
    store_id: int | None = reference("store.id", null=True)
    kind: str
    file_name: str
    file_hash: str
    file: bytes = Field(sa_type=LargeBinary)
    state: str = "waiting"
    settings: dict[str, Any] = _json("{}")
    source: str = ""
    ignored: list[str] = _json("[]")
    missing: dict[str, Any] = _json("{}")
    row_count: int = 0
    bad_count: int = 0
    warning_count: int = 0
    imported_count: int = 0
    problem: dict[str, Any] | None = json_column(null=True)
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)
    checked_at: datetime | None = moment(null=True)
    applied_at: datetime | None = moment(null=True)


class ImportRow(Table, table=True):
    """A row of the file: ``cells`` as written, ``content`` as read, ``findings`` about it."""

    __tablename__ = "import_row"
    __table_args__ = (
        Index(
            "import_row_with_findings",
            "import_id",
            "number",
            postgresql_where=text("is_bad or has_warning"),
        ),
    )

    import_id: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("import_run.id", ondelete="CASCADE"), primary_key=True
        )
    )
    number: int = Field(primary_key=True)
    cells: dict[str, Any] = json_column()
    content: dict[str, Any] = json_column()
    findings: list[Any] = json_column()
    is_bad: bool
    has_warning: bool
