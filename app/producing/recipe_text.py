"""The lines of a recipe as people type or paste them.

    FLOUR, 500 g, 2 %          code, quantity with unit, what goes to waste
    MILK, 2 瓶, scan           taken by scan instead of by the books
    SAUCE, 0.3 kg, along       made along by its own recipe, not taken from stock

and what comes besides:

    CRUMBS, 0.5 kg, 5 %        a share of the cost
    BOX, 2 个, 1.20 元         a value of its own, for each unit
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from app.catalog import values
from app.producing.problems import LineUnreadable, TooManyRecipeLines
from app.producing.recipes import LineInput, OutputInput

MOST_LINES = 200
_QUANTITY = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+)\s*(.*)")
_PERCENT = re.compile(r"(-?[0-9.]+)\s*%")
_VALUE = re.compile(r"([0-9.]+)\s*[A-Za-z元块]*")
_SCAN = ("scan", "扫码", "扫描", "扫码领料")
_ALONG = ("along", "现做", "现制")
_BACKFLUSH = ("backflush", "倒冲")
_HUNDRED = Decimal(100)


def lines_of(text: str) -> tuple[LineInput, ...]:
    """Raises LineUnreadable, TooManyRecipeLines."""
    return tuple(_line(number, cells) for number, cells in _rows(text))


def outputs_of(text: str) -> tuple[OutputInput, ...]:
    """Raises LineUnreadable, TooManyRecipeLines."""
    return tuple(_output(number, cells) for number, cells in _rows(text))


def _rows(text: str) -> list[tuple[int, list[str]]]:
    rows = [
        (number, [cell.strip() for cell in re.split(r"[,\t;]", unicodedata.normalize("NFKC", row))])
        for number, row in enumerate(text.splitlines(), 1)
        if row.strip()
    ]
    if len(rows) > MOST_LINES:
        raise TooManyRecipeLines(most=MOST_LINES)
    return rows


def _line(number: int, cells: list[str]) -> LineInput:
    quantity, unit = _quantity(number, cells)
    scrap, issue, along = Decimal(0), "backflush", False
    for cell in cells[2:]:
        word = cell.lower()
        percent = _PERCENT.fullmatch(cell)
        if percent:
            scrap = _number(number, cells, percent[1]) / _HUNDRED
        elif word in _SCAN:
            issue = "scan"
        elif word in _ALONG:
            along = True
        elif word and word not in _BACKFLUSH:
            raise LineUnreadable(line=number, given=", ".join(cells)[:80])
    if not 0 <= scrap < 1:
        raise LineUnreadable(line=number, given=", ".join(cells)[:80])
    return LineInput(cells[0], quantity, unit, scrap, issue, along)


def _output(number: int, cells: list[str]) -> OutputInput:
    quantity, unit = _quantity(number, cells)
    worth = " ".join(cells[2:]).strip()
    percent, value = _PERCENT.fullmatch(worth), _VALUE.fullmatch(worth)
    if percent:
        share = _number(number, cells, percent[1]) / _HUNDRED
        if 0 <= share < 1:
            return OutputInput(cells[0], quantity, unit, share=share)
    elif value:
        return OutputInput(cells[0], quantity, unit, unit_value=_number(number, cells, value[1]))
    raise LineUnreadable(line=number, given=", ".join(cells)[:80])


def _quantity(number: int, cells: list[str]) -> tuple[Decimal, str]:
    found = _QUANTITY.fullmatch(cells[1]) if len(cells) > 1 and cells[0] else None
    if found is None:
        raise LineUnreadable(line=number, given=", ".join(cells)[:80])
    return _number(number, cells, found[1]), found[2].strip()


def _number(number: int, cells: list[str], text: str) -> Decimal:
    try:
        return values.number(text)
    except ValueError:
        raise LineUnreadable(line=number, given=", ".join(cells)[:80]) from None
