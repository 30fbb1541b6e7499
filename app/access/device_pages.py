"""Pages for registered devices and API tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Response, get, post

from app.access import devices, queries
from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.access.cookies import device_cookie
from app.access.exports import Export
from app.access.secrets import derived_token, token_hash
from app.kit.database import Database
from app.kit.exports import Column
from app.kit.forms import (
    NOT_OFFERED,
    ManyForm,
    Reader,
    start_of,
)
from app.kit.i18n import gettext, mark
from app.kit.problems import Problem
from app.kit.transactions import Secret, run
from app.kit.web import envelope, page, see


@get("/devices", sync_to_thread=True)
def devices_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("device_write")
    return _devices(request, database, actor)


@post("/devices", sync_to_thread=True)
def register_device(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    """Register the device that asks, for the store of now.  Field ``name``."""
    actor.require("device_write")
    try:
        form = Reader(data)
        name = form.text("name", longest=60)
        form.done()
        made = envelope(request, data)
        token = _token(request, "device", made.command_id)
        command = devices.RegisterDevice(
            name, actor.working_store_id, Secret(token_hash(token)), Secret(actor.session_hash)
        )
        run(database, devices.register_device, command, made)
    except Problem as problem:
        return _devices(request, database, actor, problem, data)
    answer = see("/devices")
    answer.cookies.append(device_cookie(request, token))
    return answer


@post("/devices/{device_id:int}/revocation", sync_to_thread=True)
def revoke_device(
    request: AnyRequest, database: Database, actor: Actor, device_id: int, data: ManyForm
) -> Response[Any]:
    actor.require("device_write")
    command = devices.RevokeDevice(device_id)
    run(database, devices.revoke_device, command, envelope(request, data))
    return see("/devices")


@get("/tokens", sync_to_thread=True)
def tokens_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("token_write")
    return _tokens(request, database, actor)


@post("/tokens", sync_to_thread=True)
def create_token(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    """Shows the token this one time.  Fields ``name``, ``store_id``, ``expires_on``."""
    actor.require("token_write")
    try:
        made = envelope(request, data)
        token = _token(request, "api", made.command_id)
        command = _wanted_token(actor, Reader(data), token)
        run(database, devices.create_token, command, made)
    except Problem as problem:
        return _tokens(request, database, actor, problem, data)
    return page(request, "access/token_made.html", name=command.name, token=token)


@post("/tokens/{token_id:int}/revocation", sync_to_thread=True)
def revoke_token(
    request: AnyRequest, database: Database, actor: Actor, token_id: int, data: ManyForm
) -> Response[Any]:
    actor.require("token_write")
    run(database, devices.revoke_token, devices.RevokeToken(token_id), envelope(request, data))
    return see("/tokens")


def _wanted_token(actor: Actor, form: Reader, token: str) -> devices.CreateToken:
    name = form.text("name", longest=60)
    store_id = form.id_or_none("store_id")
    expires_at = _end_of(form, actor.time_zone)
    form.done()
    if store_id is not None:
        actor.require_sight(store_id)
    return devices.CreateToken(name, actor.user_id, store_id, expires_at, Secret(token_hash(token)))


def _end_of(form: Reader, zone: str) -> datetime | None:
    """The end of the day in ``expires_on``, where the store is; None where it is left empty."""
    given = form.text("expires_on", needed=False)
    end = start_of(given, zone, days_later=1)
    if given and end is None:
        form.wrong("expires_on", gettext(NOT_OFFERED))
    return end


def _token(request: AnyRequest, purpose: str, command_id: Any) -> str:
    return derived_token(request.app.state.signing_key(), purpose, command_id)


def _devices(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    problem: Problem | None = None,
    data: ManyForm | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        known = queries.devices(session)
    return page(
        request,
        "access/devices.html",
        status=problem.status if problem else 200,
        problem=problem,
        devices=known,
        values=data or {},
    )


def _tokens(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    problem: Problem | None = None,
    data: ManyForm | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        known, stores = queries.tokens(session), queries.own_stores(session, actor)
    return page(
        request,
        "access/tokens.html",
        status=problem.status if problem else 200,
        problem=problem,
        tokens=known,
        stores=stores,
        values=data or {},
    )


DEVICES_EXPORT = Export(
    "/devices",
    mark("Devices"),
    "device_write",
    lambda _asked: queries.EVERY_DEVICE,
    [
        Column(mark("Device"), "name"),
        Column(mark("Store"), "store_name"),
        Column(mark("Registered by"), "registered_by"),
        Column(mark("Registered"), "registered_at"),
        Column(mark("Last sign-in"), "last_seen_at"),
        Column(mark("Revoked"), "revoked_at"),
    ],
)
TOKENS_EXPORT = Export(
    "/tokens",
    mark("API tokens"),
    "token_write",
    lambda _asked: queries.EVERY_TOKEN,
    [
        Column(mark("Token"), "name"),
        Column(mark("Acts as"), "user_name"),
        Column(mark("Store"), lambda row: row.store_name or gettext("All stores")),
        Column(mark("Made"), "created_at"),
        Column(mark("Last used"), "last_used_at"),
        Column(mark("Valid until"), "expires_at"),
        Column(mark("Revoked"), "revoked_at"),
    ],
)

handlers = [
    devices_page,
    *DEVICES_EXPORT.handlers,
    *TOKENS_EXPORT.handlers,
    register_device,
    revoke_device,
    tokens_page,
    create_token,
    revoke_token,
]
