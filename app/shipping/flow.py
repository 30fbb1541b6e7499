"""The flow of packing: one table from the kind of an event to what happens.  Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from app.kit.i18n import mark
from app.kit.money import ZERO, plain
from app.kit.problems import Problem
from app.scanning.meanings import (
    CommandMeaning,
    DocumentMeaning,
    ItemFacts,
    ItemMeaning,
    LocationMeaning,
    LogisticUnitMeaning,
    LotMeaning,
    UnknownMeaning,
    UnreadableMeaning,
)
from app.scanning.messages import Message
from app.scanning.weights import said_quantity
from app.shipping import problems
from app.shipping.state import (
    Check,
    Event,
    Facts,
    Goods,
    LastCheck,
    NewCarton,
    Outcome,
    State,
    TypedQuantity,
    Uncheck,
    UseCarton,
)

CHECKED = mark("{quantity} {unit} {item}")
CORRECTED = mark("{item}: now {quantity} {unit}")
TAKEN_BACK = mark("Taken back.")
CARTON = mark("Carton {sscc}: scan what goes in.")
NEW_CARTON = mark("A new carton. Its label can be printed.")
ALL_CHECKED = mark("Everything is checked. It can leave.")
SCAN = mark("Scan the goods.")
ONE = Decimal(1)

Handler = Callable[[State, Any, Facts], Outcome]


def step(state: State, event: Event, facts: Facts) -> Outcome:
    """What an event does at this state; a refusal leaves everything as it is."""
    return _HANDLERS.get(type(event), _refuse)(state, event, facts)


# Goods --------------------------------------------------------------------------------------------


def _item(state: State, event: ItemMeaning, facts: Facts) -> Outcome:
    goods = [one for one in facts.goods if one.item.id == event.item.id]
    if not goods:
        problem = problems.NotInShipment(item=event.item.title, order=facts.order)
        return _refused(state, problem)
    quantity = _said(event)
    if event.lot is not None:
        return _of_lot(state, goods, event.lot, quantity)
    lots = sorted({one.lot for one in goods if one.open > 0 and one.lot is not None})
    if len(lots) > 1:
        asked = replace(state, step="scan_lot", item_id=event.item.id, quantity=quantity)
        problem = problems.WhichLot(item=event.item.title, lots="、".join(lots))
        text = Message(problem.text, {key: str(value) for key, value in problem.data.items()})
        return Outcome(asked, text, "attention")
    return _check(state, goods, quantity)


def _said(event: ItemMeaning) -> Decimal:
    """How many base units one scan means."""
    said = said_quantity(event)
    if said is not None:
        return said
    return event.packaging.quantity if event.packaging else ONE


def _lot(state: State, event: LotMeaning, facts: Facts) -> Outcome:
    goods = [one for one in facts.goods if one.item.id == event.item.id]
    if not goods:
        problem = problems.NotInShipment(item=event.item.title, order=facts.order)
        return _refused(state, problem)
    in_hand = state.quantity if state.item_id == event.item.id else None
    return _of_lot(state, goods, event.lot.code, in_hand or ONE)


def _of_lot(state: State, goods: list[Goods], lot: str, quantity: Decimal) -> Outcome:
    same = [one for one in goods if one.lot == lot]
    if not same:
        picked = "、".join(sorted({one.lot for one in goods if one.lot})) or "—"
        item = goods[0].item.title
        return _refused(state, problems.LotNotPicked(lot=lot, item=item, picked=picked))
    return _check(state, same, quantity)


def _check(state: State, goods: list[Goods], quantity: Decimal, text: str = CHECKED) -> Outcome:
    item = goods[0].item
    left = sum((one.open for one in goods), ZERO)
    if not ZERO < quantity <= left:
        problem = problems.MoreThanPicked(
            item=item.title, open=plain(left), unit=item.base_unit, wanted=plain(quantity)
        )
        return _refused(state, problem)
    said = Message(text, _words(item, quantity))
    return Outcome(_ready(state), said, intents=(Check(tuple(_parts(goods, quantity))),))


def _parts(goods: Iterable[Goods], quantity: Decimal) -> Iterable[tuple[Goods, Decimal]]:
    """The first goods first, until the quantity is full."""
    for one in goods:
        part = min(one.open, quantity)
        if part > 0:
            yield one, part
            quantity -= part


def _words(item: ItemFacts, quantity: Decimal) -> dict[str, str]:
    return {"item": item.title, "quantity": plain(quantity), "unit": item.base_unit}


def _ready(state: State) -> State:
    return replace(state, step="scan_item", item_id=None, quantity=None)


def _typed(state: State, event: TypedQuantity, facts: Facts) -> Outcome:
    """The quantity of the last check, set anew."""
    last = facts.last
    if last is None:
        return _refused(state, problems.NothingToTakeBack())
    goods = [_given_back(one, last) for one in facts.goods if one.item.id == last.item.id]
    outcome = _check(state, [one for one in goods if one.lot_id == last.lot_id], event.quantity)
    if outcome.problem is not None:
        return outcome
    said = Message(CORRECTED, _words(last.item, event.quantity))
    return replace(outcome, message=said, intents=(Uncheck(), *outcome.intents))


def _given_back(goods: Goods, last: LastCheck) -> Goods:
    """As if the last check had not been."""
    if goods.lot_id != last.lot_id:
        return goods
    return replace(goods, checked=max(goods.checked - last.quantity, ZERO))


# Cartons and commands -----------------------------------------------------------------------------


def _unit(state: State, event: LogisticUnitMeaning, facts: Facts) -> Outcome:
    """A unit that was picked whole is checked whole; any other is a carton to pack into."""
    inside = [one for one in facts.goods if one.sscc == event.sscc]
    if inside:
        return _whole_unit(state, inside, event.sscc)
    if event.id is None:
        return _refused(state, problems.UnknownToPack(given=event.sscc))
    used = replace(_ready(state), carton_id=event.id, carton=event.sscc)
    said = Message(CARTON, {"sscc": event.sscc})
    return Outcome(used, said, intents=(UseCarton(event.id, event.sscc),))


def _whole_unit(state: State, inside: list[Goods], sscc: str) -> Outcome:
    parts = tuple((one, one.open) for one in inside if one.open > 0)
    if not parts:
        problem = problems.MoreThanPicked(
            item=sscc, open="0", unit=inside[0].item.base_unit, wanted="1"
        )
        return _refused(state, problem)
    total = sum((part for _, part in parts), ZERO)
    said = Message(CHECKED, {**_words(inside[0].item, total), "item": sscc})
    return Outcome(_ready(state), said, intents=(Check(parts),))


def _command(state: State, event: CommandMeaning, facts: Facts) -> Outcome:
    if event.name in ("UNDO", "CANCEL"):
        return _undo(state, facts)
    if event.name == "CARTON":
        return Outcome(_ready(state), Message(NEW_CARTON), intents=(NewCarton(),))
    if event.step is not None and facts.last is not None:
        return _typed(state, TypedQuantity(facts.last.quantity + event.step), facts)
    return Outcome(state, Message(SCAN), "attention")


def _undo(state: State, facts: Facts) -> Outcome:
    if state.step == "scan_lot":
        return Outcome(_ready(state), Message(TAKEN_BACK))
    if facts.last is None:
        return _refused(state, problems.NothingToTakeBack())
    return Outcome(_ready(state), Message(TAKEN_BACK), intents=(Uncheck(),))


# Everything else ----------------------------------------------------------------------------------


def _refused(state: State, problem: Problem) -> Outcome:
    return Outcome(state, Message(""), "refused", problem=problem)


def _document(state: State, event: DocumentMeaning, _facts: Facts) -> Outcome:
    return _refused(state, problems.NotForPacking(given=event.number))


def _location(state: State, event: LocationMeaning, _facts: Facts) -> Outcome:
    return _refused(state, problems.NotForPacking(given=event.code))


def _unknown(state: State, event: UnknownMeaning | UnreadableMeaning, _facts: Facts) -> Outcome:
    return _refused(state, problems.UnknownToPack(given=event.text))


def _refuse(state: State, event: object, _facts: Facts) -> Outcome:
    given = getattr(event, "text", None) or getattr(event, "code", None) or "?"
    return _refused(state, problems.NotForPacking(given=given))


_HANDLERS: dict[type[Any], Handler] = {
    ItemMeaning: _item,
    LotMeaning: _lot,
    LogisticUnitMeaning: _unit,
    CommandMeaning: _command,
    TypedQuantity: _typed,
    DocumentMeaning: _document,
    LocationMeaning: _location,
    UnknownMeaning: _unknown,
    UnreadableMeaning: _unknown,
}
