"""What goes into production, posted together with what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.formulas import costs as formula_costs
from app.formulas import queries as formula_queries
from app.formulas.costs import ElementCost, Making
from app.formulas.evaluating import rounded
from app.kit import sql
from app.kit.money import ZERO
from app.kit.transactions import Envelope
from app.ledger import allocations
from app.ledger import producing as ledger
from app.ledger.movements import Movement, Place
from app.ledger.producing import Output, Produced, Production
from app.producing import bom
from app.producing.loading import LINE_KIND, ORDERS, Line, LockedOrder, components_of
from app.producing.making import STEP
from app.producing.problems import AmountBeyondSense
from app.producing.structures import structures
from app.producing.supplying import AVAILABLE, Part, Usage, parts_of

CONSUMED = "production_out"
MOST = 10**12


@dataclass(frozen=True)
class Work:
    """What is posted together: components, and the costs besides.

    ``material`` is what the components are worth in stock at present.
    """

    parts: list[Part]
    material: Decimal
    labour: Decimal
    overhead: Decimal
    elements: tuple[ElementCost, ...]

    @property
    def overheads(self) -> list[Decimal]:
        every = (self.labour, self.overhead, *(one.amount for one in self.elements))
        return [amount for amount in every if amount]

    @property
    def elements_amount(self) -> Decimal:
        return sum((one.amount for one in self.elements), ZERO)


NO_WORK = Work([], ZERO, ZERO, ZERO, ())


@dataclass(frozen=True)
class _Charged:
    labour: Decimal
    overhead: Decimal


@dataclass(frozen=True)
class Rest:
    """``quantity`` is what is reported now; ``rest`` and ``is_last`` as in ``Usage``."""

    rest: str
    is_last: bool
    quantity: Decimal


def due(order: LockedOrder, line: Line, done: Decimal) -> Decimal:
    """What so many pieces, good and bad, take of a component in all."""
    exact = Fraction(line.quantity) * Fraction(done) / Fraction(order.quantity)
    return bom.rounded_up(exact, line.facts.decimals)


def work_of(
    session: Session, order: LockedOrder, envelope: Envelope, done: Decimal, rest: Rest
) -> Work:
    """What ``done`` good and bad pieces in all take, beyond what was used up already.

    Raises:
        ComponentNotIssued, ComponentShort; the problem of a formula that fails.
    """
    components = components_of(session, order.id)
    wanted = {line.id: due(order, line, done) for line in components}
    parts = parts_of(session, order, components, Usage(wanted, rest.is_last, rest.rest))
    labour, overhead, hours, runs = _rates(session, order, envelope, done)
    material = _present_cost(session, parts)
    making = Making(
        order.item_id, rest.quantity or Decimal(1), material, labour, overhead, hours, runs,
        is_made=True,
    )  # fmt: skip
    return Work(parts, material, labour, overhead, _elements(session, order, envelope, making))


def _rates(
    session: Session, order: LockedOrder, envelope: Envelope, done: Decimal
) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Work and overhead that are not charged yet for so many pieces, with hours and runs."""
    day = envelope.occurred_at.date()
    found = structures(session, [order.item_id], day, order.recipe_version_id)
    structure = found.get(order.item_id)
    if structure is None:
        return ZERO, ZERO, ZERO, ZERO
    charged = sql.one(session, _Charged, ORDERS["charged"], {"order_id": order.id})
    charged = charged or _Charged(ZERO, ZERO)
    runs = structure.runs(done)
    before = structure.runs(order.completed + order.scrapped)
    labour = rounded(structure.labour(runs), order.decimals) - charged.labour
    overhead = rounded(structure.overhead(runs), order.decimals) - charged.overhead
    if max(labour, overhead) >= MOST:
        raise AmountBeyondSense(item=order.facts.title)
    now = runs - before
    hours = rounded(Fraction(structure.hours) * now, 6)
    return max(labour, ZERO), max(overhead, ZERO), hours, rounded(now, 6)


def _present_cost(session: Session, parts: list[Part]) -> Decimal:
    """What the components are worth in stock now: what formulas take a share of."""
    rows = formula_queries.items(session, {part.line.item_id for part in parts})
    each = {row.id: row.unit_cost for row in rows}
    total = sum((part.quantity * each[part.line.item_id] for part in parts), ZERO)
    return total.quantize(Decimal("0.000001"))


def _elements(
    session: Session, order: LockedOrder, envelope: Envelope, making: Making
) -> tuple[ElementCost, ...]:
    """What formulas add to the value of what is made.  Raises the problem of one that fails."""
    day = envelope.occurred_at.astimezone(ZoneInfo(order.time_zone)).date()
    [found] = formula_costs.reckon(session, [making], day)
    for one in found.production:
        if one.problem is not None:
            raise one.problem
    return tuple(one for one in found.production if one.amount)


# Posting ----------------------------------------------------------------------------------------


def produce(
    session: Session, envelope: Envelope, order: LockedOrder, work: Work, outputs: list[Output]
) -> Produced:
    """Use up what goes in; the promises of what was brought end with it."""
    for part in work.parts:
        if part.was_promised:
            allocations.release(
                session,
                LINE_KIND,
                part.line.id,
                balance_id=part.balance_id,
                quantity=part.quantity,
            )
    consumed = [_consumed(order, part) for part in work.parts]
    production = Production(consumed, outputs, work.overheads)
    return ledger.produce(session, envelope, production)


def _consumed(order: LockedOrder, part: Part) -> Movement:
    return Movement(
        store_id=order.store_id,
        item_id=part.line.item_id,
        quantity=part.quantity,
        source=Place(part.location_id, AVAILABLE),
        target=Place(order.production_id),
        biz_step=STEP,
        kind=CONSUMED,
        lot_id=part.lot_id,
        logistic_unit_id=part.logistic_unit_id,
        line_kind=LINE_KIND,
        line_id=part.line.id,
    )


def note_consumed(
    session: Session,
    envelope: Envelope,
    order: LockedOrder,
    completion_id: int,
    work: Work,
    produced: Produced,
) -> None:
    """The order's own rows of what went in."""
    for part, posted in zip(work.parts, produced.consumed, strict=True):
        row = _move_row(order, envelope, completion_id, "consumed") | {
            "line_id": part.line.id,
            "item_id": part.line.item_id,
            "lot_id": part.lot_id,
            "location_id": part.location_id,
            "balance_id": part.balance_id,
            "quantity": part.quantity,
            "amount": posted.amount,
            "was_promised": part.was_promised,
            "move_id": posted.move_id,
        }
        sql.execute(session, ORDERS["insert_move"], row)
        used = {"line_id": part.line.id, "quantity": part.quantity}
        used["from_stock"] = ZERO if part.was_promised else part.quantity
        sql.execute(session, ORDERS["used"], used)


def note_made(
    session: Session,
    envelope: Envelope,
    order: LockedOrder,
    completion_id: int,
    made: Sequence[tuple[Line | None, Movement]],
    produced: Produced,
) -> None:
    """The order's own rows of what came out."""
    for (line, movement), posted in zip(made, produced.outputs, strict=True):
        assert posted is not None, "goods that were made and did not enter"
        kind = "side_output" if line else "output"
        row = _move_row(order, envelope, completion_id, kind) | {
            "line_id": line.id if line else None,
            "item_id": movement.item_id,
            "lot_id": movement.lot_id,
            "location_id": movement.target.location_id,
            "balance_id": None,
            "quantity": movement.quantity,
            "amount": posted.amount,
            "was_promised": False,
            "move_id": posted.move_id,
        }
        sql.execute(session, ORDERS["insert_move"], row)
        if line is not None:
            used = {"line_id": line.id, "quantity": movement.quantity}
            sql.execute(session, ORDERS["used"], used | {"from_stock": movement.quantity})


def _move_row(
    order: LockedOrder, envelope: Envelope, completion_id: int, kind: str
) -> dict[str, Any]:
    return {
        "order_id": order.id,
        "store_id": order.store_id,
        "completion_id": completion_id,
        "kind": kind,
        "command_id": envelope.command_id,
        "user_id": envelope.caller.user_id,
    }


def note_progress(session: Session, order: LockedOrder, envelope: Envelope) -> None:
    """Keep what ``order`` says now of what was made, what was wasted and its state."""
    row = {
        "order_id": order.id,
        "completed": order.completed,
        "scrapped": order.scrapped,
        "state": order.state,
        "user_id": envelope.caller.user_id,
        "moment": envelope.occurred_at,
    }
    sql.execute(session, ORDERS["progress"], row)
