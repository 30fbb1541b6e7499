"""The database's own limit: pgbench runs the very statements of one request.

The statements are recorded from a real request (see ``recorded.py``), so the limit can't drift
from the code.  pgbench ships with the embedded PostgreSQL.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from app.kit.postgres_programs import program

WARM_UP_SECONDS = 1


@dataclass(frozen=True)
class Limit:
    """Transactions done in ``elapsed`` seconds, and how long each of them took."""

    transactions: int
    elapsed: float
    micros: list[int]

    @property
    def tps(self) -> float:
        return self.transactions / self.elapsed

    def percentile_ms(self, percent: float) -> float:
        ordered = sorted(self.micros)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] / 1000

    def __add__(self, other: Limit) -> Limit:
        return Limit(
            self.transactions + other.transactions,
            self.elapsed + other.elapsed,
            self.micros + other.micros,
        )


def run(url: str, script: Path, *, clients: int, seconds: int) -> Limit:
    """Run the script with prepared statements.

    Raises:
        RuntimeError: pgbench's own words, when a statement failed.
    """
    log = script.with_suffix(f".{clients}.log")
    command = [
        str(program("pgbench")), "--no-vacuum", "--protocol=prepared", f"--client={clients}",
        f"--jobs={min(clients, 2)}", f"--time={seconds + WARM_UP_SECONDS}", f"--file={script}",
        "--log", f"--log-prefix={log}", url,
    ]  # fmt: skip
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=script.parent)
    if done.returncode:
        raise RuntimeError(f"pgbench: {done.stderr.strip()[-800:]}")
    failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
    if failed and int(failed.group(1)):
        raise RuntimeError(f"pgbench: {failed.group(0)}")
    return Limit(*_after_warming_up(script.parent, log.name))


def _after_warming_up(folder: Path, prefix: str) -> tuple[int, float, list[int]]:
    """From pgbench's log, whose files are taken away: how many, in how long, microseconds of each.

    Each connection's first transactions plan their statements and fill its caches, which a server
    that runs all day has behind it: they do not count.
    """
    rows: list[tuple[int, int]] = []
    for path in folder.glob(prefix + ".*"):
        for line in path.read_text(encoding="ascii").splitlines():
            _client, _number, took, _file, second, micros, *_more = line.split()
            rows.append((int(second) * 1_000_000 + int(micros), int(took)))
        path.unlink()
    begin = min(ended for ended, _took in rows) + WARM_UP_SECONDS * 1_000_000
    counted = [(ended, took) for ended, took in rows if ended > begin]
    elapsed = (max(ended for ended, _took in counted) - begin) / 1_000_000
    return len(counted), elapsed, [took for _ended, took in counted]
