"""What the pages of reports are asked for, read from their addresses."""

from __future__ import annotations

from collections.abc import Mapping

from app.access.actor import Actor
from app.reporting.abc import LETTERS
from app.reporting.problems import BadReportFilter

ALL = "all"
_DIGITS_OF_AN_ID = 18


def classes_asked(query: Mapping[str, str], actor: Actor) -> tuple[int | None, str | None]:
    """Store and class; without a store the one that the reader works in, ``all`` every one.

    Raises:
        BadReportFilter.
    """
    letter = query.get("letter") or None
    if letter is not None and letter not in LETTERS:
        raise BadReportFilter(given=letter[:40], field="letter")
    given = query.get("store", "")
    if not given:
        return actor.store_id, letter
    if given == ALL:
        return None, letter
    if not (given.isascii() and given.isdigit() and len(given) <= _DIGITS_OF_AN_ID):
        raise BadReportFilter(given=given[:40], field="store")
    return int(given), letter
