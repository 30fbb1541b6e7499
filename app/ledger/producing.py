"""Production and disassembly: what was used up becomes the cost of what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sqlmodel import Session

from app.kit import sql
from app.kit.money import ZERO, rounded
from app.kit.transactions import Envelope
from app.ledger.costing.events import Flow, Ingredient, Part
from app.ledger.costing.flows import values
from app.ledger.flowing import FLOWS, End, new_flow
from app.ledger.movements import Movement, Posted
from app.ledger.moving import value_in
from app.ledger.pools import QUERIES as POOLS
from app.ledger.pools import whole_company
from app.ledger.posting import post, post_by
from app.ledger.problems import MoveNotFound


@dataclass(frozen=True)
class Output:
    """What comes of a production; its ``movement`` goes from ``production`` to a real place.

    It takes ``fixed_value``, or (``as_component``) the unit cost of the same item that went in;
    what is left is shared by ``share`` among the others (by quantity where none gives a share).
    ``movement`` None is loss: nothing enters stock; its share, if it has one, is an expense.
    """

    movement: Movement | None
    share: Decimal | None = None
    fixed_value: Decimal | None = None
    as_component: bool = False


@dataclass(frozen=True)
class Production:
    """``consumed`` go from real places to ``production``; ``overheads`` are amounts of money."""

    consumed: Sequence[Movement]
    outputs: Sequence[Output]
    overheads: Sequence[Decimal] = field(default_factory=tuple)

    @property
    def store_id(self) -> int:
        """The store that bears what no goods bring."""
        movements = [*self.consumed, *(one.movement for one in self.outputs)]
        return next(movement.store_id for movement in movements if movement is not None)


@dataclass(frozen=True)
class Produced:
    """``cost`` is what all outputs (and losses) share; everything is in the order given.

    ``consumed`` amounts are negative; an output that is lost is None, its value is in ``values``.
    """

    flow_id: int
    cost: Decimal
    consumed: list[Posted]
    outputs: list[Posted | None]
    values: list[Decimal]


@dataclass(frozen=True)
class Disassembled:
    """``goods`` left with ``cost``; ``recovered`` came back at what they went in for.

    ``variance`` is what of the cost nothing took.
    """

    flow_id: int
    cost: Decimal
    goods: Posted
    recovered: list[Posted]
    variance: Decimal


def produce(session: Session, envelope: Envelope, production: Production) -> Produced:
    """Issue what is consumed and receive what came of it, at the cost of the first.

    Later corrections of what was consumed go on to what came of it.

    Raises:
        QuantityNotPositive, InsufficientOnHand, StockAllocated, PeriodClosed.
    """
    consumed = _issue(session, envelope, production.consumed)
    overhead = sum(production.overheads, ZERO)
    cost = overhead - sum((posted.amount for posted in consumed), ZERO)
    worth = _worth(session, production, consumed, overhead)
    posted: list[Posted | None] = []
    for output, value in zip(production.outputs, worth, strict=True):
        if output.movement is None:
            posted.append(None)
            continue
        entering = replace(output.movement, kind="production_in", amount=value)
        posted.append(_receive(session, envelope, entering))
    ends = _ends(production, consumed, posted)
    return Produced(new_flow(session, ends), cost, consumed, posted, worth)


def disassemble(
    session: Session,
    envelope: Envelope,
    goods: Movement,
    recovered: Sequence[Movement],
    produced_move_id: int,
) -> Disassembled:
    """Take apart what the output move ``produced_move_id`` brought in.

    ``goods`` goes from a real place to ``production``, ``recovered`` the other way; each comes back
    at the unit cost that its item went in for in that production, the rest is variance.

    Raises:
        MoveNotFound: the move is no output of a production.
    """
    asked = {"move_id": produced_move_id}
    with whole_company(session):
        found = sql.rows(session, _Ingredient, FLOWS["produced"], asked)
    if not found:
        raise MoveNotFound
    used = {one.item_id: one for one in found}
    [taken] = _issue(session, envelope, [goods])
    decimals = int(sql.value(session, POOLS["decimals"]))
    back = [_recover(session, envelope, one, used, decimals) for one in recovered]
    ends = [End(goods.store_id, "in", taken.move_id)]
    ends += [
        End(one.store_id, "out", posted.move_id, "fixed", amount=posted.amount)
        for one, posted in zip(recovered, back, strict=True)
    ]
    variance = -taken.amount - sum((posted.amount for posted in back), ZERO)
    return Disassembled(new_flow(session, ends), -taken.amount, taken, back, variance)


# ---- Behind them ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Ingredient:
    item_id: int
    quantity: Decimal
    cost: Decimal


def _issue(session: Session, envelope: Envelope, movements: Sequence[Movement]) -> list[Posted]:
    leaving = [replace(movement, kind="production_out") for movement in movements]
    return post(session, envelope, leaving) if leaving else []


def _receive(session: Session, envelope: Envelope, movement: Movement) -> Posted:
    return post_by(
        session,
        envelope,
        movement,
        lambda move_id: value_in(session, envelope, move_id, movement),
    )


def _recover(
    session: Session,
    envelope: Envelope,
    movement: Movement,
    used: dict[int, _Ingredient],
    decimals: int,
) -> Posted:
    one = used.get(movement.item_id)
    if one is None or not one.quantity:
        raise MoveNotFound
    amount = rounded(one.cost * movement.quantity / one.quantity, decimals)
    return _receive(session, envelope, replace(movement, kind="production_in", amount=amount))


def _worth(
    session: Session, production: Production, consumed: list[Posted], overhead: Decimal
) -> list[Decimal]:
    ingredients = tuple(
        Ingredient(posted.move_id, movement.item_id, movement.quantity)
        for posted, movement in zip(consumed, production.consumed, strict=True)
    )
    parts = tuple(
        Part(None, basis, weight, amount, _quantity(output), _item(output))
        for output, (basis, weight, amount) in zip(
            production.outputs, _bases(production), strict=True
        )
    )
    costs = {posted.move_id: -posted.amount for posted in consumed}
    decimals = int(sql.value(session, POOLS["decimals"]))
    return values(Flow(ingredients, overhead, parts), costs, decimals)


def _bases(production: Production) -> list[tuple[str, Decimal, Decimal]]:
    """Of each output: basis, weight, fixed amount."""
    by_quantity = all(output.share is None for output in production.outputs)
    found: list[tuple[str, Decimal, Decimal]] = []
    for output in production.outputs:
        if output.fixed_value is not None:
            found.append(("fixed", ZERO, output.fixed_value))
        elif output.as_component:
            found.append(("component", ZERO, ZERO))
        else:
            weight = _quantity(output) if by_quantity else output.share or ZERO
            found.append(("share", weight, ZERO))
    return found


def _quantity(output: Output) -> Decimal:
    return output.movement.quantity if output.movement else ZERO


def _item(output: Output) -> int | None:
    return output.movement.item_id if output.movement else None


def _ends(
    production: Production, consumed: list[Posted], outputs: list[Posted | None]
) -> list[End]:
    ends = [
        End(movement.store_id, "in", posted.move_id)
        for movement, posted in zip(production.consumed, consumed, strict=True)
    ]
    ends += [End(production.store_id, "overhead", amount=one) for one in production.overheads]
    bases = _bases(production)
    for output, posted, (basis, weight, amount) in zip(
        production.outputs, outputs, bases, strict=True
    ):
        side = "lost" if posted is None else "out"
        move_id = posted.move_id if posted else None
        store_id = output.movement.store_id if output.movement else production.store_id
        ends.append(End(store_id, side, move_id, basis, weight, amount))
    return ends
