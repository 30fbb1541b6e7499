"""The device's own queue, the supervisor's conflict inbox, and the numbers of the browsers."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit.database import Database
from app.kit.forms import Form
from app.kit.transactions import run
from app.kit.web import HTML, envelope, page, see, wants_fragment
from app.outbox import commands as c
from app.outbox import problems, queries
from app.outbox.words import WORDS

LONGEST_CONTENT = 20_000
LONGEST_NUMBER = 18


@get("/outbox", sync_to_thread=True)
def outbox_page(request: AnyRequest, actor: Actor) -> Response[bytes]:
    """The scans of this device; the page's script draws them from the device's own store."""
    del actor
    return page(request, "outbox/outbox.html", **WORDS)


@post("/outbox/conflicts", sync_to_thread=True)
def report_conflict(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """From a device: a command is handed over or discarded.

    Fields ``about_id``, ``event``, ``note``, ``content`` (the command as the device kept it).
    """
    del actor
    command = _report(data)
    run(database, c.report_conflict, command, envelope(request, data))
    return _noted(request)


def _report(data: Form) -> c.ReportConflict:
    content = _content(data.get("content", ""))
    number = str(content.get("sequence") or "")
    is_number = number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER
    return c.ReportConflict(
        about_id=_uuid(data.get("about_id", ""), "about_id"),
        event=data.get("event", ""),
        note=data.get("note", ""),
        content=content,
        installation=_uuid_or_none(content.get("installation")),
        number=int(number) if is_number else None,
    )


def _content(given: str) -> dict[str, Any]:
    if len(given) > LONGEST_CONTENT:
        raise problems.UnreadableReport(reason=f"{len(given)} > {LONGEST_CONTENT}")
    try:
        # PostgreSQL's JSON holds every character but this one.
        content = msgspec.json.decode((given or "{}").replace("\\u0000", "\\ufffd"))
    except msgspec.DecodeError as error:
        raise problems.UnreadableReport(reason=str(error)[:80]) from None
    if not isinstance(content, dict):
        raise problems.UnreadableReport(reason="content")
    return cast("dict[str, Any]", content)


def _uuid(given: str, name: str) -> UUID:
    found = _uuid_or_none(given)
    if found is None:
        raise problems.UnreadableReport(reason=name)
    return found


def _uuid_or_none(given: object) -> UUID | None:
    try:
        return UUID(str(given))
    except ValueError:
        return None


def _noted(request: AnyRequest) -> Response[Any]:
    if not wants_fragment(request):
        return see("/outbox")
    return Response(b"", media_type=HTML)


@get("/outbox/conflicts", sync_to_thread=True)
def conflicts_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """What waits for somebody to decide, in the stores of the actor."""
    actor.require("conflict_resolve")
    with database.reading(actor.caller) as session:
        found = queries.conflicts(session)
    return page(request, "outbox/conflicts.html", **WORDS, conflicts=found)


@post("/outbox/conflicts/{about_id:uuid}/taking", sync_to_thread=True)
def take_conflict(
    request: AnyRequest, database: Database, actor: Actor, about_id: UUID, data: Form
) -> Response[Any]:
    actor.require("conflict_resolve")
    run(database, c.take_conflict, c.TakeConflict(about_id), envelope(request, data))
    return see("/outbox/conflicts")


@post("/outbox/conflicts/{about_id:uuid}/resolution", sync_to_thread=True)
def resolve_conflict(
    request: AnyRequest, database: Database, actor: Actor, about_id: UUID, data: Form
) -> Response[Any]:
    """Field ``note``: what was done about it."""
    actor.require("conflict_resolve")
    command = c.ResolveConflict(about_id, data.get("note", ""))
    run(database, c.resolve_conflict, command, envelope(request, data))
    return see("/outbox/conflicts")


@get("/outbox/devices", sync_to_thread=True)
def browsers_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Browsers that scan: the numbers that never came, clocks that are off, cloned storage."""
    actor.require("device_write")
    with database.reading(actor.caller) as session:
        found = queries.browsers(session)
    return page(request, "outbox/browsers.html", **WORDS, browsers=found)


@post("/outbox/devices", sync_to_thread=True)
def report_new_number(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """From a device that had another one's number; field ``was``."""
    del actor
    command = c.ReportNewNumber(_uuid_or_none(data.get("was")))
    run(database, c.report_new_number, command, envelope(request, data))
    return _noted(request)


handlers: list[ControllerRouterHandler] = [
    outbox_page,
    report_conflict,
    conflicts_page,
    take_conflict,
    resolve_conflict,
    browsers_page,
    report_new_number,
]
