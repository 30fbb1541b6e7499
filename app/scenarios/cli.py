"""``./saoku costing replay`` and ``./saoku costing check``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from app.kit.config import Settings
from app.kit.i18n import speaking
from app.kit.terminal import language
from app.scenarios.check import Verdict, judge
from app.scenarios.figures import Figures
from app.scenarios.reading import Told, read_file
from app.scenarios.replay import replay_all

FAILED = 1


def costing_command(arguments: list[str]) -> int:
    """Run the scenarios of a file.  1 where something differs or does not add up.

    Raises:
        ScenarioFileMissing, ScenarioUnreadable.
    """
    options = _parser().parse_args(arguments)
    told = read_file(options.file)
    with speaking(language()):
        results = replay_all(Settings.from_environment(), told)
        if options.action == "check":
            return check(told, results)
        return print_replay(results, as_json=options.json)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "saoku costing",
        description="Run scenarios of costing through the product's own posting code, in a scratch"
        " company of a PostgreSQL that is thrown away afterwards.",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="replay|check")
    replay = actions.add_parser("replay", help="print what comes out of each scenario")
    replay.add_argument("file", type=Path, metavar="FILE.json")
    replay.add_argument("--json", action="store_true", help="one object per scenario, one per line")
    check_it = actions.add_parser("check", help="compare with what each scenario expects")
    check_it.add_argument("file", type=Path, metavar="FILE.json")
    return parser


# Replay ------------------------------------------------------------------------------------------


def print_replay(results: Iterator[Figures], *, as_json: bool) -> int:
    is_right = True
    for found in results:
        is_right = is_right and found["verify"] == "ok"
        if as_json:
            print(json.dumps(found, ensure_ascii=False), flush=True)
        else:
            print(readable(found), flush=True)
    return 0 if is_right else FAILED


def readable(found: Figures) -> str:
    """For people: what each event came to, then each item."""
    if "failed" in found:
        return f"{found['id']}\n  it failed: {found['failed']}"
    lines = [f"{found['id']}"]
    for event in found["events"]:
        told = {name: value for name, value in event.items() if name not in {"id", "after"}}
        lines.append(f"  {event['id']}  {_words(told)}")
    for item, figures in found["items"].items():
        lines.append(f"  {item}: {_words(figures)}")
    lines.append(f"  cogs {found['cogs_total']}  variance {found['purchase_variance']}")
    lines.append(f"  verify: {found['verify']}")
    return "\n".join(lines)


def _words(figures: Figures) -> str:
    return "  ".join(
        f"{name} {_plain(value)}" for name, value in figures.items() if value not in ({}, [], None)
    )


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


# Check -------------------------------------------------------------------------------------------


def check(told: list[Told], results: Iterator[Figures]) -> int:
    verdicts: list[Verdict] = []
    for one, found in zip(told, results, strict=True):
        verdict = judge(one, found)
        verdicts.append(verdict)
        print(_line(verdict), flush=True)
    print(summary(verdicts))
    if any(verdict.counts and verdict.difference for verdict in verdicts):
        print("saoku: some scenarios differ from what they expect.", file=sys.stderr)
        return FAILED
    return 0


def _line(verdict: Verdict) -> str:
    if not verdict.difference:
        return f"right    {verdict.scenario_id}"
    word = "WRONG  " if verdict.counts else "variant"
    return f"{word}  {verdict.scenario_id}: {verdict.difference}"


def summary(verdicts: list[Verdict]) -> str:
    counted = [verdict for verdict in verdicts if verdict.counts]
    right = sum(not verdict.difference for verdict in counted)
    others = len(verdicts) - len(counted)
    text = f"{right} of {len(counted)} scenarios are right."
    return text + (f" {others} variants do not count." if others else "")
