"""The flow of counting a place: one table from the kind of an event to what happens.  Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from app.counting import problems
from app.counting.state import (
    Add,
    Event,
    Facts,
    Finish,
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
    BadgeMeaning,
    CommandMeaning,
    Dates,
    DocumentMeaning,
    InvoiceMeaning,
    ItemFacts,
    ItemMeaning,
    LocationMeaning,
    LogisticUnitMeaning,
    LotFacts,
    LotMeaning,
    PartnerMeaning,
    SearchMeaning,
    UnknownMeaning,
    UnreadableMeaning,
)
from app.scanning.messages import Message
from app.scanning.weights import said_quantity

HERE = mark("{location}: scan everything that is here.")
COUNTED = mark("{item}: {quantity} {unit}")
UNEXPECTED = mark("{item}: {quantity} {unit}. Not expected here; it is counted all the same.")
UNIT_COUNTED = mark("{sscc}: counted whole, {count} kinds of goods.")
WHICH_LOT = mark("Which lot of {item} is it?")
NEW_LOT = mark("Lot {lot} of {item} is new. Is it right?")
NEW_LOT_DATE = mark("Lot {lot} of {item} is new. Which date is printed on it?")
TAKEN_BACK = mark("Taken back.")
FINISHED = mark("{location} is counted.")
EMPTY = mark("{location} is empty.")
CHOOSE = mark("Which one is it?")
SCAN = mark("Scan the goods.")
ONE = Decimal(1)
MOST = Decimal(10) ** 9

Handler = Callable[[State, Any, Facts], Outcome]


def step(state: State, event: Event, facts: Facts) -> Outcome:
    """What the event leads to.  Refusals are in ``Outcome.problem``; nothing is raised."""
    if facts.closed:
        return _refused(state, problems.TaskClosed(location=facts.place.location))
    if state.step == "scan_location" and isinstance(event, _NEEDS_PLACE):
        return _refused(state, problems.LocationFirst(location=facts.place.location))
    return _HANDLERS[type(event)](state, event, facts)


# The place ----------------------------------------------------------------------------------------


def _location(state: State, event: LocationMeaning, facts: Facts) -> Outcome:
    place = facts.place
    if event.id != place.location_id:
        other = problems.OtherLocation(given=event.code, location=place.location)
        wrong = problems.LocationFirst(location=place.location)
        return _refused(state, wrong if state.step == "scan_location" else other)
    if state.pending is not None:
        return _refused(state, problems.LotWanted(item=state.pending.item.title))
    return Outcome(State("scan_goods"), Message(HERE, {"location": place.location}))


# Goods --------------------------------------------------------------------------------------------


def _item(state: State, event: ItemMeaning, facts: Facts) -> Outcome:
    problem = _other_item(event.item, facts) or _other_pending(state, event.item)
    if problem is not None:
        return _refused(state, problem)
    pending = state.pending
    if pending is not None and event.lot is None:
        return _again(state, pending, facts)
    quantity = pending.quantity if pending is not None else _said(event)
    packaging = pending.packaging if pending is not None else event.packaging
    hand = Pending(event.item, quantity, packaging, event.lot, event.dates)
    if not event.item.has_lots:
        return _add(hand, None, facts)
    if event.lot is None:
        return _ask_lot(hand)
    return _of_lot(state, hand, event.known, facts)


def _said(event: ItemMeaning) -> Decimal:
    """How many base units one scan means."""
    said = said_quantity(event)
    if said is not None:
        return said
    return event.packaging.quantity if event.packaging else ONE


def _other_item(item: ItemFacts, facts: Facts) -> Problem | None:
    place = facts.place
    if place.item_id in (None, item.id):
        return None
    return problems.OnlyThisItem(wanted=place.item or "?", item=item.title)


def _other_pending(state: State, item: ItemFacts) -> Problem | None:
    if state.pending is None or state.pending.item.id == item.id:
        return None
    return problems.LotWanted(item=state.pending.item.title)


def _again(state: State, pending: Pending, facts: Facts) -> Outcome:
    """The same goods once more: a second scan of a new lot accepts it, else the lot is wanted."""
    if state.step == "new_lot":
        return _accept_new(state, pending, facts)
    return _refused(state, problems.LotWanted(item=pending.item.title))


def _ask_lot(hand: Pending) -> Outcome:
    asked = Message(WHICH_LOT, {"item": hand.item.title})
    return Outcome(State("scan_lot", hand), asked, "attention")


def _lot(state: State, event: LotMeaning, facts: Facts) -> Outcome:
    problem = _other_item(event.item, facts) or _other_pending(state, event.item)
    if problem is not None:
        return _refused(state, problem)
    hand = state.pending or Pending(event.item, ONE)
    return _of_lot(state, replace(hand, lot=event.lot.code), event.lot, facts)


def _typed_lot(state: State, event: TypedLot, facts: Facts) -> Outcome:
    if state.pending is None:
        return _refused(state, problems.NothingToUndo())
    hand = replace(state.pending, lot=event.code, dates=event.dates)
    return _of_lot(state, hand, event.known, facts)


def _of_lot(state: State, hand: Pending, known: LotFacts | None, facts: Facts) -> Outcome:
    if known is not None:
        return _add(hand, known, facts)
    same = state.pending is not None and state.pending.lot == hand.lot
    if state.step == "new_lot" and same:
        return _accept_new(state, hand, facts)
    return _offer_new(hand)


def _offer_new(hand: Pending) -> Outcome:
    """A lot that nobody has seen before: the person looks twice, and says its date."""
    values = {"lot": hand.lot or "?", "item": hand.item.title}
    text = NEW_LOT_DATE if _needs_date(hand) else NEW_LOT
    return Outcome(State("new_lot", hand), Message(text, values), "attention")


def _needs_date(hand: Pending) -> bool:
    return hand.item.expiry_rule != "none" and hand.dates == Dates()


def _accept_new(state: State, hand: Pending, facts: Facts) -> Outcome:
    dates = hand.dates if hand.dates != Dates() else (state.pending or hand).dates
    hand = replace(hand, lot=hand.lot or (state.pending or hand).lot, dates=dates)
    if hand.lot is None:
        return _refused(state, problems.LotWanted(item=hand.item.title))
    if _needs_date(hand):
        return _refused(state, problems.ExpiryWanted(lot=hand.lot, item=hand.item.title))
    return _add(hand, None, facts)


def _add(hand: Pending, lot: LotFacts | None, facts: Facts) -> Outcome:
    item = hand.item
    if item.has_serials and hand.quantity != ONE:
        return _refused(State("scan_goods"), problems.SerialIsOne(item=item.title))
    if item.has_serials and facts.elsewhere is not None:
        found = {"serial": hand.lot or "?", "item": item.title, "location": facts.elsewhere}
        return _refused(State("scan_goods"), problems.SerialElsewhere(**found))
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


def _words(item: ItemFacts, lot: str | None, quantity: Decimal) -> dict[str, str]:
    title = f"{item.title} {lot or ''}".strip()
    return {"item": title, "quantity": plain(quantity), "unit": item.base_unit}


def _unit(state: State, event: LogisticUnitMeaning, facts: Facts) -> Outcome:
    """A sealed carton or pallet counts with all that it holds."""
    if state.pending is not None:
        return _refused(state, problems.LotWanted(item=state.pending.item.title))
    if facts.unit_seen:
        return _refused(state, problems.UnitSeen(sscc=event.sscc))
    if event.id is None or not facts.unit:
        return _refused(state, problems.UnitUnknown(sscc=event.sscc))
    added = tuple(
        Add(one.item, one.quantity, one.lot_id, one.lot, unit_id=event.id) for one in facts.unit
    )
    wrong = next((p for one in facts.unit if (p := _other_item(one.item, facts))), None)
    if wrong is not None:
        return _refused(state, wrong)
    said = Message(UNIT_COUNTED, {"sscc": event.sscc, "count": str(len(added))})
    return Outcome(State("scan_goods"), said, intents=added)


# Numbers and buttons ------------------------------------------------------------------------------


def _typed(state: State, event: TypedQuantity, facts: Facts) -> Outcome:
    """How many there are in all: of the goods in hand, or of what was counted last."""
    if state.pending is not None:
        problem = _absurd(state.pending.item, event.quantity)
        hand = replace(state.pending, quantity=event.quantity, packaging=None)
        return _refused(state, problem) if problem else _ask_lot(hand)
    if facts.last is None:
        return _refused(state, problems.NothingSeen(location=facts.place.location))
    return _set(state, facts.last, event.quantity)


def _set(state: State, last: Seen, quantity: Decimal) -> Outcome:
    problem = _absurd(last.item, quantity)
    if problem is not None:
        return _refused(state, problem)
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


def _command(state: State, event: CommandMeaning, facts: Facts) -> Outcome:
    if event.step is not None:
        return _more(state, event.step, facts)
    handler = _COMMANDS.get(event.name)
    return handler(state, facts) if handler else Outcome(state, Message(SCAN), "attention")


def _more(state: State, more: Decimal, facts: Facts) -> Outcome:
    if state.pending is not None:
        return _typed(state, TypedQuantity(state.pending.quantity + more), facts)
    total = facts.last.quantity if facts.last else ZERO
    return _typed(state, TypedQuantity(total + more), facts)


def _ok(state: State, facts: Facts) -> Outcome:
    if state.step == "new_lot" and state.pending is not None:
        return _accept_new(state, state.pending, facts)
    return Outcome(state, Message(SCAN), "attention")


def _undo(state: State, facts: Facts) -> Outcome:
    if state.pending is not None:
        return Outcome(State("scan_goods"), Message(TAKEN_BACK))
    if facts.last is None:
        return _refused(state, problems.NothingToUndo())
    return Outcome(State("scan_goods"), Message(TAKEN_BACK), intents=(Undo(),))


def _empty(state: State, facts: Facts) -> Outcome:
    location = facts.place.location
    if state.step == "scan_location":
        return _refused(state, problems.LocationFirst(location=location))
    if facts.lines or state.pending is not None:
        return _refused(state, problems.NotEmpty(location=location))
    said = Message(EMPTY, {"location": location})
    return Outcome(State("done"), said, intents=(Finish(is_empty=True),))


def _done(state: State, facts: Facts) -> Outcome:
    location = facts.place.location
    if state.pending is not None:
        return _refused(state, problems.LotWanted(item=state.pending.item.title))
    if not facts.lines:
        return _refused(state, problems.NothingSeen(location=location))
    said = Message(FINISHED, {"location": location})
    return Outcome(State("done"), said, intents=(Finish(),))


_COMMANDS: dict[str, Callable[[State, Facts], Outcome]] = {
    "OK": _ok,
    "UNDO": _undo,
    "CANCEL": _undo,
    "EMPTY": _empty,
    "DONE": _done,
}


# Everything else ----------------------------------------------------------------------------------


def _refused(state: State, problem: Problem) -> Outcome:
    return Outcome(state, Message(""), "refused", problem=problem)


def _search(state: State, event: SearchMeaning, _facts: Facts) -> Outcome:
    return Outcome(state, Message(CHOOSE), "attention", candidates=event.candidates)


def _unknown(state: State, event: UnknownMeaning, _facts: Facts) -> Outcome:
    return _refused(state, problems.UnknownCode(given=event.text, barcode=event.barcode or ""))


def _unreadable(state: State, event: UnreadableMeaning, _facts: Facts) -> Outcome:
    return _refused(state, problems.UnreadableCode(given=event.text, reason=event.reason))


def _numbered(state: State, event: DocumentMeaning | InvoiceMeaning, _facts: Facts) -> Outcome:
    return _refused(state, problems.NotCountable(given=event.number))


def _partner(state: State, event: PartnerMeaning, _facts: Facts) -> Outcome:
    return _refused(state, problems.NotCountable(given=event.name))


def _badge(state: State, _event: BadgeMeaning, _facts: Facts) -> Outcome:
    return _refused(state, problems.NotCountable(given="badge"))


_NEEDS_PLACE = (ItemMeaning, LotMeaning, LogisticUnitMeaning, TypedQuantity, TypedLot)
_HANDLERS: dict[type[Any], Handler] = {
    LocationMeaning: _location,
    ItemMeaning: _item,
    LotMeaning: _lot,
    LogisticUnitMeaning: _unit,
    TypedQuantity: _typed,
    TypedLot: _typed_lot,
    CommandMeaning: _command,
    SearchMeaning: _search,
    UnknownMeaning: _unknown,
    UnreadableMeaning: _unreadable,
    DocumentMeaning: _numbered,
    InvoiceMeaning: _numbered,
    PartnerMeaning: _partner,
    BadgeMeaning: _badge,
}
