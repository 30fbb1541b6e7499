"""The handheld screen of a place that is counted."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.counting import queries, scans
from app.counting.scans import ScanAnswer
from app.counting.words import WORDS
from app.kit.database import Database
from app.kit.forms import Form
from app.kit.web import page
from app.scanning.screens import ScanScreen


def _is_finished(answer: ScanAnswer) -> bool:
    """Then its page has other buttons."""
    return answer.step == "done"


SCREEN = ScanScreen("counting", "count", "task_id", WORDS, queries.send_task, leaves=_is_finished)


@get("/counting/{task_id:int}", sync_to_thread=True)
def task_page(
    request: AnyRequest, database: Database, actor: Actor, task_id: int
) -> Response[bytes]:
    """The scan screen of one place; of a place that is counted, what was seen there."""
    actor.require("count")
    with database.reading(actor.caller) as session:
        view = queries.task(session, task_id)
    return page(request, "counting/task.html", **WORDS, view=view, answer=None)


@post("/counting/{task_id:int}/scans", sync_to_thread=True)
def scan(
    request: AnyRequest, database: Database, actor: Actor, task_id: int, data: Form
) -> Response[Any]:
    """One code, as it was read."""
    command = scans.scan_of(
        task_id, data.get("code", ""), data.get("symbology", ""), data.get("source", "")
    )
    return SCREEN.answered(request, database, actor, data, scans.scan, command)


@post("/counting/{task_id:int}/quantity", sync_to_thread=True)
def set_quantity(
    request: AnyRequest, database: Database, actor: Actor, task_id: int, data: Form
) -> Response[Any]:
    """Fields: quantity, how many there are in all of what was counted last, and about."""
    command = scans.SetQuantity(task_id, data.get("quantity", "")[:60], _about(data))
    return SCREEN.answered(request, database, actor, data, scans.set_quantity, command)


@post("/counting/{task_id:int}/lot", sync_to_thread=True)
def enter_lot(
    request: AnyRequest, database: Database, actor: Actor, task_id: int, data: Form
) -> Response[Any]:
    """Fields: lot, expires_on, about."""
    command = scans.EnterLot(
        task_id, data.get("lot", "")[:80], data.get("expires_on", "")[:40], _about(data)
    )
    return SCREEN.answered(request, database, actor, data, scans.enter_lot, command)


@post("/counting/{task_id:int}/commands", sync_to_thread=True)
def press_button(
    request: AnyRequest, database: Database, actor: Actor, task_id: int, data: Form
) -> Response[Any]:
    """A button: OK, UNDO, CANCEL, EMPTY, DONE or +N; about and seen from a device on its own."""
    command = scans.PressButton(
        task_id, data.get("button", "")[:40], _about(data), data.get("seen", "")[:9]
    )
    return SCREEN.answered(request, database, actor, data, scans.press_button, command)


def _about(data: Form) -> str:
    return data.get("about", "")[:200]


handlers: list[ControllerRouterHandler] = [task_page, scan, set_quantity, enter_lot, press_button]
