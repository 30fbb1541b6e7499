"""Writes what the browser shares with the server, out of the server's own tables.

Run ``python -m tests.offline.generate``; a test holds that the files are fresh.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from biip import checksums

from app.catalog import problems as catalog_problems
from app.counting import flow as count_flow
from app.counting import goods_steps, place_steps
from app.counting import kinds as count_kinds
from app.counting import problems as count_problems
from app.counting import refuse_steps as count_refuse_steps
from app.counting import scans as count_scans
from app.counting.words import PROMPTS as COUNT_PROMPTS
from app.counting.words import ROUNDS
from app.kit.i18n import catalogue
from app.kit.problems import Problem
from app.ledger import problems as ledger_problems
from app.picking import checks as pick_checks
from app.picking import flow as pick_flow
from app.picking import hand_steps, swap_steps, take_steps, walk_steps
from app.picking import kinds as pick_kinds
from app.picking import problems as pick_problems
from app.picking import refusals as pick_refusals
from app.picking import refuse_steps as pick_refuse_steps
from app.picking import scans as pick_scans
from app.picking.words import PROMPTS as PICK_PROMPTS
from app.receiving import (
    checks,
    flow,
    kinds,
    problems,
    put_away_steps,
    receive_steps,
    refuse_steps,
    scans,
)
from app.receiving.words import PROMPTS
from app.scanning import (
    aim,
    application_identifiers,
    check_digits,
    code_lists,
    in_store,
    meaning,
    meanings,
    own_codes,
    parse,
    resolver,
    separators,
    weights,
)

JS = Path(__file__).resolve().parents[2] / "web" / "static" / "js" / "offline"
GENERATED = JS / "generated"
HEAD = "// Written by `python -m tests.offline.generate` from the server's tables; not edited.\n"
MARKED = re.compile(r"""mark\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*\)""")


def contents() -> dict[str, str]:
    """File name in ``generated/`` -> text."""
    rules = workflow_rules()
    return {
        "scanning.js": module(scanning_tables()),
        **{f"{name}.js": module(rule) for name, rule in rules.items()},
        **{f"{name}-zh.js": module(words(texts_of(rule))) for name, rule in rules.items()},
        "words-zh.js": module(words(marked_texts())),
    }


def workflow_rules() -> dict[str, dict[str, Any]]:
    """What each workflow's steps are told by, by its name."""
    return {
        "receiving": receiving_rules(),
        "picking": picking_rules(),
        "counting": counting_rules(),
    }


def module(value: dict[str, Any]) -> str:
    lines = [
        f"  {json.dumps(key)}: {json.dumps(part, ensure_ascii=False, separators=(',', ':'))},"
        for key, part in value.items()
    ]
    return HEAD + "\n".join(["export default {", *lines, "};", ""])


# Codes --------------------------------------------------------------------------------------------


def scanning_tables() -> dict[str, Any]:
    return {
        "identifiers": list(identifier_rows()),
        **characters(),
        "meaning": {
            "gtin": meaning._GTIN,
            "texts": meaning._TEXTS,
            "dates": meaning._DATES,
            "quantity": meaning._QUANTITY,
            "kilograms": {ai: str(weight) for ai, weight in meaning.KILOGRAMS.items()},
        },
        "aim": {
            "gs1": sorted(aim.GS1),
            "freeText": sorted(aim.FREE_TEXT),
            "eanLengths": aim.EAN_LENGTHS,
            "symbologies": aim._SYMBOLOGIES,
        },
        "own": own_labels(),
        "patterns": patterns(),
        "fullWidth": by_letter(separators._FULL_WIDTH),
        "digitRows": [by_letter(row) for row in separators._DIGIT_ROWS],
        "maximumLength": parse.MAXIMUM_LENGTH,
        "unread": in_store_pattern(in_store.UNREAD),
        "usualPatterns": [in_store_pattern(one) for one in resolver.USUAL_PATTERNS],
        "priceCheck": price_check(),
        "perKilogram": {unit: str(many) for unit, many in weights.PER_KILOGRAM.items()},
    }


def characters() -> dict[str, Any]:
    return {
        "cset82": check_digits.CSET82,
        "primes": check_digits._PRIMES,
        "pairAlphabet": check_digits._PAIR_ALPHABET,
        "lists": {
            "countryLetters": sorted(code_lists.COUNTRY_LETTERS),
            "countryNumbers": sorted(code_lists.COUNTRY_NUMBERS),
            "currencyNumbers": sorted(code_lists.CURRENCY_NUMBERS),
            "packageTypes": sorted(code_lists.PACKAGE_TYPES),
            "mediaTypes": sorted(code_lists.MEDIA_TYPES),
        },
    }


OWN_KINDS = (
    "location", "logistic_unit", "document", "count_sheet", "badge", "command", "item", "lot",
)  # fmt: skip


def own_labels() -> dict[str, Any]:
    return {
        "prefix": own_codes.PREFIX,
        "maximumKeyLength": own_codes.MAXIMUM_KEY_LENGTH,
        "kinds": {name: getattr(own_codes, name.upper()) for name in OWN_KINDS},
    }


def patterns() -> dict[str, str]:
    return {
        "identifier": aim._IDENTIFIER.pattern,
        "own": own_codes._OWN.pattern,
        "fnc1": separators._REPLACEMENTS.pattern,
        "composite": parse._COMPOSITE.pattern,
        "keyAtStart": parse._KEY_AT_START.pattern,
        "hex": parse._HEX.pattern,
        "swallowed": parse._SWALLOWED.pattern,
        "step": meanings._STEP.pattern,
    }


def identifier_rows() -> Iterator[list[Any]]:
    table = application_identifiers.TABLE.read_text(encoding="utf-8").splitlines()
    for line in table:
        if line.startswith("#"):
            continue
        name, flags, *_ = line.split("\t")
        entry = application_identifiers.identifiers()[name.partition("-")[0]]
        parts = [
            [part.charset, part.minimum, part.maximum, int(part.optional), part.checks]
            for part in entry.components
        ]
        yield [name, flags, parts, entry.needs, entry.bars, entry.qualifiers]


def by_letter(table: dict[int, Any]) -> dict[str, str]:
    return {
        chr(key): value if isinstance(value, str) else chr(value) for key, value in table.items()
    }


def in_store_pattern(pattern: in_store.InStorePattern) -> dict[str, Any]:
    return {
        "prefixes": pattern.prefixes,
        "layout": pattern.layout,
        "weight_decimals": pattern.weight_decimals,
        "price_decimals": pattern.price_decimals,
    }


def price_check() -> dict[str, Any]:
    """The library's weights, and the check digit by the last digit of their sum."""
    four, five = checksums._FOUR_DIGIT_POSITION_WEIGHTS, checksums._FIVE_DIGIT_POSITION_WEIGHTS
    reverse = checksums._FIVE_MINUS_WEIGHT_REVERSE
    return {
        "4": {"weights": rows(four), "digit": [str(total * 3 % 10) for total in range(10)]},
        "5": {"weights": rows(five), "digit": [str(reverse[-total % 10]) for total in range(10)]},
    }


def rows(weights: list[dict[int, int]]) -> list[list[int]]:
    return [[row[digit] for digit in range(10)] for row in weights]


# Workflows ----------------------------------------------------------------------------------------


def receiving_rules() -> dict[str, Any]:
    told = (receive_steps, put_away_steps, checks)
    refusing = (receive_steps, put_away_steps, refuse_steps, checks, scans)
    return {
        "table": table(flow),
        "commands": kinds.EVENTS.commands,
        "messages": messages(told),
        "problems": refusals(refusing, (problems, ledger_problems, catalog_problems)),
        "prompts": PROMPTS,
        "longestLot": checks.LONGEST_LOT,
        "most": str(checks.MOST),
        "mostTimesOrdered": str(checks.MOST_TIMES_ORDERED),
        "shelfLives": checks.SHELF_LIVES,
        "longestYears": checks.LONGEST_YEARS,
    }


def picking_rules() -> dict[str, Any]:
    told = (walk_steps, take_steps, hand_steps, swap_steps)
    refusing = (*told, pick_refuse_steps, pick_checks, pick_scans, pick_problems)
    return {
        "table": table(pick_flow),
        "commands": pick_kinds.EVENTS.commands,
        "messages": messages(told),
        "problems": refusals(refusing, (pick_refusals, ledger_problems, pick_problems)),
        "prompts": PICK_PROMPTS,
        "obstacles": {name: kind.__name__ for name, kind in pick_problems.OBSTACLES.items()},
        "mostTimes": str(pick_checks.MOST_TIMES),
    }


def counting_rules() -> dict[str, Any]:
    told = (place_steps, goods_steps, count_refuse_steps)
    return {
        "table": table(count_flow),
        "commands": count_kinds.EVENTS.commands,
        "messages": messages(told),
        "problems": refusals((*told, count_scans), (count_problems,)),
        "prompts": {**COUNT_PROMPTS, **{f"round_{one}": text for one, text in ROUNDS.items()}},
        "most": str(goods_steps.MOST),
        "longestLot": goods_steps.LONGEST_LOT,
    }


def messages(modules: Iterable[ModuleType]) -> dict[str, str]:
    return {
        name: text
        for module_ in modules
        for name, text in vars(module_).items()
        if name.isupper() and isinstance(text, str)
    }


def table(of: ModuleType) -> dict[str, dict[str, str]]:
    """Step -> kind of event -> "part.handler"."""
    found: dict[str, dict[str, str]] = {}
    for (step, kind), transition in of.TABLE.items():
        part = transition.handler.__module__.rpartition(".")[2].removesuffix("_steps")
        found.setdefault(step, {})[kind] = f"{part}.{transition.handler.__name__}"
    return found


def refusals(
    naming: Iterable[ModuleType], sources: Iterable[ModuleType]
) -> dict[str, dict[str, str]]:
    """Those that the steps name."""
    named = {"SerialInStock"}
    for module_ in naming:
        named |= set(re.findall(r"\b([A-Z][A-Za-z]+)\b", inspect.getsource(module_)))
    return {
        name: {"code": kind.code, "text": kind.text, "advice": kind.advice}
        for module_ in sources
        for name, kind in vars(module_).items()
        if inspect.isclass(kind) and issubclass(kind, Problem) and kind.text and name in named
    }


def words(texts: Iterable[str]) -> dict[str, str]:
    """Each text in Chinese; empty where it is not translated."""
    chinese = catalogue("zh_CN")
    return {text: chinese.get(text, "") for text in sorted(set(texts)) if text}


def texts_of(rules: dict[str, Any]) -> Iterator[str]:
    """Every text that the steps of a workflow may say."""
    yield from rules["messages"].values()
    yield from rules["prompts"].values()
    for kind in rules["problems"].values():
        yield from (kind["text"], kind["advice"])


def marked_texts() -> Iterator[str]:
    """Every text that the modules themselves say."""
    for path in sorted(JS.rglob("*.js")):
        yield from marked(path)


def marked(path: Path) -> Iterator[str]:
    if path.parent == GENERATED:
        return
    for double, single in MARKED.findall(path.read_text(encoding="utf-8")):
        yield re.sub(r"\\(.)", r"\1", double or single)


def main() -> None:
    GENERATED.mkdir(exist_ok=True)
    for name, text in contents().items():
        (GENERATED / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
