"""Printers, the company's own label templates, and the queue of labels on their way to paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from app.kit.tables import Table, json_column, key, moment, one_of, reference

LANGUAGES = ("zpl", "tspl", "pdf")
RUN_STATES = ("printing", "making", "ready", "failed")
LABEL_STATES = ("queued", "sent", "printed", "failed", "unsure", "cancelled")


class Printer(Table, table=True):
    """A printer of a store on the company's network, reached by TCP.

    ``reports_status`` says whether it answers when asked how far it is; None until it was asked.
    """

    __tablename__ = "printer"
    __table_args__ = (
        UniqueConstraint("store_id", "name", name="printer_name_once_per_store"),
        one_of("language", *LANGUAGES, name="printer_language_known"),
        CheckConstraint("dpi between 150 and 1200", name="printer_dpi_sane"),
        CheckConstraint("port between 1024 and 65535", name="printer_port_sane"),
    )

    id: int | None = key()
    store_id: int = reference("store.id")
    name: str
    host: str
    port: int = 9100
    language: str
    dpi: int = 203
    size: str
    is_active: bool = True
    reports_status: bool | None = None
    created_at: datetime = moment(now=True)


class LabelTemplate(Table, table=True):
    """The company's own face of a kind of label at a size."""

    __tablename__ = "label_template"
    __table_args__ = (UniqueConstraint("kind", "size", name="label_template_once"),)

    id: int | None = key()
    kind: str
    size: str
    content: dict[str, Any] = json_column()
    changed_by: int | None = reference("app_user.id", null=True)
    changed_at: datetime = moment(now=True)


class PrintRun(Table, table=True):
    """What one person asked for at once: labels for a printer, or a PDF to fetch.

    ``content`` and ``file`` are a PDF's: the labels to make it from, then the file itself.
    """

    __tablename__ = "print_run"
    __table_args__ = (
        one_of("state", *RUN_STATES, name="print_run_state_known"),
        CheckConstraint(
            "(printer_id is not null) = (state = 'printing')", name="print_run_goes_one_way"
        ),
        Index("print_run_newest", "store_id", "id"),
        Index("print_run_with_file", "made_at", postgresql_where=text("file is not null")),
    )

    id: int | None = key()
    store_id: int = reference("store.id")
    printer_id: int | None = reference("printer.id", null=True)
    title: str
    size: str
    language: str
    label_count: int
    copies: int = 1
    start: int = 1
    state: str
    problem: dict[str, Any] | None = json_column(null=True)
    content: list[Any] | None = json_column(null=True)
    file: bytes | None = Field(default=None, sa_type=LargeBinary, nullable=True)
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)
    made_at: datetime | None = moment(null=True)


class PrintLabel(Table, table=True):
    """One label of paper; ``sent`` is written before its first byte leaves.

    ``unsure`` is one that may be on paper or not: only a person can tell.
    """

    __tablename__ = "print_label"
    __table_args__ = (
        one_of("state", *LABEL_STATES, name="print_label_state_known"),
        CheckConstraint(
            "reprint_of is null or reason is not null", name="print_label_reprint_has_reason"
        ),
        Index("print_label_of_run", "run_id", "id"),
        Index("print_label_newest", "store_id", "id"),
        Index("print_label_of_thing", "kind", "thing_id"),
        Index("print_label_waiting", "printer_id", "id", postgresql_where=text("state = 'queued'")),
        Index(
            "print_label_to_look_at",
            "store_id",
            "state",
            postgresql_where=text("state in ('sent', 'failed', 'unsure')"),
        ),
    )

    id: int | None = key()
    run_id: int = reference("print_run.id")
    store_id: int = reference("store.id")
    printer_id: int = reference("printer.id")
    kind: str
    thing_id: int | None = Field(default=None, sa_type=BigInteger, nullable=True)
    title: str
    content: dict[str, Any] = json_column()
    state: str = "queued"
    problem: dict[str, Any] | None = json_column(null=True)
    reason: str | None = None
    reprint_of: int | None = reference("print_label.id", null=True)
    sent_at: datetime | None = moment(null=True)
    delivered_at: datetime | None = moment(null=True)
    printed_at: datetime | None = moment(null=True)
