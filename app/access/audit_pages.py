"""The audit trail: who did what, when, with which device, from which address."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from litestar import Response, get

from app.access import queries
from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.access.exports import Asked, Export
from app.access.queries import AuditFilter
from app.kit import sql
from app.kit.database import Database
from app.kit.exports import Column
from app.kit.forms import Reader, start_of
from app.kit.i18n import gettext, mark
from app.kit.problems import Problem, problem_named
from app.kit.web import Cursor, page

OUTCOMES = {"done": mark("done"), "refused": mark("refused")}
FILTERS = ("kind", "outcome", "user", "store", "since", "until")


@get("/audit", sync_to_thread=True)
def audit_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Newest first.  Filters: kind, outcome, user, store (ids), since, until (dates)."""
    actor.require("audit_read")
    query = {name: request.query_params.get(name, "") for name in (*FILTERS, "cursor")}
    wanted = _filter(query, actor.time_zone)
    cursor = Cursor.read(query["cursor"]).by_moment_and_id()
    with database.reading(actor.caller) as session:
        listing = queries.commands(session, wanted, cursor)
        kinds, stores = queries.command_kinds(session), queries.own_stores(session, actor)
    return page(
        request,
        "access/audit.html",
        listing=listing,
        query=query,
        kinds=kinds,
        stores=stores,
        refusal=refusal,
        kind_words=kind_words,
    )


def kind_words(kind: str) -> str:
    """The kind of a command for people: ``access.create_user`` -> 新建用户, or ``Create user``."""
    words = gettext(kind)
    return words if words != kind else kind.partition(".")[2].replace("_", " ").capitalize()


def refusal(row: queries.CommandView) -> Problem | None:
    """What was refused, in the words of the one who reads it now."""
    if row.outcome != "refused" or not row.answer:
        return None
    return problem_named(row.answer["code"], row.answer.get("data") or {})


def _every_command(asked: Asked) -> sql.Select[queries.CommandView]:
    return queries.every_command(_filter(asked.query, asked.actor.time_zone))


def _said(row: queries.CommandView) -> str:
    refused = refusal(row)
    return refused.message if refused else ""


EXPORT = Export(
    "/audit",
    mark("Audit trail"),
    "audit_read",
    _every_command,
    [
        Column(mark("When"), "recorded_at"),
        Column(mark("Happened"), "occurred_at"),
        Column(mark("Who"), lambda row: row.user_name or gettext("System")),
        Column(mark("Operation"), lambda row: kind_words(row.kind)),
        Column(mark("Outcome"), lambda row: gettext(OUTCOMES[row.outcome])),
        Column(mark("Store"), "store_name"),
        Column(mark("Device"), "device_name"),
        Column(mark("Address"), "ip"),
        Column(mark("What"), _said),
        Column(mark("Details"), lambda row: msgspec.json.encode(row.payload).decode()),
        Column(mark("Command"), lambda row: str(row.id)),
    ],
)


def _filter(query: Mapping[str, str], zone: str) -> AuditFilter:
    form = Reader(query)
    outcome = query.get("outcome", "")
    found = AuditFilter(
        kind=form.text("kind", needed=False),
        outcome=outcome if outcome in OUTCOMES else "",
        user=form.id_or_none("user"),
        store=form.id_or_none("store"),
        since=start_of(query.get("since", ""), zone),
        until=start_of(query.get("until", ""), zone, days_later=1),
    )
    form.done()
    return found


handlers = [audit_page, *EXPORT.handlers]
