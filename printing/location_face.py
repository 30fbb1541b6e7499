"""Location labels: read from the aisle, so the name is as large as the label allows."""

from dataclasses import replace
from typing import NamedTuple

from printing.codes import Code
from printing.content import Content, Line
from printing.fields import ARROW, CHECK
from printing.kinds import Arrow
from printing.layout import (
    MM_PER_POINT,
    Box,
    Drawing,
    Points,
    Shape,
    Text,
    fit_symbol,
    fit_text,
    line_mm,
)
from printing.problems import LabelError
from printing.sizes import LabelSize

_LARGEST_MODULE = 3.01
_UP = ((0.5, 0.0), (1.0, 0.5), (0.7, 0.5), (0.7, 1.0), (0.3, 1.0), (0.3, 0.5), (0.0, 0.5))


class _Face(NamedTuple):
    """What is to be set; `arrow` and `check` carry the numbers of their fields."""

    name: Line
    place: Line
    arrow: Line
    check: Line
    code: Code


def location_drawing(content: Content) -> Drawing:
    """Name over everything, symbol, arrow and check letter in reach of one glance."""
    size, face = content.size, _face(content)
    inner = Box(0, 0, size.width, size.height).inset(size.margin)
    name = _name(face.name, inner, size)
    body = inner.below(name.height)
    upright = size.height > size.width or face.code.linear
    if upright or not (face.arrow.words or face.check.words):
        place = _place(face.place, inner, size)
        symbol_zone, sign_zone = _stacked(body.above(place.height), face)
    else:
        symbol_zone, rest = _side_by_side(body)
        place = _place(face.place, rest, size)
        sign_zone = rest.above(place.height)
    if face.code.linear:
        symbol_zone = symbol_zone._replace(left=0.5, width=size.width - 1)
    symbol = fit_symbol(face.code, symbol_zone, content.dpi, largest=_LARGEST_MODULE)
    shapes, letters = _signs(face, sign_zone)
    texts = tuple(text for text in (name, place, *letters) if text.lines)
    return Drawing(texts, (replace(symbol, source="code"),), shapes)


def _face(content: Content) -> _Face:
    nothing = Line("", -1)
    lines = {name: content.line(name) or nothing for name in ("name", "place", ARROW, CHECK)}
    code = content.code(content.template.symbols[0])
    if code is None:
        raise LabelError("no_code")
    return _Face(lines["name"], lines["place"], lines[ARROW], lines[CHECK], code)


def _name(line: Line, inner: Box, size: LabelSize) -> Text:
    """One line if it stays larger than a title, else two; never more than two fifths."""
    name = line.words
    box = inner._replace(height=inner.height * 0.36)
    largest = box.height / line_mm(1)
    text = fit_text(name, box, Points(largest, size.title_pt), bold=True, align="center")
    if text.lines and text.lines[-1].endswith("…"):
        text = fit_text(
            name, box, Points(size.title_pt, size.least_pt), 2, bold=True, align="center"
        )
    return text.of_field(line.field)


def _place(line: Line, zone: Box, size: LabelSize) -> Text:
    """At the lower edge of the zone."""
    if not line.words:
        return Text(zone, (), size.text_pt)
    points = Points(size.text_pt, size.least_pt)
    text = fit_text(line.words, zone, points, align="center").of_field(line.field)
    return replace(text, box=zone._replace(top=zone.bottom - text.height, height=text.height))


def _side_by_side(body: Box) -> tuple[Box, Box]:
    """The symbol's square, hanging with its quiet zone into the margin below, and the rest."""
    square = min(body.height + 0.6, body.width * 0.5)
    return body._replace(width=square, height=body.height + 0.6), body.beside(square)


def _stacked(body: Box, face: _Face) -> tuple[Box, Box]:
    if not (face.arrow.words or face.check.words):
        return body, body._replace(height=0)
    height = body.height * 0.66
    return body.above(body.height - height), body.below(height)


def _signs(face: _Face, zone: Box) -> tuple[tuple[Shape, ...], tuple[Text, ...]]:
    """The arrow and, white on black, the check letter, in equal squares."""
    count = bool(face.arrow.words) + bool(face.check.words)
    if not count:
        return (), ()
    side = min(zone.height * 0.86, zone.width / count * 0.86)
    squares = [
        Box(
            zone.left + zone.width * (place + 0.5) / count - side / 2,
            zone.top + (zone.height - side) / 2,
            side,
            side,
        )
        for place in range(count)
    ]
    shapes = (arrow_shape(face.arrow, squares[0]),) if face.arrow.words else ()
    letters = (check_letter(face.check, squares[-1]),) if face.check.words else ()
    return shapes, letters


def arrow_shape(arrow: Line, square: Box) -> Shape:
    """An arrow that fills the square; its words are a value of `Arrow`."""
    points = (_turned(Arrow(arrow.words), x, y) for x, y in _UP)
    return Shape(
        tuple((square.left + x * square.width, square.top + y * square.height) for x, y in points),
        arrow.field,
    )


def _turned(arrow: Arrow, x: float, y: float) -> tuple[float, float]:
    """A point of the upward arrow in the unit square, turned the arrow's way."""
    match arrow:
        case Arrow.DOWN:
            return x, 1 - y
        case Arrow.LEFT:
            return y, x
        case Arrow.RIGHT:
            return 1 - y, x
        case _:
            return x, y


def check_letter(check: Line, square: Box) -> Text:
    """White on black. Sized by width too: a check may be two or three characters."""
    wished = square.height * 0.75 / MM_PER_POINT
    unbounded = square._replace(height=1000)
    text = fit_text(check.words, unbounded, Points(wished, 5), bold=True, align="center")
    return replace(text, box=square, inverted=True).of_field(check.field)
