"""Templates and the handlers that answer with them."""

from __future__ import annotations

import re
from importlib.util import find_spec

import pytest

from tests.architecture.repository import files, functions, text

TEMPLATES = "web/templates/"
LINK = re.compile(
    r"\b(?:href|action|hx-(?:get|post|put|patch|delete)|data-live-(?:stream|url))=\"(/[^\"#?]*)"
)
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
GALLERY = TEMPLATES + "gallery.html"  # a page of samples, rendered without the application
EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


def templates():
    return [name for name in files() if name.startswith(TEMPLATES) and name.endswith(".html")]


def test_every_response_template_has_its_handler():
    """`receive_line.hx.html` is what the handler `receive_line` changes on the screen."""
    handlers = {
        function.name
        for name, function in functions("app/")
        if name.endswith(("pages.py", "web.py", "refusals.py"))
    }
    # `problem` answers for every handler that refuses.
    orphans = [
        name
        for name in templates()
        if name.endswith(".hx.html")
        and name.rpartition("/")[2].removesuffix(".hx.html") not in handlers | {"problem"}
    ]
    assert not orphans, orphans


@pytest.mark.skipif(find_spec("app.main") is None, reason="app.main is not there yet")
def test_every_link_routes_somewhere():
    """A dead link in a template shows only when somebody taps it."""
    patterns = [as_pattern(path) for path in routes()]
    dead = [
        f"{name}: {link}"
        for name in templates()
        if name != GALLERY
        for link in LINK.findall(COMMENT.sub("", text(name)))
        if not any(pattern.fullmatch(EXPRESSION.sub("1", link)) for pattern in patterns)
    ]
    assert not dead, dead


def routes():
    from app.kit.config import Settings
    from app.kit.database import Database
    from app.main import create_app

    # Nothing connects: the pool is empty until the first request.
    nowhere = Database("postgresql://nobody@/none")
    app = create_app(Settings.from_environment({}), nowhere, demo=True)
    return [route.path for route in app.routes]


def as_pattern(path):
    parts = re.split(r"\{[^}]*:path\}|\{[^}]*\}", path)
    joined = "[^/]+".join(map(re.escape, parts))
    return re.compile(f"{joined}.*" if path.endswith(":path}") else f"{joined}/?")
