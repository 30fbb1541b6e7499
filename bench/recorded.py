"""What one request asks of the database, recorded, and turned into a pgbench script.

Values that must differ from run to run are given as expressions; every other one stays as it was
recorded, so that the server plans and writes the same as for the real request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import psycopg
from psycopg import sql
from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry

from app.kit.database import LINE, Database
from app.kit.trips import Asked, Line

Kind = Literal["statement", "start", "end", "commit", "rollback"]


@dataclass(frozen=True)
class Step:
    """One thing that went to the server; ``start`` and ``end`` are those of a pipeline."""

    kind: Kind
    text: str = ""
    values: Any = None


class Recording:
    """The steps of whatever the recorded connections do while it is ``on``."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.on = False

    def add(self, kind: Kind, text: str = "", values: Any = None) -> None:
        if self.on:
            self.steps.append(Step(kind, text, values))

    @contextmanager
    def running(self) -> Iterator[None]:
        self.on = True
        try:
            yield
        finally:
            self.on = False


@contextmanager
def recording_of(database: Database) -> Iterator[Recording]:
    """Inside the block every new connection of the database tells what it sends."""
    recording = Recording()
    connection_class, line_class = _recording_connection(recording), _recording_line(recording)

    def connect(_dialect: object, _record: object, arguments: Any, keywords: Any) -> Any:
        return connection_class.connect(*arguments, **keywords)

    def connected(connection: psycopg.Connection[Any], record: ConnectionPoolEntry) -> None:
        record.info[LINE] = line_class(connection)

    database.engine.dispose()
    event.listen(database.engine, "do_connect", connect)
    event.listen(database.engine, "connect", connected)
    try:
        yield recording
    finally:
        event.remove(database.engine, "do_connect", connect)
        event.remove(database.engine, "connect", connected)
        database.engine.dispose()


def _recording_line(recording: Recording) -> type[Line]:
    class Recorded(Line):
        def travel(self, asked: Sequence[Asked]) -> None:
            recording.add("start")
            for one in asked:
                recording.add("statement", one.text, one.values)
            recording.add("end")
            super().travel(asked)

    return Recorded


def _recording_connection(recording: Recording) -> type[psycopg.Connection[Any]]:
    class Cursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
            text = query if isinstance(query, str) else query.as_string(self.connection)
            recording.add("statement", text, params)
            return super().execute(query, params, **more)

    class Connection(psycopg.Connection[Any]):
        def __init__(self, *arguments: Any, **keywords: Any) -> None:
            super().__init__(*arguments, **keywords)
            self.cursor_factory = Cursor

        def commit(self) -> None:
            if self.info.transaction_status:
                recording.add("commit")
            super().commit()

        def rollback(self) -> None:
            if self.info.transaction_status:
                recording.add("rollback")
            super().rollback()

    return Connection


Expression = Callable[[str, Any], str | None]
"""(name of a parameter, its recorded value) -> SQL that varies, or None to keep the value."""


def script(steps: list[Step], vary: Expression, variables: Mapping[str, str]) -> str:
    """The steps as a pgbench script.

    Args:
        vary: which parameters differ from run to run.
        variables: pgbench variables and their expressions, set before the first statement.
    """
    lines = [f"\\set {name} {expression}" for name, expression in variables.items()]
    depth = 0
    for step in steps:
        match step.kind:
            case "start":
                lines += ["\\startpipeline"] if depth == 0 else []
                depth += 1
            case "end":
                depth -= 1
                lines += ["\\endpipeline"] if depth == 0 else []
            case "commit" | "rollback":
                lines.append(step.kind + ";")
            case "statement":
                lines.append(_statement(step, vary) + ";")
    return "\n".join(lines) + "\n"


def _statement(step: Step, vary: Expression) -> str:
    if step.values is None:
        return step.text
    if isinstance(step.values, Mapping):
        named = {name: vary(name, value) or literal(value) for name, value in step.values.items()}
        return step.text % named
    placed = [vary("", value) or literal(value) for value in step.values]
    return step.text % tuple(placed)


def literal(value: Any) -> str:
    """As SQL."""
    return sql.Literal(value).as_string(None)
