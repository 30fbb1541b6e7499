"""The inbox of the one who decides, a request with all that it takes to decide, and its votes."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.access.exports import Export
from app.access.queries import own_stores
from app.approvals import queries
from app.approvals.deciding import STATE_NAMES, WithdrawRequest, withdraw_request
from app.approvals.kinds import KINDS
from app.approvals.queries import RequestFilter
from app.approvals.voting import CastVote, vote
from app.approvals.words import WORDS, kind_name
from app.kit.database import Database
from app.kit.exports import Column
from app.kit.forms import Form, Reader
from app.kit.i18n import gettext, mark
from app.kit.problems import Gone, Problem
from app.kit.transactions import run
from app.kit.web import Cursor, envelope, page, see

FILTERS = ("state", "kind", "store")
MOST_WAITING = 200


@get("/approvals", sync_to_thread=True)
def approvals_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """What waits for this person, what else waits, and what they asked for themselves."""
    with database.reading(actor.caller) as session:
        everything = Cursor(limit=MOST_WAITING)
        waiting = queries.requests(session, actor, RequestFilter(state="waiting"), everything).rows
        own = queries.requests(session, actor, RequestFilter(own=True), Cursor(limit=10)).rows
        stores = own_stores(session, actor)
    waiting.sort(key=lambda row: (row.expires_at, row.id))
    return page(
        request,
        "approvals/inbox.html",
        **WORDS,
        mine=[row for row in waiting if row.can_vote],
        others=[row for row in waiting if not row.can_vote and not row.is_own],
        own=own,
        topics=" ".join(f"approvals:{store.id}" for store in stores[:20]),
    )


@get("/approvals/requests", sync_to_thread=True)
def requests_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Every request, newest first.  Filters: state, kind, store."""
    query = {name: request.query_params.get(name, "") for name in (*FILTERS, "cursor")}
    wanted = wanted_requests(query)
    with database.reading(actor.caller) as session:
        listing = queries.requests(session, actor, wanted, Cursor.read(query["cursor"]))
        stores = own_stores(session, actor)
    return page(
        request,
        "approvals/requests.html",
        **WORDS,
        listing=listing,
        query=query,
        states=[(state, gettext(words)) for state, words in STATE_NAMES.items()],
        kinds=[(kind, kind_name(kind)) for kind in KINDS],
        stores=[(str(store.id), store.name) for store in stores],
    )


def wanted_requests(query: dict[str, str]) -> RequestFilter:
    """The filter that an address asks for.

    Raises:
        BadFields: a store or subject that is no number.
    """
    form = Reader(query)
    wanted = RequestFilter(
        state=query.get("state", "") if query.get("state") in STATE_NAMES else "",
        kind=query.get("kind", "") if query.get("kind") in KINDS else "",
        store=form.id_or_none("store"),
        own=bool(query.get("own")),
        subject_kind=query.get("subject_kind", "")[:60],
        subject_id=form.id_or_none("subject_id"),
    )
    form.done()
    return wanted


EXPORT = Export(
    "/approvals/requests",
    mark("Requests for approval"),
    "approval_read",
    lambda asked: queries.every_request(asked.actor, wanted_requests(dict(asked.query))),
    [
        Column(mark("Number"), "id"),
        Column(mark("What"), "words"),
        Column(mark("Kind"), lambda row: kind_name(row.kind)),
        Column(mark("State"), lambda row: gettext(STATE_NAMES[row.state])),
        Column(mark("Approved by"), "yeses"),
        Column(mark("People who have to approve"), "required_votes"),
        Column(mark("Reason"), "reason"),
        Column(mark("Who asked"), "requester"),
        Column(mark("Store"), "store_name"),
        Column(mark("When"), "requested_at"),
        Column(mark("Decided"), "decided_at"),
        Column(mark("Address"), "ip"),
        Column(mark("Command"), lambda row: str(row.executed_command_id or "")),
    ],
)


@get("/approvals/{request_id:int}", sync_to_thread=True)
def approval_page(
    request: AnyRequest, database: Database, actor: Actor, request_id: int
) -> Response[bytes]:
    """One request: what, why, who, how it is, who voted, and what came of it."""
    return _request_page(request, database, actor, request_id)


def _request_page(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    request_id: int,
    problem: Problem | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        asked = queries.request(session, actor, request_id)
        votes = queries.votes(session, request_id)
        about = RequestFilter(subject_kind=asked.subject_kind, subject_id=asked.subject_id)
        earlier = queries.requests(session, actor, about, Cursor(limit=6)).rows
    return page(
        request,
        "approvals/request.html",
        **WORDS,
        status=problem.status if problem else 200,
        problem=problem,
        asked=asked,
        votes=votes,
        earlier=[row for row in earlier if row.id != asked.id][:5],
    )


@post("/approvals/{request_id:int}/votes", sync_to_thread=True)
def cast_vote_page(
    request: AnyRequest, database: Database, actor: Actor, request_id: int, data: Form
) -> Response[Any]:
    """Fields ``vote`` (approve or reject) and ``reason``; a refusal is shown with the request."""
    command = CastVote(request_id, data.get("vote", ""), data.get("reason", ""))
    try:
        vote(database, request.app.state.executable, command, envelope(request, data))
    except Gone:
        raise
    except Problem as problem:
        return _request_page(request, database, actor, request_id, problem)
    return see(f"/approvals/{request_id}")


@post("/approvals/{request_id:int}/withdrawal", sync_to_thread=True)
def withdraw_page(
    request: AnyRequest, database: Database, actor: Actor, request_id: int, data: Form
) -> Response[Any]:
    """Field ``reason``, which may be empty."""
    command = WithdrawRequest(request_id, data.get("reason", ""))
    try:
        run(database, withdraw_request, command, envelope(request, data))
    except Gone:
        raise
    except Problem as problem:
        return _request_page(request, database, actor, request_id, problem)
    return see(f"/approvals/{request_id}")


handlers: list[ControllerRouterHandler] = [
    approvals_page,
    requests_page,
    approval_page,
    cast_vote_page,
    withdraw_page,
    *EXPORT.handlers,
]
