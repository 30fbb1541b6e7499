"""Counting radio tags: choose the reading session, look at its running tally, count it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.catalog import input as given
from app.counting import queries, tags
from app.counting.words import WORDS
from app.kit.database import Database
from app.kit.forms import Form, number_in
from app.kit.ids import new_id
from app.kit.problems import Problem
from app.kit.transactions import Envelope, run
from app.kit.visit import visit_of
from app.kit.web import api, envelope, page, regions, see
from app.scanning.messages import said

Body = dict[str, Any]
PLACE = "/counting/{task_id:int}/tags/{session_id:int}"


@get("/counting/{task_id:int}/tags", sync_to_thread=True)
def choose_session(
    request: AnyRequest, database: Database, actor: Actor, task_id: int
) -> Response[bytes]:
    """The reading sessions of the store."""
    actor.require("count")
    with database.reading(actor.caller) as session:
        view = queries.task(session, task_id)
        choices = tags.sessions(session, view.head.store_id)
    return page(request, "counting/tag_sessions.html", **WORDS, view=view, choices=choices)


@get(PLACE, sync_to_thread=True)
def tags_page(
    request: AnyRequest, database: Database, actor: Actor, task_id: int, session_id: int
) -> Response[bytes]:
    """What would be counted now; nothing is."""
    actor.require("count")
    return _tags(request, database, actor, task_id, session_id)


def _tags(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    task_id: int,
    session_id: int,
    problem: Problem | None = None,
) -> Response[bytes]:
    tally = _tally(database, actor, task_id, session_id)
    status = problem.status if problem else 200
    return page(request, "counting/tags.html", status=status, **WORDS, tally=tally, problem=problem)


@get(PLACE + "/tally", sync_to_thread=True)
def running_tally(
    request: AnyRequest, database: Database, actor: Actor, task_id: int, session_id: int
) -> Response[bytes]:
    """The region that counts on, asked for again while the session is open."""
    actor.require("count")
    tally = _tally(database, actor, task_id, session_id)
    return regions(request, "counting/running_tally.hx.html", **WORDS, tally=tally)


def _tally(database: Database, actor: Actor, task_id: int, session_id: int) -> tags.Tally:
    # Not read-only, because the task is locked; rolled back all the same.
    with database.session(actor.caller) as session:
        command = tags.CountTags(task_id, session_id)
        return tags.tally(session, command, Envelope(new_id(), actor.caller))


@post(PLACE, sync_to_thread=True)
def count_tags(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    task_id: int,
    session_id: int,
    data: Form,
) -> Response[Any]:
    """Field: up_to.  Then the page shows what is left."""
    actor.require("count")
    command = tags.CountTags(task_id, session_id, number_in(data, "up_to") or 0)
    try:
        done = run(database, tags.count_tags, command, envelope(request, data))
    except Problem as problem:
        return _tags(request, database, actor, task_id, session_id, problem)
    left = any(one.code != "counted_here" for one in done.left)
    return see(f"/counting/{task_id}" + (f"/tags/{session_id}" if left else ""))


@dataclass(frozen=True)
class TagsWanted:
    session_id: given.Id
    up_to: int = 0


@dataclass(frozen=True)
class LeftOut:
    code: str
    count: int
    reason: str
    codes: list[str]


@dataclass(frozen=True)
class CountedAnswer:
    task_id: int
    session_id: int
    tags: int
    unexpected: int
    left: list[LeftOut]


@post("/count-tasks/{task_id:int}/tags", sync_to_thread=True)
def count_tags_of(
    request: AnyRequest, database: Database, actor: Actor, task_id: int, data: Body
) -> CountedAnswer:
    """Count the tags of a reading session in a begun place.  Fields: session_id; optionally up_to
    (a tag's id).
    """
    actor.require("count")
    wanted = given.read(TagsWanted, data)
    command = tags.CountTags(task_id, wanted.session_id, wanted.up_to)
    done = run(database, tags.count_tags, command, envelope(request))
    with visit_of(request).speaking():
        left = [LeftOut(one.code, one.count, said(one.reason), one.codes) for one in done.left]
    return CountedAnswer(done.task_id, done.session_id, done.tags, done.unexpected, left)


handlers: list[ControllerRouterHandler] = [choose_session, tags_page, running_tally, count_tags]
router = api([count_tags_of], tag="Counting")
