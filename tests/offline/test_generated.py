"""What the browser shares with the server is fresh, and every text of it is translated."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.offline import generate

CONTENTS = generate.contents()


@pytest.mark.parametrize("name", CONTENTS)
def test_the_file_is_fresh(name: str) -> None:
    kept = (generate.GENERATED / name).read_text(encoding="utf-8")
    assert kept == CONTENTS[name], "run: .venv/bin/python -m tests.offline.generate"


def test_nothing_else_is_there() -> None:
    assert {path.name for path in generate.GENERATED.iterdir()} == set(CONTENTS)


def test_every_text_is_translated() -> None:
    texts = [*generate.marked_texts()]
    for rules in generate.workflow_rules().values():
        texts += generate.texts_of(rules)
    words = generate.words(texts)
    assert len(words) > 150
    assert [text for text, chinese in words.items() if not chinese] == []


@pytest.mark.parametrize(
    ("name", "flow", "kinds"),
    [
        ("receiving", generate.flow, generate.kinds),
        ("picking", generate.pick_flow, generate.pick_kinds),
        ("counting", generate.count_flow, generate.count_kinds),
    ],
)
def test_the_flow_of_the_browser_has_every_step_and_kind(name: str, flow: Any, kinds: Any) -> None:
    table = generate.workflow_rules()[name]["table"]
    assert set(table) == set(flow.STEPS)
    assert all(set(row) == set(kinds.KINDS) for row in table.values())
    json.dumps(table)
