"""The log: what became of each message, and sending one again."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit.database import Database
from app.kit.forms import (
    ManyForm,
    Reader,
)
from app.kit.i18n import gettext
from app.kit.transactions import run
from app.kit.web import Cursor, envelope, page, see
from app.notifications import commands, queries
from app.notifications.queries import STATE_NAMES

SHOWN_STATES = ("waiting", "sent", "failed")


@get("/notifications/log", sync_to_thread=True)
def log_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Newest first.  Filters: state (waiting, sent, failed), channel (id)."""
    actor.require("notification_read")
    query = {name: request.query_params.get(name, "") for name in ("state", "channel", "cursor")}
    form = Reader(query)
    channel_id = form.id_or_none("channel")
    form.done()
    state = query["state"] if query["state"] in SHOWN_STATES else ""
    with database.reading(actor.caller) as session:
        listing = queries.log(session, state, channel_id, Cursor.read(query["cursor"]))
        channels = queries.channels(session)
    tabs = [("", gettext("All")), *((one, gettext(STATE_NAMES[one])) for one in SHOWN_STATES)]
    return page(
        request, "notifications/log.html", listing=listing, query=query, state=state, tabs=tabs,
        channels=channels, channel_id=channel_id,
    )  # fmt: skip


@post("/notifications/log/{delivery_id:int}/again", sync_to_thread=True)
def send_again(
    request: AnyRequest, database: Database, actor: Actor, delivery_id: int, data: ManyForm
) -> Response[Any]:
    actor.require("notification_send_again")
    run(database, commands.send_again, commands.SendAgain(delivery_id), envelope(request, data))
    return see("/notifications/log")


handlers: list[ControllerRouterHandler] = [log_page, send_again]
