"""Which lines a burst of radio tags becomes, by the same rules as scans.  Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from decimal import Decimal

from app.kit.money import ZERO
from app.kit.problems import Problem
from app.ledger.problems import SerialInStock
from app.receiving import checks
from app.receiving.receive_steps import settle
from app.receiving.shares import Share, shares
from app.receiving.state import (
    ExpectedLine,
    Facts,
    Outcome,
    Pending,
    Receive,
    State,
)
from app.rfid.queries import Tag
from app.scanning.meanings import Dates, ItemFacts, LotFacts, PackagingFacts
from app.scanning.messages import Message

MOST_CONFIRMATIONS = 3
ASKS_FOR_LOT = ("scan_lot", "enter_expiry")


@dataclass(frozen=True)
class GivenLot:
    """What a person says about all pieces of a GTIN, because no tag says it."""

    lot: str = ""
    dates: Dates = Dates()
    known: LotFacts | None = None


@dataclass(frozen=True)
class TagGroup:
    """Tags of one GTIN that are to be received."""

    gtin: str
    item: ItemFacts
    packaging: PackagingFacts | None
    tags: Sequence[Tag]


@dataclass(frozen=True)
class Piece:
    """What becomes one receipt line, and the tags that are counted by it."""

    pending: Pending
    share: Share
    tags: Sequence[Tag]


@dataclass(frozen=True)
class Left:
    """Tags that are not received, and why."""

    count: int
    reason: Message
    code: str


@dataclass
class GroupPlan:
    """``asks`` is a deviation that a person may accept; ``wants_lot`` asks for lot or date."""

    group: TagGroup
    pieces: list[Piece] = field(default_factory=list[Piece])
    left: dict[str, Left] = field(default_factory=dict[str, Left])
    asks: Message | None = None
    wants_lot: bool = False

    @property
    def quantity(self) -> Decimal:
        """That will be received, in base units."""
        return sum((piece.share.quantity for piece in self.pieces), ZERO)

    def leave(self, count: int, reason: Message, code: str) -> None:
        known = self.left.get(code)
        total = count + (known.count if known else 0)
        self.left[code] = Left(total, reason, code)


@dataclass(frozen=True)
class Wishes:
    """What the person decided: GTINs whose deviation is accepted, lots by GTIN."""

    accepted: AbstractSet[str] = frozenset()
    lots: Mapping[str, GivenLot] = field(default_factory=dict[str, GivenLot])


class Planner:
    """Plans group after group: what one takes of the order's lines is gone for the next.

    ``in_stock`` are serial numbers by item that are in stock already, wherever.
    """

    def __init__(
        self, facts: Facts, decimals: int, in_stock: AbstractSet[tuple[int, str]], wishes: Wishes
    ) -> None:
        self.facts = facts
        self.decimals = decimals
        self.in_stock = in_stock
        self.wishes = wishes

    def plan(self, group: TagGroup) -> GroupPlan:
        made = GroupPlan(group)
        if group.item.has_serials:
            for tag in group.tags:
                self._plan_serial(made, tag)
        elif group.tags:
            self._settle(made, self._pending(group, len(group.tags)), group.tags)
        return made

    def _plan_serial(self, made: GroupPlan, tag: Tag) -> None:
        item = made.group.item
        if (item.id, tag.serial) in self.in_stock:
            return _refuse(made, SerialInStock(), 1)
        pending = replace(self._pending(made.group, 1), lot=tag.serial, known=None)
        return self._settle(made, pending, [tag])

    def _pending(self, group: TagGroup, count: int) -> Pending:
        given = self.wishes.lots.get(group.gtin, GivenLot())
        factor = group.packaging.quantity if group.packaging else Decimal(1)
        return Pending(
            item=group.item,
            key=group.gtin,
            packaging=group.packaging,
            # What is weighed is not counted: its weight has to be scanned.
            quantity=None if group.item.catch_weight else count * factor,
            lot=(given.lot or None) if group.item.has_lots else None,
            dates=given.dates,
            known=given.known,
        )

    def _settle(self, made: GroupPlan, pending: Pending, tags: Sequence[Tag]) -> None:
        problem = checks.lot_problem(pending.lot) if pending.lot is not None else None
        if problem is not None:
            return _refuse(made, problem, len(tags))
        outcome = self._outcome(made, pending)
        if outcome.problem is not None:
            return _refuse(made, outcome.problem, len(tags))
        if not outcome.intents:
            step = outcome.state.step
            made.asks = outcome.message if step == "confirm_deviation" else made.asks
            made.wants_lot = made.wants_lot or step in ASKS_FOR_LOT
            return made.leave(len(tags), outcome.message, step)
        intent = outcome.intents[0]
        assert isinstance(intent, Receive), "fresh goods correct nothing"
        return self._book(made, intent.pending, tags)

    def _outcome(self, made: GroupPlan, pending: Pending) -> Outcome:
        outcome = settle(State(), pending, self.facts)
        for _ in range(MOST_CONFIRMATIONS):
            asked = outcome.state.pending
            confirming = outcome.state.step == "confirm_deviation" and asked is not None
            if not confirming or asked is None or made.group.gtin not in self.wishes.accepted:
                break
            outcome = settle(State(), replace(asked, accepted=True), self.facts)
        return outcome

    def _book(self, made: GroupPlan, pending: Pending, tags: Sequence[Tag]) -> None:
        lines = list(self.facts.lines_of(pending.item.id))
        parts = shares(pending.quantity or ZERO, lines, self.decimals)
        for part in parts:
            # All tags hang on the first of several lines: they are taken back together.
            made.pieces.append(Piece(pending, part, tags))
            tags = []
        self._advance({part.order_line_id: part for part in parts})

    def _advance(self, parts: Mapping[int | None, Share]) -> None:
        lines = tuple(_given(line, parts.get(line.id)) for line in self.facts.lines)
        self.facts = replace(self.facts, lines=lines)


def _given(line: ExpectedLine, part: Share | None) -> ExpectedLine:
    if part is None:
        return line
    return replace(
        line,
        received=line.received + part.quantity,
        received_value=line.received_value + (part.amount or ZERO),
    )


def _refuse(made: GroupPlan, problem: Problem, count: int) -> None:
    values = {name: str(value) for name, value in problem.data.items()}
    made.leave(count, Message(problem.text, values), problem.code)
