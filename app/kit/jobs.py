"""Background work: deferred in the transaction of the command that wants it, run by a worker.

The queue is procrastinate's, in the same PostgreSQL: a job exists exactly when its command was
committed.  Tasks are shallow and idempotent, because a job whose worker was killed runs again;
they take ids and read the rest themselves.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import structlog
from procrastinate import App, PsycopgConnector, RetryStrategy
from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.kit import sql
from app.kit.database import SYSTEM, Caller, Database, driver

QUEUE = "saoku"
# Another attempt after 2, 4, 8 and 16 seconds: a database restart, a network that was away.
RETRY = RetryStrategy(max_attempts=5, exponential_wait=2)
STALLED_AFTER_SECONDS = 60
_LOOK_FOR_STOP_SECONDS = 0.2
# A printer that stalls, or a long PDF, must not keep an import waiting.
_AT_ONCE = 3
# The end of a job announces nothing, and another one may wait for its lock.
_LOOK_AGAIN_SECONDS = 2.0

DEFER = """
select (procrastinate_defer_jobs_v1(array[
    row(%(queue)s, %(task)s, 0, %(lock)s, null, %(args)s, %(at)s::timestamptz)
    ::procrastinate_job_to_defer_v1
]))[1]
"""
REPORT = """
insert into job_progress (key, done, total) values (%(key)s, %(done)s, %(total)s)
on conflict (key) do update set done = excluded.done, total = excluded.total, changed_at = now()
"""
PROGRESS = "select done, total, changed_at from job_progress where key = %(key)s"

log = structlog.get_logger("saoku.jobs")


@dataclass(frozen=True)
class Job:
    """What a task is given: the database and in whose name it works."""

    database: Database
    caller: Caller


@dataclass(frozen=True)
class Progress:
    """How far a long job is; ``total`` 0 means that nobody knows yet."""

    done: int
    total: int
    changed_at: datetime


Task = Callable[..., None]
_tasks: dict[str, Task] = {}
_periodic: dict[str, tuple[Task, str]] = {}


def task(name: str) -> Callable[[Task], Task]:
    """Register ``function(job, **ids)`` as the task ``name`` (``<slice>.<verb>``).

    A worker knows the tasks of the modules that were imported before it started.
    """

    def register(function: Task) -> Task:
        _tasks[name] = function
        return function

    return register


def hourly(name: str, *, minute: int) -> Callable[[Task], Task]:
    """Register ``function(job)`` to be run once an hour, by one of the workers.

    Not nightly: a shop's machine may be off at night.
    """

    def register(function: Task) -> Task:
        _periodic[name] = function, f"{minute} * * * *"
        return function

    return register


def minutely(name: str) -> Callable[[Task], Task]:
    """Register ``function(job)`` to be run every minute, by one of the workers: quick things."""

    def register(function: Task) -> Task:
        _periodic[name] = function, "* * * * *"
        return function

    return register


def defer(
    session: Session,
    task_name: str,
    *,
    caller: Caller = SYSTEM,
    lock: str | None = None,
    at: datetime | None = None,
    **ids: int | str | bool | UUID,
) -> int:
    """Queue the task in the session's transaction: it starts after the commit, or never.

    Args:
        caller: in whose name and with whose stores it works.
        lock: jobs with the same lock run one after another.
        at: not before that moment.  Without a lock, which it would keep from others until then.
        ids: what the task is called with, besides the job.

    Returns:
        The job's number.
    """
    job: int = sql.value(session, DEFER, _deferred(task_name, caller, lock, ids) | {"at": at})
    return job


def go_on_later(
    database: Database,
    task_name: str,
    *,
    lock: str | None = None,
    at: datetime | None = None,
    **ids: int | str | bool | UUID,
) -> None:
    """From a job that has worked long enough, or can do no more before ``at``: the rest is for a
    new job with the same lock, so that other work gets its turn and the worker can be stopped.
    """
    note(database, DEFER, _deferred(task_name, SYSTEM, lock, ids) | {"at": at})


def _deferred(
    task_name: str, caller: Caller, lock: str | None, ids: Mapping[str, Any]
) -> dict[str, Any]:
    named = {key: str(value) if isinstance(value, UUID) else value for key, value in ids.items()}
    args = {"ids": named, "caller": _stored(caller)}
    return {"queue": QUEUE, "task": task_name, "lock": lock, "args": Jsonb(args), "at": None}


def run_worker(
    database_url: str,
    *,
    role: str | None = None,
    stop: threading.Event | None = None,
    until_empty: bool = False,
) -> None:
    """Run jobs until SIGTERM or SIGINT, or until ``stop`` is set; a running job is finished.

    Args:
        role: the application role to drop to where the URL is the owner's (as ``Database``).
        stop: for a worker in a thread of another program, which has no signals of its own.
        until_empty: return when no job is left, for tests and scripts.
    """
    database = Database(database_url, role=role, pool_size=_AT_ONCE + 1)
    try:
        asyncio.run(_work(_app(database, database_url, role), stop, until_empty=until_empty))
    finally:
        database.close()


def report(database: Database, key: str, done: int, total: int) -> None:
    """Say how far the job ``key`` is.  Seen at once by everyone, whatever becomes of the job.

    This is no fact of the business, so it has its own small transaction.
    """
    note(database, REPORT, {"key": key, "done": done, "total": total})


def note(
    database: Database, statement: LiteralString, parameters: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """Write down where a job is, in a small transaction of its own; the rows that it returns.

    For what must be known whatever becomes of the job, such as "this label is about to be sent".
    """
    with database.session(SYSTEM) as session:
        written = driver(session).execute(statement, parameters)
        rows = written.fetchall() if written.description else []
        session.commit()
    return rows


def progress(session: Session, key: str) -> Progress | None:
    """The newest report of the job ``key``, None before the first."""
    return sql.one(session, Progress, PROGRESS, {"key": key})


def _app(database: Database, url: str, role: str | None) -> App:
    options = f"-c role={role} -c timezone=UTC" if role else "-c timezone=UTC"
    connector = PsycopgConnector(conninfo=url, kwargs={"options": options}, min_size=1, max_size=3)
    app = App(connector=connector)
    for name, function in _tasks.items():
        app.task(name=name, queue=QUEUE, retry=RETRY)(_called(database, function))
    for name, (function, cron) in _periodic.items():
        timed = app.task(name=name, queue=QUEUE, retry=RETRY)(_timed(database, function))
        app.periodic(cron=cron)(timed)
    app.periodic(cron="* * * * *")(
        app.task(name="kit.retry_stalled", queue=QUEUE)(_retry_stalled(app))
    )
    return app


def _called(database: Database, function: Task) -> Callable[..., None]:
    @functools.wraps(function)
    def call(ids: dict[str, Any], caller: dict[str, Any]) -> None:
        function(Job(database, Caller(**caller)), **ids)

    return call


def _timed(database: Database, function: Task) -> Callable[..., None]:
    @functools.wraps(function)
    def call(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
        function(Job(database, SYSTEM))

    return call


def _retry_stalled(app: App) -> Callable[..., Any]:
    """The jobs of a worker that was killed run again; they are idempotent."""

    async def retry_stalled(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
        stalled = await app.job_manager.get_stalled_jobs(
            seconds_since_heartbeat=STALLED_AFTER_SECONDS
        )
        for job in stalled:
            log.warning("job of a lost worker runs again", job=job.id, task=job.task_name)
            await app.job_manager.retry_job(job)

    return retry_stalled


async def _work(app: App, stop: threading.Event | None, *, until_empty: bool) -> None:
    async with app.open_async():
        worker = asyncio.ensure_future(
            app.run_worker_async(
                queues=[QUEUE],
                concurrency=_AT_ONCE,
                fetch_job_polling_interval=_LOOK_AGAIN_SECONDS,
                wait=not until_empty,
                delete_jobs="successful",
                install_signal_handlers=stop is None and not until_empty,
            )
        )
        if stop is not None:
            await _until_stopped(worker, stop)
        with contextlib.suppress(asyncio.CancelledError):
            await worker


async def _until_stopped(worker: asyncio.Future[None], stop: threading.Event) -> None:
    while not stop.is_set() and not worker.done():  # noqa: ASYNC110 - a thread sets it
        await asyncio.sleep(_LOOK_FOR_STOP_SECONDS)
    worker.cancel()


def _stored(caller: Caller) -> dict[str, Any]:
    return {name: value for name, value in vars(caller).items() if value is not None}
