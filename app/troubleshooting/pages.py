"""The troubleshooting screen: scan or choose, read why, press what frees it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access import queries as people
from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit.database import Database
from app.kit.forms import Form
from app.kit.money import plain
from app.kit.transactions import run
from app.kit.visit import visit_of
from app.kit.web import Cursor, envelope, page, see
from app.orders.commands import RequestTransfer, request_transfer
from app.troubleshooting import queries, words
from app.troubleshooting.answer import Action, BucketView, Diagnosis
from app.troubleshooting.chart import chart_of
from app.troubleshooting.commands import (
    AskRecount,
    OpenZone,
    UnlockPlace,
    ask_recount,
    open_zone,
    unlock_place,
)
from app.troubleshooting.destinations import address_of
from app.troubleshooting.history import history
from app.troubleshooting.problems import BadQuantity, BadQuestion
from app.troubleshooting.questions import Question, diagnose, number

MOST_PEOPLE = 200
MOST_OPENED = 3
HERE = "/troubleshooting"


@get("/troubleshooting", sync_to_thread=True)
def troubleshooting_page(request: AnyRequest, database: Database, actor: Actor) -> Response[Any]:
    """Why it cannot ship; without a question, the lines that wait."""
    actor.require("troubleshoot")
    query = dict(request.query_params)
    question = Question.read(query, actor.time_zone)
    if question.is_asked:
        return (
            _history(request, database, actor, question)
            if question.at
            else _diagnosis(request, database, actor, question)
        )
    if query.get("code"):
        return see(_meant(database, actor, query["code"]))
    return _start(request, database, actor, query)


def _start(
    request: AnyRequest, database: Database, actor: Actor, query: Mapping[str, str]
) -> Response[Any]:
    """Where a supervisor begins: what waits, or what is in the place or order that was scanned."""
    location, unit = number(query, "location_id"), number(query, "logistic_unit_id")
    order = number(query, "order_id")
    with database.reading(actor.caller) as session:
        items = queries.items_here(session, location_id=location, unit_id=unit)
        lines = (
            queries.lines_of_order(session, order_id=order)
            if order
            else queries.waiting(session, actor.store_id)
        )
    if order and len(lines) == 1:
        return see(f"{HERE}?order_line_id={lines[0].line_id}")
    return page(
        request,
        "troubleshooting/start.html",
        items=items,
        waiting=lines,
        of_place=bool(location or unit),
        of_order=bool(order),
    )


def _diagnosis(
    request: AnyRequest, database: Database, actor: Actor, question: Question
) -> Response[bytes]:
    with visit_of(request).speaking():
        found = diagnose(database, actor, question)
    again = {
        "shown_at": found.read_at.isoformat(),
        "shown_total": plain(found.total),
        "shown_can_ship": plain(found.can_ship),
    }
    return page(
        request,
        "troubleshooting/page.html",
        found=found,
        question=question,
        query=question.query,
        again=f"{HERE}?{urlencode(question.query | again)}",
        return_to=f"{HERE}?{urlencode(question.query)}",
        others=_people(database, actor),
        chart=chart_of(found),
        opened_buckets=opened(found),
    )


def opened(found: Diagnosis) -> set[str]:
    """The largest parts that this reader can free: they are unfolded, the rest at a tap."""
    useful = [bucket for bucket in found.buckets if any(map(_is_useful, _actions(bucket)))]
    useful.sort(key=lambda bucket: -bucket.quantity)
    return {bucket.name for bucket in useful[:MOST_OPENED]}


def _actions(bucket: BucketView) -> list[Action]:
    below = [*bucket.parts, *bucket.documents]
    return [*bucket.actions, *(action for one in below for action in one.actions)]


def _is_useful(action: Action) -> bool:
    return action.allowed and (bool(action.promises) or action.kind == "allocate")


def _people(database: Database, actor: Actor) -> list[tuple[str, str]]:
    """Whose eyes may be borrowed: the people of one's own stores, for a select box."""
    if not actor.can("view_as"):
        return []
    with database.reading(actor.caller) as session:
        listing = people.users(session, "", Cursor(limit=MOST_PEOPLE), actor.stores)
    return [(str(user.id), user.name) for user in listing.rows if user.is_active]


def _history(
    request: AnyRequest, database: Database, actor: Actor, question: Question
) -> Response[bytes]:
    """How it was at a moment, and what happened until then."""
    actor.require("move_read")
    with visit_of(request).speaking():
        found = history(database, actor, question)
    return page(
        request,
        "troubleshooting/history.html",
        found=found,
        query=question.query,
        at_local=found.at.astimezone(ZoneInfo(actor.time_zone)).strftime("%Y-%m-%dT%H:%M"),
        place_names=words.PLACES_BEYOND,
        status_names=words.STATUSES,
        status_tones=words.STATUS_TONES,
        command_names=words.COMMANDS,
        back=f"{HERE}?{urlencode(question.query)}",
    )


@get("/troubleshooting/history", sync_to_thread=True)
def history_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """The same as of now."""
    question = Question.read(dict(request.query_params), actor.time_zone)
    if not question.is_asked:
        raise BadQuestion(name="item_id", given="")
    return _history(request, database, actor, question)


@post("/troubleshooting/scans", sync_to_thread=True)
def scan_trouble(database: Database, actor: Actor, data: Form) -> Response[Any]:
    """Go to what was scanned; nothing is changed."""
    actor.require("troubleshoot")
    return see(_meant(database, actor, data.get("code", "")))


def _meant(database: Database, actor: Actor, code: str) -> str:
    with database.reading(actor.caller) as session:
        return address_of(session, code)


# What frees stock -------------------------------------------------------------------------------


@post("/troubleshooting/zones/{zone_id:int}/opening", sync_to_thread=True)
def open_zone_page(
    request: AnyRequest, database: Database, actor: Actor, zone_id: int, data: Form
) -> Response[Any]:
    """Let orders pick from the zone."""
    actor.require("zone_open")
    run(database, open_zone, OpenZone(zone_id), envelope(request, data))
    return see(_back(data))


@post("/troubleshooting/locations/{location_id:int}/unlocking", sync_to_thread=True)
def unlock_place_page(
    request: AnyRequest, database: Database, actor: Actor, location_id: int, data: Form
) -> Response[Any]:
    """End the lock of a count."""
    actor.require("count_unlock")
    run(database, unlock_place, UnlockPlace(location_id), envelope(request, data))
    return see(_back(data))


@post("/troubleshooting/recounts", sync_to_thread=True)
def ask_recount_page(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """Have an item counted in a place."""
    actor.require("recount_request")
    place, item = _needed(data, "location_id"), _needed(data, "item_id")
    command = AskRecount(place, item, data.get("note", "")[:200])
    run(database, ask_recount, command, envelope(request, data))
    return see(_back(data))


@post("/troubleshooting/transfer-requests", sync_to_thread=True)
def ask_transfer_page(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """Ask another store or warehouse for stock."""
    actor.require("transfer_request")
    command = RequestTransfer(
        store_id=_needed(data, "store_id"),
        from_store_id=_needed(data, "from_store_id"),
        item_id=_needed(data, "item_id"),
        quantity=_quantity(data),
        from_warehouse_id=number(data, "from_warehouse_id"),
        order_line_id=number(data, "order_line_id"),
        note=data.get("note", ""),
    )
    run(database, request_transfer, command, envelope(request, data))
    return see(_back(data))


def _back(data: Mapping[str, str]) -> str:
    return data.get("return_to") or HERE


def _needed(data: Mapping[str, str], name: str) -> int:
    found = number(data, name)
    if found is None:
        raise BadQuestion(name=name, given="")
    return found


def _quantity(data: Mapping[str, str]) -> Decimal:
    given = data.get("quantity", "").strip()
    try:
        found = Decimal(given)
    except InvalidOperation:
        raise BadQuantity(given=given[:40]) from None
    if not found.is_finite() or abs(found) >= Decimal(10) ** 12:
        raise BadQuantity(given=given[:40])
    return found


handlers: list[ControllerRouterHandler] = [
    troubleshooting_page,
    history_page,
    scan_trouble,
    open_zone_page,
    unlock_place_page,
    ask_recount_page,
    ask_transfer_page,
]
