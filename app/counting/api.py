"""Counting places as JSON: the same commands as the scan screen.

``Idempotency-Key`` is the command's id; repeat it to repeat a request safely.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import get, post

from app.access.actor import Actor
from app.catalog import input as given
from app.counting import beginning, queries
from app.counting import scans as c
from app.kit.database import Database
from app.kit.transactions import run
from app.kit.web import AnyRequest, api, envelope

Body = dict[str, Any]
MOST_ROWS = 2_000


@get("/count-tasks", sync_to_thread=True)
def list_tasks(database: Database, actor: Actor) -> list[queries.TaskRow]:
    """One's own unfinished places, then what waits in the store, by the way through the house."""
    actor.require("count")
    with database.reading(actor.caller) as session:
        return queries.waiting_tasks(session, actor.working_store_id, actor.user_id)


@dataclass(frozen=True)
class Wish:
    """From where the next place is wanted."""

    zone_id: given.Id | None = None
    count_id: given.Id | None = None


@post("/count-tasks/next", sync_to_thread=True)
def next_task(request: AnyRequest, database: Database, actor: Actor, data: Body) -> beginning.Begun:
    """The next place, begun.  Fields: optionally zone_id, count_id."""
    actor.require("count")
    wish = given.read(Wish, data)
    command = beginning.GetTask(actor.working_store_id, wish.zone_id, wish.count_id)
    return run(database, beginning.get_task, command, envelope(request))


@get("/count-tasks/{task_id:int}", sync_to_thread=True)
def show_task(database: Database, actor: Actor, task_id: int) -> queries.TaskView:
    """What the scan screen shows: the step and what was counted; blind, no book quantity."""
    actor.require("count")
    with database.reading(actor.caller) as session:
        return queries.task(session, task_id, rows=MOST_ROWS)


@post("/count-tasks/{task_id:int}/start", sync_to_thread=True)
def start_task(
    request: AnyRequest, database: Database, actor: Actor, task_id: int
) -> beginning.Begun:
    """Take the place up."""
    actor.require("count")
    return run(database, beginning.begin_task, beginning.BeginTask(task_id), envelope(request))


@dataclass(frozen=True)
class NewHolder:
    user_id: given.Id | None = None


@post("/count-tasks/{task_id:int}/assignment", sync_to_thread=True)
def assign_task(
    request: AnyRequest, database: Database, actor: Actor, task_id: int, data: Body
) -> beginning.Begun:
    """Field: user_id; without one nobody holds the place."""
    actor.require("count")
    command = beginning.HandOver(task_id, given.read(NewHolder, data).user_id)
    return run(database, beginning.hand_over, command, envelope(request))


@post("/count-tasks/{task_id:int}/scans", sync_to_thread=True)
def scan(
    request: AnyRequest, database: Database, actor: Actor, task_id: int, data: Body
) -> c.ScanAnswer:
    """Fields: code; optionally symbology, source.  The location first, then everything in it."""
    actor.require("count")
    parts = [str(data.get(name, "")) for name in ("code", "symbology", "source")]
    return run(database, c.scan, c.scan_of(task_id, *parts), envelope(request))


@post("/count-tasks/{task_id:int}/quantity", sync_to_thread=True)
def set_quantity(
    request: AnyRequest, database: Database, actor: Actor, task_id: int, data: Body
) -> c.ScanAnswer:
    """Field: quantity, as text or number, in base units: how many of the last goods in all."""
    actor.require("count")
    command = c.SetQuantity(task_id, str(data.get("quantity", ""))[:80])
    return run(database, c.set_quantity, command, envelope(request))


@post("/count-tasks/{task_id:int}/lot", sync_to_thread=True)
def enter_lot(
    request: AnyRequest, database: Database, actor: Actor, task_id: int, data: Body
) -> c.ScanAnswer:
    """Fields: lot; for a new one expires_on, the date on its label.  The same again accepts it."""
    actor.require("count")
    lot, day = (str(data.get(name, "")) for name in ("lot", "expires_on"))
    return run(database, c.enter_lot, c.EnterLot(task_id, lot[:80], day[:40]), envelope(request))


def _press(
    request: AnyRequest, database: Database, actor: Actor, task_id: int, button: str
) -> c.ScanAnswer:
    actor.require("count")
    return run(database, c.press_button, c.PressButton(task_id, button), envelope(request))


@post("/count-tasks/{task_id:int}/undo", sync_to_thread=True)
def undo(request: AnyRequest, database: Database, actor: Actor, task_id: int) -> c.ScanAnswer:
    """Take back the last entry."""
    return _press(request, database, actor, task_id, "UNDO")


@post("/count-tasks/{task_id:int}/nothing", sync_to_thread=True)
def nothing_here(
    request: AnyRequest, database: Database, actor: Actor, task_id: int
) -> c.ScanAnswer:
    """The place is empty; that finishes it."""
    return _press(request, database, actor, task_id, "EMPTY")


@post("/count-tasks/{task_id:int}/closure", sync_to_thread=True)
def finish_task(
    request: AnyRequest, database: Database, actor: Actor, task_id: int
) -> c.ScanAnswer:
    """Everything here is counted; ``recounts`` says how much somebody else counts again."""
    return _press(request, database, actor, task_id, "DONE")


router = api(
    [
        list_tasks,
        next_task,
        show_task,
        start_task,
        assign_task,
        scan,
        set_quantity,
        enter_lot,
        undo,
        nothing_here,
        finish_task,
    ],
    tag="Counting",
)
