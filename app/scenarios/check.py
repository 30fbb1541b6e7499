"""Comparing what came out with what a scenario expects: numbers by value, not by their digits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from app.scenarios.figures import Figures
from app.scenarios.reading import Raw, Told

COUNTED = {"universal", "house", "house_option"}
WHOLE = ("cogs_total", "purchase_variance")
EXPECT = "expect_"


@dataclass(frozen=True)
class Verdict:
    """``difference`` is the first one; empty where everything is right."""

    scenario_id: str
    profile: str
    difference: str

    @property
    def counts(self) -> bool:
        """Scenarios of a peer's differing convention are shown, and count for nothing."""
        return self.profile in COUNTED


@dataclass(frozen=True)
class _Pair:
    where: str
    expected: Any
    found: Any


def judge(told: Told, found: Figures) -> Verdict:
    """The first difference between what was expected and what came out."""
    first = next(_differences(told.raw, found), "")
    profile = told.scenario.profile if told.scenario else "universal"
    return Verdict(told.id, profile, first)


def _differences(raw: Raw, found: Figures) -> Iterator[str]:
    if "failed" in found:
        yield f"it failed: {found['failed']}"
        return
    for pair in _pairs(raw, found):
        yield from _compared(pair)
    if found["verify"] != "ok":
        yield f"verify: {found['verify'][0]}"


def _pairs(raw: Raw, found: Figures) -> Iterator[_Pair]:
    """Everything that the scenario expects, beside what was found."""
    for event, told in zip(raw["events"], found["events"], strict=True):
        yield from _event_pairs(event, told)
    expected = _named(raw.get("expect"))
    for name in WHOLE:
        if name in expected:
            yield _Pair(name, expected[name], found[name])
    for item, figures in _named(expected.get("items")).items():
        for name, value in _named(figures).items():
            yield _Pair(f"{item}.{name}", value, _named(found["items"].get(item)).get(name))
    for line in cast("list[Raw]", expected.get("at") or []):
        # A day without events says what the one before it said.
        days = [day for day in found["at"] if day <= line["date"]]
        known = _named(found["at"][max(days)].get(line["item"])) if days else {}
        for name in line.keys() - {"date", "item"}:
            yield _Pair(f"at {line['date']} {line['item']}.{name}", line[name], known.get(name))


def _named(value: object) -> Raw:
    """Values by name; nothing else has any."""
    return cast("Raw", value) if isinstance(value, dict) else {}


def _event_pairs(event: Raw, told: Figures) -> Iterator[_Pair]:
    """An event that is refused where nothing of the kind is expected differs by its error."""
    yield _Pair(f"{event['id']}.error", event.get("expect_error"), told.get("error"))
    for key, expected in event.items():
        if key.startswith(EXPECT) and key != "expect_error":
            name = key.removeprefix(EXPECT)
            yield _Pair(f"{event['id']}.{name}", expected, told.get(name))


# Values ------------------------------------------------------------------------------------------


def _compared(pair: _Pair) -> Iterator[str]:
    """Named values are compared by name, lists in order, numbers by value."""
    expected, found = pair.expected, pair.found
    if isinstance(expected, Mapping):
        named = _named(found)
        for name, value in cast("Mapping[str, Any]", expected).items():
            yield from _compared(_Pair(f"{pair.where}.{name}", value, named.get(name)))
    elif isinstance(expected, list):
        yield from _compared_lists(pair)
    elif not _equal(expected, found):
        yield f"{pair.where}: expected {expected}, found {found}"


def _compared_lists(pair: _Pair) -> Iterator[str]:
    expected = cast("list[Any]", pair.expected)
    found: list[Any] | None = None
    if isinstance(pair.found, list):
        found = cast("list[Any]", pair.found)
    if pair.where.endswith(".layers") and found is not None:
        expected, found = merged(expected), merged(found)
    if found is None or len(found) != len(expected):
        yield f"{pair.where}: expected {expected}, found {found}"
        return
    for position, (one, other) in enumerate(zip(expected, found, strict=True), start=1):
        yield from _compared(_Pair(f"{pair.where}[{position}]", one, other))


def merged(layers: Sequence[Sequence[str]]) -> list[list[str]]:
    """Adjacent layers of one unit cost are one."""
    found: list[list[str]] = []
    for quantity, unit_cost in layers:
        if found and _equal(found[-1][1], unit_cost):
            found[-1][0] = str(Decimal(found[-1][0]) + Decimal(quantity))
        else:
            found.append([quantity, unit_cost])
    return found


def _equal(expected: object, found: object) -> bool:
    one, other = _number(expected), _number(found)
    return one == other if one is not None and other is not None else expected == found


def _number(value: object) -> Decimal | None:
    try:
        return Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        return None
