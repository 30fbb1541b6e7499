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
    """Transactions per second, and milliseconds at percentiles."""

    tps: float
    p50_ms: float
    p99_ms: float


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
    return Limit(tps, *_percentiles(script.parent, log.name))


def _percentiles(folder: Path, prefix: str) -> tuple[float, float]:
    """Latencies are the third column of pgbench's log, in microseconds."""
    micros = sorted(
        int(line.split()[2])
        for path in folder.glob(prefix + ".*")
        for line in path.read_text(encoding="ascii").splitlines()
    )
    return (micros[len(micros) // 2] / 1000, micros[len(micros) * 99 // 100] / 1000)
