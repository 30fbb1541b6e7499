"""Statements that travel together: what comes back, what fails, and what stays prepared."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import psycopg
import pytest

from app.kit import sql
from app.kit.database import SYSTEM, Database, driver, together, unanswered


@dataclass(frozen=True)
class Pair:
    name: str
    amount: Decimal


@dataclass(frozen=True)
class Turned:
    amount: Decimal
    name: str


ASKED = "select %(name)s::text as name, %(amount)s::numeric as amount"


def test_rows_come_back_by_their_names(database: Database) -> None:
    given = {"name": "100 % 'x'", "amount": Decimal("1.50")}
    for _each in range(3):  # sent as it is, prepared, and prepared already
        with database.reading(SYSTEM) as session, together(session) as trip:
            pair, turned = trip.ask(Pair, ASKED, given), trip.ask(Turned, ASKED, given)
            plain = trip.ask(tuple[int], "select 7 %% 4 where %(no)s::int is null", {"no": None})
        assert pair.first() == Pair(**given)
        assert turned.all() == [Turned(**given)]
        assert plain.first() == (3,)


def test_an_answer_that_is_wanted_early_ends_the_trip(database: Database) -> None:
    with database.session(SYSTEM) as session:
        trip = unanswered(session)
        trip.tell("create temp table early (x int) on commit drop")
        trip.tell("insert into early values (%(x)s)", {"x": 4})
        assert sql.value(session, "select x from early") == 4
        assert sql.execute(session, "update early set x = 5") == sql.UNKNOWN
        assert driver(session).execute("select x from early").fetchone() == (5,)


def test_the_first_failure_is_told_and_nothing_behind_it_is_done(database: Database) -> None:
    for _each in range(3):
        with database.session(SYSTEM) as session:
            trip = unanswered(session)
            trip.tell("select 1 / %(nothing)s", {"nothing": 0})
            behind = trip.ask(tuple[int], "select 1 as %(odd)s", {"odd": 1})  # is no SQL
            with pytest.raises(psycopg.errors.DivisionByZero):
                trip.end()
            with pytest.raises(psycopg.Error):
                behind.all()
        with database.session(SYSTEM) as session:
            assert sql.value(session, "select 2") == 2


def test_a_value_that_cannot_be_written_leaves_the_connection_whole(database: Database) -> None:
    with database.session(SYSTEM) as session:
        pid = sql.value(session, "select pg_backend_pid()")
        with pytest.raises(psycopg.DataError):
            sql.value(session, "select %(text)s::text", {"text": "a\0b"})
        assert sql.value(session, "select pg_backend_pid()") == pid


def test_what_waits_when_the_block_fails_is_never_sent(database: Database) -> None:
    with database.session(SYSTEM) as before:
        first = sql.value(before, "select last_value from stock_move_id_seq")
    with pytest.raises(ZeroDivisionError):
        _fail_on_the_way(database)
    with database.session(SYSTEM) as after:
        assert sql.value(after, "select last_value from stock_move_id_seq") == first


def test_more_than_the_socket_holds_both_ways(database: Database) -> None:
    long = "x" * 3_000_000
    with database.reading(SYSTEM) as session, together(session) as trip:
        echoes = [trip.ask(tuple[str], "select %(t)s::text", {"t": long}) for _each in range(4)]
    assert all(echo.first() == (long,) for echo in echoes)


def test_statements_stay_prepared_when_a_transaction_is_rolled_back(database: Database) -> None:
    for _each in range(4):
        with database.session(SYSTEM) as session:
            assert sql.value(session, "select %(x)s::int + 1", {"x": 1}) == 2
            prepared = "select count(*) from pg_prepared_statements where statement like '%+ 1'"
            count = sql.value(session, prepared)
    assert count >= 1


def _fail_on_the_way(database: Database) -> None:
    with database.session(SYSTEM) as session:
        unanswered(session).tell("select nextval('stock_move_id_seq')")
        raise ZeroDivisionError
