"""Commands on warehouses, zones and locations."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal, TypedDict, cast

from sqlmodel import Session, col, select

from app.access.problems import StoreNotYours
from app.catalog import input as given
from app.catalog import problems, registry
from app.catalog.items import Changed, Created
from app.catalog.ranges import MOST_AT_ONCE, check_letter, codes_between
from app.catalog.registry import QUERIES
from app.catalog.tables import VIRTUAL_KINDS, Location, Warehouse, Zone
from app.kit import sql
from app.kit.transactions import Envelope

PlaceKind = Literal["storage", "dock", "staging", "cart"]


@dataclass(frozen=True)
class CreateWarehouse:
    """The store's first warehouse also brings the store's virtual locations."""

    store_id: given.Id
    code: given.ShortCode
    name: given.Name
    is_auxiliary: bool = False
    allows_negative: bool = False


@dataclass(frozen=True)
class CreateZone:
    warehouse_id: given.Id
    code: given.ShortCode
    name: given.Name
    is_pickable: bool = True


@dataclass(frozen=True)
class CreateLocation:
    """``sequence`` is the place on the walk through the warehouse; None puts it at the end."""

    warehouse_id: given.Id
    code: given.CodeText
    zone_id: given.Id | None = None
    name: given.Note = ""
    kind: PlaceKind = "storage"
    sequence: given.Sequence | None = None


@dataclass(frozen=True)
class CreateLocations:
    """Every location from ``first`` to ``last``: A-01-01 to A-05-04 are 20."""

    warehouse_id: given.Id
    first: given.CodeText
    last: given.CodeText
    zone_id: given.Id | None = None
    kind: PlaceKind = "storage"


class LocationChanges(TypedDict, total=False):
    code: str
    zone_id: int | None
    name: str
    kind: PlaceKind
    sequence: int


@dataclass(frozen=True)
class ChangeLocation:
    location_id: int
    changes: LocationChanges


@dataclass(frozen=True)
class ArchiveLocation:
    location_id: int
    restore: bool = False


@dataclass(frozen=True)
class CreatedMany:
    """The codes that were made, in walking order, and their ids."""

    ids: list[int]
    codes: list[str]


def create_warehouse(session: Session, command: CreateWarehouse, _envelope: Envelope) -> Created:
    command = given.checked(command)
    store = sql.value(session, QUERIES["visible_store"], {"store_id": command.store_id})
    if store is None:
        raise StoreNotYours
    warehouse = Warehouse(
        store_id=command.store_id,
        code=command.code,
        name=command.name,
        is_auxiliary=command.is_auxiliary,
        allows_negative=command.allows_negative,
    )
    session.add(warehouse)
    session.flush()
    kinds = {"store_id": command.store_id, "kinds": list(VIRTUAL_KINDS)}
    sql.execute(session, QUERIES["make_virtual_locations"], kinds)
    return Created(id=cast("int", warehouse.id), code=warehouse.code)


def create_zone(session: Session, command: CreateZone, _envelope: Envelope) -> Created:
    command = given.checked(command)
    warehouse = _warehouse(session, command.warehouse_id)
    zone = Zone(
        warehouse_id=command.warehouse_id,
        store_id=warehouse.store_id,
        code=command.code,
        name=command.name,
        is_pickable=command.is_pickable,
    )
    session.add(zone)
    session.flush()
    return Created(id=cast("int", zone.id), code=zone.code)


def create_location(session: Session, command: CreateLocation, _envelope: Envelope) -> Created:
    command = given.checked(command)
    many = _insert(session, command, [command.code], command.sequence)
    return Created(id=many.ids[0], code=many.codes[0])


def create_locations(
    session: Session, command: CreateLocations, _envelope: Envelope
) -> CreatedMany:
    """All or none: refuses a range that isn't one, or that holds a code which is taken."""
    command = given.checked(command)
    codes = codes_between(command.first, command.last)
    if codes is None:
        raise problems.BadRange(first=command.first, last=command.last)
    if len(codes) > MOST_AT_ONCE:
        raise problems.RangeTooLong(
            first=command.first, last=command.last, count=len(codes), most=MOST_AT_ONCE
        )
    one = CreateLocation(command.warehouse_id, command.first, command.zone_id, "", command.kind)
    return _insert(session, one, list(codes), None)


def change_location(session: Session, command: ChangeLocation, _envelope: Envelope) -> Changed:
    location = _location(session, command.location_id)
    old = {field.name: getattr(location, field.name) for field in fields(CreateLocation)}
    new = given.read(CreateLocation, {**old, **cast("dict[str, Any]", command.changes)})
    _zone_of(session, new)
    if new.code != location.code:
        registry.release(session, location.code, "location")
        registry.register_location(session, new.code, command.location_id)
        location.check_letter = check_letter(new.code)
    location.code, location.name, location.kind = new.code, new.name, new.kind
    location.zone_id, location.sequence = new.zone_id, new.sequence or 0
    session.flush()
    return Changed(command.location_id)


def archive_location(session: Session, command: ArchiveLocation, _envelope: Envelope) -> Changed:
    """Refuses while stock lies there (``location_archived_empty``)."""
    _location(session, command.location_id).is_active = command.restore
    session.flush()
    return Changed(command.location_id)


def _insert(
    session: Session, command: CreateLocation, codes: list[str], sequence: int | None
) -> CreatedMany:
    warehouse = _warehouse(session, command.warehouse_id)
    _zone_of(session, command)
    for code in codes:
        registry.refuse_taken(session, code)
    parameters = {
        "store_id": warehouse.store_id,
        "warehouse_id": command.warehouse_id,
        "zone_id": command.zone_id,
        "name": command.name,
        "kind": command.kind,
        "codes": codes,
        "letters": [check_letter(code) for code in codes],
        "sequence": sequence,
    }
    made = sql.rows(session, Created, QUERIES["insert_locations"], parameters)
    for row in made:
        registry.register_location(session, row.code, row.id)
    return CreatedMany(ids=[row.id for row in made], codes=[row.code for row in made])


def _warehouse(session: Session, warehouse_id: int) -> Warehouse:
    found = session.exec(select(Warehouse).where(col(Warehouse.id) == warehouse_id)).one_or_none()
    if found is None:
        raise problems.NoSuchPlace
    return found


def _zone_of(session: Session, command: CreateLocation) -> None:
    if command.zone_id is None:
        return
    zone = session.exec(select(Zone).where(col(Zone.id) == command.zone_id)).one_or_none()
    if zone is None or zone.warehouse_id != command.warehouse_id:
        raise problems.NoSuchPlace


def _location(session: Session, location_id: int) -> Location:
    query = select(Location).where(col(Location.id) == location_id).with_for_update()
    found = session.exec(query).one_or_none()
    if found is None or found.warehouse_id is None:  # virtual places are nobody's to change
        raise problems.NoSuchPlace
    return found
