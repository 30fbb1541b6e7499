"""The handheld screen of a place that is counted."""

from __future__ import annotations

from functools import partial
from typing import Any, TypeVar

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.counting import queries, scans
from app.counting.scans import ScanAnswer
from app.counting.words import WORDS
from app.kit.database import Database
from app.kit.forms import Form
from app.kit.problems import Problem
from app.kit.transactions import Handler, run, run_and_show
from app.kit.web import envelope, page, refused, regions, see, wants_fragment

Command = TypeVar("Command", scans.Scan, scans.SetQuantity, scans.EnterLot, scans.PressButton)


@get("/counting/{task_id:int}", sync_to_thread=True)
def task_page(
    request: AnyRequest, database: Database, actor: Actor, task_id: int
) -> Response[bytes]:
    """The scan screen of one place; of a place that is counted, what was seen there."""
    actor.require("count")
    with database.reading(actor.caller) as session:
        view = queries.task(session, task_id)
    return page(request, "counting/task.html", **WORDS, view=view, answer=None)


def _answered(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    data: Form,
    handler: Handler[Command, ScanAnswer],
    command: Command,
) -> Response[Any]:
    """Run the command, then show what it changed; a refusal comes with the buttons that help."""
    actor.require("count")
    show = partial(queries.send_task, task_id=command.task_id)
    try:
        sent = envelope(request, data)
        if not wants_fragment(request):
            run(database, handler, command, sent)
            return see(f"/counting/{command.task_id}")
        answer, view = run_and_show(database, handler, command, sent, show)
    except Problem as problem:
        return refusal(request, command.task_id, problem)
    if answer.step == "done":
        # The place is finished: its page has other buttons.
        return see(f"/counting/{command.task_id}")
    if view is None:
        with database.reading(actor.caller, scanning=True) as session:
            view = queries.task(session, command.task_id)
    return regions(
        request, "counting/scan.hx.html", feedback=answer.tone, **WORDS, view=view, answer=answer
    )


def refusal(request: AnyRequest, task_id: int, problem: Problem) -> Response[Any]:
    """A refusal beside the scan screen, with the button that helps."""
    return refused(request, "counting/refusal.hx.html", problem, **WORDS, task_id=task_id)


@post("/counting/{task_id:int}/scans", sync_to_thread=True)
def scan(
    request: AnyRequest, database: Database, actor: Actor, task_id: int, data: Form
) -> Response[Any]:
    """One code, as it was read."""
    command = scans.scan_of(
        task_id, data.get("code", ""), data.get("symbology", ""), data.get("source", "")
    )
    return _answered(request, database, actor, data, scans.scan, command)


@post("/counting/{task_id:int}/quantity", sync_to_thread=True)
def set_quantity(
    request: AnyRequest, database: Database, actor: Actor, task_id: int, data: Form
) -> Response[Any]:
    """Fields: quantity, how many there are in all of what was counted last, and about."""
    command = scans.SetQuantity(task_id, data.get("quantity", "")[:60], _about(data))
    return _answered(request, database, actor, data, scans.set_quantity, command)


@post("/counting/{task_id:int}/lot", sync_to_thread=True)
def enter_lot(
    request: AnyRequest, database: Database, actor: Actor, task_id: int, data: Form
) -> Response[Any]:
    """Fields: lot, expires_on, about."""
    command = scans.EnterLot(
        task_id, data.get("lot", "")[:80], data.get("expires_on", "")[:40], _about(data)
    )
    return _answered(request, database, actor, data, scans.enter_lot, command)


@post("/counting/{task_id:int}/commands", sync_to_thread=True)
def press_button(
    request: AnyRequest, database: Database, actor: Actor, task_id: int, data: Form
) -> Response[Any]:
    """A button: OK, UNDO, CANCEL, EMPTY, DONE or +N; about and seen from a device on its own."""
    command = scans.PressButton(
        task_id, data.get("button", "")[:40], _about(data), data.get("seen", "")[:9]
    )
    return _answered(request, database, actor, data, scans.press_button, command)


def _about(data: Form) -> str:
    return data.get("about", "")[:200]


handlers: list[ControllerRouterHandler] = [task_page, scan, set_quantity, enter_lot, press_button]
