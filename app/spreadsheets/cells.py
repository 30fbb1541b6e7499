"""Reading one cell: a text becomes a value, or a ``CellFault`` that says what to do about it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.catalog import codes, values
from app.kit.i18n import mark
from app.kit.money import fits, plain

Reader = Callable[[str], Any]
"""Text of a cell (never empty) -> a JSON-ready value; raises CellFault."""

ERRORS = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!"}
)
MOST_QUANTITY = Decimal(10**12)
_EXPONENT = re.compile(r"[+-]?\d+(?:\.\d+)?E[+-]?\d+", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_SERIAL = re.compile(r"\d{5}")
_FIRST_DAY = date(1899, 12, 30)  # day 0 of spreadsheets, after their leap year bug of 1900
_FIRST_SERIAL, _LAST_SERIAL = 36526, 73050  # 2000 to 2099
_YES = frozenset({"是", "有", "对", "y", "yes", "true", "1", "√", "✓", "t", "需要", "启用"})
_NO = frozenset({"否", "无", "不", "n", "no", "false", "0", "×", "x", "f", "不需要", "停用"})

TAKE_DIGITS_AS_TEXT = mark(
    "Format the column as text in the spreadsheet and enter the digits again."
)
CORRECT_CELL = mark("Correct the cell.")


class CellFault(Exception):
    """What is wrong with a cell and what to do: marked texts and what fills their braces."""

    def __init__(self, text: str, advice: str = CORRECT_CELL, **data: object) -> None:
        super().__init__(text)
        self.text, self.advice = text, advice
        self.data = {name: str(value) for name, value in data.items()}


def refuse_formula(text: str) -> None:
    """Refuse a cell that shows an error or holds a formula without a result."""
    if text.startswith("#") and text.upper() in ERRORS:
        raise CellFault(
            mark("The formula in this cell failed ({error})."),
            mark("Correct the formula, or type the value itself."),
            error=text,
        )
    if text.startswith("=") and (len(text) == 1 or text[1:2].isalpha()):
        raise CellFault(
            mark("The cell holds a formula without its result."),
            mark("Open the file in the spreadsheet program, save it and choose it again."),
        )


def text(most: int) -> Reader:
    """A text on one line of at most ``most`` characters."""

    def read(cell: str) -> str:
        line = values.one_line(cell)
        if "\ufffd" in line:
            raise CellFault(
                mark("It contains characters that were lost when the file was saved."),
                mark("Save the file as .xlsx, or as CSV in UTF-8."),
            )
        if len(line) > most:
            raise CellFault(
                mark("It has {length} characters, at most {most} fit."),
                mark("Shorten it."),
                length=len(line),
                most=most,
            )
        return line

    return read


def code(most: int = codes.LONGEST_CODE) -> Reader:
    """A code of ours or a partner's, tidied."""
    as_text = text(most)

    def read(cell: str) -> str:
        _refuse_exponent(cell)
        tidy = codes.tidied(as_text(cell))
        if tidy.upper().startswith(codes.OWN_PREFIX):
            raise CellFault(
                mark("{value} begins like one of our own labels."),
                mark("Use a code that does not begin with SK:."),
                value=tidy,
            )
        return tidy

    return read


def barcode(cell: str) -> str:
    """A barcode whose check digit is right where it has the length of a GTIN."""
    tidy = code()(cell)
    right = codes.corrected(tidy)
    if right:
        raise CellFault(
            mark("The check digit is wrong: with the right one it is {right}."),
            mark("Read the barcode on the goods again. Your own numbers need another length."),
            right=right,
        )
    return codes.digits_of(tidy) or tidy


def _refuse_exponent(cell: str) -> None:
    if (_EXPONENT.fullmatch(cell.strip()) and "." in cell) or re.fullmatch(r"\dE\+\d+", cell):
        raise CellFault(
            mark("The spreadsheet has shortened the digits to {value}; the last ones are lost."),
            TAKE_DIGITS_AS_TEXT,
            value=cell,
        )


def number(
    *, decimals: int = 6, above_zero: bool = False, below: Decimal = MOST_QUANTITY
) -> Reader:
    """A number as text without an exponent, zero or more (or more than zero)."""

    def read(cell: str) -> str:
        value = _number(cell)
        if value < 0 or (above_zero and value == 0):
            raise CellFault(
                mark("It must be more than zero.") if above_zero else mark("It is negative."),
                mark("Enter how much there is."),
            )
        if value >= below:
            raise CellFault(mark("The number is absurdly large."), value=cell)
        if not fits(value, decimals):
            raise CellFault(
                mark("It has more than {decimals} decimals."), mark("Round it."), decimals=decimals
            )
        return plain(value)

    return read


def _number(cell: str) -> Decimal:
    try:
        return values.number(cell, exponent=True)
    except ValueError:
        raise CellFault(
            mark("It is no number."), mark("Enter digits, such as 12.5, without a unit.")
        ) from None


def whole(most: int) -> Reader:
    def read(cell: str) -> int:
        value = Decimal(number()(cell))
        if value != int(value) or value > most:
            raise CellFault(mark("It must be a whole number of at most {most}."), most=most)
        return int(value)

    return read


def tax_rate(cell: str) -> str:
    """A fraction: ``13%``, ``13`` and ``0.13`` are the same."""
    plain_text = unicodedata.normalize("NFKC", cell).strip()
    percent = plain_text.endswith("%")
    value = Decimal(number()(plain_text.rstrip("%")))
    share = value / 100 if percent or value >= 1 else value
    if share >= 1:
        raise CellFault(mark("A tax rate is less than 100%."), mark("Enter it as 13% or 0.13."))
    return plain(share)


def day(cell: str) -> str:
    """A date as ISO text; the year comes first, or it is the spreadsheet's own day number."""
    plain_text = unicodedata.normalize("NFKC", cell).strip()
    if _SERIAL.fullmatch(plain_text) and _FIRST_SERIAL <= int(plain_text) <= _LAST_SERIAL:
        return (_FIRST_DAY + timedelta(days=int(plain_text))).isoformat()
    parts = _DATE.fullmatch(plain_text) or _COMPACT.fullmatch(plain_text)
    if parts is None:
        raise CellFault(mark("It is no date."), mark("Write it as 2026-01-31."))
    try:
        return date(*(int(part) for part in parts.groups())).isoformat()
    except ValueError:
        raise CellFault(mark("There is no such day."), mark("Look at the label again.")) from None


def yes_no(cell: str) -> bool:
    word = unicodedata.normalize("NFKC", cell).strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellFault(mark("It must be yes or no."), mark("Enter 是 or 否."))


def choice(words: Mapping[str, str]) -> Reader:
    """One of some words; ``words`` maps every spelling (case-folded) to what is stored."""

    def read(cell: str) -> str:
        word = unicodedata.normalize("NFKC", cell).strip().casefold()
        if word not in words:
            raise CellFault(
                mark("{value} is not known here."),
                mark("Use one of: {known}."),
                value=cell[:40],
                known="、".join(dict.fromkeys(words)),
            )
        return words[word]

    return read
