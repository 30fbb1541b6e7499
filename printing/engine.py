"""The machines behind the paper: Jinja for HTML, WeasyPrint for PDF, PDFium for pixels.

The only module that touches these three. Nothing is fetched: neither from the network nor from
files that HTML names; stylesheets are read here.
"""

import io
import threading
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import jinja2

from printing.layout import MM_PER_INCH, Drawing, PlacedSymbol, Shape
from printing.symbols import Symbol
from printing.texts import date_text, moment_text, money_text, phrase, quantity_text, unit_cost_text

_TEMPLATES = Path(__file__).parent / "templates"
_POINTS_PER_MM = 72 / MM_PER_INCH

# PDFium may be used by one thread at a time.
_pdfium = threading.Lock()


def _library(name: str) -> Any:
    """Import it at first use: they take more than a second, and most processes never print."""
    return import_module(name)


@cache
def _only_data_addresses() -> Any:
    return _library("weasyprint.urls").URLFetcher(allowed_protocols={"data"})


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = cast("dict[str, object]", environment.filters)
    filters.update(
        day=date_text,
        moment=moment_text,
        quantity=quantity_text,
        money=money_text,
        unit_cost=unit_cost_text,
    )
    cast("dict[str, object]", environment.globals).update(phrase=phrase, svg_path=svg_path)
    return environment


@cache
def _stylesheet(name: str) -> Any:
    return _library("weasyprint").CSS(
        string=(_TEMPLATES / name).read_text(encoding="utf-8"), url_fetcher=_only_data_addresses()
    )


def rendered(template: str, **values: object) -> str:
    """HTML of a template in `printing/templates`; a missing value is an error."""
    return _environment().get_template(template).render(**values)


def page_pdf(html: str, stylesheet: str, marks: Sequence[bytes] = ()) -> bytes:
    """PDF of the HTML. `marks[n]` are PDF operators, in points, drawn under page n's text."""

    def add_marks(_document: object, pdf: Any) -> None:
        for number, operators in zip(pdf.pages["Kids"][::3], marks, strict=True):
            _draw_under(pdf, pdf.objects[number], operators)

    document = _library("weasyprint").HTML(string=html, url_fetcher=_only_data_addresses())
    finisher = add_marks if marks else None
    return document.write_pdf(stylesheets=[_stylesheet(stylesheet)], finisher=finisher)


def _draw_under(pdf: Any, page: Any, operators: bytes) -> None:
    stream = _library("pydyf").Stream([operators], compress=True)
    pdf.add_object(stream)
    page["Contents"] = _library("pydyf").Array([stream.reference, page["Contents"]])


def merged(parts: list[bytes]) -> bytes:
    """One PDF of the pages of all parts."""
    if len(parts) == 1:
        return parts[0]
    library = _library("pypdfium2")
    with _pdfium:
        whole = library.PdfDocument.new()
        for part in parts:
            document = library.PdfDocument(part)
            whole.import_pages(document)
            document.close()
        out = io.BytesIO()
        whole.save(out)
        whole.close()
    return out.getvalue()


def vector_marks(
    page: Iterable[tuple[float, float, Drawing]], page_height: float, dpi: int
) -> bytes:
    """PDF operators of all symbols and shapes of a page `page_height` points high.

    Symbols start on a whole dot of the page; one path each, so that no hairline shows between
    modules.
    """
    operators: list[str] = []
    for left, top, drawing in page:
        operators += (_shape(shape, left, top, page_height) for shape in drawing.shapes)
        operators += (_symbol(one, left, top, page_height, dpi) for one in drawing.symbols)
    return "\n".join(operators).encode("ascii")


def _shape(shape: Shape, left: float, top: float, page_height: float) -> str:
    points = [
        f"{(left + x) * _POINTS_PER_MM:.4f} {page_height - (top + y) * _POINTS_PER_MM:.4f}"
        for x, y in shape.points
    ]
    return f"{points[0]} m " + " ".join(f"{point} l" for point in points[1:]) + " f"


def _symbol(one: PlacedSymbol, left: float, top: float, page_height: float, dpi: int) -> str:
    dot = 72 / dpi
    x = round((left + one.left) * dpi / MM_PER_INCH) * dot
    y = page_height - round((top + one.top) * dpi / MM_PER_INCH) * dot
    wide = one.module_dots * dot
    high = round(one.bar_height * dpi / MM_PER_INCH) * dot if one.symbol.linear else wide
    path = " ".join(f"{a} {b} {c} {d} re" for a, b, c, d in one.symbol.rectangles)
    return f"q {wide:.6f} 0 0 {-high:.6f} {x:.5f} {y:.5f} cm {path} f Q"


def svg_path(symbol: Symbol) -> str:
    """The symbol as the data of one SVG path, in modules."""
    return "".join(f"M{x} {y}h{w}v{h}h-{w}z" for x, y, w, h in symbol.rectangles)
