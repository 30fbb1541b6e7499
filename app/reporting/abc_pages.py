"""Pages of the classes of items, and of the company's thresholds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.access.queries import own_stores
from app.kit import sql
from app.kit.database import Database
from app.kit.forms import Field, ManyForm, Reader
from app.kit.i18n import gettext, mark
from app.kit.money import plain
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.web import Cursor, envelope, page, see
from app.reporting import abc
from app.reporting.asked import ALL, classes_asked
from app.reporting.chart import words
from app.reporting.pivot import QUERIES
from app.reporting.words import STEADINESS

LEAST_DAYS, MOST_DAYS = 7, 730
PERCENT = Decimal(100)


@get("/reports/abc", sync_to_thread=True)
def abc_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Query: store (an id, or ``all``), letter."""
    actor.require("abc_read")
    query = dict(request.query_params)
    store_id, letter = classes_asked(query, actor)
    cursor = Cursor.read(query.get("cursor"))
    with database.reading(actor.caller) as session:
        listing = abc.classes(session, store_id, letter, cursor)
        sums = abc.class_sums(session, store_id)
        rule = abc.rule_of(session)
        stores = own_stores(session, actor)
        decimals = int(sql.value(session, QUERIES["currency_decimals"]))
    store = str(store_id) if store_id else ALL
    return page(
        request, "reporting/abc.html", listing=listing, sums=sums, rule=rule, letter=letter or "",
        store=store, stores=[(str(one.id), one.name) for one in stores], decimals=decimals,
        query={"store": store, "letter": letter or "", "cursor": query.get("cursor", "")},
        rate_words=words, steadiness=STEADINESS, low_rate=rule.low_rate,
    )  # fmt: skip


@get("/reports/abc/rule", sync_to_thread=True)
def abc_rule_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("report_rule_write")
    return _form(request, database, actor)


@post("/reports/abc/rule", sync_to_thread=True)
def change_abc_rule(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    """Fields in whole percent: ``a_share``, ``b_share``, ``x_limit``, ``y_limit``, ``low_rate``;
    ``window_days``.
    """
    actor.require("report_rule_write")
    try:
        run(database, abc.change_rule, abc.ChangeRule(_rule(data)), envelope(request, data))
    except Problem as problem:
        return _form(request, database, actor, (problem, data))
    return see("/reports/abc")


def _rule(data: ManyForm) -> abc.Rule:
    form = Reader(data)
    rule = abc.Rule(
        window_days=form.number("window_days", least=LEAST_DAYS, most=MOST_DAYS),
        a_share=form.number("a_share", least=1, most=98) / PERCENT,
        b_share=form.number("b_share", least=2, most=99) / PERCENT,
        x_limit=form.number("x_limit", least=1, most=999) / PERCENT,
        y_limit=form.number("y_limit", least=2, most=1000) / PERCENT,
        low_rate=form.number("low_rate", least=0, most=99) / PERCENT,
    )
    if rule.a_share >= rule.b_share:
        form.wrong("b_share", gettext(mark("It has to be more than that of A.")))
    if rule.x_limit >= rule.y_limit:
        form.wrong("y_limit", gettext(mark("It has to be more than that of X.")))
    form.done()
    return rule


def _form(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    refused: tuple[Problem, ManyForm] | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        rule = abc.rule_of(session)
    problem, values = refused or (None, {})
    return page(
        request,
        "reporting/rule.html",
        status=problem.status if problem else 200,
        fields=_fields(rule),
        values=values,
        problem=problem,
    )


def _fields(rule: abc.Rule) -> list[Field]:
    def percent(name: str, label: str, hint: str = "") -> Field:
        value = plain(getattr(rule, name) * PERCENT)
        return Field(name, gettext(label), "digits", value, gettext(hint) if hint else "")

    days = Field("window_days", gettext(mark("Days looked back")), "digits", str(rule.window_days))
    return [
        days,
        percent(
            "a_share",
            mark("A: up to so many percent of the issued value"),
            mark("Items that sell much are those of this share of the revenue, too."),
        ),
        percent("b_share", mark("B: up to so many percent")),
        percent(
            "x_limit",
            mark("X: variation of the weekly quantity up to so many percent"),
            mark("Deviation over mean."),
        ),
        percent("y_limit", mark("Y: up to so many percent of variation")),
        percent("low_rate", mark("A margin below so many percent earns nothing")),
    ]


handlers: list[ControllerRouterHandler] = [abc_page, abc_rule_page, change_abc_rule]
