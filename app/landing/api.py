"""Landed cost as JSON: the same commands as the pages.

``Idempotency-Key`` is the command's id; repeat it to repeat a request safely.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import get, post, put

from app.access.actor import Actor
from app.kit.database import Database
from app.kit.problems import Refusal
from app.kit.transactions import run
from app.kit.web import AnyRequest, Cursor, Listing, StateFilter, api, envelope
from app.landing import queries
from app.landing.estimates import (
    ChargesEstimated,
    ChargeView,
    EstimateCharges,
    charges_of_order,
    estimate_charges,
    order_head,
)
from app.landing.forms import counted
from app.landing.loading import ChargeRow
from app.landing.pages import READ, WRITE
from app.landing.posting import PostVoucher, ReverseVoucher, post_voucher, reverse_voucher
from app.landing.writing import (
    CancelVoucher,
    ChangeVoucher,
    CreateVoucher,
    VoucherChanged,
    cancel_voucher,
    change_voucher,
    create_voucher,
)

Body = dict[str, Any]


@dataclass(frozen=True)
class VoucherAnswer:
    """A voucher with its lines and what each gets; see ``queries.VoucherView``."""

    head: queries.VoucherHead
    receipts: list[queries.ReceiptView]
    charges: list[ChargeRow]
    lines: list[queries.LineView]
    refusal: Refusal | None


@get("/landed-costs", sync_to_thread=True)
def list_vouchers(
    database: Database,
    actor: Actor,
    wanted_state: StateFilter = "",
    search: str = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> Listing[queries.VoucherRow]:
    """Newest first.  ``state``: draft, posting, posted, reversing, reversed or cancelled;
    ``search``: part of a number (also of a receipt) or of the supplier's name.
    """
    actor.require(READ)
    with database.reading(actor.caller) as session:
        wanted = {"state": wanted_state, "text": search}
        return queries.vouchers(session, wanted, Cursor.read(cursor, limit))


@get("/landed-costs/{voucher_id:int}", sync_to_thread=True)
def show_voucher(database: Database, actor: Actor, voucher_id: int) -> VoucherAnswer:
    """One voucher with every share: as posted, or of a draft as posting would share it now.

    ``refusal`` says why a draft cannot be posted.
    """
    actor.require(READ)
    with database.reading(actor.caller) as session:
        view = queries.voucher(session, voucher_id)
    return VoucherAnswer(
        view.head, view.receipts, view.charges, view.lines, Refusal.of(view.refusal)
    )


@post("/landed-costs", sync_to_thread=True)
def create(request: AnyRequest, database: Database, actor: Actor, data: Body) -> VoucherChanged:
    """Fields: receipts (numbers of receipts or orders), charges (kind, amount, basis,
    replaces_estimate, shares), and optionally store_id, supplier, supplier_number, voucher_on,
    currency, exchange_rate, note, line_ids, items.
    """
    actor.require(WRITE)
    command = counted(CreateVoucher, {"store_id": actor.working_store_id, **data})
    actor.require_sight(command.store_id)
    return run(database, create_voucher, command, envelope(request))


@put("/landed-costs/{voucher_id:int}", sync_to_thread=True)
def change(
    request: AnyRequest, database: Database, actor: Actor, voucher_id: int, data: Body
) -> VoucherChanged:
    """A draft, written anew: fields as of a new one."""
    actor.require(WRITE)
    content = {"store_id": actor.working_store_id, **data}
    command = counted(ChangeVoucher, {"voucher_id": voucher_id, "content": content})
    return run(database, change_voucher, command, envelope(request))


@post("/landed-costs/{voucher_id:int}/posting", sync_to_thread=True)
def post_it(
    request: AnyRequest, database: Database, actor: Actor, voucher_id: int, data: Body
) -> VoucherChanged:
    """Fields: confirmed (charges beyond sense are meant), reason.

    ``state`` in the answer is ``posting`` where a job does it; ``request_id``: it waits for votes.
    """
    actor.require(WRITE)
    command = counted(PostVoucher, {**data, "voucher_id": voucher_id})
    return run(database, post_voucher, command, envelope(request))


@post("/landed-costs/{voucher_id:int}/reversal", sync_to_thread=True)
def reverse_it(
    request: AnyRequest, database: Database, actor: Actor, voucher_id: int, data: Body
) -> VoucherChanged:
    """Field: reason."""
    actor.require(WRITE)
    command = counted(ReverseVoucher, {**data, "voucher_id": voucher_id})
    return run(database, reverse_voucher, command, envelope(request))


@post("/landed-costs/{voucher_id:int}/cancellation", sync_to_thread=True)
def cancel_it(
    request: AnyRequest, database: Database, actor: Actor, voucher_id: int
) -> VoucherChanged:
    actor.require(WRITE)
    return run(database, cancel_voucher, CancelVoucher(voucher_id), envelope(request))


@get("/purchase-orders/{order_id:int}/charges", sync_to_thread=True)
def list_charges(database: Database, actor: Actor, order_id: int) -> list[ChargeView]:
    """Charges that are expected with an order."""
    actor.require(READ)
    with database.reading(actor.caller) as session:
        order_head(session, order_id)
        return charges_of_order(session, order_id)


@put("/purchase-orders/{order_id:int}/charges", sync_to_thread=True)
def estimate(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Body
) -> ChargesEstimated:
    """Field: charges (kind, amount, basis, currency, exchange_rate); they replace the ones before.

    Possible while the order is confirmed and nothing of it was received.
    """
    actor.require(WRITE)
    command = counted(EstimateCharges, {**data, "order_id": order_id})
    return run(database, estimate_charges, command, envelope(request))


router = api(
    [
        list_vouchers,
        show_voucher,
        create,
        change,
        post_it,
        reverse_it,
        cancel_it,
        list_charges,
        estimate,
    ],
    tag="Landed cost",
)
