"""``./saoku parse-code`` and ``./saoku decode``: codes and photos without a database."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from app.kit.problems import Problem
from app.scanning.epc import EpcError
from app.scanning.epc_tags import identity_of, tag_for
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
    parser.add_argument(
        "--encode",
        metavar="SCHEME",
        help="print the radio tag that holds the code: sgtin-96, sgtin-198, sscc-96, ... or auto",
    )
    parser.add_argument("--filter", type=int, default=0, help="filter value of the tag, 0 to 7")
    parser.add_argument("--prefix-digits", type=int, help="length of the GS1 company prefix")
    given = parser.parse_args(list(argv))
    unreadable: list[int] = []
    codes: Iterable[str] = given.codes or _codes_from(sys.stdin, unreadable)
    if given.encode:
        wanted = Wanted(given.encode, given.filter, given.prefix_digits)
        outcomes = [_encode(code, wanted, as_objects=given.json) for code in codes]
        return 0 if all(outcomes) and not unreadable else 1
    for code in codes:
        parsed = parse(code)
        print(_line(as_json(parsed)) if given.json else _as_text(parsed))
    return 1 if unreadable else 0


@dataclass(frozen=True)
class Wanted:
    """What kind of tag; ``scheme`` auto takes the shortest with room."""

    scheme: str
    filter_value: int
    prefix_digits: int | None


def _encode(code: str, wanted: Wanted, *, as_objects: bool) -> bool:
    """Print the tag of one code; False when no tag holds it."""
    parsed = parse(code)
    scheme = "" if wanted.scheme == "auto" else wanted.scheme
    try:
        identity = parsed.epc_uri or identity_of(
            gtin=parsed.gtin or "",
            serial=parsed.serial or "",
            sscc=parsed.sscc or "",
            company_prefix_length=wanted.prefix_digits,
        )
        tag = tag_for(identity, scheme, wanted.filter_value)
    except EpcError as error:
        return _refuse(code, "epc_not_encodable", str(error), as_objects, key="input")
    found = {"input": code, "scheme": tag.scheme, "tag_uri": tag.tag_uri, "hex": tag.hex}
    print(_line(found) if as_objects else f"{tag.hex}  {tag.tag_uri}")
    return True


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


def _refuse(name: str, code: str, text: str, as_objects: bool, key: str = "file") -> bool:  # noqa: FBT001
    _complain(_line({key: name, "error": code, "text": text}) if as_objects else text, name)
    return False


def _complain(text: str, name: str = "") -> None:
    front = f"{name}: " if name and not text.startswith("{") else ""
    print(front + text, file=sys.stderr)
