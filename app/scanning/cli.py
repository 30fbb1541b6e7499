"""``./saoku parse-code`` and ``./saoku decode``: codes and photos without a database."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from time import perf_counter

from app.kit.problems import Problem
from app.scanning.parse import parse
from app.scanning.parsed import ParsedCode, as_json


def parse_code_command(argv: Sequence[str]) -> int:
    """Say what codes mean, one a line; exit status 1 when a line of input could not be read.

    Codes come from the arguments or, without any, as JSON strings one a line from standard input
    (a raw line could not hold control characters).
    """
    parser = argparse.ArgumentParser(
        prog="saoku parse-code", description="Say what a scanned code means, without a database."
    )
    parser.add_argument("codes", nargs="*", metavar="CODE", help="the scanned text")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    given = parser.parse_args(list(argv))
    unreadable: list[int] = []
    codes: Iterable[str] = given.codes or _codes_from(sys.stdin, unreadable)
    for code in codes:
        parsed = parse(code)
        print(_line(as_json(parsed)) if given.json else _as_text(parsed))
    return 1 if unreadable else 0


def _codes_from(lines: Iterable[str], unreadable: list[int]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            code: object = json.loads(line)
        except ValueError:
            code = None
        if isinstance(code, str):
            yield code
        else:
            unreadable.append(number)
            _complain(f'line {number} is no JSON string: write "..." around the code')


def _line(value: object) -> str:
    # ASCII escapes: half of a surrogate pair in a code has no UTF-8.
    return json.dumps(value)


def _as_text(parsed: ParsedCode) -> str:
    state = "valid" if parsed.valid else "not valid"
    lines = [f"{json.dumps(parsed.input)}: {parsed.kind}, {state}"]
    shown = as_json(parsed)
    lines += [f"  ({ai}) {json.dumps(value)}" for ai, value in parsed.ais]
    lines += [
        f"  {name}: {_line(value)}"
        for name, value in shown.items()
        if name not in ("input", "kind", "valid", "ais", "errors", "warnings")
    ]
    lines += [f"  error {_finding(error.ai)}{error.reason}" for error in parsed.errors]
    lines += [f"  warning {_finding(warning.ai)}{warning.reason}" for warning in parsed.warnings]
    return "\n".join(lines)


def _finding(ai: str) -> str:
    return f"({ai}) " if ai else ""


def decode_command(argv: Sequence[str]) -> int:
    """Read the codes in photos; exit status 1 when a file could not be read."""
    parser = argparse.ArgumentParser(
        prog="saoku decode", description="Read the barcodes in photos, without a database."
    )
    parser.add_argument("images", nargs="+", metavar="IMAGE", help="JPEG, PNG, WebP, BMP or TIFF")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    given = parser.parse_args(list(argv))
    outcomes = [_decode(name, as_objects=given.json) for name in given.images]
    return 0 if all(outcomes) else 1


def _decode(name: str, *, as_objects: bool) -> bool:
    """Print what one file holds; False when it could not be read."""
    # Imported here: the decoders take longer to load than parse-code takes to run.
    from app.scanning.photo import decode_photo

    started = perf_counter()
    try:
        symbols = decode_photo(Path(name).read_bytes())
    except Problem as problem:
        return _refuse(name, problem.code, f"{problem.message} {problem.next_step}", as_objects)
    except OSError as error:
        return _refuse(name, "file_not_readable", error.strerror or str(error), as_objects)
    milliseconds = round((perf_counter() - started) * 1000)
    found = [{"text": s.text, "symbology": s.symbology, "gtin": s.gtin} for s in symbols]
    if as_objects:
        kept = [{key: value for key, value in one.items() if value is not None} for one in found]
        print(_line({"file": name, "symbols": kept, "ms": milliseconds}))
        return True
    print(f"{name}: {len(found)} found in {milliseconds} ms")
    for one in found:
        print(f"  {one['symbology']}: {json.dumps(one['text'])}")
    return True


def _refuse(name: str, code: str, text: str, as_objects: bool) -> bool:  # noqa: FBT001
    _complain(_line({"file": name, "error": code, "text": text}) if as_objects else text, name)
    return False


def _complain(text: str, name: str = "") -> None:
    front = f"{name}: " if name and not text.startswith("{") else ""
    print(front + text, file=sys.stderr)
