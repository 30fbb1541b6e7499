"""Pages of the rules of alerts: when whom to tell, by store and category."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler
from sqlmodel import Session

from app.access.actor import ALL_STORES, Actor
from app.access.authentication import AnyRequest
from app.access.queries import own_stores
from app.access.roles import ROLE_NAMES, STORE_MANAGER
from app.alerts import commands, queries
from app.alerts.problems import NoSuchAlertRule
from app.alerts.queries import AlertRuleView
from app.alerts.words import KIND_NAMES, UNITS
from app.kit.database import Database
from app.kit.forms import (
    Field,
    ManyForm,
    Reader,
)
from app.kit.i18n import gettext, mark
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.web import envelope, page, see
from app.notifications.queries import people

MOST = 100_000
DEVICES = "unsynchronised_device"
Sent = tuple[Problem, ManyForm]
THRESHOLD_HINT = mark(
    "Days for no movement and expiry, hours for attempts and promises, minutes for devices, "
    "percent above it for the safety stock."
)


@get("/alerts/rules", sync_to_thread=True)
def alert_rules_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("alert_read")
    with database.reading(actor.caller) as session:
        known = queries.rules(session)
    return page(
        request, "alerts/rules.html", rules=known, roles=ROLE_NAMES,
        sees_all=actor.stores == ALL_STORES,
    )  # fmt: skip


@get("/alerts/rules/new", sync_to_thread=True)
def new_alert_rule_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("alert_rule_write")
    return _form(request, database, actor, None)


@post("/alerts/rules", sync_to_thread=True)
def create_alert_rule(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    """Fields ``kind``, ``store_id``, ``category_id`` (empty: every), ``threshold``, ``charge``
    (``role:supervisor`` or ``user:7``), ``is_active``, ``makes_count``.
    """
    actor.require("alert_rule_write")
    try:
        command = _read_new(data, actor)
        run(database, commands.create_alert_rule, command, envelope(request, data))
    except Problem as problem:
        return _form(request, database, actor, None, (problem, data))
    return see("/alerts/rules")


@get("/alerts/rules/{rule_id:int}", sync_to_thread=True)
def alert_rule_page(
    request: AnyRequest, database: Database, actor: Actor, rule_id: int
) -> Response[bytes]:
    actor.require("alert_rule_write")
    return _form(request, database, actor, rule_id)


@post("/alerts/rules/{rule_id:int}", sync_to_thread=True)
def change_alert_rule(
    request: AnyRequest, database: Database, actor: Actor, rule_id: int, data: ManyForm
) -> Response[Any]:
    """The fields of a new one, but what it is for stays."""
    actor.require("alert_rule_write")
    try:
        form = Reader(data)
        facts = _facts(form, data)
        form.done()
        command = commands.ChangeAlertRule(rule_id, facts)
        run(database, commands.change_alert_rule, command, envelope(request, data))
    except Problem as problem:
        return _form(request, database, actor, rule_id, (problem, data))
    return see("/alerts/rules")


@post("/alerts/rules/{rule_id:int}/removal", sync_to_thread=True)
def drop_alert_rule(
    request: AnyRequest, database: Database, actor: Actor, rule_id: int, data: ManyForm
) -> Response[Any]:
    actor.require("alert_rule_write")
    command = commands.DropAlertRule(rule_id)
    run(database, commands.drop_alert_rule, command, envelope(request, data))
    return see("/alerts/rules")


def _read_new(data: ManyForm, actor: Actor) -> commands.CreateAlertRule:
    form = Reader(data)
    kind = form.choice("kind", KIND_NAMES)
    store_id, category_id = form.id_or_none("store_id"), form.id_or_none("category_id")
    facts = _facts(form, data)
    form.done()
    if store_id is not None:
        actor.require_sight(store_id)
    return commands.CreateAlertRule(kind, store_id, category_id, facts)


def _facts(form: Reader, data: ManyForm) -> commands.RuleFacts:
    threshold = form.number("threshold", least=0, most=MOST)
    what, _, who = str(data.get("charge", "")).partition(":")
    is_user = what == "user" and who.isascii() and who.isdigit()
    if not (is_user or (what == "role" and who in ROLE_NAMES)):
        form.wrong("charge", gettext("Choose one of those offered."))
    return commands.RuleFacts(
        threshold,
        who if what == "role" else STORE_MANAGER,
        int(who[:18]) if is_user else None,
        form.yes("is_active"),
        form.yes("makes_count"),
    )


def _form(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    rule_id: int | None,
    sent: Sent | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        known = next((one for one in queries.rules(session) if one.id == rule_id), None)
        fields = [*_scope_fields(session, actor, known), *_fact_fields(session, known)]
    if rule_id is not None and known is None:
        raise NoSuchAlertRule
    problem, values = sent or (None, {})
    return page(
        request, "alerts/rule.html", status=problem.status if problem else 200, problem=problem,
        rule=known, fields=fields, values=values,
        title=known.kind_name if known else gettext("New rule"),
    )  # fmt: skip


def _scope_fields(session: Session, actor: Actor, known: AlertRuleView | None) -> list[Field]:
    """What a rule is for; fixed once it is made."""
    if known is not None:
        return []
    stores = tuple((str(one.id), one.name) for one in own_stores(session, actor))
    every = (("", gettext("Every store")),) if actor.stores == ALL_STORES else ()
    categories = tuple((str(one.id), one.name) for one in queries.categories(session))
    return [
        Field(
            "kind", gettext("Kind"), "select", options=tuple(
                (kind, f"{gettext(words)} ({gettext(UNITS[kind])})")
                for kind, words in KIND_NAMES.items()
            ),
        ),
        Field("store_id", gettext("Store"), "select", options=(*every, *stores)),
        Field(
            "category_id", gettext("Category"), "select",
            options=(("", gettext("Every category")), *categories),
            hint=gettext("With the categories below it."),
        ),
    ]  # fmt: skip


def _fact_fields(session: Session, known: AlertRuleView | None) -> list[Field]:
    roles = tuple((f"role:{role}", gettext(words)) for role, words in ROLE_NAMES.items())
    users = tuple((f"user:{one.id}", one.name) for one in people(session))
    charge = f"role:{STORE_MANAGER}"
    if known:
        charge = f"user:{known.user_id}" if known.user_id else f"role:{known.role}"
    return [
        Field(
            "threshold", gettext("Threshold"), "digits", str(known.threshold if known else 7),
            hint=known.unit if known else gettext(THRESHOLD_HINT), required=True,
        ),
        Field("charge", gettext("In charge"), "select", charge, options=(*roles, *users)),
        Field("is_active", gettext("In use"), "yes", known.is_active if known else True),
        *_count_fields(known),
    ]  # fmt: skip


def _count_fields(known: AlertRuleView | None) -> list[Field]:
    """Goods can be counted, devices cannot."""
    if known and known.kind == DEVICES:
        return []
    words = gettext("Make count tasks for the goods of new alerts")
    return [Field("makes_count", words, "yes", known.makes_count if known else False)]


handlers: list[ControllerRouterHandler] = [
    alert_rules_page,
    new_alert_rule_page,
    create_alert_rule,
    alert_rule_page,
    change_alert_rule,
    drop_alert_rule,
]
