"""What a supervisor does about it: open a zone, unlock a place, have something counted.

Each frees stock or asks for it, and in the same transaction the orders that wait are looked at
again; those who have all that they need are told to their pickers.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from app.kit import sql
from app.kit.transactions import Envelope
from app.orders.allocating import allocate_waiting
from app.orders.answers import Allocated
from app.orders.counting import leave_count_task, unlock_location
from app.troubleshooting.problems import ZoneGone, ZoneOpenAlready
from app.troubleshooting.queries import QUERIES

REQUEST = "request"


@dataclass(frozen=True)
class Freed:
    """What was done, and the orders that got something by it."""

    served: list[Allocated]


@dataclass(frozen=True)
class Noted:
    """A request or task that was written down, by its id."""

    id: int


# Zones and places -------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenZone:
    zone_id: int


@dataclass(frozen=True)
class _Zone:
    id: int
    store_id: int
    name: str
    was_open: bool


@dataclass(frozen=True)
class _Item:
    item_id: int


def open_zone(session: Session, command: OpenZone, envelope: Envelope) -> Freed:
    """Let orders pick from a zone; those that wait for what lies there get it.

    Raises:
        ZoneGone, ZoneOpenAlready.
    """
    parameters = {"zone_id": command.zone_id}
    zone = sql.one(session, _Zone, QUERIES["lock_zone"], parameters)
    if zone is None:
        raise ZoneGone
    if zone.was_open:
        raise ZoneOpenAlready(zone=zone.name)
    sql.execute(session, QUERIES["open_zone"], parameters)
    items = sql.rows(session, _Item, QUERIES["items_of_zone"], parameters)
    item_ids = [item.item_id for item in items]
    return Freed(allocate_waiting(session, envelope, zone.store_id, item_ids))


@dataclass(frozen=True)
class UnlockPlace:
    location_id: int


def unlock_place(session: Session, command: UnlockPlace, envelope: Envelope) -> Freed:
    """End the lock of a count; nothing happens where there is none."""
    return Freed(unlock_location(session, envelope, command.location_id))


@dataclass(frozen=True)
class AskRecount:
    location_id: int
    item_id: int
    note: str = ""


def ask_recount(session: Session, command: AskRecount, envelope: Envelope) -> Noted:
    """Have an item counted in a place.  Raises NoSuchCountPlace."""
    return Noted(
        leave_count_task(
            session, envelope, command.location_id, command.item_id, REQUEST, command.note
        )
    )
