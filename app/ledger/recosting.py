"""A move that is entered late: its pool is gone through again from its moment on.

The quantity is posted at once.  What strict order would have made every later move cost is compared
with what is booked, and the differences are booked as corrections on those moves, caused by the
late one.  Nothing that was written is changed.  A long replay is a job: until it has run, pools,
entries and layers agree as always, only at the cost of the order of posting.
"""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session

from app.kit import ids, jobs, sql
from app.kit.database import SYSTEM
from app.kit.money import ZERO, plain, rounded
from app.kit.transactions import Envelope, run
from app.ledger import books
from app.ledger.books import Entry
from app.ledger.costing.events import Event, Kind
from app.ledger.costing.replay import Booked, Replay, book
from app.ledger.costing.stock import AVERAGE, Piece, Rank
from app.ledger.history import QUERIES, Fact, History, Row, load, stocks
from app.ledger.movements import Movement
from app.ledger.pools import QUERIES as POOLS
from app.ledger.pools import Pool, whole_company
from app.ledger.problems import InsufficientThen

# More entries than this are gone through by a job, so that nobody waits for them.
AT_ONCE = 1000
JOB = "ledger.recost"


_Moments = dict[datetime | None, list[Decimal]]
_Key = tuple[int, int, int]
_Role = tuple[Kind, Decimal | None, int | None, int | None]
"""What a move is in a replay: the event's kind, amount, ``of`` and ``layer``."""
_NOTHING = [ZERO, ZERO]
_NONE: _Moments = {}


@dataclass(frozen=True)
class _Pending:
    pool_id: int
    since: datetime
    cause_id: int | None


@dataclass(frozen=True)
class _Held:
    at: datetime
    held: Decimal


def refuse_short(session: Session, pool: Pool, movement: Movement, at: datetime) -> None:
    """What leaves late must have been there at its moment and at each one since.

    Raises:
        InsufficientThen.
    """
    with whole_company(session):
        if sql.value(session, QUERIES["may_owe"], {"pool_id": pool.id}):
            return
        values = {"pool_id": pool.id, "at": at, "quantity": pool.quantity - movement.quantity}
        least = sql.one(session, _Held, POOLS["short_later"], values)
    if least is not None and least.held < 0:
        item = sql.value(session, QUERIES["named_item"], {"item_id": movement.item_id})
        raise InsufficientThen(
            item=item,
            wanted=plain(movement.quantity),
            missing=plain(-least.held),
            day=least.at.date().isoformat(),
        )


def late(session: Session, envelope: Envelope, pool_id: int, since: datetime, move_id: int) -> None:
    """Value the pool anew from that moment on, because of this move."""
    found = {"move_id": move_id, "pool_id": pool_id}
    cause = sql.value(session, QUERIES["first_entry"], found)
    values = {"pool_id": pool_id, "since": since, "cause_id": cause}
    sql.execute(session, POOLS["ask_recost"], values)
    settle(session, envelope, pool_id)


def settle(session: Session, envelope: Envelope, pool_id: int) -> None:
    """What is pending of the pool: at once where it is little, else as a job."""
    with whole_company(session):
        pending = sql.one(session, _Pending, QUERIES["pending"], {"pool_id": pool_id})
        if pending is None:
            return
        asked = {"pool_id": pool_id, "since": pending.since, "most": AT_ONCE + 1}
        if sql.value(session, QUERIES["how_many"], asked) > AT_ONCE:
            jobs.defer(session, JOB, lock=JOB)
        else:
            _recost(session, envelope, pending)


def finish(session: Session, envelope: Envelope, pool_ids: Iterable[int]) -> None:
    """Do now what is pending of these pools, for who needs them in effective order."""
    for pool_id in sorted(pool_ids):
        pending = sql.one(session, _Pending, QUERIES["pending"], {"pool_id": pool_id})
        if pending is not None:
            _recost(session, envelope, pending)


@dataclass(frozen=True)
class RecostPool:
    pool_id: int


@dataclass(frozen=True)
class Recosted:
    """How many entries were changed by corrections."""

    corrections: int


def recost_pool(session: Session, command: RecostPool, envelope: Envelope) -> Recosted:
    """Do what is pending of the pool, however long it takes; other pools' work goes on."""
    with whole_company(session):
        pending = sql.one(session, _Pending, QUERIES["pending"], {"pool_id": command.pool_id})
        return Recosted(_recost(session, envelope, pending) if pending else 0)


@jobs.task(JOB)
def recost_pending(job: jobs.Job) -> None:
    """Every pool that is pending, each in a transaction of its own."""
    with job.database.reading(SYSTEM) as session:
        pending = sql.rows(session, _PoolId, QUERIES["every_pending"])
    for number, pool in enumerate(pending):
        jobs.report(job.database, JOB, number, len(pending))
        run(job.database, recost_pool, RecostPool(pool.pool_id), Envelope(ids.new_id(), SYSTEM))
    if pending:
        jobs.report(job.database, JOB, len(pending), len(pending))


@jobs.minutely("ledger.recost_minutely")
def recost_minutely(job: jobs.Job) -> None:
    """Late receipts whose scan did not wait for it."""
    recost_pending(job)


@dataclass(frozen=True)
class _PoolId:
    pool_id: int


# ---- Behind them ------------------------------------------------------------------------------


def _recost(session: Session, envelope: Envelope, pending: _Pending) -> int:
    with _without_collecting():
        history = load(session, {pending.pool_id: pending.since})
        replay = replayed(session, history)
        changes = _Changes(history, replay, pending.cause_id)
        changes.make_layers(session)
        written = books.append(session, envelope, changes.entries())
    for pool_id, stock in replay.stocks.items():
        if not stock.open:
            books.set_last_cost(session, pool_id, stock.last_cost)
    sql.execute(session, QUERIES["done"], {"pool_id": pending.pool_id})
    return written


@contextmanager
def _without_collecting() -> Generator[None]:
    """Millions of small objects, none in a circle: looking for circles among them again and again
    takes as long as the replay.  What is let go of is freed all the same.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def replayed(session: Session, history: History) -> Replay:
    """The history gone through again in effective order."""
    amounts = _amounts(history)
    placed = [
        (history.position(fact), event_of(history, fact, amounts))
        for fact in history.facts.values()
    ]
    placed += [((row.at, row.first_id, row.first_id), _fixed(row)) for row in _lone(history)]
    placed.sort(key=_place)
    events = [event for _position, event in placed]
    replay = Replay(
        stocks(session, history),
        flows=history.flows,
        flow_of=history.flow_of,
        costs=dict(history.costs),
        as_booked=_pieces(history, events),
    )
    for (_pool, move_id), fact in history.facts.items():
        if fact.leaves and move_id in replay.costs:
            replay.costs[move_id] = ZERO
    return replay.run(events)


def _place(placed: tuple[tuple[datetime, int, int], Event]) -> tuple[datetime, int, int]:
    return placed[0]


def _lone(history: History) -> list[Row]:
    return [row for row in history.rows if row.move_id < 0]


def _fixed(row: Row) -> Event:
    return Event(row.move_id, row.pool_id, "fixed", row.quantity, Rank(row.at, row.first_id))


def _booked(history: History) -> Booked:
    booked: Booked = {}
    for row in history.rows:
        piece = Piece(row.move_id, row.layer, row.quantity, row.amount)
        book(booked, row.pool_id, piece, row.at)
    return booked


def _pieces(history: History, events: Iterable[Event]) -> dict[tuple[int, int], list[Piece]]:
    """What was booked of the moves that stay as they are."""
    fixed = {(event.move, event.pool) for event in events if event.kind == "fixed"}
    pieces: dict[tuple[int, int], list[Piece]] = {}
    for row in history.rows if fixed else ():
        if (row.move_id, row.pool_id) in fixed:
            piece = Piece(row.move_id, row.layer, row.quantity, row.amount)
            pieces.setdefault((row.move_id, row.pool_id), []).append(piece)
    return pieces


def _amounts(history: History) -> dict[tuple[int, int], Decimal]:
    """What each move made of value in each pool, later corrections of it included."""
    amounts: dict[tuple[int, int], Decimal] = {}
    for row in history.rows:
        key = (row.move_id, row.pool_id)
        amounts[key] = amounts.get(key, ZERO) + row.amount
    return amounts


def event_of(history: History, fact: Fact, amounts: dict[tuple[int, int], Decimal]) -> Event:
    """What a move is to the replay."""
    value = amounts[fact.move_id, fact.pool_id]
    played = _leaving if fact.leaves else _entering
    kind, amount, of, layer = played(history, fact, value)
    return Event(
        fact.move_id, fact.pool_id, kind, fact.quantity, Rank(fact.at, fact.first_id), amount,
        of, layer, fact.sets_cost, fact.counted or ZERO,
    )  # fmt: skip


def _entering(history: History, fact: Fact, value: Decimal) -> _Role:
    back_to = fact.cause_move_id if fact.kind == "return_in" else fact.reverses_id or fact.amends_id
    issue = history.facts.get((fact.pool_id, back_to or 0))
    if fact.counted is not None:
        cost = None
        if fact.priced and fact.amends_id is None:
            cost = value / fact.quantity
        return "gain", cost, None, None
    if issue is not None and issue.leaves:
        return "put_back", value, issue.move_id, None
    if fact.kind == "return_in" or (back_to and fact.amends_id is None):
        return "fixed", value, None, None
    if fact.flow_id is not None:
        return "flow", value, None, None
    if not fact.priced:
        return "gain", None, None, None
    return "put", value, None, fact.amends_id


def _leaving(history: History, fact: Fact, value: Decimal) -> _Role:
    if fact.kind == "return_out":
        return "take", value, fact.cause_move_id, None
    receipt = history.facts.get((fact.pool_id, fact.reverses_id or fact.amends_id or 0))
    if receipt is None or receipt.leaves or fact.counted is not None:
        return "take", value, None, None
    share = None
    if fact.reverses_id is None:
        share = _share_of_receipt(history, fact, receipt)
    return "take_amount", share, receipt.move_id, None


def _share_of_receipt(history: History, fact: Fact, receipt: Fact) -> Decimal:
    """What a receipt that is amended to less gives back."""
    own = (receipt.move_id, fact.pool_id)
    brought = sum((row.amount for row in history.rows if (row.move_id, row.pool_id) == own), ZERO)
    decimals = history.pools[fact.pool_id].decimals
    return rounded(brought * fact.quantity / receipt.quantity, decimals)


class _Changes:
    """What makes of what is booked what the replay found."""

    def __init__(self, history: History, replay: Replay, cause_id: int | None) -> None:
        self.history, self.cause_id = history, cause_id
        self.booked, self.replayed = _booked(history), replay.booked
        self.lone = {row.move_id: row for row in _lone(history)}
        self.layers = {(layer.pool_id, layer.move_id): layer.id for layer in history.layers}
        self.keys = sorted(
            key for key in self.booked.keys() | self.replayed.keys()
            if self.booked.get(key, _NONE) != self.replayed.get(key, _NONE)
        )  # fmt: skip

    def make_layers(self, session: Session) -> None:
        """Layers that the replay has and the books have not."""
        for key in self.keys:
            _move_id, pool_id, layer = key
            if layer == AVERAGE or (pool_id, layer) in self.layers:
                continue
            changes = self._of(key)
            if changes:
                size = max(abs(quantity) for _at, quantity, _amount in changes)
                made = books.layer_id(session, pool_id, layer, size, self._own(key).at)
                self.layers[pool_id, layer] = made

    def entries(self) -> Iterator[Entry]:
        """The corrections, in order of moves."""
        for key in self.keys:
            move_id, pool_id, layer = key
            fact = self.history.facts.get((pool_id, move_id))
            store_id = (fact or self.lone[move_id]).store_id
            for at, quantity, amount in self._of(key):
                yield Entry(
                    store_id, move_id if fact else None, pool_id, self.layers.get((pool_id, layer)),
                    quantity, amount, "correction", max(at, fact.books_at) if fact else at,
                    cause_id=self.cause_id,
                )  # fmt: skip

    def _own(self, key: _Key) -> Fact | Row:
        move_id, pool_id, _layer = key
        return self.history.facts.get((pool_id, move_id)) or self.lone[move_id]

    def _of(self, key: _Key) -> list[tuple[datetime, Decimal, Decimal]]:
        was, now = self.booked.get(key, _NONE), self.replayed.get(key, _NONE)
        return _changes(was, now, self._own(key).at)


def _changes(was: _Moments, now: _Moments, at: datetime) -> list[tuple[datetime, Decimal, Decimal]]:
    """(moment, quantity, amount) that lead from one to the other.

    Goods change at their own moments; value that is all that changes does so at the move's, so that
    what a voucher added later keeps its day.
    """
    if len(was.keys() | now.keys()) == 1:
        return _one_change(was, now, at)
    whole = _sum(now, 1) - _sum(was, 1)
    if _goods(was) == _goods(now):
        return [(at, ZERO, whole)] if whole else []
    found = {
        moment or at: [
            (now.get(moment) or _NOTHING)[which] - (was.get(moment) or _NOTHING)[which]
            for which in (0, 1)
        ]
        for moment in _goods(was).keys() | _goods(now).keys()
    }
    found.setdefault(at, [ZERO, ZERO])[1] += whole - sum((one[1] for one in found.values()), ZERO)
    return [(moment, one[0], one[1]) for moment, one in found.items() if one[0] or one[1]]


def _one_change(
    was: _Moments, now: _Moments, at: datetime
) -> list[tuple[datetime, Decimal, Decimal]]:
    """The same where everything is of one moment, as nearly always."""
    (moment,) = now or was
    before, after = was.get(moment, _NOTHING), now.get(moment, _NOTHING)
    quantity, amount = after[0] - before[0], after[1] - before[1]
    if quantity:
        return [(moment or at, quantity, amount)]
    return [(at, ZERO, amount)] if amount else []


def _goods(moments: _Moments) -> dict[datetime | None, Decimal]:
    """The quantities, where there are any."""
    return {moment: one[0] for moment, one in moments.items() if one[0]}


def _sum(moments: _Moments, which: int) -> Decimal:
    return sum((one[which] for one in moments.values()), ZERO)
