"""The screens of packing and shipping."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit.database import Database
from app.kit.forms import Form, Reader
from app.kit.i18n import current_language, gettext, mark
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.web import Cursor, envelope, page, pdf, see
from app.scanning.resolver import resolve, shown
from app.scanning.screens import ScanScreen
from app.shipping import commands as c
from app.shipping import paper, problems, queries, scans
from app.shipping.exports import EXPORTS
from app.shipping.words import SHIPMENT_STATES, WORDS
from printing.shipping import packing_list_pdf, shipping_labels_pdf

ALL = mark("All")
SCREEN = ScanScreen("shipping", "pack", "shipment_id", WORDS, queries.send_shipment)


@get("/shipping", sync_to_thread=True)
def shipping_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Orders whose goods are picked and wait to be packed."""
    actor.require("pack")
    with database.reading(actor.caller) as session:
        waiting = queries.to_pack(session, actor.working_store_id)
    return page(request, "shipping/page.html", **WORDS, waiting=waiting)


@post("/shipping/scans", sync_to_thread=True)
def find_work(request: AnyRequest, database: Database, actor: Actor, data: Form) -> Response[Any]:
    """Open what was scanned: an order, a pick, a cart's position, a shipment."""
    actor.require("pack")
    code = data.get("code", "")
    with database.reading(actor.caller) as session:
        shipment_id = queries.shipment_of(session, code)
        order_id = None if shipment_id else queries.order_of(session, resolve(session, code))
    if shipment_id:
        return see(f"/shipping/{shipment_id}")
    if order_id is None:
        raise problems.UnknownToPack(given=shown(code))
    opened = run(database, c.start_shipment, c.OpenShipment(order_id), envelope(request, data))
    return see(f"/shipping/{opened.shipment_id}")


@post("/shipping/shipments", sync_to_thread=True)
def start_shipment(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """Pack the order ``order_id``, or go on with it."""
    actor.require("pack")
    order_id = Reader(data).id_or_none("order_id") or 0
    opened = run(database, c.start_shipment, c.OpenShipment(order_id), envelope(request, data))
    return see(f"/shipping/{opened.shipment_id}")


@get("/shipping/{shipment_id:int}", sync_to_thread=True)
def shipment_page(
    request: AnyRequest, database: Database, actor: Actor, shipment_id: int
) -> Response[bytes]:
    """The packing screen; of a shipment that left, what was in it."""
    actor.require("pack")
    with database.reading(actor.caller) as session:
        view = queries.shipment(session, shipment_id)
    return page(request, "shipping/shipment.html", **WORDS, view=view, answer=None)


@post("/shipping/{shipment_id:int}/scans", sync_to_thread=True)
def scan(
    request: AnyRequest, database: Database, actor: Actor, shipment_id: int, data: Form
) -> Response[Any]:
    """One code, as it was read."""
    command = scans.scan_of(shipment_id, data.get("code", ""))
    return SCREEN.answered(request, database, actor, data, scans.scan, command)


@post("/shipping/{shipment_id:int}/quantity", sync_to_thread=True)
def set_quantity(
    request: AnyRequest, database: Database, actor: Actor, shipment_id: int, data: Form
) -> Response[Any]:
    command = scans.SetQuantity(shipment_id, data.get("quantity", "")[:60])
    return SCREEN.answered(request, database, actor, data, scans.set_quantity, command)


@post("/shipping/{shipment_id:int}/commands", sync_to_thread=True)
def press_button(
    request: AnyRequest, database: Database, actor: Actor, shipment_id: int, data: Form
) -> Response[Any]:
    """A button: UNDO, CARTON or +N."""
    command = scans.PressButton(shipment_id, data.get("button", "")[:40])
    return SCREEN.answered(request, database, actor, data, scans.press_button, command)


@post("/shipping/{shipment_id:int}/undo", sync_to_thread=True)
def undo(
    request: AnyRequest, database: Database, actor: Actor, shipment_id: int, data: Form
) -> Response[Any]:
    command = scans.PressButton(shipment_id, "UNDO")
    return SCREEN.answered(request, database, actor, data, scans.press_button, command)


# The end of a shipment ----------------------------------------------------------------------------


@get("/shipping/{shipment_id:int}/departure", sync_to_thread=True)
def departure_page(
    request: AnyRequest, database: Database, actor: Actor, shipment_id: int
) -> Response[bytes]:
    """What leaves, what stays behind, and by whom it is carried."""
    actor.require("ship")
    with database.reading(actor.caller) as session:
        view = queries.shipment(session, shipment_id)
        missing = queries.missing(session, view.head)
    return page(request, "shipping/departure.html", **WORDS, view=view, missing=missing)


@post("/shipping/{shipment_id:int}/departure", sync_to_thread=True)
def ship(
    request: AnyRequest, database: Database, actor: Actor, shipment_id: int, data: Form
) -> Response[Any]:
    """Fields: carrier, tracking_number, rest (open or short), reason, unchecked."""
    actor.require("ship")
    command = c.Ship(
        shipment_id,
        data.get("carrier", "")[:200],
        data.get("tracking_number", "")[:200],
        "short" if data.get("rest") == "short" else "open",
        data.get("reason", "")[:200],
        bool(data.get("unchecked")),
    )
    try:
        run(database, c.ship, command, envelope(request, data))
    except Problem as problem:
        return SCREEN.refusal(request, shipment_id, problem)
    return see(f"/shipping/{shipment_id}")


@post("/shipping/{shipment_id:int}/cancellation", sync_to_thread=True)
def cancel_shipment(
    request: AnyRequest, database: Database, actor: Actor, shipment_id: int, data: Form
) -> Response[Any]:
    actor.require("pack")
    run(database, c.cancel_shipment, c.CancelShipment(shipment_id), envelope(request, data))
    return see("/shipping")


@post("/shipping/{shipment_id:int}/return", sync_to_thread=True)
def take_back(
    request: AnyRequest, database: Database, actor: Actor, shipment_id: int, data: Form
) -> Response[Any]:
    """The lorry did not go after all."""
    actor.require("take_back_shipment")
    command = c.TakeBack(shipment_id, data.get("reason", "")[:200])
    try:
        run(database, c.take_back, command, envelope(request, data))
    except Problem as problem:
        return SCREEN.refusal(request, shipment_id, problem)
    return see(f"/shipping/{shipment_id}")


# Lists and paper ----------------------------------------------------------------------------------


@get("/shipments", sync_to_thread=True)
def shipments_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Every shipment of one's stores."""
    actor.require("pack")
    query = {name: value for name, value in request.query_params.items() if value}
    with database.reading(actor.caller) as session:
        listing = queries.shipments(session, query, Cursor.read(query.get("cursor")))
    choices = [("", gettext(ALL)), *((key, gettext(name)) for key, name in SHIPMENT_STATES.items())]
    return page(
        request, "shipping/shipments.html", **WORDS, listing=listing, query=query, choices=choices
    )


@get("/shipping/{shipment_id:int}/packing-list.pdf", sync_to_thread=True)
def packing_list(
    request: AnyRequest, database: Database, actor: Actor, shipment_id: int
) -> Response[bytes]:
    """The packing list on A4; its QR opens the shipment."""
    actor.require("pack")
    address = f"{str(request.base_url).rstrip('/')}/shipping/{shipment_id}"
    with database.reading(actor.caller) as session:
        content = paper.packing_list(session, shipment_id, address, actor.name)
    return pdf(packing_list_pdf(content, _language()), content.number)


@get("/shipping/{shipment_id:int}/labels.pdf", sync_to_thread=True)
def labels(database: Database, actor: Actor, shipment_id: int) -> Response[bytes]:
    """One label of 100 x 150 mm for each carton, or one where nothing is in cartons."""
    actor.require("pack")
    with database.reading(actor.caller) as session:
        found = paper.shipping_labels(session, shipment_id)
    return pdf(shipping_labels_pdf(found, _language()), f"{found[0].number}-labels")


def _language() -> Any:
    return "en" if current_language() == "en" else "zh"


handlers: list[ControllerRouterHandler] = [
    shipping_page,
    find_work,
    start_shipment,
    shipment_page,
    scan,
    set_quantity,
    press_button,
    undo,
    departure_page,
    ship,
    cancel_shipment,
    take_back,
    shipments_page,
    packing_list,
    labels,
    *(handler for export in EXPORTS for handler in export.handlers),
]
