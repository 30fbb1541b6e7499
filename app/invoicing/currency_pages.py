"""The screen of currencies: their rates, and a new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.exports import Export
from app.catalog import input as given
from app.catalog.currencies import EVERY_RATE, SetRate, own, rates, set_rate
from app.catalog.form_page import marks_of
from app.invoicing.words import WORDS
from app.kit import clock
from app.kit.database import Database
from app.kit.exports import Column
from app.kit.forms import Form
from app.kit.i18n import mark
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.web import AnyRequest, envelope, page, see

RATES = Export(
    "/currencies",
    mark("Currencies"),
    "supplier_invoice_read",
    lambda _asked: EVERY_RATE,
    [
        Column(mark("Currency"), "currency"),
        Column(mark("Valid from"), "valid_from"),
        Column(mark("Exchange rate"), "rate"),
        Column(mark("By"), "user_name"),
    ],
)


@get("/currencies", sync_to_thread=True)
def currencies_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("supplier_invoice_read")
    today = clock.today(actor.time_zone).isoformat()
    return _page(request, database, actor, {"valid_from": today})


@post("/currencies", sync_to_thread=True)
def set_rate_page(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """Fields: currency, valid_from, rate."""
    actor.require("currency_write")
    try:
        command = given.from_form(SetRate, data)
        run(database, set_rate, command, envelope(request, data))
    except Problem as problem:
        return _page(request, database, actor, data, problem)
    return see("/currencies")


def _page(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    values: Mapping[str, str],
    problem: Problem | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        rows, company = rates(session), own(session)
    return page(
        request,
        "invoicing/currencies.html",
        status=problem.status if problem else 200,
        **WORDS,
        rows=rows,
        company=company,
        values=dict(values),
        problem=problem,
        marks=marks_of(request, problem),
        may_write=actor.can("currency_write"),
    )


handlers: list[ControllerRouterHandler] = [currencies_page, set_rate_page, *RATES.handlers]
