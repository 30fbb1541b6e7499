"""What pages listen to changes when they would."""

from __future__ import annotations

import pytest

from app.board.topics import QUERIES, READERS, topics_in
from tests.board.test_board import customer, order, rows, stock

__all__ = ["customer"]


@pytest.mark.parametrize("name", QUERIES.texts)
def test_every_topic_can_be_read(database, company, customer, name):
    order_id, line_id = order(database, company, customer, "SO-1", "bread", 5)
    keys = [order_id, line_id, company.a.store_id, company.items["bread"], 999_999]
    assert isinstance(READERS[name](database, keys), dict)


def content(database, word: str) -> bytes:
    [(name, key)] = topics_in(word)
    return READERS[name](database, [key]).get(key, b"")


@pytest.mark.parametrize(
    "change",
    [
        "update balance set status = 'frozen'",
        "update balance set on_hand = on_hand + 1",
        "update zone set is_pickable = false",
        "insert into count_lock select location_id, store_id, 'x' from balance",
    ],
)
def test_what_keeps_stock_from_shipping_changes_line_and_item(database, company, customer, change):
    _, line = order(database, company, customer, "SO-1", "bread", 5)
    stock(database, company, "bread", 4)
    words = [f"order_line:{line}", f"item:{company.items['bread']}"]
    before = [content(database, word) for word in words]
    rows(database, change)
    after = [content(database, word) for word in words]
    assert all(old != new for old, new in zip(before, after, strict=True))


def test_a_new_order_and_its_end_change_the_list(database, company, customer):
    word = f"orders:{company.a.store_id}"
    seen = [content(database, word)]
    order_id, _ = order(database, company, customer, "SO-1", "bread", 5)
    seen.append(content(database, word))
    rows(database, "update sales_order set state = 'cancelled' where id = %s", order_id)
    seen.append(content(database, word))
    assert seen[0] != seen[1] != seen[2]
    other = f"orders:{company.b.store_id}"
    assert content(database, other) == b""
