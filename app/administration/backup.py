"""Write the whole database in one file of pg_dump's custom format.

Beside FILE lies FILE.json: the file's SHA-256 and the rows of each table in the very
snapshot that was dumped, so that `restore` can tell whether everything came back.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec
import psycopg
from psycopg import sql

from app.administration.programs import program_for, run_program
from app.kit.clock import now
from app.kit.config import Settings
from app.kit.i18n import mark
from app.kit.migrate import state
from app.kit.problems import Problem
from app.kit.servers import running_server

TABLES = """
    select schemaname, tablename from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema') order by 1, 2
"""


class BackupExists(Problem):
    """The file is there already; a backup never overwrites one by accident."""

    code = "backup_exists"
    text = mark("{path} exists already.")
    advice = mark("Choose another name, or add --force to replace it.")


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: rows by ``schema.table``, the tables' revision, the file's SHA-256."""

    made_at: str
    revision: str | None
    server_version: int
    sha256: str
    rows: dict[str, int]


def backup_command(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("saoku backup", description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--force", action="store_true", help="replace FILE if it exists")
    parser.add_argument("--json", action="store_true", help="one object on one line")
    options = parser.parse_args(arguments)
    with running_server(Settings.from_environment()) as server:
        manifest = back_up(server.owner_url, options.file, force=options.force)
    if options.json:
        print(json.dumps({"file": str(options.file), **asdict(manifest)}))
    else:
        rows = sum(manifest.rows.values())
        print(f"{options.file}: {options.file.stat().st_size:,} bytes, {rows:,} rows.")
    return 0


def back_up(owner_url: str, file: Path, *, force: bool = False) -> Manifest:
    """Dump one consistent snapshot while others go on working.

    Raises:
        BackupExists: and ``force`` was not given.
        ProgramFailed: pg_dump's words; no file is left behind.
    """
    if file.exists() and not force:
        raise BackupExists(path=str(file))
    part = file.with_name(f".{file.name}.part")
    part.touch(mode=0o600)  # before there is anything in it to read
    try:
        manifest = _dump(owner_url, part)
        _to_disk(part)
        # First what the file will be: without it a cut copy is found only by reading all of it.
        _write_manifest(file, manifest)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _write_manifest(file: Path, manifest: Manifest) -> None:
    path = manifest_of(file)
    part = path.with_name(f".{path.name}.part")
    part.touch(mode=0o600)
    part.write_text(json.dumps(asdict(manifest)) + "\n", encoding="utf-8")
    _to_disk(part)
    part.replace(path)


def _to_disk(file: Path) -> None:
    """A backup is one when a power failure leaves it there."""
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


def manifest_of(file: Path) -> Path:
    return file.with_name(file.name + ".json")


def read_manifest(file: Path) -> Manifest | None:
    """What was written beside the backup; None where it got lost.

    Raises ValueError where it is no manifest.
    """
    path = manifest_of(file)
    return msgspec.json.decode(path.read_bytes(), type=Manifest) if path.exists() else None


def checksum(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def count_rows(connection: psycopg.Connection[tuple[object, ...]]) -> dict[str, int]:
    """Rows of each table that is ours, by ``schema.table``."""
    return {
        f"{schema}.{table}": _count(connection, str(schema), str(table))
        for schema, table in connection.execute(TABLES).fetchall()
    }


def _dump(owner_url: str, part: Path) -> Manifest:
    revision, _ = state(owner_url)
    with psycopg.connect(owner_url) as connection:
        connection.execute("set transaction isolation level repeatable read, read only")
        snapshot = connection.execute("select pg_export_snapshot()").fetchall()[0]
        version = connection.info.server_version // 10000
        arguments = ["--format=custom", "--no-owner", f"--file={part}", f"--snapshot={snapshot[0]}"]
        run_program(program_for("pg_dump", version), arguments, owner_url)
        rows = count_rows(connection)
    return Manifest(now().isoformat(), revision, version, checksum(part), rows)


def _count(connection: psycopg.Connection[tuple[object, ...]], schema: str, table: str) -> int:
    query = sql.SQL("select count(*) from {}").format(sql.Identifier(schema, table))
    return int(str(connection.execute(query).fetchall()[0][0]))
