"""Reading the forms of receiving."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from litestar.enums import RequestEncodingType
from litestar.params import Body

from app.receiving.orders import MOST_LINES

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
LONGEST_NUMBER = 18
_CELLS = re.compile(r"[\t,，;；]")
_HEADING = re.compile(r"^(item|code|barcode|商品|编码|条码)", re.IGNORECASE)


def number_in(data: Mapping[str, Any], name: str) -> int | None:
    """A positive id in a field, None where there is none."""
    given = str(data.get(name, ""))
    is_number = given.isascii() and given.isdigit() and len(given) <= LONGEST_NUMBER
    return int(given) if is_number and int(given) else None


def lines_of_text(text: str) -> list[dict[str, Any]]:
    """Order lines as people paste them: code, quantity and price, one line each.

    Columns are set apart by tab, comma or semicolon; a first line of headings is skipped; numbers
    stay as typed, the command checks them.
    """
    rows = [row for row in (line.strip() for line in text.splitlines()) if row]
    if rows and _HEADING.match(rows[0]):
        rows = rows[1:]
    return [_line(row) for row in rows[: MOST_LINES + 1]]


def _line(row: str) -> dict[str, Any]:
    names = ("item", "quantity", "unit_price")
    cells = [cell.strip() for cell in _CELLS.split(row)]
    given = dict(zip(names, cells, strict=False))
    return {name: value for name, value in given.items() if value} | {
        "quantity": given.get("quantity") or ""
    }
