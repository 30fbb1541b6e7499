"""The steps of putting away: from the dock to a shelf, confirmed by its code.  Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from app.kit.i18n import mark
from app.kit.money import fits, plain
from app.ledger.problems import QuantityNotPositive
from app.receiving import problems
from app.receiving.refuse_steps import refuse_closed, refused
from app.receiving.state import (
    Facts,
    Holding,
    MoveIn,
    Outcome,
    PutAway,
    State,
)
from app.receiving.typed import Event, TypedQuantity
from app.scanning.meanings import ItemMeaning, LocationMeaning, LotMeaning
from app.scanning.messages import Message

BEGIN = mark("Put away: scan the goods on the dock.")
GO = mark("{item}: bring {quantity} {unit} to {location}")
GO_ANYWHERE = mark("{item}: bring {quantity} {unit} to a free location and scan it")
OTHER_PLACE = mark("{chosen} is not the suggested location. Scan it again to put it there.")
PUT = mark("{quantity} {unit} {item} is now in {location}")
LET_GO = mark("{item} stays on the dock.")
RECEIVING = mark("Receiving: scan the goods that arrive.")


def begin(state: State, event: Event, facts: Facts) -> Outcome:
    if not facts.holdings:
        return refused(state, problems.NothingOnDock())
    return Outcome(State("scan_put_away_item"), Message(BEGIN))


def end(state: State, event: Event, facts: Facts) -> Outcome:
    if facts.closed:
        return refuse_closed(state, event, facts)
    return Outcome(State(), Message(RECEIVING))


def take_item(state: State, event: Event, facts: Facts) -> Outcome:
    meaning = cast("ItemMeaning", event)
    holdings = [held for held in facts.holdings if held.item.id == meaning.item.id]
    if meaning.lot is not None:
        holdings = [held for held in holdings if held.lot == meaning.lot]
    if not holdings:
        title = f"{meaning.item.title} {meaning.lot or ''}".strip()
        return refused(state, problems.NotOnDock(item=title))
    lots = sorted({held.lot or "" for held in holdings})
    if len(lots) > 1:
        named = ", ".join(lots[:5])
        return refused(state, problems.WhichLot(item=meaning.item.title, lots=named))
    return _carry(holdings[0])


def take_lot(state: State, event: Event, facts: Facts) -> Outcome:
    meaning = cast("LotMeaning", event)
    held = [held for held in facts.holdings if held.lot_id == meaning.lot.id]
    if not held:
        title = f"{meaning.item.title} {meaning.lot.code}"
        return refused(state, problems.NotOnDock(item=title))
    return _carry(held[0])


def _carry(held: Holding) -> Outcome:
    carried = PutAway(held, held.quantity)
    return Outcome(State("scan_put_away_location", put_away=carried), _whither(carried))


def _whither(carried: PutAway) -> Message:
    held = carried.holding
    said = {
        "item": f"{held.item.title} {held.lot or ''}".strip(),
        "quantity": plain(carried.quantity),
        "unit": held.item.base_unit,
        "location": held.location or "",
    }
    return Message(GO if held.location else GO_ANYWHERE, said)


def take_location(state: State, event: Event, facts: Facts) -> Outcome:
    """The suggested place, or the same other place twice."""
    location, carried = cast("LocationMeaning", event), _carried(state)
    if location.kind != "storage" or not location.is_active:
        return refused(state, problems.NotAStorageLocation(location=location.code))
    suggested = carried.holding.location_id
    again = carried.chosen is not None and carried.chosen.id == location.id
    if suggested in (None, location.id) or again:
        return _put(carried, location)
    asking = State("confirm_location", put_away=replace(carried, chosen=location))
    return Outcome(asking, Message(OTHER_PLACE, {"chosen": location.code}), "attention")


def confirm(state: State, event: Event, facts: Facts) -> Outcome:
    carried = _carried(state)
    assert carried.chosen is not None, "a place to confirm without a place"
    return _put(carried, carried.chosen)


def _put(carried: PutAway, location: LocationMeaning) -> Outcome:
    held = carried.holding
    move = MoveIn(held, carried.quantity, location.id, location.code)
    said = {
        "item": held.item.title,
        "quantity": plain(carried.quantity),
        "unit": held.item.base_unit,
        "location": location.code,
    }
    return Outcome(State("scan_put_away_item"), Message(PUT, said), intents=(move,))


def set_quantity(state: State, event: Event, facts: Facts) -> Outcome:
    """Part of it goes to this place, the rest stays on the dock for another."""
    quantity, carried = cast("TypedQuantity", event).quantity, _carried(state)
    held = carried.holding
    if quantity <= 0:
        return refused(state, QuantityNotPositive())
    if quantity > held.quantity:
        much = problems.NotThatMuchHere(
            item=held.item.title,
            unit=held.item.base_unit,
            there=plain(held.quantity),
            wanted=plain(quantity)[:40],
        )
        return refused(state, much)
    if not fits(quantity, held.item.decimals):
        fine = problems.QuantityTooFine(
            item=held.item.title,
            unit=held.item.base_unit,
            decimals=held.item.decimals,
            quantity=plain(quantity)[:40],
        )
        return refused(state, fine)
    changed = replace(carried, quantity=quantity)
    return Outcome(replace(state, put_away=changed), _whither(changed))


def drop(state: State, event: Event, facts: Facts) -> Outcome:
    said = {"item": _carried(state).holding.item.title}
    return Outcome(State("scan_put_away_item"), Message(LET_GO, said), "attention")


def choose_again(state: State, event: Event, facts: Facts) -> Outcome:
    carried = replace(_carried(state), chosen=None)
    again = State("scan_put_away_location", put_away=carried)
    return Outcome(again, _whither(carried), "attention")


def other_item(state: State, event: Event, facts: Facts) -> Outcome:
    meaning, held = cast("ItemMeaning", event), _carried(state).holding
    if meaning.item.id == held.item.id:
        return refused(state, problems.PlaceWanted(item=held.item.title))
    return refused(
        state, problems.OtherItemInHand(scanned=meaning.item.title, expected=held.item.title)
    )


def other_lot(state: State, event: Event, facts: Facts) -> Outcome:
    meaning, held = cast("LotMeaning", event), _carried(state).holding
    if meaning.lot.id == held.lot_id:
        return refused(state, problems.PlaceWanted(item=held.item.title))
    scanned = f"{meaning.item.title} {meaning.lot.code}"
    return refused(state, problems.OtherItemInHand(scanned=scanned, expected=held.item.title))


def remind(state: State, event: Event, facts: Facts) -> Outcome:
    """OK says nothing about the place: it has to be scanned."""
    return Outcome(state, _whither(_carried(state)), "attention")


def _carried(state: State) -> PutAway:
    assert state.put_away is not None, f"{state.step} without goods on their way"
    return state.put_away
