"""Goods that a customer brings back: one return of an order, booked line by line."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.catalog.numbers import next_number
from app.kit import clock, sql
from app.kit.i18n import mark
from app.kit.money import ZERO, plain
from app.kit.transactions import Envelope
from app.ledger.movements import Movement, Place
from app.ledger.posting import reverse
from app.ledger.returns import return_in
from app.notifications.publishing import Event, publish
from app.quality import problems
from app.quality.changing import refuse_unknown_photo
from app.quality.reasons import note_of, reason_of
from app.quality.stock import exact_quantity
from app.quality.tables import RETURN_STATUSES

QUERIES = sql.Queries(Path(__file__).with_name("returns.sql"))
PREFIX = "RT"
LINE_KIND = "customer_return_line"
STEP = "returning"
PLACES = ("storage", "dock")
CAME_BACK = mark("{customer} brought goods of order {order} back")


@dataclass(frozen=True)
class OpenReturn:
    """Begin with the goods of an order, or go on with its open return."""

    order_id: int


@dataclass(frozen=True)
class ReturnGoods:
    """So much (as typed, in base units) of an order line's goods in a lot is back.

    ``status`` is ``returned`` or ``inspection``; ``reason`` a key of ``reasons.RETURN_REASONS`` or
    a person's own words.
    """

    return_id: int
    order_line_id: int
    quantity: str
    status: str
    reason: str
    lot_id: int | None = None
    location_id: int | None = None
    note: str = ""
    photo_id: int | None = None


@dataclass(frozen=True)
class TakeReturnBack:
    """An entry was wrong: the goods are with the customer again."""

    return_id: int
    line_id: int
    reason: str


@dataclass(frozen=True)
class CloseReturn:
    return_id: int
    note: str = ""


@dataclass(frozen=True)
class ReturnChanged:
    """The return, its state, and the entries that were made."""

    return_id: int
    number: str
    state: str
    line_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Order:
    id: int
    store_id: int
    number: str
    customer_id: int
    time_zone: str


@dataclass(frozen=True)
class _Return:
    id: int
    store_id: int
    number: str
    order_id: int
    state: str
    lines: int


@dataclass(frozen=True)
class ReturnPlace:
    id: int
    code: str
    kind: str
    store_id: int
    is_active: bool


@dataclass(frozen=True)
class _Piece:
    """What left by one move and did not come back."""

    shipment_line_id: int
    move_id: int
    store_id: int
    item_id: int
    lot_id: int | None
    item_name: str
    specification: str
    base_unit: str
    decimals: int
    left: Decimal

    @property
    def title(self) -> str:
        return f"{self.item_name} {self.specification}".strip()


@dataclass(frozen=True)
class _Line:
    id: int
    move_id: int
    is_undone: bool


def open_return(session: Session, command: OpenReturn, envelope: Envelope) -> ReturnChanged:
    """The order's open return; a new one where there is none.

    Raises:
        OrderOfReturnUnknown, NothingShipped.
    """
    asked = {"order_id": command.order_id}
    order = sql.one(session, _Order, QUERIES["order_head"], asked)
    if order is None:
        raise problems.OrderOfReturnUnknown(given=str(command.order_id))
    already = sql.value(session, QUERIES["open_return_of_order"], asked)
    if already is not None:
        found = _locked(session, int(already))
        return ReturnChanged(found.id, found.number, found.state)
    if not sql.execute(session, QUERIES["returnable"], asked):
        raise problems.NothingShipped(number=order.number)
    values = {
        "store_id": order.store_id,
        "number": next_number(session, PREFIX, clock.today(order.time_zone)),
        "customer_id": order.customer_id,
        "order_id": order.id,
        "user_id": envelope.caller.user_id,
    }
    return_id = int(sql.value(session, QUERIES["insert_return"], values))
    return ReturnChanged(return_id, str(values["number"]), "in_progress")


def return_goods(session: Session, command: ReturnGoods, envelope: Envelope) -> ReturnChanged:
    """Book what is back, at the cost that it left with; the newest shipment first.

    Raises:
        ReturnUnknown, ReturnClosed, NotShipped, MoreThanShipped, StatusUnknown, WhyWanted,
        PhotoUnknown, PlaceUnknown, ReturnPlaceUnfit, and what a quantity can be refused for.
    """
    found = _open(session, command.return_id)
    if command.status not in RETURN_STATUSES:
        raise problems.StatusUnknown
    refuse_unknown_photo(session, command.photo_id)
    entry = {
        "return_id": found.id,
        "store_id": found.store_id,
        "order_line_id": command.order_line_id,
        "status": command.status,
        "reason": reason_of(command.reason),
        "note": note_of(command.note),
        "photo_id": command.photo_id,
        "location_id": _place(session, found, command.location_id).id,
        "command_id": envelope.command_id,
        "user_id": envelope.caller.user_id,
    }
    parts = _parts(session, found, command)
    lines = [_book(session, envelope, entry, piece, quantity) for piece, quantity in parts]
    return ReturnChanged(found.id, found.number, found.state, tuple(lines))


def take_return_back(
    session: Session, command: TakeReturnBack, envelope: Envelope
) -> ReturnChanged:
    """Reverse an entry at the value that it had.

    Raises:
        ReturnUnknown, ReturnClosed, ReturnLineUnknown, WhyWanted; InsufficientOnHand where the
        goods were moved or released meanwhile.
    """
    found = _open(session, command.return_id)
    reason = reason_of(command.reason)
    asked = {"line_id": command.line_id, "return_id": found.id}
    line = sql.one(session, _Line, QUERIES["lock_line"], asked)
    if line is None or line.is_undone:
        raise problems.ReturnLineUnknown
    reverse(session, envelope, line.move_id, reason)
    sql.execute(session, QUERIES["undo_line"], asked)
    return ReturnChanged(found.id, found.number, found.state, (line.id,))


def close_return(session: Session, command: CloseReturn, envelope: Envelope) -> ReturnChanged:
    """Everything is booked; an empty return is cancelled.

    Raises:
        ReturnUnknown, ReturnClosed, WhyWanted.
    """
    found = _open(session, command.return_id)
    state = "done" if found.lines else "cancelled"
    values = {"return_id": found.id, "state": state, "note": note_of(command.note)}
    sql.execute(session, QUERIES["close"], values)
    if found.lines:
        _tell(session, found, envelope)
    return ReturnChanged(found.id, found.number, state)


def order_of_code(session: Session, number: str, sscc: str, shown: str) -> int:
    """The order that a code names.

    Raises:
        OrderOfReturnUnknown: none of the caller's stores.
    """
    asked = {"number": number, "sscc": sscc}
    found = sql.value(session, QUERIES["order_of_code"], asked)
    if found is None:
        raise problems.OrderOfReturnUnknown(given=shown)
    return int(found)


# ---- Behind them ------------------------------------------------------------------------------


def _locked(session: Session, return_id: int) -> _Return:
    found = sql.one(session, _Return, QUERIES["lock_return"], {"return_id": return_id})
    if found is None:
        raise problems.ReturnUnknown
    return found


def _open(session: Session, return_id: int) -> _Return:
    found = _locked(session, return_id)
    if found.state != "in_progress":
        raise problems.ReturnClosed(number=found.number)
    return found


def _place(session: Session, found: _Return, location_id: int | None) -> ReturnPlace:
    name = "place" if location_id is not None else "usual_place"
    asked = {"location_id": location_id, "store_id": found.store_id}
    place = sql.one(session, ReturnPlace, QUERIES[name], asked)
    if place is None:
        raise problems.PlaceUnknown
    if place.kind not in PLACES or not place.is_active or place.store_id != found.store_id:
        raise problems.ReturnPlaceUnfit(location=place.code)
    return place


def _parts(session: Session, found: _Return, command: ReturnGoods) -> list[tuple[_Piece, Decimal]]:
    """The quantity over what was shipped, the newest shipment first."""
    asked = {
        "order_line_id": command.order_line_id,
        "lot_id": command.lot_id,
        "order_id": found.order_id,
    }
    sql.execute(session, QUERIES["lock_order_line"], asked)
    pieces = sql.rows(session, _Piece, QUERIES["shipped_pieces"], asked)
    if not pieces:
        raise problems.NotShipped(given=f"#{command.order_line_id}")
    first = pieces[0]
    wanted = exact_quantity(command.quantity, first.title, first.base_unit, first.decimals)
    left = sum((piece.left for piece in pieces), ZERO)
    if wanted > left:
        raise problems.MoreThanShipped(
            item=first.title, left=plain(left), wanted=plain(wanted)[:40]
        )
    parts: list[tuple[_Piece, Decimal]] = []
    for piece in pieces:
        taken = min(piece.left, wanted)
        if taken > 0:
            parts.append((piece, taken))
            wanted -= taken
    return parts


def _book(
    session: Session,
    envelope: Envelope,
    entry: dict[str, Any],
    piece: _Piece,
    quantity: Decimal,
) -> int:
    values = entry | {
        "shipment_line_id": piece.shipment_line_id,
        "item_id": piece.item_id,
        "lot_id": piece.lot_id,
        "quantity": quantity,
    }
    line_id = int(sql.value(session, QUERIES["insert_line"], values))
    customer = int(sql.value(session, QUERIES["customer_location"], entry))
    movement = Movement(
        store_id=entry["store_id"],
        item_id=piece.item_id,
        quantity=quantity,
        source=Place(customer),
        target=Place(entry["location_id"], entry["status"]),
        biz_step=STEP,
        lot_id=piece.lot_id,
        line_kind=LINE_KIND,
        line_id=line_id,
        reason=entry["reason"],
    )
    posted = return_in(session, envelope, movement, piece.move_id)
    sql.execute(session, QUERIES["set_move"], {"line_id": line_id, "move_id": posted.move_id})
    return line_id


@dataclass(frozen=True)
class _Told:
    order: str
    customer: str


def _tell(session: Session, found: _Return, envelope: Envelope) -> None:
    told = sql.one(session, _Told, QUERIES["told_of"], {"return_id": found.id})
    assert told is not None, "a return that there is not"
    facts = {
        "number": found.number,
        "order": told.order,
        "customer": told.customer,
        "count": str(found.lines),
    }
    link = f"/returns/{found.id}"
    publish(session, Event("customer_return", found.store_id, CAME_BACK, facts, link), envelope)
