"""Labels as the dots of a printer: the picture, and the marks that printers are sent.

Symbols are drawn from the same modules as in the PDF, each a whole number of dots; text is set
by Pillow (FreeType) without grey, as a thermal head can only burn or not.
"""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from PIL import Image, ImageDraw

from printing.fonts import BASELINE, MIDDLE, font
from printing.layout import MM_PER_INCH, Drawing, PlacedSymbol, Shape, Text
from printing.metrics import width_of
from printing.symbols import Symbol

_POINTS_PER_INCH = 72
_FULL_WIDTH = 1000


@dataclass(frozen=True)
class Pattern:
    """Black dots: rows of bytes, the highest bit leftmost, 1 black, each row `repeat` times."""

    width: int
    rows: tuple[bytes, ...]
    repeat: int = 1

    @property
    def height(self) -> int:
        """In dots."""
        return len(self.rows) * self.repeat

    @property
    def data(self) -> bytes:
        """All rows."""
        return b"".join(row * self.repeat for row in self.rows)


class Mark(NamedTuple):
    """A pattern with its place on the label in dots."""

    left: int
    top: int
    pattern: Pattern


def marks(drawing: Drawing, dpi: int) -> Iterator[Mark]:
    """Everything on the label."""
    scale = dpi / MM_PER_INCH
    for symbol in drawing.symbols:
        yield _symbol_mark(symbol, scale)
    for shape in drawing.shapes:
        yield _shape_mark(shape, scale)
    for text in drawing.texts:
        if text.inverted:
            yield _inverted_mark(text, scale)
        else:
            yield from _text_marks(text, scale)


def picture(drawing: Drawing, size: tuple[int, int], dpi: int) -> Image.Image:
    """The label of `size` dots, black on white, one pixel a dot."""
    image = Image.new("1", size, 1)
    for left, top, pattern in marks(drawing, dpi):
        black = Image.frombytes("1", (pattern.width, pattern.height), pattern.data)
        image.paste(0, (left, top), black)
    return image


def png(image: Image.Image, dpi: int) -> bytes:
    """The picture as a file that knows its resolution."""
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(dpi, dpi))
    return out.getvalue()


def _symbol_mark(one: PlacedSymbol, scale: float) -> Mark:
    repeat = round(one.bar_height * scale) if one.symbol.linear else one.module_dots
    rows = _stretched(one.symbol, one.module_dots)
    pattern = Pattern(one.symbol.width * one.module_dots, rows, repeat)
    return Mark(round(one.left * scale), round(one.top * scale), pattern)


def _stretched(symbol: Symbol, dots: int) -> tuple[bytes, ...]:
    """Each row's modules `dots` wide, eight dots a byte."""
    width = symbol.width * dots
    size, padding = (width + 7) // 8, -width % 8
    dark, light = b"1" * dots, b"0" * dots
    return tuple(
        (int(row.replace(b"\x00", dark).replace(b"\xff", light), 2) << padding).to_bytes(size)
        for row in symbol.rows
    )


def _shape_mark(shape: Shape, scale: float) -> Mark:
    points = [(round(x * scale), round(y * scale)) for x, y in shape.points]
    left, top = (min(side) for side in zip(*points, strict=True))
    moved = tuple((x - left, y - top) for x, y in points)
    return Mark(left, top, _polygon(moved))


@lru_cache(maxsize=256)
def _polygon(points: tuple[tuple[int, int], ...]) -> Pattern:
    width, height = (max(*side, 1) for side in zip(*points, strict=True))
    image = Image.new("1", (width, height), 0)
    # Pillow draws the far edges too, which lie one dot outside.
    nearer = [(min(x, width - 1), min(y, height - 1)) for x, y in points]
    ImageDraw.Draw(image).polygon(nearer, fill=1)
    return _pattern(image)


def _text_marks(text: Text, scale: float) -> Iterator[Mark]:
    """One mark a line, so that lines which many labels share are set once."""
    size = _dots(text, scale)
    for number, words in enumerate(text.lines):
        line = _line(words, size, bold=text.bold)
        if line is None:
            continue
        slack = text.box.width * scale - line.advance
        start = text.box.left * scale + {"left": 0, "center": slack / 2, "right": slack}[text.align]
        baseline = (text.box.top + number * text.line_mm) * scale + BASELINE * size
        left, top = round(start) + line.left, round(baseline) + line.top
        yield Mark(max(left, 0), max(top, 0), line.pattern)


def _dots(text: Text, scale: float) -> float:
    """The type's size in dots; steps of a tenth keep the number of fonts small."""
    return round(text.size_pt * scale * MM_PER_INCH / _POINTS_PER_INCH, 1)


class _Glyph(NamedTuple):
    """One character's columns of dots as one number, the first column highest.

    `left` is where they begin, relative to the pen; `advance` is how far the pen then moves.
    """

    left: int
    width: int
    columns: int
    advance: float


class _Line(NamedTuple):
    """A set line: its black dots relative to the baseline's start, and how far it goes."""

    left: int
    top: int
    advance: float
    pattern: Pattern


class _Type:
    """One size of one weight. Each glyph is drawn once: FreeType needs a millisecond for a line.

    The pen moves by the layout's own widths, so that what was fitted fits. A column has `high`
    dots, `above` of them over the baseline.
    """

    def __init__(self, size: float, *, bold: bool) -> None:
        self.size = size
        self.bold = bold
        self.face = font(size, bold=bold)
        self.above = math.ceil(size * 1.3)
        self.high = math.ceil((self.above + size * 0.5) / 8) * 8
        self.glyphs: dict[str, _Glyph] = {}

    def line(self, words: str) -> _Line | None:
        """None for blanks."""
        pen, placed = 0.0, list[tuple[int, _Glyph]]()
        glyphs = self.glyphs
        for character in words:
            glyph = glyphs.get(character) or self._drawn(character)
            if glyph.width:
                placed.append((round(pen) + glyph.left, glyph))
            pen += glyph.advance
        if not placed:
            return None
        left = min(start for start, _ in placed)
        right = max(start + glyph.width for start, glyph in placed)
        columns = 0
        for start, glyph in placed:
            columns |= glyph.columns << (right - start - glyph.width) * self.high
        rows = self._rows(columns, right - left)
        inked = [number for number, row in enumerate(rows) if any(row)]
        top, bottom = inked[0], inked[-1] + 1
        return _Line(left, top - self.above, pen, Pattern(right - left, rows[top:bottom]))

    def _rows(self, columns: int, width: int) -> tuple[bytes, ...]:
        data = columns.to_bytes(width * self.high // 8)
        image = Image.frombytes("1", (self.high, width), data)
        return _pattern(image.transpose(Image.Transpose.TRANSPOSE)).rows

    def _drawn(self, character: str) -> _Glyph:
        box = self.face.getbbox(character, "1", anchor="ls")
        left, right = round(box[0]), round(box[2])
        columns = self._columns(character, left, right - left) if right > left else 0
        width = right - left if columns else 0
        glyph = _Glyph(left, width, columns, _advance(character, bold=self.bold) * self.size)
        self.glyphs[character] = glyph
        return glyph

    def _columns(self, character: str, left: int, width: int) -> int:
        image = Image.new("1", (width, self.high), 0)
        draw = ImageDraw.Draw(image)
        draw.fontmode = "1"
        draw.text((-left, self.above), character, fill=1, font=self.face, anchor="ls")
        return int.from_bytes(image.transpose(Image.Transpose.TRANSPOSE).tobytes())


@lru_cache(maxsize=128)
def _type(size: float, *, bold: bool) -> _Type:
    return _Type(size, bold=bold)


@lru_cache(maxsize=8192)
def _line(words: str, size: float, *, bold: bool) -> _Line | None:
    return _type(size, bold=bold).line(words)


def _advance(character: str, *, bold: bool) -> float:
    """In parts of the size; the font is asked about what the layout only estimates."""
    estimated = width_of(character, bold=bold)
    if not character.isascii() and estimated != _FULL_WIDTH:
        estimated = min(font(_FULL_WIDTH, bold=bold).getlength(character), estimated)
    return estimated / _FULL_WIDTH


def _inverted_mark(text: Text, scale: float) -> Mark:
    """White words in the middle of a black box."""
    size = _dots(text, scale)
    width, height = round(text.box.width * scale), round(text.box.height * scale)
    face = font(size, bold=text.bold)
    words = " ".join(text.lines)
    image = Image.new("1", (width, height), 1)
    draw = ImageDraw.Draw(image)
    draw.fontmode = "1"
    start = ((width - face.getlength(words, "1")) / 2, height / 2 + MIDDLE * size)
    draw.text(start, words, fill=0, font=face, anchor="ls")
    return Mark(round(text.box.left * scale), round(text.box.top * scale), _pattern(image))


def _pattern(image: Image.Image) -> Pattern:
    size, data = (image.width + 7) // 8, image.tobytes()
    return Pattern(image.width, tuple(data[at : at + size] for at in range(0, len(data), size)))
