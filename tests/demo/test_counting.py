"""What the demo company counted, and what is to be counted."""

from __future__ import annotations

from app.kit.database import SYSTEM, Database, driver


def rows(database: Database, text: str) -> list[tuple]:
    with database.reading(SYSTEM) as session:
        return driver(session).execute(text).fetchall()


def test_one_count_is_posted_and_one_is_begun(demo: Database) -> None:
    counts = "select kind, state, note from stock_count order by id"
    assert rows(demo, counts) == [
        ("zone", "done", "月末包材盘点"), ("zone", "in_progress", "冷藏库盘点：有空的人接着盘"),
    ]  # fmt: skip
    found = """
        select item.code, posted_variance, second_quantity is not null from count_result
        join item on item.id = item_id where posted_variance <> 0 order by 1
    """
    assert rows(demo, found) == [("2001", -20, True), ("2005", 50, True)]
    tasks = """
        select task.state, count(*) from count_task task
        join stock_count on stock_count.id = count_id and stock_count.state = 'in_progress'
        group by 1 order by 1
    """
    assert rows(demo, tasks) == [("done", 1), ("in_progress", 1), ("open", 14)]
    plans = "select name, kind from count_plan order by kind"
    assert rows(demo, plans) == [("按分类循环盘点", "class"), ("月度大盘", "full")]
