"""The stock of one cost pool, pure: what each event does to its layers.  Decimal only.

A pool is a queue of layers (FIFO) or one average (moving average; specific is one of these per
lot).  Each layer carries quantity and value.  What is issued and was not there becomes a debt, a
layer below zero at the last known cost; the goods that come next cover it at their own cost, and
the difference is the issue's.  Quantity zero always means value zero.

Events return pieces, signed as the pool sees them: of which move, from or to which layer, how much.
A layer is named by the move that made it; ``AVERAGE`` is the layer of a pool without a queue.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from app.kit.money import ZERO, rounded, split

AVERAGE = 0
UNIT_COST_DECIMALS = 6


def each(amount: Decimal, quantity: Decimal) -> Decimal:
    """The unit cost, for people and for what is estimated; never the truth."""
    return rounded(amount / quantity, UNIT_COST_DECIMALS)


class Piece(NamedTuple):
    """What ``move`` did to ``layer``: quantity and value in (positive) or out (negative)."""

    move: int
    layer: int
    quantity: Decimal
    amount: Decimal


class Rank(NamedTuple):
    """The place in the queue: effective moment, then order of posting."""

    at: datetime | None
    number: int


@dataclass
class Layer:
    """``quantity`` and ``value`` left; both negative for a debt."""

    move: int
    rank: Rank
    quantity: Decimal
    value: Decimal

    def part(self, quantity: Decimal, decimals: int) -> Decimal:
        """The value of so much of it, signed as its value; all of it for the last piece."""
        if quantity == abs(self.quantity):
            return self.value
        share = rounded(self.value * quantity / abs(self.quantity), decimals)
        # Rounding may ask for a cent more than there is where the value is next to nothing.
        return min(share, self.value) if self.value >= 0 else max(share, self.value)

    def change(self, quantity: Decimal, amount: Decimal) -> None:
        self.quantity += quantity
        self.value += amount


class Stock:
    """One pool between two events.

    Args:
        queued: FIFO; otherwise everything is one average.
        decimals: of the currency.
        last_cost: what one is taken to cost when nothing is there.
    """

    def __init__(
        self, *, queued: bool, decimals: int, last_cost: Decimal, layers: Iterable[Layer] = ()
    ) -> None:
        self.queued, self.decimals, self.last_cost = queued, decimals, last_cost
        self.layers: dict[int, Layer] = {}
        self.ranks: dict[int, Rank] = {}
        self.open: list[tuple[Rank, int]] = []
        self.debts: list[tuple[Rank, int]] = []
        for layer in layers:
            self.add(layer)

    @property
    def quantity(self) -> Decimal:
        return sum((layer.quantity for layer in self.layers.values()), ZERO)

    @property
    def value(self) -> Decimal:
        return sum((layer.value for layer in self.layers.values()), ZERO)

    def put(
        self, move: int, quantity: Decimal, amount: Decimal, rank: Rank, layer: int | None = None
    ) -> list[Piece]:
        """Goods come in at ``amount``; debts are covered first, at what these goods cost.

        ``layer`` is the layer that they belong to where it is not their own.
        """
        own = layer or move if self.queued else AVERAGE
        pieces = [Piece(move, own, quantity, amount)]
        covered = self._covered(quantity)
        pieces += self._cover(own, covered, amount - self._kept(quantity, amount, covered))
        self._apply(pieces, rank)
        self._remember(quantity, amount)
        return pieces

    def gain(
        self, move: int, quantity: Decimal, unit_cost: Decimal | None, rank: Rank
    ) -> list[Piece]:
        """Goods are found: worth ``unit_cost`` each, or what the others are worth.

        Debts are covered at what they were estimated at: nothing new is known of their cost.
        """
        covered = self._covered(quantity)
        estimates = self._estimates(covered)
        each = self.average if unit_cost is None else unit_cost
        rest = rounded(each * (quantity - covered), self.decimals)
        own = move if self.queued else AVERAGE
        pieces = [Piece(move, own, quantity, rest + sum((e[2] for e in estimates), ZERO))]
        for debt, taken, estimate in estimates:
            pieces.append(Piece(debt, own, -taken, -estimate))
            pieces.append(Piece(debt, debt, taken, estimate))
        self._apply(pieces, rank)
        return pieces

    def take(
        self, move: int, quantity: Decimal, rank: Rank, first: int | None = None
    ) -> list[Piece]:
        """Goods leave: the oldest first (``first`` before all others), or at the average."""
        pieces: list[Piece] = []
        left = quantity
        if first is not None and self.queued and first in self.layers:
            left -= self._take_from(self.layers[first], left, move, pieces)
        while left and self.open:
            left -= self._take_from(self.layers[self.open[0][1]], left, move, pieces)
        if left:
            pieces.append(self._owe(move, left, rank))
        return pieces

    def take_amount(
        self, move: int, quantity: Decimal, amount: Decimal, rank: Rank, first: int
    ) -> list[Piece]:
        """A receipt is taken back at its own ``amount``, as far as the pool can give it.

        Under a queue its own layer gives what it is worth.
        """
        if self.queued or AVERAGE not in self.layers or quantity > self.layers[AVERAGE].quantity:
            return self.take(move, quantity, rank, first)
        layer = self.layers[AVERAGE]
        leaving = layer.value if quantity == layer.quantity else min(amount, layer.value)
        pieces = [Piece(move, AVERAGE, -quantity, -leaving)]
        self._apply(pieces, layer.rank)
        return pieces

    def put_back(self, move: int, taken: list[Piece], quantity: Decimal, rank: Rank) -> list[Piece]:
        """What an issue took comes back: last taken first, at what it was taken for.

        ``taken`` is what the issue still has, per layer; it is changed to what it has afterwards.
        """
        pieces: list[Piece] = []
        left = quantity
        while left and taken:
            last = taken.pop()
            part = min(left, -last.quantity)
            holder = Layer(last.move, rank, -last.quantity, -last.amount)
            amount = holder.part(part, self.decimals)
            if part < -last.quantity:
                rest = Piece(last.move, last.layer, last.quantity + part, last.amount + amount)
                taken.append(rest)
            pieces += self._restore(move, last, part, amount, rank)
            left -= part
        # More than it still has (another return was taken back): what the others are worth.
        return pieces + self.gain(move, left, None, rank) if left else pieces

    def revalue(self, move: int, amount: Decimal) -> list[Piece]:
        """Add to the value, in proportion to it (to quantity where it is worthless).

        Raises:
            ValueError: there is nothing to carry it, or less value than is taken off.
        """
        layers = [self.layers[number] for _rank, number in self.open]
        if not layers or self.value + amount < 0:
            raise ValueError("no stock to revalue")
        weights = [layer.value for layer in layers]
        if not any(weights):
            weights = [layer.quantity for layer in layers]
        return self._revalued(move, layers, split(amount, weights, self.decimals))

    def set_unit_cost(self, move: int, unit_cost: Decimal, counted: Decimal) -> list[Piece]:
        """Make what was counted worth ``unit_cost`` each: all that is there, or its share of it."""
        layers = [self.layers[number] for _rank, number in self.open]
        quantities = [layer.quantity for layer in layers]
        if not layers:
            return []
        if counted < sum(quantities, ZERO):
            worth = rounded(self.average * counted, self.decimals)
            return self.revalue(move, rounded(unit_cost * counted, self.decimals) - worth)
        total = rounded(unit_cost * sum(quantities, ZERO), self.decimals)
        values = split(total, quantities, self.decimals)
        changes = [value - layer.value for value, layer in zip(values, layers, strict=True)]
        return self._revalued(move, layers, changes)

    def book(self, move: int, pieces: list[Piece], rank: Rank) -> list[Piece]:
        """What was decided elsewhere: goods to their layers, value as far as there is any."""
        found: list[Piece] = []
        for piece in pieces:
            if piece.quantity > 0:
                back = Piece(piece.layer, piece.layer, -piece.quantity, -piece.amount)
                owed = self.layers.get(piece.layer)
                if owed is not None and owed.quantity < 0:
                    found += self._restore(move, back, piece.quantity, piece.amount, rank)
                else:
                    found += self.put(move, piece.quantity, piece.amount, rank, piece.layer)
            elif piece.quantity < 0:
                found += self.take(move, -piece.quantity, rank, piece.layer)
            elif self.open:
                found += self.revalue(move, max(piece.amount, -self.value))
        return found

    @property
    def average(self) -> Decimal:
        """What one is worth, unrounded; the last known cost where nothing is there."""
        quantity = self.quantity
        return self.value / quantity if quantity > 0 else self.last_cost

    # ---- Behind them ----------------------------------------------------------------------------

    def _revalued(self, move: int, layers: list[Layer], changes: list[Decimal]) -> list[Piece]:
        pieces = [
            Piece(move, layer.move, ZERO, change)
            for layer, change in zip(layers, changes, strict=True)
            if change
        ]
        for piece in pieces:
            self.layers[piece.layer].change(ZERO, piece.amount)
        return pieces

    def _covered(self, quantity: Decimal) -> Decimal:
        owed = -sum((self.layers[number].quantity for _rank, number in self.debts), ZERO)
        return min(quantity, owed)

    def _kept(self, quantity: Decimal, amount: Decimal, covered: Decimal) -> Decimal:
        """What of the amount stays with the goods that cover nothing."""
        if not covered:
            return amount
        return rounded(amount * (quantity - covered) / quantity, self.decimals)

    def _estimates(self, covered: Decimal) -> list[tuple[int, Decimal, Decimal]]:
        """Of the oldest debts that make up ``covered``: whose, how much, estimated at what."""
        found: list[tuple[int, Decimal, Decimal]] = []
        for _rank, number in self.debts:
            if not covered:
                break
            debt = self.layers[number]
            part = min(covered, -debt.quantity)
            found.append((number, part, -debt.part(part, self.decimals)))
            covered -= part
        return found

    def _cover(self, own: int, covered: Decimal, amount: Decimal) -> list[Piece]:
        """The debts are paid from ``own``: each at its share of ``amount``, not as estimated."""
        pieces: list[Piece] = []
        for debt, part, estimate in self._estimates(covered):
            cost = rounded(amount * part / covered, self.decimals)
            pieces.append(Piece(debt, own, -part, -cost))
            pieces.append(Piece(debt, debt, part, estimate))
            covered, amount = covered - part, amount - cost
        return pieces

    def _restore(
        self, move: int, last: Piece, part: Decimal, amount: Decimal, rank: Rank
    ) -> list[Piece]:
        if last.layer != last.move:
            return self.put(move, part, amount, rank, last.layer)
        # It was taken on credit: what is still owed of it is owed no more.
        debt = self.layers.get(last.layer)
        owed = min(part, -debt.quantity) if debt is not None and debt.quantity < 0 else ZERO
        pieces: list[Piece] = []
        if debt is not None and owed:
            own = -debt.part(owed, self.decimals)
            pieces.append(Piece(move, last.layer, owed, own))
            self._apply(pieces, rank)
            amount -= own
        if part > owed:
            return pieces + self.put(move, part - owed, max(amount, ZERO), rank)
        return pieces

    def _take_from(self, layer: Layer, left: Decimal, move: int, pieces: list[Piece]) -> Decimal:
        part = min(left, layer.quantity)
        if part <= 0:
            return ZERO
        amount = layer.part(part, self.decimals)
        pieces.append(Piece(move, layer.move, -part, -amount))
        layer.change(-part, -amount)
        if not layer.quantity:
            self.last_cost = each(amount, part)
            self._drop(layer)
        return part

    def _owe(self, move: int, left: Decimal, rank: Rank) -> Piece:
        piece = Piece(move, move, -left, -rounded(left * self.last_cost, self.decimals))
        self._apply([piece], rank)
        return piece

    def _remember(self, quantity: Decimal, amount: Decimal) -> None:
        """The last known cost, for who takes what is not there."""
        if not self.open:
            self.last_cost = each(amount, quantity)

    def _apply(self, pieces: list[Piece], rank: Rank) -> None:
        changes: dict[int, list[Decimal]] = {}
        for piece in pieces:
            change = changes.setdefault(piece.layer, [ZERO, ZERO])
            change[0] += piece.quantity
            change[1] += piece.amount
        for number, (quantity, amount) in changes.items():
            layer = self.layers.get(number)
            if layer is None:
                self.add(Layer(number, self.ranks.get(number, rank), quantity, amount))
            else:
                layer.change(quantity, amount)
                if not layer.quantity:
                    self._drop(layer)

    def add(self, layer: Layer) -> None:
        """Put a layer (or a debt) where it belongs in the queue."""
        # One that was emptied and is restored takes its old place in the queue again.
        self.ranks.setdefault(layer.move, layer.rank)
        if layer.quantity:
            self.layers[layer.move] = layer
            queue = self.open if layer.quantity > 0 else self.debts
            insort(queue, (layer.rank, layer.move))

    def _drop(self, layer: Layer) -> None:
        del self.layers[layer.move]
        for queue in (self.open, self.debts):
            if (layer.rank, layer.move) in queue[:1]:
                del queue[0]
                return
            if (layer.rank, layer.move) in queue:
                queue.remove((layer.rank, layer.move))
                return
