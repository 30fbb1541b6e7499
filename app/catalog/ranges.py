"""Codes of locations: ranges of them, and the letter that proves that somebody stands there."""

from __future__ import annotations

import itertools
import re

MOST_AT_ONCE = 5000
_PART = re.compile(r"\d+|[A-Z]+|[^A-Z\d]+")
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # 23, without I, O and Q, which are misread


def codes_between(first: str, last: str) -> CodesBetween | None:
    """Every code of the range, the rightmost part running fastest; None where it is no range.

    ``A-01-01`` to ``B-05-04`` are 2 x 5 x 4 codes: each part rises by itself.  Letters run only
    where both ends have a single one.
    """
    begin, end = _PART.findall(first.upper()), _PART.findall(last.upper())
    if len(begin) != len(end):
        return None
    runs = [_run(low, high) for low, high in zip(begin, end, strict=True)]
    if not runs or any(run is None for run in runs):
        return None
    return CodesBetween([run for run in runs if run is not None])


class CodesBetween:
    """The codes of a range: its length is known before any code is made."""

    def __init__(self, runs: list[_Run]) -> None:
        self.runs = runs

    def __len__(self) -> int:
        count = 1
        for run in self.runs:
            # A range of a trillion codes is refused by its length, which len() can't return.
            count = min(count * run.count, 10**12)
        return count

    def __iter__(self) -> itertools.chain[str]:
        parts = itertools.product(*(run.texts() for run in self.runs))
        return itertools.chain("".join(part) for part in parts)


class _Run:
    """One part of the codes: a text that stays, numbers of a fixed width, or single letters."""

    def __init__(self, low: str, high: str) -> None:
        self.low, self.high = low, high
        self.digits = low.isdigit()

    @property
    def count(self) -> int:
        if self.low == self.high:
            return 1
        if self.digits:
            return int(self.high) - int(self.low) + 1
        return ord(self.high) - ord(self.low) + 1

    def texts(self) -> list[str]:
        if self.low == self.high:
            return [self.low]
        if self.digits:
            width = len(self.low)
            return [str(n).zfill(width) for n in range(int(self.low), int(self.high) + 1)]
        return [chr(n) for n in range(ord(self.low), ord(self.high) + 1)]


def _run(low: str, high: str) -> _Run | None:
    if low == high:
        return _Run(low, high)
    numbers = low.isdigit() and high.isdigit() and (len(low) == len(high) or low[0] != "0")
    letters = len(low) == len(high) == 1 and low.isalpha() and high.isalpha()
    if numbers and int(low) < int(high):
        return _Run(low, high)
    return _Run(low, high) if letters and low < high else None


def check_letter(code: str) -> str:
    """The letter on the location's label that its code alone doesn't tell: weighted modulo 23."""
    total = sum(position * ord(letter) for position, letter in enumerate(code.upper(), 1))
    return _LETTERS[total % len(_LETTERS)]
