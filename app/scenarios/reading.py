"""Reading a file of scenarios: what is expected is dropped, what cannot be meant is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import msgspec

from app.scenarios.events import (
    Amend,
    AnyEvent,
    BomExpand,
    CountAdjust,
    Disassemble,
    Event,
    Issue,
    LandedCost,
    PriceAdjust,
    Produce,
    Receive,
    Reconcile,
    ReturnIn,
    ReturnOut,
    Scenario,
    Transfer,
    moment_of,
)
from app.scenarios.problems import ScenarioFileMissing, ScenarioUnreadable

Raw = dict[str, Any]
DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{1,2}(?::\d{2}(?::\d{2})?)?)?Z?")
DROPPED = ("expect", "peer_asserts", "source_errors")
LARGEST, SMALLEST_EXPONENT, MOST_DECIMALS = Decimal(10) ** 13, -12, 4
NO_BASIS = "basis needs a number for each target"
_REFERS: dict[type[Event], Any] = {
    ReturnIn: Issue | Produce,
    ReturnOut: Receive | Reconcile | CountAdjust | Produce,
    PriceAdjust: Receive | Reconcile | CountAdjust,
    Disassemble: Produce,
}
_TARGETS = Receive | Reconcile | CountAdjust | Produce


class _Unreadable(Exception):
    """What is wrong with one scenario."""


@dataclass(frozen=True)
class Told:
    """A scenario as it is run, and as it was written with what it expects.

    ``wrong`` is why it cannot be run; the others of its file can.
    """

    id: str
    scenario: Scenario | None
    raw: Raw
    wrong: ScenarioUnreadable | None = None


def read_file(path: Path) -> list[Told]:
    """Every scenario of the file; one that cannot be meant names its field in ``wrong``.

    Raises:
        ScenarioFileMissing: there is no such file, or it may not be read.
        ScenarioUnreadable: it holds no list of scenarios.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ScenarioFileMissing(path=str(path), reason=error.strerror or "?") from None
    try:
        listed = _listed(content)
    except _Unreadable as wrong:
        raise _refusal(path, wrong) from None
    return [_read(path, raw, raw_id(raw, number)) for number, raw in enumerate(listed)]


def _read(path: Path, raw: Any, name: str) -> Told:
    try:
        return _told(raw, name)
    except _Unreadable as wrong:
        return Told(name, None, {}, _refusal(path, wrong))


def _refusal(path: Path, wrong: _Unreadable) -> ScenarioUnreadable:
    where, _, reason = str(wrong).partition(": ")
    return ScenarioUnreadable(path=str(path), where=where, reason=reason)


def _listed(content: bytes) -> list[Any]:
    """The list of a whole file, a bare list, or one scenario by itself."""
    try:
        whole: Any = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _Unreadable(f"JSON: {error}") from None
    if isinstance(whole, dict):
        named = cast("Raw", whole)
        whole = named.get("scenarios", [named])
    if not isinstance(whole, list):
        raise _Unreadable("scenarios: there is no list of them")
    return cast("list[Any]", whole)


def raw_id(raw: Any, number: int) -> str:
    """What a scenario calls itself, or its place in the list, from one."""
    if isinstance(raw, dict):
        return str(cast("Raw", raw).get("id", number + 1))
    return str(number + 1)


def _told(raw: Any, name: str) -> Told:
    where = f"scenario {name}"
    try:
        scenario = msgspec.convert(without_expectations(raw), Scenario)
    except msgspec.ValidationError as error:
        raise _Unreadable(f"{where}: {error}") from None
    for reason in _wrong(scenario):
        raise _Unreadable(f"{where}: {reason}")
    return Told(scenario.id, scenario, cast("Raw", raw))


def without_expectations(raw: Any) -> Any:
    """The same without every key that says what should come out."""
    if isinstance(raw, dict):
        return {
            key: without_expectations(value)
            for key, value in cast("Raw", raw).items()
            if not key.startswith(DROPPED) and value is not None
        }
    if isinstance(raw, list):
        return [without_expectations(value) for value in cast("list[Any]", raw)]
    return raw


# What the types do not say -----------------------------------------------------------------------


def _wrong(scenario: Scenario) -> Iterator[str]:
    """Each thing that cannot be meant."""
    if not 0 <= scenario.currency_decimals <= MOST_DECIMALS:
        yield f"currency_decimals is not from 0 to {MOST_DECIMALS}"
    known: dict[str, AnyEvent] = {}
    for event in scenario.events:
        if event.id in known:
            yield f"event {event.id} is there twice"
        for reason in (*_wrong_event(event), *_wrong_references(event, known)):
            yield f"event {event.id}: {reason}"
        known[event.id] = event


def _wrong_event(event: AnyEvent) -> Iterator[str]:
    if event.date is not None and not _is_date(event.date):
        yield f"{event.date} is no date"
    yield from _wrong_numbers(msgspec.to_builtins(event, builtin_types=(Decimal,)), "")
    if isinstance(event, Receive) and not (event.consigned or _is_priced(event)):
        yield "either unit_cost or total_cost is needed"
    if isinstance(event, PriceAdjust) and not _is_priced(event):
        yield "either unit_cost or total_cost is needed"
    if isinstance(event, CountAdjust) and (event.delta is None) == (event.counted_qty is None):
        yield "either delta or counted_qty is needed"
    if isinstance(event, Produce) and not event.outputs:
        yield "nothing comes out"
    if isinstance(event, LandedCost) and event.allocate == "manual":
        yield from [] if len(event.basis or []) == len(event.targets) else [NO_BASIS]
    if isinstance(event, BomExpand) and event.per_output <= 0:
        yield "per_output is not more than zero"


def _is_priced(event: Receive | PriceAdjust) -> bool:
    return event.unit_cost is not None or event.total_cost is not None


def _is_date(text: str) -> bool:
    try:
        return bool(DATE.fullmatch(text) and moment_of(text))
    except (ValueError, OverflowError):
        return False


_SIGNED = {"amount", "delta", "basis"}
_POSITIVE = {"qty", "uom_factor"}


def _wrong_numbers(value: Any, name: str) -> Iterator[str]:
    """Numbers beyond what is stored, and negative ones where that has no meaning."""
    if isinstance(value, Mapping):
        for key, part in cast("Mapping[str, Any]", value).items():
            yield from _wrong_numbers(part, key)
    elif isinstance(value, list):
        for part in cast("list[Any]", value):
            yield from _wrong_numbers(part, name)
    elif isinstance(value, Decimal):
        reason = _wrong_number(value, name)
        if reason:
            yield f"{name} {value} {reason}"


def _wrong_number(value: Decimal, name: str) -> str:
    if not value.is_finite():
        return "is no number"
    if abs(value) >= LARGEST or int(value.as_tuple().exponent) < SMALLEST_EXPONENT:
        return "has too many digits"
    if name in _POSITIVE and value <= 0:
        return "is not more than zero"
    return "is negative" if value < 0 and name not in _SIGNED else ""


def _wrong_references(event: AnyEvent, known: Mapping[str, AnyEvent]) -> Iterator[str]:
    """What it goes back to has to be an event before it, of a kind that makes sense."""
    of: str | None = getattr(event, "of", None)
    wanted: Any = _REFERS.get(type(event), object)
    if isinstance(event, Amend):
        wanted = Receive | Issue | ReturnIn | ReturnOut | CountAdjust | Reconcile | Transfer
    if of is not None and not isinstance(known.get(of), wanted):
        yield f"of {of} is no earlier event that it can go back to"
    if isinstance(event, LandedCost):
        for target in event.targets:
            if not isinstance(known.get(target), _TARGETS):
                yield f"target {target} is no earlier receipt"
