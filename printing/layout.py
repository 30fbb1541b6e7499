"""A label as placed things: text lines, symbols and shapes. Lengths in mm from its top left."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from printing import metrics
from printing.codes import Code
from printing.problems import LabelError
from printing.symbols import Symbol, symbol_of

MM_PER_INCH = 25.4
MM_PER_POINT = MM_PER_INCH / 72
LINE_HEIGHT = 1.22
_STEP_PT = 0.5
_LEAST_MODULE_MM = 0.249
"""2 dots at 203 dpi, 3 at 300: what a hand scanner reads without care."""
_SAFETY = 0.985
"""Text widths are filled to this part, for rounding and hinting."""

Align = Literal["left", "center", "right"]


class Box(NamedTuple):
    """A rectangle in mm."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    def around(self, other: "Box") -> "Box":
        """The least box that holds both."""
        left, top = min(self.left, other.left), min(self.top, other.top)
        right, bottom = max(self.right, other.right), max(self.bottom, other.bottom)
        return Box(left, top, right - left, bottom - top)

    def sized(self, width: float, height: float) -> "Box":
        """Another size at the same corner."""
        return Box(self.left, self.top, width, height)

    def rounded(self) -> "Box":
        """Outwards to hundredths, so that what was laid out in it still fits."""
        left, top = (math.floor(edge * 100) / 100 for edge in (self.left, self.top))
        right, bottom = (math.ceil(edge * 100) / 100 for edge in (self.right, self.bottom))
        return Box(max(left, 0), max(top, 0), round(right - left, 2), round(bottom - top, 2))

    def inset(self, margin: float) -> "Box":
        """The box less a margin on every side."""
        return Box(
            self.left + margin,
            self.top + margin,
            self.width - 2 * margin,
            self.height - 2 * margin,
        )

    def below(self, height: float) -> "Box":
        """What is left under the first `height` mm."""
        return Box(self.left, self.top + height, self.width, max(self.height - height, 0))

    def above(self, height: float) -> "Box":
        """What is left over the last `height` mm."""
        return Box(self.left, self.top, self.width, max(self.height - height, 0))

    def beside(self, width: float) -> "Box":
        """What is left to the right of the first `width` mm."""
        return Box(self.left + width, self.top, max(self.width - width, 0), self.height)


@dataclass(frozen=True)
class Text:
    """Lines of one size. `height` in mm is what they really need.

    `fields` holds, for each line, the number of the template's field that it shows.
    """

    box: Box
    lines: tuple[str, ...]
    size_pt: float
    bold: bool = False
    align: Align = "left"
    inverted: bool = False
    fields: tuple[int, ...] = ()

    def of_field(self, field: int, box: Box | None = None) -> "Text":
        """The same lines, all of one field, in another box if it is given."""
        fields, box = (field,) * len(self.lines), box or self.box
        return Text(box, self.lines, self.size_pt, self.bold, self.align, self.inverted, fields)

    @property
    def line_mm(self) -> float:
        """From one line to the next."""
        return line_mm(self.size_pt)

    @property
    def height(self) -> float:
        """Height of all lines."""
        return self.line_mm * len(self.lines)


@dataclass(frozen=True)
class PlacedSymbol:
    """A symbol whose corner (of its dark part) is at left, top; the module is in whole dots."""

    symbol: Symbol
    left: float
    top: float
    module_dots: int
    bar_height: float
    dpi: int
    source: str = ""

    @property
    def module(self) -> float:
        """Module in mm."""
        return self.module_dots * MM_PER_INCH / self.dpi

    @property
    def width(self) -> float:
        """Width of the dark part in mm."""
        return self.symbol.width * self.module

    @property
    def height(self) -> float:
        """Height of the dark part in mm."""
        return self.bar_height if self.symbol.linear else self.symbol.height * self.module

    @property
    def quiet(self) -> float:
        """The quiet zone in mm."""
        return self.symbol.quiet * self.module

    @property
    def area(self) -> Box:
        """The symbol with its quiet zone; bars need none above and below."""
        above = 0 if self.symbol.linear else self.quiet
        return Box(
            self.left - self.quiet,
            self.top - above,
            self.width + 2 * self.quiet,
            self.height + 2 * above,
        )


@dataclass(frozen=True)
class Shape:
    """A filled polygon, points in mm; `field` is the template's field that it shows."""

    points: tuple[tuple[float, float], ...]
    field: int | None = None

    @property
    def bounds(self) -> Box:
        """The rectangle around it."""
        across, down = zip(*self.points, strict=True)
        return Box(min(across), min(down), max(across) - min(across), max(down) - min(down))


@dataclass(frozen=True)
class Drawing:
    """Everything on one label."""

    texts: tuple[Text, ...] = ()
    symbols: tuple[PlacedSymbol, ...] = ()
    shapes: tuple[Shape, ...] = ()


def line_mm(size_pt: float) -> float:
    """Height of a line of text in mm."""
    return size_pt * LINE_HEIGHT * MM_PER_POINT


def room_of(width: float, size_pt: float) -> int:
    """How much text fits in `width` mm, in thousandths of the size."""
    return int(width * _SAFETY / (size_pt * MM_PER_POINT) * 1000)


@lru_cache(maxsize=1024)
def sizes_down(wished_pt: float, least_pt: float) -> tuple[float, ...]:
    """The sizes to try, largest first."""
    steps = max(math.ceil((wished_pt - least_pt) / _STEP_PT), 0)
    return tuple(max(wished_pt - step * _STEP_PT, least_pt) for step in range(steps + 1))


class Points(NamedTuple):
    """Type sizes: wished for, and the least before text is cut."""

    wished: float
    least: float


@lru_cache(maxsize=4096)
def fit_text(
    text: str,
    box: Box,
    points: Points,
    max_lines: int = 1,
    *,
    bold: bool = False,
    align: Align = "left",
) -> Text:
    """The text as large as it fits, else at the least size with a visible ellipsis.

    Never more lines than `max_lines`, nor than the box is high; one line of four fifths of the
    size is preferred to two.
    """
    wished_pt, least_pt = points
    tries = [(size_pt, 1) for size_pt in sizes_down(wished_pt, max(wished_pt * 0.8, least_pt))]
    tries += [(size_pt, max_lines) for size_pt in sizes_down(wished_pt, least_pt)]
    for size_pt, most in tries:
        allowed = min(most, int(box.height / line_mm(size_pt) + 0.01))
        lines = metrics.wrapped(text, room_of(box.width, size_pt), 99, bold=bold)
        if 0 < len(lines) <= allowed:
            return Text(box, lines, size_pt, bold, align)
    allowed = max(min(max_lines, int(box.height / line_mm(least_pt) + 0.01)), 1)
    lines = metrics.wrapped(text, room_of(box.width, least_pt), allowed, bold=bold)
    return Text(box, lines, least_pt, bold, align)


def fit_code_text(code: Code, box: Box, points: Points) -> Text:
    """The human-readable text of a code, never cut: shrunk, then broken over several lines.

    A caption given by the caller is ordinary text and may be cut. LabelError if the text would
    take more than half of the box.
    """
    if code.caption is not None:
        return fit_text(code.caption, box, points, align="center")
    size_pt = _code_text_size(code, box, points)
    text = Text(box, _evened(code, room_of(box.width, size_pt)), size_pt, align="center")
    if text.height > box.height / 2:
        raise LabelError("text_too_large", value=metrics.shortened(code.value, 40_000))
    return text


def fit_symbol(
    code: Code, box: Box, dpi: int, *, largest: float, align: Align = "center"
) -> PlacedSymbol:
    """The symbol with the largest module of whole dots that the box holds, quiet zone included.

    `largest` bounds the module in mm. LabelError if even the least readable module is too large.
    """
    symbol = symbol_of(code)
    modules_x = symbol.width + 2 * symbol.quiet
    modules_y = 0 if symbol.linear else symbol.height + 2 * symbol.quiet
    room = min(box.width / modules_x, box.height / modules_y if modules_y else math.inf, largest)
    dots = int(room * dpi / MM_PER_INCH + 0.001)
    if dots < math.ceil(_LEAST_MODULE_MM * dpi / MM_PER_INCH):
        raise _too_large(code, box, modules_x, modules_y, dpi)
    module = dots * MM_PER_INCH / dpi
    slack = box.width - modules_x * module
    aside = {"left": 0, "center": slack / 2, "right": slack}[align]
    left = box.left + symbol.quiet * module + aside
    top = box.top if symbol.linear else box.top + (box.height - symbol.height * module) / 2
    return PlacedSymbol(symbol, left, top, dots, box.height, dpi)


def _code_text_size(code: Code, box: Box, points: Points) -> float:
    """One line if possible; on a large label rather two lines than small type."""
    wished_pt, least_pt = points
    roomy = 2 * line_mm(wished_pt) <= box.height * 0.08
    tries = [(size_pt, 2 if roomy else 1) for size_pt in sizes_down(wished_pt, least_pt)]
    text = code.human_readable
    width = metrics.width_of(metrics.clean(text))
    for size_pt, most in tries:
        room = room_of(box.width, size_pt)
        if width <= room or (most > 1 and len(metrics.wrapped_code(text, room)) <= most):
            return size_pt
    return least_pt


def _evened(code: Code, room: int) -> tuple[str, ...]:
    """The fewest lines, of about equal length."""
    least = metrics.wrapped_code(code.human_readable, room)
    if len(least) == 1:
        return least
    for narrower in range(room // 2, room, 500):
        lines = metrics.wrapped_code(code.human_readable, narrower)
        if len(lines) == len(least):
            return lines
    return least


def _too_large(code: Code, box: Box, modules_x: int, modules_y: int, dpi: int) -> LabelError:
    module = math.ceil(_LEAST_MODULE_MM * dpi / MM_PER_INCH) * MM_PER_INCH / dpi
    height = module * modules_y or box.height
    return LabelError(
        "code_too_large",
        value=metrics.shortened(code.value, 40_000),
        needed=f"{module * modules_x + 0.05:.1f} x {height:.1f}",
        room=f"{box.width:.1f} x {box.height:.1f}",
    )
