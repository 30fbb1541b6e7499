"""Templates: strict about names, escaping everything, running no queries."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.kit import formats
from app.kit.i18n import current_language, gettext
from app.kit.ids import new_id
from app.kit.static_files import static_files

TEMPLATES = Path(__file__).resolve().parents[2] / "web" / "templates"


@cache
def environment() -> Environment:
    """One for the whole process: each template is compiled once and stays compiled."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    ours: dict[str, Any] = {
        "_": gettext,
        "static": static_files().url,
        "new_command_id": _command_id,
    }
    made.globals.update(ours)
    made.filters.update(
        quantity=formats.quantity, amount=formats.amount, day=formats.day, moment=formats.moment
    )
    return made


def render(template: str, context: dict[str, Any]) -> str:
    """The template's text in the current language (see ``i18n.speaking``)."""
    return environment().get_template(template).render(language=current_language(), **context)


def _command_id() -> str:
    """A fresh id for a form that a browser without JavaScript sends."""
    return str(new_id())
