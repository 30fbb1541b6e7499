"""Counts and what they found as JSON: the same commands as the pages.

``Idempotency-Key`` is the command's id; repeat it to repeat a request safely.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from litestar import get, post
from pydantic import Field

from app.access.actor import Actor
from app.catalog import input as given
from app.counting import making, posting, queries, reports, results
from app.counting.words import ONLY
from app.kit import sql
from app.kit.database import Database
from app.kit.transactions import run
from app.kit.web import AnyRequest, Cursor, Listing, StateFilter, api, envelope

Body = dict[str, Any]
Ids = tuple[given.Id, ...]


@get("/counts", sync_to_thread=True)
def list_counts(
    database: Database,
    actor: Actor,
    wanted_state: StateFilter = "",
    search: str = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> Listing[queries.CountRow]:
    """Newest first.  ``state``: confirmed, in_progress, done, cancelled, or open."""
    actor.require("count_manage")
    wanted = {"state": wanted_state, "search": search}
    with database.reading(actor.caller) as session:
        return queries.counts(session, wanted, Cursor.read(cursor, limit))


@dataclass(frozen=True)
class NewCount:
    """What a request for a count may say."""

    store_id: given.Id
    kind: str = "full"
    warehouse_id: given.Id | None = None
    zone_ids: Ids = ()
    location_ids: Ids = ()
    item_ids: Ids = ()
    lot_ids: Ids = ()
    days: given.Days | None = None
    item_class: str | None = None
    recount_quantity: given.Quantity | None = None
    recount_value: given.Quantity | None = None
    recount_share: given.Quantity | None = None
    recount_class: str | None = None
    freezes: bool = False
    is_blind: bool = True
    note: given.Note = ""
    due_on: date | None = None
    priority: Annotated[int, Field(ge=1, le=9)] = 5

    def command(self) -> making.MakeCount:
        chosen = making.Selection(
            self.warehouse_id,
            self.zone_ids,
            self.location_ids,
            self.item_ids,
            self.lot_ids,
            self.days,
            self.item_class,
        )
        limits = (self.recount_quantity, self.recount_value, self.recount_share)
        return making.MakeCount(
            self.store_id,
            self.kind,
            chosen,
            making.RecountRule(*limits, self.recount_class),
            self.freezes,
            self.is_blind,
            self.note,
            due_on=self.due_on,
            priority=self.priority,
        )


@post("/counts", sync_to_thread=True)
def make_count(request: AnyRequest, database: Database, actor: Actor, data: Body) -> making.Made:
    """Fields: kind (full, zone, item, lot, expiry, class, empty, tasks, opening); what narrows it
    (warehouse_id, zone_ids, location_ids, item_ids, lot_ids, days, item_class); from which
    difference on others count again (recount_quantity, recount_value, recount_share,
    recount_class); freezes, is_blind, note, due_on, priority, store_id.
    """
    actor.require("count_manage")
    wanted = given.read(NewCount, {"store_id": actor.working_store_id, **data})
    actor.require_sight(wanted.store_id)
    return run(database, making.make_count, wanted.command(), envelope(request))


@dataclass(frozen=True)
class CountAnswer:
    """A count and its sums; ``gain``, ``loss`` and ``posted`` are null for who sees no cost."""

    head: queries.CountHead
    results: int
    undecided: int
    differences: int
    without_reason: int
    posted_lines: int
    tasks: int
    tasks_done: int
    gain: Decimal | None
    loss: Decimal | None
    posted: Decimal | None


@get("/counts/{count_id:int}", sync_to_thread=True)
def show_count(database: Database, actor: Actor, count_id: int) -> CountAnswer:
    """How far a count is, and what it comes to."""
    actor.require("count_manage")
    with database.reading(actor.caller) as session:
        head, sums = queries.summary(session, count_id)
    costs = actor.can("view_cost")
    return CountAnswer(
        head,
        sums.results,
        sums.undecided,
        sums.differences,
        sums.without_reason,
        sums.posted_lines,
        sums.tasks,
        sums.tasks_done,
        sums.gain if costs else None,
        sums.loss if costs else None,
        sums.posted if costs else None,
    )


@get("/counts/{count_id:int}/tasks", sync_to_thread=True)
def list_tasks_of_count(
    database: Database,
    actor: Actor,
    count_id: int,
    cursor: str | None = None,
    limit: int | None = None,
) -> Listing[queries.TaskOfCount]:
    """Its places with who counted them, in the order in which they were made."""
    actor.require("count_manage")
    with database.reading(actor.caller) as session:
        return queries.tasks_of_count(session, count_id, Cursor.read(cursor, limit))


@get("/counts/{count_id:int}/results", sync_to_thread=True)
def list_results(
    database: Database,
    actor: Actor,
    count_id: int,
    only: str = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> Listing[queries.ResultRow]:
    """What was counted of each thing in each place, by rounds, against the books.  ``only``:
    differences, undecided or without_reason.
    """
    actor.require("count_manage")
    with database.reading(actor.caller) as session:
        wanted = only if only in ONLY else ""
        found = queries.results_of_count(session, count_id, wanted, Cursor.read(cursor, limit))
    if actor.can("view_cost"):
        return found
    return Listing([_without_cost(row) for row in found.rows], found.next_cursor)


def _without_cost(row: queries.ResultRow) -> queries.ResultRow:
    return replace(row, unit_cost=None, value=None, posted_value=None)


@dataclass(frozen=True)
class Reason:
    reason: str
    note: given.Note = ""
    result_ids: Ids | None = None


@post("/counts/{count_id:int}/reasons", sync_to_thread=True)
def set_reason(
    request: AnyRequest, database: Database, actor: Actor, count_id: int, data: Body
) -> results.Decided:
    """Fields: reason; optionally note, result_ids (none: every difference)."""
    actor.require("count_manage")
    said = given.read(Reason, data)
    command = results.SetReason(count_id, said.reason[:40], said.note, said.result_ids)
    return run(database, results.set_reason, command, envelope(request))


@post("/count-results/{result_id:int}/acceptance", sync_to_thread=True)
def accept_result(
    request: AnyRequest, database: Database, actor: Actor, result_id: int, data: Body
) -> results.Decided:
    """Field: round (1, 2 or 3), whose quantity holds."""
    actor.require("count_manage")
    command = given.read(results.AcceptResult, {**data, "result_id": result_id})
    return run(database, results.accept_result, command, envelope(request))


@post("/count-results/{result_id:int}/recount", sync_to_thread=True)
def recount_result(
    request: AnyRequest, database: Database, actor: Actor, result_id: int
) -> results.Decided:
    """Somebody else counts it again."""
    actor.require("count_manage")
    command = results.RecountResult(result_id)
    return run(database, results.recount_result, command, envelope(request))


@post("/count-results/{result_id:int}/cost", sync_to_thread=True)
def set_cost(
    request: AnyRequest, database: Database, actor: Actor, result_id: int, data: Body
) -> results.Decided:
    """Field: unit_cost, what one base unit is worth: for opening stock."""
    actor.require("count_manage")
    command = results.SetCost(result_id, str(data.get("unit_cost", ""))[:60])
    return run(database, results.set_cost, command, envelope(request))


@post("/counts/{count_id:int}/posting", sync_to_thread=True)
def post_count(
    request: AnyRequest, database: Database, actor: Actor, count_id: int
) -> posting.CountPosted:
    """Book the differences.  ``request_id``: it waits for votes; ``left``: a job goes on with so
    many.
    """
    actor.require("count_post")
    return run(database, posting.post_count, posting.PostCount(count_id), envelope(request))


@post("/counts/{count_id:int}/cancellation", sync_to_thread=True)
def cancel_count(
    request: AnyRequest, database: Database, actor: Actor, count_id: int, data: Body
) -> making.Cancelled:
    """Field: optionally only_tasks, true for just the places that are not counted yet."""
    actor.require("count_manage")
    if data.get("only_tasks") is True:
        places = making.CancelTasks(count_id)
        return run(database, making.cancel_tasks, places, envelope(request))
    return run(database, making.cancel_count, making.CancelCount(count_id), envelope(request))


@dataclass(frozen=True)
class ReportAnswer:
    """Gain and loss (negative) by one dimension; ``total`` is null where nothing is settled."""

    currency: str
    groups: list[reports.Group]
    total: reports.Group | None
    counters: list[reports.Counter]


@get("/reports/counts", sync_to_thread=True)
def variance_report(request: AnyRequest, database: Database, actor: Actor) -> ReportAnswer:
    """Query: by (item, location, class, counter, reason, count, month), count, store, since, till,
    posted (yes or no).  Without count and days the last ninety.
    """
    actor.require("count_manage")
    actor.require("view_cost")
    wanted = reports.wanted_of(request.query_params, actor.time_zone)
    with database.reading(actor.caller, snapshot=True) as session:
        found = reports.report(session, wanted)
        every = reports.every_group(wanted)
        groups = sql.rows(session, reports.Group, every.text, every.parameters)
    return ReportAnswer(found.company.currency, groups, found.total, found.counters)


router = api(
    [
        list_counts,
        make_count,
        show_count,
        list_tasks_of_count,
        list_results,
        set_reason,
        accept_result,
        recount_result,
        set_cost,
        post_count,
        cancel_count,
        variance_report,
    ],
    tag="Counting",
)
