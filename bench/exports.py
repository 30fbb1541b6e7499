"""Every movement as a file: how long it takes, and what memory it takes meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.handhelds import Handheld, dechunked, get
from bench.memory import tree_mb

SAMPLED_EVERY_SECONDS = 0.2


def movements(address: str, cookie: str, pid: int) -> dict[str, object]:
    """Seconds, megabytes of the file, and by how many the server grew, as XLSX and as CSV."""
    host = address.split("//")[1].strip("/")
    found: dict[str, object] = {}
    for form in ("csv", "xlsx"):
        with Handheld(address, iter(())) as device, highest(pid) as sampled:
            started = time.perf_counter()
            answer = device.exchange(get(f"/stock/moves.{form}", host, cookie))
            found[f"{form}_s"] = round(time.perf_counter() - started, 1)
        assert answer.status == 200, answer.body[:300]
        content = dechunked(answer)
        found[f"{form}_mb"] = round(len(content) / 1e6, 1)
        found[f"{form}_grew_mb"] = max(sampled) - sampled[0]
        if form == "csv":
            found["rows"] = content.count(b"\n") - 1
    return found


@contextmanager
def highest(pid: int) -> Iterator[list[int]]:
    """Megabytes of a process and what it started, sampled until the block ends; the first sample is
    of before.
    """
    samples, done = [tree_mb(pid)], threading.Event()

    def sample() -> None:
        while not done.wait(SAMPLED_EVERY_SECONDS):
            samples.append(tree_mb(pid))

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield samples
    finally:
        done.set()
        thread.join()
