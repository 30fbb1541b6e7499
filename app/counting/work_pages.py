"""The counts that wait: the next place, all counts, a new one, and the review of what was found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.counting import beginning, making, posting, problems, queries, results
from app.counting.exports import EXPORTS
from app.counting.forms import make_count_in
from app.counting.pages import SCREEN
from app.counting.words import ONLY, WORDS
from app.kit.database import Database
from app.kit.forms import Form, ManyForm, number_in, numbers_in
from app.kit.problems import Problem
from app.kit.transactions import Envelope, run
from app.kit.web import Cursor, envelope, page, regions, see
from app.scanning.meanings import LocationMeaning
from app.scanning.resolver import resolve, shown


@get("/counting", sync_to_thread=True)
def work_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """One's own places, and what waits in the store."""
    actor.require("count")
    with database.reading(actor.caller) as session:
        tasks = queries.waiting_tasks(session, actor.working_store_id, actor.user_id)
        zones = queries.zones(session, actor.working_store_id)
    return page(request, "counting/work.html", **WORDS, tasks=tasks, zones=zones)


@post("/counting/next", sync_to_thread=True)
def next_task(request: AnyRequest, database: Database, actor: Actor, data: Form) -> Response[Any]:
    """Get the next place, of ``zone_id`` or ``count_id`` where one is given, and go to it."""
    actor.require("count")
    command = beginning.GetTask(
        actor.working_store_id, number_in(data, "zone_id"), number_in(data, "count_id")
    )
    try:
        got = run(database, beginning.get_task, command, envelope(request, data))
    except Problem as problem:
        return SCREEN.refusal(request, 0, problem)
    return see(f"/counting/{got.task_id}")


@post("/counting/scans", sync_to_thread=True)
def find_task(database: Database, actor: Actor, data: Form) -> Response[Any]:
    """Go to the task of the location that was scanned."""
    actor.require("count")
    code = data.get("code", "")
    with database.reading(actor.caller) as session:
        meaning = resolve(session, code)
        if not isinstance(meaning, LocationMeaning):
            raise problems.NotCountable(given=shown(code))
        found = queries.task_at(session, meaning.id, actor.user_id)
    if found is None:
        raise problems.TaskClosed(location=meaning.code)
    return see(f"/counting/{found}")


@post("/counting/{task_id:int}/start", sync_to_thread=True)
def begin_task(
    request: AnyRequest, database: Database, actor: Actor, task_id: int, data: Form
) -> Response[Any]:
    """Take the place up."""
    actor.require("count")
    command = beginning.BeginTask(task_id)
    try:
        run(database, beginning.begin_task, command, envelope(request, data))
    except Problem as problem:
        return SCREEN.refusal(request, task_id, problem)
    return see(f"/counting/{task_id}")


@post("/counting/{task_id:int}/assignment", sync_to_thread=True)
def hand_over(
    request: AnyRequest, database: Database, actor: Actor, task_id: int, data: Form
) -> Response[Any]:
    """Give the place to ``user_id``, or to nobody in particular."""
    actor.require("count")
    command = beginning.HandOver(task_id, number_in(data, "user_id"))
    try:
        run(database, beginning.hand_over, command, envelope(request, data))
    except Problem as problem:
        return SCREEN.refusal(request, task_id, problem)
    return see("/counting")


# Counts -------------------------------------------------------------------------------------------


@get("/counting/counts", sync_to_thread=True)
def counts_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Every count of one's stores."""
    actor.require("count_manage")
    query = {name: value for name, value in request.query_params.items() if value}
    with database.reading(actor.caller) as session:
        listing = queries.counts(session, query, Cursor.read(query.get("cursor")))
    return page(request, "counting/counts.html", **WORDS, listing=listing, query=query)


@get("/counting/counts/new", sync_to_thread=True)
def new_count_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """What is to be counted, and when a difference is counted again."""
    actor.require("count_manage")
    return _new_count(request, database, actor, dict(request.query_params))


def _new_count(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    given: dict[str, Any],
    problem: Problem | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        zones = queries.zones(session, actor.working_store_id)
    return page(
        request,
        "counting/new.html",
        status=problem.status if problem else 200,
        **WORDS,
        zones=zones,
        given=given,
        chosen_zones=numbers_in(given, "zone_id"),
        problem=problem,
    )


@post("/counting/counts", sync_to_thread=True)
def make_count(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    """Fields: kind, zone_id (several), items, lots, days, item_class, freezes, shows_books,
    recount_quantity, recount_value, recount_percent, recount_class, note.
    """
    actor.require("count_manage")
    try:
        with database.reading(actor.caller) as session:
            command = make_count_in(session, data, actor.working_store_id)
        made = run(database, making.make_count, command, envelope(request, data))
    except Problem as problem:
        return _new_count(request, database, actor, data, problem)
    return see(f"/counting/counts/{made.count_id}")


@get("/counting/counts/{count_id:int}", sync_to_thread=True)
def count_page(
    request: AnyRequest, database: Database, actor: Actor, count_id: int
) -> Response[bytes]:
    """How far a count is, and what it found."""
    actor.require("count_manage")
    return _count(request, database, actor, count_id)


@get("/counting/counts/{count_id:int}/state", sync_to_thread=True)
def count_state(
    request: AnyRequest, database: Database, actor: Actor, count_id: int
) -> Response[Any]:
    """How far the job is that posts a large count, asked for again until it is done."""
    actor.require("count_manage")
    with database.reading(actor.caller) as session:
        head, sums = queries.summary(session, count_id)
    if head.posting_by is None:
        return see(f"/counting/counts/{count_id}")
    return regions(request, "counting/count_state.hx.html", head=head, sums=sums)


def _count(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    count_id: int,
    problem: Problem | None = None,
) -> Response[bytes]:
    only = request.query_params.get("only", "differences")
    with database.reading(actor.caller) as session:
        view = queries.count(session, count_id, only if only in ONLY else "differences")
        people = queries.people(session, view.head.store_id)
    return page(
        request,
        "counting/count.html",
        status=problem.status if problem else 200,
        **WORDS,
        view=view,
        only=only,
        people=people,
        problem=problem,
    )


def _done(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    count_id: int,
    data: Mapping[str, Any],
    decided: Callable[[Envelope], Any],
) -> Response[Any]:
    """Do what was decided and show the count again, with the refusal where there is one."""
    try:
        decided(envelope(request, data))
    except Problem as problem:
        return _count(request, database, actor, count_id, problem)
    return see(f"/counting/counts/{count_id}")


@post("/counting/counts/{count_id:int}/cancellation", sync_to_thread=True)
def cancel_count(
    request: AnyRequest, database: Database, actor: Actor, count_id: int, data: Form
) -> Response[Any]:
    """Field ``tasks``: only the places that are not counted yet."""
    actor.require("count_manage")
    if data.get("tasks"):
        only_tasks = making.CancelTasks(count_id)
        return _done(
            request,
            database,
            actor,
            count_id,
            data,
            partial(run, database, making.cancel_tasks, only_tasks),
        )
    command = making.CancelCount(count_id)
    return _done(
        request,
        database,
        actor,
        count_id,
        data,
        partial(run, database, making.cancel_count, command),
    )


@post("/counting/counts/{count_id:int}/reasons", sync_to_thread=True)
def set_reason(
    request: AnyRequest, database: Database, actor: Actor, count_id: int, data: ManyForm
) -> Response[Any]:
    """Fields: reason, note, result_id (several; none means every difference)."""
    actor.require("count_manage")
    chosen = tuple(numbers_in(data, "result_id")) or None
    command = results.SetReason(
        count_id, str(data.get("reason", ""))[:40], str(data.get("note", ""))[:200], chosen
    )
    return _done(
        request,
        database,
        actor,
        count_id,
        data,
        partial(run, database, results.set_reason, command),
    )


@post("/counting/counts/{count_id:int}/results/{result_id:int}", sync_to_thread=True)
def decide(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    count_id: int,
    result_id: int,
    data: Form,
) -> Response[Any]:
    """Field ``round`` accepts that round's quantity, ``recount`` asks for another round,
    ``unit_cost`` says what one is worth.
    """
    actor.require("count_manage")
    if data.get("recount"):
        again = results.RecountResult(result_id)
        return _done(
            request,
            database,
            actor,
            count_id,
            data,
            partial(run, database, results.recount_result, again),
        )
    if data.get("unit_cost"):
        cost = results.SetCost(result_id, data["unit_cost"][:60])
        return _done(
            request, database, actor, count_id, data, partial(run, database, results.set_cost, cost)
        )
    command = results.AcceptResult(result_id, number_in(data, "round") or 0)
    return _done(
        request,
        database,
        actor,
        count_id,
        data,
        partial(run, database, results.accept_result, command),
    )


@post("/counting/counts/{count_id:int}/posting", sync_to_thread=True)
def post_count(
    request: AnyRequest, database: Database, actor: Actor, count_id: int, data: Form
) -> Response[Any]:
    """Book the differences, or ask those who have to approve them."""
    actor.require("count_post")
    command = posting.PostCount(count_id)
    return _done(
        request,
        database,
        actor,
        count_id,
        data,
        partial(run, database, posting.post_count, command),
    )


handlers: list[ControllerRouterHandler] = [
    work_page,
    next_task,
    find_task,
    begin_task,
    hand_over,
    counts_page,
    new_count_page,
    make_count,
    count_page,
    count_state,
    cancel_count,
    set_reason,
    decide,
    post_count,
    *(handler for export in EXPORTS for handler in export.handlers),
]
