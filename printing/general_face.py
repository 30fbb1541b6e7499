"""The common face: a title, strong and plain lines, one code, from badge to A4 sheet."""

from dataclasses import replace
from typing import NamedTuple

from printing.codes import Code
from printing.content import Content, Line
from printing.layout import (
    MM_PER_POINT,
    Box,
    Drawing,
    PlacedSymbol,
    Points,
    Text,
    fit_code_text,
    fit_symbol,
    fit_text,
    line_mm,
    room_of,
    sizes_down,
)
from printing.metrics import shortened, width_of
from printing.problems import LabelError
from printing.sizes import LabelSize

_STRONG = 1.15
_LEAST_BAR_MM = 5.0
_LARGEST_BAR_MODULE = 0.51
_LARGEST_SQUARE_MODULE = 1.01
_COMFORTABLE_MODULE = 0.33
_GAP_MM = 0.6
_GAP_ABOVE_BARS_MM = 1.0


class Face(NamedTuple):
    """What is to be set. `foot` is the field that shows the code's text, None hides it."""

    title: Line
    strong: list[Line]
    plain: list[Line]
    code: Code
    source: str
    foot: int | None


def general_drawing(face: Face, content: Content, scale: float = 1.0) -> Drawing:
    """Two title lines where the symbol still fits, else one. LabelError if it never fits."""
    size, dpi = content.size, content.dpi
    try:
        return _arranged(face, size, dpi, scale, title_lines=2)
    except LabelError as error:
        if error.code != "code_too_large":
            raise
    return _arranged(face, size, dpi, 1.0, title_lines=1)


def _arranged(face: Face, size: LabelSize, dpi: int, scale: float, *, title_lines: int) -> Drawing:
    inner = Box(0, 0, size.width, size.height).inset(size.margin)
    title_pt = size.title_pt * scale
    title = fit_text(
        face.title.words,
        inner.sized(inner.width, inner.height * 0.36),
        Points(title_pt, max(title_pt * 0.7, size.least_pt)),
        title_lines,
        bold=True,
    ).of_field(face.title.field)
    foot = _code_text(face, inner, size)
    body = inner.below(title.height + _GAP_MM).above(foot.height + _GAP_MM if foot.lines else 0)
    if face.code.linear:
        return _with_bars(face, size, dpi, body, title, foot)
    if size.height > size.width:
        return _with_square_below(face, size, dpi, body, title, foot)
    return _with_square_beside(face, size, dpi, body, title, foot)


def _code_text(face: Face, inner: Box, size: LabelSize) -> Text:
    """The human-readable text at the foot of the label; no lines if it is hidden or empty."""
    if face.foot is None or not face.code.human_readable:
        return Text(inner, (), size.least_pt)
    points = Points(size.text_pt, max(size.least_pt - 0.7, 4.3))
    text = fit_code_text(face.code, inner, points)
    box = Box(inner.left, inner.bottom - text.height, inner.width, text.height)
    return text.of_field(face.foot, box)


def _with_bars(
    face: Face, size: LabelSize, dpi: int, body: Box, title: Text, foot: Text
) -> Drawing:
    """Lines above, bars across the whole label; the bars get what the lines leave."""
    wished = line_mm(size.text_pt) * (len(face.plain) + _STRONG * len(face.strong))
    lines_height = min(wished, max(body.height - max(_LEAST_BAR_MM, body.height * 0.4), 0))
    lines = _lines(face, body._replace(height=lines_height), size)
    used = sum(text.height for text in lines)
    under = body.below(used + _GAP_ABOVE_BARS_MM)
    height = min(under.height, size.width * 0.45)
    zone = Box(0.5, under.bottom - height, size.width - 1, height)
    symbol = fit_symbol(face.code, zone, dpi, largest=_LARGEST_BAR_MODULE)
    return _drawing([title, *lines, foot], symbol, face)


def _with_square_beside(
    face: Face, size: LabelSize, dpi: int, body: Box, title: Text, foot: Text
) -> Drawing:
    """Symbol on the left, lines on the right; strong lines above both if that helps the symbol."""
    symbol, lines = _beside(face, size, dpi, body)
    if symbol.module < _COMFORTABLE_MODULE and face.strong:
        strong = _lines(face._replace(plain=[]), body, size)
        under = body.below(sum(text.height for text in strong))
        try:
            larger, plain = _beside(face._replace(strong=[]), size, dpi, under)
        except LabelError:
            larger, plain = symbol, lines
        if larger.module > symbol.module:
            symbol, lines = larger, [*strong, *plain]
    return _drawing([title, *lines, foot], symbol, face)


def _beside(face: Face, size: LabelSize, dpi: int, body: Box) -> tuple[PlacedSymbol, list[Text]]:
    """The symbol, whose quiet zone may use the label's margin, and the lines next to it."""
    symbol = _square(face, size, dpi, Box(0.5, body.top, body.right - 0.5, body.height))
    taken = max(symbol.left + symbol.width + symbol.quiet, body.left)
    return symbol, _lines(face, body.beside(taken - body.left), size)


def _square(face: Face, size: LabelSize, dpi: int, zone: Box) -> PlacedSymbol:
    """As large as the lines' least width leaves; at most a bit over half of the zone.

    Room for all lines is given while modules stay comfortable, else for the strong ones while
    modules stay readable; then the symbol has its half and lines are cut.
    """
    half = zone.width * 0.55
    for lines, least in (([*face.strong, *face.plain], _COMFORTABLE_MODULE), (face.strong, 0)):
        width = min(half, zone.width - _least_width(lines, size))
        symbol = _square_in(zone.sized(width, zone.height), face.code, dpi)
        if symbol and symbol.module >= least:
            return symbol
    return fit_symbol(
        face.code, zone._replace(width=half), dpi, largest=_LARGEST_SQUARE_MODULE, align="left"
    )


def _square_in(zone: Box, code: Code, dpi: int) -> PlacedSymbol | None:
    try:
        return fit_symbol(code, zone, dpi, largest=_LARGEST_SQUARE_MODULE, align="left")
    except LabelError:
        return None


def _least_width(lines: list[Line], size: LabelSize) -> float:
    """Millimetres that the widest line needs at the least strong size."""
    widest = max((width_of(line.words, bold=True) for line in lines), default=0)
    return widest / 1000 * size.least_pt * _STRONG * MM_PER_POINT * 1.03


def _with_square_below(
    face: Face, size: LabelSize, dpi: int, body: Box, title: Text, foot: Text
) -> Drawing:
    lines = _lines(face, body._replace(height=body.height * 0.45), size)
    used = sum(text.height for text in lines)
    zone = body.below(used)
    symbol = fit_symbol(face.code, zone, dpi, largest=_LARGEST_SQUARE_MODULE * 2)
    return _drawing([title, *lines, foot], symbol, face)


def _drawing(texts: list[Text], symbol: PlacedSymbol, face: Face) -> Drawing:
    named = replace(symbol, source=face.source)
    return Drawing(tuple(text for text in texts if text.lines), (named,))


def _lines(face: Face, box: Box, size: LabelSize) -> list[Text]:
    """Strong lines over plain ones at the largest size at which all fit.

    Where even the least size is too large, lines end in an ellipsis, and the last ones (the least
    important) are left out.
    """
    size_pt = next(
        (
            pt
            for pt in sizes_down(size.text_pt, size.least_pt)
            if _lines_height(face, pt) <= box.height + 0.01 and _lines_fit(face, pt, box.width)
        ),
        size.least_pt,
    )
    strong = _block(face.strong, box, size_pt * _STRONG, bold=True)
    plain = _block(face.plain, box.below(strong.height), size_pt, bold=False)
    return [text for text in (strong, plain) if text.lines]


def _lines_height(face: Face, size_pt: float) -> float:
    return line_mm(size_pt) * (len(face.plain) + _STRONG * len(face.strong))


def _lines_fit(face: Face, size_pt: float, width: float) -> bool:
    plain = room_of(width, size_pt)
    strong = room_of(width, size_pt * _STRONG)
    return all(width_of(line.words) <= plain for line in face.plain) and all(
        width_of(line.words, bold=True) <= strong for line in face.strong
    )


def _block(lines: list[Line], box: Box, size_pt: float, *, bold: bool) -> Text:
    count = int(box.height / line_mm(size_pt) + 0.01)
    room = room_of(box.width, size_pt)
    kept = tuple(shortened(line.words, room, bold=bold) for line in lines[:count])
    fields = tuple(line.field for line in lines[:count])
    return Text(box, kept, size_pt, bold, fields=fields)
