"""The label queue: what is on its way to paper, what did not come out, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from sqlmodel import Session

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit import jobs
from app.kit.database import Database
from app.kit.forms import (
    ManyForm,
    Reader,
)
from app.kit.i18n import gettext, mark
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.web import BadCursor, Cursor, envelope, page, pdf, see
from app.labelling import contents, queue
from app.labelling.commands import (
    STEPS,
    ReprintLabel,
    SettleLabels,
    reprint_label,
    settle_labels,
)
from app.labelling.devices import back_of, see_run, with_back
from app.labelling.pages import MOST_COPIES, count_of
from app.labelling.problems import FileNotReady, LabelMovedOn
from app.labelling.queue import LabelView, RunView
from app.labelling.stored import CLASSES
from app.labelling.tasks import progress_key

TABS = {
    "": (mark("Print runs"), None),
    "attention": (mark("To look at"), ("failed", "unsure")),
    "waiting": (mark("Waiting"), ("queued",)),
    "all": (mark("All labels"), tuple(queue.STATE_NAMES)),
}
REASONS = {
    "unreadable": mark("It cannot be read or scanned"),
    "damaged": mark("It was damaged"),
    "lost": mark("It was lost"),
    "misprint": mark("It came out wrong or not at all"),
    "other": mark("Another reason"),
}
LABELS_SHOWN = 50


@dataclass(frozen=True)
class RunPage:
    """A run with a page of its labels."""

    run: RunView
    labels: list[LabelView]
    next_label: int | None
    progress: jobs.Progress | None
    back: str


@get("/labels", sync_to_thread=True)
def queue_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Query: ``show`` (a key of TABS), ``cursor``."""
    actor.require("print_label")
    show = request.query_params.get("show", "")
    show = show if show in TABS else ""
    cursor = Cursor.read(request.query_params.get("cursor"))
    before = cursor.after[0] if cursor.after else None
    if before is not None and not isinstance(before, int):
        raise BadCursor
    with database.reading(actor.caller) as session:
        found = _listed(session, actor, show, before, cursor.limit + 1)
        waiting = queue.count_to_look_at(session, actor.store_id) if actor.store_id else 0
    return page(
        request,
        "labelling/queue.html",
        show=show,
        tabs=[(name, gettext(words)) for name, (words, _) in TABS.items()],
        listing=cursor.cut(found, "id"),
        to_look_at=waiting,
        query={"show": show, "cursor": request.query_params.get("cursor", "")},
    )


@get("/labels/runs/{run_id:int}", sync_to_thread=True)
def run_page(request: AnyRequest, database: Database, actor: Actor, run_id: int) -> Response[bytes]:
    """Query: ``after`` (a label's id), ``back`` (the work to go back to)."""
    actor.require("print_label")
    return _run(request, database, actor, run_id)


@get("/labels/runs/{run_id:int}/state", sync_to_thread=True)
def run_state(request: AnyRequest, database: Database, actor: Actor, run_id: int) -> Response[Any]:
    """The regions of the run's page, asked for again until nothing moves by itself any more."""
    actor.require("print_label")
    with database.reading(actor.caller) as session:
        view = _run_page(session, request, run_id)
    # Not ``regions``: what moves by itself makes no sound.
    return page(request, "labelling/run_state.hx.html", view=view, problem=None)


@get("/labels/runs/{run_id:int}/pdf", sync_to_thread=True)
def run_pdf(database: Database, actor: Actor, run_id: int) -> Response[bytes]:
    return stored_pdf(database, actor, run_id)


def stored_pdf(database: Database, actor: Actor, run_id: int) -> Response[bytes]:
    """The file of a run, kept for a week.  Raises FileNotReady."""
    actor.require("print_label")
    with database.reading(actor.caller) as session:
        queue.run_view(session, run_id)
        content = queue.file_of(session, run_id)
    if content is None:
        raise FileNotReady
    return pdf(content, f"labels-{run_id}")


@post("/labels/runs/{run_id:int}/steps", sync_to_thread=True)
def settle_run(
    request: AnyRequest, database: Database, actor: Actor, run_id: int, data: ManyForm
) -> Response[Any]:
    """Field ``step`` (a key of STEPS) for every label of the run that it suits."""
    actor.require("print_label")
    with database.reading(actor.caller) as session:
        queue.run_view(session, run_id)
    command = SettleLabels(step_of(data), run_id=run_id)
    return _settled(request, database, actor, command, data, run_id)


@post("/labels/queue/{label_id:int}/steps", sync_to_thread=True)
def settle_label(
    request: AnyRequest, database: Database, actor: Actor, label_id: int, data: ManyForm
) -> Response[Any]:
    """Field ``step`` (a key of STEPS) for one label."""
    actor.require("print_label")
    with database.reading(actor.caller) as session:
        view = queue.label_view(session, label_id)
    command = SettleLabels(step_of(data), (label_id,))
    return _settled(request, database, actor, command, data, view.run_id)


@get("/labels/queue/{label_id:int}/reprint", sync_to_thread=True)
def reprint_page(
    request: AnyRequest, database: Database, actor: Actor, label_id: int
) -> Response[bytes]:
    actor.require("print_label")
    return _reprint(request, database, actor, label_id)


@post("/labels/queue/{label_id:int}/reprint", sync_to_thread=True)
def print_again(
    request: AnyRequest, database: Database, actor: Actor, label_id: int, data: ManyForm
) -> Response[Any]:
    """Fields ``reason`` (a key of REASONS), ``words`` (needed for another reason),
    ``printer_id``, ``copies``.
    """
    actor.require("print_label")
    try:
        with database.reading(actor.caller) as session:
            require_kind(actor, queue.label_view(session, label_id))
        command = _reprinting(label_id, data)
        done = run(database, reprint_label, command, envelope(request, data))
    except Problem as problem:
        return _reprint(request, database, actor, label_id, problem, data)
    return see_run(request, done.run_id, command.printer_id)


def require_kind(actor: Actor, label: LabelView) -> None:
    """A badge opens doors: who may not print one may not print it again either."""
    assert label.kind in CLASSES
    if label.kind == "badge":
        contents.require(actor, "users")


def step_of(data: ManyForm) -> str:
    """Raises LabelMovedOn for a step that there is not."""
    step = str(data.get("step", ""))
    if step not in STEPS:
        raise LabelMovedOn
    return step


def _reprinting(label_id: int, data: ManyForm) -> ReprintLabel:
    form = Reader(data)
    reason = form.choice("reason", REASONS)
    words = form.text("words", needed=reason == "other", longest=200)
    form.done()
    return ReprintLabel(
        label_id,
        f"{reason}: {words}" if words else reason,
        printer_id=count_of(data.get("printer_id"), 2**62) if data.get("printer_id") else None,
        copies=count_of(data.get("copies"), MOST_COPIES),
    )


def reason_words(reason: str) -> str:
    """A stored reason for people."""
    key, _, words = reason.partition(": ")
    return " ".join(part for part in (gettext(REASONS.get(key, key)), words) if part)


def _listed(session: Session, actor: Actor, show: str, before: int | None, limit: int) -> list[Any]:
    states = TABS[show][1]
    if states is None:
        return queue.runs(session, actor.store_id, before, limit)
    chosen = None if show == "all" else states
    return queue.labels(session, store_id=actor.store_id, states=chosen, before=before, limit=limit)


def _settled(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    command: SettleLabels,
    data: ManyForm,
    run_id: int,
) -> Response[Any]:
    try:
        run(database, settle_labels, command, envelope(request, data))
    except Problem as problem:
        return _run(request, database, actor, run_id, problem)
    return see(with_back(f"/labels/runs/{run_id}", str(data.get("back", ""))))


def _run(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    run_id: int,
    problem: Problem | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        view = _run_page(session, request, run_id)
    status = problem.status if problem else 200
    return page(request, "labelling/run.html", status=status, view=view, problem=problem)


def _run_page(session: Session, request: AnyRequest, run_id: int) -> RunPage:
    after = request.query_params.get("after", "0")
    first = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0  # noqa: PLR2004 - of a bigint
    view = queue.run_view(session, run_id)
    labels = queue.labels_of_run(session, run_id, first, LABELS_SHOWN + 1)
    shown = labels[:LABELS_SHOWN]
    return RunPage(
        run=view,
        labels=shown,
        next_label=shown[-1].id if len(labels) > LABELS_SHOWN else None,
        progress=jobs.progress(session, progress_key(run_id)),
        back=back_of(request),
    )


def _reprint(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    label_id: int,
    problem: Problem | None = None,
    data: ManyForm | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        label = queue.label_view(session, label_id)
        printers = queue.printers(session, None, active=True)
    return page(
        request,
        "labelling/reprint.html",
        status=problem.status if problem else 200,
        label=label,
        printers=printers,
        reasons=[(key, gettext(words)) for key, words in REASONS.items()],
        reason_words=reason_words,
        problem=problem,
        values=data or {},
    )


handlers = [
    queue_page,
    run_page,
    run_state,
    run_pdf,
    settle_run,
    settle_label,
    reprint_page,
    print_again,
]
