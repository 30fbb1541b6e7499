"""The stock pages: what there is, where it lies, how it came there, and whether it adds up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler
from sqlmodel import Session

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit.database import Database
from app.kit.forms import Form
from app.kit.i18n import gettext
from app.kit.transactions import run
from app.kit.web import Cursor, envelope, page, see
from app.ledger.commands import ReverseMove
from app.scanning.resolver import resolve
from app.stock import queries
from app.stock.corrections import take_back_move
from app.stock.destinations import destination
from app.stock.exports import EXPORTS
from app.stock.filters import MoveFilter, StockFilter, today_of
from app.stock.home import EXPIRING_DAYS
from app.stock.proof import proof
from app.stock.views import (
    ENTRY_NAMES,
    PLACE_NAMES,
    STATUS_NAMES,
    STATUS_TONES,
    STEP_NAMES,
    Choice,
)

WORDS: dict[str, Any] = {
    "status_names": STATUS_NAMES,
    "status_tones": STATUS_TONES,
    "place_names": PLACE_NAMES,
    "step_names": STEP_NAMES,
    "entry_names": ENTRY_NAMES,
}


def _page(request: AnyRequest, template: str, **context: Any) -> Response[bytes]:
    return page(request, template, **WORDS, **context)


def _query(request: AnyRequest) -> dict[str, str]:
    """The present query for links: what is empty is left out."""
    return {name: value for name, value in request.query_params.items() if value}


@get("/stock", sync_to_thread=True)
def stock_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Items with what is on hand, allocated and available."""
    actor.require("stock_read")
    query = _query(request)
    wanted = StockFilter.read(query)
    cursor = Cursor.read(query.get("cursor"))
    today = today_of(actor.time_zone)
    with database.reading(actor.caller) as session:
        listing = queries.items_on_hand(
            session, wanted, today, sort=query.get("sort", "code"), cursor=cursor
        )
        stores, categories = _options(queries.stores(session)), _tree(session)
    return _page(
        request,
        "stock/page.html",
        listing=listing,
        wanted=wanted,
        query=query,
        stores=stores,
        categories=categories,
        statuses=[(status, gettext(name)) for status, name in STATUS_NAMES.items()],
        today=today,
        soon=today + timedelta(days=EXPIRING_DAYS),
    )


def _options(choices: list[Choice]) -> list[tuple[str, str]]:
    """For a select box: (value, words)."""
    return [(str(choice.id), choice.name) for choice in choices]


def _tree(session: Session) -> list[tuple[str, str]]:
    """The categories for a select box, each indented below its parent."""
    return [
        (str(category.id), "\N{IDEOGRAPHIC SPACE}" * category.depth + category.name)
        for category in queries.categories(session)
    ]


@post("/stock/scans", sync_to_thread=True)
def scan_stock(database: Database, actor: Actor, data: Form) -> Response[Any]:
    """Go to the page of what was scanned: nothing is changed."""
    actor.require("stock_read")
    with database.reading(actor.caller) as session:
        meaning = resolve(session, data.get("code", ""))
    return see(destination(meaning, data.get("code", "")))


@get("/stock/items/{item_id:int}", sync_to_thread=True)
def item_page(
    request: AnyRequest, database: Database, actor: Actor, item_id: int
) -> Response[bytes]:
    """Where an item lies, what happened to it, what it is worth."""
    actor.require("stock_read")
    today = today_of(actor.time_zone)
    with database.reading(actor.caller) as session:
        item = queries.item(session, item_id)
        rows = queries.balances_of_item(session, item_id, today)
        moves = _latest(session, actor, MoveFilter(item=item_id))
        pools = queries.pools_of_item(session, item_id) if actor.can("view_cost") else None
        total = queries.total_of_item(session, item_id, today)
    return _page(
        request,
        "stock/item.html",
        item=item,
        total=total,
        rows=rows[: queries.MOST_ROWS],
        more=len(rows) > queries.MOST_ROWS,
        moves=moves,
        pools=pools,
    )


@get("/stock/locations/{location_id:int}", sync_to_thread=True)
def location_page(
    request: AnyRequest, database: Database, actor: Actor, location_id: int
) -> Response[bytes]:
    """What lies in a place."""
    actor.require("stock_read")
    with database.reading(actor.caller) as session:
        location = queries.location(session, location_id)
        rows = queries.balances_at(session, location_id, today_of(actor.time_zone))
        moves = _latest(session, actor, MoveFilter(location=location_id))
    return _page(
        request,
        "stock/location.html",
        location=location,
        rows=rows[: queries.MOST_ROWS],
        more=len(rows) > queries.MOST_ROWS,
        moves=moves,
    )


@get("/stock/lots/{lot_id:int}", sync_to_thread=True)
def lot_page(request: AnyRequest, database: Database, actor: Actor, lot_id: int) -> Response[bytes]:
    """Where a lot is and where it came from."""
    actor.require("stock_read")
    today = today_of(actor.time_zone)
    with database.reading(actor.caller) as session:
        lot = queries.lot(session, lot_id, today)
        rows = queries.balances_of_lot(session, lot_id, today)
        moves = _latest(session, actor, MoveFilter(lot=lot_id), 50)
    origins = {move.receipt_id: move for move in moves if move.receipt_id}
    return _page(
        request,
        "stock/lot.html",
        lot=lot,
        rows=rows[: queries.MOST_ROWS],
        more=len(rows) > queries.MOST_ROWS,
        moves=moves,
        origins=list(origins.values()),
    )


def _latest(session: Session, actor: Actor, wanted: MoveFilter, limit: int = 10) -> Any:
    return queries.latest_moves(session, wanted, limit) if actor.can("move_read") else []


@get("/stock/moves", sync_to_thread=True)
def moves_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Every movement, newest first."""
    actor.require("move_read")
    query = _query(request)
    wanted = MoveFilter.read(query)
    with database.reading(actor.caller) as session:
        cursor = Cursor.read(query.get("cursor"))
        listing = queries.moves(session, wanted, actor.time_zone, cursor)
        stores, people = _options(queries.stores(session)), _options(queries.people(session))
        item = queries.item(session, wanted.item) if wanted.item else None
    return _page(
        request,
        "stock/moves.html",
        listing=listing,
        wanted=wanted,
        query=query,
        stores=stores,
        people=people,
        item=item,
    )


@get("/stock/moves/{move_id:int}", sync_to_thread=True)
def move_page(
    request: AnyRequest, database: Database, actor: Actor, move_id: int
) -> Response[bytes]:
    """One movement with everything that is known of it, and the way to take it back."""
    actor.require("move_read")
    with database.reading(actor.caller) as session:
        move = queries.move(session, move_id)
        entries = queries.entries_of_move(session, move_id) if actor.can("view_cost") else None
    return _page(request, "stock/move.html", move=move, entries=entries)


@post("/stock/moves/{move_id:int}/reversal", sync_to_thread=True)
def reverse_move_page(
    request: AnyRequest, database: Database, actor: Actor, move_id: int, data: Form
) -> Response[Any]:
    """Take the movement back, with the reason that the form gives; or ask for approval."""
    actor.require("reverse_move")
    command = ReverseMove(move_id, data.get("reason", ""))
    taken = run(database, take_back_move, command, envelope(request, data))
    if taken.move_id is None:
        return see(f"/approvals/{taken.request_id}")
    return see(f"/stock/moves/{taken.move_id}")


@get("/stock/proof", sync_to_thread=True)
def proof_page(request: AnyRequest, actor: Actor) -> Response[bytes]:
    """What a proof is, and the button that makes one."""
    actor.require("verify")
    return _page(request, "stock/proof.html", proof=None)


@post("/stock/proof", sync_to_thread=True)
def make_proof(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Recompute everything from the ledger and show each difference."""
    actor.require("verify")
    return _page(request, "stock/proof.html", proof=proof(database))


handlers: list[ControllerRouterHandler] = [
    stock_page,
    scan_stock,
    item_page,
    location_page,
    lot_page,
    moves_page,
    move_page,
    reverse_move_page,
    proof_page,
    make_proof,
    *(handler for export in EXPORTS for handler in export.handlers),
]
