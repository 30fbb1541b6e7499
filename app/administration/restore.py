"""Bring back a backup.

The backup goes into a new database first and is brought to this release.  Only when it is complete
(checksum, rows of each table) and adds up (as `verify` says) does it take the old one's place,
which is kept under another name.
"""

from __future__ import annotations

import argparse
import json
import sys
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
from app.kit.problems import Problem
from app.kit.servers import Server, running_server

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
    with psycopg.connect(server.owner_url) as current:
        held = sum(count for table, count in count_rows(current).items() if table != REVISION)
    if held and not replace_rows:
        raise NotEmpty(rows=held)
    with _maintenance(server.owner_url) as owner:
        refuse_while_in_use(owner, name)
        owner.execute(sql.SQL("create database {}").format(sql.Identifier(fresh)))
        try:
            rows = _fill(_renamed(server, fresh), file, manifest)
            exchange(owner, name, fresh, kept)
        except BaseException:
            _drop(owner, fresh)
            raise
        if not held:
            _drop(owner, kept)
            return None, rows
    return kept, rows


def checked_manifest(file: Path) -> Manifest | None:
    """The backup's manifest after comparing the checksum.

    Raises:
        DamagedBackup: the file differs from what was written, or is no backup at all.
    """
    with file.open("rb") as opened:
        if opened.read(5) != b"PGDMP":
            raise DamagedBackup(path=str(file), reason="it is no PostgreSQL archive")
    manifest = read_manifest(file)
    if manifest is None:
        print(
            f"saoku: {manifest_of(file)} is missing: rows cannot be compared, only verified.",
            file=sys.stderr,
        )
    elif manifest.sha256 != checksum(file):
        raise DamagedBackup(path=str(file), reason="its checksum differs")
    return manifest


def refuse_while_in_use(owner: Owner, name: str) -> None:
    row = owner.execute(
        "select count(*) from pg_stat_activity"
        " where datname = %s and backend_type = 'client backend'",
        (name,),
    ).fetchone()
    if row and row[0]:
        raise DatabaseInUse(count=row[0])


def exchange(owner: Owner, name: str, fresh: str, kept: str) -> None:
    """Rename both databases in one transaction: never is there none, nor two of one name."""
    rename = sql.SQL("alter database {} rename to {}")
    refuse_while_in_use(owner, name)
    with owner.transaction():
        owner.execute(rename.format(sql.Identifier(name), sql.Identifier(kept)))
        owner.execute(rename.format(sql.Identifier(fresh), sql.Identifier(name)))


def _fill(server: Server, file: Path, manifest: Manifest | None) -> dict[str, int]:
    with psycopg.connect(server.owner_url) as connection:
        version = connection.info.server_version // 10000
    name = str(conninfo_to_dict(server.owner_url)["dbname"])
    arguments = ["--exit-on-error", "--no-owner", f"--dbname={name}", str(file)]
    run_program(program_for("pg_restore", version), arguments, server.owner_url)
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
