"""What becomes known later: charges and prices of earlier receipts, quantities, values."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from sqlmodel import Session

from app.kit import sql
from app.kit.money import ZERO, plain, rounded
from app.kit.transactions import Envelope
from app.ledger import books, recosting
from app.ledger.books import Entry
from app.ledger.costing.shares import Added, Holder, Spread, Step, connected, spread
from app.ledger.costing.stock import AVERAGE, Piece
from app.ledger.following import Steps
from app.ledger.history import QUERIES, History, load
from app.ledger.movements import Movement, Place, Posted
from app.ledger.moving import take_receipt_back, value_back, value_in, value_out
from app.ledger.pools import Moment, Pool, locked, past, whole_company
from app.ledger.posting import StoredMove, post_by, stored_move
from app.ledger.problems import (
    AlreadyReversed,
    MoveNotFound,
    NothingToAmend,
    NothingToRevalue,
    PeriodClosed,
)
from app.ledger.valuing import Valued


@dataclass(frozen=True)
class Correction:
    """``amount`` more (or, negative, less) that the goods of the receipt ``move_id`` cost.

    ``kind``: ``landed`` for charges, ``correction`` for prices.
    """

    move_id: int
    amount: Decimal
    kind: Literal["landed", "correction"] = "landed"
    reason: str = ""


@dataclass(frozen=True)
class Corrected:
    """Where a correction went: to goods still in stock (any pool), and to those that are gone."""

    move_id: int
    to_stock: Decimal
    to_cogs: Decimal


@dataclass(frozen=True)
class Revaluation:
    """A new value of what is in stock: ``amount`` more or less, or all of it at ``unit_cost``."""

    store_id: int
    item_id: int
    lot_id: int | None = None
    amount: Decimal | None = None
    unit_cost: Decimal | None = None
    reason: str = ""


def preview(session: Session, corrections: Sequence[Correction]) -> list[Corrected]:
    """What ``correct`` would answer now.  Writes nothing.

    Raises:
        MoveNotFound, AlreadyReversed.
    """
    with whole_company(session):
        return _Correcting(session, corrections, None).answers()


def correct(
    session: Session, envelope: Envelope, corrections: Sequence[Correction]
) -> list[Corrected]:
    """Add to what earlier receipts cost: the share still in stock revalues it, the rest follows
    the goods to the issues that took them.

    By the item's own method: under FIFO and specific costing by what is left of the receipt's layer
    or lot, under moving average by the fraction of the receipt that is still in the pool (each
    issue took proportionally from all that the pool held).  What went into production or to another
    store is followed there.

    Raises:
        MoveNotFound: no receipt of valued goods.
        AlreadyReversed: it was taken back.
        PeriodClosed.
    """
    with whole_company(session):
        correcting = _Correcting(session, corrections, envelope)
        refuse_closed(session, [one.store_id for one in correcting.receipts.values()], envelope)
        correcting.write(envelope)
        return correcting.answers()


def refuse_closed(session: Session, store_ids: Sequence[int], envelope: Envelope) -> None:
    """Raises PeriodClosed where the day of the command is closed."""
    values = {"store_ids": list(set(store_ids)), "at": past(envelope.occurred_at)}
    if sql.value(session, QUERIES["is_closed"], values):
        raise PeriodClosed


@dataclass(frozen=True)
class _Receipt:
    move_id: int
    pool_id: int
    at: datetime
    store_id: int
    quantity: Decimal
    layer: int | None
    layer_id: int | None
    is_reversed: bool


@dataclass(frozen=True)
class _Group:
    """Corrections of one kind and one sign whose goods went the same ways."""

    numbers: list[int]
    spread: Spread


class _Correcting:
    """Corrections that are worked out together, from one look at their pools.

    ``envelope`` is of the command that will write them; None for who only looks.
    """

    def __init__(
        self, session: Session, corrections: Sequence[Correction], envelope: Envelope | None
    ) -> None:
        self.session, self.corrections = session, corrections
        self.receipts = self._receipts()
        since: dict[int, datetime] = {}
        for receipt in self.receipts.values():
            since[receipt.pool_id] = min(since.get(receipt.pool_id, receipt.at), receipt.at)
        if envelope is not None:
            recosting.finish(session, envelope, since)
        self.history: History = load(session, since, lock=envelope is not None)
        self.layers = {(one.pool_id, one.move_id): one.id for one in self.history.layers}
        self.steps = Steps(self.history)
        self.groups = list(self._groups())

    def _receipts(self) -> dict[int, _Receipt]:
        asked = {"move_ids": [one.move_id for one in self.corrections]}
        rows = sql.rows(self.session, _Receipt, QUERIES["receipts"], asked)
        found = {row.move_id: row for row in rows}
        for one in self.corrections:
            receipt = found.get(one.move_id)
            if receipt is None or receipt.quantity <= 0:
                raise MoveNotFound
            if receipt.is_reversed:
                raise AlreadyReversed
        return found

    def _holder(self, number: int) -> Holder:
        receipt = self.receipts[self.corrections[number].move_id]
        return Holder(receipt.pool_id, receipt.layer or AVERAGE)

    def _groups(self) -> Iterator[_Group]:
        steps, numbers = self.steps.steps, connected(self.steps.steps)
        parts: dict[int, list[int]] = defaultdict(list)
        for index, step in enumerate(steps):
            parts[numbers[step.source]].append(index)
        together: dict[tuple[object, str, bool], list[int]] = defaultdict(list)
        for number, one in enumerate(self.corrections):
            holder = self._holder(number)
            part = numbers.get(holder, holder)
            together[part, one.kind, one.amount < 0].append(number)
        for (part, _kind, _sign), members in together.items():
            indexes = parts.get(part, []) if isinstance(part, int) else []
            yield self._group(members, indexes)

    def _group(self, members: list[int], indexes: list[int]) -> _Group:
        """``indexes`` are the steps that its goods may have gone, in order."""
        steps: list[Step] = [self.steps.steps[index] for index in indexes]
        added = [
            Added(self._holder(number), self._before(number, indexes), self._amount(number))
            for number in members
        ]
        decimals = next(iter(self.history.pools.values())).decimals
        return _Group(members, spread(steps, added, decimals))

    def _amount(self, number: int) -> Decimal:
        return self.corrections[number].amount

    def _before(self, number: int, indexes: list[int]) -> int:
        receipt = self.receipts[self.corrections[number].move_id]
        after = self.steps.after[receipt.pool_id, receipt.move_id]
        return bisect_left(indexes, after)

    def answers(self) -> list[Corrected]:
        """In the order of the corrections."""
        found: dict[int, Corrected] = {}
        for group in self.groups:
            for number, to_stock in zip(group.numbers, group.spread.to_stock, strict=True):
                one = self.corrections[number]
                found[number] = Corrected(one.move_id, to_stock, one.amount - to_stock)
        return [found[number] for number in range(len(self.corrections))]

    def write(self, envelope: Envelope) -> None:
        """Add each amount to its receipt, and book where it went from there."""
        at = past(envelope.occurred_at)
        entries: list[Entry] = []
        for group in self.groups:
            cause = len(entries)
            entries += [self._addition(number, at) for number in group.numbers]
            kind = self.corrections[group.numbers[0]].kind
            entries += [
                self._movement(move, holder, amount, kind, at, cause)
                for (move, holder), amount in group.spread.moved.items()
                if amount
            ]
        books.write(self.session, envelope, entries)

    def _addition(self, number: int, at: datetime) -> Entry:
        one = self.corrections[number]
        receipt = self.receipts[one.move_id]
        return Entry(
            receipt.store_id, one.move_id, receipt.pool_id, receipt.layer_id, ZERO, one.amount,
            one.kind, max(at, receipt.at),
        )  # fmt: skip

    def _movement(
        self, move: int, holder: Holder, amount: Decimal, kind: str, at: datetime, cause: int
    ) -> Entry:
        fact = self.history.facts[holder.pool, move]
        if kind == "landed" and fact.leaves:
            kind = "landed_to_cogs"
        return Entry(
            fact.store_id, move, holder.pool, self.layers.get((holder.pool, holder.layer)), ZERO,
            amount, kind, max(at, fact.at), cause_row=cause,
        )  # fmt: skip


# ---- Quantities and values ----------------------------------------------------------------------


@dataclass(frozen=True)
class _Amended:
    quantity: Decimal
    amount: Decimal
    kind: str
    at: datetime | None
    decimals: int
    is_reversed: bool


def amend(
    session: Session, envelope: Envelope, move_id: int, quantity: Decimal, reason: str
) -> list[Posted]:
    """Correct the quantity of an earlier receipt or issue, as if it had been right at its moment.

    The difference is posted as a move of its own that names the corrected one (``amends_id``), and
    everything since is valued anew.  A receipt keeps its unit cost.  Nothing where it is right.

    Raises:
        MoveNotFound, AlreadyReversed, PeriodClosed (of the day of the move), InsufficientOnHand,
            InsufficientThen, StockAllocated.
        NothingToAmend: the quantity is below zero, or the move is none to or from stock.
    """
    move = stored_move(session, move_id)
    found, difference = _to_amend(session, move, quantity)
    if not difference:
        return []
    entered = move.from_status is None
    way = move.again(reason) if difference > 0 else move.back(reason)
    share = rounded(found.amount * abs(difference) / move.quantity, found.decimals)
    more = replace(way, quantity=abs(difference), amends_id=move_id, kind=found.kind)
    then = replace(envelope, occurred_at=found.at or envelope.occurred_at)
    if difference > 0 and entered:
        more = replace(more, amount=share)

    def value(number: int) -> Decimal:
        if entered and difference > 0:
            return value_in(session, then, number, more, move_id)
        if entered:
            return take_receipt_back(session, then, number, more, move_id, share)
        if difference > 0:
            return value_out(session, then, number, more)
        return value_back(session, then, number, more, move_id)

    return [post_by(session, then, more, value)]


def _to_amend(session: Session, move: StoredMove, quantity: Decimal) -> tuple[_Amended, Decimal]:
    """What is known of the move, and what its quantity lacks."""
    with whole_company(session):
        found = sql.one(session, _Amended, QUERIES["what_amended"], {"move_id": move.id})
    if found is None or found.at is None or quantity < 0 or move.amends_id or move.reverses_id:
        raise NothingToAmend(wanted=plain(quantity))
    if found.is_reversed:
        raise AlreadyReversed
    return found, quantity - found.quantity


def revalue(session: Session, envelope: Envelope, revaluation: Revaluation) -> Decimal:
    """Change the value of a pool; the amount that was added (negative: taken off).

    Raises:
        NothingToRevalue: nothing is in stock, or less value than is taken off.
        PeriodClosed.
    """
    refuse_closed(session, [revaluation.store_id], envelope)
    pool = locked(session, _where(revaluation))
    at = past(envelope.occurred_at)
    at = max(at, pool.moved_at) if pool.moved_at else at
    valued = Valued(session, envelope, pool, Moment(at, is_late=False))
    valued.load_all()
    try:
        pieces = _revalued(valued, pool, revaluation)
    except ValueError as error:
        raise NothingToRevalue from error
    entries = [
        Entry(revaluation.store_id, None, pool.id, valued.ids[piece.layer], ZERO, piece.amount,
              "revaluation", at)
        for piece in pieces
    ]  # fmt: skip
    books.write(session, envelope, entries)
    return sum((piece.amount for piece in pieces), ZERO)


def _revalued(valued: Valued, pool: Pool, revaluation: Revaluation) -> list[Piece]:
    if pool.quantity <= 0:
        raise ValueError
    if revaluation.unit_cost is not None:
        if revaluation.unit_cost < 0:
            raise ValueError
        return valued.stock.set_unit_cost(0, revaluation.unit_cost, pool.quantity)
    return valued.stock.revalue(0, revaluation.amount or ZERO)


def _where(revaluation: Revaluation) -> Movement:
    """The pool is found as that of a movement."""
    return Movement(
        revaluation.store_id, revaluation.item_id, ZERO, Place(0), Place(0), "revaluing",
        lot_id=revaluation.lot_id,
    )  # fmt: skip
