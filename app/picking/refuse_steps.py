"""What every step refuses in the same words.  Pure."""

from __future__ import annotations

from typing import cast

from app.kit.problems import Problem
from app.picking import problems
from app.picking.state import (
    Event,
    Facts,
    Outcome,
    State,
    Stop,
)
from app.scanning.meanings import (
    CommandMeaning,
    DocumentMeaning,
    InvoiceMeaning,
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


def current(state: State, facts: Facts) -> Stop | None:
    """The stop that the screen shows: the goods scanned last, else the first of this place."""
    here = [stop for stop in facts.stops if stop.location_id == state.location_id]
    known = [stop for stop in here if stop.balance_id == state.confirmed and stop.open]
    wanted = [stop for stop in here if stop.item.id == state.item_id]
    like = [stop for stop in facts.stops if stop.item.id == state.item_id]
    return next(iter([*known, *wanted, *here, *like, *facts.stops]), None)


def title_of(event: Event) -> str:
    """What was scanned, in words."""
    match event:
        case ItemMeaning(item=item, lot=lot):
            return f"{item.title} {lot or ''}".strip()
        case LotMeaning(item=item, lot=lot):
            return f"{item.title} {lot.code}"
        case LocationMeaning(code=code):
            return code
        case LogisticUnitMeaning(sscc=sscc):
            return sscc
        case _:
            return ""


def location_first(state: State, event: Event, facts: Facts) -> Outcome:
    stop = current(state, facts)
    place = stop.location if stop else facts.staging
    return refused(state, problems.LocationFirst(scanned=title_of(event), location=place))


def location_twice(state: State, event: Event, facts: Facts) -> Outcome:
    stop = current(state, facts)
    expected = stop.location if stop else facts.staging
    return refused(state, problems.LocationTwice(location=state.location or "", expected=expected))


def answer_first(state: State, event: Event, facts: Facts) -> Outcome:
    return refused(state, problems.AnswerFirst(location=state.location or ""))


def gone_problem(event_item: int, lot: str | None, facts: Facts) -> Problem | None:
    """These goods were wanted until their order was cancelled or their promise released."""
    for gone in facts.gone:
        if gone.item_id == event_item and lot in (None, gone.lot):
            why = f"order_line_id={gone.order_line_id}"
            if gone.is_cancelled:
                return problems.OrderCancelled(order=gone.order, why=why)
            return problems.StopReleased(order=gone.order, location=gone.location, why=why)
    return None


def staging_wanted(state: State, event: Event, facts: Facts) -> Outcome:
    if isinstance(event, ItemMeaning | LotMeaning):
        lot = event.lot.code if isinstance(event, LotMeaning) else event.lot
        gone = gone_problem(event.item.id, lot, facts)
        if gone is not None:
            return refused(state, gone)
    return refused(
        state, problems.StagingWanted(scanned=title_of(event) or "—", staging=facts.staging)
    )


def hand_full(state: State, event: Event, facts: Facts) -> Outcome:
    stop = in_hand(state, facts)
    item = stop.title if stop else ""
    return refused(state, problems.HandFull(item=item, cart=(stop and stop.cart) or facts.staging))


def in_hand(state: State, facts: Facts) -> Stop | None:
    """The stop of the goods in hand; None where it was settled meanwhile."""
    hand = state.hand
    if hand is None:
        return None
    return next(
        (
            stop
            for stop in facts.stops
            if (stop.balance_id, stop.cart_location_id) == (hand.balance_id, hand.cart_location_id)
        ),
        None,
    )


def scan_first(state: State, event: Event, facts: Facts) -> Outcome:
    return refused(state, problems.ScanFirst())


def refuse_document(state: State, event: Event, facts: Facts) -> Outcome:
    document = cast("DocumentMeaning", event)
    if (document.kind, document.id) == ("pick", facts.pick_id):
        return refused(state, problems.DocumentIsThis(number=document.number))
    other = problems.DocumentIsOther(
        number=document.number, kind=document.kind, document_id=document.id
    )
    return refused(state, other)


def refuse_partner(state: State, event: Event, facts: Facts) -> Outcome:
    return refused(state, problems.NotGoods(raw=cast("PartnerMeaning", event).name))


def refuse_invoice(state: State, event: Event, facts: Facts) -> Outcome:
    return refused(state, problems.NotGoods(raw=cast("InvoiceMeaning", event).number))


def refuse_badge(state: State, event: Event, facts: Facts) -> Outcome:
    return refused(state, problems.BadgeNotHere())


def refuse_unreadable(state: State, event: Event, facts: Facts) -> Outcome:
    found = cast("UnreadableMeaning", event)
    return refused(state, problems.UnreadableCode(raw=found.text, reason=found.reason))


def refuse_unknown(state: State, event: Event, facts: Facts) -> Outcome:
    return refused(state, problems.UnknownCode(raw=cast("UnknownMeaning", event).text))


def refuse_command(state: State, event: Event, facts: Facts) -> Outcome:
    return refused(state, problems.CommandNotHere(name=cast("CommandMeaning", event).name[:40]))


def refuse_closed(state: State, event: Event, facts: Facts) -> Outcome:
    return refused(state, problems.PickClosed(number=str(facts.pick_id)))
