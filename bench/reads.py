"""Looking things up: a barcode, the first page of what is on hand, and all of it."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

from bench.company import HANDHELDS, barcode
from bench.handhelds import Answer, Handheld, dechunked, drive, get

API = "/api/v1"


def lookups(address: str, cookies: list[str], seconds: int, items: int) -> dict[str, object]:
    """Barcode -> item, by JSON, at 16 handhelds."""
    host = address.split("//")[1].strip("/")
    devices = [
        Handheld(address, _barcodes(host, cookie, index, items))
        for index, cookie in enumerate(cookies[:HANDHELDS])
    ]
    measured = drive(devices, seconds, _is_one)
    if measured.refused:
        raise RuntimeError(measured.refused[0].body.decode(errors="replace")[:400])
    return {
        "http_tps_16": round(measured.rate, 1),
        "p50_ms_16": round(measured.percentile_ms(50), 2),
        "p99_ms_16": round(measured.percentile_ms(99), 2),
    }


def _is_one(answer: Answer) -> bool:
    return answer.status == 200 and b'"code"' in answer.body


def _barcodes(host: str, cookie: str, seed: int, items: int) -> Iterator[bytes]:
    chance = random.Random(seed)
    while True:
        yield get(f"{API}/items?search={barcode(chance.randrange(items))}", host, cookie)


def on_hand(address: str, cookie: str) -> dict[str, object]:
    """Milliseconds of the first page (JSON and screen), seconds of the whole export."""
    host = address.split("//")[1].strip("/")
    found: dict[str, object] = {}
    with Handheld(address, iter(())) as device:
        for name, path in (("api_first_page_ms", f"{API}/stock"), ("page_ms", "/stock")):
            times = [_timed(device, get(path, host, cookie))[0] for _ in range(11)]
            found[name] = round(sorted(times)[5] * 1000, 1)
        seconds, answer = _timed(device, get("/stock/balances.csv", host, cookie))
    content = dechunked(answer)
    found["export_s"] = round(seconds, 2)
    found["export_rows"] = content.count(b"\n") - 1
    found["export_mb"] = round(len(content) / 1e6, 1)
    return found


def _timed(device: Handheld, request: bytes) -> tuple[float, Answer]:
    started = time.perf_counter()
    answer = device.exchange(request)
    assert answer.status == 200, answer.body[:300]
    return time.perf_counter() - started, answer
