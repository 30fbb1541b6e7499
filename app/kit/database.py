"""The database: engines, sessions, and the caller whose rights every transaction carries.

Every transaction sets the caller with ``set_config(..., true)``, so nothing survives on a pooled
connection and a forgotten WHERE cannot leak another store: the row-level security policies of the
migrations read these settings.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, LiteralString, TypeVar, cast

import msgspec
import psycopg
from psycopg.types.json import set_json_dumps, set_json_loads
from sqlalchemy import (
    Connection,
    Engine,
    Numeric,
    PoolProxiedConnection,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from app.kit.trips import Line, Trip

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
BEGIN = "begin"
LINE = "saoku.line"
"""Where the pool's record of a connection keeps its ``Line``."""
BEGIN_READING = "begin read only"
BEGIN_SNAPSHOT = "begin isolation level repeatable read read only"


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


Statement = tuple[LiteralString, Mapping[str, Any] | None]
T = TypeVar("T")


class _Session(Session):
    """A session on one pooled connection, taken at its first use.

    Named SQL goes straight to the driver; the ORM joins the same connection only where it is used,
    because it costs a scan more than a statement does.
    """

    def __init__(self, engine: Engine, opening: Sequence[Statement]) -> None:
        super().__init__(expire_on_commit=False)
        self.opening = opening
        self.trip: Trip | None = None
        self._engine = engine
        self._pooled: PoolProxiedConnection | None = None
        self._joined: Connection | None = None

    @property
    def pooled(self) -> PoolProxiedConnection:
        if self._pooled is None:
            self._pooled = self._engine.raw_connection()
        return self._pooled

    @property
    def raw(self) -> psycopg.Connection[Any]:
        return cast("psycopg.Connection[Any]", self.pooled.driver_connection)

    def get_bind(self, *_arguments: Any, **_named: Any) -> Connection:
        """The ORM's connection; what travels goes before whatever the ORM sends."""
        driver(self)
        if self._joined is None:
            self._joined = Connection(self._engine, connection=self._pooled)
        return self._joined

    def commit(self) -> None:
        """What the ORM did and what it knows nothing of."""
        super().commit()
        driver(self).commit()

    def invalidate(self) -> None:
        """Throw the connection away: it is broken."""
        if self._pooled is not None:
            self._pooled.invalidate()

    def close(self) -> None:
        """Roll back what was not committed and give the connection back."""
        if self._joined is not None:
            super().close()
        if self._pooled is not None:
            self._pooled.close()
            self._pooled = self._joined = None


def _ours(session: Session) -> _Session:
    assert isinstance(session, _Session), "a session that was not made by Database"
    return session


def driver(session: Session) -> psycopg.Connection[Any]:
    """The psycopg connection under the session; what waits to travel has arrived before."""
    ours = _ours(session)
    if ours.opening:
        with together(session):
            pass
    elif ours.trip is not None:
        ours.trip.end()
    return ours.raw


@contextmanager
def together(session: Session) -> Generator[Trip]:
    """Statements that travel in one round trip, with the opening of the transaction before them.

    Those of ``kit.sql`` inside the block travel with them.  Inside another trip, such as that of
    ``unanswered``, they travel with its statements instead.
    """
    ours = _ours(session)
    if ours.trip is not None:
        yield ours.trip
        return
    ours.trip = trip = _departing(ours)
    try:
        yield trip
        trip.end()
    finally:
        ours.trip = None


def is_traveling(session: Session) -> bool:
    """Whether statements of the session go with others now."""
    return _ours(session).trip is not None


def unanswered(session: Session) -> Trip:
    """From here on nothing waits for an answer until ``answers``: it travels with the commit."""
    ours = _ours(session)
    if ours.trip is None:
        ours.trip = _departing(ours)
    return ours.trip


def answers(session: Session) -> None:
    """Wait for the answers to everything that was sent; the first failure is raised."""
    ours = _ours(session)
    trip, ours.trip = ours.trip, None
    if trip is not None:
        trip.end()


def _departing(ours: _Session) -> Trip:
    """A new trip, which opens the transaction where none is open."""
    trip = Trip(_line(ours.pooled))
    opening, ours.opening = ours.opening, ()
    for text, values in opening:
        trip.tell(text, values)
    return trip


def _line(pooled: PoolProxiedConnection) -> Line:
    return pooled.info[LINE]


def look(trip: Trip, caller: Caller) -> None:
    """Behind a commit: what follows is read as the caller, in one glance.

    Statements between two ends of a trip are one transaction of their own.
    """
    trip.tell(SET_CALLER_TO_SCAN, caller.settings)


class Database:
    """One pool of connections in the application role.

    Connections are in the driver's autocommit mode: transactions begin with a statement of ours,
    which travels with those that follow it.

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
        with self._begun((BEGIN, None), (SET_CALLER, caller.settings)) as session:
            yield session

    @contextmanager
    def commanding(self, caller: Caller) -> Generator[Session]:
        """As ``session``, but it begins with the first statement that is sent.

        A connection that broke since it was last used is found out then, by the caller's code.
        """
        opening: tuple[Statement, ...] = (
            (BEGIN, None),
            (SET_CALLER_TO_SCAN, caller.settings),
        )
        session = _Session(self.engine, opening)
        with self._lent(session):
            yield session

    @contextmanager
    def reading(
        self, caller: Caller, *, snapshot: bool = False, scanning: bool = False
    ) -> Generator[Session]:
        """A read-only transaction as the caller: what a screen is rendered from.

        With ``snapshot`` every statement sees the same moment (repeatable read).  ``scanning`` is
        for screens shown after every scan, whose statements have no filters to plan for.
        """
        begin = BEGIN_SNAPSHOT if snapshot else BEGIN_READING
        caller_set = SET_CALLER_TO_SCAN if scanning else SET_CALLER
        with self._begun((begin, None), (caller_set, caller.settings)) as session:
            yield session
            driver(session).commit()

    @contextmanager
    def _begun(self, *opening: Statement) -> Generator[Session]:
        """A session whose first statements are done."""
        with self._lent(self.on_any_connection(lambda: self._opened(opening))) as session:
            yield session

    @contextmanager
    def _lent(self, session: _Session) -> Generator[Session]:
        """The session until the end of the block; a connection that breaks is thrown away."""
        try:
            with session:
                try:
                    yield session
                except BaseException:
                    session.trip = None  # nothing of it was sent
                    raise
                answers(session)
        except psycopg.OperationalError:
            # The driver was used directly, so the pool does not know that its connection is gone.
            session.invalidate()
            raise

    def _opened(self, opening: Sequence[Statement]) -> _Session:
        session = _Session(self.engine, opening)
        try:
            with together(session):
                return session
        except psycopg.OperationalError:
            session.invalidate()
            raise

    def on_any_connection(self, do: Callable[[], T]) -> T:
        """After a restart of the server every pooled connection is dead, which shows in use:
        each is thrown away and the next one tried.  Only for what may be done twice.
        """
        for _pooled in range(self.pool_size):
            with suppress(psycopg.OperationalError):
                return do()
        return do()

    def at_once(
        self, sql: LiteralString, parameters: Mapping[str, Any] | None = None
    ) -> list[tuple[Any, ...]]:
        """One statement, committed by itself and in one round trip; as nobody.

        Only for what comes before a caller is known: sessions, tokens and login attempts.  It may
        be sent again on another connection, so it must be harmless when it runs twice.
        """
        return self.on_any_connection(lambda: self._at_once(sql, parameters))

    def _at_once(
        self, sql: LiteralString, parameters: Mapping[str, Any] | None
    ) -> list[tuple[Any, ...]]:
        pooled = self.engine.raw_connection()
        try:
            return Trip(_line(pooled)).ask(tuple[Any, ...], sql, parameters).all()
        except psycopg.OperationalError:
            pooled.invalidate()
            raise
        finally:
            pooled.close()

    def close(self) -> None:
        self.engine.dispose()


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
        # Statements are prepared by trips.  What the driver prepares it throws away with every
        # rollback, and theirs with it.
        connect_args={"options": options, "prepare_threshold": None},
    )
    event.listen(engine, "connect", _set_up)
    return engine


def _set_up(connection: psycopg.Connection[Any], record: ConnectionPoolEntry) -> None:
    """What every connection needs once.

    JSON goes through the fast library; numbers with a fraction never travel as JSON numbers.
    """
    connection.autocommit = True
    set_json_dumps(msgspec.json.encode, connection)
    set_json_loads(msgspec.json.decode, connection)
    record.info[LINE] = Line(connection)
