"""Labels as PDF and PNG: the door of this package for labels.

Layout is done here in Python, to the dot; WeasyPrint sets the text, zxing-cpp makes the symbols,
which are drawn as vectors whose modules are whole dots of the printer.
"""

from collections.abc import Sequence
from typing import NamedTuple

from printing.engine import merged, page_pdf, png, rendered, vector_marks
from printing.faces import drawing
from printing.kinds import (
    Arrow,
    BadgeLabel,
    CommandLabel,
    ItemLabel,
    Label,
    LocationLabel,
    LogisticUnitLabel,
    LotLabel,
)
from printing.layout import MM_PER_INCH, Drawing, Text
from printing.problems import LabelError
from printing.sizes import (
    A4_3X8,
    A4_3X8_FULL,
    A4_5X13,
    LABEL_40X30,
    LABEL_50X30,
    LABEL_60X40,
    LABEL_100X150,
    SIZES,
    LabelSize,
    Sheet,
)
from printing.texts import Language

__all__ = [
    "A4_3X8",
    "A4_3X8_FULL",
    "A4_5X13",
    "LABEL_40X30",
    "LABEL_50X30",
    "LABEL_60X40",
    "LABEL_100X150",
    "SIZES",
    "Arrow",
    "BadgeLabel",
    "CommandLabel",
    "ItemLabel",
    "Label",
    "LabelError",
    "LabelSize",
    "LocationLabel",
    "LogisticUnitLabel",
    "LotLabel",
    "Sheet",
    "label_png",
    "labels_pdf",
]

_BATCH_PAGES = 250
"""Pages set at once: bounds the memory of long jobs at the price of a font copy per batch."""

_PRINTER_DPI = range(150, 1201)

PlacedDrawing = tuple[float, float, Drawing]


class SetText(NamedTuple):
    """Lines with the CSS classes that place them."""

    classes: str
    lines: str


def labels_pdf(
    labels: Sequence[Label],
    size: LabelSize,
    *,
    copies: int = 1,
    start: int = 1,
    dpi: int | None = None,
    language: Language = "zh",
) -> bytes:
    """All labels in order, each `copies` times in a row, as one PDF of true size.

    On a roll each label is a page; on a sheet the first one goes to position `start` (1 is the
    top left, counted by rows), so that a half-used sheet can be used again. `dpi` is the
    printer's, to which the symbols' modules are aligned; by default 203 for rolls, 300 for A4.
    Print it at 100 %, without "fit to page".
    Raises LabelError before anything is rendered if any label can't be printed readably.
    """
    _check_request(labels, size, copies, start)
    dpi = _checked_dpi(dpi or size.usual_dpi)
    drawings = [drawing(label, size, dpi, language) for label in labels]
    repeated = [one for one in drawings for _ in range(copies)]
    pages = _pages(repeated, size, start)
    batches = [pages[at : at + _BATCH_PAGES] for at in range(0, len(pages), _BATCH_PAGES)]
    return merged([_batch_pdf(batch, size, dpi, language) for batch in batches])


def label_png(label: Label, size: LabelSize, dpi: int = 203, *, language: Language = "zh") -> bytes:
    """One label as a black-and-white PNG, one pixel per dot of the printer.

    Its pixel size is the label's in dots, rounded; the resolution is stored in the file, so that
    viewers can show it in true size. For a sheet size this is one label of the sheet.
    Raises LabelError like `labels_pdf`.
    """
    dpi = _checked_dpi(dpi)
    one = drawing(label, size, dpi, language)
    pdf = _pdf([[(0.0, 0.0, one)]], size.width, size.height, dpi, language)
    return png(pdf, size.width, size.height, dpi)


def _check_request(labels: Sequence[Label], size: LabelSize, copies: int, start: int) -> None:
    if not labels:
        raise LabelError("nothing_to_print")
    if copies < 1:
        raise LabelError("copies", copies=copies)
    if size.sheet is None and start != 1:
        raise LabelError("start_on_roll")
    if not 1 <= start <= size.cells:
        raise LabelError("start", start=start, cells=size.cells)


def _checked_dpi(dpi: int) -> int:
    if dpi not in _PRINTER_DPI:
        raise LabelError("dpi", dpi=dpi)
    return dpi


def _pages(drawings: list[Drawing], size: LabelSize, start: int) -> list[list[PlacedDrawing]]:
    """Drawings with the corner of their cell, by page."""
    if size.sheet is None:
        return [[(0.0, 0.0, one)] for one in drawings]
    pages: list[list[PlacedDrawing]] = []
    for place, one in enumerate(drawings, start - 1):
        page, cell = divmod(place, size.cells)
        if page == len(pages):
            pages.append([])
        pages[page].append((*size.sheet.corner(cell), one))
    return pages


def _batch_pdf(
    pages: list[list[PlacedDrawing]], size: LabelSize, dpi: int, language: Language
) -> bytes:
    return _pdf(pages, size.page_width, size.page_height, dpi, language)


def _pdf(
    pages: list[list[PlacedDrawing]], width: float, height: float, dpi: int, language: Language
) -> bytes:
    styles: dict[str, str] = {}
    html = rendered(
        "labels.html",
        pages=[_set_texts(page, styles) for page in pages],
        styles=styles,
        page_width=width,
        page_height=height,
        language=language,
    )
    marks = [vector_marks(page, height / MM_PER_INCH * 72, dpi) for page in pages]
    return page_pdf(html, "labels.css", marks)


def _set_texts(page: list[PlacedDrawing], styles: dict[str, str]) -> list[SetText]:
    """The page's texts; their styles are added to `styles` (declarations to class name).

    Labels of one kind share nearly all styles, and a class is a quarter faster than the same
    declarations repeated on each text.
    """
    texts: list[SetText] = []
    for left, top, one in page:
        for text in one.texts:
            name = styles.setdefault(_declarations(text, left, top), f"s{len(styles)}")
            weight = "bold" if text.bold else ""
            colours = "inverted" if text.inverted else ""
            texts.append(SetText(f"{name} {text.align} {weight} {colours}", "\n".join(text.lines)))
    return texts


def _declarations(text: Text, left: float, top: float) -> str:
    height = text.box.height if text.inverted else text.height
    line_height = text.box.height if text.inverted else text.line_mm
    return (
        f"left:{left + text.box.left:.3f}mm;top:{top + text.box.top:.3f}mm;"
        f"width:{text.box.width:.3f}mm;height:{height:.3f}mm;"
        f"font-size:{text.size_pt:.2f}pt;line-height:{line_height:.3f}mm"
    )
