"""Receiving radio tags: choose the receipt, look at what would come in, receive it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.catalog import input as given
from app.kit.database import Database
from app.kit.forms import Form, number_in
from app.kit.ids import new_id
from app.kit.problems import Problem
from app.kit.transactions import Envelope, run
from app.kit.web import api, envelope, page, see
from app.receiving import tags
from app.receiving.words import WORDS
from app.rfid import queries as rfid

Body = dict[str, Any]
PLACE = "/rfid/{session_id:int}/receipts/{receipt_id:int}"


@get("/rfid/{session_id:int}/receipts", sync_to_thread=True)
def choose_receipt(
    request: AnyRequest, database: Database, actor: Actor, session_id: int
) -> Response[Any]:
    """The open receipts of the store where the tags were read; the only own one is taken."""
    actor.require("receive")
    with database.reading(actor.caller) as session:
        head = rfid.head(session, session_id)
        choices = tags.open_receipts(session, head.store_id, actor.user_id)
    own = [choice for choice in choices if choice.held_by == actor.user_id]
    if len(own) == 1 and len(choices) == 1:
        return see(f"/rfid/{session_id}/receipts/{own[0].id}")
    return page(request, "receiving/tag_receipts.html", **WORDS, head=head, choices=choices)


@get(PLACE, sync_to_thread=True)
def burst_page(
    request: AnyRequest, database: Database, actor: Actor, session_id: int, receipt_id: int
) -> Response[bytes]:
    """What would come in now; nothing is booked."""
    actor.require("receive")
    command = tags.TakeTags(receipt_id, session_id)
    return _burst(request, database, actor, command)


def _burst(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    command: tags.TakeTags,
    problem: Problem | None = None,
) -> Response[bytes]:
    # Not read-only, because the receipt is locked; rolled back all the same.
    with database.session(actor.caller) as session:
        burst = tags.plan_burst(session, command, Envelope(new_id(), actor.caller))
    return page(
        request,
        "receiving/tags.html",
        status=problem.status if problem else 200,
        **WORDS,
        burst=burst,
        command=command,
        problem=problem,
    )


@post(PLACE, sync_to_thread=True)
def take_tags(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    session_id: int,
    receipt_id: int,
    data: Form,
) -> Response[Any]:
    """Fields: up_to; accept.GTIN, lot.GTIN, expires_on.GTIN; again; look (only show)."""
    actor.require("receive")
    command = _command(data, receipt_id, session_id)
    if data.get("look"):
        return _burst(request, database, actor, command)
    try:
        run(database, tags.take_tags, command, envelope(request, data))
    except Problem as problem:
        return _burst(request, database, actor, command, problem)
    return see(f"/receiving/{receipt_id}")


def _command(data: Form, receipt_id: int, session_id: int) -> tags.TakeTags:
    gtins = {name.partition(".")[2] for name in data if name.startswith(("lot.", "expires_on."))}
    return tags.TakeTags(
        receipt_id=receipt_id,
        session_id=session_id,
        up_to=number_in(data, "up_to") or 0,
        accepted=sorted(
            name.partition(".")[2] for name in data if name.startswith("accept.") and data[name]
        ),
        again=bool(data.get("again")),
        lots={
            gtin: tags.LotOfTags(
                data.get(f"lot.{gtin}", "")[: tags.LONGEST_LOT + 1],
                data.get(f"expires_on.{gtin}", "")[:40],
            )
            for gtin in sorted(gtins)
        },
    )


@dataclass(frozen=True)
class TagsWanted:
    """The JSON body: what ``TakeTags`` needs besides the receipt."""

    session_id: given.Id
    up_to: int = 0
    accepted: list[str] | None = None
    again: bool = False
    lots: dict[str, tags.LotOfTags] | None = None


@dataclass(frozen=True)
class LeftOut:
    gtin: str
    count: int
    code: str
    reason: str


@dataclass(frozen=True)
class TakenAnswer:
    receipt_id: int
    session_id: int
    tags: int
    line_ids: list[int]
    units: int
    left: list[LeftOut]


@post("/receipts/{receipt_id:int}/tags", sync_to_thread=True)
def receive_tags(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int, data: Body
) -> TakenAnswer:
    """Receive the tags of a reading session.  Fields: session_id; optionally up_to (a tag's id),
    accepted (GTINs whose deviation is accepted), again, and lots by GTIN (lot, expires_on).
    """
    actor.require("receive")
    wanted = given.read(TagsWanted, data)
    command = tags.TakeTags(
        receipt_id,
        wanted.session_id,
        wanted.up_to,
        wanted.accepted or [],
        wanted.again,
        wanted.lots or {},
    )
    done = run(database, tags.take_tags, command, envelope(request))
    said = WORDS["said"]
    left = [LeftOut(one.gtin, one.count, one.code, said(one.reason)) for one in done.left]
    return TakenAnswer(done.receipt_id, done.session_id, done.tags, done.line_ids, done.units, left)


handlers: list[ControllerRouterHandler] = [choose_receipt, burst_page, take_tags]
router = api([receive_tags], tag="Receiving")
