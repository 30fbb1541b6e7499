"""Goods that are seen: items, lots, serial numbers, cartons, and how many of them.  Pure."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from app.counting import problems
from app.counting.refuse_steps import goods_first, lot_wanted, refused, unknown
from app.counting.state import (
    Add,
    Event,
    Facts,
    Outcome,
    Pending,
    Seen,
    State,
    TypedLot,
    TypedQuantity,
    Undo,
)
from app.kit.i18n import mark
from app.kit.money import ZERO, plain
from app.kit.problems import Problem
from app.scanning.meanings import (
    CommandMeaning,
    Dates,
    ItemFacts,
    ItemMeaning,
    LogisticUnitMeaning,
    LotFacts,
    LotMeaning,
    SearchMeaning,
    UnknownMeaning,
)
from app.scanning.messages import Message
from app.scanning.weights import said_quantity

COUNTED = mark("{item}: {quantity} {unit}")
UNEXPECTED = mark("{item}: {quantity} {unit}. Not expected here; it is counted all the same.")
UNIT_COUNTED = mark("{sscc}: counted whole, {count} kinds of goods.")
WHICH_LOT = mark("Which lot of {item} is it?")
NEW_LOT = mark("Lot {lot} of {item} is new. Is it right?")
NEW_LOT_DATE = mark("Lot {lot} of {item} is new. Which date is printed on it?")
TAKEN_BACK = mark("Taken back.")
ONE = Decimal(1)
MOST = Decimal(10) ** 9
LONGEST_LOT = 50


# Items and lots -----------------------------------------------------------------------------------


def item(state: State, event: ItemMeaning, facts: Facts) -> Outcome:
    problem = _not_this_item(event.item, facts)
    if problem is not None:
        return refused(state, problem)
    hand = Pending(event.item, _said(event), event.packaging, event.lot, event.dates)
    if not event.item.has_lots:
        return _add(state, hand, None, facts)
    if event.lot is None:
        return _ask_lot(hand)
    return _of_lot(state, hand, event.known, facts)


def _said(event: ItemMeaning) -> Decimal:
    """How many base units one scan means."""
    said = said_quantity(event)
    if said is not None:
        return said
    return event.packaging.quantity if event.packaging else ONE


def _not_this_item(item: ItemFacts, facts: Facts) -> Problem | None:
    place = facts.place
    if place.item_id in (None, item.id):
        return None
    return problems.OnlyThisItem(wanted=place.item or "?", item=item.title)


def item_in_hand(state: State, event: ItemMeaning, facts: Facts) -> Outcome:
    """The same goods again, with their lot; a second scan without one accepts a new lot."""
    problem = _not_this_item(event.item, facts)
    if problem is not None:
        return refused(state, problem)
    pending = state.pending
    if pending is None or pending.item.id != event.item.id:
        return lot_wanted(state, event, facts)
    if event.lot is None:
        return accept_new(state, event, facts)
    hand = replace(pending, lot=event.lot, dates=event.dates)
    return _of_lot(state, hand, event.known, facts)


def lot(state: State, event: LotMeaning, facts: Facts) -> Outcome:
    problem = _not_this_item(event.item, facts)
    if problem is not None:
        return refused(state, problem)
    return _add(state, Pending(event.item, ONE, lot=event.lot.code), event.lot, facts)


def lot_in_hand(state: State, event: LotMeaning, facts: Facts) -> Outcome:
    pending = state.pending
    if pending is None or pending.item.id != event.item.id:
        return lot_wanted(state, event, facts)
    return _add(state, replace(pending, lot=event.lot.code), event.lot, facts)


def typed_lot(state: State, event: TypedLot, facts: Facts) -> Outcome:
    if state.pending is None:
        return goods_first(state, event, facts)
    hand = replace(state.pending, lot=event.code, dates=event.dates)
    return _of_lot(state, hand, event.known, facts)


def scanned_lot(state: State, event: UnknownMeaning | SearchMeaning, facts: Facts) -> Outcome:
    """Any other text read while a lot is wanted is the lot, unless it is a product's number."""
    code = _text_of(event)
    if state.pending is None or not 1 <= len(code) <= LONGEST_LOT:
        return unknown(state, UnknownMeaning(event.text), facts)
    return _of_lot(state, replace(state.pending, lot=code), None, facts)


def _text_of(event: UnknownMeaning | SearchMeaning) -> str:
    if isinstance(event, SearchMeaning):
        return event.text
    return "" if event.is_gtin else event.barcode or ""


def _ask_lot(hand: Pending) -> Outcome:
    asked = Message(WHICH_LOT, {"item": hand.item.title})
    return Outcome(State("scan_lot", hand), asked, "attention")


def _of_lot(state: State, hand: Pending, known: LotFacts | None, facts: Facts) -> Outcome:
    if known is not None:
        return _add(state, hand, known, facts)
    before = state.pending
    if state.step == "new_lot" and before is not None and before.lot == hand.lot:
        dates = hand.dates if hand.dates != Dates() else before.dates
        return _new_lot(state, replace(hand, dates=dates), facts)
    return _offer_new(hand)


def _offer_new(hand: Pending) -> Outcome:
    """A lot that nobody has seen before: the person looks twice, and says its date."""
    values = {"lot": hand.lot or "?", "item": hand.item.title}
    text = NEW_LOT_DATE if _needs_date(hand) else NEW_LOT
    return Outcome(State("new_lot", hand), Message(text, values), "attention")


def _needs_date(hand: Pending) -> bool:
    return hand.item.expiry_rule != "none" and hand.dates == Dates()


def accept_new(state: State, event: Event, facts: Facts) -> Outcome:
    """Yes, this lot is right."""
    pending = state.pending
    if state.step != "new_lot" or pending is None or pending.lot is None:
        return lot_wanted(state, event, facts)
    return _new_lot(state, pending, facts)


def _new_lot(state: State, hand: Pending, facts: Facts) -> Outcome:
    if _needs_date(hand):
        return refused(state, problems.ExpiryWanted(lot=hand.lot or "?", item=hand.item.title))
    return _add(state, hand, None, facts)


def _add(state: State, hand: Pending, lot: LotFacts | None, facts: Facts) -> Outcome:
    item = hand.item
    problem = _not_once(hand, facts) if item.has_serials else None
    if problem is not None:
        return refused(state, problem)
    lot_id = lot.id if lot else None
    is_new = item.has_lots and lot is None
    expected = not is_new and (item.id, lot_id) in facts.on_books
    added = Add(
        item,
        hand.quantity,
        lot_id,
        hand.lot,
        hand.dates,
        hand.packaging,
        is_unexpected=not expected,
    )
    text = COUNTED if expected else UNEXPECTED
    said = Message(text, _words(item, hand.lot, hand.quantity))
    return Outcome(State("scan_goods"), said, intents=(added,))


def _not_once(hand: Pending, facts: Facts) -> Problem | None:
    """Each serial number is one piece, in one place."""
    if hand.quantity != ONE:
        return problems.SerialIsOne(item=hand.item.title)
    if facts.elsewhere is None:
        return None
    found = {"serial": hand.lot or "?", "item": hand.item.title, "location": facts.elsewhere}
    return problems.SerialElsewhere(**found)


def _words(item: ItemFacts, lot: str | None, quantity: Decimal) -> dict[str, str]:
    title = f"{item.title} {lot or ''}".strip()
    return {"item": title, "quantity": plain(quantity), "unit": item.base_unit}


def unit(state: State, event: LogisticUnitMeaning, facts: Facts) -> Outcome:
    """A sealed carton or pallet counts with all that it holds."""
    if facts.unit_seen:
        return refused(state, problems.UnitSeen(sscc=event.sscc))
    if event.id is None or not facts.unit:
        return refused(state, problems.UnitUnknown(sscc=event.sscc))
    wrong = next((p for one in facts.unit if (p := _not_this_item(one.item, facts))), None)
    if wrong is not None:
        return refused(state, wrong)
    added = tuple(
        Add(one.item, one.quantity, one.lot_id, one.lot, unit_id=event.id) for one in facts.unit
    )
    said = Message(UNIT_COUNTED, {"sscc": event.sscc, "count": str(len(added))})
    return Outcome(State("scan_goods"), said, intents=added)


# How many -----------------------------------------------------------------------------------------


def quantity(state: State, event: TypedQuantity, facts: Facts) -> Outcome:
    """How many there are in all of what was counted last."""
    if facts.last is None:
        return refused(state, problems.NothingSeen(location=facts.place.location))
    return _set(state, facts.last, event.quantity)


def more(state: State, event: CommandMeaning, facts: Facts) -> Outcome:
    """A +10 label: ten more of what was counted last."""
    total = facts.last.quantity if facts.last else ZERO
    return quantity(state, TypedQuantity(total + (event.step or ZERO)), facts)


def _set(state: State, last: Seen, quantity: Decimal) -> Outcome:
    problem = _absurd(last.item, quantity)
    if problem is not None:
        return refused(state, problem)
    said = Message(COUNTED, _words(last.item, last.lot, quantity))
    change = quantity - last.quantity
    added = Add(last.item, change, last.lot_id, last.lot, unit_id=last.unit_id, is_typed=True)
    return Outcome(State("scan_goods"), said, intents=(added,) if change else ())


def _absurd(item: ItemFacts, quantity: Decimal) -> Problem | None:
    if item.has_serials and quantity not in (ZERO, ONE):
        return problems.SerialIsOne(item=item.title)
    if not ZERO <= quantity < MOST:
        return problems.QuantityAbsurd(given=plain(quantity), item=item.title)
    if quantity != round(quantity, item.decimals):
        return problems.TooManyDecimals(unit=item.base_unit, decimals=item.decimals)
    return None


def quantity_in_hand(state: State, event: TypedQuantity, facts: Facts) -> Outcome:
    """How many there are of the goods whose lot is still to be said."""
    if state.pending is None:
        return goods_first(state, event, facts)
    problem = _absurd(state.pending.item, event.quantity)
    if problem is not None:
        return refused(state, problem)
    hand = replace(state.pending, quantity=event.quantity, packaging=None)
    return _offer_new(hand) if state.step == "new_lot" else _ask_lot(hand)


def more_in_hand(state: State, event: CommandMeaning, facts: Facts) -> Outcome:
    before = state.pending.quantity if state.pending else ZERO
    return quantity_in_hand(state, TypedQuantity(before + (event.step or ZERO)), facts)


def undo(state: State, _event: Event, facts: Facts) -> Outcome:
    if facts.last is None:
        return refused(state, problems.NothingToUndo())
    return Outcome(State("scan_goods"), Message(TAKEN_BACK), intents=(Undo(),))


def drop(_state: State, _event: Event, _facts: Facts) -> Outcome:
    """What is in hand was not counted yet: it is simply let go."""
    return Outcome(State("scan_goods"), Message(TAKEN_BACK))
