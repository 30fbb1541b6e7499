"""Pages of alerts: what is open, putting it off."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.access.queries import own_stores
from app.access.roles import ROLE_NAMES
from app.alerts import commands, queries
from app.alerts.queries import SHOWS, Asked
from app.alerts.words import KIND_NAMES
from app.kit import clock
from app.kit.database import Database
from app.kit.forms import (
    ManyForm,
    Reader,
)
from app.kit.i18n import gettext, mark
from app.kit.transactions import run
from app.kit.web import Cursor, envelope, page, see

SNOOZES = {
    "4h": (timedelta(hours=4), mark("4 hours")),
    "1d": (timedelta(days=1), mark("A day")),
    "7d": (timedelta(days=7), mark("A week")),
    "30d": (timedelta(days=30), mark("A month")),
}
SHOW_NAMES = {"": mark("Ongoing"), "snoozed": mark("Put off"), "closed": mark("Over")}
NONE_TICKED = mark("Tick at least one alert.")


@get("/alerts", sync_to_thread=True)
def alerts_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Filters: show (open ones; snoozed, closed), kind, store (id)."""
    actor.require("alert_read")
    query = {name: request.query_params.get(name, "") for name in ("show", "kind", "store")}
    cursor = Cursor.read(request.query_params.get("cursor"))
    asked = asked_alerts(query)
    with database.reading(actor.caller) as session:
        listing = queries.alerts(session, asked, cursor)
        counts, stores = queries.counts(session, asked.store), own_stores(session, actor)
    return page(
        request, "alerts/alerts.html", listing=listing, query=query, asked=asked, counts=counts,
        stores=stores, kinds=KIND_NAMES, shows=SHOW_NAMES, roles=ROLE_NAMES,
        snoozes=[(name, gettext(words)) for name, (_, words) in SNOOZES.items()],
    )  # fmt: skip


def asked_alerts(query: dict[str, str]) -> Asked:
    """The filter that an address asks for."""
    form = Reader(query)
    store = form.id_or_none("store")
    form.done()
    return Asked(
        show=query["show"] if query["show"] in SHOWS else "",
        kind=query["kind"] if query["kind"] in KIND_NAMES else "",
        store=store,
    )


@post("/alerts/snoozes", sync_to_thread=True)
def snooze_alerts(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    """Fields ``alert_id`` (several), ``length`` (4h, 1d, 7d, 30d), ``reason``."""
    actor.require("alert_snooze")
    form = Reader(data)
    alert_ids = form.ids("alert_id")
    if not alert_ids:
        form.wrong("alert_id", gettext(NONE_TICKED))
    length = form.choice("length", SNOOZES)
    reason = form.text("reason", needed=False)
    form.done()
    made = envelope(request, data)
    command = commands.Snooze(alert_ids, _until(length), reason)
    run(database, commands.snooze, command, made)
    return see("/alerts")


def _until(length: str) -> datetime:
    """To the minute, so that pressing twice says the same."""
    return (clock.now() + SNOOZES[length][0]).replace(second=0, microsecond=0)


handlers: list[ControllerRouterHandler] = [alerts_page, snooze_alerts]
