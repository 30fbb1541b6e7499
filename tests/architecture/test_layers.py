"""Modules that compute and know nothing else, wherever they stand.

import-linter (see pyproject.toml) holds the layers; which modules are pure is a matter of their
names, and a contract cannot name modules that do not exist yet.
"""

from __future__ import annotations

import re

import grimp
import pytest

PURE = [
    re.compile(r"app\.\w+\.flow"),
    re.compile(r"app\.ledger\.costing"),
    # The parsers; what reads the database, the web or a camera's picture is named here.
    re.compile(
        r"app\.scanning\."
        r"(?!(cli|queries|resolver|pages|packages|package_pages|api|photo\w*|problems|screens)\b)\w+"
    ),
]
FORBIDDEN = {"sqlalchemy", "sqlmodel", "psycopg", "litestar", "procrastinate", "jinja2"}


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph("app", include_external_packages=True, cache_dir=None)


def test_pure_modules_know_no_database_and_no_web(graph):
    pure = [name for name in graph.modules if any(p.fullmatch(name) for p in PURE)]
    assert pure
    chains = [
        " -> ".join(chain)
        for name in pure
        for outside in FORBIDDEN & graph.modules
        if (chain := graph.find_shortest_chain(name, outside))
    ]
    assert not chains, chains
