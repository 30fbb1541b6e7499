"""The screen that moves stock: choose how much, scan where it goes."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit.database import Database
from app.kit.forms import Form, number_in
from app.kit.transactions import run
from app.kit.web import envelope, page, see
from app.quality import problems
from app.quality.forms import (
    text_in,
)
from app.quality.moving import MoveStock, move_stock
from app.quality.stock import balance
from app.quality.words import WORDS
from app.scanning.meanings import LocationMeaning
from app.scanning.resolver import resolve, shown


@get("/quality/moves/new", sync_to_thread=True)
def move_form(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """What is moved (``balance_id``) and how much (``quantity``, all that is free by default)."""
    actor.require("put_away")
    query = request.query_params
    with database.reading(actor.caller) as session:
        row = balance(session, actor.working_store_id, number_in(query, "balance_id") or 0)
    return page(
        request, "quality/moving.html", **WORDS, row=row, quantity=text_in(query, "quantity")[:60]
    )


@post("/quality/moves/scans", sync_to_thread=True)
def scan_target(request: AnyRequest, database: Database, actor: Actor, data: Form) -> Response[Any]:
    """The location that they go to: moved at once.  ``balance_id`` and ``quantity`` are in the
    address.
    """
    actor.require("put_away")
    query, code = request.query_params, text_in(data, "code")
    with database.reading(actor.caller) as session:
        meaning = resolve(session, code)
    if not isinstance(meaning, LocationMeaning):
        raise problems.TargetWanted(given=shown(code))
    command = MoveStock(
        actor.working_store_id,
        number_in(query, "balance_id") or 0,
        text_in(query, "quantity")[:60],
        meaning.id,
    )
    run(database, move_stock, command, envelope(request, data))
    return see(f"/quality?location_id={meaning.id}")


handlers: list[ControllerRouterHandler] = [move_form, scan_target]
