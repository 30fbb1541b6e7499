"""Why a movement cost what it did: a chain of plain sentences, back to what was paid.

An issue leads to the layers (FIFO), the lot or the average that it was taken from, these to the
receipts behind them, and each receipt to its price, its landed cost and its corrections.  What was
made leads to what went into it, what came back to the issue that it had left by.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session

from app.costing import queries
from app.costing.queries import Entry, MoveHead, Taken, unit_cost
from app.costing.words import ENTRY_NAMES
from app.kit.formats import amount as money
from app.kit.formats import quantity as number
from app.kit.i18n import gettext, mark
from app.kit.money import ZERO
from app.ledger.pools import whole_company

DEEPEST, MOST_STEPS, MOST_INFLOWS = 4, 60, 8

FROM_LAYER = mark("{quantity} {unit} from what came in first")
ON_CREDIT = mark("{quantity} {unit} were not there: taken at the last known cost")
AT_AVERAGE = mark("{quantity} of {held} {unit}, which were worth {value} together")
IN_POOL = mark("What had come in last")
CAME_IN = mark("{quantity} {unit} came in")
LATER = mark("{kind}: became known later")
COVERED = mark("Goods that came later showed the real cost")
MADE_OF = mark("Made of, or sent on from, what cost {value}")
OVERHEAD = mark("Labour and overhead")
CAME_BACK = mark("Came back at the cost that it had left with")
TAKES_BACK = mark("Takes another movement back, at its value")
AMENDS = mark("Corrects the quantity of another movement")
ELSEWHERE = mark("From a store that you do not see")
WITHIN = mark("Moved within the stock: its value stayed the same")


@dataclass(frozen=True)
class Step:
    """One sentence of the chain.

    ``depth`` is how far behind the first figure it lies; ``amount`` what it contributed, signed as
    the figure above it; ``link`` the page that shows it.
    """

    depth: int
    words: str
    amount: Decimal | None
    each: Decimal | None = None
    at: datetime | None = None
    document: str = ""
    link: str = ""


@dataclass(frozen=True)
class Why:
    """``cost`` is what the move's goods cost by now (positive); ``posted`` what was known then."""

    head: MoveHead
    cost: Decimal
    posted: Decimal
    steps: list[Step]

    @property
    def each(self) -> Decimal | None:
        return unit_cost(self.cost, self.head.quantity)


def why(session: Session, move_id: int) -> Why:
    """Raises NoSuchMove."""
    head = queries.move_head(session, move_id)
    entries = queries.entries_of(session, move_id)
    chain = _Chain(session)
    chain.explain(head, entries, 0)
    sign = 1 if head.enters else -1
    own = [entry for entry in entries if entry.in_stock]
    first = {row.id for row in queries.taken(session, move_id)}
    beside = sum((entry.amount for entry in entries if not entry.in_stock), ZERO)
    cost = sign * sum((entry.amount for entry in own), ZERO) - sign * beside
    posted = sign * sum((entry.amount for entry in own if entry.id in first), ZERO)
    return Why(head, cost, posted, chain.steps)


@dataclass
class _Chain:
    session: Session
    steps: list[Step] = field(default_factory=list[Step])
    seen: set[int] = field(default_factory=set[int])

    @property
    def is_full(self) -> bool:
        return len(self.steps) >= MOST_STEPS

    def say(self, step: Step) -> None:
        if not self.is_full:
            self.steps.append(step)

    def explain(self, head: MoveHead, entries: list[Entry], depth: int) -> None:
        """What stands behind a move; every move is explained once."""
        if head.id in self.seen or depth > DEEPEST or self.is_full:
            return
        self.seen.add(head.id)
        if not head.enters and not head.leaves:
            self.say(Step(depth, gettext(WITHIN), None))
            return
        first = queries.taken(self.session, head.id)
        if head.leaves:
            self._left(head, first, depth)
        else:
            self._entered(head, entries, first, depth)
        self._later(entries, {row.id for row in first}, depth, 1 if head.enters else -1)

    # Out ------------------------------------------------------------------------------------------

    def _left(self, head: MoveHead, first: list[Taken], depth: int) -> None:
        for part in first:
            if part.layer_move_id == head.id:
                words = ON_CREDIT
            elif part.layer_move_id is not None:
                words = FROM_LAYER
            else:
                self._averaged(head, part, depth)
                continue
            self._part(head, part, words, depth)
            if part.layer_move_id not in {None, head.id}:
                self._behind(part.layer_move_id or 0, depth + 1)

    def _part(self, head: MoveHead, part: Taken, words: str, depth: int) -> None:
        said = gettext(words).format(quantity=number(-part.quantity), unit=head.unit)
        self.say(Step(depth, said, -part.amount, unit_cost(part.amount, part.quantity)))

    def _averaged(self, head: MoveHead, part: Taken, depth: int) -> None:
        with whole_company(self.session):
            held = queries.pool_before(self.session, part)
        said = gettext(AT_AVERAGE).format(
            quantity=number(-part.quantity),
            held=number(held.quantity),
            unit=head.unit,
            value=money(held.amount, head.decimals),
        )
        self.say(Step(depth, said, -part.amount, unit_cost(held.amount, held.quantity)))
        inflows = queries.inflows(self.session, part, MOST_INFLOWS)
        if inflows:
            self.say(Step(depth + 1, gettext(IN_POOL), None))
        for inflow in inflows:
            self._behind(inflow.move_id, depth + 2)

    # In -------------------------------------------------------------------------------------------

    def _behind(self, move_id: int, depth: int) -> None:
        """A move that brought goods in, with what stands behind it."""
        if depth > DEEPEST or move_id in self.seen or self.is_full:
            return
        head = queries.known_move(self.session, move_id)
        if head is None:
            self.say(Step(depth, gettext(ELSEWHERE), None))
            return
        entries = queries.entries_of(self.session, move_id)
        worth = sum((entry.amount for entry in entries if entry.in_stock), ZERO)
        origin = next((entry for entry in entries if entry.document), None)
        self.say(
            Step(
                depth,
                gettext(CAME_IN).format(quantity=number(head.quantity), unit=head.unit),
                worth,
                unit_cost(worth, head.quantity),
                head.occurred_at,
                origin.document if origin else "",
                f"/costing/moves/{move_id}",
            )
        )
        self.explain(head, entries, depth + 1)

    def _entered(
        self, head: MoveHead, entries: list[Entry], first: list[Taken], depth: int
    ) -> None:
        ends = queries.flow_into(self.session, head.id)
        if ends:
            self._made(head, ends, depth)
            return
        by_id = {entry.id: entry for entry in entries}
        for part in first:
            entry = by_id.get(part.id)
            if entry is None:
                continue
            self.say(_own_step(head, entry, part, depth))
            if part.kind == "return_in" and part.cause_move_id and part.cause_move_id != head.id:
                self._issue_of(part.cause_move_id, depth + 1)

    def _issue_of(self, move_id: int, depth: int) -> None:
        """The issue that goods came back from."""
        issue = queries.known_move(self.session, move_id)
        if issue is not None:
            self.explain(issue, queries.entries_of(self.session, move_id), depth)

    def _made(self, head: MoveHead, ends: list[queries.FlowEnd], depth: int) -> None:
        total = sum((end.worth for end in ends), ZERO)
        said = gettext(MADE_OF).format(value=money(total, head.decimals))
        self.say(Step(depth, said, total))
        for end in ends:
            if end.move_id is None:
                self.say(Step(depth + 1, gettext(OVERHEAD), end.worth))
                continue
            used = queries.known_move(self.session, end.move_id)
            if used is None:
                self.say(Step(depth + 1, gettext(ELSEWHERE), end.worth))
                continue
            words = f"{used.item_name} {number(used.quantity)} {used.unit}"
            link = f"/costing/moves/{used.id}"
            each = unit_cost(end.worth, used.quantity)
            self.say(Step(depth + 1, words, end.worth, each, used.occurred_at, "", link))

    # Later ----------------------------------------------------------------------------------------

    def _later(self, entries: list[Entry], first: set[int], depth: int, sign: int) -> None:
        for entry in entries:
            if entry.id not in first:
                self.say(_later_step(entry, depth, sign))


def _own_step(head: MoveHead, entry: Entry, part: Taken, depth: int) -> Step:
    words = gettext(ENTRY_NAMES[entry.kind])
    if head.reverses_id is not None:
        words = gettext(TAKES_BACK)
    elif head.amends_id is not None:
        words = gettext(AMENDS)
    elif part.kind == "return_in":
        words = gettext(CAME_BACK)
    return Step(
        depth,
        words,
        entry.amount,
        entry.unit_cost,
        entry.occurred_at,
        entry.document,
        entry.link,
    )


def _later_step(entry: Entry, depth: int, sign: int) -> Step:
    covers = entry.kind == "correction" and entry.in_stock and entry.quantity
    words = COVERED if covers else LATER
    said = gettext(words).format(kind=gettext(ENTRY_NAMES[entry.kind]))
    amount = sign * entry.amount if entry.in_stock else -sign * entry.amount
    link = entry.link
    if not link and entry.cause_move_id and entry.cause_move_id != entry.move_id:
        link = f"/costing/moves/{entry.cause_move_id}"
    return Step(depth, said, amount, None, entry.recorded_at, entry.document, link)


def lines(steps: list[Step]) -> Iterator[str]:
    """As plain text, indented: for the API's readers and tests."""
    for step in steps:
        figure = "" if step.amount is None else f": {number(step.amount)}"
        yield "  " * step.depth + step.words + figure
