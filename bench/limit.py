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
        f"--jobs={min(clients, 2)}", f"--time={seconds}", f"--file={script}", "--log",
        f"--log-prefix={log}", url,
    ]  # fmt: skip
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=script.parent)
    if done.returncode:
        raise RuntimeError(f"pgbench: {done.stderr.strip()[-800:]}")
    failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
    if failed and int(failed.group(1)):
        raise RuntimeError(f"pgbench: {failed.group(0)}")
    tps = float(re.findall(r"tps = ([\d.]+)", done.stdout)[-1])
    micros = _latencies(script.parent, log.name)
    return Limit(len(micros), len(micros) / tps, micros)


def _latencies(folder: Path, prefix: str) -> list[int]:
    """The third column of pgbench's log, whose files are taken away."""
    found: list[int] = []
    for path in folder.glob(prefix + ".*"):
        found += [int(line.split()[2]) for line in path.read_text(encoding="ascii").splitlines()]
        path.unlink()
    return found
