"""Promised goods are picked, put back and shipped; orders are cancelled and closed meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from sqlmodel import Session

from app.kit.transactions import Envelope
from app.ledger import allocations
from app.ledger.allocations import Carry, Issue, Promise
from app.ledger.movements import Place
from app.ledger.problems import PromiseGone, StockAllocated, StockTaken
from app.orders import progress
from app.orders.allocating import LINE_KIND
from app.orders.commands import (
    CancelOrder,
    CloseOrderShort,
    cancel_order,
    close_order_short,
)
from app.orders.problems import NotReleased, PartShipped, SalesOrderClosed
from tests.ledger.moves import PostMoves, movement, post_moves
from tests.orders.selling import Shop

pytestmark = [pytest.mark.ledger, pytest.mark.usefixtures("verified")]
D = Decimal


@dataclass(frozen=True)
class Step:
    """A step of a picker or packer, as the workflows do it."""

    line_id: int
    balance_id: int
    quantity: Decimal
    location_id: int


def take(session: Session, command: Step, envelope: Envelope) -> int:
    carried = allocations.carry(session, envelope, _carry(command, "picking"))
    progress.note_picked(session, command.line_id, command.quantity)
    return carried.balance_id


def put_back(session: Session, command: Step, envelope: Envelope) -> int:
    carried = allocations.carry(session, envelope, _carry(command, "unpicking"))
    progress.note_put_back(session, command.line_id, command.quantity, carried.balance_id)
    return carried.balance_id


def ship(session: Session, command: Step, envelope: Envelope) -> Decimal:
    issue = Issue(
        LINE_KIND, command.line_id, command.balance_id, command.quantity, command.location_id
    )
    [posted] = allocations.issue_promised(session, envelope, [issue])
    progress.note_shipped(session, command.line_id, command.quantity)
    progress.close_when_done(session, 1)
    return posted.amount


def _carry(step: Step, biz_step: str) -> Carry:
    target = Place(step.location_id, "available")
    return Carry(LINE_KIND, step.line_id, step.balance_id, step.quantity, target, biz_step)


def pick(shop: Shop, order_id: int, quantity: str) -> int:
    """Pick from where the order's first promise is; the balance at the staging place."""
    line, balance = shop.rows(
        "select line_id, balance_id from allocation"
        " join sales_order_line line on line.id = line_id where order_id = %s limit 1",
        order_id,
    )[0]
    return shop.run(take, Step(line, balance, D(quantity), shop.staging()))


def state(shop: Shop, order_id: int) -> tuple[str, Decimal, Decimal, Decimal]:
    return shop.rows(
        "select state, allocated, picked, shipped from sales_order"
        " join sales_order_line line on line.order_id = sales_order.id where sales_order.id = %s",
        order_id,
    )[0]


def test_picked_and_shipped(shop: Shop) -> None:
    shop.stock("bread", "10")
    order = shop.order(("bread", "4")).order_id
    staged = pick(shop, order, "3")
    assert state(shop, order) == ("in_progress", 4, 3, 0)
    customer = shop.company.a.locations["customer"]
    amount = shop.run(ship, Step(shop.line(order), staged, D(3), customer))
    assert amount == -3
    assert state(shop, order) == ("in_progress", 1, 3, 3)
    shop.run(ship, Step(shop.line(order), pick(shop, order, "1"), D(1), customer))
    assert state(shop, order) == ("done", 0, 4, 4)


def test_put_back_stays_promised(shop: Shop) -> None:
    shop.stock("bread", "4")
    order = shop.order(("bread", "4")).order_id
    staged = pick(shop, order, "4")
    shelf = shop.company.a.locations["shelf2"]
    shop.run(put_back, Step(shop.line(order), staged, D(4), shelf))
    assert state(shop, order) == ("in_progress", 4, 0, 0)
    assert shop.places(order) == [("A-SHELF2", D(4))]


def test_more_than_is_promised_is_not_carried(shop: Shop) -> None:
    shop.stock("bread", "9")
    order = shop.order(("bread", "4")).order_id
    with pytest.raises(PromiseGone) as refused:
        pick(shop, order, "5")
    assert refused.value.data["left"] == "4"
    assert refused.value.data["why"] == f"order_line_id={shop.line(order)}"


def test_promised_goods_are_not_moved_by_others(shop: Shop) -> None:
    shop.stock("bread", "4")
    shop.order(("bread", "3"))
    move = movement(shop.company, "bread", "2", "shelf1", "shelf2")
    with pytest.raises(StockAllocated) as refused:
        shop.run(post_moves, PostMoves([move]))
    assert refused.value.data["why"] == f"item_id={shop.company.items['bread']}"


def test_cancelled_during_the_pick(shop: Shop) -> None:
    shop.stock("bread", "4")
    order = shop.order(("bread", "4")).order_id
    waiting = shop.order(("bread", "3")).order_id
    staged = pick(shop, order, "2")
    cancelled = shop.run(cancel_order, CancelOrder(order))
    assert [one.order_id for one in cancelled.served] == [waiting]
    assert state(shop, order) == ("cancelled", 2, 2, 0)  # what is on the cart is its own still
    customer = shop.company.a.locations["customer"]
    with pytest.raises(NotReleased):
        shop.run(ship, Step(shop.line(order), staged, D(2), customer))
    shelf = shop.company.a.locations["shelf1"]
    shop.run(put_back, Step(shop.line(order), staged, D(2), shelf))
    assert state(shop, order) == ("cancelled", 0, 0, 0)
    with pytest.raises(SalesOrderClosed):
        shop.run(cancel_order, CancelOrder(order))


def test_what_was_shipped_is_not_cancelled_but_closed(shop: Shop) -> None:
    shop.stock("bread", "4")
    order = shop.order(("bread", "6")).order_id
    customer = shop.company.a.locations["customer"]
    shop.run(ship, Step(shop.line(order), pick(shop, order, "4"), D(4), customer))
    with pytest.raises(PartShipped):
        shop.run(cancel_order, CancelOrder(order))
    closed = shop.run(close_order_short, CloseOrderShort(order, "sold out"))
    assert closed.state == "done"


@dataclass(frozen=True)
class Promises:
    promises: list[Promise]


def promise(session: Session, command: Promises, envelope: Envelope) -> None:
    allocations.promise(session, command.promises)


def test_a_taken_balance_names_what_is_left(shop: Shop) -> None:
    shop.stock("bread", "4")
    order = shop.order(("bread", "3")).order_id
    balance = shop.value("select balance_id from allocation")
    again = Promise(LINE_KIND, shop.line(order), shop.company.a.store_id, balance, D(2))
    with pytest.raises(StockTaken) as refused:
        shop.run(promise, Promises([again]))
    assert refused.value.data["left"] == "1"
    assert refused.value.data["location"] == "A-SHELF1"
