"""The two decoders behind one face: zxing-cpp and zbar, each reading of a code as one ``Read``.

Measured on 278 photos, zxing-cpp reads most kinds and most photos, zbar some blurred and bent
ones that zxing-cpp does not; each alone makes up a text now and then, both never the same one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, cast

import zxingcpp
from PIL import Image
from pyzbar import pyzbar

from app.scanning.check_digits import has_check_digit
from app.scanning.ean import expand_upc_e, suppress_zeros

ZXING, ZBAR = "zxing", "zbar"
BOTH = (ZXING, ZBAR)

_F = zxingcpp.BarcodeFormat
_ZXING_FORMATS = zxingcpp.BarcodeFormats(
    [
        _F.EANUPC,
        _F.Code128,
        _F.Code39,
        _F.ITF,
        _F.QRCode,
        _F.DataMatrix,
        _F.DataBar,
        _F.DataBarExp,
    ]
)
# zbar's reader of DataBar writes assertion failures to standard error and adds no reads.
_ZBAR_SYMBOLS = [
    pyzbar.ZBarSymbol.EAN13,
    pyzbar.ZBarSymbol.EAN8,
    pyzbar.ZBarSymbol.UPCE,
    pyzbar.ZBarSymbol.I25,
    pyzbar.ZBarSymbol.CODE39,
    pyzbar.ZBarSymbol.CODE128,
    pyzbar.ZBarSymbol.QRCODE,
]
_ZBAR_NAMES = {
    "EAN13": "EAN-13",
    "EAN8": "EAN-8",
    "UPCE": "UPC-E",
    "I25": "ITF",
    "CODE39": "Code39",
    "CODE128": "Code128",
    "QRCODE": "QR",
}
_GTIN_14 = 14

Point = tuple[float, float]


class _ZbarPoint(Protocol):
    x: int
    y: int


class _ZbarRect(Protocol):
    left: int
    top: int
    width: int
    height: int


class _ZbarSymbol(Protocol):
    """What pyzbar answers for one code; the library itself has no types."""

    type: str
    data: bytes
    polygon: list[_ZbarPoint]
    rect: _ZbarRect


@dataclass(frozen=True, slots=True)
class Read:
    """One code that one decoder saw in one picture; points in that picture's pixels."""

    decoder: str
    symbology: str
    text: str
    identifier: str
    points: tuple[Point, ...]

    @property
    def key(self) -> tuple[str, str]:
        """What two reads must share to be the same code."""
        return self.symbology, self.text.lstrip("\x1d")


def read_with(decoders: Iterable[str], picture: Image.Image) -> list[Read]:
    """What these decoders see in this grey picture."""
    return [read for decoder in decoders for read in _READERS[decoder](picture)]


def _read_with_zxing(picture: Image.Image) -> Iterator[Read]:
    found = zxingcpp.read_barcodes(
        picture, formats=_ZXING_FORMATS, text_mode=zxingcpp.TextMode.Plain
    )
    for barcode in found:
        at = barcode.position
        corners = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
        points = tuple((float(corner.x), float(corner.y)) for corner in corners)
        identifier = barcode.symbology_identifier
        name, text = _zxing_name(str(barcode.format), identifier, barcode.text)
        if text:
            yield Read(ZXING, name, text, identifier, points)


def _zxing_name(name: str, identifier: str, text: str) -> tuple[str, str]:
    """Our name of the symbology, and the text as it stands on the label."""
    plain = name.replace(" ", "").replace("-", "")
    if plain in ("EAN13", "UPCA", "ISBN"):
        return _retail(text.zfill(13))
    known = _ZXING_NAMES.get(plain, plain)
    if known == "UPC-E":
        text = suppress_zeros(text[-12:]) or text
    elif known == "DataBar" and len(text) > _GTIN_14:
        text = text.removeprefix("01")
    elif known == "Code128" and identifier == "]C1":
        # A leading FNC1 is what makes a Code 128 a GS1 one.
        text = "\x1d" + text
    return known, text


_ZXING_NAMES = {
    "EAN8": "EAN-8",
    "UPCE": "UPC-E",
    "QRCode": "QR",
    "QRCodeModel1": "QR",
    "QRCodeModel2": "QR",
    "ITF14": "ITF",
    "DataBarOmni": "DataBar",
    "DataBarStacked": "DataBar",
    "DataBarStackedOmni": "DataBar",
    "DataBarLimited": "DataBar",
    "DataBarExpandedStacked": "DataBarExpanded",
}


def _retail(digits: str) -> tuple[str, str]:
    """EAN-13 and UPC-A are one symbology: a UPC-A is an EAN-13 that starts with 0."""
    return ("UPC-A", digits[1:]) if digits.startswith("0") else ("EAN-13", digits)


def _read_with_zbar(picture: Image.Image) -> Iterator[Read]:
    for barcode in _zbar_decode(picture, symbols=_ZBAR_SYMBOLS):
        name = _ZBAR_NAMES.get(barcode.type, "")
        text = _text_of(barcode.data)
        if name == "EAN-13":
            name, text = _retail(text)
        if name and _is_sound(name, text):
            points = tuple((float(point.x), float(point.y)) for point in barcode.polygon)
            yield Read(ZBAR, name, text, "", points or _corners(barcode.rect))


def _is_sound(name: str, text: str) -> bool:
    if name == "EAN-8":
        return has_check_digit(text)
    if name == "UPC-E":
        return expand_upc_e(text) is not None
    return bool(text)


def _text_of(data: bytes) -> str:
    """The text of a code; zbar guesses the encoding of a QR, so only what is sure counts."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _corners(rect: _ZbarRect) -> tuple[Point, ...]:
    right, bottom = rect.left + rect.width, rect.top + rect.height
    return ((rect.left, rect.top), (right, rect.top), (right, bottom), (rect.left, bottom))


# pyzbar has no types of its own.
_zbar_decode = cast(
    "Callable[..., list[_ZbarSymbol]]",
    pyzbar.decode,  # pyright: ignore[reportUnknownMemberType]
)

_READERS = {ZXING: _read_with_zxing, ZBAR: _read_with_zbar}
