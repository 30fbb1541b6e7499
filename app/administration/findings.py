"""What doctor finds out about the certificate and a running database: time, jobs, printers."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from app.kit.clock import now
from app.kit.config import Settings
from app.kit.tls_files import tls_files

SOON = timedelta(days=30)
MOST_SKEW = timedelta(seconds=2)
PRINTER_SECONDS = 3
MOST_PRINTERS = 100
JOBS = """
    select status::text, count(*) from procrastinate_jobs
    where status in ('todo', 'doing', 'failed') group by status order by status
"""
PRINTERS = "select name, host, port from printer where is_active order by store_id, name limit %s"

Owner = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Finding:
    """One line: ``level`` is ``ok``, ``warning`` or ``wrong`` (which makes the exit status 1)."""

    area: str
    level: str
    text: str


# The certificate ----------------------------------------------------------------------------------


def certificate_findings(settings: Settings) -> Iterator[Finding]:
    """Of the certificate in the settings, or of the one that --lan has made."""
    own = tls_files(settings.data_dir).certificate
    path = settings.tls_certificate or own
    if settings.tls_certificate is None and not own.exists():
        return
    # Imported here: most installations have a proxy, and loading it takes a while.
    from app.kit.certificates import expires_at

    try:
        ends = expires_at(path)
    except (OSError, ValueError) as error:
        yield Finding("certificate", "wrong", f"{path} cannot be read: {error}")
        return
    yield _expiry(str(path), ends)
    if path == own and _is_open_to_others(settings):
        text = f"{own.parent} can be read by others: chmod -R go= {own.parent}"
        yield Finding("certificate", "wrong", text)


def _expiry(path: str, ends: datetime) -> Finding:
    left = ends - now()
    if left <= timedelta():
        return Finding("certificate", "wrong", f"{path} expired on {ends:%Y-%m-%d}")
    level = "ok" if left > SOON else "warning"
    return Finding(
        "certificate", level, f"{path} is valid until {ends:%Y-%m-%d} ({left.days} days)"
    )


def _is_open_to_others(settings: Settings) -> bool:
    files = tls_files(settings.data_dir)
    secret = [files.folder, files.key, files.authority_key]
    return any(path.exists() and path.stat().st_mode & 0o077 for path in secret)


# The running database -----------------------------------------------------------------------------


def live_findings(connection: Owner) -> Iterator[Finding]:
    """Of a migrated database; a table that an older release lacks is passed over."""
    yield _skew(connection)
    yield from _jobs(connection)
    yield from _printers(connection)


def _skew(connection: Owner) -> Finding:
    before = now()
    theirs: datetime = connection.execute("select clock_timestamp()").fetchall()[0][0]
    after = now()
    ahead = max(theirs - after, before - theirs)
    if ahead > MOST_SKEW:
        text = f"this machine's clock and the database's differ by {ahead.total_seconds():.0f} s"
        return Finding("clock", "wrong", f"{text}: synchronise both (NTP)")
    return Finding("clock", "ok", "the same as the database's")


def _jobs(connection: Owner) -> Iterator[Finding]:
    if not _has(connection, "procrastinate_jobs"):
        return
    counts = {str(state): int(count) for state, count in connection.execute(JOBS).fetchall()}
    text = ", ".join(f"{count} {state}" for state, count in counts.items()) or "none waiting"
    level = "warning" if counts.get("failed") else "ok"
    yield Finding("jobs", level, text)


def _printers(connection: Owner) -> Iterator[Finding]:
    """Whether each registered printer takes a connection; nothing is printed."""
    if not _has(connection, "printer"):
        return
    rows = connection.execute(PRINTERS, (MOST_PRINTERS,)).fetchall()
    with ThreadPoolExecutor(16) as pool:
        yield from pool.map(_printer, rows)


def _printer(row: tuple[Any, ...]) -> Finding:
    name, host, port = str(row[0]), str(row[1]), int(row[2])
    place = f"{name} at {host}:{port}"
    try:
        with socket.create_connection((host, port), timeout=PRINTER_SECONDS):
            return Finding("printer", "ok", f"{place} answers")
    except OSError as error:
        return Finding("printer", "warning", f"{place} does not answer: {error}")


def _has(connection: Owner, table: str) -> bool:
    return connection.execute("select to_regclass(%s)", (table,)).fetchall()[0][0] is not None
