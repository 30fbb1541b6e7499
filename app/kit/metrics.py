"""Prometheus metrics of all worker processes together.

``prepare`` runs in the parent before anything imports ``prometheus_client``, which reads the
variable once; without it the metrics are those of one process.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any, cast

from litestar.types import ASGIApp, Message, Receive, Scope, Send

_DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"
_STATUS = "saoku.status"
_BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)  # tidy: allow-float - seconds


def prepare(directory: Path) -> None:
    """Collect the workers' numbers in this directory, from zero."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    os.environ[_DIRECTORY] = str(directory)


@cache
def _instruments() -> tuple[Any, Any]:
    from prometheus_client import Counter, Histogram

    labels = ("method", "route")
    requests = Counter("saoku_requests_total", "Requests answered.", (*labels, "status"))
    seconds = Histogram("saoku_request_seconds", "Time to answer.", labels, buckets=_BUCKETS)
    return requests, seconds


async def note_status(message: Message, scope: Scope) -> None:
    """Litestar ``before_send`` hook."""
    if message["type"] == "http.response.start":
        cast("dict[str, Any]", scope)[_STATUS] = message["status"]


def measured(app: ASGIApp) -> ASGIApp:
    """Litestar middleware: counts and times each request by its route, never by its address."""
    requests, seconds = _instruments()

    async def measure(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        known = cast("dict[str, Any]", scope)
        started = perf_counter()
        try:
            await app(scope, receive, send)
        finally:
            labels = (scope["method"], known.get("path_template") or "")
            seconds.labels(*labels).observe(perf_counter() - started)
            requests.labels(*labels, known.get(_STATUS, 500)).inc()

    return measure


def exposition() -> bytes:
    """All numbers in Prometheus' text format."""
    from prometheus_client import REGISTRY, CollectorRegistry, generate_latest, multiprocess

    if not os.environ.get(_DIRECTORY):
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return generate_latest(registry)


def gauges(name: str, description: str, values: Mapping[str, int], label: str = "") -> bytes:
    """One metric as it is at this moment, in the same format; ``values`` by the label's value."""
    lines = [f"# HELP {name} {description}", f"# TYPE {name} gauge"]
    for key, value in values.items():
        place = f'{{{label}="{key}"}}' if label else ""
        lines.append(f"{name}{place} {value}")
    return "".join(f"{line}\n" for line in lines).encode()
