"""The fixed layout: every field and symbol in the box that its template gives."""

from dataclasses import replace

from printing.content import Content, Line
from printing.fields import ARROW, CHECK, CODE_TEXT, RULE
from printing.layout import (
    Box,
    Drawing,
    PlacedSymbol,
    Points,
    Shape,
    Text,
    fit_code_text,
    fit_symbol,
    fit_text,
    line_mm,
)
from printing.location_face import arrow_shape, check_letter
from printing.metrics import shortened
from printing.problems import LabelError
from printing.sizes import LabelSize
from printing.template import Field

_LARGEST_SQUARE_MODULE = 3.01
_LARGEST_BAR_MODULE = 1.01
_LEAST_BARS_MM = 3.0


def fixed_drawing(content: Content) -> Drawing:
    """What the label says, in its boxes. LabelError if a symbol's box is too small for it."""
    texts: list[Text] = []
    shapes: list[Shape] = []
    for place, field in enumerate(content.template.fields):
        found = _placed(content, field, place)
        if isinstance(found, Text):
            texts.append(found)
        elif found:
            shapes.append(found)
    return Drawing(tuple(texts), _symbols(content), tuple(shapes))


def _placed(content: Content, field: Field, place: int) -> Text | Shape | None:
    """Nothing where the label has no value for the field."""
    box = field.box
    if box is None:
        return None
    if field.name == RULE:
        corners = ((box.left, box.top), (box.right, box.top), (box.right, box.bottom))
        return Shape((*corners, (box.left, box.bottom)), place)
    if field.name.endswith(CODE_TEXT):
        return _code_text(content, field, box, place)
    line = Line(content.words(field), place)
    return _line(content, field, box, line) if line.words else None


def _line(content: Content, field: Field, box: Box, line: Line) -> Text | Shape:
    if field.name == ARROW:
        return arrow_shape(line, _square(box))
    if field.name == CHECK:
        return check_letter(line, _square(box))
    text = fit_text(
        line.words,
        box,
        _points(field, box, content.size),
        field.lines,
        bold=field.style != "plain",
        align=field.align,
    )
    return text.of_field(line.field)


def _code_text(content: Content, field: Field, box: Box, place: int) -> Text | None:
    """Never cut: what is not whole can't be typed in. LabelError if the box is too small."""
    spec = content.spec(field.name.removesuffix(CODE_TEXT))
    code = content.code(spec) if spec else None
    if code is None or not code.human_readable:
        return None
    # Half of the box that it is given is what a code's text may take.
    double = box._replace(height=box.height * 2.01)
    text = fit_code_text(code, double, _points(field, box, content.size))
    return text.of_field(place, box)


def _points(field: Field, box: Box, size: LabelSize) -> Points:
    """The size wished for, bounded by the box's height, and the least."""
    usual = {"title": size.title_pt, "strong": size.text_pt * 1.15, "plain": size.text_pt}
    wished = min(field.points or usual[field.style], box.height / line_mm(1) + 0.01)
    return Points(wished, min(size.least_pt, wished))


def _square(box: Box) -> Box:
    """The largest square in the middle of the box."""
    side = min(box.width, box.height)
    return Box(box.left + (box.width - side) / 2, box.top + (box.height - side) / 2, side, side)


def _symbols(content: Content) -> tuple[PlacedSymbol, ...]:
    """The codes that the label has content for. LabelError for the first one that does not fit."""
    placed: list[PlacedSymbol] = []
    for spec in content.template.symbols:
        code = content.code(spec)
        if code is None or spec.box is None:
            continue
        if code.linear and spec.box.height < _LEAST_BARS_MM:
            raise LabelError(
                "code_too_large",
                value=shortened(code.value, 40_000),
                needed=f"{spec.box.width:.1f} x {_LEAST_BARS_MM:.1f}",
                room=f"{spec.box.width:.1f} x {spec.box.height:.1f}",
            )
        largest = _LARGEST_BAR_MODULE if code.linear else _LARGEST_SQUARE_MODULE
        symbol = fit_symbol(code, spec.box, content.dpi, largest=largest)
        placed.append(replace(symbol, source=spec.source))
    if not placed:
        raise LabelError("no_code")
    return tuple(placed)
