"""Places that somebody should count, and places that are being counted."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from app.kit import sql
from app.kit.transactions import Envelope
from app.orders.allocating import allocate_waiting
from app.orders.answers import Allocated
from app.orders.problems import LocationCounted, NoSuchCountPlace

QUERIES = sql.Queries(Path(__file__).with_name("counting.sql"))


def leave_count_task(
    session: Session,
    envelope: Envelope,
    location_id: int,
    item_id: int | None,
    cause: str,
    note: str = "",
) -> int:
    """Ask for a count of a place; one that is open already for the same reason takes the note.

    Args:
        item_id: None asks for all that is there.
        cause: ``short_pick``, ``zero_check`` or ``request``.

    Returns:
        The task's number.

    Raises:
        NoSuchCountPlace.
    """
    values = {
        "location_id": location_id,
        "item_id": item_id,
        "cause": cause,
        "note": note,
        "user_id": envelope.caller.user_id,
    }
    task_id = sql.value(session, QUERIES["leave_task"], values)
    if task_id is None:
        raise NoSuchCountPlace
    return int(task_id)


def lock_location(session: Session, envelope: Envelope, location_id: int, reason: str) -> None:
    """Nothing is promised or picked from the place until ``unlock_location``.

    What is promised already stays so; picking refuses to take it meanwhile.

    Raises:
        NoSuchCountPlace, CountedAlready.
    """
    values = {"location_id": location_id, "reason": reason, "user_id": envelope.caller.user_id}
    if sql.value(session, QUERIES["lock"], values) is None:
        raise NoSuchCountPlace


def unlock_location(session: Session, envelope: Envelope, location_id: int) -> list[Allocated]:
    """The count is over; orders that waited for what is there get it.

    Nothing happens where it was not locked.

    Raises:
        NoSuchCountPlace.
    """
    store_id = sql.value(session, QUERIES["unlock"], {"location_id": location_id})
    if store_id is None:
        if sql.value(session, QUERIES["is_place"], {"location_id": location_id}) is None:
            raise NoSuchCountPlace
        return []
    items = sql.rows(session, _Item, QUERIES["items_there"], {"location_id": location_id})
    return allocate_waiting(session, envelope, int(store_id), [item.item_id for item in items])


@contextmanager
def set_aside(session: Session, location_ids: Sequence[int]) -> Generator[None]:
    """Plans that are made in this block pass over the places, as if they were being counted.

    For goods that the books say are there and a person does not find.  Nobody else sees it.
    """
    asked = {"location_ids": sorted(location_ids)}
    aside = sql.rows(session, _Aside, QUERIES["set_aside"], asked)
    yield
    for place in aside:
        sql.execute(session, QUERIES["unlock"], {"location_id": place.location_id})


def check_not_counted(session: Session, location_id: int) -> None:
    """Refuse to take goods from a place that is being counted.

    Raises:
        LocationCounted: naming the place and why it is counted.
    """
    found = sql.one(session, _Counted, QUERIES["counted"], {"location_id": location_id})
    if found:
        raise LocationCounted(location=found.code, reason=found.reason)


@dataclass(frozen=True)
class _Aside:
    location_id: int


@dataclass(frozen=True)
class _Item:
    item_id: int


@dataclass(frozen=True)
class _Counted:
    code: str
    reason: str
