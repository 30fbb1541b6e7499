"""PostgreSQL's client programs, in a version that understands the server."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from app.kit.i18n import mark
from app.kit.postgres_programs import program, server_version
from app.kit.problems import Problem


class NoSuchProgram(Problem):
    """The server is newer than our programs and no others are installed."""

    code = "no_such_program"
    status = 500
    text = mark("{name} for PostgreSQL {version} is needed and was not found.")
    advice = mark("Install the PostgreSQL client programs of that version and put them on PATH.")


class ProgramFailed(Problem):
    """pg_dump or pg_restore gave up."""

    code = "program_failed"
    status = 500
    text = mark("{name} failed: {output}")
    advice = mark("Nothing was changed. Mend the cause, then start again.")


def program_for(name: str, version: int) -> Path:
    """Our own program where it is new enough for a server of this major version, else PATH's."""
    if version <= int(server_version()):
        return program(name)
    found = shutil.which(name)
    if found is None:
        raise NoSuchProgram(name=name, version=version)
    return Path(found)


def run_program(path: Path, arguments: list[str], url: str) -> None:
    """Run one against a database; the URL goes by the environment, where ``ps`` shows none.

    Raises:
        ProgramFailed: with the last of what it said.
    """
    from psycopg.conninfo import conninfo_to_dict

    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    names |= {"dbname": "PGDATABASE", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    parts = conninfo_to_dict(url)
    env = os.environ | {names[key]: str(value) for key, value in parts.items() if key in names}
    command = [str(path), "--no-password", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=env)
    if done.returncode:
        raise ProgramFailed(name=path.name, output=done.stderr.strip()[-800:])
