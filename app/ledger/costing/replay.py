"""Pools gone through again, event by event in effective order: what each move would have cost.

This is the one definition of cost.  Posting does the same in small steps, and a move that is
entered late is valued by a replay from its moment on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from app.kit.money import ZERO
from app.ledger.costing.events import Event, Flow
from app.ledger.costing.flows import values
from app.ledger.costing.stock import Piece, Stock

Booked = dict[tuple[int, int, int], dict[datetime | None, list[Decimal]]]
"""(move, pool, layer) -> moment -> [quantity, amount], as the pool sees it."""


def book(booked: Booked, pool: int, piece: Piece, at: datetime | None) -> None:
    """Add a piece to what is booked."""
    sums = booked.setdefault((piece.move, pool, piece.layer), {}).setdefault(at, [ZERO, ZERO])
    sums[0] += piece.quantity
    sums[1] += piece.amount


@dataclass
class Replay:
    """Pools between two events, what moves did to them, and what is known of those before.

    ``costs`` are of moves that left before the replay began; ``flows`` and ``flow_of`` say which
    moves get their cost from which others.
    """

    stocks: dict[int, Stock]
    flows: Mapping[int, Flow] = field(default_factory=dict[int, Flow])
    flow_of: Mapping[int, int] = field(default_factory=dict[int, int])
    costs: dict[int, Decimal] = field(default_factory=dict)
    as_booked: Mapping[tuple[int, int], list[Piece]] = field(
        default_factory=dict[tuple[int, int], list[Piece]]
    )
    booked: Booked = field(default_factory=dict)
    shortest: dict[int, Decimal] = field(default_factory=dict)
    _amounts: dict[int, Decimal] = field(default_factory=dict)
    _held: dict[tuple[int, int], list[Piece]] = field(default_factory=dict)
    _of_issue: dict[int, tuple[int, int]] = field(default_factory=dict)
    _given_back: dict[int, list[Piece]] = field(default_factory=dict)

    def run(self, events: Iterable[Event]) -> Replay:
        """Apply events in the order given."""
        for event in events:
            self.apply(event)
        return self

    def apply(self, event: Event) -> list[Piece]:
        """One event: (state, event) -> (state, entries)."""
        stock = self.stocks[event.pool]
        pieces = self._pieces(stock, event)
        if event.unit_cost is not None:
            pieces += stock.set_unit_cost(event.move, event.unit_cost, event.counted)
        for piece in pieces:
            self._note(event.pool, piece, event.rank.at)
        return pieces

    def _pieces(  # noqa: PLR0911 - one for each kind of event
        self, stock: Stock, event: Event
    ) -> list[Piece]:
        match event.kind:
            case "put":
                amount = event.amount or ZERO
                return stock.put(event.move, event.quantity, amount, event.rank, event.layer)
            case "gain":
                return stock.gain(event.move, event.quantity, event.amount, event.rank)
            case "take":
                return stock.take(event.move, event.quantity, event.rank, event.of)
            case "take_amount":
                of = event.of or 0
                self._held.setdefault(self._of_issue.pop(of, (0, 0)), []).extend(
                    self._given_back.pop(of, [])
                )
                amount = event.amount if event.amount is not None else self._amounts.get(of, ZERO)
                return stock.take_amount(event.move, event.quantity, amount, event.rank, of)
            case "put_back":
                return self._come_back(stock, event)
            case "flow":
                amount = self._flowing(event, stock.decimals)
                return stock.put(event.move, event.quantity, amount, event.rank, event.layer)
            case "fixed":
                pieces = self.as_booked.get((event.move, event.pool), [])
                return stock.book(event.move, pieces, event.rank)

    def _come_back(self, stock: Stock, event: Event) -> list[Piece]:
        """Goods of an issue; what it had is kept, in case the return is taken back."""
        issue = (event.of or 0, event.pool)
        held = self._held.setdefault(issue, [])
        before = list(held)
        pieces = stock.put_back(event.move, held, event.quantity, event.rank)
        self._of_issue[event.move] = issue
        self._given_back[event.move] = _difference(before, held)
        return pieces

    def _flowing(self, event: Event, decimals: int) -> Decimal:
        flow = self.flows[self.flow_of[event.move]]
        shares = values(flow, self.costs, decimals)
        moves = [part.move for part in flow.parts]
        return shares[moves.index(event.move)]

    def _note(self, pool: int, piece: Piece, at: datetime | None) -> None:
        book(self.booked, pool, piece, at)
        self.costs[piece.move] = self.costs.get(piece.move, ZERO) - piece.amount
        self._amounts[piece.move] = self._amounts.get(piece.move, ZERO) + piece.amount
        if piece.quantity < 0:
            self._held.setdefault((piece.move, pool), []).append(piece)
        elif piece.layer == piece.move:
            self._repaid(pool, piece)

    def _repaid(self, pool: int, piece: Piece) -> None:
        """What was taken on credit is covered: the issue has it from the goods that cover it."""
        held = self._held.get((piece.move, pool), [])
        for index, taken in enumerate(held):
            if taken.layer == piece.layer:
                left = taken.quantity + piece.quantity
                if left < 0:
                    held[index] = Piece(taken.move, taken.layer, left, taken.amount + piece.amount)
                else:
                    del held[index]
                return


def _difference(before: list[Piece], after: list[Piece]) -> list[Piece]:
    """What was taken off the end of a list of pieces: the last of them perhaps only in part."""
    gone = before[len(after) :]
    if after and before[len(after) - 1] != after[-1]:
        whole, rest = before[len(after) - 1], after[-1]
        part = Piece(
            whole.move, whole.layer, whole.quantity - rest.quantity, whole.amount - rest.amount
        )
        return [part, *gone]
    return gone
