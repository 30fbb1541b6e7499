"""What is wrong, or doubtful, in one row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from app.kit.i18n import gettext
from app.spreadsheets.cells import CellFault


class Finding(msgspec.Struct, frozen=True):
    """``text`` and ``advice`` are marked sentences, ``data`` fills their braces.

    A warning doesn't keep its row from being imported.
    """

    field: str
    value: str
    text: str
    advice: str
    data: dict[str, str] = {}
    warning: bool = False

    @classmethod
    def of(cls, field: str, value: str, fault: CellFault, *, warning: bool = False) -> Finding:
        return cls(field, value[:100], fault.text, fault.advice, fault.data, warning)

    @property
    def message(self) -> str:
        """What is wrong, in the current language."""
        return gettext(self.text).format(**self.data)

    @property
    def next_step(self) -> str:
        return gettext(self.advice).format(**self.data)


@dataclass
class Row:
    """A row: ``number`` as in the spreadsheet, ``cells`` as written, ``values`` as read."""

    number: int
    cells: dict[str, str]
    values: dict[str, Any]
    findings: list[Finding]

    @property
    def is_bad(self) -> bool:
        return any(not finding.warning for finding in self.findings)

    @property
    def has_warning(self) -> bool:
        return any(finding.warning for finding in self.findings)

    def refuse(self, field: str, fault: CellFault) -> None:
        self.findings.append(Finding.of(field, self.cells.get(field, ""), fault))

    def warn(self, field: str, fault: CellFault) -> None:
        self.findings.append(Finding.of(field, self.cells.get(field, ""), fault, warning=True))
