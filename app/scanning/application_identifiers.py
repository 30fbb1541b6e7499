"""The table of GS1 Application Identifiers, read once from ``application_identifiers.tsv``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("application_identifiers.tsv")

_COMPONENT = re.compile(r"(\[?)([NXYZ])(\.\.)?(\d+)\]?((?:,\w+)*)")


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a value: character set, length in characters, names of content checks."""

    charset: str
    minimum: int
    maximum: int
    optional: bool
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApplicationIdentifier:
    """One identifier.

    ``needs`` holds requirements that all have to be met: each a choice of groups, each group a
    set of identifiers that must all be there.  ``bars`` are identifiers that must not be there.
    ``n`` in either stands for any digit.  ``qualifiers`` are the allowed orders of key qualifiers
    in a Digital Link path, None for what is not a primary key.
    """

    ai: str
    predefined_length: bool
    attribute: bool
    components: tuple[Component, ...]
    needs: tuple[tuple[tuple[str, ...], ...], ...]
    bars: tuple[str, ...]
    qualifiers: tuple[tuple[str, ...], ...] | None
    title: str

    @property
    def minimum(self) -> int:
        return sum(part.minimum for part in self.components if not part.optional)

    @property
    def maximum(self) -> int:
        return sum(part.maximum for part in self.components)


@cache
def identifiers() -> dict[str, ApplicationIdentifier]:
    """Every identifier by its digits."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return {
        entry.ai: entry for line in lines if not line.startswith("#") for entry in _entries(line)
    }


@cache
def lengths() -> dict[str, int]:
    """How long an identifier is, by its first two digits: GS1 fixes it for the whole family."""
    return {ai[:2]: len(ai) for ai in identifiers()}


def at_start_of(text: str, position: int = 0) -> ApplicationIdentifier | None:
    """The identifier that stands at this position, None when GS1 has not assigned one."""
    length = lengths().get(text[position : position + 2], 0)
    return identifiers().get(text[position : position + length])


def matches(pattern: str, ai: str) -> bool:
    """True when ``ai`` is the pattern; each ``n`` in the pattern stands for any digit."""
    return len(pattern) == len(ai) and all(p in ("n", d) for p, d in zip(pattern, ai, strict=True))


def _entries(line: str) -> Iterator[ApplicationIdentifier]:
    name, flags, components, rules, title = line.split("\t")
    first, _, last = name.partition("-")
    parts = tuple(_component(text) for text in components.split())
    named = [rule.partition("=") for rule in rules.split()]
    needs = tuple(_groups(value) for key, _, value in named if key == "needs")
    bars = tuple(ai for key, _, value in named if key == "bars" for ai in value.split(","))
    qualifiers = next((_orders(value) for key, _, value in named if key == "key"), None)
    for number in range(int(first), int(last or first) + 1):
        ai = str(number).zfill(len(first))
        yield ApplicationIdentifier(
            ai, "F" in flags, "A" in flags, parts, needs, bars, qualifiers, title
        )


def _component(text: str) -> Component:
    found = _COMPONENT.fullmatch(text)
    if found is None:
        raise ValueError(f"{TABLE.name}: component {text!r} is not understood")
    bracket, charset, up_to, length, checks = found.groups()
    maximum = int(length)
    minimum = 1 if up_to else maximum
    return Component(charset, minimum, maximum, bool(bracket), tuple(checks.split(",")[1:]))


def _groups(value: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(group.split("+")) for group in value.split(","))


def _orders(value: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(order.split(",")) for order in value.split("|")) if value else ((),)
