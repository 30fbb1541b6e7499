"""Location labels: read from the aisle, so the name is as large as the label allows."""

from dataclasses import replace

from printing.kinds import Arrow, LocationLabel
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
from printing.sizes import LabelSize

_LARGEST_MODULE = 3.01
_UP = ((0.5, 0.0), (1.0, 0.5), (0.7, 0.5), (0.7, 1.0), (0.3, 1.0), (0.3, 0.5), (0.0, 0.5))


def location_drawing(label: LocationLabel, size: LabelSize, dpi: int) -> Drawing:
    """Name over everything, symbol, arrow and check letter in reach of one glance."""
    inner = Box(0, 0, size.width, size.height).inset(size.margin)
    name = _name(label.name, inner, size)
    body = inner.below(name.height)
    upright = size.height > size.width or label.code.linear
    if upright or not _has_signs(label):
        place = _place(label.place, inner, size)
        symbol_zone, sign_zone = _stacked(body.above(place.height), label)
    else:
        symbol_zone, rest = _side_by_side(body)
        place = _place(label.place, rest, size)
        sign_zone = rest.above(place.height)
    if label.code.linear:
        symbol_zone = replace(symbol_zone, left=0.5, width=size.width - 1)
    symbol = fit_symbol(label.code, symbol_zone, dpi, largest=_LARGEST_MODULE)
    shapes, letters = _signs(label, sign_zone)
    texts = tuple(text for text in (name, place, *letters) if text.lines)
    return Drawing(texts, (symbol,), shapes)


def _name(name: str, inner: Box, size: LabelSize) -> Text:
    """One line if it stays larger than a title, else two; never more than two fifths."""
    box = replace(inner, height=inner.height * 0.36)
    largest = box.height / line_mm(1)
    text = fit_text(name, box, Points(largest, size.title_pt), bold=True, align="center")
    if text.lines and text.lines[-1].endswith("…"):
        text = fit_text(
            name, box, Points(size.title_pt, size.least_pt), 2, bold=True, align="center"
        )
    return text


def _place(place: str, zone: Box, size: LabelSize) -> Text:
    """At the lower edge of the zone."""
    if not place:
        return Text(zone, (), size.text_pt)
    text = fit_text(place, zone, Points(size.text_pt, size.least_pt), align="center")
    return replace(text, box=replace(zone, top=zone.bottom - text.height, height=text.height))


def _has_signs(label: LocationLabel) -> bool:
    return label.arrow != Arrow.NONE or bool(label.check)


def _side_by_side(body: Box) -> tuple[Box, Box]:
    """The symbol's square, hanging with its quiet zone into the margin below, and the rest."""
    square = min(body.height + 0.6, body.width * 0.5)
    return replace(body, width=square, height=body.height + 0.6), body.beside(square)


def _stacked(body: Box, label: LocationLabel) -> tuple[Box, Box]:
    if not _has_signs(label):
        return body, replace(body, height=0)
    height = body.height * 0.66
    return body.above(body.height - height), body.below(height)


def _signs(label: LocationLabel, zone: Box) -> tuple[tuple[Shape, ...], tuple[Text, ...]]:
    """The arrow and, white on black, the check letter, in equal squares."""
    count = (label.arrow != Arrow.NONE) + bool(label.check)
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
    shapes = () if label.arrow == Arrow.NONE else (_arrow(label.arrow, squares[0]),)
    letters = (_letter(label.check, squares[-1]),) if label.check else ()
    return shapes, letters


def _arrow(arrow: Arrow, square: Box) -> Shape:
    points = (_turned(arrow, x, y) for x, y in _UP)
    return Shape(
        tuple((square.left + x * square.width, square.top + y * square.height) for x, y in points)
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


def _letter(check: str, square: Box) -> Text:
    """Sized by width too: a check may be two or three characters."""
    wished = square.height * 0.75 / MM_PER_POINT
    unbounded = replace(square, height=1000)
    text = fit_text(check, unbounded, Points(wished, 5), bold=True, align="center")
    return replace(text, box=square, inverted=True)
