"""The GS1 logistic label, 100 x 150 mm: three blocks, the SSCC's bars lowest.

After the GS1 Logistic Label Guideline: SSCC modules 0.495 mm or more, bars at least 32 mm high.
"""

from dataclasses import replace

from printing.content import Content, Line
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
from printing.sizes import LabelSize

_PARTIES_MM = 29.0
_BARS_MM = 33.0
_CONTENT_BARS_MM = 15.0
_QR_MM = 34.0
_CAPTION_MM = 14.0
_PARTIES = ("sender", "receiver")
_RULE_MM = 0.5
_GAP_MM = 1.5
_LARGEST_MODULE = 0.53


def logistic_drawing(content: Content) -> Drawing:
    """Who and where on top, what is inside in the middle, bars below."""
    size = content.size
    inner = Box(0, 0, size.width, size.height).inset(size.margin)
    texts = _parties(content, inner._replace(height=_PARTIES_MM))
    parties_bottom = inner.top + (_PARTIES_MM if texts else 0)
    bars, bar_texts, bars_top = _bars(content, inner)
    middle = Box(
        inner.left,
        parties_bottom + _GAP_MM,
        inner.width,
        bars_top - parties_bottom - 2 * _GAP_MM,
    )
    content_texts, squares = _middle(content, middle)
    rules = (_rule(inner, parties_bottom), _rule(inner, bars_top - _GAP_MM))
    texts = tuple(text for text in (*texts, *content_texts, *bar_texts) if text.lines)
    return Drawing(texts, (*bars, *squares), rules if parties_bottom > inner.top else rules[1:])


def _rule(inner: Box, top: float) -> Shape:
    return Shape(
        (
            (inner.left, top),
            (inner.right, top),
            (inner.right, top + _RULE_MM),
            (inner.left, top + _RULE_MM),
        )
    )


def _parties(content: Content, box: Box) -> list[Text]:
    """Sender small, receiver large; each with its caption on the left."""
    size, texts = content.size, list[Text]()
    caption_pt = size.text_pt * 0.6
    for name, height, wished in (("sender", 10.0, size.text_pt), ("receiver", 18.0, size.title_pt)):
        place = content.place_of(name)
        if place is None:
            continue
        field = content.template.fields[place]
        caption, value = content.parts(field)
        aside = _CAPTION_MM if caption else 0.0
        beside = box.beside(aside)._replace(height=height)
        words = fit_text(value, beside, Points(wished, size.text_pt * 0.7), 2, bold=True)
        small = fit_text(caption, box._replace(width=aside or 1), Points(caption_pt, caption_pt))
        texts += [small.of_field(place)] if caption else []
        texts.append(words.of_field(place))
        box = box.below(height)
    return texts


def _bars(content: Content, inner: Box) -> tuple[list[PlacedSymbol], list[Text], float]:
    """Bars from the lower edge up, with their texts; the top of the highest."""
    size = content.size
    symbols: list[PlacedSymbol] = []
    texts: list[Text] = []
    bottom = inner.bottom
    for source, height, size_pt in (
        ("sscc", _BARS_MM, size.text_pt),
        ("content", _CONTENT_BARS_MM, size.text_pt * 0.7),
    ):
        spec = content.spec(source)
        code = content.code(spec) if spec else None
        if code is None:
            continue
        place = content.code_text_place(source)
        top = bottom
        if place is not None:
            text = fit_code_text(code, inner, Points(size_pt, size.least_pt)).of_field(place)
            top = bottom - text.height
            texts.append(replace(text, box=inner._replace(top=top, height=text.height)))
        zone = Box(1, top - height - 0.5, size.width - 2, height)
        symbol = fit_symbol(code, zone, content.dpi, largest=_LARGEST_MODULE)
        symbols.append(replace(symbol, source=source))
        bottom = zone.top - _GAP_MM
    return symbols, texts, bottom


def _middle(content: Content, box: Box) -> tuple[list[Text], list[PlacedSymbol]]:
    """Text on the left, one QR with everything on the right."""
    size, squares, left = content.size, list[PlacedSymbol](), box
    spec = content.spec("everything")
    code = content.code(spec) if spec else None
    if code:
        side = min(_QR_MM, box.height)
        zone = Box(size.width - side - 0.5, box.top, side, box.height)
        square = fit_symbol(code, zone, content.dpi, largest=1.01)
        squares.append(replace(square, source="everything"))
        left = box._replace(width=zone.left - box.left)
    titles = content.lines("title", without=_PARTIES)
    name = Text(left, (), size.text_pt)
    if titles:
        points = Points(size.text_pt * 1.15, size.text_pt * 0.7)
        top = left._replace(height=left.height * 0.45)
        name = fit_text(titles[0].words, top, points, 3, bold=True).of_field(titles[0].field)
    lines = content.lines("strong", "plain", without=_PARTIES)
    return [name, *_fields(lines, left.below(name.height + 0.5), size)], squares


def _fields(lines: list[Line], box: Box, size: LabelSize) -> list[Text]:
    """One line each, as many as there is room for."""
    wished = size.text_pt * 0.75
    if lines:
        wished = max(min(wished, box.height / len(lines) / line_mm(1)), size.least_pt)
    texts: list[Text] = []
    for line in lines:
        text = fit_text(line.words, box, Points(wished, size.least_pt)).of_field(line.field)
        if text.height > box.height + 0.01:
            break
        texts.append(text)
        box = box.below(text.height)
    return texts
