"""A kind of table that people send: its columns, and the headings by which people call them."""

from __future__ import annotations

from dataclasses import dataclass

from app.kit.i18n import current_language
from app.spreadsheets.cells import Reader


@dataclass(frozen=True)
class Column:
    """A column of a kind.  ``headings``: the template's Chinese and English one, then synonyms."""

    field: str
    read: Reader
    headings: tuple[str, ...]
    example: str = ""
    required: bool = False

    @property
    def label(self) -> str:
        """The template's heading in the current language."""
        return self.headings[0 if current_language() == "zh_CN" else 1]


@dataclass(frozen=True)
class Kind:
    """A kind of import; ``title`` is a marked text."""

    name: str
    title: str
    columns: tuple[Column, ...]
    in_store: bool = False

    def column(self, field: str) -> Column:
        return next(column for column in self.columns if column.field == field)
