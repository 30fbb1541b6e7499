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
_STRIDE_STEP = 128
_KEPT_STEP = 4
_BINARY = bytes.maketrans(b"\x00\xff", b"10")
_BEFORE = {"left": 0.0, "center": 0.5, "right": 1.0}
"""The part of a line's blank room that lies before it."""


@dataclass(frozen=True, eq=False)
class Pattern:
    """Black dots: rows of bytes, the highest bit leftmost, 1 black, each row `repeat` times.

    Equal only to itself: caches ask for it often, and comparing rows would take long.
    """

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
    """Each row's modules `dots` wide, eight dots a byte.

    A dark module is first its last dot only, all rows in one number; multiplying fills it. Light
    modules lengthen the rows to whole bytes meanwhile.
    """
    whole = math.lcm(dots, 8) // dots
    across = math.ceil(symbol.width / whole) * whole
    modules = b"".join([row.ljust(across, b"\xff") for row in symbol.rows]).translate(_BINARY)
    binary = bytearray(b"0") * (len(modules) * dots)
    binary[dots - 1 :: dots] = modules
    data = (int(binary, 2) * ((1 << dots) - 1)).to_bytes(len(binary) // 8)
    size, stride = (symbol.width * dots + 7) // 8, across * dots // 8
    return tuple([data[at : at + size] for at in range(0, len(data), stride)])


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
    size, box, step = _dots(text, scale), text.box, text.line_mm
    edge, room, before = box.left * scale, box.width * scale, _BEFORE[text.align]
    for number, words in enumerate(text.lines):
        line = _line(words, size, bold=text.bold)
        if line is None:
            continue
        start = edge + before * (room - line.advance)
        baseline = (box.top + number * step) * scale + BASELINE * size
        left, top = round(start) + line.left, round(baseline) + line.top
        yield Mark(max(left, 0), max(top, 0), line.pattern)


def _dots(text: Text, scale: float) -> float:
    """The type's size in dots; steps of a tenth keep the number of fonts small."""
    return round(text.size_pt * scale * MM_PER_INCH / _POINTS_PER_INCH, 1)


class _Glyph(NamedTuple):
    """One character's rows of dots, `width` wide; blanks have none.

    `left` is where they begin, relative to the pen; `advance` is how far the pen then moves.
    """

    left: int
    width: int
    dots: bytes
    advance: float


class _Type:
    """One size of one weight. Each glyph is drawn once: FreeType needs a millisecond for a line.

    A glyph has `high` rows, `above` of them over the baseline, and reaches at most `em` dots
    before the pen and three times that behind it.
    """

    def __init__(self, size: float, *, bold: bool) -> None:
        self.size = size
        self.bold = bold
        self.face = font(size, bold=bold)
        self.em = math.ceil(size)
        self.above = math.ceil(size * 1.3)
        self.high = self.above + math.ceil(size * 0.5)
        self.glyphs: dict[str, _Glyph] = {}

    def stride(self, words: str) -> int:
        """How many dots a row needs that surely holds the words; one of few numbers."""
        width = width_of(words, bold=self.bold) / _FULL_WIDTH * self.size + 1
        return math.ceil((width + 4 * self.em) / _STRIDE_STEP) * _STRIDE_STEP

    def glyph(self, character: str) -> _Glyph:
        """Drawn when first asked for."""
        return self.glyphs.get(character) or self._drawn(character)

    def _drawn(self, character: str) -> _Glyph:
        box = self.face.getbbox(character, "1", anchor="ls")
        left, right = max(round(box[0]), -self.em), min(round(box[2]), 3 * self.em)
        dots = self._picture(character, left, right - left) if right > left else b""
        width = right - left if any(dots) else 0
        glyph = _Glyph(left, width, dots, _advance(character, bold=self.bold) * self.size)
        self.glyphs[character] = glyph
        return glyph

    def _picture(self, character: str, left: int, width: int) -> bytes:
        image = Image.new("1", (width, self.high), 0)
        draw = ImageDraw.Draw(image)
        draw.fontmode = "1"
        draw.text((-left, self.above), character, fill=1, font=self.face, anchor="ls")
        return image.tobytes()


@lru_cache(maxsize=128)
def _type(size: float, *, bold: bool) -> _Type:
    return _Type(size, bold=bold)


@lru_cache(maxsize=512)
def _spread(dots: bytes, width: int, stride: int) -> int:
    """A glyph's rows as one number, each row `stride` dots long, the first dot highest."""
    size = (width + 7) // 8
    rows = (dots[at : at + size] for at in range(0, len(dots), size))
    return int.from_bytes(b"".join(row.ljust(stride // 8, b"\x00") for row in rows))


class _Run(NamedTuple):
    """Set characters: rows of `stride` dots as one number, where the pen begins at one em.

    All dots lie from `left` to `right`, which is 0 if there are none.
    """

    dots: int
    left: int
    right: int
    pen: float


@lru_cache(maxsize=256)
def _run(words: str, face: _Type, stride: int) -> _Run:
    """Set words. Most labels differ in their last characters only: beginnings are kept.

    The pen moves by the layout's own widths, so that what was fitted fits.
    """
    kept = (len(words) - 1) // _KEPT_STEP * _KEPT_STEP
    dots, left, right, pen = _run(words[:kept], face, stride) if kept > 0 else (0, stride, 0, 0.0)
    for character in words[kept:]:
        glyph = face.glyph(character)
        if glyph.width:
            start = face.em + round(pen) + glyph.left
            dots |= _spread(glyph.dots, glyph.width, stride) >> start
            left, right = min(left, start), max(right, start + glyph.width)
        pen += glyph.advance
    return _Run(dots, left, right, pen)


class _Line(NamedTuple):
    """A set line: its black dots relative to the baseline's start, and how far it goes."""

    left: int
    top: int
    advance: float
    pattern: Pattern


@lru_cache(maxsize=8192)
def _line(words: str, size: float, *, bold: bool) -> _Line | None:
    """None for blanks."""
    face = _type(size, bold=bold)
    stride = face.stride(words)
    run = _run(words, face, stride)
    if not run.right:
        return None
    data = (run.dots << run.left).to_bytes(face.high * stride // 8)
    width, row = run.right - run.left, stride // 8
    top, inked = (len(data) - len(data.lstrip(b"\x00"))) // row, len(data.rstrip(b"\x00"))
    wide = (width + 7) // 8
    rows = tuple([data[at : at + wide] for at in range(top * row, inked, row)])
    return _Line(run.left - face.em, top - face.above, run.pen, Pattern(width, rows))


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
