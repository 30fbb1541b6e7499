"""The handheld screen of a pick: every scan, button and typed value answers with regions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit.database import Database
from app.kit.forms import Form, number_in
from app.kit.problems import Problem
from app.kit.transactions import Handler, run, run_and_show
from app.kit.web import envelope, page, refused, regions, see, wants_fragment
from app.picking import commands as c
from app.picking import queries
from app.picking.scans import ScanAnswer
from app.picking.words import WORDS

A = TypeVar("A")
ScanCommand = TypeVar("ScanCommand", c.Scan, c.SetQuantity, c.ShortPick, c.PressButton)


def _screen(
    database: Database, actor: Actor, pick_id: int, view: queries.PickView | None = None
) -> dict[str, Any]:
    """What the screen is rendered from: read after the commit, never before.

    Args:
        view: where it came with the commit already.
    """
    if view is None:
        with database.reading(actor.caller, scanning=True) as session:
            view = queries.pick(session, pick_id)
    mine = view.head.held_by in (None, actor.user_id)
    return {**WORDS, "view": view, "mine": mine}


@get("/picking/{pick_id:int}", sync_to_thread=True)
def pick_page(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int
) -> Response[bytes]:
    """The scan screen; for finished picks what was taken."""
    actor.require("pick")
    with database.reading(actor.caller) as session:
        view = queries.pick(session, pick_id)
        taken = queries.taken_orders(session, pick_id)
    screen = _screen(database, actor, pick_id, view)
    return page(request, "picking/pick.html", **screen, answer=None, taken=taken)


def _answered(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    data: Form,
    handler: Handler[ScanCommand, ScanAnswer],
    command: ScanCommand,
) -> Response[Any]:
    """Run the command, then show what it changed; a refusal comes with the buttons that help."""
    actor.require("pick")
    show = partial(queries.send_pick, pick_id=command.pick_id)
    try:
        sent = envelope(request, data)
        if not wants_fragment(request):
            run(database, handler, command, sent)
            return see(f"/picking/{command.pick_id}")
        answer, view = run_and_show(database, handler, command, sent, show)
    except Problem as problem:
        return refusal(request, command.pick_id, problem)
    screen = _screen(database, actor, command.pick_id, view)
    return regions(request, "picking/scan.hx.html", feedback=answer.tone, **screen, answer=answer)


def refusal(request: AnyRequest, pick_id: int, problem: Problem) -> Response[Any]:
    """A refusal beside the scan screen, with the button that helps."""
    return refused(request, "picking/refusal.hx.html", problem, **WORDS, pick_id=pick_id)


@post("/picking/{pick_id:int}/scans", sync_to_thread=True)
def scan(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Form
) -> Response[Any]:
    """One code, as it was read."""
    command = c.scan_of(
        pick_id, data.get("code", ""), data.get("symbology", ""), data.get("source", "")
    )
    return _answered(request, database, actor, data, c.scan, command)


@post("/picking/{pick_id:int}/quantity", sync_to_thread=True)
def set_quantity(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Form
) -> Response[Any]:
    """How many are taken in all."""
    command = c.SetQuantity(pick_id, data.get("quantity", "")[:80])
    return _answered(request, database, actor, data, c.set_quantity, command)


@post("/picking/{pick_id:int}/shortages", sync_to_thread=True)
def short_pick(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Form
) -> Response[Any]:
    """There is too little at the stop of ``task_id``."""
    reason = data.get("other_reason", "").strip() or data.get("reason", "")
    command = c.ShortPick(pick_id, number_in(data, "task_id") or 0, reason[:300])
    return _answered(request, database, actor, data, c.short_pick, command)


@post("/picking/{pick_id:int}/commands", sync_to_thread=True)
def press_button(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Form
) -> Response[Any]:
    """A button: OK, UNDO, CANCEL, SKIP, SHORT, PAUSE, DONE or +N."""
    command = c.PressButton(pick_id, data.get("button", "")[:40])
    return _answered(request, database, actor, data, c.press_button, command)


@post("/picking/{pick_id:int}/undo", sync_to_thread=True)
def undo(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Form
) -> Response[Any]:
    """Take back the last entry."""
    command = c.PressButton(pick_id, "UNDO")
    return _answered(request, database, actor, data, c.press_button, command)


# Whose pick ---------------------------------------------------------------------------------------


def _changed(
    request: AnyRequest, pick_id: int, command: Callable[[], A], after: str | None = None
) -> Response[Any]:
    """Run it and go to the pick's screen (or to ``after``)."""
    try:
        command()
    except Problem as problem:
        return refusal(request, pick_id, problem)
    return see(after or f"/picking/{pick_id}")


@post("/picking/{pick_id:int}/start", sync_to_thread=True)
def start_pick(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Form
) -> Response[Any]:
    actor.require("pick")
    command, sent = c.StartPick(pick_id), envelope(request, data)
    return _changed(request, pick_id, lambda: run(database, c.start_pick, command, sent))


@post("/picking/{pick_id:int}/resumption", sync_to_thread=True)
def resume_pick(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Form
) -> Response[Any]:
    actor.require("pick")
    command, sent = c.ResumePick(pick_id), envelope(request, data)
    return _changed(request, pick_id, lambda: run(database, c.resume_pick, command, sent))


@post("/picking/{pick_id:int}/takeover", sync_to_thread=True)
def take_over_pick(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Form
) -> Response[Any]:
    """``holder_id`` is who the screen named: the confirmation counts for them alone."""
    actor.require("pick")
    command = c.TakeOverPick(pick_id, number_in(data, "holder_id"))
    sent = envelope(request, data)
    return _changed(request, pick_id, lambda: run(database, c.take_over_pick, command, sent))


@post("/picking/{pick_id:int}/cancellation", sync_to_thread=True)
def cancel_pick(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Form
) -> Response[Any]:
    """Drop a pick into which nothing was taken."""
    actor.require("pick")
    command, sent = c.CancelPick(pick_id), envelope(request, data)
    return _changed(
        request, pick_id, lambda: run(database, c.cancel_pick, command, sent), "/picking"
    )


@post("/picking/{pick_id:int}/closure", sync_to_thread=True)
def close_pick(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Form
) -> Response[Any]:
    """Finish with what there is; the rest waits for another pick."""
    actor.require("pick")
    command, sent = c.ClosePick(pick_id), envelope(request, data)
    return _changed(request, pick_id, lambda: run(database, c.close_pick, command, sent))


@post("/picking/{pick_id:int}/orders/{order_id:int}/return", sync_to_thread=True)
def put_back_order(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, order_id: int, data: Form
) -> Response[Any]:
    """Everything that was taken for the order goes back to where it was."""
    actor.require("pick")
    command, sent = c.PutBackOrder(pick_id, order_id), envelope(request, data)
    return _changed(request, pick_id, lambda: run(database, c.put_back_order, command, sent))


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
