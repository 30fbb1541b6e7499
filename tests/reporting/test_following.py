from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.kit.database import SYSTEM, driver
from app.kit.jobs import Job
from app.kit.transactions import Envelope
from app.reporting.following import catch_up, follow
from app.reporting.pivot import pivot
from app.reporting.question import Question
from app.shipping.commands import ShipmentChanged, TakeBack, take_back
from tests.quality.conftest import House
from tests.quality.test_returning import back


def asked(**query: str) -> Question:
    return Question.read({"since": "2020-01-01", "till": "2029-12-31", **query}, "Asia/Shanghai")


def report(house: House, login: str = "headquarters", most: int = 100, **query: str):
    with house.database.reading(house.caller(login)) as session:
        return pivot(session, asked(**query), most)


def rows(house: House, text: str, *values: Any) -> list[tuple[Any, ...]]:
    with house.database.reading(SYSTEM) as session:
        return driver(session).execute(text, values).fetchall()  # pyright: ignore[reportArgumentType, reportCallIssue]


def reprice(house: House, order: int, amount: str) -> None:
    with house.database.session(SYSTEM) as session:
        for table, key in (("sales_order", "id"), ("sales_order_line", "order_id")):
            driver(session).execute(
                f"update {table} set net_amount = %s where {key} = %s", [amount, order]
            )
        session.commit()


def test_a_sale_and_what_came_back(house: House) -> None:
    house.stock("bread", 7, amount=Decimal(10))
    order = house.order("bread", 3)
    house.ship(order)
    catch_up(house.database)
    whole = report(house).total
    assert (whole.quantity, whole.revenue, whole.cost) == (3, 27, Decimal("4.29"))
    assert (whole.margin, whole.rate) == (Decimal("22.71"), Decimal("0.8411"))
    back(house, order, "1")
    catch_up(house.database)
    found = report(house, rows="customer", columns="item")
    assert found.total.quantity == 2
    assert (found.total.revenue, found.total.returned) == (18, 9)
    assert found.rows[0].head.words == "晨光超市"
    assert found.columns[0].note == "BREAD"
    assert found.total.cost == Decimal("2.86")


def test_parts_make_up_the_whole(house: House) -> None:
    """A line of 10.00 for three, shipped one by one: 3.33, 3.34, 3.33; one back and out again."""
    order = house.order("bread", 3)
    reprice(house, order, "10.00")
    for _ in range(3):
        house.stock("bread", 1, amount=Decimal("1.11"))
        house.allocate(order)
        house.ship(order)
        catch_up(house.database, most=1)
    revenues = rows(house, "select revenue from sale_margin order by move_id")
    assert revenues == [(Decimal(one),) for one in ("3.33", "3.34", "3.33")]
    back(house, order, "1")
    catch_up(house.database)
    whole = report(house).total
    assert (whole.quantity, whole.revenue, whole.returned) == (2, Decimal("6.67"), Decimal("3.33"))


def test_what_commits_late_is_not_missed(house: House) -> None:
    """A sale is taken back in a transaction that stays open, while others sell."""
    house.stock("bread", 5)
    house.stock("flour", 5)
    shipment = house.ship(house.order("bread", 2))
    catch_up(house.database)
    reached, go = threading.Event(), threading.Event()

    def slowly(session: Session, command: TakeBack, envelope: Envelope) -> ShipmentChanged:
        answer = take_back(session, command, envelope)
        reached.set()
        go.wait(20)
        return answer

    late = threading.Thread(
        target=house.run, args=(slowly, TakeBack(shipment, "wrong lorry")),
        kwargs={"caller": house.caller("supervisor_a")},
    )  # fmt: skip
    late.start()
    assert reached.wait(20)
    house.ship(house.order("flour", 3))
    for _ in range(3):
        catch_up(house.database)
    assert report(house).total.quantity == 5
    go.set()
    late.join()
    catch_up(house.database)
    assert report(house).total.quantity == 3
    catch_up(house.database)
    settled = "select settled_move_id = (select max(id) from stock_move) from margin_progress"
    assert rows(house, settled) == [(True,)]


def test_the_job_leaves_it_to_another_run(house: House) -> None:
    house.stock("bread", 5)
    house.ship(house.order("bread", 2))
    with house.database.session(SYSTEM) as session:
        driver(session).execute("select from margin_progress for update")
        follow(Job(house.database, SYSTEM))
    assert report(house).as_of is None
    follow(Job(house.database, SYSTEM))
    found = report(house)
    assert found.total.quantity == 2
    assert found.as_of is not None
