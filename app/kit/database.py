"""The database: engines, sessions, and the caller whose rights every transaction carries.

Every transaction sets the caller with ``set_config(..., true)``, so nothing survives on a pooled
connection and a forgotten WHERE cannot leak another store: the row-level security policies of the
migrations read these settings.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString, cast
from uuid import UUID

import msgspec
import psycopg
from psycopg.types.json import set_json_dumps, set_json_loads
from sqlalchemy import Engine, Numeric, create_engine, event, make_url
from sqlmodel import Session

Quantity = Numeric(20, 6)
"""Column type of quantities: base unit, six decimals stored."""
UnitPrice = Numeric(20, 6)
"""Column type of prices, rates and factors."""
Amount = Numeric(20, 4)
"""Column type of amounts in a currency: rounded by the code to the currency's own decimals."""

APPLICATION_ROLE = "saoku_app"
SET_CALLER = (
    "select set_config('saoku.user_id', %(user_id)s, true),"
    " set_config('saoku.stores', %(stores)s, true)"
)
# A scan's statements are the same every time and touch a handful of rows: planning them anew costs
# more than running them, and reading the newest few by an index must not become a sort of them all.
SET_CALLER_TO_SCAN = (
    SET_CALLER + ", set_config('plan_cache_mode', 'force_generic_plan', true),"
    " set_config('enable_bitmapscan', 'off', true)"
)
BEGIN_COMMAND = (
    SET_CALLER_TO_SCAN + ", stored.fingerprint, stored.outcome, stored.answer"
    " from (select) as always left join stored_command(%(command_id)s) as stored on true"
)
SNAPSHOT = "set transaction isolation level repeatable read"


@dataclass(frozen=True)
class Caller:
    """Who asks, in the database's terms.

    ``stores`` is ``'*'`` for those who see every store, else the ids with commas; empty sees none.
    ``store_id`` is the one they work in now: the audit trail keeps it.
    """

    user_id: int | None = None
    stores: str = ""
    device_id: int | None = None
    ip: str | None = None
    store_id: int | None = None

    @property
    def settings(self) -> dict[str, str]:
        return {"user_id": str(self.user_id or ""), "stores": self.stores}


SYSTEM = Caller(stores="*")
"""Set-up, jobs and verification: the whole company, no person."""


def driver(session: Session) -> psycopg.Connection[Any]:
    """The psycopg connection under the session, for pipelines and named SQL."""
    known = session.info.get("driver")
    if known is None:
        known = session.info["driver"] = session.connection().connection.driver_connection
    return cast("psycopg.Connection[Any]", known)


Statement = tuple[LiteralString, Mapping[str, Any] | None]


class Database:
    """One pool of connections in the application role.

    Args:
        url: ``postgresql://`` URL; with ``role`` the connection drops to that role at once, which
            keeps an owner's URL from running the application with the owner's rights.
    """

    def __init__(self, url: str, *, role: str | None = None, pool_size: int = 10) -> None:
        self.url = url
        self.pool_size = pool_size
        self.engine = _engine(url, role, pool_size)

    @contextmanager
    def session(self, caller: Caller) -> Generator[Session]:
        """A transaction as the caller.  Rolled back unless ``kit.transactions`` commits it."""
        with self._begun((SET_CALLER, caller.settings)) as (session, _):
            yield session

    @contextmanager
    def commanding(
        self, caller: Caller, command_id: UUID
    ) -> Generator[tuple[Session, tuple[str, str, Any] | None]]:
        """As ``session``, with what is stored of the command already, in the same statement."""
        asked = {**caller.settings, "command_id": command_id}
        with self._begun((BEGIN_COMMAND, asked)) as (session, cursor):
            row = cursor.fetchone()
            yield session, row[-3:] if row and row[-3] is not None else None

    @contextmanager
    def reading(
        self, caller: Caller, *, snapshot: bool = False, scanning: bool = False
    ) -> Generator[Session]:
        """A read-only transaction as the caller: what a screen is rendered from.

        With ``snapshot`` every statement sees the same moment (repeatable read).  ``scanning`` is
        for screens shown after every scan, whose statements have no filters to plan for.
        """
        first: list[Statement] = [(SNAPSHOT, None)] if snapshot else []
        caller_set = SET_CALLER_TO_SCAN if scanning else SET_CALLER
        with self._begun(*first, (caller_set, caller.settings), read_only=True) as (session, _):
            yield session
            # Nothing was written.  A rollback would make the driver forget every statement that
            # the connection has prepared, and each would be planned anew for the next screen.
            driver(session).commit()

    @contextmanager
    def _begun(
        self, *statements: Statement, read_only: bool = False
    ) -> Generator[tuple[Session, psycopg.Cursor[Any]]]:
        """A session whose first statements are done, and the cursor of the last of them.

        A connection that breaks is thrown away.
        """
        session, cursor = self._first_that_works(statements, read_only=read_only)
        try:
            with session:
                yield session, cursor
        except psycopg.OperationalError:
            # The driver was used directly, so the pool does not know that its connection is gone.
            session.invalidate()
            raise

    def _first_that_works(
        self, statements: Sequence[Statement], *, read_only: bool
    ) -> tuple[Session, psycopg.Cursor[Any]]:
        """After a restart of the server every pooled connection is dead: nothing was done yet, so
        the next one may be tried.
        """
        for spare in range(self.pool_size, -1, -1):
            session = Session(self.engine, expire_on_commit=False)
            try:
                connection = driver(session)
                if connection.read_only is not read_only:
                    connection.read_only = read_only  # said in its next BEGIN
                with connection.pipeline():
                    cursors = [connection.execute(text, values) for text, values in statements]
            except psycopg.OperationalError:
                session.invalidate()
                if not spare:
                    raise
            else:
                return session, cursors[-1]
        raise AssertionError("unreachable: the last try returns or raises")

    def at_once(
        self, sql: LiteralString, parameters: Mapping[str, Any] | None = None
    ) -> list[tuple[Any, ...]]:
        """One statement, committed by itself and in one round trip; as nobody.

        Only for what comes before a caller is known: sessions, tokens and login attempts.  It may
        be sent again on another connection, so it must be harmless when it runs twice.
        """
        for spare in range(self.pool_size, -1, -1):
            pooled = self.engine.raw_connection()
            try:
                return _autocommitted(pooled.driver_connection, sql, parameters)
            except psycopg.OperationalError:
                pooled.invalidate()
                if not spare:
                    raise
            finally:
                pooled.close()
        raise AssertionError("unreachable: the last try returns or raises")

    def close(self) -> None:
        self.engine.dispose()


def _autocommitted(
    connection: Any, sql: LiteralString, parameters: Mapping[str, Any] | None
) -> list[tuple[Any, ...]]:
    connection.autocommit = True
    try:
        return connection.execute(sql, parameters).fetchall()
    finally:
        if not connection.closed:
            connection.autocommit = False


def sqlalchemy_url(url: str) -> str:
    """The same URL with the psycopg 3 driver named, as SQLAlchemy wants it."""
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _engine(url: str, role: str | None, pool_size: int) -> Engine:
    options = f"-c role={role} -c timezone=UTC" if role else "-c timezone=UTC"
    engine = create_engine(
        sqlalchemy_url(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_use_lifo=True,  # the connection that was used last has its statements prepared
        pool_timeout=30,
        connect_args={"options": options, "prepare_threshold": 3},
    )
    event.listen(engine, "connect", _set_up)
    return engine


def _set_up(connection: psycopg.Connection[Any], _record: object) -> None:
    """Named SQL is a fixed set of a few hundred texts: let each stay prepared.

    JSON goes through the fast library; numbers with a fraction never travel as JSON numbers.
    """
    connection.prepared_max = 1000
    set_json_dumps(msgspec.json.encode, connection)
    set_json_loads(msgspec.json.decode, connection)
