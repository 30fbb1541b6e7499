"""A workload of scans: handhelds that scan again and again, beside pgbench running the same SQL."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar.testing import TestClient

from app.kit import clock
from app.kit.config import Settings
from app.kit.database import Database
from app.kit.ids import new_id
from app.main import create_app
from bench import limit, recorded
from bench.company import HANDHELDS, PASSWORD
from bench.handhelds import Answer, Handheld, Measured, drive, get, post

RECORDED = 3
"""The handheld whose request is recorded."""
COMMAND_ID = "(lpad(to_hex((:a)::bigint), 16, '0') || lpad(to_hex((:b)::bigint), 16, '0'))::uuid"
_RANDOM_ID = {"a": "random(0, 9223372036854775806)", "b": "random(0, 9223372036854775806)"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}


@dataclass(frozen=True)
class Workload:
    """What the handhelds do, each at a page of its own.

    ``page`` is the page of handheld ``k``, ``code`` what it scans next (None: what is recorded);
    ``variables`` are pgbench's, and ``vary`` says what in the recorded statements they stand for;
    ``clients`` how many at once are measured.
    """

    name: str
    page: Callable[[int], str]
    code: Callable[[int, random.Random | None], str]
    variables: Mapping[str, str]
    vary: Callable[[Database], recorded.Expression]
    clients: tuple[int, ...] = (1, HANDHELDS)


def script(database: Database, workload: Workload, folder: Path) -> Path:
    """Record one scan and write it as pgbench's script.

    The application runs in this process, on connections that tell what they send.
    """
    with TestClient(create_app(Settings(data_dir=folder), database)) as client:
        client.post("/login", data={"login": f"bench{RECORDED:02}", "password": PASSWORD})
        page = workload.page(RECORDED)
        fields = {"_csrf": csrf_of(client.get(page).text)}
        code = workload.code(RECORDED, None)
        # Once to let everything be loaded that is loaded once, then the one that counts.
        client.post(f"{page}/scans", content=urlencode(fields | _scan(code)), headers=_FORM)
        last = fields | _scan(code)
        with recorded.recording_of(database) as recording, recording.running():
            answer = client.post(f"{page}/scans", content=urlencode(last), headers=_FORM)
        assert answer.status_code == 200, answer.text
    vary = _with_command_id(workload.vary(database), UUID(last["command_id"]))
    file = folder / f"{workload.name}.sql"
    variables = {**workload.variables, **_RANDOM_ID}
    file.write_text(recorded.script(recording.steps, vary, variables), encoding="utf-8")
    return file


def _with_command_id(vary: recorded.Expression, command_id: UUID) -> recorded.Expression:
    return lambda name, value: COMMAND_ID if value == command_id else vary(name, value)


def numbers(known: Mapping[str, tuple[int, str]]) -> recorded.Expression:
    """Parameters by name: the recorded number, and the expression that takes its place."""

    def vary(name: str, value: Any) -> str | None:
        recorded_value, expression = known.get(name, (None, ""))
        same = type(value) is int and value == recorded_value
        return f"({expression})::bigint" if same else None

    return vary


def run_limit(url: str, file: Path, clients: int, seconds: int) -> limit.Limit:
    return limit.run(url, file, clients=clients, seconds=seconds)


def run_http(address: str, workload: Workload, handhelds: int, seconds: float) -> Measured:
    """The same scans by so many handhelds over HTTP; a refusal would be a failure of the bench."""
    host = address.split("//")[1].strip("/")
    devices = [_device(address, host, workload, index) for index in range(handhelds)]
    measured = drive(devices, seconds, _is_booked)
    if measured.refused:
        raise RuntimeError(measured.refused[0].body.decode(errors="replace")[:400])
    return measured


def sign_in_all(address: str) -> list[str]:
    """A session cookie of each handheld's user."""
    return [_session(address, index) for index in range(HANDHELDS)]


def _is_booked(answer: Answer) -> bool:
    return answer.status == 200 and b'"accepted"' in answer.headers


def csrf_of(page: str) -> str:
    """The token of a page that its forms send back."""
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found, "the page carries no token"
    return found.group(1)


def _scan(code: str) -> dict[str, str]:
    return {
        "code": code,
        "command_id": str(new_id()),
        "occurred_at": clock.now().isoformat(timespec="milliseconds"),
        "sequence": "1",
        "symbology": "",
        "source": "wedge",
    }


@cache
def _session(address: str, index: int) -> str:
    """Signed in once: the turns are about scans."""
    host = address.split("//")[1].strip("/")
    body = urlencode({"login": f"bench{index:02}", "password": PASSWORD}).encode()
    with Handheld(address, iter(())) as device:
        signed_in = device.exchange(post("/login", host, "", body))
    cookie = re.search(rb"(saoku_session=[^;]+)", signed_in.headers)
    assert cookie, signed_in.headers
    return cookie.group(1).decode()


def _device(address: str, host: str, workload: Workload, index: int) -> Handheld:
    device = Handheld(address, iter(()))
    session, page = _session(address, index), workload.page(index)
    csrf = csrf_of(device.exchange(get(page, host, session)).body.decode())
    device.requests = _scans(workload, index, host, session, csrf)
    return device


def _scans(
    workload: Workload, handheld: int, host: str, session: str, csrf: str
) -> Iterator[bytes]:
    chance, path = random.Random(handheld), f"{workload.page(handheld)}/scans"
    extra = "HX-Request: true\r\nSec-Fetch-Site: same-origin\r\n"
    while True:
        body = urlencode(_scan(workload.code(handheld, chance)) | {"_csrf": csrf}).encode()
        yield post(path, host, session, body, extra)
