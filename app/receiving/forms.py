"""Reading the forms of receiving."""

from __future__ import annotations

import re
from typing import Any

from app.receiving.orders import MOST_LINES

LONGEST_NUMBER = 18
_IN_A_LINE = ("item", "quantity", "unit_price", "tax_rate", "over_receipt_tolerance")
_CELLS = re.compile(r"[,，;；]")
_HEADING = re.compile(r"^(item|code|barcode|商品|编码|条码)", re.IGNORECASE)


def lines_of_text(text: str) -> list[dict[str, Any]]:
    """Order lines as people paste them: code, quantity, price, tax rate and how much more than
    ordered may come, one line each; what is left out at the end has its usual value.

    Columns are set apart by tabs, or else by commas or semicolons; a first line of headings is
    skipped; numbers stay as typed, the command checks them.
    """
    rows = [row for row in (line.strip() for line in text.splitlines()) if row]
    if rows and _HEADING.match(rows[0]) and not any(letter.isdigit() for letter in rows[0]):
        rows = rows[1:]
    return [_line(row) for row in rows[: MOST_LINES + 1]]


def _line(row: str) -> dict[str, Any]:
    cells = row.split("\t") if "\t" in row else _CELLS.split(row)
    given = dict(zip(_IN_A_LINE, (cell.strip() for cell in cells), strict=False))
    return {name: value for name, value in given.items() if value} | {
        "quantity": given.get("quantity") or ""
    }
