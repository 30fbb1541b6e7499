"""The diagnosis as JSON, the same as the screen's."""

from __future__ import annotations

from typing import Any

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler

from app.access.actor import Actor
from app.kit.database import Database
from app.kit.visit import visit_of
from app.kit.web import api
from app.troubleshooting.answer import Diagnosis
from app.troubleshooting.problems import BadQuestion
from app.troubleshooting.questions import Question, diagnose


@get("/diagnosis", sync_to_thread=True)
def read_diagnosis(request: Request[Any, Any, Any], database: Database, actor: Actor) -> Diagnosis:
    """Where every unit of an item is and why it cannot ship; the buckets add up to the total.

    One of ``order_line_id``, ``item_id`` and ``lot_id``; ``store_id`` for an item asked from
    another store than one's own, ``as_user`` for what another person sees of it.  Texts are in
    Chinese for ``Accept-Language: zh``, else in English.
    """
    question = Question.read(dict(request.query_params), actor.time_zone)
    if not question.is_asked:
        raise BadQuestion(name="item_id", given="")
    with visit_of(request).speaking():
        return diagnose(database, actor, question)


_handlers: list[HTTPRouteHandler] = [read_diagnosis]
router = api(_handlers, tag="Troubleshooting")
