"""Planning, cancelling and closing production orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.catalog import input as given
from app.catalog.codes import normalised
from app.catalog.numbers import next_number
from app.kit import clock, sql
from app.kit.money import fits, plain
from app.kit.transactions import Envelope
from app.ledger import allocations
from app.producing import bom, problems
from app.producing.loading import LINE_KIND, ORDERS, any_order, components_of
from app.producing.recipes import KnownItem, Measures, known_items, refuse_senseless
from app.producing.structures import structures

PREFIX = "MO"


@dataclass(frozen=True)
class PlanOrder:
    """Make ``quantity`` (in ``unit``) of ``item`` by its recipe.

    ``supply`` and ``output`` are codes of places: where components are brought, and where what is
    made lies; empty takes the store's dock.  ``external_number`` is another system's number for the
    order: the same one again gives the same order.
    """

    store_id: int
    item: str
    quantity: given.Factor
    unit: str = ""
    planned_on: date | None = None
    lot_code: str = ""
    supply: str = ""
    output: str = ""
    version_id: int | None = None
    note: given.Note = ""
    source: str = "manual"
    external_number: str | None = None


@dataclass(frozen=True)
class CancelOrder:
    order_id: int


@dataclass(frozen=True)
class OrderChanged:
    order_id: int
    number: str
    state: str
    is_new: bool = True


@dataclass(frozen=True)
class _Setting:
    time_zone: str
    role: str | None
    usual_place_id: int | None


@dataclass(frozen=True)
class _Known:
    id: int
    number: str


def plan_order(session: Session, command: PlanOrder, envelope: Envelope) -> OrderChanged:
    """Raises NoSuchRecipeItem, UnitDoesNotConvert, QuantityTooFine, NoRecipe, NoSuchPlace,
    NoPlaceForOutput, InvalidInput.
    """
    command = given.checked(command)
    known = _known(session, command)
    if known is not None:
        return known
    setting = _setting(session, command.store_id, envelope)
    item, quantity = _wanted(session, command)
    day = command.planned_on or clock.today(setting.time_zone)
    found = structures(session, [item.id], day, command.version_id)
    if item.id not in found:
        raise problems.NoRecipe(item=item.title, day=day.isoformat())
    structure = found[item.id]
    number = next_number(session, PREFIX, clock.today(setting.time_zone))
    row = _row(session, command, setting, envelope) | {
        "item_id": item.id,
        "quantity": quantity,
        "version_id": structure.version_id,
        "tolerance": sql.value(session, ORDERS["tolerance"], {"version_id": structure.version_id}),
        "number": number,
    }
    order_id = int(sql.value(session, ORDERS["insert_order"], row))
    needed = bom.requirements(found, structure, quantity)
    for one in needed:
        refuse_senseless(item.title, item.base_unit, one.quantity)
    _insert_components(session, order_id, command.store_id, needed)
    _insert_outputs(session, order_id, command.store_id, structure, quantity)
    return OrderChanged(order_id, number, "planned")


def _known(session: Session, command: PlanOrder) -> OrderChanged | None:
    if not command.external_number:
        return None
    asked = {"source": command.source, "external_number": command.external_number}
    found = sql.one(session, _Known, ORDERS["order_of_external"], asked)
    return OrderChanged(found.id, found.number, "", is_new=False) if found else None


def _setting(session: Session, store_id: int, envelope: Envelope) -> _Setting:
    asked = {"store_id": store_id, "user_id": envelope.caller.user_id}
    found = sql.one(session, _Setting, ORDERS["setting"], asked)
    if found is None:
        raise problems.NoSuchProductionOrder
    return found


def _wanted(session: Session, command: PlanOrder) -> tuple[KnownItem, Decimal]:
    item = known_items(session, [command.item]).get(normalised(command.item))
    if item is None:
        raise problems.NoSuchRecipeItem(line="-", given=command.item[:60])
    entered = Measures(session, [item.id]).entered(item, command.quantity, command.unit)
    refuse_too_fine(item.title, item.decimals, entered.quantity)
    return item, entered.quantity


def refuse_too_fine(item: str, decimals: int, quantity: Decimal) -> None:
    """Raises QuantityTooFine, QuantityMissing."""
    if quantity <= 0:
        raise problems.QuantityMissing(given=plain(quantity))
    if not fits(quantity, decimals):
        raise problems.QuantityTooFine(item=item, decimals=decimals, given=plain(quantity))


def _row(
    session: Session, command: PlanOrder, setting: _Setting, envelope: Envelope
) -> dict[str, Any]:
    output = place_id(session, command.store_id, command.output) or setting.usual_place_id
    if output is None:
        raise problems.NoPlaceForOutput
    return {
        "store_id": command.store_id,
        "kind": "assembly",
        "planned_on": command.planned_on,
        "lot_code": command.lot_code.strip()[:50],
        "supply_location_id": place_id(session, command.store_id, command.supply),
        "output_location_id": output,
        "note": command.note,
        "source": command.source[:40] or "manual",
        "external_number": command.external_number or None,
        "user_id": envelope.caller.user_id,
    }


def place_id(session: Session, store_id: int, code: str) -> int | None:
    """A real place of the store; None for an empty code.  Raises NoSuchPlace."""
    if not code.strip():
        return None
    asked = {"store_id": store_id, "code": normalised(code), "given": code.strip()}
    found = sql.value(session, ORDERS["place"], asked)
    if found is None:
        raise problems.NoSuchPlace(given=code[:60])
    return int(found)


def _insert_components(
    session: Session, order_id: int, store_id: int, needed: Sequence[bom.Requirement]
) -> None:
    for position, one in enumerate(needed, 1):
        row = {
            "order_id": order_id,
            "store_id": store_id,
            "position": position,
            "kind": "component",
            "item_id": one.item_id,
            "quantity": one.quantity,
            "issue": one.issue,
            "scrap_rate": one.scrap_rate,
            "share": None,
            "unit_value": None,
        }
        sql.execute(session, ORDERS["insert_line"], row)


def _insert_outputs(
    session: Session, order_id: int, store_id: int, structure: bom.Structure, quantity: Decimal
) -> None:
    quantities = bom.side_quantities(structure, quantity)
    for position, (one, comes) in enumerate(zip(structure.outputs, quantities, strict=True), 1):
        row = {
            "order_id": order_id,
            "store_id": store_id,
            "position": position,
            "kind": "side_output",
            "item_id": one.item_id,
            "quantity": comes,
            "issue": "backflush",
            "scrap_rate": Decimal(0),
            "share": one.share,
            "unit_value": one.unit_value,
        }
        sql.execute(session, ORDERS["insert_line"], row)


def cancel_order(session: Session, command: CancelOrder, envelope: Envelope) -> OrderChanged:
    """What was brought to the work stays there and is free.  Raises AlreadyProduced."""
    order = any_order(session, command.order_id, envelope)
    if order.state not in ("planned", "in_progress"):
        raise problems.ProductionOrderClosed(number=order.number)
    if order.completed or any(line.consumed for line in components_of(session, order.id)):
        raise problems.AlreadyProduced(number=order.number)
    let_go(session, order.id)
    progress = {
        "order_id": order.id,
        "completed": order.completed,
        "scrapped": order.scrapped,
        "state": "cancelled",
        "user_id": envelope.caller.user_id,
        "moment": envelope.occurred_at,
    }
    sql.execute(session, ORDERS["progress"], progress)
    return OrderChanged(order.id, order.number, "cancelled")


def let_go(session: Session, order_id: int) -> None:
    """Nothing is promised to the order any more."""
    line_ids = [line.id for line in components_of(session, order_id) if line.brought > 0]
    if line_ids:
        allocations.release_lines(session, LINE_KIND, line_ids)
    sql.execute(session, ORDERS["given_back"], {"order_id": order_id})
