"""Purchase orders and receipts as JSON: the same commands as the pages.

``Idempotency-Key`` is the command's id; repeat it to repeat a request safely.
"""

from __future__ import annotations

from typing import Any

from litestar import get, post

from app.access.actor import Actor
from app.catalog import input as given
from app.kit.database import Database
from app.kit.transactions import run
from app.kit.web import AnyRequest, Cursor, Listing, StateFilter, api, envelope
from app.receiving import commands as c
from app.receiving import queries
from app.receiving.scans import ScanAnswer

Body = dict[str, Any]


@get("/purchase-orders", sync_to_thread=True)
def list_orders(
    database: Database,
    actor: Actor,
    wanted_state: StateFilter = "",
    search: str = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> Listing[queries.OrderRow]:
    """Newest first.  ``state``: draft, confirmed, in_progress, done, cancelled, or open."""
    actor.require("purchase_order_read")
    wanted = {"state": wanted_state, "text": search}
    with database.reading(actor.caller) as session:
        return queries.orders(session, wanted, Cursor.read(cursor, limit))


@get("/purchase-orders/{order_id:int}", sync_to_thread=True)
def show_order(database: Database, actor: Actor, order_id: int) -> queries.OrderView:
    """One order with its lines and receipts."""
    actor.require("purchase_order_read")
    with database.reading(actor.caller) as session:
        return queries.order(session, order_id)


@post("/purchase-orders", sync_to_thread=True)
def create_order(
    request: AnyRequest, database: Database, actor: Actor, data: Body
) -> c.OrderChanged:
    """Fields: supplier, lines (item, quantity, unit_price, tax_rate, over_receipt_tolerance), and
    optionally store_id, number, expected_on, currency, exchange_rate, prices_include_tax, note,
    confirm.
    """
    actor.require("purchase_order_write")
    fields = {"store_id": actor.working_store_id, **data}
    actor.require_sight(_store(fields))
    command = given.read(c.CreatePurchaseOrder, fields)
    return run(database, c.create_purchase_order, command, envelope(request))


def _store(fields: Body) -> int:
    store_id = fields["store_id"]
    return store_id if isinstance(store_id, int) else 0


@post("/purchase-orders/{order_id:int}/confirmation", sync_to_thread=True)
def confirm_order(
    request: AnyRequest, database: Database, actor: Actor, order_id: int
) -> c.OrderChanged:
    actor.require("purchase_order_write")
    command = c.ConfirmPurchaseOrder(order_id)
    return run(database, c.confirm_purchase_order, command, envelope(request))


@post("/purchase-orders/{order_id:int}/cancellation", sync_to_thread=True)
def cancel_order(
    request: AnyRequest, database: Database, actor: Actor, order_id: int
) -> c.OrderChanged:
    actor.require("purchase_order_write")
    command = c.CancelPurchaseOrder(order_id)
    return run(database, c.cancel_purchase_order, command, envelope(request))


@get("/receipts", sync_to_thread=True)
def list_receipts(
    database: Database,
    actor: Actor,
    wanted_state: StateFilter = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> Listing[queries.ReceiptRow]:
    """Newest first.  ``state``: in_progress, paused, done or cancelled."""
    actor.require("receive")
    with database.reading(actor.caller) as session:
        return queries.receipts(session, wanted_state, Cursor.read(cursor, limit))


@get("/receipts/{receipt_id:int}", sync_to_thread=True)
def show_receipt(database: Database, actor: Actor, receipt_id: int) -> queries.ReceiptView:
    """What the scan screen shows: step, lines, newest entries."""
    actor.require("receive")
    with database.reading(actor.caller) as session:
        return queries.receipt(session, receipt_id, rows=2_000)


@post("/receipts", sync_to_thread=True)
def open_receipt(
    request: AnyRequest, database: Database, actor: Actor, data: Body
) -> c.OpenedReceipt:
    """Fields: order_id, or none for a receipt without an order; then optionally supplier_id."""
    actor.require("receive")
    store = None if data.get("order_id") else actor.working_store_id
    command = given.read(c.OpenReceipt, {"store_id": store, **data})
    return run(database, c.open_receipt, command, envelope(request))


@post("/receipts/{receipt_id:int}/scans", sync_to_thread=True)
def scan(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int, data: Body
) -> ScanAnswer:
    """Fields: code; optionally symbology, source.  ``attention`` asks for the same code again."""
    actor.require("receive")
    parts = [str(data.get(name, "")) for name in ("code", "symbology", "source")]
    command = c.scan_of(receipt_id, *parts)
    return run(database, c.scan, command, envelope(request))


@post("/receipts/{receipt_id:int}/quantity", sync_to_thread=True)
def set_quantity(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int, data: Body
) -> ScanAnswer:
    """Field: quantity, as text or number, in base units."""
    actor.require("receive")
    command = c.SetQuantity(receipt_id, str(data.get("quantity", "")))
    return run(database, c.set_quantity, command, envelope(request))


@post("/receipts/{receipt_id:int}/undo", sync_to_thread=True)
def undo(request: AnyRequest, database: Database, actor: Actor, receipt_id: int) -> ScanAnswer:
    """Take back the last step."""
    actor.require("receive")
    command = c.PressButton(receipt_id, "UNDO")
    return run(database, c.press_button, command, envelope(request))


@post("/receipts/{receipt_id:int}/closure", sync_to_thread=True)
def close_receipt(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int, data: Body
) -> c.ReceiptChanged:
    """Fields: missing (``open`` or ``short``), and for ``short`` a reason."""
    actor.require("receive")
    command = given.read(c.CloseReceipt, {**data, "receipt_id": receipt_id})
    return run(database, c.close_receipt, command, envelope(request))


router = api(
    [
        list_orders,
        show_order,
        create_order,
        confirm_order,
        cancel_order,
        list_receipts,
        show_receipt,
        open_receipt,
        scan,
        set_quantity,
        undo,
        close_receipt,
    ],
    tag="Receiving",
)
