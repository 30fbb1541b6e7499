"""The workload "receive one line": scan an item's barcode into an open receipt, again and again."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar.testing import TestClient

from app.kit.config import Settings
from app.kit.database import SYSTEM, Database, driver
from app.kit.ids import new_id
from app.main import create_app
from bench import limit, recorded
from bench.company import BARCODE_BASE, HANDHELDS, LINES, PASSWORD, Built, barcode
from bench.handhelds import Answer, Handheld, Measured, drive, get, post

# The handheld whose request is recorded, and which of its items it scans.
HANDHELD, ITEM = 3, 7

VARIABLES = {
    "n": f"random(0, {LINES - 1})",
    "index": f":client_id * {LINES} + :n",
    "d1": ":index / 1000",
    "d2": "(:index / 100) % 10",
    "d3": "(:index / 10) % 10",
    "d4": ":index % 10",
    "check": "(10 - (33 + :d1 + 3 * :d2 + :d3 + 3 * :d4) % 10) % 10",
    "ean": f"({BARCODE_BASE} + :index) * 10 + :check",
    "a": "random(0, 9223372036854775806)",
    "b": "random(0, 9223372036854775806)",
}
COMMAND_ID = "(lpad(to_hex((:a)::bigint), 16, '0') || lpad(to_hex((:b)::bigint), 16, '0'))::uuid"


def scripts(database: Database, built: Built, folder: Path) -> Path:
    """Record one scan and write it as pgbench's script.

    The application runs in this process, on connections that tell what they send.
    """
    settings = Settings(data_dir=folder)
    with TestClient(create_app(settings, database)) as client:
        path, fields = _sign_in(client, built)
        scan = urlencode(fields | _scan(ITEM + HANDHELD * LINES))
        # Once to let everything be loaded that is loaded once, then the one that counts.
        client.post(path, content=scan, headers=_FORM)
        recording = recorded.record(database)
        with recording.running():
            last = fields | _scan(ITEM + HANDHELD * LINES)
            answer = client.post(path, content=urlencode(last), headers=_FORM)
        assert answer.status_code == 200, answer.text
    vary = _variation(database, built, UUID(last["command_id"]))
    variables = VARIABLES | {
        "item": f"{built.first_item} + :index",
        "line": f"{built.first_line} + :index",
        "receipt": f"{built.first_receipt} + :client_id",
        "order": f"{built.first_order} + :client_id",
        "user": f"{built.first_user} + :client_id",
    }
    file = folder / "receive.sql"
    file.write_text(recorded.script(recording.steps, vary, variables), encoding="utf-8")
    return file


_FORM = {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}


def _sign_in(client: TestClient[Any], built: Built) -> tuple[str, dict[str, str]]:
    client.post("/login", data={"login": f"bench{HANDHELD:02}", "password": PASSWORD})
    page = client.get(f"/receiving/{built.first_receipt + HANDHELD}")
    return f"/receiving/{built.first_receipt + HANDHELD}/scans", {"_csrf": _csrf(page.text)}


def _csrf(page: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found, "the page carries no token"
    return found.group(1)


def _scan(index: int) -> dict[str, str]:
    return {
        "code": barcode(index),
        "command_id": str(new_id()),
        "occurred_at": "2026-11-22T09:00:00.000+08:00",
        "sequence": "1",
        "symbology": "",
        "source": "wedge",
    }


def _variation(database: Database, built: Built, command_id: UUID) -> recorded.Expression:
    """What differs between two scans: by whom, into which receipt, of which item."""
    index = HANDHELD * LINES + ITEM
    line, move = _newest(database)
    numbers = {
        "receipt_id": (built.first_receipt + HANDHELD, ":receipt"),
        "order_id": (built.first_order + HANDHELD, ":order"),
        "user_id": (built.first_user + HANDHELD, ":user"),
        "item_id": (built.first_item + index, ":item"),
        "order_line_id": (built.first_line + index, ":line"),
        "id": (line, "currval('receipt_line_id_seq')"),
        "line_id": (line, "currval('receipt_line_id_seq')"),
        "move_id": (move, "currval('stock_move_id_seq')"),
    }
    texts = {
        "0" + barcode(index): "('0' || :ean)",
        barcode(index): "(:ean)::text",
    }

    def vary(name: str, value: Any) -> str | None:
        if value == command_id:
            return COMMAND_ID
        if isinstance(value, list) and value and all(text in texts for text in value):
            return f"array[{', '.join(texts[text] for text in value)}]"
        if isinstance(value, str):
            return texts.get(value)
        recorded_value, expression = numbers.get(name, (None, ""))
        same = type(value) is int and value == recorded_value
        return f"({expression})::bigint" if same else None

    return vary


def _newest(database: Database) -> tuple[int, int]:
    with database.reading(SYSTEM) as session:
        row = (
            driver(session)
            .execute("select (select max(id) from receipt_line), (select max(id) from stock_move)")
            .fetchone()
        )
    assert row
    return row[0], row[1]


def run_limit(url: str, script: Path, clients: int, seconds: int) -> limit.Limit:
    return limit.run(url, script, clients=clients, seconds=seconds)


def run_http(address: str, built: Built, handhelds: int, seconds: int) -> Measured:
    """The same scans by so many handhelds over HTTP; a refusal would be a failure of the bench."""
    host = address.split("//")[1].strip("/")
    devices = [_device(address, host, built, index) for index in range(handhelds)]
    measured = drive(devices, seconds, _is_booked)
    if measured.refused:
        raise RuntimeError(measured.refused[0].body.decode(errors="replace")[:400])
    return measured


def _is_booked(answer: Answer) -> bool:
    return answer.status == 200 and b'"accepted"' in answer.headers


def sign_in_all(address: str) -> list[str]:
    """A session cookie of each handheld's user."""
    host = address.split("//")[1].strip("/")
    with Handheld(address, iter(())) as device:
        return [_session(device, host, index) for index in range(HANDHELDS)]


def _session(device: Handheld, host: str, index: int) -> str:
    body = urlencode({"login": f"bench{index:02}", "password": PASSWORD}).encode()
    signed_in = device.exchange(post("/login", host, "", body))
    cookie = re.search(rb"(saoku_session=[^;]+)", signed_in.headers)
    assert cookie, signed_in.headers
    return cookie.group(1).decode()


def _device(address: str, host: str, built: Built, index: int) -> Handheld:
    device = Handheld(address, iter(()))
    session, receipt = _session(device, host, index), built.first_receipt + index
    page = device.exchange(get(f"/receiving/{receipt}", host, session)).body.decode()
    device.requests = _scans(f"/receiving/{receipt}/scans", host, session, _csrf(page), index)
    return device


def _scans(path: str, host: str, session: str, csrf: str, handheld: int) -> Iterator[bytes]:
    chance = random.Random(handheld)
    extra = "HX-Request: true\r\nSec-Fetch-Site: same-origin\r\n"
    while True:
        index = handheld * LINES + chance.randrange(LINES)
        body = urlencode(_scan(index) | {"_csrf": csrf}).encode()
        yield post(path, host, session, body, extra)
