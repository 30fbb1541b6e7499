"""Reading sessions on the screen: the list, and the running tally of one."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.kit.database import Database
from app.kit.forms import Form
from app.kit.transactions import run
from app.kit.web import AnyRequest, Cursor, envelope, page, regions, see
from app.rfid import commands as c
from app.rfid import queries


@get("/rfid", sync_to_thread=True)
def sessions_page(
    request: AnyRequest, database: Database, actor: Actor, cursor: str | None = None
) -> Response[bytes]:
    """Reading sessions of the visible stores, newest first."""
    actor.require("receive")
    with database.reading(actor.caller) as session:
        listing = queries.sessions(session, Cursor.read(cursor))
    query = {"cursor": cursor or ""}
    return page(request, "rfid/sessions.html", listing=listing, query=query)


@post("/rfid", sync_to_thread=True)
def open_session(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """Begin a session; its name is what the reader sends."""
    actor.require("receive")
    command = c.OpenSession(actor.working_store_id)
    opened = run(database, c.open_session, command, envelope(request, data))
    return see(f"/rfid/{opened.session_id}")


@get("/rfid/{session_id:int}", sync_to_thread=True)
def session_page(
    request: AnyRequest, database: Database, actor: Actor, session_id: int
) -> Response[bytes]:
    actor.require("receive")
    return page(request, "rfid/session.html", tally=_tally(database, actor, session_id))


@get("/rfid/{session_id:int}/tally", sync_to_thread=True)
def session_tally(
    request: AnyRequest, database: Database, actor: Actor, session_id: int
) -> Response[Any]:
    """The region that counts on, asked for again while the session is open."""
    actor.require("receive")
    tally = _tally(database, actor, session_id)
    return regions(request, "rfid/session_tally.hx.html", tally=tally)


def _tally(database: Database, actor: Actor, session_id: int) -> queries.Tally:
    with database.reading(actor.caller) as session:
        return queries.tally(session, session_id)


@post("/rfid/{session_id:int}/closure", sync_to_thread=True)
def close_session(
    request: AnyRequest, database: Database, actor: Actor, session_id: int, data: Form
) -> Response[Any]:
    actor.require("receive")
    run(database, c.close_session, c.CloseSession(session_id), envelope(request, data))
    return see(f"/rfid/{session_id}")


handlers: list[ControllerRouterHandler] = [
    sessions_page,
    open_session,
    session_page,
    session_tally,
    close_session,
]
