"""How each label kind looks at each size: from data to a drawing."""

from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from printing.codes import Code, Symbology
from printing.kinds import (
    BadgeLabel,
    CommandLabel,
    ItemLabel,
    Label,
    LocationLabel,
    LogisticUnitLabel,
    LotLabel,
)
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
from printing.location_face import location_drawing
from printing.logistic_face import logistic_drawing
from printing.metrics import clean, shortened, width_of
from printing.problems import LabelError
from printing.sizes import LabelSize
from printing.texts import Language, date_text, phrase, quantity_text

_TITLE_SCALES: dict[type, float] = {BadgeLabel: 1.3, CommandLabel: 1.6}
_GUIDELINE_HEIGHT_MM = 140
_STRONG = 1.15
_LEAST_BAR_MM = 5.0
_LARGEST_BAR_MODULE = 0.51
_LARGEST_SQUARE_MODULE = 1.01
_COMFORTABLE_MODULE = 0.33
_GAP_MM = 0.6
_GAP_ABOVE_BARS_MM = 1.0


class Face(NamedTuple):
    """The common shape of most labels: a title, strong and plain lines, one code."""

    title: str
    strong: list[str]
    plain: list[str]
    code: Code


def drawing(label: Label, size: LabelSize, dpi: int, language: Language) -> Drawing:
    """Everything on the label. LabelError if its code can't be printed readably at this size."""
    if isinstance(label, LocationLabel):
        return location_drawing(label, size, dpi)
    if not isinstance(label, LogisticUnitLabel):
        return _general(_face(label, language), size, dpi, _TITLE_SCALES.get(type(label), 1.0))
    if size.height >= _GUIDELINE_HEIGHT_MM:
        return logistic_drawing(label, size, dpi, language)
    return _small_logistic(label, size, dpi, language)


def _face(label: ItemLabel | LotLabel | BadgeLabel | CommandLabel, language: Language) -> Face:
    match label:
        case ItemLabel():
            return _item_face(label, language)
        case LotLabel():
            return _lot_face(label, language)
        case BadgeLabel():
            return _badge_face(label, language)
        case CommandLabel():
            return Face(label.title, [], [label.hint], label.code)


def _line(key: str, value: str, language: Language) -> str:
    return f"{phrase(key, language)} {value}" if value else ""


def _item_face(label: ItemLabel, language: Language) -> Face:
    plain = [
        _line("item_code", label.item_code, language),
        _line("spec", label.spec, language),
        _line("packing", label.packing, language),
    ]
    return Face(label.name, [], plain, label.printed_code)


def _lot_face(label: LotLabel, language: Language) -> Face:
    strong = [
        _line("expires_on", date_text(label.expires_on, language), language),
        _line("best_before_on", date_text(label.best_before_on, language), language),
    ]
    plain = [
        _line("lot", label.lot, language),
        _line("serial", label.serial, language),
        _line("quantity", _amount(label.quantity, label.unit), language),
        _line("item_code", label.item_code, language),
        _line("produced_on", date_text(label.produced_on, language), language),
        _line("spec", label.spec, language),
    ]
    return Face(label.name, strong, plain, label.printed_code)


def _amount(quantity: Decimal | None, unit: str) -> str:
    return f"{quantity_text(quantity)} {unit}".strip() if quantity is not None else ""


def _badge_face(label: BadgeLabel, language: Language) -> Face:
    plain = [_line("number", label.number, language), label.role, label.store]
    code = label.code if label.code.caption is not None else replace(label.code, caption="")
    return Face(label.name, [], plain, code)


def _small_logistic(
    label: LogisticUnitLabel, size: LabelSize, dpi: int, language: Language
) -> Drawing:
    """SSCC as GS1-128 where it fits, else as GS1 QR."""
    title = label.item_name or phrase("sscc", language)
    plain = [
        _line("to", label.receiver, language),
        _line("lot", label.lot, language),
        _line("count", str(label.count or ""), language),
        _line("order_number", label.order_number, language),
    ]
    try:
        return _general(Face(title, [], plain, label.sscc_code()), size, dpi)
    except LabelError as error:
        if error.code != "code_too_large":
            raise
    return _general(Face(title, [], plain, label.sscc_code(Symbology.GS1_QR)), size, dpi)


def _general(face: Face, size: LabelSize, dpi: int, scale: float = 1.0) -> Drawing:
    """Two title lines where the symbol still fits, else one."""
    face = face._replace(
        strong=[clean(line) for line in face.strong if clean(line)],
        plain=[clean(line) for line in face.plain if clean(line)],
    )
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
        face.title,
        replace(inner, height=inner.height * 0.36),
        Points(title_pt, max(title_pt * 0.7, size.least_pt)),
        title_lines,
        bold=True,
    )
    foot = _code_text(face.code, inner, size)
    body = inner.below(title.height + _GAP_MM).above(foot.height + _GAP_MM if foot.lines else 0)
    if face.code.linear:
        return _with_bars(face, size, dpi, body, title, foot)
    if size.height > size.width:
        return _with_square_below(face, size, dpi, body, title, foot)
    return _with_square_beside(face, size, dpi, body, title, foot)


def _code_text(code: Code, inner: Box, size: LabelSize) -> Text:
    """The human-readable text at the foot of the label; no lines if the caption is empty."""
    if not code.human_readable:
        return Text(inner, (), size.least_pt)
    text = fit_code_text(code, inner, Points(size.text_pt, max(size.least_pt - 0.7, 4.3)))
    top = inner.bottom - text.height
    return replace(text, box=replace(inner, top=top, height=text.height))


def _with_bars(
    face: Face, size: LabelSize, dpi: int, body: Box, title: Text, foot: Text
) -> Drawing:
    """Lines above, bars across the whole label; the bars get what the lines leave."""
    wished = line_mm(size.text_pt) * (len(face.plain) + _STRONG * len(face.strong))
    lines_height = min(wished, max(body.height - max(_LEAST_BAR_MM, body.height * 0.4), 0))
    lines = _lines(face, replace(body, height=lines_height), size)
    used = sum(text.height for text in lines)
    under = body.below(used + _GAP_ABOVE_BARS_MM)
    height = min(under.height, size.width * 0.45)
    zone = Box(0.5, under.bottom - height, size.width - 1, height)
    symbol = fit_symbol(face.code, zone, dpi, largest=_LARGEST_BAR_MODULE)
    return _drawing([title, *lines, foot], symbol)


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
    return _drawing([title, *lines, foot], symbol)


def _beside(face: Face, size: LabelSize, dpi: int, body: Box) -> tuple[PlacedSymbol, list[Text]]:
    """The symbol, whose quiet zone may use the label's margin, and the lines next to it."""
    symbol = _square(face, size, dpi, replace(body, left=0.5, width=body.right - 0.5))
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
        symbol = _square_in(replace(zone, width=width), face.code, dpi)
        if symbol and symbol.module >= least:
            return symbol
    return fit_symbol(
        face.code, replace(zone, width=half), dpi, largest=_LARGEST_SQUARE_MODULE, align="left"
    )


def _square_in(zone: Box, code: Code, dpi: int) -> PlacedSymbol | None:
    try:
        return fit_symbol(code, zone, dpi, largest=_LARGEST_SQUARE_MODULE, align="left")
    except LabelError:
        return None


def _least_width(lines: list[str], size: LabelSize) -> float:
    """Millimetres that the widest line needs at the least strong size."""
    widest = max((width_of(line, bold=True) for line in lines), default=0)
    return widest / 1000 * size.least_pt * _STRONG * MM_PER_POINT * 1.03


def _with_square_below(
    face: Face, size: LabelSize, dpi: int, body: Box, title: Text, foot: Text
) -> Drawing:
    lines = _lines(face, replace(body, height=body.height * 0.45), size)
    used = sum(text.height for text in lines)
    zone = body.below(used)
    symbol = fit_symbol(face.code, zone, dpi, largest=_LARGEST_SQUARE_MODULE * 2)
    return _drawing([title, *lines, foot], symbol)


def _drawing(texts: list[Text], symbol: PlacedSymbol) -> Drawing:
    return Drawing(tuple(text for text in texts if text.lines), (symbol,))


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
    return all(width_of(line) <= plain for line in face.plain) and all(
        width_of(line, bold=True) <= strong for line in face.strong
    )


def _block(lines: list[str], box: Box, size_pt: float, *, bold: bool) -> Text:
    count = int(box.height / line_mm(size_pt) + 0.01)
    room = room_of(box.width, size_pt)
    kept = tuple(shortened(line, room, bold=bold) for line in lines[:count])
    return Text(box, kept, size_pt, bold)
