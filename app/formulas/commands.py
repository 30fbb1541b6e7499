"""Defining cost elements: what holds from when on.  Versions are added, never changed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from app.formulas import problems, queries
from app.formulas.checking import Definition, Elements, check, names_in
from app.formulas.facts import BY_NAME
from app.formulas.names import FUNCTIONS, KEYWORDS
from app.formulas.parsing import parse
from app.formulas.queries import QUERIES, ElementView
from app.formulas.tables import APPLIES
from app.kit import clock, sql
from app.kit.transactions import Envelope

LONGEST_NAME = 30
_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class DefineElement:
    """A new element with its first formula, which holds from ``valid_from`` on."""

    name: str
    applies: str
    formula: str
    valid_from: date
    title: str = ""
    category_id: int | None = None
    position: int = 100
    note: str = ""


@dataclass(frozen=True)
class AddVersion:
    """Another formula for an element, from ``valid_from`` on; ``title`` and the rest hold at once.

    A day that has passed holds for what is reckoned from now on; what was posted stays.
    """

    element_id: int
    formula: str
    valid_from: date
    title: str = ""
    category_id: int | None = None
    position: int = 100
    note: str = ""


@dataclass(frozen=True)
class UseElement:
    """Out of use, or back in use."""

    element_id: int
    active: bool


@dataclass(frozen=True)
class ElementDefined:
    element_id: int
    version: int


def define_element(session: Session, command: DefineElement, envelope: Envelope) -> ElementDefined:
    """Raises ElementNameUnusable, ElementNameTaken and what ``check`` refuses."""
    sql.execute(session, QUERIES["lock_elements"])
    refuse_name(command.name, queries.setting(session).units)
    _checked_with(session, _definition(command, command.name, command.applies), command.valid_from)
    row = {
        "name": command.name,
        "title": command.title,
        "applies": command.applies if command.applies in APPLIES else "helper",
        "category_id": command.category_id,
        "position": command.position,
        "user_id": envelope.caller.user_id,
    }
    element_id = int(sql.value(session, QUERIES["insert_element"], row))
    return ElementDefined(element_id, _insert_version(session, element_id, command, envelope))


def add_version(session: Session, command: AddVersion, envelope: Envelope) -> ElementDefined:
    """Raises NoSuchElement and what ``check`` refuses, of every formula that uses this one too."""
    sql.execute(session, QUERIES["lock_elements"])
    known = queries.element(session, command.element_id, clock.today())
    _checked_with(session, _definition(command, known.name, known.applies), command.valid_from)
    row = {
        "element_id": known.id,
        "title": command.title,
        "category_id": command.category_id,
        "position": command.position,
    }
    sql.execute(session, QUERIES["describe_element"], row)
    return ElementDefined(known.id, _insert_version(session, known.id, command, envelope))


def use_element(session: Session, command: UseElement, envelope: Envelope) -> ElementDefined:
    """Raises NoSuchElement; ElementStillNeeded where other formulas name it."""
    del envelope
    sql.execute(session, QUERIES["lock_elements"])
    known = queries.element(session, command.element_id, clock.today())
    sql.execute(
        session,
        QUERIES["use_element"],
        {"element_id": known.id, "is_active": command.active},
    )
    if command.active:
        _check_days(session, clock.today(), None)
    else:
        _refuse_needed(session, known)
    return ElementDefined(known.id, known.version or 0)


def _insert_version(
    session: Session, element_id: int, command: DefineElement | AddVersion, envelope: Envelope
) -> int:
    row = {
        "element_id": element_id,
        "valid_from": command.valid_from,
        "formula": command.formula.strip(),
        "note": command.note,
        "user_id": envelope.caller.user_id,
    }
    return int(sql.value(session, QUERIES["insert_version"], row))


def refuse_name(name: str, units: object) -> None:
    """Raises ElementNameUnusable: no word, or one that formulas use already."""
    taken = name in BY_NAME or name.lower() in FUNCTIONS or name in KEYWORDS
    in_units = isinstance(units, dict) and name.lower() in units
    if taken or in_units or len(name) > LONGEST_NAME or not _WORD.fullmatch(name):
        raise problems.ElementNameUnusable(name=name[:60] or "?")


def _definition(command: DefineElement | AddVersion, name: str, applies: str) -> Definition:
    return Definition(name, applies, command.formula, command.title, command.category_id)


def _checked_with(session: Session, changed: Definition, valid_from: date) -> None:
    _check_days(session, valid_from, changed)


def _check_days(session: Session, first: date, changed: Definition | None) -> None:
    """Everything fits together on the first day and on every later one when something changes."""
    units = queries.setting(session).units
    for day in [first, *queries.days_of_change(session, first)]:
        check(with_changed(queries.in_force(session, day), changed), units)


def with_changed(views: list[ElementView], changed: Definition | None) -> list[Definition]:
    """The definitions of a day, one of them put in or replaced."""
    others = [one.definition for one in views if changed is None or one.name != changed.name]
    return others if changed is None else [*others, changed]


def try_formula(session: Session, changed: Definition, day: date) -> Elements:
    """As it would be with this formula; nothing is saved.  Raises what ``check`` refuses."""
    units = queries.setting(session).units
    named = replace(changed, name=changed.name or "_")
    return check(with_changed(queries.in_force(session, day), named), units)


def _refuse_needed(session: Session, gone: ElementView) -> None:
    today = clock.today()
    for day in [today, *queries.days_of_change(session, today)]:
        users = [
            one.title or one.name
            for one in queries.in_force(session, day)
            if gone.name in names_in(parse(one.formula or ""))
        ]
        if users:
            raise problems.ElementStillNeeded(name=gone.name, users="、".join(users))
