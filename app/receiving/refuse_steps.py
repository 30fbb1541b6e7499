"""What every step refuses in the same words.  Pure."""

from __future__ import annotations

from typing import cast

from app.kit.problems import Problem
from app.receiving import problems
from app.receiving.state import (
    Facts,
    Outcome,
    State,
)
from app.receiving.typed import Event, TypedDates, TypedLot
from app.scanning.meanings import (
    CommandMeaning,
    DocumentMeaning,
    ItemFacts,
    ItemMeaning,
    LocationMeaning,
    LogisticUnitMeaning,
    LotMeaning,
    PartnerMeaning,
    UnknownMeaning,
    UnreadableMeaning,
)
from app.scanning.messages import Message


def refused(state: State, problem: Problem) -> Outcome:
    """The state stays as it is, and so does everything else."""
    said = {name: str(value) for name, value in problem.data.items()}
    return Outcome(state, Message(problem.text, said), "refused", problem=problem)


def other_item(state: State, event: Event, facts: Facts) -> Outcome:
    meaning = cast("ItemMeaning", event)
    expected = _in_hand(state)
    return refused(
        state, problems.OtherItemInHand(scanned=meaning.item.title, expected=expected.title)
    )


def other_lot(state: State, event: Event, facts: Facts) -> Outcome:
    meaning = cast("LotMeaning", event)
    expected = _in_hand(state)
    scanned = f"{meaning.item.title} {meaning.lot.code}"
    return refused(state, problems.OtherItemInHand(scanned=scanned, expected=expected.title))


def _in_hand(state: State) -> ItemFacts:
    assert state.pending is not None, f"{state.step} without goods in hand"
    return state.pending.item


def refuse_quantity(state: State, event: Event, facts: Facts) -> Outcome:
    return refused(state, problems.NothingToCorrect())


def refuse_location(state: State, event: Event, facts: Facts) -> Outcome:
    location = cast("LocationMeaning", event)
    return refused(state, problems.LocationNotNow(location=location.code))


def refuse_logistic_unit(state: State, event: Event, facts: Facts) -> Outcome:
    return refused(
        state, problems.LogisticUnitNotHere(sscc=cast("LogisticUnitMeaning", event).sscc)
    )


def refuse_document(state: State, event: Event, facts: Facts) -> Outcome:
    document = cast("DocumentMeaning", event)
    here = {"receipt": facts.receipt_id, "purchase_order": facts.order_id}
    if here.get(document.kind) == document.id:
        return refused(state, problems.DocumentIsThis(number=document.number))
    other = problems.DocumentIsOther(
        number=document.number, kind=document.kind, document_id=document.id
    )
    return refused(state, other)


def refuse_partner(state: State, event: Event, facts: Facts) -> Outcome:
    return refused(state, problems.NotGoods(raw=cast("PartnerMeaning", event).name))


def refuse_badge(state: State, event: Event, facts: Facts) -> Outcome:
    return refused(state, problems.BadgeNotHere())


def refuse_unreadable(state: State, event: Event, facts: Facts) -> Outcome:
    found = cast("UnreadableMeaning", event)
    return refused(state, problems.UnreadableCode(raw=found.text, reason=found.reason))


def refuse_unknown(state: State, event: Event, facts: Facts) -> Outcome:
    found = cast("UnknownMeaning", event)
    if found.barcode is None:
        return refused(state, problems.UnknownCode(raw=found.text, barcode=""))
    kind = problems.UnknownBarcode if facts.policy.link_barcode else problems.UnknownBarcodeAsk
    return refused(state, kind(raw=found.text, barcode=found.barcode))


def refuse_command(state: State, event: Event, facts: Facts) -> Outcome:
    return refused(state, problems.CommandNotHere(name=cast("CommandMeaning", event).name[:40]))


def refuse_typed(state: State, event: Event, facts: Facts) -> Outcome:
    typed = cast("TypedLot | TypedDates", event)
    given = typed.code if isinstance(typed, TypedLot) else str(typed.dates)
    return refused(state, problems.TypedNotHere(given=given))


def refuse_turn(state: State, event: Event, facts: Facts) -> Outcome:
    """Turning away with goods in hand would lose them."""
    item = state.pending.item.title if state.pending else ""
    if not item and state.put_away:
        item = state.put_away.holding.item.title
    return refused(state, problems.GoodsStillInHand(expected=item))


def refuse_closed(state: State, event: Event, facts: Facts) -> Outcome:
    return refused(state, problems.ReceiptClosed(number=str(facts.receipt_id)))
