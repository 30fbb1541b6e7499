"""What the architecture tests look at: the files of the repository, committed or about to be."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDORED = "web/static/js/vendor/"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> list[str]:
    """Tracked files and new ones that are not ignored, relative to the checkout."""
    try:
        listed = subprocess.check_output(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT
        )
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout")
    return [name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def python_files(*folders: str) -> list[str]:
    return [name for name in files() if name.endswith(".py") and name.startswith(folders)]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(text(name), filename=name)


def functions(*folders: str) -> Iterator[tuple[str, Function]]:
    for name in python_files(*folders):
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield name, node


def lines_of(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1
