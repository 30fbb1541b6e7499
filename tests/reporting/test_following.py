from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.kit.database import SYSTEM, driver
from app.reporting.following import catch_up
from app.reporting.pivot import pivot
from app.reporting.question import Question
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
    print(rows(house, "select * from margin_progress"))
