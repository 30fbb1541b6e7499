from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.ledger.movements import Movement, Place
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
