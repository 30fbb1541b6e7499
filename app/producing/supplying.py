"""Components for an order: what is free, what was brought by scan, what the books take.

What is brought is carried to the place of the work and promised to its line there: nobody else gets
it, and its value moves only when something is made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.kit import clock, sql
from app.kit.money import ZERO, plain
from app.kit.transactions import Envelope
from app.ledger import allocations
from app.ledger.allocations import Carry, Promise
from app.ledger.movements import Place
from app.producing import problems
from app.producing.loading import LINE_KIND, ORDERS, Line, LockedOrder

AVAILABLE = "available"
STEP = "issuing"


@dataclass(frozen=True)
class Free:
    """A balance that production may take from."""

    balance_id: int
    location_id: int
    location: str
    lot_id: int | None
    lot: str | None
    logistic_unit_id: int | None
    free: Decimal


@dataclass(frozen=True)
class Brought:
    """Goods of a line at the place of the work."""

    line_id: int
    balance_id: int
    location_id: int
    lot_id: int | None
    logistic_unit_id: int | None
    quantity: Decimal


@dataclass(frozen=True)
class Part:
    """So much of a balance that is used up; ``was_promised`` where it had been brought."""

    line: Line
    balance_id: int
    location_id: int
    lot_id: int | None
    logistic_unit_id: int | None
    quantity: Decimal
    was_promised: bool


@dataclass(frozen=True)
class _LastIssue:
    id: int
    line_id: int
    item_id: int
    balance_id: int
    quantity: Decimal
    move_id: int | None
    created_at: object
    from_location_id: int | None
    promised: Decimal


def free_stock(session: Session, order: LockedOrder, item_id: int) -> list[Free]:
    """What of an item the order may take, in the order in which the books take it."""
    return free_in_store(session, order.store_id, item_id, order.work_id, order.time_zone)


def free_in_store(
    session: Session, store_id: int, item_id: int, work_id: int | None, time_zone: str
) -> list[Free]:
    """As ``free_stock``, for no order."""
    asked = {
        "item_id": item_id,
        "store_id": store_id,
        "work_id": work_id,
        "today": clock.today(time_zone),
    }
    return sql.rows(session, Free, ORDERS["free"], asked)


def brought_to(session: Session, lines: list[Line]) -> dict[int, list[Brought]]:
    """By line."""
    asked = {"line_ids": [line.id for line in lines]}
    found: dict[int, list[Brought]] = {}
    for row in sql.rows(session, Brought, ORDERS["promised"], asked):
        found.setdefault(row.line_id, []).append(row)
    return found


# By scan ----------------------------------------------------------------------------------------


def bring(
    session: Session,
    envelope: Envelope,
    order: LockedOrder,
    line: Line,
    free: Free,
    quantity: Decimal,
) -> None:
    """Carry goods to the place of the work, promised to the line.

    Raises:
        StockTaken: somebody else was faster.
    """
    allocations.promise(
        session, [Promise(LINE_KIND, line.id, order.store_id, free.balance_id, quantity)]
    )
    move_id, balance_id = None, free.balance_id
    if free.location_id != order.work_id:
        target = Place(order.work_id, AVAILABLE)
        carry = Carry(LINE_KIND, line.id, free.balance_id, quantity, target, STEP)
        carried = allocations.carry(session, envelope, carry)
        move_id, balance_id = carried.move_id, carried.balance_id
    row = _issue_row(envelope, order, line, free)
    row |= {"balance_id": balance_id, "quantity": quantity, "move_id": move_id}
    sql.execute(session, ORDERS["insert_move"], row)
    sql.execute(session, ORDERS["brought"], {"line_id": line.id, "quantity": quantity})


def _issue_row(envelope: Envelope, order: LockedOrder, line: Line, free: Free) -> dict[str, Any]:
    return {
        "order_id": order.id,
        "store_id": order.store_id,
        "line_id": line.id,
        "completion_id": None,
        "kind": "issue",
        "item_id": line.item_id,
        "lot_id": free.lot_id,
        "location_id": free.location_id,
        "amount": ZERO,
        "was_promised": True,
        "command_id": envelope.command_id,
        "user_id": envelope.caller.user_id,
    }


def take_back_last(session: Session, envelope: Envelope, order: LockedOrder) -> Decimal:
    """What was brought last goes back to where it came from; how much it was.

    Raises:
        NothingToUndo: nothing was brought, or it is used up already.
    """
    last = sql.one(session, _LastIssue, ORDERS["last_issue"], {"order_id": order.id})
    if last is None or last.promised < last.quantity:
        raise problems.NothingToUndo
    if last.move_id is not None and last.from_location_id is not None:
        back = Carry(
            line_kind=LINE_KIND,
            line_id=last.line_id,
            balance_id=last.balance_id,
            quantity=last.quantity,
            target=Place(last.from_location_id, AVAILABLE),
            biz_step=STEP,
            reverses_id=last.move_id,
        )
        balance_id = allocations.carry(session, envelope, back).balance_id
    else:
        balance_id = last.balance_id
    allocations.release(
        session, LINE_KIND, last.line_id, balance_id=balance_id, quantity=last.quantity
    )
    sql.execute(session, ORDERS["undo_issue"], {"id": last.id})
    row = {"line_id": last.line_id, "quantity": last.quantity}
    sql.execute(session, ORDERS["unbrought"], row)
    return last.quantity


# What is used up ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Usage:
    """How much of each component goes into what is made now.

    ``rest`` says what to do where less was scanned than the recipe wants: ``refuse``, ``backflush``
    (take it from stock by the books) or ``as_scanned``.  With ``is_last`` all that was brought is
    used.
    """

    due: dict[int, Decimal]
    is_last: bool = False
    rest: str = "refuse"


def parts_of(session: Session, order: LockedOrder, lines: list[Line], usage: Usage) -> list[Part]:
    """The balances that the components come from: what was brought first, then free stock.

    Raises:
        ComponentNotIssued, ComponentShort.
    """
    brought = brought_to(session, lines)
    parts: list[Part] = []
    for line in lines:
        here = brought.get(line.id, [])
        need = max(usage.due[line.id] - line.consumed, ZERO)
        if usage.is_last:
            need = max(need, line.brought)
        parts += _from_work(line, here, need)
        missing = need - sum((one.quantity for one in here), ZERO)
        if missing > 0:
            parts += _from_stock(session, order, line, missing, usage)
    return parts


def _from_work(line: Line, here: list[Brought], need: Decimal) -> list[Part]:
    parts: list[Part] = []
    for one in here:
        quantity = min(one.quantity, need)
        if quantity > 0:
            parts.append(
                Part(
                    line, one.balance_id, one.location_id, one.lot_id, one.logistic_unit_id,
                    quantity, was_promised=True,
                )
            )  # fmt: skip
            need -= quantity
    return parts


def _from_stock(
    session: Session, order: LockedOrder, line: Line, missing: Decimal, usage: Usage
) -> list[Part]:
    if line.issue == "scan" and usage.rest != "backflush":
        if usage.rest == "as_scanned":
            return []
        raise problems.ComponentNotIssued(
            item=line.facts.title,
            needed=plain(usage.due[line.id]),
            issued=plain(line.issued),
            unit=line.facts.base_unit,
        )
    return [
        Part(
            line, free.balance_id, free.location_id, free.lot_id, free.logistic_unit_id, quantity,
            was_promised=False,
        )
        for free, quantity in _taken(session, order, line, missing)
    ]  # fmt: skip


def _taken(
    session: Session, order: LockedOrder, line: Line, missing: Decimal
) -> list[tuple[Free, Decimal]]:
    found: list[tuple[Free, Decimal]] = []
    left = missing
    for free in free_stock(session, order, line.item_id):
        quantity = min(free.free, left)
        if quantity > 0:
            found.append((free, quantity))
            left -= quantity
    if left > 0:
        raise problems.ComponentShort(
            item=line.facts.title,
            needed=plain(missing),
            free=plain(missing - left),
            unit=line.facts.base_unit,
            why=f"item_id={line.item_id}&store_id={order.store_id}",
        )
    return found
