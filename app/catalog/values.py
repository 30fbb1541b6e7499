"""Reading what people type: numbers with full-width digits, texts with stray characters."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation

from app.catalog.codes import tidied

_MONEY_SIGNS = re.compile(r"^(?:[¥￥$€]|RMB|CNY)|(?:元|圆|块)$", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_EXPONENT = re.compile(r"[+-]?\d+(?:\.\d+)?E[+-]?\d{1,2}", re.IGNORECASE)


def number(text: str, *, exponent: bool = False) -> Decimal:
    """The exact number that a person meant: full-width digits, ``￥12.50`` and ``12元``.

    Args:
        exponent: also take ``1.5E-3``, which spreadsheets write for small numbers.

    Raises:
        ValueError: it is no number, or an ambiguous one such as ``1,5``.
    """
    plain = (
        unicodedata.normalize("NFKC", text)
        .replace("，", ",")
        .replace("\N{MINUS SIGN}", "-")
        .strip()
    )
    plain = _MONEY_SIGNS.sub("", plain).strip().replace(" ", "")
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    if not (_PLAIN.fullmatch(plain) or (exponent and _EXPONENT.fullmatch(plain))):
        raise ValueError(text)
    try:
        return Decimal(plain)
    except InvalidOperation as error:
        raise ValueError(text) from error


def one_line(text: str) -> str:
    """A name on one line, without invisible characters; full-width letters stay as written."""
    if text.isprintable():
        return " ".join(text.split())
    visible = "".join(
        letter if unicodedata.category(letter) not in {"Cc", "Cf"} else " " * letter.isspace()
        for letter in text
    )
    return " ".join(visible.split())


def name_key(text: str) -> str:
    """What two names have in common when people would call them the same."""
    return "".join(letter for letter in tidied(text).casefold() if letter.isalnum())


def day(text: str) -> date:
    """A typed date: ``2026-12-31``, ``2026/12/31``, ``2026.1.5``, ``20261231`` or ``261231``.

    Raises:
        ValueError: it is none, such as the 31st of February.
    """
    parts = tidied(text).replace("/", "-").replace(".", "-").split("-")
    digits = "".join(part.zfill(2) for part in parts)
    if len(digits) == _SHORT_DATE:
        digits = "20" + digits
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


_SHORT_DATE = 6
