"""The steps that value took through pools, read from their history."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from app.kit.money import ZERO
from app.ledger.costing.events import Flow, Part
from app.ledger.costing.shares import Holder, Step
from app.ledger.costing.stock import AVERAGE
from app.ledger.history import Fact, History, Row


class Steps:
    """The steps of a history in effective order.

    ``after`` says behind which step a receipt's goods were in their layer.
    """

    def __init__(self, history: History) -> None:
        self.history = history
        self.steps: list[Step] = []
        self.after: dict[tuple[int, int], int] = {}
        self._held = _before(history)
        self._taken: dict[Holder, Decimal] = defaultdict(lambda: ZERO)
        self._takings: dict[int, list[Holder]] = defaultdict(list)
        self._arrived: dict[int, Decimal] = defaultdict(lambda: ZERO)
        self._done: set[int] = set()
        self._debts = _debts(history)
        self._entered = {
            row.move_id: Holder(row.pool_id, row.layer)
            for row in history.rows
            if row.quantity > 0 and row.move_id in history.flow_of
        }
        for row in sorted(history.rows, key=self._position):
            self._go(row)

    def _position(self, row: Row) -> tuple[datetime, int, int, bool]:
        fact = self.history.facts.get((row.pool_id, row.move_id))
        # What covers a debt is a row of the issue, dated when it was covered.
        if fact is None or fact.at != row.at:
            return (row.at, row.first_id, row.first_id, row.quantity < 0)
        return (*self.history.position(fact), row.quantity < 0)

    def _go(self, row: Row) -> None:
        if not row.quantity or (row.pool_id, row.layer) in self._debts:
            return
        stock = Holder(row.pool_id, row.layer)
        if row.quantity < 0:
            self._out(row, stock)
        else:
            fact = self.history.facts.get((row.pool_id, row.move_id))
            if fact is not None:
                self._in(row, stock, fact)
        self._held[stock] += row.quantity

    def _out(self, row: Row, stock: Holder) -> None:
        held = self._held[stock]
        taker = Holder(row.pool_id, row.layer, row.move_id)
        if held > 0:
            fraction = min(-row.quantity / held, Decimal(1))
            self.steps.append(Step(stock, taker, fraction, row.move_id))
        if taker not in self._taken:
            self._takings[row.move_id].append(taker)
        self._taken[taker] -= row.quantity

    def _in(self, row: Row, stock: Holder, fact: Fact) -> None:
        issue = fact.cause_move_id if fact.kind == "return_in" else None
        issue = issue or fact.reverses_id or fact.amends_id
        taker = Holder(row.pool_id, row.layer, issue or 0)
        if issue and self._taken.get(taker, ZERO) > 0:
            fraction = min(row.quantity / self._taken[taker], Decimal(1))
            self.steps.append(Step(taker, stock, fraction, row.move_id))
            self._taken[taker] -= row.quantity
        elif fact.flow_id is not None:
            self._flow(fact.flow_id, row, stock)
        self.after[row.pool_id, row.move_id] = len(self.steps)

    def _flow(self, flow_id: int, row: Row, stock: Holder) -> None:
        """An output takes its part; what goes back at its component's own cost goes first."""
        flow = self.history.flows[flow_id]
        if flow_id not in self._done:
            self._done.add(flow_id)
            for part in flow.parts:
                target = self._entered.get(part.move or 0)
                if part.basis == "component" and target is not None:
                    self._pass_on(flow, part, target, _of_component(flow, part), part.item)
        own = next(part for part in flow.parts if part.move == row.move_id)
        if own.basis in {"share", "part"}:
            self._pass_on(flow, own, stock, self._of_rest(flow_id, flow, own), None)
            self._arrived[flow_id] += own.weight

    def _pass_on(
        self, flow: Flow, part: Part, target: Holder, fraction: Decimal, item: int | None
    ) -> None:
        for ingredient in flow.ingredients:
            if item is None or ingredient.item == item:
                for taker in self._takings.get(ingredient.move, ()):
                    self.steps.append(Step(taker, target, fraction, part.move or 0))

    def _of_rest(self, flow_id: int, flow: Flow, own: Part) -> Decimal:
        """Which part of what no other output has taken yet."""
        if own.basis == "part":
            whole = sum((one.quantity for one in flow.ingredients), ZERO)
        else:
            whole = sum((part.weight for part in flow.parts if part.basis == "share"), ZERO)
        left = whole - self._arrived[flow_id]
        return min(own.weight / left, Decimal(1)) if left > 0 else ZERO


def _of_component(flow: Flow, part: Part) -> Decimal:
    used = sum((one.quantity for one in flow.ingredients if one.item == part.item), ZERO)
    return min(part.quantity / used, Decimal(1)) if used else ZERO


def _before(history: History) -> dict[Holder, Decimal]:
    """What each layer held just before the history."""
    held: dict[Holder, Decimal] = defaultdict(lambda: ZERO)
    for pool in history.pools.values():
        held[Holder(pool.id, AVERAGE)] = pool.quantity
    for layer in history.layers:
        held[Holder(layer.pool_id, layer.move_id)] = layer.remaining
        held[Holder(layer.pool_id, AVERAGE)] -= layer.remaining
    for row in history.rows:
        held[Holder(row.pool_id, row.layer)] -= row.quantity
    return held


def _debts(history: History) -> set[tuple[int, int]]:
    """Layers that are what an issue owes."""
    debts = {key for key, fact in history.facts.items() if fact.leaves}
    return debts | {(one.pool_id, one.move_id) for one in history.layers if one.remaining < 0}
