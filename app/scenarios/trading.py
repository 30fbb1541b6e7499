"""Goods that come in and go out, and come back."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from app.kit.money import ZERO
from app.ledger.movements import Movement, Place
from app.ledger.returns import return_in, return_out
from app.scenarios import events
from app.scenarios.book import CONSIGNED, Posting
from app.scenarios.working import (
    Move,
    Part,
    Work,
    base,
    lying,
    movement,
    moves_of,
    out_of,
    parts_of,
)


def receive(work: Work, event: events.Receive) -> Posting:
    posting = work.begun(event)
    price = event.unit_cost * event.qty if event.unit_cost is not None else event.total_cost
    posting.amount = work.money(price or ZERO)
    posting.quantity = base(event.qty, event.uom_factor)
    book = work.book
    spot = book.spots[CONSIGNED] if event.consigned else book.spot(event.location)
    part = Part(spot, book.lot(event.item, event.lot), posting.quantity)
    way = (book.outside(spot, "supplier"), spot.place)
    one = movement(work, event.item, part, way, "receipt", "receiving")
    posted = work.post(replace(one, amount=ZERO if event.consigned else posting.amount))
    posting.moves = [each.move_id for each in posted]
    return posting


_LEAVES_FOR = {
    "sale": ("customer", "issue", "shipping"),
    "scrap": ("adjustment", "adjustment", "scrapping"),
    "production": ("production", "production_out", "producing"),
}


def issue(work: Work, event: events.Issue) -> Posting:
    posting = work.begun(event)
    outside, kind, step = _LEAVES_FOR[event.reason]
    posting.quantity = base(event.qty, event.uom_factor)
    if event.consigned:
        lot_id = work.book.lot(event.item, event.lot)
        parts = [Part(work.book.spots[CONSIGNED], lot_id, posting.quantity)]
    else:
        parts = parts_of(work, event.item, posting.quantity, event.lot, event.location)
    movements = [
        movement(work, event.item, part, out_of(work, part, outside), kind, step) for part in parts
    ]
    posting.moves = [posted.move_id for posted in work.post(*movements)]
    return posting


def take_back(work: Work, event: events.ReturnIn) -> Posting:
    """The last that left comes back first."""
    posting, earlier = work.begun(event), work.earlier(event.of)
    posting.quantity = left = base(event.qty, event.uom_factor)
    moves = moves_of(work, earlier.moves)
    for move in reversed(moves):
        out = move.quantity - earlier.returned.get(move.id, ZERO)
        quantity = left if move is moves[0] else min(left, out)
        if quantity > 0:
            back = _back(work, move, quantity, event.location)
            posting.moves.append(return_in(work.session, work.envelope, back, move.id).move_id)
            earlier.returned[move.id] = move.quantity - out + quantity
            left -= quantity
    return posting


def _back(work: Work, move: Move, quantity: Decimal, location: str | None) -> Movement:
    """From where an issue went to the place that it came from, or another of the same store."""
    target = work.book.spot(location).location_id if location else move.real_id
    return Movement(
        store_id=move.store_id,
        item_id=move.item_id,
        quantity=quantity,
        source=Place(move.outside_id),
        target=Place(target, "available"),
        biz_step="returning",
        kind="return_in",
        lot_id=move.lot_id,
    )


def send_back(work: Work, event: events.ReturnOut) -> Posting:
    posting, receipt = work.begun(event), work.earlier(event.of)
    posting.quantity = base(event.qty, event.uom_factor)
    credit = work.money(receipt.amount * posting.quantity / receipt.quantity)
    move = moves_of(work, receipt.moves)[0]
    source = _sent_from(work, move, posting.quantity, event.location)
    goes = Movement(
        store_id=move.store_id,
        item_id=move.item_id,
        quantity=posting.quantity,
        source=Place(source, "available"),
        target=work.book.virtual[move.store_id, "supplier"],
        biz_step="returning",
        kind="return_out",
        lot_id=move.lot_id,
    )
    posted = return_out(work.session, work.envelope, goes, move.id, credit)
    posting.moves = [posted.move_id]
    return posting


def _sent_from(work: Work, move: Move, quantity: Decimal, location: str | None) -> int:
    """The named place, or that of the receipt; where it holds too little, one that has enough."""
    if location is not None:
        return work.book.spot(location).location_id
    item = next(name for name, item_id in work.book.items.items() if item_id == move.item_id)
    enough = [
        part.spot.location_id
        for part in lying(work, item, None, None)
        if part.quantity >= quantity
        and part.spot.store_id == move.store_id
        and part.lot_id == move.lot_id
    ]
    return enough[0] if enough and move.real_id not in enough else move.real_id
