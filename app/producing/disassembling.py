"""Taking goods apart: what went into them comes back at what it went in for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.catalog import input as given
from app.catalog.codes import normalised
from app.catalog.lots import lot_id
from app.catalog.numbers import next_number
from app.formulas import queries as formula_queries
from app.kit import clock, sql
from app.kit.money import ZERO, plain
from app.kit.transactions import Envelope
from app.ledger import producing as ledger
from app.ledger.movements import Movement, Place, Posted
from app.ledger.producing import Output, Production
from app.producing import bom, problems
from app.producing.loading import LINE_KIND, ORDERS, Line, LockedOrder, any_order, lines_of
from app.producing.making import MADE, lot_known
from app.producing.planning import PREFIX, place_id, refuse_too_fine
from app.producing.recipes import KnownItem, Measures, known_items
from app.producing.structures import structures
from app.producing.supplying import AVAILABLE, Free, free_in_store
from app.producing.working import CONSUMED, note_progress


@dataclass(frozen=True)
class Disassemble:
    """Take ``quantity`` (in ``unit``) of an item apart.

    ``location`` is the code of the place where it lies, ``lot`` its lot; ``output`` where its parts
    go (the same place where empty).
    """

    store_id: int
    item: str
    quantity: given.Factor
    location: str
    unit: str = ""
    lot: str = ""
    output: str = ""
    note: given.Note = ""


@dataclass(frozen=True)
class TakenApart:
    """``amount`` is what the goods were worth; ``variance`` what did not come back with the parts
    (work and overhead), an expense.
    """

    order_id: int
    number: str
    amount: Decimal
    variance: Decimal


@dataclass(frozen=True)
class _Setting:
    time_zone: str
    role: str | None
    usual_place_id: int | None


@dataclass(frozen=True)
class _Each:
    item_id: int
    each: Decimal


@dataclass(frozen=True)
class _LotOf:
    item_id: int
    lot_id: int | None


@dataclass(frozen=True)
class _Parts:
    """What comes out, by item; ``made_by`` is the move that made the goods, where it is known."""

    quantities: Mapping[int, Decimal]
    lots: Mapping[int, int | None]
    made_by: int | None


def disassemble(session: Session, command: Disassemble, envelope: Envelope) -> TakenApart:
    """Raises NoSuchRecipeItem, UnitDoesNotConvert, QuantityTooFine, NoSuchPlace, GoodsNotThere,
    NothingComesOut, CapabilityMissing, and what the ledger refuses.
    """
    command = given.checked(command)
    asked = {"store_id": command.store_id, "user_id": envelope.caller.user_id}
    setting = sql.one(session, _Setting, ORDERS["setting"], asked)
    if setting is None:
        raise problems.NoSuchProductionOrder
    item, quantity = _wanted(session, command)
    goods = _goods(session, command, item, quantity, setting.time_zone)
    parts = _parts(session, item, goods.lot_id, quantity, envelope)
    output = place_id(session, command.store_id, command.output) or goods.location_id
    order = _order(session, command, envelope, item, (quantity, output, setting.time_zone))
    _insert_lines(session, order, parts)
    return _post(session, envelope, order, goods, parts)


def _wanted(session: Session, command: Disassemble) -> tuple[KnownItem, Decimal]:
    item = known_items(session, [command.item]).get(normalised(command.item))
    if item is None:
        raise problems.NoSuchRecipeItem(line="-", given=command.item[:60])
    quantity = Measures(session, [item.id]).entered(item, command.quantity, command.unit).quantity
    refuse_too_fine(item.title, item.decimals, quantity)
    return item, quantity


def _goods(
    session: Session, command: Disassemble, item: KnownItem, quantity: Decimal, time_zone: str
) -> Free:
    place = place_id(session, command.store_id, command.location)
    lot = lot_known(session, item.id, command.lot.strip()) if command.lot.strip() else None
    every = free_in_store(session, command.store_id, item.id, place, time_zone)
    here = [
        one
        for one in every
        if one.location_id == place and (not command.lot.strip() or one.lot_id == lot)
    ]
    enough = next((one for one in here if one.free >= quantity), None)
    if enough is None:
        raise problems.GoodsNotThere(
            item=item.title,
            wanted=plain(quantity),
            unit=item.base_unit,
            free=plain(max((one.free for one in here), default=ZERO)),
            place=command.location,
            why=f"item_id={item.id}&store_id={command.store_id}",
        )
    return enough


def _parts(
    session: Session, item: KnownItem, lot: int | None, quantity: Decimal, envelope: Envelope
) -> _Parts:
    """What went into the goods, if they were made here; else what the recipe says goes in net."""
    asked = {"item_id": item.id, "lot_id": lot, "quantity": quantity}
    made_by = sql.value(session, ORDERS["produced_move"], asked)
    lots: dict[int, int | None] = {}
    if made_by is not None:
        each = sql.rows(session, _Each, ORDERS["consumed_for"], {"move_id": made_by})
        exact = {row.item_id: Fraction(row.each) * Fraction(quantity) for row in each}
        rows = sql.rows(session, _LotOf, ORDERS["newest_lots"], {"move_id": made_by})
        lots = {row.item_id: row.lot_id for row in rows}
    else:
        found = structures(session, [item.id], envelope.occurred_at.date())
        if item.id not in found:
            raise problems.NothingComesOut(item=item.title)
        own = found[item.id]
        runs = own.runs(quantity)
        exact = {one.item_id: Fraction(one.quantity) * runs for one in own.components}
    decimals = _decimals(session, list(exact))
    whole = {key: bom.rounded_down(value, decimals[key]) for key, value in exact.items()}
    return _Parts({key: value for key, value in whole.items() if value > 0}, lots, made_by)


def _decimals(session: Session, item_ids: list[int]) -> dict[int, int]:
    rows = sql.rows(session, _Decimals, ORDERS["decimals"], {"item_ids": item_ids})
    return {row.id: row.decimals for row in rows}


@dataclass(frozen=True)
class _Decimals:
    id: int
    decimals: int


def _order(
    session: Session,
    command: Disassemble,
    envelope: Envelope,
    item: KnownItem,
    terms: tuple[Decimal, int, str],
) -> LockedOrder:
    quantity, output, time_zone = terms
    row = {
        "store_id": command.store_id,
        "number": next_number(session, PREFIX, clock.today(time_zone)),
        "kind": "disassembly",
        "item_id": item.id,
        "version_id": None,
        "quantity": quantity,
        "tolerance": ZERO,
        "planned_on": None,
        "lot_code": "",
        "supply_location_id": None,
        "output_location_id": output,
        "note": command.note,
        "source": "manual",
        "external_number": None,
        "user_id": envelope.caller.user_id,
    }
    order_id = int(sql.value(session, ORDERS["insert_order"], row))
    return any_order(session, order_id, envelope)


def _insert_lines(session: Session, order: LockedOrder, parts: _Parts) -> None:
    for position, (item_id, quantity) in enumerate(parts.quantities.items(), 1):
        row = {
            "order_id": order.id,
            "store_id": order.store_id,
            "position": position,
            "kind": "side_output",
            "item_id": item_id,
            "quantity": quantity,
            "issue": "backflush",
            "scrap_rate": ZERO,
            "share": None,
            "unit_value": None,
        }
        sql.execute(session, ORDERS["insert_line"], row)


def _post(
    session: Session, envelope: Envelope, order: LockedOrder, goods: Free, parts: _Parts
) -> TakenApart:
    lines = lines_of(session, order.id)
    leaving = _leaving(order, goods)
    coming = [_coming(session, order, line, parts) for line in lines]
    if parts.made_by is not None:
        done = ledger.disassemble(session, envelope, leaving, coming, parts.made_by)
        left, back, cost, variance = done.goods, done.recovered, done.cost, done.variance
    else:
        left, back, cost = _by_share(session, envelope, leaving, coming)
        variance = ZERO
    _note(
        session, envelope, order, goods, (left, list(zip(lines, coming, back, strict=True)), cost)
    )
    return TakenApart(order.id, order.number, cost, variance)


def _by_share(
    session: Session, envelope: Envelope, leaving: Movement, coming: list[Movement]
) -> tuple[Posted, list[Posted], Decimal]:
    """Goods of unknown make: their worth is shared by what their parts are worth in stock now."""
    rows = formula_queries.items(session, {one.item_id for one in coming})
    each = {row.id: row.unit_cost for row in rows}
    weights = [each[one.item_id] * one.quantity for one in coming]
    known = any(weights)
    outputs = [
        Output(one, share=weight if known else None)
        for one, weight in zip(coming, weights, strict=True)
    ]
    done = ledger.produce(session, envelope, Production([leaving], outputs))
    back = [posted for posted in done.outputs if posted is not None]
    return done.consumed[0], back, done.cost


def _leaving(order: LockedOrder, goods: Free) -> Movement:
    return Movement(
        store_id=order.store_id,
        item_id=order.item_id,
        quantity=order.quantity,
        source=Place(goods.location_id, AVAILABLE),
        target=Place(order.production_id),
        biz_step="disassembling",
        kind=CONSUMED,
        lot_id=goods.lot_id,
        logistic_unit_id=goods.logistic_unit_id,
        line_kind="production_order",
        line_id=order.id,
    )


def _coming(session: Session, order: LockedOrder, line: Line, parts: _Parts) -> Movement:
    lot = parts.lots.get(line.item_id)
    if lot is None and line.facts.has_lots:
        lot = lot_id(session, line.item_id, order.number)
    return Movement(
        store_id=order.store_id,
        item_id=line.item_id,
        quantity=line.quantity,
        source=Place(order.production_id),
        target=Place(order.output_location_id, AVAILABLE),
        biz_step="disassembling",
        kind=MADE,
        lot_id=lot,
        line_kind=LINE_KIND,
        line_id=line.id,
    )


def _note(
    session: Session,
    envelope: Envelope,
    order: LockedOrder,
    goods: Free,
    done: tuple[Posted, list[tuple[Line, Movement, Posted]], Decimal],
) -> None:
    """The order's own rows: one completion, what left and what came."""
    left, back, cost = done
    completion_id = _insert_completion(session, envelope, order, goods, cost)
    leaving = _leaving(order, goods)
    _note_move(session, envelope, order, completion_id, (None, leaving, left))
    for came in back:
        _note_move(session, envelope, order, completion_id, came)
    note_progress(session, replace(order, completed=order.quantity, state="done"), envelope)


def _insert_completion(
    session: Session, envelope: Envelope, order: LockedOrder, goods: Free, cost: Decimal
) -> int:
    row = {
        "order_id": order.id, "store_id": order.store_id, "kind": "output",
        "quantity": order.quantity, "is_abnormal": False, "lot_id": goods.lot_id,
        "location_id": goods.location_id, "material": cost, "labour": ZERO, "overhead": ZERO,
        "elements": ZERO, "parts": Jsonb({}), "amount": cost, "reason": "", "source": "scan",
        "external_key": None, "fingerprint": "", "command_id": envelope.command_id,
        "user_id": envelope.caller.user_id, "occurred_at": envelope.occurred_at,
    }  # fmt: skip
    return int(sql.value(session, ORDERS["insert_completion"], row))


def _note_move(
    session: Session,
    envelope: Envelope,
    order: LockedOrder,
    completion_id: int,
    moved: tuple[Line | None, Movement, Posted],
) -> None:
    """Without a line it is the goods themselves."""
    line, movement, posted = moved
    real = movement.target if line else movement.source
    row = {
        "order_id": order.id, "store_id": order.store_id, "completion_id": completion_id,
        "line_id": line.id if line else None, "kind": "side_output" if line else "consumed",
        "item_id": movement.item_id, "lot_id": movement.lot_id, "location_id": real.location_id,
        "balance_id": None, "quantity": movement.quantity, "amount": posted.amount,
        "was_promised": False, "move_id": posted.move_id, "command_id": envelope.command_id,
        "user_id": envelope.caller.user_id,
    }  # fmt: skip
    sql.execute(session, ORDERS["insert_move"], row)
    if line is not None:
        used = {"line_id": line.id, "quantity": line.quantity, "from_stock": line.quantity}
        sql.execute(session, ORDERS["used"], used)
