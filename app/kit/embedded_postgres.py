"""PostgreSQL from a wheel, one cluster per data directory, for those who bring no server.

One server serves every process of a data directory: the first one starts it, the last one to
leave stops it (each holds a shared lock on ``postgres.lock``; the kernel lets go of it even on
kill -9).  A server whose starter was killed is taken over; a server that was killed itself is
started again and recovers from its write-ahead log.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from app.kit.i18n import mark
from app.kit.postgres_processes import ServerState, is_postmaster, processes_in, server_state
from app.kit.postgres_programs import open_program, program, server_version
from app.kit.postgres_settings import CONFIGURATION, forced_settings, host_rules, tuned_settings
from app.kit.problems import Problem
from app.kit.server_account import Account, open_way, server_account

OWNER, APPLICATION, DATABASE = "saoku_owner", "saoku_app", "saoku"

# sockaddr_un holds 107 bytes and a name such as /.s.PGSQL.5432 follows the directory.
LONGEST_SOCKET_DIRECTORY = 107 - len("/.s.PGSQL.5432")
LONGEST_LOG_BYTES = 20 << 20
READY_WITHIN_SECONDS = 600  # crash recovery of a large database takes its time
STOPPED_WITHIN_SECONDS = 60
LEFTOVERS_WITHIN_SECONDS = 5

_left_running: list[subprocess.Popen[bytes]] = []


class PostgresDidNotStart(Problem):
    """The embedded server ended at once or did not get ready."""

    code = "postgres_did_not_start"
    status = 500
    text = mark("The embedded PostgreSQL did not start. Its last words: {log}")
    advice = mark("See {path}. Free disk space or memory if that is the cause, then start again.")


class PostgresOfAnotherVersion(Problem):
    """The data directory was made by another major version."""

    code = "postgres_of_another_version"
    status = 500
    text = mark("{path} was made by PostgreSQL {found}; this installation runs {wanted}.")
    advice = mark(
        "Run `backup` with the earlier release, then `restore` into a new data directory."
    )


class SocketDirectoryTaken(Problem):
    """The short directory for the socket exists and is not ours."""

    code = "socket_directory_taken"
    status = 500
    text = mark("{path} belongs to someone else or others may enter it.")
    advice = mark("Remove it, or set SAOKU_DATA_DIR to a shorter path.")


@dataclass(frozen=True)
class ConnectionInfo:
    """How to reach the cluster: libpq URLs over the private socket, without password."""

    socket_directory: Path
    owner_url: str
    app_url: str

    def url(self, database: str, role: str = OWNER) -> str:
        """The URL of another database or role of the same cluster."""
        return socket_url(self.socket_directory, database, role)


class EmbeddedPostgres:
    """One cluster in ``data_dir``; a context manager that yields its ``ConnectionInfo``.

    Args:
        data_dir: created if missing; holds ``postgres/``, ``postgres.log`` and the locks.
        unsafe_fast: for throw-away test clusters only: nothing is forced to disk.
    """

    def __init__(self, data_dir: Path, *, unsafe_fast: bool = False) -> None:
        self.data_dir = data_dir.resolve()
        self.cluster = self.data_dir / "postgres"
        self.log = self.data_dir / "postgres.log"
        self.unsafe_fast = unsafe_fast
        self._use: IO[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> ConnectionInfo:
        """Make the cluster if there is none, start it or join the running one.

        Raises:
            Problem: the server cannot run here; the text says why and what to do.
        """
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        account = server_account(self.cluster)
        open_way(account, self.data_dir)
        open_program(account)
        with self._alone():
            self._create(account)
            socket_directory = self._running() or self._launch(account)
            self._use = self._use or _locked(self.data_dir / "postgres.lock", fcntl.LOCK_SH)
            prepare(socket_directory)
        return connection_info(socket_directory)

    def connection_if_running(self) -> ConnectionInfo | None:
        """Look without touching: None where no server of this cluster is ready."""
        state = self._state()
        ready = state.ready and is_postmaster(state.pid, self.cluster)
        return connection_info(state.socket_directory) if ready else None

    def stop(self) -> None:
        """Leave the server; the last one to leave shuts it down (open transactions roll back)."""
        if self._use is None:
            return
        with self._alone():
            try:
                fcntl.flock(self._use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                # Keep the handle, or its finaliser would complain about a running child.
                _left_running.extend([self._process] if self._process else [])
            else:
                self._shut_down()
            self._use.close()
            self._use = self._process = None

    def __enter__(self) -> ConnectionInfo:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def postmaster_pid(self) -> int | None:
        """The process id of the live server of this cluster."""
        pid = self._state().pid
        return pid if is_postmaster(pid, self.cluster) else None

    @contextmanager
    def _alone(self) -> Generator[None]:
        with _locked(self.data_dir / "postgres.start.lock", fcntl.LOCK_EX):
            yield

    def _create(self, account: Account) -> None:
        version = self.cluster / "PG_VERSION"
        if version.exists():
            found, wanted = version.read_text(encoding="ascii").strip(), server_version()
            if found != wanted:
                raise PostgresOfAnotherVersion(path=str(self.cluster), found=found, wanted=wanted)
            return
        # initdb works aside and the result is renamed: a half-made cluster is never used.
        fresh = self.data_dir / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        account.own(fresh)
        self._initdb(fresh, account)
        fresh.rename(self.cluster)

    def _initdb(self, fresh: Path, account: Account) -> None:
        command = [str(program("initdb")), "--pgdata", str(fresh), "--username", OWNER]
        command += ["--auth-local=peer", "--auth-host=reject", "--encoding=UTF8"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        command += ["--data-checksums", "--no-instructions"]
        command += ["--no-sync"] if self.unsafe_fast else []
        done = account.run(command, fresh)
        if done.returncode:
            raise PostgresDidNotStart(log=done.stderr.strip()[-500:], path=str(self.data_dir))
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(CONFIGURATION)

    def _running(self) -> Path | None:
        """Take over a healthy server; put away one that is dead or does not answer."""
        pid, state = self.postmaster_pid(), self._state()
        if pid and state.ready and answers(state.socket_directory):
            return state.socket_directory
        if pid:
            self._end(pid, signal.SIGQUIT)
        self._clear_leftovers()
        return None

    def _clear_leftovers(self) -> None:
        # Backends of a killed server end by themselves, but one deep in a calculation may not
        # notice, and PostgreSQL does not start over memory that is still in use.  What they do is
        # lost in any case: recovery starts from the log on disk.
        deadline = time.monotonic() + LEFTOVERS_WITHIN_SECONDS
        while leftovers := processes_in(self.cluster):
            if time.monotonic() > deadline:
                for pid in leftovers:
                    _signal(pid, signal.SIGKILL)
            time.sleep(0.02)
        # The number in it may meanwhile be another process's, for which PostgreSQL would wait.
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _launch(self, account: Account) -> Path:
        socket_directory = self._socket_directory(account)
        # A killed server's socket lock holds a process number too; the directory is ours alone.
        for stale in socket_directory.glob(".s.PGSQL.*"):
            stale.unlink()
        self._write_configuration(account)
        self._rotate_log()
        if self._process:
            self._process.poll()  # reap the server that was killed
        command = [str(program("postgres")), "-D", str(self.cluster)]
        command += forced_settings(socket_directory, unsafe_fast=self.unsafe_fast)
        with self.log.open("ab") as log:
            # Its own session: Ctrl-C in a terminal is for the program in front, which then
            # stops the server in its turn.
            self._process = account.spawn(command, self.cluster, log)
        self._wait_until_ready(self._process)
        return socket_directory

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            state = self._state()
            if state.pid == process.pid and state.ready:
                return
            time.sleep(0.01)
        if process.poll() is None:
            self._end(process.pid, signal.SIGQUIT)
        raise PostgresDidNotStart(log=last_lines(self.log), path=str(self.log))

    def _write_configuration(self, account: Account) -> None:
        # At every start, so that a new release or a machine with more memory takes effect.
        for name, text in {
            "saoku.conf": tuned_settings(self.data_dir / "postgresql.conf"),
            "pg_hba.conf": "local all all peer map=saoku\n",
            "pg_ident.conf": host_rules(account.name),
        }.items():
            path = self.cluster / name
            path.write_text(text, encoding="utf-8")
            path.chmod(0o600)
            account.own(path)

    def _rotate_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG_BYTES:
            self.log.rename(self.log.with_suffix(".log.1"))

    def trim_log(self) -> None:
        """Set a long log aside while the server writes on: it appends, so it goes on at the start.

        Lines written between copying and cutting are lost, which a log may.
        """
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG_BYTES:
            shutil.copyfile(self.log, self.log.with_suffix(".log.1"))
            os.truncate(self.log, 0)

    def _socket_directory(self, account: Account) -> Path:
        inside = self.data_dir / "run"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_DIRECTORY:
            return private_directory(inside, account)
        name = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:12]
        return private_directory(
            Path(tempfile.gettempdir()) / f"saoku-{account.uid}-{name}", account
        )

    def _state(self) -> ServerState:
        return server_state(self.cluster / "postmaster.pid")

    def _shut_down(self) -> None:
        pid = self.postmaster_pid()
        if pid:
            self._end(pid, signal.SIGINT)
        if self._process:
            self._process.wait()

    def _end(self, pid: int, first: signal.Signals) -> None:
        """Signal the server and wait; harder signals follow when it does not end."""
        for sign in (first, signal.SIGQUIT, signal.SIGKILL):
            _signal(pid, sign)
            deadline = time.monotonic() + STOPPED_WITHIN_SECONDS
            while time.monotonic() < deadline:
                if self._process:
                    self._process.poll()  # reaps it if it is our own child
                if not is_postmaster(pid, self.cluster):
                    return
                time.sleep(0.01)


def connection_info(socket_directory: Path) -> ConnectionInfo:
    return ConnectionInfo(
        socket_directory,
        socket_url(socket_directory, DATABASE, OWNER),
        socket_url(socket_directory, DATABASE, APPLICATION),
    )


def socket_url(directory: Path, database: str, role: str) -> str:
    query = urlencode({"host": str(directory)}, quote_via=quote, safe="/")
    return f"postgresql://{quote(role)}@/{quote(database)}?{query}"


def private_directory(path: Path, account: Account) -> Path:
    """A 0700 directory of the server's account; one that others made or may enter is refused."""
    try:
        path.mkdir(mode=0o700)
        account.own(path)
    except FileExistsError:
        status = path.lstat()
        closed = stat.S_ISDIR(status.st_mode) and not status.st_mode & 0o077
        if status.st_uid != account.uid or not closed:
            raise SocketDirectoryTaken(path=str(path)) from None
    return path


def prepare(socket_directory: Path) -> None:
    """Make the application role and the database where they are missing."""
    with psycopg.connect(
        socket_url(socket_directory, "postgres", OWNER), autocommit=True
    ) as connection:
        if not _exists(connection, "select 1 from pg_roles where rolname = %s", APPLICATION):
            connection.execute(
                sql.SQL(
                    "create role {} login nosuperuser nobypassrls nocreatedb nocreaterole"
                ).format(sql.Identifier(APPLICATION))
            )
        if not _exists(connection, "select 1 from pg_database where datname = %s", DATABASE):
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))


def answers(socket_directory: Path) -> bool:
    url = socket_url(socket_directory, "postgres", OWNER)
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            return connection.execute("select 1").fetchone() == (1,)
    except psycopg.Error:
        return False


def last_lines(log: Path, count: int = 5) -> str:
    try:
        return " | ".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
    except FileNotFoundError:
        return ""


def _exists(connection: psycopg.Connection[Any], query: Any, name: str) -> bool:
    return connection.execute(query, (name,)).fetchone() is not None


def _locked(path: Path, how: int) -> IO[bytes]:
    file = path.open("ab")
    fcntl.flock(file, how)
    return file


def _signal(pid: int, sign: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, sign)
