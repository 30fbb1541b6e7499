"""What became of each event, read back from the rows that carry it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlmodel import Session

from app.kit import sql
from app.kit.money import ZERO
from app.scenarios import events
from app.scenarios.book import Book, Posting
from app.scenarios.figures import QUERIES, Figures, text


@dataclass(frozen=True)
class Moved:
    """What an event's moves did, by now and when it was posted (``first``).

    ``stock`` is value that came in (negative: left), ``beside`` what was charged outside of it,
    ``credit`` what the supplier gives back.
    """

    quantity: Decimal
    stock: Decimal
    stock_first: Decimal
    beside: Decimal
    beside_first: Decimal
    credit: Decimal

    @property
    def cost(self) -> Decimal:
        return self.beside - self.stock

    @property
    def cost_first(self) -> Decimal:
        return self.beside_first - self.stock_first


@dataclass(frozen=True)
class Reading:
    """One posted event and the rows to read it from."""

    session: Session
    book: Book
    posting: Posting

    def moved(self, moves: Sequence[int]) -> Moved:
        values = {"moves": list(moves)}
        own = [row.id for row in sql.rows(self.session, _Id, QUERIES["own_moves"], values)]
        asked: dict[str, Any] = {"moves": own, "command_id": self.posting.command_id}
        found = sql.one(self.session, Moved, QUERIES["moved"], asked)
        assert found is not None, "a sum without its row"
        return found

    @property
    def whole(self) -> Moved:
        return self.moved(self.posting.moves)


@dataclass(frozen=True)
class _Id:
    id: int


def tell(session: Session, book: Book, posting: Posting) -> Figures:
    """The figures of a posted event, after all events that followed."""
    reading = Reading(session, book, posting)
    teller = TELLERS.get(type(posting.event))
    told = teller(reading) if teller else {}
    return {**told, **_numbers(posting)}


def _numbers(posting: Posting) -> Figures:
    """What the product's own code answered when it was posted."""
    kept = ("allocation", "to_stock", "to_cogs", "quantities")
    return {
        name: [text(number) for number in posting.numbers[name]]
        for name in kept
        if name in posting.numbers
    }


# By the kind of event ----------------------------------------------------------------------------


def _received(reading: Reading) -> Figures:
    moved = reading.whole
    trued_up = sql.value(reading.session, QUERIES["trued_up"], {"moves": reading.posting.moves})
    return {
        "value": text(moved.stock),
        "value_when_posted": text(moved.stock_first),
        "true_up": text(trued_up),
    }


def _issued(reading: Reading) -> Figures:
    moved = reading.whole
    return {
        "cogs": text(moved.cost),
        "cogs_when_posted": text(moved.cost_first),
        "value": text(-moved.stock),
        "value_when_posted": text(-moved.stock_first),
    }


def _returned_in(reading: Reading) -> Figures:
    moved = reading.whole
    return {
        "value": text(-moved.cost),
        "value_when_posted": text(-moved.cost_first),
        "cogs": text(moved.cost),
        "cogs_when_posted": text(moved.cost_first),
    }


def _returned_out(reading: Reading) -> Figures:
    moved = reading.whole
    return {
        "value": text(moved.cost),
        "value_when_posted": text(moved.cost_first),
        "credit": text(moved.credit),
        "variance": text(moved.cost - moved.credit),
    }


def _counted(reading: Reading) -> Figures:
    moved = reading.whole
    unplaced = sql.value(
        reading.session, QUERIES["unplaced"], {"command_id": reading.posting.command_id}
    )
    return {
        "value": text(moved.stock + unplaced),
        "value_when_posted": text(moved.stock_first + unplaced),
        "delta": text(moved.quantity),
    }


def _transferred(reading: Reading) -> Figures:
    moved = reading.whole
    return {"value": text(moved.stock), "value_when_posted": text(moved.stock_first)}


def _produced(reading: Reading) -> Figures:
    posting = reading.posting
    outputs = [
        value if move_id is None else reading.moved([move_id]).stock
        for move_id, value in zip(posting.outputs, posting.numbers["values"], strict=True)
    ]
    consumed = iter([reading.moved([move_id]).cost for move_id in posting.consumed])
    return {
        "cost": text(sum(outputs, ZERO)),
        "consumed": [text(sum(islice(consumed, count), ZERO)) for count in posting.lines],
        "outputs": [text(value) for value in outputs],
    }


def _disassembled(reading: Reading) -> Figures:
    posting = reading.posting
    goods = -reading.moved(posting.consumed).stock
    recovered = [
        reading.moved([move_id]).stock for move_id in posting.outputs if move_id is not None
    ]
    return {
        "fg_value": text(goods),
        "recovered": [text(value) for value in recovered],
        "variance": text(goods - sum(recovered, ZERO)),
    }


TELLERS: dict[type[events.Event], Callable[[Reading], Figures]] = {
    events.Receive: _received,
    events.Issue: _issued,
    events.ReturnIn: _returned_in,
    events.ReturnOut: _returned_out,
    events.CountAdjust: _counted,
    events.Reconcile: _counted,
    events.Transfer: _transferred,
    events.Produce: _produced,
    events.Disassemble: _disassembled,
}
