"""Databases that serve one test after another: each finds what the first one found.

Making a clone of the template, its connections and the sample company costs a third of a second;
putting back what a test changed costs a hundredth.  A test cannot tell the difference: rows,
their order on disk, sequences, statistics and the settings of connections are the first day's.
Whatever cannot be put back (another schema, connections or transactions that are left open) is
dropped, and the next test gets a new clone.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from app.kit.database import Database
from tests import harness

LONGEST_USE = 200  # tests; what is left behind in the catalog must not pile up
MOST_CONNECTIONS = 3  # that stay open between tests: the server has a hundred for all workers
RESTORE_SIZES_SINCE = 180000
TABLES = (
    "select format('%I.%I', schemaname, tablename) from pg_tables"
    " where schemaname not in ('pg_catalog', 'information_schema') order by 1"
)
SEQUENCES = "select format('%I.%I', schemaname, sequencename) from pg_sequences order by 1"
# A row that was inserted or updated is of a later transaction; one that was deleted is missing.
OLDEST = "select {}, count(*), coalesce(max(xmin::text::bigint), 0) from {}"
POSITION = "select {}, last_value, is_called from {}"
CATALOGS = [
    "pg_attribute", "pg_attrdef", "pg_constraint", "pg_trigger", "pg_proc", "pg_index", "pg_policy",
    "pg_type", "pg_namespace", "pg_rewrite", "pg_default_acl", "pg_largeobject_metadata",
    "pg_db_role_setting", "pg_statistic",
]  # fmt: skip
# Statistics in pg_class change in place; these columns change with the schema only.
CLASSES = (
    "select 'pg_class', count(*), sum(hashtext(row(oid, relname, relkind, relowner, relacl,"
    " relchecks, relhastriggers, relrowsecurity, relforcerowsecurity, reloptions)::text))"
    " from pg_class"
)
OTHERS = (
    "select count(*) from pg_stat_activity where datname = current_database()"
    " and backend_type = 'client backend' and pid <> pg_backend_pid() and pid <> all(%s)"
)
AS_NEW = (
    "close all; unlisten *; reset all; reset role; select pg_advisory_unlock_all();"
    " discard temp; discard sequences"
)
PREPARED = "select name from pg_prepared_statements where from_sql"
# What the planner knows of sizes, of tables and of their indexes.
SIZES = (
    "select oid, relpages, reltuples, relallvisible from pg_class"
    " where relkind in ('r', 'i') and relnamespace in"
    " (select oid from pg_namespace where nspname not in ('pg_catalog', 'information_schema')"
    "  and nspname not like 'pg_toast%')"
)
RESTORE_SIZES = (
    "select pg_restore_relation_stats('schemaname', nspname::text, 'relname', relname::text,"
    " 'relpages', first.pages, 'reltuples', first.tuples, 'relallvisible', first.visible)"
    " from unnest(%s::oid[], %s::int[], %s::real[], %s::int[]) first (id, pages, tuples, visible)"
    " join pg_class on pg_class.oid = first.id"
    " join pg_namespace on pg_namespace.oid = relnamespace"
    " where (relpages, reltuples, relallvisible) <> (first.pages, first.tuples, first.visible)"
)

State = dict[str, tuple[int, int]]


class LentDatabase(Database):
    """What one test gets: connections of a database that is used again, and its company."""

    company: harness.SampleCompany | None


class Recycled:
    """One database; ``with_company`` says whether the sample company belongs to its first day."""

    def __init__(self, running: harness.Server, *, with_company: bool) -> None:
        self.uses = 0
        self._stack = ExitStack()
        self.name = self._stack.enter_context(harness.fresh_database(running))
        self._owner = self._stack.enter_context(
            psycopg.connect(running.url(self.name), autocommit=True)
        )
        self._database = running.database(self.name)
        self._stack.callback(self._database.close)
        self._ours: set[int] = set()
        event.listen(self._database.engine, "connect", self._note)
        self._company = harness.make_company(self._database) if with_company else None
        self._remember()

    def _note(self, connection: psycopg.Connection[Any], _record: object) -> None:
        self._ours.add(connection.info.backend_pid)

    def _remember(self) -> None:
        self._tables = self._state_query(OLDEST, self._names(TABLES))
        self._sequences = self._state_query(POSITION, self._names(SEQUENCES))
        schema = self._state_query(OLDEST, CATALOGS).as_string()
        self._schema = sql.SQL(f"{schema} union all {CLASSES}")
        self._sizes = [list(column) for column in zip(*self._owner.execute(SIZES), strict=True)]
        self._first = self._state(self._tables)
        self._rows = {name: self._copied(name) for name, (rows, _) in self._first.items() if rows}
        self._first_positions = self._state(self._sequences)
        self._first_schema = self._state(self._schema)

    def _names(self, query: str) -> list[str]:
        return [name for (name,) in self._owner.execute(query)]

    @staticmethod
    def _state_query(template: str, names: list[str]) -> sql.Composable:
        parts = [sql.SQL(template).format(sql.Literal(name), sql.SQL(name)) for name in names]
        return sql.SQL(" union all ").join(parts)

    def _state(self, query: sql.Composable) -> State:
        return {name: (a, b) for name, a, b in self._owner.execute(query, prepare=True)}

    def _copied(self, table: str) -> bytes:
        with self._owner.cursor().copy(f"copy {table} to stdout") as copied:
            return b"".join(bytes(part) for part in copied)

    def lend(self) -> LentDatabase:
        lent = LentDatabase.__new__(LentDatabase)
        lent.__dict__.update(self._database.__dict__)
        lent.company = copy.deepcopy(self._company)
        return lent

    def put_back(self) -> bool:
        """Make it as it was at first; False where it has to be thrown away."""
        self.uses += 1
        try:
            if self.uses >= LONGEST_USE or not self._is_left_alone():
                return False
            self._restore_rows()
            self._restore_sequences()
        except (psycopg.Error, SQLAlchemyError):
            return False
        return True

    def _is_left_alone(self) -> bool:
        """No transaction is open, nobody else is connected, and the schema is the same."""
        pool: Any = self._database.engine.pool
        if pool.checkedout():
            return False
        if pool.checkedin() > MOST_CONNECTIONS:
            self._database.close()
        self._clean_connections(pool.checkedin())
        others = self._owner.execute(OTHERS, [list(self._ours)]).fetchone()
        return others == (0,) and self._state(self._schema) == self._first_schema

    def _clean_connections(self, count: int) -> None:
        with ExitStack() as stack:
            for _each in range(count):
                pooled = self._database.engine.raw_connection()
                stack.callback(pooled.close)
                connection: Any = pooled.driver_connection
                connection.execute(AS_NEW)
                for (name,) in connection.execute(PREPARED).fetchall():
                    connection.execute(sql.SQL("deallocate {}").format(sql.Identifier(name)))

    def _restore_rows(self) -> None:
        now = self._state(self._tables)
        touched = [name for name, state in now.items() if state != self._first[name]]
        if not touched:
            return
        with self._owner.transaction():
            self._owner.execute("set local session_replication_role = replica")  # no triggers
            for name in touched:
                self._owner.execute(f"delete from {name}".encode())
        # Rows of the next test lie in the order in which it makes them, as in a new table.
        self._owner.execute(f"vacuum (index_cleanup on, truncate on) {', '.join(touched)}".encode())
        self._restore_sizes()
        self._fill([name for name in touched if name in self._rows])

    def _restore_sizes(self) -> None:
        if self._owner.info.server_version >= RESTORE_SIZES_SINCE:
            self._owner.execute(RESTORE_SIZES, self._sizes)

    def _fill(self, tables: list[str]) -> None:
        if not tables:
            return
        with self._owner.transaction():
            self._owner.execute("set local session_replication_role = replica")
            for name in tables:
                with self._owner.cursor().copy(f"copy {name} from stdin".encode()) as copying:
                    copying.write(self._rows[name])
        was = {name: rows for name, (rows, _) in self._first.items()}
        self._first = self._state(self._tables)
        assert was == {name: rows for name, (rows, _) in self._first.items()}

    def _restore_sequences(self) -> None:
        for name, place in self._state(self._sequences).items():
            if place != self._first_positions[name]:
                value, called = self._first_positions[name]
                self._owner.execute("select setval(%s, %s, %s)", [name, value, called])

    def drop(self) -> None:
        self._stack.close()


class Shelf:
    """The databases that wait for their next test, of each of the two kinds."""

    def __init__(self, running: harness.Server) -> None:
        self._running = running
        self._waiting: dict[bool, list[Recycled]] = {True: [], False: []}

    @contextmanager
    def borrow(self, *, with_company: bool) -> Iterator[Recycled]:
        waiting = self._waiting[with_company]
        taken = waiting.pop() if waiting else Recycled(self._running, with_company=with_company)
        try:
            yield taken
        finally:
            if taken.put_back():
                waiting.append(taken)
            else:
                taken.drop()

    def clear(self) -> None:
        for recycled in [*self._waiting[True], *self._waiting[False]]:
            recycled.drop()
