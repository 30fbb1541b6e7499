"""Bring back a backup, into an empty database, a new one, or in place of one.

The whole file is read before anything is touched.  Then it goes into a new database first and is
brought to this release.  Only when it is complete (checksum, rows of each table) and adds up (as
`verify` says) does it take the old one's place, which is kept under another name.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psycopg
from alembic.util.exc import CommandError
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import make_url

from app.administration.backup import Manifest, checksum, count_rows, manifest_of, read_manifest
from app.administration.database import differences_in
from app.administration.programs import program_for, run_program
from app.kit import migrate
from app.kit.clock import now
from app.kit.config import Settings
from app.kit.i18n import mark
from app.kit.postgres_programs import program
from app.kit.problems import Problem
from app.kit.servers import Server, running_server

# The application's role on a server that has never seen it, and what it may do with new tables: in
# the backup that names the former owner, who may be unknown here.
ROLE = """
do $$ begin
    if not exists (select from pg_roles where rolname = 'saoku_app') then
        create role saoku_app nologin nosuperuser nobypassrls nocreatedb nocreaterole;
    end if;
    if not pg_has_role(current_user, 'saoku_app', 'member') then
        execute format('grant saoku_app to %I', current_user);
    end if;
end $$
"""
RIGHTS = """
alter default privileges in schema public
    grant select, insert, update, delete on tables to saoku_app;
alter default privileges in schema public grant usage, select on sequences to saoku_app
"""
TIMES_LOOKED, PAUSE_SECONDS = 20, 0.1
NAMES_FORMER_OWNER = " DEFAULT ACL "
REVISION = "public.alembic_version"  # every migrated database has this row

Owner = psycopg.Connection[tuple[object, ...]]


class DamagedBackup(Problem):
    """The file is not the one that was written."""

    code = "damaged_backup"
    text = mark("{path} is not what `backup` wrote: {reason}.")
    advice = mark("Copy it again from where it is kept, or use an older backup.")


class IncompleteRestore(Problem):
    """What came back differs from what was backed up."""

    code = "incomplete_restore"
    text = mark("The restored database is not right: {reason}.")
    advice = mark("The database in use was not touched. Use an older backup, or ask for help.")


class DatabaseInUse(Problem):
    """Somebody is connected, so the database cannot be exchanged."""

    code = "database_in_use"
    text = mark("{count} other connections use the database.")
    advice = mark("Stop `serve` and `worker` on every machine, then start again.")


class NotEmpty(Problem):
    """There is something to lose, and nobody said that it may be replaced."""

    code = "not_empty"
    text = mark("The database holds {rows} rows already.")
    advice = mark("Add --replace: it is then kept beside the restored one, under another name.")


def restore_command(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("saoku restore", description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--replace", action="store_true", help="even if the database holds rows")
    parser.add_argument("--json", action="store_true", help="one object on one line")
    options = parser.parse_args(arguments)
    with running_server(Settings.from_environment()) as server:
        kept, rows = restore(server, options.file, replace_rows=options.replace)
    if options.json:
        print(json.dumps({"file": str(options.file), "kept_as": kept, "rows": rows}))
    else:
        print(f"{options.file} is restored and adds up: {sum(rows.values()):,} rows.")
        if kept:
            print(f"What was there before is kept in the database {kept}.")
    return 0


def restore(
    server: Server, file: Path, *, replace_rows: bool = False
) -> tuple[str | None, dict[str, int]]:
    """Restore beside the database, verify, then exchange the two.

    Returns:
        The name under which the former database is kept (None if it was empty), and the rows.

    Raises:
        Problem: one of this module's; the database in use is untouched then.
    """
    manifest = checked_manifest(file)
    name = str(conninfo_to_dict(server.owner_url)["dbname"])
    stamp = now().strftime("%Y%m%d_%H%M%S")
    fresh, kept = f"{name}_restored_{stamp}", f"{name}_before_{stamp}"
    with _maintenance(server.owner_url) as owner:
        is_there = _exists(owner, name)
        held = _rows_held(server) if is_there else 0
        if held and not replace_rows:
            raise NotEmpty(rows=held)
        refuse_while_in_use(owner, name)
        owner.execute(sql.SQL("create database {}").format(sql.Identifier(fresh)))
        try:
            rows = _fill(_renamed(server, fresh), file, manifest)
            exchange(owner, name, fresh, kept if is_there else None)
        except BaseException:
            _drop(owner, fresh)
            raise
        if not held:
            _drop(owner, kept)
            return None, rows
    return kept, rows


def _exists(owner: Owner, name: str) -> bool:
    found = owner.execute("select from pg_database where datname = %s", (name,))
    return found.fetchone() is not None


def _rows_held(server: Server) -> int:
    with psycopg.connect(server.owner_url) as current:
        return sum(count for table, count in count_rows(current).items() if table != REVISION)


def checked_manifest(file: Path) -> Manifest | None:
    """The backup's manifest after comparing the checksum.

    Raises:
        DamagedBackup: the file differs from what was written, or is no backup at all.
    """
    with file.open("rb") as opened:
        if opened.read(5) != b"PGDMP":
            raise DamagedBackup(path=str(file), reason="it is no PostgreSQL archive")
    try:
        manifest = read_manifest(file)
    except ValueError as error:
        raise DamagedBackup(path=str(manifest_of(file)), reason=str(error)) from error
    if manifest is None:
        print(
            f"saoku: {manifest_of(file)} is missing: rows cannot be compared, only verified.",
            file=sys.stderr,
        )
        _read_through(file)
    elif manifest.sha256 != checksum(file):
        raise DamagedBackup(path=str(file), reason="its checksum differs")
    return manifest


def _read_through(file: Path) -> None:
    """Without a checksum only reading everything tells whether the file was cut short."""
    done = subprocess.run(
        [str(program("pg_restore")), f"--file={os.devnull}", str(file)],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise DamagedBackup(path=str(file), reason=done.stderr.strip()[-400:])


def refuse_while_in_use(owner: Owner, name: str) -> None:
    """Raises DatabaseInUse, after waiting a moment for connections that are just being closed."""
    for _ in range(TIMES_LOOKED):
        if not _connections(owner, name):
            return
        time.sleep(PAUSE_SECONDS)
    raise DatabaseInUse(count=_connections(owner, name))


def _connections(owner: Owner, name: str) -> int:
    row = owner.execute(
        "select count(*) from pg_stat_activity"
        " where datname = %s and backend_type = 'client backend'",
        (name,),
    ).fetchone()
    return int(str(row[0])) if row else 0


def exchange(owner: Owner, name: str, fresh: str, kept: str | None) -> None:
    """Rename both databases in one transaction: never is there none, nor two of one name."""
    rename = sql.SQL("alter database {} rename to {}")
    refuse_while_in_use(owner, name)
    with owner.transaction():
        if kept is not None:
            owner.execute(rename.format(sql.Identifier(name), sql.Identifier(kept)))
        owner.execute(rename.format(sql.Identifier(fresh), sql.Identifier(name)))


def _fill(server: Server, file: Path, manifest: Manifest | None) -> dict[str, int]:
    _pour(server.owner_url, file)
    with psycopg.connect(server.owner_url) as connection:
        rows = count_rows(connection)
    if manifest and manifest.rows != rows:
        unequal = sorted(k for k in manifest.rows | rows if manifest.rows.get(k) != rows.get(k))
        raise IncompleteRestore(reason=f"rows differ in {', '.join(unequal)}")
    try:
        migrate.upgrade(server.owner_url)
    except CommandError as error:  # a revision that this release does not know
        raise IncompleteRestore(reason=str(error)) from error
    if differences := differences_in(server):
        raise IncompleteRestore(reason=f"{len(differences)} differences, first {differences[0]}")
    return rows


def _pour(owner_url: str, file: Path) -> None:
    """Everything of the file into an empty database."""
    with psycopg.connect(owner_url) as connection:
        version = connection.info.server_version // 10000
        connection.execute(ROLE)
    name = str(conninfo_to_dict(owner_url)["dbname"])
    pg_restore = program_for("pg_restore", version)
    with tempfile.NamedTemporaryFile("w", suffix=".list", encoding="utf-8") as wanted:
        wanted.writelines(line for line in _contents(file) if NAMES_FORMER_OWNER not in line)
        wanted.flush()
        arguments = ["--exit-on-error", "--no-owner", f"--use-list={wanted.name}"]
        run_program(pg_restore, [*arguments, f"--dbname={name}", str(file)], owner_url)
    with psycopg.connect(owner_url) as connection:
        connection.execute(RIGHTS)


def _contents(file: Path) -> list[str]:
    command = [str(program("pg_restore")), "--list", str(file)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.splitlines(keepends=True)


def _renamed(server: Server, database: str) -> Server:
    def other(url: str) -> str:
        return make_url(url).set(database=database).render_as_string(hide_password=False)

    return replace(server, owner_url=other(server.owner_url), app_url=other(server.app_url))


def _maintenance(owner_url: str) -> Owner:
    url = make_url(owner_url).set(database="postgres").render_as_string(hide_password=False)
    return psycopg.connect(url, autocommit=True)


def _drop(owner: Owner, name: str) -> None:
    # The error that brought us here says more than a failure to clean up.
    with suppress(psycopg.Error):
        owner.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))
