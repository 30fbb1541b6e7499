"""The steps of receiving: what each event does while goods come in.  Pure."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import cast

from app.kit.i18n import mark
from app.kit.money import plain
from app.kit.problems import Problem
from app.receiving import checks, problems
from app.receiving.refuse_steps import (
    other_item,
    refuse_closed,
    refuse_unknown,
    refuse_unreadable,
    refused,
)
from app.receiving.state import (
    AskToClose,
    Facts,
    NoteInvoice,
    Outcome,
    Pause,
    Pending,
    Print,
    Receive,
    Replace,
    State,
    Undo,
)
from app.receiving.typed import Event, TypedDates, TypedLot, TypedQuantity
from app.scanning.meanings import (
    CommandMeaning,
    InvoiceMeaning,
    ItemMeaning,
    LotFacts,
    LotMeaning,
    SearchMeaning,
    UnknownMeaning,
    UnreadableMeaning,
)
from app.scanning.messages import Message
from app.scanning.weights import said_quantity

RECEIVED = mark("{quantity} {unit} {item}")
CORRECTED = mark("{item}: now {quantity} {unit}")
WANTS_LOT = mark("{item}: scan the lot")
WANTS_SERIAL = mark("{item}: scan the serial number")
WANTS_DATE = mark("{item}, lot {lot}: enter the date")
WANTS_WEIGHT = mark("{item}: enter the weight in {unit}")
DROPPED = mark("{item} was not received.")
FOUND = mark("{count} items fit {text}: choose one.")
CHOSEN_LABEL = mark("The label is ready to print.")
PAUSED = mark("The receipt is paused.")
INVOICE = mark("Invoice {number} over {amount} is noted on this receipt (amount as printed).")
UNDONE = mark("Taken back.")
CLOSE = mark("Check what is missing, then close the receipt.")
NOTHING_WAITS = mark("Scan the goods.")


def settle(state: State, pending: Pending, facts: Facts) -> Outcome:
    """Ask for what is missing, refuse what cannot be, ask about what differs, else book it."""
    pending = _completed(pending)
    asked = _not_ordered(state, pending, facts) or _missing(pending)
    if asked is not None:
        return asked
    if pending.quantity is None:
        pending = replace(pending, quantity=checks.usual_quantity(pending))
    problem = checks.date_problem(pending, facts.today) or checks.quantity_problem(pending, facts)
    if problem is not None:
        return refused(state, problem)
    return _weigh_deviations(state, pending, facts)


def _completed(pending: Pending) -> Pending:
    dates = pending.dates
    if pending.known is not None:
        dates = dates.filled_from(pending.known.dates)
    return replace(pending, dates=checks.completed_dates(pending.item, dates))


def _not_ordered(state: State, pending: Pending, facts: Facts) -> Outcome | None:
    """Nobody should look for the lot of goods that are not wanted."""
    found = checks.unexpected(pending, facts)
    if found is None or (pending.accepted and found in pending.deviations):
        return None
    if isinstance(found, Problem):
        return refused(state, found)
    asking = replace(pending, deviations=(found,), accepted=False)
    return Outcome(State("confirm_deviation", asking), found, "attention")


def _missing(pending: Pending) -> Outcome | None:
    """The step that asks for what the goods in hand lack, None when nothing does."""
    item = pending.item
    said = {"item": item.title, "lot": pending.lot or "", "unit": item.base_unit}
    if item.has_lots and pending.lot is None:
        text = WANTS_SERIAL if item.has_serials else WANTS_LOT
        return Outcome(State("scan_lot", pending), Message(text, said), "attention")
    if item.expiry_rule != "none" and checks.deadline(item, pending.dates) is None:
        return Outcome(State("enter_expiry", pending), Message(WANTS_DATE, said), "attention")
    if item.catch_weight and pending.quantity is None:
        return Outcome(State("enter_quantity", pending), Message(WANTS_WEIGHT, said), "attention")
    return None


def _weigh_deviations(state: State, pending: Pending, facts: Facts) -> Outcome:
    found = checks.deviations(pending, facts)
    for one in found:
        if isinstance(one, Problem):
            return refused(state, one)
    messages = tuple(cast("list[Message]", found))
    # What was accepted is accepted; something new that differs is asked for anew.
    if messages and not (pending.accepted and messages == pending.deviations):
        asking = replace(pending, deviations=messages, accepted=False)
        return Outcome(State("confirm_deviation", asking), messages[0], "attention")
    return _booked(pending)


def _booked(pending: Pending) -> Outcome:
    said = {
        "item": pending.item.title,
        "quantity": plain(pending.quantity or Decimal(0)),
        "unit": pending.item.base_unit,
    }
    if pending.replaces is not None:
        intent = Replace(pending.replaces, pending)
        return Outcome(State(), Message(CORRECTED, said), intents=(intent,))
    return Outcome(State(), Message(RECEIVED, said), intents=(Receive(pending),))


def _pending_of(state: State) -> Pending:
    assert state.pending is not None, f"{state.step} without goods in hand"
    return state.pending


# Goods --------------------------------------------------------------------------------------------


def take_item(state: State, event: Event, facts: Facts) -> Outcome:
    meaning = cast("ItemMeaning", event)
    problem = None if meaning.lot is None else checks.lot_problem(meaning.lot)
    if problem is not None:
        return refused(state, problem)
    return settle(state, _of_item(meaning), facts)


def _of_item(meaning: ItemMeaning) -> Pending:
    return Pending(
        item=meaning.item,
        key=meaning.key,
        packaging=meaning.packaging,
        quantity=said_quantity(meaning),
        lot=meaning.lot,
        dates=meaning.dates,
        known=meaning.known,
    )


def take_lot_of_item(state: State, event: Event, facts: Facts) -> Outcome:
    """A lot number alone, known to belong to one item."""
    meaning = cast("LotMeaning", event)
    lot = meaning.lot
    pending = Pending(meaning.item, lot.code, lot=lot.code, known=lot)
    return settle(state, pending, facts)


# Lot ----------------------------------------------------------------------------------------------


def lot_with_item(state: State, event: Event, facts: Facts) -> Outcome:
    """A second code on the goods that carries the lot: it must be of the item in hand."""
    meaning, pending = cast("ItemMeaning", event), _pending_of(state)
    if meaning.item.id != pending.item.id:
        return other_item(state, event, facts)
    if meaning.lot is None:
        wanted = problems.SerialWanted if pending.item.has_serials else problems.LotWanted
        return refused(state, wanted(item=pending.item.title))
    problem = checks.lot_problem(meaning.lot)
    if problem is not None:
        return refused(state, problem)
    merged = replace(
        pending,
        lot=meaning.lot,
        known=meaning.known,
        dates=meaning.dates.filled_from(pending.dates),
        quantity=pending.quantity or said_quantity(meaning),
    )
    return settle(state, merged, facts)


def known_lot(state: State, event: Event, facts: Facts) -> Outcome:
    meaning, pending = cast("LotMeaning", event), _pending_of(state)
    if meaning.item.id != pending.item.id:
        # The number is a lot of another item, which says nothing about this one's lots.
        return _with_lot(state, facts, meaning.lot.code, None)
    return _with_lot(state, facts, meaning.lot.code, meaning.lot)


def new_lot(state: State, event: Event, facts: Facts) -> Outcome:
    """Any other text read while a lot is wanted is the lot, unless it is a product's number."""
    meaning = cast("UnknownMeaning | UnreadableMeaning | SearchMeaning", event)
    if isinstance(meaning, UnreadableMeaning):
        return refuse_unreadable(state, event, facts)
    if isinstance(meaning, UnknownMeaning) and meaning.is_gtin:
        return refused(state, problems.NotALot(raw=meaning.text))
    return _with_lot(state, facts, meaning.text, None)


def typed_lot(state: State, event: Event, facts: Facts) -> Outcome:
    typed = cast("TypedLot", event)
    return _with_lot(state, facts, typed.code.strip(), typed.known)


def _with_lot(state: State, facts: Facts, code: str, known: LotFacts | None) -> Outcome:
    problem = checks.lot_problem(code)
    if problem is not None:
        return refused(state, problem)
    return settle(state, replace(_pending_of(state), lot=code, known=known), facts)


# Dates and weight ---------------------------------------------------------------------------------


def typed_dates(state: State, event: Event, facts: Facts) -> Outcome:
    dates = cast("TypedDates", event).dates
    pending = _pending_of(state)
    return settle(state, replace(pending, dates=dates.filled_from(pending.dates)), facts)


def dates_with_item(state: State, event: Event, facts: Facts) -> Outcome:
    """A second code on the goods that carries the date."""
    meaning, pending = cast("ItemMeaning", event), _pending_of(state)
    if meaning.item.id != pending.item.id:
        return other_item(state, event, facts)
    if checks.deadline(pending.item, checks.completed_dates(pending.item, meaning.dates)) is None:
        return refused(state, problems.ExpiryWanted(item=pending.item.title))
    if meaning.lot not in (None, pending.lot):
        scanned = f"{meaning.item.title} {meaning.lot}"
        expected = f"{pending.item.title} {pending.lot}"
        return refused(state, problems.OtherItemInHand(scanned=scanned, expected=expected))
    merged = replace(pending, dates=meaning.dates.filled_from(pending.dates))
    return settle(state, merged, facts)


def weight_with_item(state: State, event: Event, facts: Facts) -> Outcome:
    """The scale's label for the item in hand."""
    meaning, pending = cast("ItemMeaning", event), _pending_of(state)
    if meaning.item.id != pending.item.id:
        return other_item(state, event, facts)
    quantity = said_quantity(meaning)
    if quantity is None:
        wanted = problems.QuantityWanted(item=pending.item.title, unit=pending.item.base_unit)
        return refused(state, wanted)
    return settle(state, replace(pending, quantity=quantity), facts)


# Quantity -----------------------------------------------------------------------------------------


def typed_quantity(state: State, event: Event, facts: Facts) -> Outcome:
    quantity = cast("TypedQuantity", event).quantity
    pending = replace(_pending_of(state), quantity=quantity, packaging=None, accepted=False)
    return settle(state, pending, facts)


def correct_quantity(state: State, event: Event, facts: Facts) -> Outcome:
    """The keypad sets the quantity of what was scanned last."""
    return _correct(state, facts, cast("TypedQuantity", event).quantity)


def add_quantity(state: State, event: Event, facts: Facts) -> Outcome:
    """A +10 label adds to what was scanned last."""
    more = cast("CommandMeaning", event).step or Decimal(0)
    last = facts.last
    return _correct(state, facts, (last.quantity if last else Decimal(0)) + more)


def _correct(state: State, facts: Facts, quantity: Decimal) -> Outcome:
    last = facts.last
    if last is None or last.kind != "received":
        return refused(state, problems.NothingToCorrect())
    if last.item.has_serials:
        return refused(state, problems.SerialsComeSingly(item=last.item.title))
    if last.put_away:
        return refused(state, problems.AlreadyMovedOn(item=last.item.title))
    pending = Pending(
        item=last.item,
        key=f"line {last.id}",
        quantity=quantity,
        lot=last.lot.code if last.lot else None,
        known=last.lot,
        replaces=last.id,
    )
    return settle(state, pending, facts)


# Deviations ---------------------------------------------------------------------------------------


def confirm(state: State, event: Event, facts: Facts) -> Outcome:
    return settle(state, replace(_pending_of(state), accepted=True), facts)


def confirm_or_take(state: State, event: Event, facts: Facts) -> Outcome:
    """The same code again accepts; another one is a new scan, and the first was not received."""
    meaning, pending = cast("ItemMeaning", event), _pending_of(state)
    if meaning.key == pending.key or _completes(meaning, pending):
        return confirm(state, event, facts)
    return _instead(pending, take_item(State(), event, facts))


def _completes(meaning: ItemMeaning, pending: Pending) -> bool:
    """The item's code again, where the lot came from a second code."""
    same_item = meaning.item.id == pending.item.id and meaning.packaging == pending.packaging
    return same_item and meaning.lot in (None, pending.lot)


def confirm_lot(state: State, event: Event, facts: Facts) -> Outcome:
    meaning, pending = cast("LotMeaning", event), _pending_of(state)
    if (meaning.item.id, meaning.lot.code) == (pending.item.id, pending.lot):
        return confirm(state, event, facts)
    return _instead(pending, take_lot_of_item(State(), event, facts))


def confirm_text(state: State, event: Event, facts: Facts) -> Outcome:
    """The lot's own code again, where the lot is new."""
    if cast("UnknownMeaning", event).text == _pending_of(state).lot:
        return confirm(state, event, facts)
    return refuse_unknown(state, event, facts)


def _instead(dropped: Pending, outcome: Outcome) -> Outcome:
    """The outcome of a scan that pushed other goods out of hand: never silently."""
    said = Message(DROPPED, {"item": dropped.item.title})
    return replace(outcome, tone="attention", also=said)


# Undo, labels, pause ------------------------------------------------------------------------------


def undo(state: State, event: Event, facts: Facts) -> Outcome:
    return Outcome(state, Message(UNDONE), intents=(Undo(),))


def drop(state: State, event: Event, facts: Facts) -> Outcome:
    """Goods in hand that were not booked are simply let go."""
    said = {"item": _pending_of(state).item.title}
    return Outcome(State(), Message(DROPPED, said), "attention")


def offer_label(state: State, event: Event, facts: Facts) -> Outcome:
    if facts.last is None:
        return refused(state, problems.NothingToCorrect())
    label = Print(facts.last.item.id, facts.last.lot_id)
    return Outcome(state, Message(CHOSEN_LABEL), intents=(label,))


def pause(state: State, event: Event, facts: Facts) -> Outcome:
    if facts.closed:
        return refuse_closed(state, event, facts)
    return Outcome(state, Message(PAUSED), "attention", intents=(Pause(),))


def ask_to_close(state: State, event: Event, facts: Facts) -> Outcome:
    if facts.closed:
        return refuse_closed(state, event, facts)
    return Outcome(state, Message(CLOSE), "attention", intents=(AskToClose(),))


def note_invoice(state: State, event: Event, facts: Facts) -> Outcome:
    invoice = cast("InvoiceMeaning", event)
    said = {"number": invoice.number, "amount": plain(invoice.amount)}
    note = NoteInvoice(invoice.number, invoice.amount)
    return Outcome(state, Message(INVOICE, said), intents=(note,))


def offer_candidates(state: State, event: Event, facts: Facts) -> Outcome:
    found = cast("SearchMeaning", event)
    said = {"count": str(len(found.candidates)), "text": found.text}
    return Outcome(state, Message(FOUND, said), "attention", candidates=found.candidates)


def remind(state: State, event: Event, facts: Facts) -> Outcome:
    """OK where nothing waits for it: the screen says again what is wanted."""
    if state.pending is not None:
        asked = _missing(_completed(state.pending))
        if asked is not None:
            return replace(asked, state=state)
    return Outcome(state, Message(NOTHING_WAITS), "attention")
