"""The screens of quality: scan what is meant, change its status; what is kept back, and why."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit import clock
from app.kit.database import Database
from app.kit.forms import Form, number_in
from app.kit.i18n import gettext
from app.kit.transactions import run
from app.kit.web import Cursor, envelope, local, page, regions, see, wants_fragment
from app.quality import moving_pages, photos, queries, return_pages
from app.quality.changing import StatusChanged, change_status
from app.quality.exports import EXPORTS
from app.quality.forms import (
    aim_in,
    change_in,
    scanned,
    text_in,
)
from app.quality.holds import HoldLot, LiftHold, hold_lot, lift_hold
from app.quality.stock import Aim, Lying, lying
from app.quality.tables import STATUSES
from app.quality.words import STATUS_NAMES, WORDS
from app.scanning.pages import NoPhoto
from app.scanning.problems import PictureTooLarge
from app.scanning.resolver import resolve

UPLOAD_BYTES = 64 << 20
MOST_SHOWN = 200
Upload = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]


@get("/quality", sync_to_thread=True)
def quality_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Without a scan what is kept back; with one its stock and the form that changes its status."""
    actor.require("stock_read")
    query = dict(request.query_params)
    aim = aim_in(query, actor.working_store_id)
    return (
        _overview(request, database, actor)
        if aim.is_open
        else _chosen(request, database, actor, aim)
    )


def _overview(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    store_id, today = actor.working_store_id, clock.today(actor.time_zone)
    cause = request.query_params.get("cause") or None
    with database.reading(actor.caller) as session:
        rows = queries.kept_back(session, store_id, today, cause)
        counts = queries.counts(session, store_id, today)
        holds = queries.holds_in_force(session)
    return page(
        request,
        "quality/page.html",
        **WORDS,
        rows=rows[: queries.MOST_ROWS],
        more=len(rows) > queries.MOST_ROWS,
        counts=counts,
        holds=holds,
        cause=cause,
    )


def _chosen(request: AnyRequest, database: Database, actor: Actor, aim: Aim) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        rows = lying(session, aim, limit=MOST_SHOWN + 1)
        titles = queries.titles(session, aim)
    ticked = [row.id for row in rows] if _all_meant(aim, rows) else []
    return page(
        request,
        "quality/stock.html",
        **WORDS,
        aim=aim,
        titles=titles,
        rows=rows[:MOST_SHOWN],
        more=len(rows) > MOST_SHOWN,
        ticked=ticked,
        statuses=_targets(rows),
        photo_id=number_in(request.query_params, "photo_id"),
        here="/quality?" + urlencode(_address(aim)),
    )


def _all_meant(aim: Aim, rows: list[Lying]) -> bool:
    """An item alone may lie anywhere: a person ticks what is meant."""
    return len(rows) == 1 or bool(aim.location_id or aim.lot_id or aim.logistic_unit_id)


def _targets(rows: list[Lying]) -> list[tuple[str, str]]:
    """What the goods can become: not what all of them are already."""
    present = {row.status for row in rows}
    offered = [status for status in STATUSES if present != {status}]
    return [(status, gettext(STATUS_NAMES[status])) for status in offered]


def _address(aim: Aim) -> dict[str, Any]:
    given = {
        "item_id": aim.item_id,
        "location_id": aim.location_id,
        "lot_id": aim.lot_id,
        "logistic_unit_id": aim.logistic_unit_id,
        "from_status": aim.from_status,
    }
    return {name: value for name, value in given.items() if value}


@post("/quality/scans", sync_to_thread=True)
def scan_quality(database: Database, actor: Actor, data: Form) -> Response[Any]:
    """Show the stock of what was scanned: nothing is changed."""
    actor.require("stock_read")
    code = text_in(data, "code")
    with database.reading(actor.caller) as session:
        found = scanned(resolve(session, code), code)
    return see("/quality?" + urlencode(found))


# Status changes -----------------------------------------------------------------------------------


@post("/quality/status-changes", sync_to_thread=True)
def change_status_page(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """Fields: ``balance_id`` (several) with ``quantity_<id>``, or item_id, location_id, lot_id,
    logistic_unit_id, from_status and quantity; to_status, reason, note, photo_id, return_to.
    """
    actor.require("status_change")
    command = change_in(data, number_in(data, "store_id") or actor.working_store_id)
    actor.require_sight(command.store_id)
    done = run(database, change_status, command, envelope(request, data))
    return see(_after(text_in(data, "return_to"), done))


def _after(return_to: str, done: StatusChanged) -> str:
    if return_to:
        return local(return_to)
    if done.request_id is not None:
        return f"/approvals/{done.request_id}"
    return f"/quality/status-changes/{done.change_id}"


@get("/quality/status-changes", sync_to_thread=True)
def changes_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Every change of status, newest first."""
    actor.require("stock_read")
    query = {name: value for name, value in request.query_params.items() if value}
    with database.reading(actor.caller) as session:
        listing = queries.changes(session, Cursor.read(query.get("cursor")))
    return page(request, "quality/changes.html", **WORDS, listing=listing, query=query)


@get("/quality/status-changes/{change_id:int}", sync_to_thread=True)
def change_page(
    request: AnyRequest, database: Database, actor: Actor, change_id: int
) -> Response[bytes]:
    """One document with its lines."""
    actor.require("stock_read")
    with database.reading(actor.caller) as session:
        view = queries.change(session, change_id)
    return page(request, "quality/change.html", **WORDS, view=view)


# Photos -------------------------------------------------------------------------------------------


@post("/quality/photos", sync_to_thread=True, request_max_body_size=UPLOAD_BYTES)
def keep_photo(
    request: AnyRequest, database: Database, actor: Actor, data: Upload
) -> Response[Any]:
    """Multipart field ``photo``; answers the region ``#photo``, whose id the form takes along."""
    actor.require("stock_read")
    photo = photos.small(_content(data.get("photo"), request.app.state.photo_max_bytes))
    fields = {name: value for name, value in data.items() if name != "photo"}
    sent = envelope(request, fields)
    command = photos.KeepPhoto(actor.working_store_id, photo.sha256)
    kept = run(database, photos.keeping(photo), command, sent)
    if wants_fragment(request):
        return regions(request, "quality/keep_photo.hx.html", photo_id=kept.photo_id)
    back = text_in(data, "return_to") or "/quality"
    return see(f"{back}{'&' if '?' in back else '?'}photo_id={kept.photo_id}")


def _content(photo: object, most: int) -> bytes:
    if not isinstance(photo, UploadFile) or not photo.filename:
        raise NoPhoto
    content = photo.file.read(most + 1)
    if len(content) > most:
        limit = f"{most >> 20} MB"
        raise PictureTooLarge(size=f"> {limit}", limit=limit)
    return content


@get("/quality/photos/{photo_id:int}", sync_to_thread=True)
def photo_page(database: Database, actor: Actor, photo_id: int) -> Response[bytes]:
    """The photo itself: it never changes."""
    actor.require("stock_read")
    with database.reading(actor.caller) as session:
        found = photos.stored(session, photo_id)
    headers = {"Cache-Control": "private, max-age=31536000, immutable"}
    return Response(found.content, media_type=found.mime, headers=headers)


# Lots ---------------------------------------------------------------------------------------------


@get("/quality/lots/{lot_id:int}", sync_to_thread=True)
def lot_page(request: AnyRequest, database: Database, actor: Actor, lot_id: int) -> Response[bytes]:
    """Where a lot came from, where it lies, whom it went to; its hold."""
    actor.require("stock_read")
    with database.reading(actor.caller) as session:
        trace = queries.trace(session, lot_id, clock.today(actor.time_zone))
    return page(request, "quality/lot.html", **WORDS, trace=trace, lot=trace.lot)


@post("/quality/lots/{lot_id:int}/holds", sync_to_thread=True)
def hold_lot_page(
    request: AnyRequest, database: Database, actor: Actor, lot_id: int, data: Form
) -> Response[Any]:
    """Stop the lot in every store."""
    actor.require("lot_hold")
    command = HoldLot(lot_id, text_in(data, "reason"))
    run(database, hold_lot, command, envelope(request, data))
    return see(f"/quality/lots/{lot_id}")


@post("/quality/lots/{lot_id:int}/holds/lifting", sync_to_thread=True)
def lift_hold_page(
    request: AnyRequest, database: Database, actor: Actor, lot_id: int, data: Form
) -> Response[Any]:
    """Let the lot ship again, by policy after votes."""
    actor.require("lot_hold")
    command = LiftHold(lot_id, text_in(data, "reason"), actor.working_store_id)
    done = run(database, lift_hold, command, envelope(request, data))
    waiting = done.request_id
    return see(f"/approvals/{waiting}" if waiting else f"/quality/lots/{lot_id}")


handlers: list[ControllerRouterHandler] = [
    quality_page,
    scan_quality,
    change_status_page,
    changes_page,
    change_page,
    keep_photo,
    photo_page,
    lot_page,
    hold_lot_page,
    lift_hold_page,
    *return_pages.handlers,
    *moving_pages.handlers,
    *(handler for export in EXPORTS for handler in export.handlers),
]
