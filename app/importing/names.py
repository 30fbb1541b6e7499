"""Names that are nearly the same: probably one thing entered twice.

Comparing each of 20,000 names with each other would be 200 million comparisons.  Two names are
alike here only if they have the same numbers (330ml is not 500ml) and share one of their rarest
pairs of letters, so only names within such a block are compared (prefix filtering, Chaudhuri,
Ganti, Kaushik: "A Primitive Operator for Similarity Joins", ICDE 2006).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from app.catalog.values import name_key

ALIKE = 0.9  # tidy: allow-float - a likeness of names, no quantity
SHORTEST = 4
# A pair of letters that this many names share says nothing about two of them being one.
MOST_IN_BLOCK = 60
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Named:
    """A name with what it is compared by; ``label`` is how it is shown, ``row`` 0 if stored."""

    row: int
    label: str
    key: str
    numbers: tuple[str, ...]

    @classmethod
    def of(cls, row: int, name: str, specification: str = "") -> Named:
        whole = f"{name} {specification}".strip()
        return cls(row, whole, name_key(whole), tuple(sorted(_NUMBERS.findall(whole))))


def alike(names: Sequence[Named]) -> Iterator[tuple[Named, Named]]:
    """(a later name, the first earlier one that is nearly the same), in the order given.

    Names from the file come after the stored ones; a pair of two stored names is left out.
    """
    pairs = {name: _pairs(name.key) for name in names}
    frequency = Counter(pair for found in pairs.values() for pair in found)
    blocks: dict[tuple[tuple[str, ...], str], list[Named]] = defaultdict(list)
    same: dict[str, Named] = {}
    for name in names:
        twin = same.setdefault(name.key, name) if name.key else name
        keys = [(name.numbers, pair) for pair in _rarest(pairs[name], frequency)]
        if name.row and twin is name:
            twin = next(_close(name, keys, blocks), name)
        if name.row and twin is not name:
            yield name, twin
        for key in keys:
            blocks[key].append(name)


def _close(
    name: Named,
    keys: list[tuple[tuple[str, ...], str]],
    blocks: dict[tuple[tuple[str, ...], str], list[Named]],
) -> Iterator[Named]:
    for key in keys:
        for other in blocks[key][:MOST_IN_BLOCK]:
            if Indel.normalized_similarity(name.key, other.key, score_cutoff=ALIKE) >= ALIKE:
                yield other


def _pairs(key: str) -> frozenset[str]:
    if len(key) < SHORTEST:
        return frozenset()
    return frozenset(key[n : n + 2] for n in range(len(key) - 1))


def _rarest(pairs: frozenset[str], frequency: Counter[str]) -> list[str]:
    """Enough of the rarest pairs that two names with 80 % of their pairs in common share one."""
    ordered = sorted(pairs, key=lambda pair: (frequency[pair], pair))
    return ordered[: len(pairs) // 5 + 1]
