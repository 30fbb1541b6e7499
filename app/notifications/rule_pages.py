"""Pages of rules (what goes where, for whom) and of contacts (where people are reached)."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import ALL_STORES, Actor
from app.access.authentication import AnyRequest
from app.access.roles import ROLE_NAMES
from app.kit.database import Database
from app.kit.forms import (
    Field,
    ManyForm,
    Reader,
)
from app.kit.i18n import gettext, mark
from app.kit.problems import NotYours, Problem
from app.kit.transactions import run
from app.kit.web import envelope, page, see
from app.notifications import commands, queries
from app.notifications.forms import NOT_AN_ADDRESS, is_address
from app.notifications.pages import store_field, store_of
from app.notifications.wording import EVERY_KIND, KINDS

NOT_A_NUMBER = mark("Digits only, with + before the country where it is needed.")
_LONGEST_NUMBER = 20


class ContactOfAnother(NotYours):
    code = "contact_of_another"
    text = mark("You may change your own contact only.")
    advice = mark("Ask the administrator.")


@get("/notifications/rules", sync_to_thread=True)
def rules_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("notification_read")
    return _rules(request, database, actor)


@post("/notifications/rules", sync_to_thread=True)
def create_rule(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    """Fields ``event_kind``, ``store_id`` (empty: every store), ``channel_id``, ``for_whom``:
    empty, ``role:supervisor`` or ``user:7``.
    """
    actor.require("notification_write")
    try:
        command = _read_rule(data, actor)
        run(database, commands.create_rule, command, envelope(request, data))
    except Problem as problem:
        return _rules(request, database, actor, problem, data)
    return see("/notifications/rules")


@post("/notifications/rules/{rule_id:int}/removal", sync_to_thread=True)
def drop_rule(
    request: AnyRequest, database: Database, actor: Actor, rule_id: int, data: ManyForm
) -> Response[Any]:
    actor.require("notification_write")
    run(database, commands.drop_rule, commands.DropRule(rule_id), envelope(request, data))
    return see("/notifications/rules")


def _read_rule(data: ManyForm, actor: Actor) -> commands.CreateRule:
    form = Reader(data)
    kind = form.choice("event_kind", (EVERY_KIND, *KINDS))
    channel_id = form.id_or_none("channel_id")
    what, _, who = str(data.get("for_whom", "")).partition(":")
    if not (who in ROLE_NAMES if what == "role" else what == "" or _is_user(what, who)):
        form.wrong("for_whom", gettext("Choose one of those offered."))
    if channel_id is None:
        form.wrong("channel_id", gettext("Choose one of those offered."))
    form.done()
    return commands.CreateRule(
        store_of(data, actor),
        kind,
        channel_id or 0,
        role=who if what == "role" else None,
        user_id=int(who[:18]) if what == "user" else None,
    )


def _is_user(what: str, who: str) -> bool:
    return what == "user" and who.isascii() and who.isdigit()


def _rules(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    problem: Problem | None = None,
    data: ManyForm | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        known, channels = queries.rules(session), queries.channels(session)
        people = queries.people(session)
    fields = _rule_fields(channels, people, store_field(database, actor, gettext("Store")))
    return page(
        request, "notifications/rules.html", status=problem.status if problem else 200,
        problem=problem, rules=known, channels=channels, fields=fields, values=data or {},
        roles=ROLE_NAMES, sees_all=actor.stores == ALL_STORES,
    )  # fmt: skip


def _rule_fields(
    channels: list[queries.ChannelView], people: list[queries.PersonView], store: Field
) -> list[Field]:
    kinds = ((EVERY_KIND, gettext(queries.EVERYTHING)), *(
        (kind, gettext(words)) for kind, words in KINDS.items() if kind != "test"
    ))  # fmt: skip
    ways = tuple((str(one.id), f"{one.name} · {one.kind_name}") for one in channels)
    whom = (
        ("", gettext("Everyone whom it concerns")),
        *((f"role:{role}", gettext(words)) for role, words in ROLE_NAMES.items()),
        *((f"user:{one.id}", one.name) for one in people),
    )
    return [
        Field("event_kind", gettext("What"), "select", EVERY_KIND, options=kinds),
        store,
        Field("channel_id", gettext("Through"), "select", options=ways),
        Field(
            "for_whom", gettext("Only for"), "select", "", options=whom,
            hint=gettext("A role or a person: what concerns them, and they are called by name."),
        ),
    ]  # fmt: skip


# ---- Contacts ---------------------------------------------------------------------------------


@get("/notifications/contacts", sync_to_thread=True)
def contacts_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """One's own; everybody's for who may change users."""
    return _contacts(request, database, actor)


@post("/notifications/contacts/{user_id:int}", sync_to_thread=True)
def save_contact(
    request: AnyRequest, database: Database, actor: Actor, user_id: int, data: ManyForm
) -> Response[Any]:
    """Fields ``email`` and ``mobile``; empty: not by that."""
    if user_id != actor.user_id and not actor.can("user_write"):
        raise ContactOfAnother
    try:
        command = _read_contact(user_id, data)
        run(database, commands.save_contact, command, envelope(request, data))
    except Problem as problem:
        return _contacts(request, database, actor, problem, user_id, data)
    return see("/notifications/contacts")


def _read_contact(user_id: int, data: ManyForm) -> commands.SaveContact:
    form = Reader(data)
    email, mobile = form.text("email", needed=False), form.text("mobile", needed=False)
    mobile = mobile.replace(" ", "").replace("-", "")
    if email and not is_address(email):
        form.wrong("email", gettext(NOT_AN_ADDRESS))
    digits = mobile.removeprefix("+")
    if mobile and not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER):
        form.wrong("mobile", gettext(NOT_A_NUMBER))
    form.done()
    return commands.SaveContact(user_id, email, mobile)


def _contacts(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    problem: Problem | None = None,
    wrong: int = 0,
    data: ManyForm | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        known = queries.contacts(session, everyone=actor.can("user_write"))
    return page(
        request, "notifications/contacts.html", status=problem.status if problem else 200,
        problem=problem, contacts=known, wrong=wrong, values=data or {}, roles=ROLE_NAMES,
    )  # fmt: skip


handlers: list[ControllerRouterHandler] = [
    rules_page,
    create_rule,
    drop_rule,
    contacts_page,
    save_contact,
]
