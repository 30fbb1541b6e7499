"""The screens of landed cost: write a voucher, look at every share, post it, take it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.catalog.form_page import marks_of
from app.kit import jobs
from app.kit.database import Database
from app.kit.forms import ManyForm, number_in
from app.kit.problems import Gone, Problem
from app.kit.transactions import run
from app.kit.web import AnyRequest, Cursor, envelope, page, regions, see
from app.landing import queries
from app.landing.exports import EXPORTS, download_shares, download_shares_csv
from app.landing.forms import ROWS, counted, values_of, voucher_fields
from app.landing.posting import PostVoucher, ReverseVoucher, post_voucher, reverse_voucher
from app.landing.problems import VoucherFixed
from app.landing.tasks import progress_key
from app.landing.words import WORDS
from app.landing.writing import (
    MOST_CHARGES,
    CancelVoucher,
    ChangeVoucher,
    CreateVoucher,
    cancel_voucher,
    change_voucher,
    create_voucher,
)

SHOWN_LINES = 200
READ, WRITE = "landed_cost_read", "landed_cost_write"


@get("/landing", sync_to_thread=True)
def vouchers_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Query: state, text."""
    actor.require(READ)
    query = {name: value for name, value in request.query_params.items() if value}
    with database.reading(actor.caller) as session:
        listing = queries.vouchers(session, query, Cursor.read(query.get("cursor")))
    return page(request, "landing/vouchers.html", **WORDS, listing=listing, query=query)


@get("/landing/new", sync_to_thread=True)
def new_voucher_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Query: receipts, what the voucher begins with."""
    actor.require(WRITE)
    begun = {f"replaces.{place}": "yes" for place in range(1, MOST_CHARGES + 1)}
    asked = {"receipts": request.query_params.get("receipts", "")}
    return _form(request, database, actor, {**begun, **asked})


@post("/landing", sync_to_thread=True)
def create_voucher_page(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    """Fields: receipt (ticked), receipts, items, supplier, supplier_number, voucher_on, currency,
    exchange_rate, note; per charge kind.1, amount.1, basis.1, replaces.1, shares.1.
    """
    actor.require(WRITE)
    try:
        fields = {**voucher_fields(data), "store_id": actor.working_store_id}
        command = counted(CreateVoucher, fields)
        done = run(database, create_voucher, command, envelope(request, data))
    except Gone:
        raise
    except Problem as problem:
        return _form(request, database, actor, data, problem)
    return see(f"/landing/{done.voucher_id}")


@get("/landing/{voucher_id:int}", sync_to_thread=True)
def voucher_page(
    request: AnyRequest, database: Database, actor: Actor, voucher_id: int
) -> Response[bytes]:
    """A voucher: of a draft what posting would do, line by line."""
    actor.require(READ)
    return _voucher(request, database, actor, voucher_id)


@get("/landing/{voucher_id:int}/form", sync_to_thread=True)
def voucher_form_page(
    request: AnyRequest, database: Database, actor: Actor, voucher_id: int
) -> Response[bytes]:
    """A draft in the form that it was made with."""
    actor.require(WRITE)
    with database.reading(actor.caller) as session:
        view = queries.voucher(session, voucher_id)
        values = values_of(view, queries.hand_shares(session, voucher_id))
    if view.head.state != "draft":
        raise VoucherFixed(number=view.head.number, state=view.head.state)
    return _form(request, database, actor, values, voucher_id=voucher_id)


@post("/landing/{voucher_id:int}", sync_to_thread=True)
def change_voucher_page(
    request: AnyRequest, database: Database, actor: Actor, voucher_id: int, data: ManyForm
) -> Response[Any]:
    """Fields as of a new voucher."""
    actor.require(WRITE)
    try:
        content = {**voucher_fields(data), "store_id": actor.working_store_id}
        command = counted(ChangeVoucher, {"voucher_id": voucher_id, "content": content})
        run(database, change_voucher, command, envelope(request, data))
    except Gone:
        raise
    except Problem as problem:
        return _form(request, database, actor, data, problem, voucher_id)
    return see(f"/landing/{voucher_id}")


@post("/landing/{voucher_id:int}/posting", sync_to_thread=True)
def post_voucher_page(
    request: AnyRequest, database: Database, actor: Actor, voucher_id: int, data: ManyForm
) -> Response[Any]:
    """Fields: confirmed (charges beyond sense), reason (for those who approve it)."""
    actor.require(WRITE)
    command = PostVoucher(voucher_id, bool(data.get("confirmed")), str(data.get("reason", "")))
    return _done(request, database, actor, (post_voucher, command, data))


@post("/landing/{voucher_id:int}/reversal", sync_to_thread=True)
def reverse_voucher_page(
    request: AnyRequest, database: Database, actor: Actor, voucher_id: int, data: ManyForm
) -> Response[Any]:
    """Field: reason."""
    actor.require(WRITE)
    command = ReverseVoucher(voucher_id, str(data.get("reason", "")))
    return _done(request, database, actor, (reverse_voucher, command, data))


@post("/landing/{voucher_id:int}/cancellation", sync_to_thread=True)
def cancel_voucher_page(
    request: AnyRequest, database: Database, actor: Actor, voucher_id: int, data: ManyForm
) -> Response[Any]:
    actor.require(WRITE)
    return _done(request, database, actor, (cancel_voucher, CancelVoucher(voucher_id), data))


@get("/landing/{voucher_id:int}/state", sync_to_thread=True)
def voucher_state(
    request: AnyRequest, database: Database, actor: Actor, voucher_id: int
) -> Response[Any]:
    """How far the job is, asked for again until it is done."""
    actor.require(READ)
    with database.reading(actor.caller) as session:
        head = queries.head(session, voucher_id)
        progress = jobs.progress(session, progress_key(voucher_id))
    if not head.is_working:
        return see(f"/landing/{voucher_id}")
    template = "landing/voucher_state.hx.html"
    return regions(request, template, **WORDS, head=head, progress=progress)


# ---- Behind them -------------------------------------------------------------------------------


def _done(
    request: AnyRequest, database: Database, actor: Actor, asked: tuple[Any, Any, dict[str, Any]]
) -> Response[Any]:
    """Run a command on a voucher: its page follows, with what was refused if anything."""
    handler, command, data = asked
    try:
        done = run(database, handler, command, envelope(request, data))
    except Gone:
        raise
    except Problem as problem:
        return _voucher(request, database, actor, command.voucher_id, problem)
    if done.request_id is not None:
        return see(f"/approvals/{done.request_id}")
    return see(f"/landing/{command.voucher_id}")


def _voucher(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    voucher_id: int,
    problem: Problem | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        view = queries.voucher(session, voucher_id)
        progress = jobs.progress(session, progress_key(voucher_id))
    return page(
        request,
        "landing/voucher.html",
        status=problem.status if problem else 200,
        **WORDS,
        view=view,
        head=view.head,
        lines=view.lines[:SHOWN_LINES],
        progress=progress,
        problem=problem or view.refusal or view.head.refusal,
        may_write=actor.can(WRITE),
    )


def _form(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    values: Mapping[str, Any],
    problem: Problem | None = None,
    voucher_id: int | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        offered = queries.choices(session, actor.working_store_id)
    ticked: Any = values.get("receipt", [])
    filled = [place for place in range(1, MOST_CHARGES + 1) if values.get(f"amount.{place}")]
    return page(
        request,
        "landing/voucher_form.html",
        status=problem.status if problem else 200,
        **WORDS,
        values=dict(values),
        ticked=ticked if isinstance(ticked, list) else [ticked],
        offered=offered,
        problem=problem,
        marks=marks_of(request, problem),
        places=range(1, min(max(filled, default=0) + ROWS, MOST_CHARGES) + 1),
        voucher_id=voucher_id or number_in(values, "voucher_id"),
    )


handlers: list[ControllerRouterHandler] = [
    vouchers_page,
    *[handler for one in EXPORTS for handler in one.handlers],
    new_voucher_page,
    create_voucher_page,
    voucher_page,
    voucher_form_page,
    change_voucher_page,
    post_voucher_page,
    reverse_voucher_page,
    cancel_voucher_page,
    voucher_state,
    download_shares,
    download_shares_csv,
]
