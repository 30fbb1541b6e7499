"""The picture of a code as modules. zxing-cpp (with zint inside) does the encoding."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, cast

import zxingcpp

from printing.codes import GS1, Code, Symbology
from printing.metrics import shortened
from printing.problems import LabelError

_FORMATS = {
    Symbology.QR: zxingcpp.BarcodeFormat.QRCode,
    Symbology.GS1_QR: zxingcpp.BarcodeFormat.QRCode,
    Symbology.DATA_MATRIX: zxingcpp.BarcodeFormat.DataMatrix,
    Symbology.GS1_DATA_MATRIX: zxingcpp.BarcodeFormat.DataMatrix,
    Symbology.CODE_128: zxingcpp.BarcodeFormat.Code128,
    Symbology.GS1_128: zxingcpp.BarcodeFormat.Code128,
    Symbology.EAN_13: zxingcpp.BarcodeFormat.EAN13,
    Symbology.EAN_8: zxingcpp.BarcodeFormat.EAN8,
}

# Quiet zones in modules: QR 4 (ISO/IEC 18004), DataMatrix 1 doubled for cheap scanners,
# Code 128 10, EAN 11 on the left (the larger of its two sides, so that it stays centred).
_QUIET = {
    Symbology.QR: 4,
    Symbology.GS1_QR: 4,
    Symbology.DATA_MATRIX: 2,
    Symbology.GS1_DATA_MATRIX: 2,
    Symbology.CODE_128: 10,
    Symbology.GS1_128: 10,
    Symbology.EAN_13: 11,
    Symbology.EAN_8: 7,
}

_create_barcode = cast("Callable[..., zxingcpp.Barcode]", cast("Any", zxingcpp).create_barcode)

_MESSAGE_ROOM = 40_000
"""About 70 characters of a code in a message."""

Rectangle = tuple[int, int, int, int]


@dataclass(frozen=True)
class Symbol:
    """Rows of modules, one byte each: 0 is dark, 255 light.

    A linear symbol is one module high: whoever draws it stretches it to the height of its bars.
    `quiet` is the width of the white border in modules (left and right only for a linear one).
    """

    rows: tuple[bytes, ...]
    quiet: int
    linear: bool

    @property
    def width(self) -> int:
        """Modules across."""
        return len(self.rows[0])

    @property
    def height(self) -> int:
        """Modules down."""
        return len(self.rows)

    @cached_property
    def rectangles(self) -> tuple[Rectangle, ...]:
        """Dark rectangles (left, top, width, height) in modules, origin at the top left."""
        return _rectangles(self.rows)


@lru_cache(maxsize=2048)
def symbol_of(code: Code) -> Symbol:
    """Encode. Raises LabelError for content that the symbology can't carry or that is too long."""
    rows = _modules(code)
    if code.linear:
        rows = rows[:1]
    return Symbol(tuple(rows), _QUIET[code.symbology], code.linear)


def _modules(code: Code) -> list[bytes]:
    """Rows of one byte per module, 0 for dark, without quiet zone."""
    try:
        barcode = _create_barcode(_content(code), _FORMATS[code.symbology], **_options(code))
    except ValueError as error:
        raise _refusal(code, str(error)) from error
    image = memoryview(cast("Any", barcode.to_image(scale=1, add_quiet_zones=False)))
    height, width = cast("tuple[int, int]", image.shape)
    pixels = image.tobytes()
    return [pixels[row * width : (row + 1) * width] for row in range(height)]


def _content(code: Code) -> str:
    """GS1 pairs as `[AI]value`: zint sets FNC1 itself, and a value can't hold these brackets."""
    if code.elements:
        return "".join(f"[{ai}]{value}" for ai, value in code.elements)
    return code.text


def _options(code: Code) -> dict[str, object]:
    options: dict[str, object] = {}
    if code.symbology in GS1:
        options["gs1"] = True
    if code.symbology in (Symbology.QR, Symbology.GS1_QR):
        options["ec_level"] = "M"
        if not code.value.isascii():
            options["eci"] = "UTF-8"
    if code.symbology in (Symbology.DATA_MATRIX, Symbology.GS1_DATA_MATRIX):
        # Rectangular extensions (DMRE) are newer than many readers on the floor.
        options["force_square"] = True
    return options


def _refusal(code: Code, reason: str) -> LabelError:
    """Content was checked before, so zint's complaint is a length or an unknown identifier."""
    if code.elements and " AI " in reason:
        ai, value = _refused_element(code, reason)
        return LabelError("gs1_element", ai=ai, value=shortened(value, _MESSAGE_ROOM))
    value = shortened(code.value, _MESSAGE_ROOM)
    return LabelError("code_too_long", value=value, symbology=code.symbology.value)


def _refused_element(code: Code, reason: str) -> tuple[str, str]:
    named = [(ai, value) for ai, value in code.elements if f"({ai})" in reason]
    return (named or list(code.elements))[0]


def _rectangles(rows: tuple[bytes, ...]) -> tuple[Rectangle, ...]:
    """Dark runs of each row, joined downwards while the rows below have the same run."""
    done: list[Rectangle] = []
    growing: dict[tuple[int, int], int] = {}
    for top, row in enumerate([*rows, b""]):
        runs = set(_dark_runs(row))
        for run in [run for run in growing if run not in runs]:
            first = growing.pop(run)
            done.append((run[0], first, run[1], top - first))
        for run in runs:
            growing.setdefault(run, top)
    return tuple(sorted(done))


def _dark_runs(row: bytes) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    start = row.find(0)
    while start >= 0:
        end = row.find(255, start)
        end = len(row) if end < 0 else end
        runs.append((start, end - start))
        start = row.find(0, end)
    return runs
