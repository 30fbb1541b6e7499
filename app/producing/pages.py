"""The scan screen of production."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit.database import Database
from app.kit.forms import Form
from app.kit.web import page, see
from app.producing import problems, queries, scans
from app.producing.words import WORDS
from app.scanning.resolver import resolve, shown
from app.scanning.screens import ScanScreen

SCREEN = ScanScreen("producing", "produce", "order_id", WORDS, queries.send_order)


@get("/producing", sync_to_thread=True)
def producing_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Open orders of one's store."""
    actor.require("produce")
    with database.reading(actor.caller) as session:
        waiting = queries.waiting(session, actor.working_store_id)
    return page(request, "producing/page.html", **WORDS, waiting=waiting)


@post("/producing/scans", sync_to_thread=True)
def find_work(database: Database, actor: Actor, data: Form) -> Response[Any]:
    """Open the order that was scanned, or the one that makes what was scanned."""
    actor.require("produce")
    code = data.get("code", "")
    with database.reading(actor.caller) as session:
        found = queries.order_of(session, code, resolve(session, code), actor.working_store_id)
    if found is None:
        raise problems.UnknownInProduction(given=shown(code))
    return see(f"/producing/{found}")


@get("/producing/{order_id:int}", sync_to_thread=True)
def work_page(
    request: AnyRequest, database: Database, actor: Actor, order_id: int
) -> Response[bytes]:
    actor.require("produce")
    with database.reading(actor.caller) as session:
        view = queries.order(session, order_id)
    return page(request, "producing/work.html", **WORDS, view=view, answer=None)


@post("/producing/{order_id:int}/scans", sync_to_thread=True)
def scan(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Form
) -> Response[Any]:
    """One code, as it was read."""
    command = scans.scan_of(order_id, data.get("code", ""))
    return SCREEN.answered(request, database, actor, data, scans.scan, command)


@post("/producing/{order_id:int}/quantity", sync_to_thread=True)
def set_quantity(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Form
) -> Response[Any]:
    command = scans.SetQuantity(order_id, data.get("quantity", "")[:60])
    return SCREEN.answered(request, database, actor, data, scans.set_quantity, command)


@post("/producing/{order_id:int}/lot", sync_to_thread=True)
def set_lot(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Form
) -> Response[Any]:
    """Fields lot and last_on."""
    try:
        last_on = date.fromisoformat(data.get("last_on", ""))
    except ValueError:
        last_on = None
    command = scans.SetLot(order_id, data.get("lot", "")[:60], last_on)
    return SCREEN.answered(request, database, actor, data, scans.set_lot, command)


@post("/producing/{order_id:int}/commands", sync_to_thread=True)
def press_button(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Form
) -> Response[Any]:
    """A button: OK, UNDO, CANCEL, +N, BACKFLUSH, AS_SCANNED."""
    command = scans.PressButton(order_id, data.get("button", "")[:40])
    return SCREEN.answered(request, database, actor, data, scans.press_button, command)


handlers: list[ControllerRouterHandler] = [
    producing_page,
    find_work,
    work_page,
    scan,
    set_quantity,
    set_lot,
    press_button,
]
