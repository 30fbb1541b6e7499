"""Finding the row of headings, whatever people call the columns and however they order them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from app.spreadsheets.columns import Kind
from app.spreadsheets.problems import HeadingTwice, NoHeadings

LOOK_FOR_HEADINGS_IN = 10
_ASIDE = re.compile(r"[(\[【（].*?[)\]】）]|[\s_\-*:：/]")


@dataclass(frozen=True)
class Headings:
    """Where the columns are: ``row`` holds the headings, ``ignored`` are those unknown to us."""

    row: int
    fields: dict[str, int]
    ignored: list[str]


def find_headings(kind: Kind, rows: Sequence[Sequence[str]], given: Sequence[str] = ()) -> Headings:
    """Find the row of headings among the first ten.

    Args:
        given: required columns that the import gives a value to itself.

    Raises:
        NoHeadings: no row has all the required columns.
        HeadingTwice: two columns mean the same.
    """
    first = rows[:LOOK_FOR_HEADINGS_IN]
    found = [_match(kind, number, row) for number, row in enumerate(first)]
    best = max(found, key=lambda one: len(one.fields))
    needed = [c for c in kind.columns if c.required and c.field not in given]
    missing = [column.label for column in needed if column.field not in best.fields]
    if missing or len(best.fields) == 0:
        raise NoHeadings(needed=", ".join(column.label for column in needed))
    return best


def _match(kind: Kind, number: int, row: Sequence[str]) -> Headings:
    names = {plain(name): c.field for c in reversed(kind.columns) for name in reversed(c.headings)}
    fields: dict[str, int] = {}
    ignored: list[str] = []
    for place, heading in enumerate(row):
        field = names.get(plain(heading)) if heading else None
        if field is None:
            ignored += [heading] if heading else []
        elif field in fields:
            raise HeadingTwice(columns=f"{row[fields[field]]}, {heading}")
        else:
            fields[field] = place
    return Headings(number, fields, ignored)


def plain(heading: str) -> str:
    """A heading without case, spaces, stars and what stands in brackets: ``售价(元)*`` is 售价."""
    return _ASIDE.sub("", unicodedata.normalize("NFKC", heading).casefold())
