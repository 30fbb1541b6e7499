"""The work that waits: the next task, picks made of chosen orders, who does what, and the paper."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit.database import Database
from app.kit.forms import (
    Form,
    ManyForm,
    number_in,
    numbers_in,
)
from app.kit.i18n import current_language
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.visit import visit_of
from app.kit.web import Cursor, envelope, page, pdf, see
from app.picking import commands as c
from app.picking import problems, queries, refusals
from app.picking.exports import DEFAULT_STATE, EXPORTS
from app.picking.pages import SCREEN
from app.picking.paper import pick_list
from app.picking.words import WORDS
from app.scanning.meanings import DocumentMeaning
from app.scanning.resolver import resolve, shown
from printing.pick_list import pick_list_pdf


@get("/picking", sync_to_thread=True)
def work_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """One's own work, and what waits; ``zone`` is where the person works."""
    actor.require("pick")
    store_id = actor.working_store_id
    with database.reading(actor.caller) as session:
        picks = queries.own_picks(session, store_id, actor.user_id)
        counts = queries.counts(session, store_id, actor.user_id)
        zones = queries.zones(session, store_id)
    zone = number_in(request.query_params, "zone")
    return page(
        request, "picking/work.html", **WORDS, picks=picks, counts=counts, zones=zones, zone=zone
    )


@post("/picking/next", sync_to_thread=True)
def next_task(request: AnyRequest, database: Database, actor: Actor, data: Form) -> Response[Any]:
    """Get the next task, of ``zone_id`` if there is one, and go to it."""
    actor.require("pick")
    command = c.GetWork(actor.working_store_id, number_in(data, "zone_id"))
    try:
        got = run(database, c.get_work, command, envelope(request, data))
    except Problem as problem:
        return SCREEN.refusal(request, 0, problem)
    return see(f"/picking/{got.pick_id}")


@post("/picking/scans", sync_to_thread=True)
def find_work(database: Database, actor: Actor, data: Form) -> Response[Any]:
    """Go to what was scanned: a pick, or the pick of an order."""
    actor.require("pick")
    code = data.get("code", "")
    with database.reading(actor.caller) as session:
        meaning = resolve(session, code)
        match meaning:
            case DocumentMeaning(kind="pick", id=pick_id):
                return see(f"/picking/{pick_id}")
            case DocumentMeaning(kind="sales_order", id=order_id, number=number):
                found = queries.pick_of_order(session, order_id)
                if found is None:
                    raise refusals.NothingPromised(number=number, why=f"order_id={order_id}")
                return see(f"/picking/{found}")
            case _:
                raise problems.UnknownCode(raw=shown(code))


@get("/picking/picks", sync_to_thread=True)
def picks_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """All picks of the store, who holds them, how far they are."""
    actor.require("pick_assign")
    query = {name: value for name, value in request.query_params.items() if value}
    query.setdefault("state", DEFAULT_STATE)
    with database.reading(actor.caller) as session:
        cursor = Cursor.read(query.get("cursor"))
        listing = queries.picks(session, actor.working_store_id, query, cursor)
        people = queries.people(session, actor.working_store_id)
    return page(request, "picking/picks.html", **WORDS, listing=listing, query=query, people=people)


@get("/picking/new", sync_to_thread=True)
def new_picks_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Orders that can be picked, to make picks of."""
    actor.require("pick_assign")
    return _new_picks(request, database, actor)


def _new_picks(
    request: AnyRequest, database: Database, actor: Actor, problem: Problem | None = None
) -> Response[bytes]:
    store_id = actor.working_store_id
    with database.reading(actor.caller) as session:
        orders = queries.ready_orders(session, store_id)
        zones = queries.zones(session, store_id)
        people = queries.people(session, store_id)
    return page(
        request,
        "picking/new.html",
        status=problem.status if problem else 200,
        **WORDS,
        orders=orders,
        zones=zones,
        people=people,
        problem=problem,
    )


@post("/picking/picks", sync_to_thread=True)
def create_picks(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    """Make picks of the chosen orders: fields ``order_id`` (several), kind, zone_id, user_id."""
    actor.require("pick_assign")
    command = c.CreatePicks(
        numbers_in(data, "order_id"),
        str(data.get("kind", "order"))[:20],
        number_in(data, "zone_id"),
        number_in(data, "user_id"),
    )
    try:
        run(database, c.create_picks, command, envelope(request, data))
    except Problem as problem:
        return _new_picks(request, database, actor, problem)
    return see("/picking/picks")


@post("/picking/{pick_id:int}/assignment", sync_to_thread=True)
def assign_pick(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Form
) -> Response[Any]:
    """Give the pick to ``user_id``, or to nobody in particular."""
    actor.require("pick_assign")
    command = c.AssignPick(pick_id, number_in(data, "user_id"), number_in(data, "priority"))
    try:
        run(database, c.assign_pick, command, envelope(request, data))
    except Problem as problem:
        return SCREEN.refusal(request, pick_id, problem)
    return see("/picking/picks")


@get("/picking/{pick_id:int}/stops", sync_to_thread=True)
def stops_page(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int
) -> Response[bytes]:
    """All stops, and the orders whose goods can be put back."""
    actor.require("pick")
    with database.reading(actor.caller) as session:
        view = queries.pick(session, pick_id, rows=2_000)
        taken = queries.taken_orders(session, pick_id)
    return page(request, "picking/stops.html", **WORDS, view=view, taken=taken)


@get("/picking/{pick_id:int}/closure", sync_to_thread=True)
def closing_page(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int
) -> Response[bytes]:
    """What is left, and whether another pick does it."""
    actor.require("pick")
    with database.reading(actor.caller) as session:
        view = queries.pick(session, pick_id, rows=2_000)
    left = [row for row in view.rows if not row.is_done]
    return page(request, "picking/closing.html", **WORDS, view=view, left=left)


@get("/picking/{pick_id:int}/list.pdf", sync_to_thread=True)
def list_pdf(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int
) -> Response[bytes]:
    """The pick list (拣货单)."""
    actor.require("pick")
    with database.reading(actor.caller) as session, visit_of(request).speaking():
        address = str(request.base_url).rstrip("/") + f"/picking/{pick_id}"
        paper = pick_list(session, pick_id, address=address, printed_by=actor.name)
        language = "en" if current_language() == "en" else "zh"
    return pdf(pick_list_pdf(paper, language), paper.number)


handlers: list[ControllerRouterHandler] = [
    work_page,
    next_task,
    find_work,
    picks_page,
    new_picks_page,
    create_picks,
    assign_pick,
    stops_page,
    closing_page,
    list_pdf,
    *(handler for export in EXPORTS for handler in export.handlers),
]
