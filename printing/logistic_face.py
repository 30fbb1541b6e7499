"""The GS1 logistic label, 100 x 150 mm: three blocks, the SSCC's bars lowest.

After the GS1 Logistic Label Guideline: SSCC modules 0.495 mm or more, bars at least 32 mm high.
"""

from dataclasses import replace

from printing.codes import Symbology, gs1
from printing.kinds import LogisticUnitLabel
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
from printing.texts import Language, date_text, phrase, quantity_text

_PARTIES_MM = 29.0
_BARS_MM = 33.0
_CONTENT_BARS_MM = 15.0
_QR_MM = 34.0
_RULE_MM = 0.5
_GAP_MM = 1.5
_LARGEST_MODULE = 0.53


def logistic_drawing(
    label: LogisticUnitLabel, size: LabelSize, dpi: int, language: Language
) -> Drawing:
    """Who and where on top, what is inside in the middle, bars below."""
    inner = Box(0, 0, size.width, size.height).inset(size.margin)
    parties = replace(inner, height=_PARTIES_MM)
    texts = _parties(label, parties, size, language)
    bars, bar_texts, bars_top = _bars(label, inner, size, dpi)
    middle = Box(
        inner.left,
        parties.bottom + _GAP_MM,
        inner.width,
        bars_top - parties.bottom - 2 * _GAP_MM,
    )
    content_texts, square = _content(label, middle, size, dpi, language)
    rules = (_rule(inner, parties.bottom), _rule(inner, bars_top - _GAP_MM))
    texts = tuple(text for text in (*texts, *content_texts, *bar_texts) if text.lines)
    return Drawing(texts, (*bars, square), rules)


def _rule(inner: Box, top: float) -> Shape:
    return Shape(
        (
            (inner.left, top),
            (inner.right, top),
            (inner.right, top + _RULE_MM),
            (inner.left, top + _RULE_MM),
        )
    )


def _parties(label: LogisticUnitLabel, box: Box, size: LabelSize, language: Language) -> list[Text]:
    """Sender small, receiver large."""
    caption_pt = size.text_pt * 0.6
    texts: list[Text] = []
    for key, value, height, wished in (
        ("from", label.sender, 10.0, size.text_pt),
        ("to", label.receiver, 18.0, size.title_pt),
    ):
        caption = fit_text(
            phrase(key, language), replace(box, width=14), Points(caption_pt, caption_pt)
        )
        beside = replace(box.beside(14), height=height)
        texts += [
            caption,
            fit_text(value, beside, Points(wished, size.text_pt * 0.7), 2, bold=True),
        ]
        box = box.below(height)
    return texts


def _bars(
    label: LogisticUnitLabel, inner: Box, size: LabelSize, dpi: int
) -> tuple[list[PlacedSymbol], list[Text], float]:
    """Bars from the lower edge up, with their texts; the top of the highest."""
    codes = [(label.sscc_code(), _BARS_MM, size.text_pt)]
    if content := label.content_elements():
        codes.append((gs1(content, Symbology.GS1_128), _CONTENT_BARS_MM, size.text_pt * 0.7))
    symbols: list[PlacedSymbol] = []
    texts: list[Text] = []
    bottom = inner.bottom
    for code, height, size_pt in codes:
        text = fit_code_text(code, inner, Points(size_pt, size.least_pt))
        top = bottom - text.height
        texts.append(replace(text, box=replace(inner, top=top, height=text.height)))
        zone = Box(1, top - height - 0.5, size.width - 2, height)
        symbols.append(fit_symbol(code, zone, dpi, largest=_LARGEST_MODULE))
        bottom = zone.top - _GAP_MM
    return symbols, texts, bottom


def _content(
    label: LogisticUnitLabel, box: Box, size: LabelSize, dpi: int, language: Language
) -> tuple[list[Text], PlacedSymbol]:
    """Text on the left, one QR with everything on the right."""
    side = min(_QR_MM, box.height)
    zone = Box(size.width - side - 0.5, box.top, side, box.height)
    square = fit_symbol(label.everything_code(), zone, dpi, largest=1.01)
    left = replace(box, width=zone.left - box.left)
    name = fit_text(
        label.item_name or phrase("sscc", language),
        replace(left, height=left.height * 0.45),
        Points(size.text_pt * 1.15, size.text_pt * 0.7),
        3,
        bold=True,
    )
    rest = left.below(name.height + 0.5)
    return [name, *_fields(_content_lines(label, language), rest, size)], square


def _fields(lines: list[str], box: Box, size: LabelSize) -> list[Text]:
    """One line each, as many as there is room for."""
    wished = size.text_pt * 0.75
    if lines:
        wished = max(min(wished, box.height / len(lines) / line_mm(1)), size.least_pt)
    texts: list[Text] = []
    for line in lines:
        text = fit_text(line, box, Points(wished, size.least_pt))
        if text.height > box.height + 0.01:
            break
        texts.append(text)
        box = box.below(text.height)
    return texts


def _content_lines(label: LogisticUnitLabel, language: Language) -> list[str]:
    weight = quantity_text(label.gross_weight_kg)
    pairs = (
        ("expires_on", date_text(label.expires_on, language)),
        ("best_before_on", date_text(label.best_before_on, language)),
        ("lot", label.lot),
        ("content", str(label.count) if label.count else ""),
        ("gross_weight", f"{weight} kg" if weight else ""),
        ("order_number", label.order_number),
    )
    return [f"{phrase(key, language)} {value}" for key, value in pairs if value]
