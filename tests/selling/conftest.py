from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from litestar.testing import TestClient

from app.access.secrets import new_token, token_hash
from app.catalog.tables import Code, Partner
from app.kit import ids
from app.kit.database import SYSTEM, Database, driver
from app.ledger.verify import verify
from app.orders import commands as c
from tests.harness import Runner, SampleCompany
from tests.ledger.moves import PostMoves, movement, post_moves, receive

HX = {"HX-Request": "true"}


def form(**fields: Any) -> dict[str, Any]:
    return {"command_id": str(ids.new_id()), **fields}


class Shop:
    """The sample company with two customers and stock on its shelves, as the tests tell it."""

    def __init__(self, run: Runner, company: SampleCompany, database: Database) -> None:
        self.run, self.company, self.database = run, company, database

    def stock(self, item: str, quantity: str, place: str = "shelf1", **more: Any) -> None:
        """Received at the dock and put on a shelf of store A; worth one each."""
        self.run(post_moves, PostMoves([receive(self.company, item, quantity, quantity, **more)]))
        move = movement(self.company, item, quantity, "dock", place, **more)
        self.run(post_moves, PostMoves([move]))

    def order(self, *lines: c.SalesLine, release: bool = False, **more: Any) -> int:
        """An order of store A for customer C1; the default is ten loaves."""
        fields = {
            "store_id": self.company.a.store_id, "customer": "C1",
            "lines": list(lines) or [c.SalesLine("BREAD", Decimal(10))],
        }  # fmt: skip
        order_id = self.run(c.create_order, c.CreateOrder(**{**fields, **more})).order_id
        if release:
            self.run(c.release_order, c.ReleaseOrder(order_id))
        return order_id

    def rows(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.database.reading(SYSTEM) as session:
            return driver(session).execute(text, values).fetchall()

    def one(self, text: str, *values: Any) -> Any:
        return self.rows(text, *values)[0][0]

    def line(self, order_id: int, position: int = 1) -> int:
        return self.one(
            "select id from sales_order_line where order_id = %s and position = %s",
            order_id, position,
        )  # fmt: skip

    def allocated(self, order_id: int) -> list[Decimal]:
        found = self.rows(
            "select allocated from sales_order_line where order_id = %s order by position", order_id
        )
        return [row[0] for row in found]

    def state(self, order_id: int) -> str:
        return self.one("select state from sales_order where id = %s", order_id)

    def change(self, text: str, *values: Any) -> None:
        with self.database.session(SYSTEM) as session:
            driver(session).execute(text, values)
            session.commit()


@pytest.fixture
def shop(run: Runner, company: SampleCompany, database: Database) -> Iterator[Shop]:
    """At the end everything must add up."""
    with database.session(SYSTEM) as session:
        for code, name in (("C1", "静安咖啡馆"), ("C2", "杨浦食堂")):
            partner = Partner(code=code, name=name, kind="customer")
            session.add(partner)
            session.flush()
            session.add(Code(code=code, kind="partner", partner_id=partner.id))
        session.commit()
    yield Shop(run, company, database)
    assert verify(database) == []


class Client:
    """The JSON API as one token's holder."""

    def __init__(self, web: TestClient) -> None:
        self.web = web

    def post(self, path: str, body: dict | None = None, key: str | None = None):
        headers = {"Idempotency-Key": key or str(ids.new_id())}
        return self.web.post(f"/api/v1{path}", json=body or {}, headers=headers)

    def get(self, path: str):
        return self.web.get(f"/api/v1{path}")


@pytest.fixture
def api(shop: Shop, web: TestClient) -> Client:
    token = new_token()
    shop.change(
        "insert into api_token (name, token_hash, user_id) values ('test', %s, %s)",
        token_hash(token), shop.company.users["supervisor_a"],
    )  # fmt: skip
    web.headers["Authorization"] = f"Bearer {token}"
    return Client(web)
