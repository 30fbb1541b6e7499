from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest
from litestar.testing import TestClient

from app.access.secrets import new_token, token_hash
from app.kit.config import Settings
from app.kit.database import Database, driver
from app.ledger.posting import Movement, Place
from app.main import create_app
from tests.harness import Runner, SampleCompany
from tests.ledger.moves import PostMoves, post_moves

TODAY = date(2026, 11, 22)


@pytest.fixture
def stocked(run: Runner, company: SampleCompany) -> SampleCompany:
    """Bread and milk in A, flour in B."""
    rows = [
        ("bread", "10", "shelf1", "available", None, company.a),
        ("bread", "4", "dock", "inspection", None, company.a),
        ("milk", "7", "shelf2", "available", company.lots["milk"], company.a),
        ("flour", "2.5", "shelf1", "available", None, company.b),
    ]
    for item, quantity, place, status, lot, store in rows:
        movement = Movement(
            store_id=store.store_id,
            item_id=company.items[item],
            quantity=Decimal(quantity),
            source=Place(store.locations["supplier"]),
            target=Place(store.locations[place], status),
            biz_step="receiving",
            kind="receipt",
            lot_id=lot,
            amount=Decimal("12.00"),
        )
        run(post_moves, PostMoves([movement]))
    return company


@pytest.fixture
def web(database: Database, tmp_path) -> Iterator[TestClient]:
    app = create_app(Settings(data_dir=tmp_path), database)
    with TestClient(app, raise_server_exceptions=False) as client:
        client.follow_redirects = False
        yield client


@pytest.fixture
def as_user(
    web: TestClient, database: Database, company: SampleCompany
) -> Callable[[str], TestClient]:
    """The client, signed in as one of the sample company's people."""

    def sign_in(login: str) -> TestClient:
        token = new_token()
        with database.session(company.callers["administrator"]) as session:
            driver(session).execute(
                "select open_session(%s, %s, null, 'csrf', null, 'test')",
                [token_hash(token), company.users[login]],
            )
            session.commit()
        web.cookies.set("saoku_session", token)
        web.headers["X-CSRF-Token"] = "csrf"
        web.headers["Accept"] = "text/html"
        return web

    return sign_in
