"""Render the component gallery to a folder, for looking at it in a browser.

    python -m tests.web_js.render_gallery FOLDER

writes ``<view>-<language>.html`` for the views step, parts and table, with the static files beside
them under ``static/gallery``; serve FOLDER over HTTP (modules do not load from file addresses).
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.kit.i18n import gettext, speaking
from app.kit.ids import new_id
from tests.web_js.gallery_samples import SAMPLES

ROOT = Path(__file__).resolve().parents[2]
VIEWS = ("step", "parts", "table")


def environment(static: Callable[[str], str]) -> Environment:
    """Jinja as the product sets it up: strict, escaping, with the frame's globals."""
    env = Environment(
        loader=FileSystemLoader(ROOT / "web" / "templates"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(_=gettext, static=static, new_command_id=new_id)
    return env


def frame(language: str) -> dict[str, Any]:
    """The globals that each request adds."""
    name = "王小梅" if language == "zh_CN" else "Mei Wang"
    store = "中央厨房" if language == "zh_CN" else "Central kitchen"
    actor = SimpleNamespace(
        user_id=7, name=name, role="operator", store_name=store, language=language
    )
    return {
        "language": language,
        "actor": actor,
        "csrf_token": "gallery-token",
        "csp_nonce": "gallery",
    }


def render(view: str, language: str, static: Callable[[str], str]) -> str:
    """One page of the gallery."""
    template = environment(static).get_template("gallery.html")
    with speaking(language):
        return template.render(view=view, sample=SAMPLES[language][view], **frame(language))


def main(folder: Path) -> None:
    shutil.copytree(ROOT / "web" / "static", folder / "static" / "gallery", dirs_exist_ok=True)
    for language in SAMPLES:
        for view in VIEWS:
            page = render(view, language, lambda path: f"/static/gallery/{path}")
            (folder / f"{view}-{language}.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
