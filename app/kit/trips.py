"""Round trips: statements that go to PostgreSQL in one piece, and come back in one piece.

The driver's own pipeline sends each statement by itself and looks for answers behind each, which
takes ten times as much of this process's time as handing all of them to libpq at once, and wakes
the server for the first when the others are not there yet.
"""

from __future__ import annotations

import re
import select
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import count
from typing import Any, Generic, LiteralString, TypeVar, get_origin

import psycopg
from psycopg import errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

Row = TypeVar("Row")
Values = Mapping[str, Any] | None
MOST_PREPARED = 1000
_PLACEHOLDER = re.compile(r"%(?:\((\w+)\)s|(%))")
_FAILED = (ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED)


_Packed = tuple[bytes, Any, tuple[int, ...], Any]
"""A statement in the protocol's form: its text, values, their types and their formats."""


class Asked:
    """One statement on its way; ``result`` is there once the trip has ended."""

    __slots__ = ("result", "text", "values")

    def __init__(self, text: LiteralString, values: Values) -> None:
        self.text = text
        self.values = values
        self.result: PGresult | None = None


class Answer(Generic[Row]):
    """The rows of one statement; asked for while it waits, they end the trip."""

    __slots__ = ("_asked", "_row", "_trip")

    def __init__(self, trip: Trip, asked: Asked, row: type[Row]) -> None:
        self._trip, self._asked, self._row = trip, asked, row

    def all(self) -> list[Row]:
        """Every row.

        Raises:
            psycopg.Error: the statement failed, or one before it.
        """
        if self._asked.result is None:
            self._trip.end()
        return self._trip.line.rows(self._asked, self._row)

    def first(self) -> Row | None:
        """The first row, or None."""
        rows = self.all()
        return rows[0] if rows else None

    def touched(self) -> int:
        """How many rows it wrote or found."""
        if self._asked.result is None:
            self._trip.end()
        result = self._asked.result
        return (result.command_tuples if result else None) or 0


class Trip:
    """Collects statements until ``end``, or until an answer is asked for."""

    __slots__ = ("_waiting", "line")

    def __init__(self, line: Line) -> None:
        self.line = line
        self._waiting: list[Asked] = []

    def tell(self, text: LiteralString, values: Values = None) -> None:
        """A statement whose rows nobody reads."""
        self._waiting.append(Asked(text, values))

    def ask(self, row: type[Row], text: LiteralString, values: Values = None) -> Answer[Row]:
        """A statement whose rows become dataclasses by their columns' names, or plain tuples."""
        asked = Asked(text, values)
        self._waiting.append(asked)
        return Answer(self, asked, row)

    def end(self) -> None:
        """Send what waits, and wait for all answers; may be gone on with.

        Raises:
            psycopg.Error: of the first statement that failed; those behind it were not run.
        """
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            self.line.travel(waiting)

    def drop(self) -> None:
        """Forget what waits: it was never sent."""
        self._waiting = []


class Line:
    """What trips know of one connection: prepared statements, and how values are written and read.

    A statement is prepared when the connection meets it for the second time.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._values = Transformer(connection)
        self._poll = select.poll()
        self._poll.register(connection.fileno(), select.POLLIN)
        self._prepared: dict[tuple[bytes, tuple[int, ...]], bytes | None] = {}
        self._makers: dict[tuple[str, type], tuple[int, Callable[..., Any]]] = {}
        self._numbers = count()

    def travel(self, asked: Sequence[Asked]) -> None:
        """Send all and give each its result.

        Raises:
            psycopg.Error: of the first that failed.
        """
        connection = self._connection.pgconn
        # A value that cannot be written is found out before anything is sent.
        packed = [self._packed(one) for one in asked]
        try:
            connection.enter_pipeline_mode()
            prepared = [self._send(one) for one in packed]
            connection.pipeline_sync()
            self._flush()
            for one, is_prepared in zip(asked, prepared, strict=True):
                self._receive(one, is_prepared=is_prepared)
            self._result()  # the end of the trip
            connection.exit_pipeline_mode()
        except BaseException:
            # Half a conversation: nobody can go on with this connection.
            self._connection.close()
            raise
        self._raise_first(asked)

    def rows(self, asked: Asked, row: type[Row]) -> list[Row]:
        """The rows of its answer."""
        result = asked.result
        assert result is not None, "the trip has not ended"
        if result.status != ExecStatus.TUPLES_OK:
            raise psycopg.ProgrammingError("the statement before it failed, or gives no rows")
        self._values.set_pgresult(result)
        return self._values.load_rows(0, result.ntuples, self._maker(asked.text, row, result))

    # ---- There ----------------------------------------------------------------------------------

    def _send(self, packed: _Packed) -> bool:
        """Hand it to libpq; whether it is prepared on the way, which has a result of its own."""
        connection = self._connection.pgconn
        text, values, types, formats = packed
        key = (text, types)
        name = self._prepared.get(key)
        if name is not None:
            connection.send_query_prepared(name, values, formats)
            return False
        if key not in self._prepared:
            if len(self._prepared) < MOST_PREPARED:
                self._prepared[key] = None
            connection.send_query_params(text, values, types, formats)
            return False
        self._prepared[key] = name = b"trip%d" % next(self._numbers)
        connection.send_prepare(name, text, types)
        connection.send_query_prepared(name, values, formats)
        return True

    def _packed(self, asked: Asked) -> _Packed:
        text, names = _compiled(asked.text, has_values=asked.values is not None)
        if not names or asked.values is None:
            return text, None, (), None
        given = [asked.values[name] for name in names]
        values = self._values.dump_sequence(given, _auto(len(names)))
        return text, values, self._values.types or (), self._values.formats

    def _flush(self) -> None:
        connection = self._connection.pgconn
        while connection.flush():
            # The server's answers fill the other direction: take them, or both wait for ever.
            self._poll.modify(connection.socket, select.POLLIN | select.POLLOUT)
            self._poll.poll()
            self._poll.modify(connection.socket, select.POLLIN)
            connection.consume_input()

    # ---- And back -------------------------------------------------------------------------------

    def _receive(self, asked: Asked, *, is_prepared: bool) -> None:
        failure = None
        if is_prepared:
            preparing = self._last_result()
            failure = preparing if preparing.status in _FAILED else None
        result = self._last_result()
        asked.result = failure or result

    def _last_result(self) -> PGresult:
        """The only result of what was sent, and behind it the mark that there are no more."""
        result = self._result()
        self._connection.pgconn.get_result()
        return result

    def _result(self) -> PGresult:
        connection = self._connection.pgconn
        while connection.is_busy():
            self._poll.poll()
            connection.consume_input()
        result = connection.get_result()
        if result is None:
            raise psycopg.OperationalError("the connection is lost")
        return result

    def _raise_first(self, asked: Sequence[Asked]) -> None:
        for one in asked:
            if one.result is not None and one.result.status in _FAILED:
                self._forget(asked)
                raise _error(one.result)

    def _forget(self, asked: Sequence[Asked]) -> None:
        """What was to be prepared behind the failure was not; numbers are never used again."""
        texts = {_compiled(one.text, has_values=one.values is not None)[0] for one in asked}
        for key in [key for key in self._prepared if key[0] in texts]:
            del self._prepared[key]

    def _maker(self, text: str, row: type, result: PGresult) -> Callable[..., Any]:
        known = self._makers.get((text, row))
        if known is None or known[0] != result.nfields:
            known = (result.nfields, _maker_of(row, result))
            self._makers[text, row] = known
        return known[1]


def _maker_of(row: type, result: PGresult) -> Callable[..., Any]:
    """What makes a row of a tuple of values."""
    if get_origin(row) is tuple or row is tuple:
        return tuple
    names = [(result.fname(index) or b"").decode() for index in range(result.nfields)]
    make: Callable[..., Any] = row

    def by_place(values: Sequence[Any]) -> Any:
        return make(*values)

    def by_name(values: Sequence[Any]) -> Any:
        return make(**dict(zip(names, values, strict=True)))

    if names == list(getattr(row, "_fields", ())):  # a NamedTuple
        return row._make  # type: ignore[attr-defined]
    in_order = is_dataclass(row) and names == [field.name for field in fields(row)]
    return by_place if in_order else by_name


def _error(result: PGresult) -> psycopg.Error:
    return errors.error_from_result(result)


@cache
def _auto(length: int) -> list[PyFormat]:
    return [PyFormat.AUTO] * length


@cache
def _compiled(text: str, *, has_values: bool) -> tuple[bytes, tuple[str, ...]]:
    """The statement with ``$1`` for ``%(name)s``, and the names in that order."""
    if not has_values:
        return text.encode(), ()
    numbers: dict[str, int] = {}

    def numbered(found: re.Match[str]) -> str:
        return "%" if found[2] else f"${numbers.setdefault(found[1], len(numbers) + 1)}"

    numbered_text = _PLACEHOLDER.sub(numbered, text)
    return numbered_text.encode(), tuple(numbers)
