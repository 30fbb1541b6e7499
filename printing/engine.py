"""The machines behind documents: Jinja for HTML, WeasyPrint for PDF.

The only module that touches these two. Nothing is fetched: neither from the network nor from
files that HTML names; stylesheets are read here.
"""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import jinja2

from printing.symbols import Symbol
from printing.texts import date_text, moment_text, money_text, phrase, quantity_text, unit_cost_text

_TEMPLATES = Path(__file__).parent / "templates"


def library(name: str) -> Any:
    """Import it at first use: they take more than a second, and most processes never print."""
    return import_module(name)


@cache
def _only_data_addresses() -> Any:
    return library("weasyprint.urls").URLFetcher(allowed_protocols={"data"})


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
    return library("weasyprint").CSS(
        string=(_TEMPLATES / name).read_text(encoding="utf-8"), url_fetcher=_only_data_addresses()
    )


def rendered(template: str, **values: object) -> str:
    """HTML of a template in `printing/templates`; a missing value is an error."""
    return _environment().get_template(template).render(**values)


def page_pdf(html: str, stylesheet: str) -> bytes:
    """PDF of the HTML."""
    document = library("weasyprint").HTML(string=html, url_fetcher=_only_data_addresses())
    return document.write_pdf(stylesheets=[_stylesheet(stylesheet)])


def svg_path(symbol: Symbol) -> str:
    """The symbol as the data of one SVG path, in modules."""
    return "".join(f"M{x} {y}h{w}v{h}h-{w}z" for x, y, w, h in symbol.rectangles)
