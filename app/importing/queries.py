"""What the screens and the API of imports show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlmodel import Session

from app.importing.columns import Kind, kind_named
from app.importing.commands import Choices
from app.importing.known import QUERIES
from app.importing.problems import NoSuchImport
from app.kit import sql
from app.kit.i18n import gettext
from app.kit.problems import Problem, problem_named
from app.spreadsheets.findings import Finding

_BRACES = re.compile(r"\{\w+\}")


@dataclass(frozen=True)
class ImportView:
    """One import as it stands."""

    id: int
    kind: str
    file_name: str
    state: str
    settings: dict[str, Any]
    source: str
    ignored: list[str]
    missing: dict[str, list[str]]
    row_count: int
    bad_count: int
    warning_count: int
    imported_count: int
    problem: dict[str, Any] | None
    created_at: datetime
    checked_at: datetime | None
    applied_at: datetime | None
    made_by: str

    @property
    def choices(self) -> Choices:
        return msgspec.convert(self.settings, Choices)

    @property
    def kind_of(self) -> Kind:
        return kind_named(self.kind)

    @property
    def title(self) -> str:
        return gettext(self.kind_of.title)

    @property
    def is_working(self) -> bool:
        return self.state in {"waiting", "checking", "applying"}

    @property
    def good_count(self) -> int:
        return self.row_count - self.bad_count

    @property
    def refusal(self) -> Problem | None:
        """What stopped it, ready to be shown."""
        return problem_named(self.problem["code"], self.problem["data"]) if self.problem else None


@dataclass(frozen=True)
class RowView:
    number: int
    cells: dict[str, str]
    content: dict[str, Any]
    findings: list[dict[str, Any]]
    is_bad: bool
    has_warning: bool

    def in_order(self, kind: Kind) -> list[str]:
        """The filled cells in the order of the kind's columns."""
        return [self.cells[c.field] for c in kind.columns if c.field in self.cells]

    @property
    def found(self) -> list[Finding]:
        return msgspec.convert(self.findings, list[Finding])


@dataclass(frozen=True)
class FindingCount:
    field: str
    text: str
    warning: bool
    count: int
    examples: list[int]

    @property
    def message(self) -> str:
        """What is wrong, with … for what differs from row to row."""
        return _BRACES.sub("…", gettext(self.text))


def import_view(session: Session, import_id: int) -> ImportView:
    """Raises NoSuchImport where the caller sees none."""
    found = sql.one(session, ImportView, QUERIES["run"], {"id": import_id})
    if found is None:
        raise NoSuchImport
    return found


EVERY_IMPORT = sql.Select(ImportView, QUERIES["runs"], {"before": None, "limit": None})
"""The whole list of imports."""


def import_views(session: Session, before: int | None, limit: int) -> list[ImportView]:
    """The newest imports first, from before an id on."""
    page = {"before": before, "limit": limit}
    return sql.rows(session, ImportView, EVERY_IMPORT.text, page)


def row_views(
    session: Session, import_id: int, *, which: str = "", after: int = 0, limit: int = 100
) -> list[RowView]:
    """Rows of an import after a number; ``which`` is ``bad``, ``warning`` or empty for all."""
    parameters = {"id": import_id, "which": which, "after": after, "limit": limit}
    return sql.rows(session, RowView, QUERIES["rows"], parameters)


def finding_counts(session: Session, import_id: int) -> list[FindingCount]:
    """Each kind of problem with how often it occurs and the first rows that have it."""
    return sql.rows(session, FindingCount, QUERIES["finding_counts"], {"id": import_id})
