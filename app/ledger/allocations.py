"""Promises: which goods on the shelf belong to which document line.  The only writer of them.

A promise is a row of ``allocation`` and, in the same statement, the balance's ``allocated``: what
is promised cannot be taken by anything else.  Whoever keeps a sum of a line's promises beside them
(a sales order line's ``allocated``) changes it in the same transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.kit import sql
from app.kit.database import together
from app.kit.money import ZERO, plain
from app.kit.transactions import Envelope
from app.kit.trips import Answer
from app.ledger.movements import Movement, Place, Posted
from app.ledger.moving import value_out
from app.ledger.pools import lock_pools
from app.ledger.problems import PromiseGone, QuantityNotPositive, StockTaken

QUERIES = sql.Queries(Path(__file__).with_name("allocations.sql"))


@dataclass(frozen=True)
class Promise:
    """``quantity`` base units of a balance for a line; ``expires_at`` None never lapses."""

    line_kind: str
    line_id: int
    store_id: int
    balance_id: int
    quantity: Decimal
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Released:
    """What of a promise was given back to everybody."""

    balance_id: int
    quantity: Decimal
    line_id: int


@dataclass(frozen=True)
class Carry:
    """Promised goods on their way to another place of the house; the promise goes with them.

    ``reverses_id`` is the move that this one takes back (its exact mirror image).  ``move_id`` is a
    number taken from the moves' sequence beforehand, for ``send_carry``.
    """

    line_kind: str
    line_id: int
    balance_id: int
    quantity: Decimal
    target: Place
    biz_step: str
    reason: str | None = None
    reverses_id: int | None = None
    expires_at: datetime | None = None
    move_id: int | None = None


@dataclass(frozen=True)
class Carried:
    """The move, and the balance where the goods and their promise are now."""

    move_id: int
    balance_id: int


@dataclass(frozen=True)
class Issue:
    """Promised goods that leave the house for a virtual place, and with them their value."""

    line_kind: str
    line_id: int
    balance_id: int
    quantity: Decimal
    to_location_id: int
    biz_step: str = "shipping"
    kind: str = "issue"
    reason: str | None = None


def promise(session: Session, promises: Sequence[Promise]) -> None:
    """Make the promises, all of them or none.

    Raises:
        QuantityNotPositive.
        StockTaken: a balance has less that is free; ``left`` says how much.
    """
    if any(asked.quantity <= 0 for asked in promises):
        raise QuantityNotPositive
    if not promises:
        return
    balances = _locked(session, {asked.balance_id for asked in promises})
    wanted: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for asked in promises:
        wanted[asked.balance_id] += asked.quantity
    for balance_id, quantity in wanted.items():
        _check_free(balances.get(balance_id), quantity)
    written = sql.execute(session, QUERIES["promise"], _columns(promises))
    assert written in (len(promises), -1), "a promise that was checked and not made"


def release(
    session: Session,
    line_kind: str,
    line_id: int,
    *,
    balance_id: int | None = None,
    quantity: Decimal | None = None,
) -> list[Released]:
    """Give back what is promised to a line, or ``quantity`` of it (the newest promise first).

    Nothing promised is no error: nothing is released.
    """
    return release_lines(session, line_kind, [line_id], balance_id=balance_id, quantity=quantity)


def release_lines(
    session: Session,
    line_kind: str,
    line_ids: Sequence[int],
    *,
    balance_id: int | None = None,
    quantity: Decimal | None = None,
) -> list[Released]:
    """As ``release``, for several lines at once; ``quantity`` is of all of them together."""
    asked = {"line_kind": line_kind, "line_ids": list(line_ids), "balance_id": balance_id}
    seen = sql.rows(session, Part, QUERIES["promises_of_lines"], asked)
    _locked(session, {promised.balance_id for promised in seen})
    # Read again: what was seen may have been picked before its balance was locked.
    promises = sql.rows(session, Part, QUERIES["promises_of_lines"], asked)
    return give_back(session, newest(promises, quantity))


def give_back(session: Session, parts: Iterable[Part]) -> list[Released]:
    """Release these parts of allocations, whose balances the caller has locked."""
    parts = list(parts)
    if parts:
        columns = {
            "allocation_ids": [part.id for part in parts],
            "quantities": [part.quantity for part in parts],
        }
        sql.execute(session, QUERIES["give_back"], columns)
    return [Released(part.balance_id, part.quantity, part.line_id) for part in parts]


def carry(session: Session, envelope: Envelope, carried: Carry) -> Carried:
    """Move promised goods to another place; they stay promised there.

    Raises:
        QuantityNotPositive.
        PromiseGone: this much of the balance is no longer promised to the line.
    """
    row = send_carry(session, envelope, carried).first()
    if row is None:
        raise _gone(session, carried)
    return Carried(int(row[0]), int(row[1]))


def send_carry(session: Session, envelope: Envelope, carried: Carry) -> Answer[tuple[int, int]]:
    """As ``carry``, for a hot path that does not wait: no row comes back where the promise is gone.

    Whoever does not read it gives a ``move_id`` and writes a row that refers to it by a foreign
    key: without the move that row is refused, and with it everything.
    """
    if carried.quantity <= 0:
        raise QuantityNotPositive
    values = _carry_values(envelope, carried)
    with together(session) as trip:
        trip.tell(QUERIES["lock_carried"], values)
        return trip.ask(tuple[int, int], QUERIES["carry"], values)


def issue_promised(session: Session, envelope: Envelope, issues: Sequence[Issue]) -> list[Posted]:
    """Promised goods leave: stock, promise and value, in the caller's transaction.

    Raises:
        QuantityNotPositive.
        PromiseGone: this much of a balance is no longer promised to its line.
    """
    if any(issue.quantity <= 0 for issue in issues):
        raise QuantityNotPositive
    balance_ids = {issue.balance_id for issue in issues}
    _locked(session, balance_ids)
    found = sql.rows(
        session, _Pooled, QUERIES["pools_of_balances"], {"balance_ids": sorted(balance_ids)}
    )
    pools = {pooled.balance_id: pooled for pooled in found}
    for issue in issues:
        if issue.balance_id not in pools:
            raise _gone(session, issue)
    movements = [_movement(issue, pools[issue.balance_id]) for issue in issues]
    lock_pools(session, movements)
    return [
        _issue(session, envelope, issue, movement)
        for issue, movement in zip(issues, movements, strict=True)
    ]


# ---- Behind them ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Balance:
    id: int
    on_hand: Decimal
    allocated: Decimal
    status: str
    item: str
    item_id: int
    location: str


@dataclass(frozen=True)
class Part:
    """So much of one allocation row."""

    id: int
    line_id: int
    balance_id: int
    quantity: Decimal


@dataclass(frozen=True)
class _Pooled:
    balance_id: int
    store_id: int
    item_id: int
    lot_id: int | None


def lock_balances(session: Session, balance_ids: Iterable[int]) -> None:
    """Lock balances in key order, whatever the caller's order."""
    _locked(session, balance_ids)


def _locked(session: Session, balance_ids: Iterable[int]) -> dict[int, _Balance]:
    wanted = {"balance_ids": sorted(set(balance_ids))}
    found = sql.rows(session, _Balance, QUERIES["lock_balances"], wanted)
    return {balance.id: balance for balance in found}


def _check_free(balance: _Balance | None, wanted: Decimal) -> None:
    if balance is None:
        raise StockTaken(wanted=plain(wanted))
    free = max(balance.on_hand - balance.allocated, ZERO)
    if free < wanted:
        raise StockTaken(
            item=balance.item,
            location=balance.location,
            wanted=plain(wanted),
            left=plain(free),
            why=f"item_id={balance.item_id}",
        )


def _columns(promises: Sequence[Promise]) -> dict[str, list[Any]]:
    return {
        "line_kinds": [asked.line_kind for asked in promises],
        "line_ids": [asked.line_id for asked in promises],
        "store_ids": [asked.store_id for asked in promises],
        "balance_ids": [asked.balance_id for asked in promises],
        "quantities": [asked.quantity for asked in promises],
        "expire": [asked.expires_at for asked in promises],
    }


def newest(promises: Sequence[Part], quantity: Decimal | None) -> list[Part]:
    """The first parts that make up ``quantity``, or all of them."""
    if quantity is None:
        return list(promises)
    parts: list[Part] = []
    for promised in promises:
        taken = min(promised.quantity, quantity)
        if taken > 0:
            parts.append(Part(promised.id, promised.line_id, promised.balance_id, taken))
            quantity -= taken
    return parts


def _carry_values(envelope: Envelope, carried: Carry) -> dict[str, Any]:
    return {
        "line_kind": carried.line_kind,
        "line_id": carried.line_id,
        "balance_id": carried.balance_id,
        "quantity": carried.quantity,
        "to_location_id": carried.target.location_id,
        "to_status": carried.target.status,
        "biz_step": carried.biz_step,
        "reason": carried.reason,
        "reverses_id": carried.reverses_id,
        "expires_at": carried.expires_at,
        "move_id": carried.move_id,
        "command_id": envelope.command_id,
        "occurred_at": envelope.occurred_at,
    }


def _movement(issue: Issue, pooled: _Pooled) -> Movement:
    """What the costing needs to know of an issue."""
    return Movement(
        store_id=pooled.store_id,
        item_id=pooled.item_id,
        quantity=issue.quantity,
        source=Place(0, "available"),
        target=Place(issue.to_location_id),
        biz_step=issue.biz_step,
        kind=issue.kind,
        lot_id=pooled.lot_id,
        line_kind=issue.line_kind,
        line_id=issue.line_id,
    )


def _issue(session: Session, envelope: Envelope, issue: Issue, movement: Movement) -> Posted:
    values = {
        "line_kind": issue.line_kind,
        "line_id": issue.line_id,
        "balance_id": issue.balance_id,
        "quantity": issue.quantity,
        "to_location_id": issue.to_location_id,
        "biz_step": issue.biz_step,
        "reason": issue.reason,
        "command_id": envelope.command_id,
        "occurred_at": envelope.occurred_at,
    }
    move_id = sql.value(session, QUERIES["issue"], values)
    if move_id is None:
        raise _gone(session, issue)
    return Posted(int(move_id), value_out(session, envelope, int(move_id), movement))


def _gone(session: Session, wanted: Carry | Issue) -> PromiseGone:
    """What is left of the promise, in words."""
    balances = _locked(session, [wanted.balance_id])
    asked = {
        "line_kind": wanted.line_kind,
        "line_ids": [wanted.line_id],
        "balance_id": wanted.balance_id,
    }
    left = sum(
        (part.quantity for part in sql.rows(session, Part, QUERIES["promises_of_lines"], asked)),
        ZERO,
    )
    balance = balances.get(wanted.balance_id)
    why = f"item_id={balance.item_id}" if balance else ""
    if wanted.line_kind == "sales_order_line":
        why = f"order_line_id={wanted.line_id}"
    return PromiseGone(
        item=balance.item if balance else "?",
        location=balance.location if balance else "?",
        left=plain(left),
        wanted=plain(wanted.quantity),
        why=why,
    )
