"""What comes out of production: its lot, its place, and how it shares the cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from sqlmodel import Session

from app.catalog.lots import LotDates, lot_id
from app.formulas.evaluating import rounded
from app.kit import clock, sql
from app.kit.money import ZERO
from app.ledger.movements import Movement, Place
from app.ledger.producing import Output
from app.producing import bom, problems
from app.producing.loading import ORDERS, Line, LockedOrder, lines_of
from app.producing.supplying import AVAILABLE

STEP = "producing"
MADE = "production_in"


@dataclass(frozen=True)
class Label:
    """What the label of the goods says."""

    lot: str = ""
    produced_on: date | None = None
    expires_on: date | None = None


def lot_of(session: Session, order: LockedOrder, label: Label) -> int | None:
    """The lot of what was made: the label's, else the order's, else the order's number."""
    facts = order.facts
    if not facts.has_lots:
        return None
    code = label.lot.strip() or order.lot_code or order.number
    dates = made_dates(order, label.produced_on, label.expires_on)
    if not label.expires_on and not label.produced_on:
        known = lot_known(session, order.item_id, code)
        if known is not None:
            return known
    return lot_id(session, order.item_id, code, dates)


def lot_known(session: Session, item_id: int, code: str) -> int | None:
    found = sql.value(session, ORDERS["lot"], {"item_id": item_id, "code": code})
    return int(found) if found is not None else None


def made_dates(order: LockedOrder, produced_on: date | None, last_on: date | None) -> LotDates:
    """As the label says, else made today and good for the item's shelf life."""
    facts = order.facts
    made = produced_on or clock.today(order.time_zone)
    if last_on is None and facts.shelf_life_days:
        last_on = made + timedelta(days=facts.shelf_life_days)
    match facts.expiry_rule:
        case "expires_on":
            return LotDates(produced_on=made, expires_on=last_on)
        case "best_before_on":
            return LotDates(produced_on=made, best_before_on=last_on)
        case _:
            return LotDates(produced_on=made)


def movement_of(
    order: LockedOrder, line: Line | None, quantity: Decimal, lot: int | None, place: int
) -> Movement:
    """From production to a place: of the order's own item, or of what comes besides."""
    return Movement(
        store_id=order.store_id,
        item_id=line.item_id if line else order.item_id,
        quantity=quantity,
        source=Place(order.production_id),
        target=Place(place, AVAILABLE),
        biz_step=STEP,
        kind=MADE,
        lot_id=lot,
        line_kind="production_line" if line else "production_order",
        line_id=line.id if line else order.id,
    )


def sides_of(
    session: Session,
    order: LockedOrder,
    said: Mapping[int, Decimal],
    done: Decimal,
    place: int,
) -> list[tuple[Line, Movement]]:
    """What comes besides: as reported, else as the recipe says, rounded down."""
    found: list[tuple[Line, Movement]] = []
    lines = lines_of(session, order.id)
    unknown = set(said) - {line.item_id for line in lines if line.kind == "side_output"}
    if unknown:
        raise problems.NotInOrder(item=f"#{min(unknown)}", order=order.number)
    for line in lines:
        if line.kind != "side_output":
            continue
        exact = Fraction(line.quantity) * Fraction(done) / Fraction(order.quantity)
        usual = bom.rounded_down(exact, line.facts.decimals) - line.consumed
        quantity = said.get(line.item_id, max(usual, ZERO))
        if quantity > 0:
            lot = None
            if line.facts.has_lots:
                lot = lot_id(session, line.item_id, order.lot_code or order.number)
            found.append((line, movement_of(order, line, quantity, lot, place)))
    return found


def outputs_of(
    order: LockedOrder, main: Movement, sides: list[tuple[Line, Movement]]
) -> list[Output]:
    shares = [line.share for line, _ in sides if line.share is not None]
    own = 1 - sum(shares, ZERO) if shares else None
    return [
        Output(main, share=own),
        *(
            Output(movement, share=line.share)
            if line.share is not None
            else Output(movement, fixed_value=_worth(order, line, movement))
            for line, movement in sides
        ),
    ]


def _worth(order: LockedOrder, line: Line, movement: Movement) -> Decimal:
    value = Fraction(line.unit_value or ZERO) * Fraction(movement.quantity)
    return rounded(value, order.decimals)
