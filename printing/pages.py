"""Pages of labels as PDF: layout is printing's own, WeasyPrint sets the text."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from printing.content import Look, size_of
from printing.engine import page_pdf, rendered, vector_marks
from printing.faces import drawing
from printing.kinds import Label
from printing.layout import MM_PER_INCH, Drawing, Text
from printing.sizes import LabelSize
from printing.texts import Language

PlacedDrawing = tuple[float, float, Drawing]


@dataclass(frozen=True)
class Chunk:
    """Whole pages of a job: its labels in order, the first one at position `start`."""

    labels: tuple[Label, ...]
    look: Look
    start: int
    dpi: int
    language: Language


class _SetText(NamedTuple):
    """Lines with the CSS classes that place them."""

    classes: str
    lines: str


def chunks_of(
    labels: Sequence[Label], look: Look, start: int, dpi: int, language: Language, pages: int
) -> list[Chunk]:
    """The job in parts of `pages` whole pages."""
    each = size_of(look).cells * pages
    edges = [0, *range(each - start + 1, len(labels), each), len(labels)]
    return [
        Chunk(tuple(labels[first:last]), look, start if first == 0 else 1, dpi, language)
        for first, last in pairwise(edges)
    ]


def chunk_pdf(chunk: Chunk) -> bytes:
    """The chunk's pages. LabelError if one of its labels can't be printed readably."""
    size = size_of(chunk.look)
    drawings = [drawing(label, chunk.look, chunk.dpi, chunk.language) for label in chunk.labels]
    return pages_pdf(_pages(drawings, size, chunk.start), size, chunk.dpi, chunk.language)


def pages_pdf(
    pages: list[list[PlacedDrawing]], size: LabelSize, dpi: int, language: Language
) -> bytes:
    """PDF of drawings that have their places on pages."""
    height = size.page_height
    styles: dict[str, str] = {}
    html = rendered(
        "labels.html",
        pages=[_set_texts(page, styles) for page in pages],
        styles=styles,
        page_width=size.page_width,
        page_height=height,
        language=language,
    )
    marks = [vector_marks(page, height / MM_PER_INCH * 72, dpi) for page in pages]
    return page_pdf(html, "labels.css", marks)


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


def _set_texts(page: list[PlacedDrawing], styles: dict[str, str]) -> list[_SetText]:
    """The page's texts; their styles are added to `styles` (declarations to class name).

    Labels of one kind share nearly all styles, and a class is a quarter faster than the same
    declarations repeated on each text.
    """
    texts: list[_SetText] = []
    for left, top, one in page:
        for text in one.texts:
            name = styles.setdefault(_declarations(text, left, top), f"s{len(styles)}")
            weight = "bold" if text.bold else ""
            colours = "inverted" if text.inverted else ""
            texts.append(_SetText(f"{name} {text.align} {weight} {colours}", "\n".join(text.lines)))
    return texts


def _declarations(text: Text, left: float, top: float) -> str:
    height = text.box.height if text.inverted else text.height
    line_height = text.box.height if text.inverted else text.line_mm
    return (
        f"left:{left + text.box.left:.3f}mm;top:{top + text.box.top:.3f}mm;"
        f"width:{text.box.width:.3f}mm;height:{height:.3f}mm;"
        f"font-size:{text.size_pt:.2f}pt;line-height:{line_height:.3f}mm"
    )
