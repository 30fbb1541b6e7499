"""What a browser says of itself with each command: which it is, its number, its clock, its user."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.kit.i18n import mark
from app.kit.problems import Problem

TOLERATED = timedelta(seconds=5)
"""A clock that is off by less may be right: the request took its time."""
YEARS = range(1900, 9000)
"""What PostgreSQL and Python both hold in every time zone."""
LONGEST_NUMBER = 19


class MadeByOther(Problem):
    """401: no answer to the command.  The device keeps it until its own user signs in."""

    code = "made_by_other"
    status = 401
    text = mark("This was made by another person.")
    advice = mark("It is sent when they sign in on this device.")


def refuse_other_person(fields: Mapping[str, Any], user_id: int | None) -> None:
    """Raises MadeByOther where field ``user`` names somebody else than who is signed in."""
    given = fields.get("user")
    if given and str(given) != str(user_id or ""):
        raise MadeByOther


def sequence(given: object) -> int | None:
    """The number of a command on its device, None where it is none."""
    text = str(given or "")
    is_number = text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER
    return int(text) if is_number else None


def uuid_or_none(given: object) -> UUID | None:
    try:
        return UUID(str(given)) if given else None
    except ValueError:
        return None


def sent_at(given: object) -> datetime | None:
    """What the device's clock said at sending, None where it is no usable time."""
    try:
        moment = datetime.fromisoformat(str(given)) if given else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo and moment.year in YEARS else None


def corrected(moment: datetime, sent: datetime | None, now: datetime) -> datetime:
    """When it happened by our clock: the device's clock is off by ``now - sent``.

    Nothing happens in the future, so an uncorrected clock that runs ahead is cut to ``now``.
    """
    offset = now - sent if sent else timedelta()
    try:
        true = moment + offset if abs(offset) > TOLERATED else moment
    except OverflowError:
        return now
    return min(true, now) if true.year in YEARS else now
