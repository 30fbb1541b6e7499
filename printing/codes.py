"""What a printed code says: checked content, without its picture."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache

from printing.problems import LabelError


class Symbology(StrEnum):
    """The symbols that can be printed. GS1 ones start with FNC1 (read as ]Q3, ]d2, ]C1)."""

    QR = "QR"
    DATA_MATRIX = "DataMatrix"
    CODE_128 = "Code 128"
    GS1_QR = "GS1 QR"
    GS1_DATA_MATRIX = "GS1 DataMatrix"
    GS1_128 = "GS1-128"
    EAN_13 = "EAN-13"
    EAN_8 = "EAN-8"


GS1 = frozenset({Symbology.GS1_QR, Symbology.GS1_DATA_MATRIX, Symbology.GS1_128})
LINEAR = frozenset({Symbology.CODE_128, Symbology.GS1_128, Symbology.EAN_13, Symbology.EAN_8})


class Form(StrEnum):
    """What a template asks for: the code's own symbol, or its content in another one."""

    AUTO = "auto"
    QR = "qr"
    DATA_MATRIX = "data_matrix"
    BARS = "bars"


_FORMED = {
    Form.QR: (Symbology.QR, Symbology.GS1_QR),
    Form.DATA_MATRIX: (Symbology.DATA_MATRIX, Symbology.GS1_DATA_MATRIX),
    Form.BARS: (Symbology.CODE_128, Symbology.GS1_128),
}

CHARSET_82 = frozenset(
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
)
"""GS1 General Specifications, figure 7.11-1: what lots, serials and the like may hold."""

_AI = re.compile(r"[0-9]{2,4}")
_DIGITS_WITH_CHECK = {"00": 18, "01": 14, "02": 14}
_DATES = frozenset({"11", "12", "13", "15", "16", "17"})


@dataclass(frozen=True)
class Code:
    """One code to print.

    `text` is what a plain symbol carries; `elements` are the (AI, value) pairs of a GS1 one, in
    order. `caption` replaces the human-readable text below the symbol: empty hides it.
    Build it with the functions below; wrong content raises LabelError at once.
    """

    symbology: Symbology
    text: str = ""
    elements: tuple[tuple[str, str], ...] = ()
    caption: str | None = None

    def __post_init__(self) -> None:
        """Refuse what the symbol can't carry before any layout is done."""
        if self.symbology in GS1:
            _check_elements(self.elements, self.symbology)
        elif self.symbology in (Symbology.EAN_13, Symbology.EAN_8):
            _check_digits(self.text, 13 if self.symbology == Symbology.EAN_13 else 8)
        else:
            _check_text(self.text, self.symbology)

    @property
    def linear(self) -> bool:
        """Bars rather than a matrix."""
        return self.symbology in LINEAR

    @cached_property
    def value(self) -> str:
        """The whole content for people: bracketed identifiers for GS1, else the text."""
        if self.elements:
            return "".join(f"({ai}){value}" for ai, value in self.elements)
        return self.text

    @property
    def human_readable(self) -> str:
        """What stands under the symbol."""
        if self.caption is not None:
            return self.caption
        if self.symbology == Symbology.EAN_13:
            return f"{self.text[0]} {self.text[1:7]} {self.text[7:]}"
        return self.value


def qr(text: str, caption: str | None = None) -> Code:
    """A QR code of any text: our own codes (`SK:...`), a Digital Link or another address."""
    return Code(Symbology.QR, text, caption=caption)


def data_matrix(text: str, caption: str | None = None) -> Code:
    """A square DataMatrix of ASCII text."""
    return Code(Symbology.DATA_MATRIX, text, caption=caption)


def code_128(text: str, caption: str | None = None) -> Code:
    """A Code 128 of printable ASCII."""
    return Code(Symbology.CODE_128, text, caption=caption)


def gs1(
    elements: Sequence[tuple[str, str]],
    symbology: Symbology = Symbology.GS1_QR,
    caption: str | None = None,
) -> Code:
    """A GS1 element string of (AI, value) pairs. FNC1 is set by the encoder where it belongs."""
    return Code(symbology, elements=tuple(elements), caption=caption)


def gtin_bars(gtin: str, caption: str | None = None) -> Code:
    """The linear code of a GTIN: EAN-8, EAN-13 (also for UPC-A), or GS1-128 of a case's 14 digits.

    The zeros that pad a shorter GTIN to 14 digits are taken off.
    """
    padded = gtin.zfill(14)
    if padded.startswith("000000"):
        return Code(Symbology.EAN_8, padded[6:], caption=caption)
    if padded.startswith("0"):
        return Code(Symbology.EAN_13, padded[1:], caption=caption)
    return gs1([("01", gtin)], Symbology.GS1_128, caption)


def formed(code: Code, form: Form) -> Code:
    """The same content in the symbol asked for; an EAN becomes its GTIN (01) in a matrix.

    Raises LabelError for content that the other symbol can't carry.
    """
    if form == Form.AUTO or (form == Form.BARS and code.linear):
        return code
    plain, with_elements = _FORMED[form]
    if code.symbology in (Symbology.EAN_13, Symbology.EAN_8):
        return gs1([("01", code.text.zfill(14))], with_elements, code.caption)
    if code.elements:
        return replace(code, symbology=with_elements)
    return replace(code, symbology=plain)


def gs1_date(day: date) -> str:
    """YYMMDD, the form of the GS1 date identifiers."""
    return f"{day.year % 100:02d}{day.month:02d}{day.day:02d}"


def check_digit(body: str) -> int:
    """The GS1 check digit of the digits before it (GS1 General Specifications 7.9)."""
    weighted = sum(int(digit) * (3 - 2 * (place % 2)) for place, digit in enumerate(body[::-1]))
    return -weighted % 10


def _check_digits(value: str, length: int) -> None:
    if not (value.isascii() and value.isdigit() and len(value) == length):
        raise LabelError("digits", value=value, length=length)
    expected = check_digit(value[:-1])
    if int(value[-1]) != expected:
        raise LabelError("check_digit", value=value, expected=expected)


def _check_text(text: str, symbology: Symbology) -> None:
    if not text:
        raise LabelError("code_empty")
    if symbology == Symbology.QR:
        return
    for character in text:
        if not " " <= character <= "~":
            raise LabelError(
                "code_character", value=text, character=character, symbology=symbology.value
            )


def _check_elements(elements: tuple[tuple[str, str], ...], symbology: Symbology) -> None:
    if not elements:
        raise LabelError("code_empty")
    for ai, value in elements:
        _check_element(ai, value, symbology)


@lru_cache(maxsize=2048)
def _check_element(ai: str, value: str, symbology: Symbology) -> None:
    """Remembered, as many labels share GTIN and date."""
    if not (_AI.fullmatch(ai) and value):
        raise LabelError("gs1_element", ai=ai, value=value)
    if not CHARSET_82.issuperset(value):
        character = next(character for character in value if character not in CHARSET_82)
        raise LabelError(
            "code_character", value=value, character=character, symbology=symbology.value
        )
    if ai in _DIGITS_WITH_CHECK:
        _check_digits(value, _DIGITS_WITH_CHECK[ai])
    if ai in _DATES and not _is_gs1_date(value):
        raise LabelError("gs1_element", ai=ai, value=value)


def _is_gs1_date(value: str) -> bool:
    """YYMMDD; day 00 means the whole month (GS1 General Specifications 3.4)."""
    try:
        date(2000 + int(value[:2]), int(value[2:4]), int(value[4:]) or 1)
    except ValueError:
        return False
    return len(value) == len("YYMMDD")
