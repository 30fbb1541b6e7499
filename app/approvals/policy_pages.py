"""The policies of the company and its stores, with a tester for their conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import ALL_STORES, Actor
from app.access.authentication import AnyRequest
from app.access.queries import own_stores
from app.access.roles import ROLE_NAMES
from app.approvals import queries
from app.approvals.conditions import Failed, check, holds, stored
from app.approvals.kinds import KINDS, Fact, facts_of
from app.approvals.policies import (
    ChangePolicy,
    CreatePolicy,
    PolicyFacts,
    UsePolicy,
    change_policy,
    create_policy,
    use_policy,
)
from app.approvals.words import WORDS, kind_name
from app.kit.database import Database
from app.kit.forms import (
    Field,
    ManyForm,
    Reader,
)
from app.kit.i18n import gettext, mark
from app.kit.problems import Gone, Problem
from app.kit.transactions import run
from app.kit.web import envelope, page, see

OPEN_KINDS = [name for name, kind in KINDS.items() if not kind.never]
USUAL = PolicyFacts("", "", None, "", 1, ("store_manager", "area_manager", "headquarters"))
MOST_HOURS = 8760
NO_NUMBER = mark("This is no number.")
EXAMPLES: Mapping[str, str] = {
    "status_release": 'from_status == "frozen" || quantity > 100',
    "adjustment": "amount > 1000",
    "over_receipt": "excess > ordered * 0.1",
    "price_change": "change_rate > 0.1 || change_rate < -0.1",
    "period_reopening": 'month < "2026-01"',
    "order_release": 'amount > 50000 || discount_rate > 0.2 || customer == "C1"',
}


@get("/approvals/policies", sync_to_thread=True)
def policies_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("approval_read")
    with database.reading(actor.caller) as session:
        known = queries.policies(session)
    kinds = [(kind, [row for row in known if row.kind == kind]) for kind in KINDS]
    return page(
        request, "approvals/policies.html", **WORDS, kinds=kinds, may_change=may_change, never=never
    )


def never(kind: str) -> str:
    """Why nobody can approve this kind; empty where somebody can."""
    return gettext(KINDS[kind].never)


def may_change(actor: Actor, policy: queries.PolicyView) -> bool:
    """The company's are changed by who sees all stores."""
    if not actor.can("approval_policy_write"):
        return False
    return actor.stores == ALL_STORES or policy.store_id is not None


@get("/approvals/policies/new", sync_to_thread=True)
def new_policy_page(
    request: AnyRequest, database: Database, actor: Actor, kind: str = ""
) -> Response[bytes]:
    actor.require("approval_policy_write")
    chosen = kind if kind in OPEN_KINDS else OPEN_KINDS[0]
    return _form(request, database, actor, _Shown(None, replace(USUAL, kind=chosen)))


@post("/approvals/policies", sync_to_thread=True)
def create_policy_page(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    """Fields ``kind``, ``name``, ``store``, ``condition``, ``votes``, ``roles``, ``hours``,
    ``position``.
    """
    actor.require("approval_policy_write")
    usual = replace(USUAL, kind=_kind(data))
    try:
        command = CreatePolicy(policy_of(data))
        run(database, create_policy, command, envelope(request, data))
    except Problem as problem:
        return _form(request, database, actor, _Shown(None, usual, data, problem))
    return see("/approvals/policies")


@get("/approvals/policies/{policy_id:int}", sync_to_thread=True)
def policy_page(
    request: AnyRequest, database: Database, actor: Actor, policy_id: int
) -> Response[bytes]:
    actor.require("approval_policy_write")
    known = _known(database, actor, policy_id)
    return _form(request, database, actor, _Shown(policy_id, known))


@post("/approvals/policies/{policy_id:int}", sync_to_thread=True)
def change_policy_page(
    request: AnyRequest, database: Database, actor: Actor, policy_id: int, data: ManyForm
) -> Response[Any]:
    """The same fields as for a new one."""
    actor.require("approval_policy_write")
    known = _known(database, actor, policy_id)
    try:
        command = ChangePolicy(policy_id, policy_of({**data, "kind": known.kind}))
        run(database, change_policy, command, envelope(request, data))
    except Gone:
        raise
    except Problem as problem:
        return _form(request, database, actor, _Shown(policy_id, known, data, problem))
    return see("/approvals/policies")


@post("/approvals/policies/{policy_id:int}/use", sync_to_thread=True)
def use_policy_page(
    request: AnyRequest, database: Database, actor: Actor, policy_id: int, data: ManyForm
) -> Response[Any]:
    """Out of use, or with the field ``active`` back in use."""
    actor.require("approval_policy_write")
    command = UsePolicy(policy_id, active=bool(data.get("active")))
    run(database, use_policy, command, envelope(request, data))
    return see("/approvals/policies")


@post("/approvals/policies/trial", sync_to_thread=True)
def try_policy(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[bytes]:
    """What the condition says to made-up facts (fields ``fact_<name>``); nothing is saved."""
    actor.require("approval_policy_write")
    policy_id = Reader(data).id_or_none("policy_id")
    known = replace(USUAL, kind=_kind(data))
    if policy_id is not None:
        known = _known(database, actor, policy_id)
    try:
        answer = trial(known.kind, str(data.get("condition", "")), data)
    except Problem as problem:
        return _form(request, database, actor, _Shown(policy_id, known, data, problem))
    return _form(request, database, actor, _Shown(policy_id, known, data, answer=answer))


def trial(kind: str, condition: str, data: Mapping[str, Any]) -> str:
    """Whether approval would be needed, in words.

    Raises:
        BadFields: a number that is none; and what ``check`` refuses.
    """
    facts = facts_of(kind)
    check(condition.strip(), facts)
    form = Reader(data)
    given = {name: stored(_given(form, name, fact)) for name, fact in facts.items()}
    form.done()
    answer = holds(condition, given)
    if isinstance(answer, Failed):
        return gettext("It fails on these facts, so approval is needed.")
    if answer:
        return gettext("It holds: approval is needed.")
    return gettext("It does not hold: no approval is needed.")


def _given(form: Reader, name: str, fact: Fact) -> Decimal | str | bool:
    field = f"fact_{name}"
    if fact.sort == "yes":
        return form.yes(field)
    text = form.text(field, needed=False)
    return text if fact.sort == "text" else _number(form, field, text)


def _number(form: Reader, field: str, text: str) -> Decimal:
    try:
        number = Decimal(text or "0")
    except InvalidOperation:
        number = Decimal("NaN")
    if number.is_finite() and abs(number.adjusted()) < 30:  # noqa: PLR2004 - digits before the point
        return number
    form.wrong(field, gettext(NO_NUMBER))
    return Decimal(0)


def policy_of(data: Mapping[str, Any]) -> PolicyFacts:
    """The policy that a form describes.  Raises BadFields."""
    form = Reader(data)
    given: Any = data.get("roles", [])
    facts = PolicyFacts(
        kind=form.choice("kind", OPEN_KINDS),
        name=form.text("name", longest=60),
        store_id=form.id_or_none("store"),
        condition=str(data.get("condition", "")).replace("\r\n", "\n"),
        required_votes=form.number("votes", least=1, most=5),
        roles=tuple(given if isinstance(given, list) else [given]),  # pyright: ignore[reportUnknownArgumentType]
        expires_after_hours=form.number("hours", least=1, most=MOST_HOURS),
        position=form.number("position", least=0, most=9999),
    )
    form.done()
    return facts


def _kind(data: Mapping[str, Any]) -> str:
    kind = str(data.get("kind", ""))
    return kind if kind in OPEN_KINDS else OPEN_KINDS[0]


def _known(database: Database, actor: Actor, policy_id: int) -> PolicyFacts:
    with database.reading(actor.caller) as session:
        row = queries.policy(session, policy_id)
    return PolicyFacts(
        row.kind, gettext(row.name), row.store_id, row.condition, row.required_votes,
        tuple(row.roles), row.expires_after_hours, row.position,
    )  # fmt: skip


@dataclass(frozen=True)
class _Shown:
    """What the form shows: a policy, what was typed instead, and what came of it."""

    policy_id: int | None
    facts: PolicyFacts
    data: ManyForm | None = None
    problem: Problem | None = None
    answer: str = ""


def _form(request: AnyRequest, database: Database, actor: Actor, shown: _Shown) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        stores = [(str(store.id), store.name) for store in own_stores(session, actor)]
    if actor.stores == ALL_STORES:
        stores.insert(0, ("", gettext("The whole company")))
    facts, data = shown.facts, shown.data
    return page(
        request,
        "approvals/policy.html",
        status=shown.problem.status if shown.problem else 200,
        problem=shown.problem,
        policy_id=shown.policy_id,
        kind=facts.kind,
        title=facts.name or gettext("New policy"),
        kind_words=kind_name(facts.kind),
        fields=[*_fields(facts, stores), *_limits(facts)],
        condition=str(data.get("condition", "")) if data else facts.condition,
        example=EXAMPLES[facts.kind],
        known=facts_of(facts.kind),
        values=data or {},
        answer=shown.answer,
    )


def _fields(facts: PolicyFacts, stores: list[tuple[str, str]]) -> list[Field]:
    roles = tuple((role, gettext(name)) for role, name in ROLE_NAMES.items())
    return [
        Field("name", gettext("Name"), value=facts.name, required=True),
        Field(
            "store", gettext("Where"), "select", str(facts.store_id or ""),
            gettext("Where several hold, the strictest counts."), tuple(stores),
        ),
        Field(
            "votes", gettext("People who have to approve"), "digits", str(facts.required_votes),
            gettext("1 to 5, beside the one who asks."),
        ),
        Field("roles", gettext("Who may approve"), "choices", list(facts.roles), options=roles),
    ]  # fmt: skip


def _limits(facts: PolicyFacts) -> list[Field]:
    return [
        Field(
            "hours", gettext("Expires after (hours)"), "digits", str(facts.expires_after_hours),
            gettext("Whoever still needs it then asks again."),
        ),
        Field(
            "position", gettext("Position"), "digits", str(facts.position),
            gettext("Of policies that are equally strict, the lowest counts."),
        ),
    ]  # fmt: skip


handlers: list[ControllerRouterHandler] = [
    policies_page,
    new_policy_page,
    create_policy_page,
    policy_page,
    change_policy_page,
    use_policy_page,
    try_policy,
]
