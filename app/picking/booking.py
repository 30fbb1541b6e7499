"""Doing what the flow intends: moves, promises, stops and entries, in the scan's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.kit import sql
from app.kit.money import ZERO
from app.kit.transactions import Envelope
from app.ledger import allocations
from app.ledger.allocations import Carry, Promise
from app.ledger.movements import Place
from app.orders import allocating, counting, progress
from app.orders.allocating import LINE_KIND
from app.picking import checks, problems
from app.picking.loading import QUERIES, Loaded, LockedPick
from app.picking.state import NotEmpty, Share, Short, Skip, SwapStop, Take

PICKING, BRINGING = "picking", "staging"
AVAILABLE = "available"
MOST_RAW = 500


@dataclass
class Work:
    """One scan being booked; ``fresh`` are the stops that its swap made."""

    session: Session
    loaded: Loaded
    envelope: Envelope
    raw_code: str = ""
    fresh: list[Share] = field(default_factory=list[Share])
    move_ids: list[int] = field(default_factory=list[int])

    @property
    def pick(self) -> LockedPick:
        return self.loaded.pick

    def next_move_id(self) -> int:
        """The number that came with the facts, then further ones."""
        if not self.move_ids:
            self.move_ids.append(self.loaded.row.move_id)
        else:
            self.move_ids.append(int(sql.value(self.session, QUERIES["next_move_id"])))
        return self.move_ids[-1]


# Taking -------------------------------------------------------------------------------------------


def take(work: Work, intent: Take) -> None:
    """Carry the goods, one move per order line that gets a part of them."""
    shares = work.fresh if intent.is_swapped else intent.stop.shares
    for share, part in parts(shares, intent.quantity):
        _take_part(work, intent, share, part)


def parts(shares: Sequence[Share], quantity: Decimal) -> list[tuple[Share, Decimal]]:
    """The quantity poured over the shares, one after another."""
    taken: list[tuple[Share, Decimal]] = []
    for share in shares:
        part = min(quantity, share.open)
        if part > 0:
            taken.append((share, part))
            quantity -= part
    assert not quantity, "more taken than the stop wants"
    return taken


def _take_part(work: Work, intent: Take, share: Share, quantity: Decimal) -> None:
    stop, move_id = intent.stop, work.next_move_id()
    carried = Carry(
        line_kind=LINE_KIND,
        line_id=share.order_line_id,
        balance_id=stop.balance_id,
        quantity=quantity,
        target=Place(intent.to_location_id, AVAILABLE),
        biz_step=PICKING,
        move_id=move_id,
    )
    allocations.send_carry(work.session, work.envelope, carried)
    values = _line_values(work, intent, share, quantity)
    sql.execute(work.session, QUERIES["book_line"], values | {"move_id": move_id})
    progress.note_picked(work.session, share.order_line_id, quantity)


def _line_values(work: Work, intent: Take, share: Share, quantity: Decimal) -> dict[str, Any]:
    stop = intent.stop
    return {
        "pick_id": work.pick.id,
        "store_id": work.pick.store_id,
        "task_id": share.task_id,
        "order_line_id": share.order_line_id,
        "item_id": stop.item.id,
        "lot_id": stop.lot_id,
        "quantity": quantity,
        "from_location_id": stop.location_id,
        "to_location_id": intent.to_location_id,
        "raw_code": work.raw_code[:MOST_RAW],
        "command_id": work.envelope.command_id,
        "user_id": work.envelope.caller.user_id,
    }


# Other goods than promised ------------------------------------------------------------------------


def swap(work: Work, intent: SwapStop) -> None:
    """Promise the other goods instead, and let waiting orders have those that were promised.

    Raises:
        PromiseGone, StockTaken: somebody else was faster; nothing is left behind.
    """
    stop, other = intent.stop, intent.other
    allocations.lock_balances(work.session, [stop.balance_id, other.balance_id])
    left = intent.quantity
    for share in stop.shares:
        part = min(left, share.open)
        if part > 0:
            left -= part
            work.fresh.append(_swap_part(work, intent, share, part))
    allocating.allocate_waiting(work.session, work.envelope, work.pick.store_id, [stop.item.id])


def _swap_part(work: Work, intent: SwapStop, share: Share, quantity: Decimal) -> Share:
    session, stop, other = work.session, intent.stop, intent.other
    line_id = share.order_line_id
    released = allocations.release(
        session, LINE_KIND, line_id, balance_id=stop.balance_id, quantity=quantity
    )
    if sum((part.quantity for part in released), ZERO) != quantity:
        raise problems.PromiseGone(
            item=stop.title, location=stop.location, order=stop.order, why=checks.why_of(stop)
        )
    promise = Promise(LINE_KIND, line_id, work.pick.store_id, other.balance_id, quantity)
    allocations.promise(session, [promise])
    return Share(_moved_task(work, intent, share, quantity), line_id, quantity, ZERO, quantity)


def _moved_task(work: Work, intent: SwapStop, share: Share, quantity: Decimal) -> int:
    other = intent.other
    values = {
        "task_id": share.task_id,
        "quantity": quantity,
        "balance_id": other.balance_id,
        "location_id": other.location_id,
        "lot_id": other.lot_id,
        "logistic_unit_id": other.logistic_unit_id,
    }
    if not share.picked and quantity == share.open:
        sql.execute(work.session, QUERIES["move_task"], values)
        return share.task_id
    return int(sql.value(work.session, QUERIES["split_task"], values))


# Too little, later, not empty ---------------------------------------------------------------------


@dataclass(frozen=True)
class _Id:
    id: int


def shorten(work: Work, intent: Short) -> None:
    """Give the missing goods back, look for others, and have the place counted.

    What is found elsewhere becomes a stop of this pick.  The goods that are missing are promised
    to nobody else in this moment: they are not there.
    """
    session, stop = work.session, intent.stop
    shares = [share for share in stop.shares if share.is_open]
    tasks = {"task_ids": [share.task_id for share in shares]}
    orders = [row.id for row in sql.rows(session, _Id, QUERIES["orders_of_tasks"], tasks)]
    allocating.lock_orders(session, orders)
    sql.execute(session, QUERIES["shorten"], tasks | {"reason": intent.reason})
    for share in shares:
        allocating.release_lines(
            session, [share.order_line_id], balance_id=stop.balance_id, quantity=share.open
        )
    missed = {"pick_id": work.pick.id, "item_id": stop.item.id}
    places = [row.id for row in sql.rows(session, _Id, QUERIES["short_places"], missed)]
    with counting.set_aside(session, places):
        allocating.allocate_orders(session, work.envelope, orders)
    add_tasks(session, work.pick, orders)
    counting.leave_count_task(
        session, work.envelope, stop.location_id, stop.item.id, "short_pick", intent.reason
    )


def add_tasks(session: Session, pick: LockedPick, order_ids: Sequence[int]) -> None:
    """What was promised to the pick's orders meanwhile becomes stops of it."""
    asked = {"pick_id": pick.id, "order_ids": list(order_ids), "zone_id": pick.zone_id}
    sql.execute(session, QUERIES["add_tasks"], asked)


def skip(work: Work, intent: Skip) -> None:
    task_ids = [share.task_id for share in intent.stop.shares if share.is_open]
    sql.execute(work.session, QUERIES["skip"], {"pick_id": work.pick.id, "task_ids": task_ids})


def not_empty(work: Work, intent: NotEmpty) -> None:
    counting.leave_count_task(
        work.session, work.envelope, intent.location_id, intent.item_id, "zero_check"
    )
