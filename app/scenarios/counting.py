"""Counts, and transfers between places."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from app.kit.money import ZERO, rounded
from app.ledger.corrections import Revaluation, revalue
from app.ledger.counts import Counted, observe
from app.ledger.transfers import arrive, depart
from app.scenarios import events
from app.scenarios.book import DECIMALS, Posting, Spot
from app.scenarios.working import REASON, Part, Work, base, lying, movement, out_of, parts_of


def count(work: Work, event: events.CountAdjust | events.Reconcile) -> Posting:
    """An absolute observation; a mere difference is an ordinary adjustment."""
    if isinstance(event, events.CountAdjust) and event.delta is not None:
        return _adjust(work, event, base(event.delta, event.uom_factor))
    posting, spot = work.begun(event), _counted_at(work, event)
    unit_cost = event.unit_cost
    counted = Counted(
        store_id=spot.store_id,
        item_id=work.book.items[event.item],
        location_id=spot.location_id,
        quantity=base(event.counted_qty or ZERO, event.uom_factor),
        adjustment_location_id=work.book.outside(spot, "adjustment").location_id,
        lot_id=work.book.lot(event.item, event.lot),
        unit_cost=None if unit_cost is None else rounded(unit_cost / event.uom_factor, DECIMALS),
        sets_value=isinstance(event, events.Reconcile) and unit_cost is not None,
        reason=REASON,
    )
    observed = observe(work.session, work.envelope, counted)
    if counted.sets_value and observed.move_id is None:
        # The quantity was right, and only what one is worth is new.
        again = Revaluation(
            spot.store_id, counted.item_id, counted.lot_id, unit_cost=counted.unit_cost
        )
        revalue(work.session, work.envelope, again)
    posting.moves = [] if observed.move_id is None else [observed.move_id]
    posting.amount, posting.quantity = max(observed.amount, ZERO), max(observed.difference, ZERO)
    return posting


def _counted_at(work: Work, event: events.CountAdjust | events.Reconcile) -> Spot:
    """The named place; else the only one that has some."""
    if event.location is None and not work.book.is_one_place:
        spots = {part.spot for part in lying(work, event.item, event.lot, None)}
        if len(spots) == 1:
            return spots.pop()
    return work.book.spot(event.location)


def _adjust(work: Work, event: events.CountAdjust, delta: Decimal) -> Posting:
    posting, book = work.begun(event), work.book
    posting.quantity = delta
    if delta > 0:
        part = Part(book.spot(event.location), book.lot(event.item, event.lot), delta)
        way = (book.outside(part.spot, "adjustment"), part.spot.place)
        one = movement(work, event.item, part, way, "adjustment", "counting")
        price = event.unit_cost
        amount = None if price is None else work.money(price * delta / event.uom_factor)
        posted = work.post(replace(one, amount=amount))
        posting.amount = posted[0].amount
    elif delta < 0:
        parts = parts_of(work, event.item, -delta, event.lot, event.location)
        posted = work.post(
            *(
                movement(
                    work,
                    event.item,
                    part,
                    out_of(work, part, "adjustment"),
                    "adjustment",
                    "counting",
                )
                for part in parts
            )
        )
    else:
        posted = []
    posting.moves = [each.move_id for each in posted]
    return posting


def transfer(work: Work, event: events.Transfer) -> Posting:
    posting, target = work.begun(event), work.book.spot(event.target)
    posting.quantity = base(event.qty, event.uom_factor)
    for part in parts_of(work, event.item, posting.quantity, event.lot, event.source):
        if part.spot.store_id == target.store_id:
            way = (part.spot.place, target.place)
            within = movement(work, event.item, part, way, "transfer", "transferring")
            posting.moves.append(work.post(within)[0].move_id)
        else:
            posting.moves.append(_between_stores(work, event.item, part, target))
    return posting


def _between_stores(work: Work, item: str, part: Part, target: Spot) -> int:
    """The move that enters the other store."""
    way = out_of(work, part, "in_transit")
    leaving = movement(work, item, part, way, "transfer", "transferring")
    departed = depart(work.session, work.envelope, leaving)
    arriving = replace(
        leaving,
        store_id=target.store_id,
        source=work.book.outside(target, "in_transit"),
        target=target.place,
    )
    return arrive(work.session, work.envelope, arriving, departed.move_id).move_id
