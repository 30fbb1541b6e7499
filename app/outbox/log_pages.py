"""The raw scans: search, one of them in full, and running a refused one again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.access.queries import own_stores
from app.kit import clock
from app.kit.database import Database
from app.kit.forms import Form, Reader, start_of
from app.kit.transactions import run
from app.kit.web import Cursor, envelope, page, see
from app.outbox import queries
from app.outbox.meaning import meaning_today
from app.outbox.queries import ScanFilter
from app.outbox.rerun import Repeatable, command_again, handler_for
from app.outbox.words import WORDS

DAYS = 7
FILTERS = ("code", "user", "device", "installation", "store", "outcome", "since", "until")


@get("/scans", sync_to_thread=True)
def scans_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Newest first; the last seven days where no days are asked for.

    Filters: code (a part), user (name or login), device (id), installation, store, outcome, since,
    until (dates).
    """
    actor.require("audit_read")
    query = {name: request.query_params.get(name, "") for name in (*FILTERS, "cursor")}
    wanted = wanted_scans(query, actor.time_zone)
    cursor = Cursor.read(query["cursor"]).by_moment_and_id()
    with database.reading(actor.caller) as session:
        listing, stores = queries.scans(session, wanted, cursor), own_stores(session, actor)
    return page(
        request, "outbox/scans.html", **WORDS, listing=listing, query=query, stores=stores,
        days=DAYS,
    )  # fmt: skip


def wanted_scans(query: dict[str, str], zone: str) -> ScanFilter:
    """The filter that the address asks for; ``query`` has all of FILTERS."""
    form = Reader(query)
    wanted = ScanFilter(
        since=start_of(query["since"], zone) or clock.now() - timedelta(days=DAYS),
        until=start_of(query["until"], zone, days_later=1) or clock.now() + timedelta(days=1),
        # A code is searched as it was read: with its separators, which don't print.
        code=query["code"].replace("␝", "\x1d").replace("\0", "")[:200],
        user=form.text("user", needed=False),
        device=form.id_or_none("device"),
        installation=_uuid(query["installation"]),
        store=form.id_or_none("store"),
        outcome=query["outcome"] if query["outcome"] in {"done", "refused"} else "",
    )
    form.done()
    return wanted


def _uuid(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None


@get("/scans/{command_id:uuid}", sync_to_thread=True)
def scan_page(
    request: AnyRequest, database: Database, actor: Actor, command_id: UUID
) -> Response[bytes]:
    """Everything known of one scan, and what the resolver says about its code today."""
    actor.require("audit_read")
    with database.reading(actor.caller) as session:
        found = queries.scan(session, command_id)
        context: dict[str, Any] = {
            "scan": found,
            "events": queries.events(session, command_id),
            "retries": queries.retries(session, command_id),
            "today": meaning_today(session, found.code) if found.code else None,
        }
    known: Repeatable = request.app.state.repeatable
    again = found.outcome == "refused" and found.kind in known and actor.can("conflict_resolve")
    return page(request, "outbox/scan.html", **WORDS, **context, again=again)


@post("/scans/{command_id:uuid}/reruns", sync_to_thread=True)
def rerun_scan(
    request: AnyRequest, database: Database, actor: Actor, command_id: UUID, data: Form
) -> Response[Any]:
    """Run a refused command again under a new id, as the one who asks.

    Raises:
        NoSuchScan, WasNotRefused, NotRepeatable, and whatever the command itself is refused for.
    """
    actor.require("conflict_resolve")
    with database.reading(actor.caller) as session:
        found = queries.scan(session, command_id)
    handler = handler_for(request.app.state.repeatable, found)
    made = replace(envelope(request, data), retry_of=command_id)
    run(database, handler, command_again(handler, found.payload), made)
    return see(f"/scans/{command_id}")


handlers: list[ControllerRouterHandler] = [scans_page, scan_page, rerun_scan]
