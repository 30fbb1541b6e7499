"""Jobs: deferred in the command's transaction, run by a worker in the application role."""

from __future__ import annotations

import threading
import time
from importlib.metadata import version
from pathlib import Path

import procrastinate
import psycopg
import pytest

from app.kit import jobs
from app.kit.database import SYSTEM, Caller
from app.kit.sql import value

SEEN: list[tuple[int, str, int | None]] = []
FAILS = [2]


@jobs.task("test.note")
def note(job: jobs.Job, number: int, text: str) -> None:
    with job.database.reading(job.caller) as session:
        SEEN.append((number, text, value(session, "select current_user_id()")))


@jobs.task("test.stumble")
def stumble(job: jobs.Job) -> None:
    FAILS[0] -= 1
    if FAILS[0]:
        raise psycopg.OperationalError("the database went away")


TODO = "select status::text from procrastinate_jobs where task_name = 'test.stumble'"


def _count(database):
    with database.reading(SYSTEM) as session:
        # At the turn of a minute the worker also queues what runs by the clock.
        return value(
            session, "select count(*) from procrastinate_jobs where task_name like 'test.%%'"
        )


def test_a_job_runs_in_the_name_of_its_caller(postgres, database, database_name):
    SEEN.clear()
    with database.session(SYSTEM) as session:
        jobs.defer(session, "test.note", caller=Caller(user_id=7, stores="1"), number=1, text="a")
        session.commit()
    jobs.run_worker(postgres.app_url(database_name), role=postgres.app_role, until_empty=True)
    assert SEEN == [(1, "a", 7)]
    assert _count(database) == 0


def test_a_job_of_a_command_that_failed_does_not_exist(postgres, database, database_name):
    with database.session(SYSTEM) as session:
        jobs.defer(session, "test.note", number=2, text="b")
    assert _count(database) == 0


def test_a_failed_job_is_kept_for_another_attempt(postgres, database, database_name):
    FAILS[0] = 2
    with database.session(SYSTEM) as session:
        jobs.defer(session, "test.stumble")
        session.commit()
    worker = {"role": postgres.app_role, "until_empty": True}
    jobs.run_worker(postgres.app_url(database_name), **worker)
    with database.session(SYSTEM) as session:
        assert value(session, TODO) == "todo"
        driver = session.connection().connection.driver_connection
        driver.execute("update procrastinate_jobs set scheduled_at = now()")
        session.commit()
    jobs.run_worker(postgres.app_url(database_name), **worker)
    assert _count(database) == 0


def test_a_worker_in_a_thread_starts_jobs_at_once_and_stops(postgres, database, database_name):
    SEEN.clear()
    stop = threading.Event()
    worker = threading.Thread(
        target=jobs.run_worker,
        args=[postgres.app_url(database_name)],
        kwargs={"role": postgres.app_role, "stop": stop},
    )
    worker.start()
    try:
        time.sleep(1)
        with database.session(SYSTEM) as session:
            jobs.defer(session, "test.note", number=3, text="c")
            session.commit()
        deadline = time.monotonic() + 60
        while not SEEN and time.monotonic() < deadline:
            time.sleep(0.05)
        assert SEEN == [(3, "c", None)]
    finally:
        stop.set()
        worker.join(20)
    assert not worker.is_alive()


def test_progress_is_seen_at_once(database):
    with database.reading(SYSTEM) as session:
        assert jobs.progress(session, "x") is None
    jobs.report(database, "x", 1, 10)
    jobs.report(database, "x", 5, 10)
    with database.reading(SYSTEM) as session:
        seen = jobs.progress(session, "x")
    assert (seen.done, seen.total) == (5, 10)


def test_the_migration_is_the_schema_of_the_library():
    theirs = Path(procrastinate.__file__).with_name("sql") / "schema.sql"
    ours = Path("app/migrations/versions/0003_jobs.sql").read_text(encoding="utf-8")
    if version("procrastinate").startswith("3.10."):
        assert theirs.read_text(encoding="utf-8") in ours
    else:
        pytest.fail("procrastinate has changed: add a migration with its own, then name it here")
