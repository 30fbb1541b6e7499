"""The handheld screen of a pick: every scan, button and typed value answers with regions."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit.database import Database
from app.kit.forms import Form, number_in
from app.kit.transactions import run
from app.kit.web import envelope, page
from app.picking import commands as c
from app.picking import queries
from app.picking.words import WORDS
from app.scanning.screens import ScanScreen


def _around(_database: Database, actor: Actor, view: queries.PickView) -> dict[str, Any]:
    return {"mine": view.head.held_by in (None, actor.user_id)}


SCREEN = ScanScreen("picking", "pick", "pick_id", WORDS, queries.send_pick, around=_around)


@get("/picking/{pick_id:int}", sync_to_thread=True)
def pick_page(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int
) -> Response[bytes]:
    """The scan screen; for finished picks what was taken."""
    actor.require("pick")
    with database.reading(actor.caller) as session:
        view = queries.pick(session, pick_id)
        taken = queries.taken_orders(session, pick_id)
    screen = SCREEN.context(database, actor, view)
    return page(request, "picking/pick.html", **screen, answer=None, taken=taken)


@post("/picking/{pick_id:int}/scans", sync_to_thread=True)
def scan(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Form
) -> Response[Any]:
    """One code, as it was read."""
    command = c.scan_of(
        pick_id, data.get("code", ""), data.get("symbology", ""), data.get("source", "")
    )
    return SCREEN.answered(request, database, actor, data, c.scan, command)


@post("/picking/{pick_id:int}/quantity", sync_to_thread=True)
def set_quantity(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Form
) -> Response[Any]:
    """How many are taken in all."""
    command = c.SetQuantity(pick_id, data.get("quantity", "")[:80])
    return SCREEN.answered(request, database, actor, data, c.set_quantity, command)


@post("/picking/{pick_id:int}/shortages", sync_to_thread=True)
def short_pick(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Form
) -> Response[Any]:
    """There is too little at the stop of ``task_id``."""
    reason = data.get("other_reason", "").strip() or data.get("reason", "")
    command = c.ShortPick(pick_id, number_in(data, "task_id") or 0, reason[:300])
    return SCREEN.answered(request, database, actor, data, c.short_pick, command)


@post("/picking/{pick_id:int}/commands", sync_to_thread=True)
def press_button(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Form
) -> Response[Any]:
    """A button: OK, UNDO, CANCEL, SKIP, SHORT, PAUSE, DONE or +N."""
    command = c.PressButton(pick_id, data.get("button", "")[:40])
    return SCREEN.answered(request, database, actor, data, c.press_button, command)


@post("/picking/{pick_id:int}/undo", sync_to_thread=True)
def undo(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Form
) -> Response[Any]:
    """Take back the last entry."""
    command = c.PressButton(pick_id, "UNDO")
    return SCREEN.answered(request, database, actor, data, c.press_button, command)


# Whose pick ---------------------------------------------------------------------------------------


@post("/picking/{pick_id:int}/start", sync_to_thread=True)
def start_pick(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Form
) -> Response[Any]:
    actor.require("pick")
    command, sent = c.StartPick(pick_id), envelope(request, data)
    return SCREEN.changed(request, pick_id, lambda: run(database, c.start_pick, command, sent))


@post("/picking/{pick_id:int}/resumption", sync_to_thread=True)
def resume_pick(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Form
) -> Response[Any]:
    actor.require("pick")
    command, sent = c.ResumePick(pick_id), envelope(request, data)
    return SCREEN.changed(request, pick_id, lambda: run(database, c.resume_pick, command, sent))


@post("/picking/{pick_id:int}/takeover", sync_to_thread=True)
def take_over_pick(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Form
) -> Response[Any]:
    """``holder_id`` is who the screen named: the confirmation counts for them alone."""
    actor.require("pick")
    command = c.TakeOverPick(pick_id, number_in(data, "holder_id"))
    sent = envelope(request, data)
    return SCREEN.changed(request, pick_id, lambda: run(database, c.take_over_pick, command, sent))


@post("/picking/{pick_id:int}/cancellation", sync_to_thread=True)
def cancel_pick(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Form
) -> Response[Any]:
    """Drop a pick into which nothing was taken."""
    actor.require("pick")
    command, sent = c.CancelPick(pick_id), envelope(request, data)
    return SCREEN.changed(
        request, pick_id, lambda: run(database, c.cancel_pick, command, sent), "/picking"
    )


@post("/picking/{pick_id:int}/closure", sync_to_thread=True)
def close_pick(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Form
) -> Response[Any]:
    """Finish with what there is; the rest waits for another pick."""
    actor.require("pick")
    command, sent = c.ClosePick(pick_id), envelope(request, data)
    return SCREEN.changed(request, pick_id, lambda: run(database, c.close_pick, command, sent))


@post("/picking/{pick_id:int}/orders/{order_id:int}/return", sync_to_thread=True)
def put_back_order(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, order_id: int, data: Form
) -> Response[Any]:
    """Everything that was taken for the order goes back to where it was."""
    actor.require("pick")
    command, sent = c.PutBackOrder(pick_id, order_id), envelope(request, data)
    return SCREEN.changed(request, pick_id, lambda: run(database, c.put_back_order, command, sent))


handlers: list[ControllerRouterHandler] = [
    pick_page,
    scan,
    set_quantity,
    short_pick,
    press_button,
    undo,
    start_pick,
    resume_pick,
    take_over_pick,
    cancel_pick,
    close_pick,
    put_back_order,
]
