"""The handheld screen of a receipt: every scan, button and typed value answers with regions."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.catalog.commands import AddBarcode, add_barcode
from app.kit.database import Database
from app.kit.forms import Form, number_in
from app.kit.transactions import run
from app.kit.web import envelope, page
from app.receiving import commands as c
from app.receiving import queries
from app.receiving.words import WORDS
from app.scanning.screens import ScanScreen

PUTTING_AWAY = "scan_put_away_item"


def _around(database: Database, actor: Actor, view: queries.ReceiptView) -> dict[str, Any]:
    """What waits to be put away, while that is done."""
    waiting: list[queries.WaitingRow] = []
    if view.state.step == PUTTING_AWAY:
        with database.reading(actor.caller, scanning=True) as session:
            waiting = queries.waiting(session, view.head.id)
    return {"waiting": waiting, "mine": view.head.held_by in (None, actor.user_id)}


SCREEN = ScanScreen(
    "receiving", "receive", "receipt_id", WORDS, queries.send_receipt, around=_around
)


@get("/receiving/{receipt_id:int}", sync_to_thread=True)
def receipt_page(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int
) -> Response[bytes]:
    """The scan screen; for closed receipts what came in."""
    actor.require("receive")
    screen = SCREEN.context(database, actor, SCREEN.view(database, actor, receipt_id))
    return page(request, "receiving/receipt.html", **screen, answer=None)


@post("/receiving/{receipt_id:int}/scans", sync_to_thread=True)
def scan(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int, data: Form
) -> Response[Any]:
    """One code, as it was read."""
    command = c.scan_of(
        receipt_id, data.get("code", ""), data.get("symbology", ""), data.get("source", "")
    )
    return SCREEN.answered(request, database, actor, data, c.scan, command)


@post("/receiving/{receipt_id:int}/quantity", sync_to_thread=True)
def set_quantity(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int, data: Form
) -> Response[Any]:
    command = c.SetQuantity(receipt_id, data.get("quantity", ""))
    return SCREEN.answered(request, database, actor, data, c.set_quantity, command)


@post("/receiving/{receipt_id:int}/lot", sync_to_thread=True)
def enter_lot(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int, data: Form
) -> Response[Any]:
    command = c.EnterLot(receipt_id, data.get("lot", "")[:200])
    return SCREEN.answered(request, database, actor, data, c.enter_lot, command)


@post("/receiving/{receipt_id:int}/expiry", sync_to_thread=True)
def enter_expiry(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int, data: Form
) -> Response[Any]:
    command = c.EnterExpiry(
        receipt_id, data.get("expires_on", "")[:40], data.get("produced_on", "")[:40]
    )
    return SCREEN.answered(request, database, actor, data, c.enter_expiry, command)


@post("/receiving/{receipt_id:int}/commands", sync_to_thread=True)
def press_button(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int, data: Form
) -> Response[Any]:
    """A button: OK, UNDO, CANCEL, PUTAWAY, PRINT, PAUSE, DONE or +N."""
    command = c.PressButton(receipt_id, data.get("button", "")[:40])
    return SCREEN.answered(request, database, actor, data, c.press_button, command)


@post("/receiving/{receipt_id:int}/undo", sync_to_thread=True)
def undo(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int, data: Form
) -> Response[Any]:
    """Take back the last step."""
    command = c.PressButton(receipt_id, "UNDO")
    return SCREEN.answered(request, database, actor, data, c.press_button, command)


# Whose receipt ------------------------------------------------------------------------------------


@post("/receiving/{receipt_id:int}/resumption", sync_to_thread=True)
def resume_receipt(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int, data: Form
) -> Response[Any]:
    actor.require("receive")
    command = c.ResumeReceipt(receipt_id)
    return SCREEN.changed(
        request, receipt_id,
        lambda: run(database, c.resume_receipt, command, envelope(request, data)),
    )  # fmt: skip


@post("/receiving/{receipt_id:int}/takeover", sync_to_thread=True)
def take_over_receipt(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int, data: Form
) -> Response[Any]:
    """``holder_id`` is who the screen named: the confirmation counts for them alone."""
    actor.require("receive")
    command = c.TakeOverReceipt(receipt_id, number_in(data, "holder_id"))
    return SCREEN.changed(
        request, receipt_id,
        lambda: run(database, c.take_over_receipt, command, envelope(request, data)),
    )  # fmt: skip


@post("/receiving/{receipt_id:int}/cancellation", sync_to_thread=True)
def cancel_receipt(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int, data: Form
) -> Response[Any]:
    """Drop an empty receipt."""
    actor.require("receive")
    command = c.CancelReceipt(receipt_id)
    return SCREEN.changed(
        request, receipt_id,
        lambda: run(database, c.cancel_receipt, command, envelope(request, data)),
        "/receiving",
    )  # fmt: skip


# Unknown barcodes ---------------------------------------------------------------------------------


@get("/receiving/{receipt_id:int}/barcodes/new", sync_to_thread=True)
def barcode_page(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int
) -> Response[bytes]:
    """Choose the item that an unknown barcode belongs to."""
    actor.require("catalog_write")
    with database.reading(actor.caller) as session:
        view = queries.receipt(session, receipt_id)
        targets = queries.link_targets(session, receipt_id)
    barcode = request.query_params.get("barcode", "")[:80]
    return page(
        request, "receiving/barcode.html", **WORDS, view=view, targets=targets, barcode=barcode
    )


@post("/receiving/{receipt_id:int}/barcodes", sync_to_thread=True)
def link_barcode(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int, data: Form
) -> Response[Any]:
    actor.require("catalog_write")
    command = AddBarcode(
        number_in(data, "item_id") or 0,
        data.get("barcode", ""),
        number_in(data, "packaging_id"),
    )
    return SCREEN.changed(
        request, receipt_id,
        lambda: run(database, add_barcode, command, envelope(request, data)),
    )  # fmt: skip


handlers: list[ControllerRouterHandler] = [
    receipt_page,
    scan,
    set_quantity,
    enter_lot,
    enter_expiry,
    press_button,
    undo,
    resume_receipt,
    take_over_receipt,
    cancel_receipt,
    barcode_page,
    link_barcode,
]
