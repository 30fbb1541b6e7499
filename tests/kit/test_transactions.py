"""One command, one transaction, exactly once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest
from psycopg import errors
from sqlmodel import text

from app.access.company import CreateArea, create_area
from app.access.problems import AreaCodeTaken
from app.kit import transactions
from app.kit.database import SYSTEM, Caller, driver
from app.kit.i18n import mark
from app.kit.ids import new_id
from app.kit.problems import Problem
from app.kit.transactions import CommandIdReused, Envelope, Secret


class NotToday(Problem):
    code = "not_today"
    text = mark("Not today: {reason}")


@dataclass(frozen=True)
class Note:
    code: str
    secret: Secret | None = None


@dataclass(frozen=True)
class Noted:
    id: int
    amount: Decimal
    on: date
    tag: UUID | None = None


ANSWER_DATE = date(2026, 11, 22)
calls: list[str] = []


@pytest.fixture(autouse=True)
def _fresh_calls():
    calls.clear()


def note(session, command: Note, envelope: Envelope) -> Noted:
    calls.append(command.code)
    row = driver(session).execute(
        "insert into area (code, name) values (%s, 'x') returning id", [command.code]
    )
    return Noted(row.fetchone()[0], Decimal("1.50"), ANSWER_DATE, envelope.command_id)


def refuse(session, command: Note, envelope: Envelope) -> Noted:
    note(session, command, envelope)
    raise NotToday(reason="rain")


def crash(session, command: Note, envelope: Envelope) -> Noted:
    note(session, command, envelope)
    raise ZeroDivisionError


def ask(database, sql, **parameters):
    with database.session(SYSTEM) as session:
        return session.connection().execute(text(sql), parameters).scalar()


def areas(database):
    return ask(database, "select count(*) from area")


# ---- Exactly once -----------------------------------------------------------------------------


def test_a_command_is_done_and_written_down(run, database):
    caller = Caller(user_id=None, stores="*", ip="10.1.2.3", store_id=None)
    made = new_id()
    answer = run(note, Note("N"), command_id=made, caller=caller)
    assert answer == Noted(answer.id, Decimal("1.50"), ANSWER_DATE, made)
    row = "select concat_ws(' ', kind, outcome, host(ip), payload->>'code') from command"
    assert ask(database, row) == "kit.note done 10.1.2.3 N"


def test_the_store_of_now_is_written_down(run, database, company):
    caller = Caller(company.users["operator_a"], "*", store_id=company.a.store_id)
    run(note, Note("N"), caller=caller)
    assert ask(database, "select store_id from command") == company.a.store_id


def test_the_same_id_again_answers_the_same_and_does_nothing(run, database):
    made = new_id()
    first = run(note, Note("N"), command_id=made)
    assert run(note, Note("N"), command_id=made) == first
    assert areas(database) == 1
    assert ask(database, "select count(*) from command") == 1


@pytest.mark.parametrize("other", ["payload", "kind", "person"])
def test_the_same_id_for_anything_else_is_refused(run, database, company, other):
    made = new_id()
    run(note, Note("N"), command_id=made)
    before = areas(database)
    caller = Caller(company.users["operator_a"], "*") if other == "person" else None
    with pytest.raises(CommandIdReused):
        run(
            refuse if other == "kind" else note,
            Note("M" if other == "payload" else "N"),
            command_id=made,
            caller=caller,
        )
    assert areas(database) == before
    assert ask(database, "select outcome from command") == "done"


def test_a_refusal_is_kept_and_repeated(run, database):
    made = new_id()
    for _ in range(2):
        with pytest.raises(NotToday) as refused:
            run(refuse, Note("N"), command_id=made)
        assert refused.value.data == {"reason": "rain"}
    assert areas(database) == 0
    assert ask(database, "select outcome from command") == "refused"


def test_our_own_fault_keeps_nothing_so_that_it_can_be_sent_again(run, database):
    made = new_id()
    with pytest.raises(ZeroDivisionError):
        run(crash, Note("N"), command_id=made)
    assert (areas(database), ask(database, "select count(*) from command")) == (0, 0)
    run(note, Note("N"), command_id=made)
    assert areas(database) == 1


def test_a_named_constraint_is_a_refusal(run, database):
    made = new_id()
    run(create_area, CreateArea("E", "East"))
    for _ in range(2):
        with pytest.raises(AreaCodeTaken):
            run(create_area, CreateArea("E", "Again"), command_id=made)
    assert ask(database, "select answer->>'code' from command where id = :id", id=made) == (
        "area_code_taken"
    )


def test_a_constraint_that_nobody_can_hit_is_our_fault(run, database):
    def break_rule(session, command: Note, envelope: Envelope) -> Noted:
        driver(session).execute("insert into unit (code, name, decimals) values ('x', 'x', 99)")
        raise AssertionError

    with pytest.raises(errors.CheckViolation):
        run(break_rule, Note("N"))
    assert ask(database, "select count(*) from command") == 0


def test_secrets_are_used_but_never_stored(run, database):
    run(note, Note("N", Secret("swordfish")))
    row = "select payload::text || fingerprint || coalesce(answer::text, '') from command"
    assert "swordfish" not in ask(database, row)
    assert "***" in ask(database, row)


# ---- Conflicts --------------------------------------------------------------------------------


@pytest.mark.parametrize("conflict", [errors.SerializationFailure, errors.DeadlockDetected])
def test_a_conflict_is_tried_again_from_the_start(run, database, conflict):
    def stumble(session, command: Note, envelope: Envelope) -> Noted:
        answer = note(session, command, envelope)
        if len(calls) < 3:
            raise conflict("met someone")
        return answer

    run(stumble, Note("N"))
    assert len(calls) == 3
    assert areas(database) == 1


def test_it_gives_up_after_a_bounded_number_of_conflicts(run, database):
    def stumble(session, command: Note, envelope: Envelope) -> Noted:
        note(session, command, envelope)
        raise errors.SerializationFailure("again")

    with pytest.raises(errors.SerializationFailure):
        run(stumble, Note("N"))
    assert len(calls) == transactions.ATTEMPTS
    assert areas(database) == 0


def test_a_real_deadlock_is_survived_by_both(run, database):
    run(create_area, CreateArea("A", "a"))
    run(create_area, CreateArea("B", "b"))
    met = threading.Barrier(2, timeout=10)
    first_round = {"A": True, "B": True}

    def cross(session, command: Note, envelope: Envelope) -> Noted:
        mine, other = command.code, "B" if command.code == "A" else "A"
        touch = "update area set name = name || 'x' where code = %s returning id"
        driver(session).execute(touch, [mine])
        if first_round[mine]:
            first_round[mine] = False
            met.wait()
        row = driver(session).execute(touch, [other]).fetchone()
        return Noted(row[0], Decimal(1), ANSWER_DATE)

    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(run, cross, Note(code)) for code in "AB"]
        assert all(job.result(timeout=30) for job in done)
    assert ask(database, "select string_agg(name, ',' order by code) from area") == "axx,bxx"


def test_the_same_id_sent_many_times_at_once_is_done_once(run, database):
    made = new_id()
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(run, note, Note("N"), command_id=made) for _ in range(24)]
        answers = {job.result(timeout=60).id for job in jobs}
    assert len(answers) == 1
    assert areas(database) == 1
    assert ask(database, "select count(*) from command") == 1


def test_the_same_id_at_once_for_different_things_is_done_for_one(run, database):
    made = new_id()

    def send(code):
        try:
            return run(note, Note(code), command_id=made).id
        except CommandIdReused:
            return None

    with ThreadPoolExecutor(8) as pool:
        done = [found for found in pool.map(send, "ABCDEFGH") if found]
    assert len(done) == 1
    assert areas(database) == 1


def test_a_connection_that_breaks_before_the_commit_leaves_nothing(run, database, owner_url):
    def lose(session, command: Note, envelope: Envelope) -> Noted:
        answer = note(session, command, envelope)
        with psycopg.connect(owner_url, autocommit=True) as owner:
            owner.execute("select pg_terminate_backend(%s)", [driver(session).info.backend_pid])
        return answer

    made = new_id()
    with pytest.raises(Exception, match=r"connection|terminat"):
        run(lose, Note("N"), command_id=made)
    assert areas(database) == 0
    run(note, Note("N"), command_id=made)
    assert areas(database) == 1
