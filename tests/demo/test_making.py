from __future__ import annotations

import io
import socket

import pytest

from app.demo import making
from app.demo.cli import Opening, run_demo, with_free_port
from app.demo.goods import goods
from app.demo.maker import RealCompany, look
from app.demo.making import make_demo
from app.kit.config import Settings
from app.kit.database import SYSTEM, Database, driver
from app.kit.servers import Server
from app.ledger.verify import verify
from tests import harness

COUNTS = """
select (select count(*) from command), (select count(*) from stock_move),
    (select count(*) from item), (select count(*) from purchase_order),
    (select sum(on_hand) from balance)
"""


def rows(database: Database, text: str) -> list[tuple]:
    with database.reading(SYSTEM) as session:
        return driver(session).execute(text).fetchall()


def test_it_adds_up_and_everything_came_by_commands(demo: Database) -> None:
    assert verify(demo) == []
    assert rows(demo, "select count(*) from command where outcome <> 'done'") == [(0,)]
    made = "select count(*) from command where kind = 'catalog.create_item'"
    assert rows(demo, made) == [(len(goods()),)]


def test_a_second_start_changes_nothing(demo: Database) -> None:
    before = rows(demo, COUNTS)
    assert make_demo(demo).is_whole
    assert rows(demo, COUNTS) == before


def test_the_orders_are_as_the_guide_says(demo: Database) -> None:
    states = dict(rows(demo, "select number, state from purchase_order"))
    opened = {number: state for number, state in states.items() if not number.startswith("DEMO-H")}
    assert opened == {
        "DEMO-01": "confirmed",
        "DEMO-02": "confirmed",
        "DEMO-03": "confirmed",
        "DEMO-04": "in_progress",
        "DEMO-05": "confirmed",
        "DEMO-06": "in_progress",
        "DEMO-07": "confirmed",
        "DEMO-08": "draft",
    }
    assert {state for number, state in states.items() if number not in opened} == {"done"}
    held = (
        "select app_user.login, receipt.state from receipt join app_user on app_user.id = held_by"
    )
    assert ("li", "paused") in rows(demo, held)


def test_history_lies_in_the_last_days_in_its_order(demo: Database) -> None:
    days = rows(demo, "select distinct occurred_at::date from stock_move order by 1")
    assert len(days) >= 9  # two of them may share a day of this zone, by the hour of the test
    wrong = "select count(*) from stock_move where occurred_at > recorded_at"
    assert rows(demo, wrong) == [(0,)]


def test_nothing_is_left_on_the_dock_but_what_waits(demo: Database) -> None:
    waiting = """
        select distinct item.code from balance join location on location.id = location_id
        join item on item.id = item_id where location.kind = 'dock' and on_hand > 0
    """
    # Of the last the customer brought two back.
    assert sorted(rows(demo, waiting)) == [("1001",), ("1202",), ("3005",)]


def test_what_was_cut_short_goes_on(database: Database, monkeypatch) -> None:
    def power_cut(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(making, "make_orders", power_cut)
        with pytest.raises(KeyboardInterrupt):
            make_demo(database)
    assert not look(database).is_whole
    make_demo(database)
    assert look(database).is_whole
    assert verify(database) == []


def test_stopping_the_demo_ends_its_making(postgres: harness.Server) -> None:
    with harness.fresh_database(postgres) as name:
        server = Server(postgres.url(name), postgres.app_url(name), postgres.app_role)
        opening = Opening("en")
        with opening.making(server):
            assert opening.maker is not None
            opening.maker.start()
            assert opening.maker.is_alive()
        assert opening.maker.exitcode is not None


def test_a_real_company_is_left_alone(database: Database, company) -> None:
    before = rows(database, COUNTS)
    with pytest.raises(RealCompany) as refused:
        make_demo(database)
    assert "好味烘焙" in refused.value.message
    assert rows(database, COUNTS) == before


def test_the_next_free_port_is_taken_and_said(capsys) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        settings = with_free_port(Settings(host="127.0.0.1", port=taken))
    assert settings.port > taken
    assert str(settings.port) in capsys.readouterr().out


def test_fresh_asks_first(monkeypatch, capsys) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    served = []
    assert run_demo(["--fresh"], lambda *_, **__: served.append(1)) == 1
    assert not served
    assert "--yes" in capsys.readouterr().err
