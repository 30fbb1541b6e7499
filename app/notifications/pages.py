"""Pages of channels: which there are, one of them, its test message."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import ALL_STORES, Actor
from app.access.authentication import AnyRequest
from app.access.queries import own_stores
from app.kit.database import Database
from app.kit.forms import (
    Field,
    ManyForm,
    Reader,
)
from app.kit.i18n import gettext
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.web import envelope, page, see
from app.notifications import commands, queries
from app.notifications.forms import channel_fields, read_channel
from app.notifications.queries import CHANNEL_NAMES, ChannelView

Sent = tuple[Problem, ManyForm]
"""What was refused, and the form that it was sent with."""


@get("/notifications", sync_to_thread=True)
def channels_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("notification_read")
    with database.reading(actor.caller) as session:
        known = queries.channels(session)
    return page(
        request, "notifications/channels.html", channels=known, changeable=_changeable(actor),
        kinds=CHANNEL_NAMES,
    )  # fmt: skip


def _changeable(actor: Actor) -> Any:
    """Whether the actor may change what belongs to a store, or (None) to the company."""

    def may_change(store_id: int | None) -> bool:
        if not actor.can("notification_write"):
            return False
        return actor.stores == ALL_STORES if store_id is None else actor.sees(store_id)

    return may_change


@get("/notifications/channels/new", sync_to_thread=True)
def new_channel_page(
    request: AnyRequest, database: Database, actor: Actor, kind: str = ""
) -> Response[bytes]:
    actor.require("notification_write")
    if kind not in CHANNEL_NAMES:
        return page(request, "notifications/kinds.html", kinds=CHANNEL_NAMES)
    return _new_form(request, database, actor, kind)


@post("/notifications/channels", sync_to_thread=True)
def create_channel(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    """Fields ``kind``, ``store_id`` (empty: the company's) and those of the kind."""
    actor.require("notification_write")
    kind = str(data.get("kind", ""))
    if kind not in CHANNEL_NAMES:
        return see("/notifications/channels/new")
    try:
        store_id = store_of(data, actor)
        facts = _read(request, kind, None, data)
        command = commands.CreateChannel(store_id, kind, facts)
        run(database, commands.create_channel, command, envelope(request, data))
    except Problem as problem:
        return _new_form(request, database, actor, kind, (problem, data))
    return see("/notifications")


@get("/notifications/channels/{channel_id:int}", sync_to_thread=True)
def channel_page(
    request: AnyRequest, database: Database, actor: Actor, channel_id: int
) -> Response[bytes]:
    actor.require("notification_write")
    return _form(request, _known(database, actor, channel_id))


@post("/notifications/channels/{channel_id:int}", sync_to_thread=True)
def save_channel(
    request: AnyRequest, database: Database, actor: Actor, channel_id: int, data: ManyForm
) -> Response[Any]:
    """The same fields as for a new one; empty secrets stay as they are."""
    actor.require("notification_write")
    known = _known(database, actor, channel_id)
    try:
        command = commands.ChangeChannel(channel_id, _read(request, known.kind, known, data))
        run(database, commands.change_channel, command, envelope(request, data))
    except Problem as problem:
        return _form(request, known, (problem, data))
    return see("/notifications")


@post("/notifications/channels/{channel_id:int}/use", sync_to_thread=True)
def use_channel(
    request: AnyRequest, database: Database, actor: Actor, channel_id: int, data: ManyForm
) -> Response[Any]:
    """Out of use, or with the field ``active`` back in use."""
    actor.require("notification_write")
    command = commands.UseChannel(channel_id, active=bool(data.get("active")))
    run(database, commands.use_channel, command, envelope(request, data))
    return see("/notifications")


@post("/notifications/channels/{channel_id:int}/test", sync_to_thread=True)
def try_channel(
    request: AnyRequest, database: Database, actor: Actor, channel_id: int, data: ManyForm
) -> Response[Any]:
    """One message that says who tries it; the log shows what became of it."""
    actor.require("notification_write")
    command = commands.TryChannel(channel_id, actor.name)
    run(database, commands.try_channel, command, envelope(request, data))
    return see(f"/notifications/log?channel={channel_id}")


def store_of(data: ManyForm, actor: Actor) -> int | None:
    """The field ``store_id``: one of theirs, or empty for the company where they may."""
    form = Reader(data)
    store_id = form.id_or_none("store_id")
    form.done()
    if store_id is not None:
        actor.require_sight(store_id)
    return store_id


def store_field(database: Database, actor: Actor, words: str) -> Field:
    """For which store; the company's for who sees every store."""
    with database.reading(actor.caller) as session:
        stores = own_stores(session, actor)
    every = (("", gettext("Every store")),) if actor.stores == ALL_STORES else ()
    options = (*every, *((str(one.id), one.name) for one in stores))
    chosen = "" if every else str(actor.store_id or "")
    return Field("store_id", words, "select", chosen, options=options)


def _read(
    request: AnyRequest, kind: str, known: ChannelView | None, data: ManyForm
) -> commands.ChannelFacts:
    state = request.app.state
    return read_channel(kind, known, data, state.notification_networks, state.signing_key)


def _known(database: Database, actor: Actor, channel_id: int) -> ChannelView:
    with database.reading(actor.caller) as session:
        return queries.channel(session, channel_id)


def _new_form(
    request: AnyRequest, database: Database, actor: Actor, kind: str, sent: Sent | None = None
) -> Response[bytes]:
    """Of a new channel."""
    whose = store_field(database, actor, gettext("Whose channel"))
    return _page(request, kind, None, [*channel_fields(kind, None), whose], sent)


def _form(request: AnyRequest, known: ChannelView, sent: Sent | None = None) -> Response[bytes]:
    return _page(request, known.kind, known, channel_fields(known.kind, known), sent)


def _page(
    request: AnyRequest,
    kind: str,
    known: ChannelView | None,
    fields: list[Field],
    sent: Sent | None,
) -> Response[bytes]:
    problem, values = sent or (None, {})
    return page(
        request,
        "notifications/channel.html",
        status=problem.status if problem else 200,
        problem=problem,
        channel=known,
        kind=kind,
        title=known.name if known else gettext(CHANNEL_NAMES[kind]),
        fields=fields,
        values=values,
    )


handlers: list[ControllerRouterHandler] = [
    channels_page,
    new_channel_page,
    create_channel,
    channel_page,
    save_channel,
    use_channel,
    try_channel,
]
