"""Reading HTML forms: every wrong field is marked in one pass."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Annotated, Any, cast

from litestar.enums import RequestEncodingType
from litestar.params import Body

from app.kit.clock import midnight
from app.kit.i18n import gettext, mark
from app.kit.problems import Unreadable

NEEDED = mark("This is needed.")
TOO_LONG = mark("At most {longest} characters.")
NOT_OFFERED = mark("Choose one of those offered.")
ODD_CHARACTERS = mark("It holds characters that cannot be shown.")
LONGEST = 200
LONGEST_ID = 18
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
"""The fields of a sent form."""
ManyForm = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)]
"""A sent form; a field that occurs several times is a list."""


class BadFields(Unreadable):
    """Marks by field name in ``fields``."""

    code = "bad_fields"
    text = mark("Some fields are not right.")
    advice = mark("Correct the marked fields. Nothing was changed.")


@dataclass(frozen=True)
class Field:
    """One field of a form as ``_form.html`` shows it; ``label`` and ``hint`` are translated.

    ``kind``: ``text``, ``password``, ``digits``, ``date``, ``select``, ``choices`` (several of
    ``options``), ``yes`` (one tick).  ``options`` are (value, words) pairs.
    """

    name: str
    label: str
    kind: str = "text"
    value: Any = ""
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    required: bool = False


@dataclass
class Reader:
    """Takes the fields of a sent form; call ``done`` before the values are used."""

    data: Mapping[str, Any]
    marks: dict[str, str] = field(default_factory=dict[str, str])

    def text(self, name: str, *, needed: bool = True, longest: int = LONGEST) -> str:
        """One line, trimmed; empty where it was left out or is marked."""
        given = " ".join(str(self.data.get(name, "")).split())
        if not given and needed:
            self.marks[name] = gettext(NEEDED)
        elif len(given) > longest:
            self.marks[name] = gettext(TOO_LONG).format(longest=longest)
        elif not given.isprintable():
            self.marks[name] = gettext(ODD_CHARACTERS)
        else:
            return given
        return ""

    def raw(self, name: str) -> str:
        """As typed: passwords."""
        return str(self.data.get(name, ""))

    def choice(self, name: str, offered: Collection[str]) -> str:
        given = str(self.data.get(name, ""))
        if given not in offered:
            self.marks[name] = gettext(NOT_OFFERED)
        return given

    def yes(self, name: str) -> bool:
        return bool(self.data.get(name))

    def number(self, name: str, *, least: int, most: int) -> int:
        given = str(self.data.get(name, "")).strip()
        if given.isascii() and given.isdigit() and least <= int(given[:18]) <= most:
            return int(given)
        self.marks[name] = gettext(NOT_OFFERED)
        return least

    def ids(self, name: str) -> tuple[int, ...]:
        """The ids of several ticked boxes, in order and each once."""
        given: Any = self.data.get(name, [])
        texts = [str(text) for text in (given if isinstance(given, list) else [given])]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        if all(_is_id(text) for text in texts):
            return tuple(sorted({int(text) for text in texts}))
        self.marks[name] = gettext(NOT_OFFERED)
        return ()

    def id_or_none(self, name: str) -> int | None:
        given = str(self.data.get(name, "")).strip()
        if not given:
            return None
        if _is_id(given):
            return int(given)
        self.marks[name] = gettext(NOT_OFFERED)
        return None

    def wrong(self, name: str, words: str) -> None:
        self.marks[name] = words

    def done(self) -> None:
        """Raises BadFields if anything was marked."""
        if self.marks:
            raise BadFields(fields=self.marks)


def start_of(given: str, zone: str, days_later: int = 0) -> datetime | None:
    """When the day written as 2026-11-22, or one so many days later, begins in a time zone.

    None where it is no such day.
    """
    try:
        return midnight(date.fromisoformat(given) + timedelta(days=days_later), zone)
    except (ValueError, OverflowError):
        return None


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text[:20]) < 2**63


def number_in(data: Mapping[str, Any], name: str) -> int | None:
    """A positive id in a field, None where there is none."""
    return _id(data.get(name))


def numbers_in(data: Mapping[str, Any], name: str) -> list[int]:
    """The ids in a field that comes once or several times, each once, in their order."""
    given = data.get(name, [])
    values = cast("list[object]", given) if isinstance(given, list) else [given]
    return list(dict.fromkeys(number for value in values if (number := _id(value)) is not None))


def _id(value: object) -> int | None:
    given = str(value or "")
    is_number = given.isascii() and given.isdigit() and len(given) <= LONGEST_ID
    return int(given) if is_number and int(given) else None
