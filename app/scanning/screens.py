"""What every scan screen does with a command: run it, and show what it changed in the same trip."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from litestar import Response

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit.database import Database, together
from app.kit.forms import Form
from app.kit.problems import Problem
from app.kit.transactions import Handler, run, run_and_show
from app.kit.trips import Trip
from app.kit.web import envelope, refused, regions, see, wants_fragment


class ScanAnswer(Protocol):
    """What a scan's command answers: its tone decides the sound."""

    @property
    def tone(self) -> str: ...


V = TypeVar("V")
C = TypeVar("C")
A = TypeVar("A", bound=ScanAnswer)
Around = Callable[[Database, Actor, V], Mapping[str, Any]]


def _nothing(_database: Database, _actor: Actor, _view: object) -> Mapping[str, Any]:
    return {}


def _never(_answer: Any) -> bool:
    return False


@dataclass(frozen=True)
class ScanScreen(Generic[V]):
    """The handheld screen of one kind of work, at ``/<folder>/<id>``.

    Its templates are ``<folder>/scan.hx.html`` for the regions that a scan changes, and
    ``<folder>/refusal.hx.html``.

    Args:
        capability: what a person needs to work there.
        key: how commands and templates name the work's id.
        words: what both templates need whatever is shown.
        send: asks for the view of one work.
        around: what the regions need beside the view; reads after the commit, never before.
        leaves: whether the screen is over after that answer: then it is opened anew.
    """

    folder: str
    capability: str
    key: str
    words: Mapping[str, Any]
    send: Callable[[Trip, int], Callable[[], V]]
    around: Around[V] = _nothing
    leaves: Callable[[Any], bool] = _never

    def url(self, work_id: int) -> str:
        return f"/{self.folder}/{work_id}"

    def view(self, database: Database, actor: Actor, work_id: int) -> V:
        """Everything that the screen shows, in one round trip."""
        with database.reading(actor.caller, scanning=True) as session, together(session) as trip:
            read = self.send(trip, work_id)
        return read()

    def context(self, database: Database, actor: Actor, view: V) -> dict[str, Any]:
        """What the screen is rendered from."""
        return {**self.words, "view": view, **self.around(database, actor, view)}

    def answered(
        self,
        request: AnyRequest,
        database: Database,
        actor: Actor,
        data: Form,
        handler: Handler[C, A],
        command: C,
    ) -> Response[Any]:
        """Run the command, then show what it changed; a refusal comes with what helps."""
        actor.require(self.capability)
        work_id: int = getattr(command, self.key)
        try:
            sent = envelope(request, data)
            if not wants_fragment(request):
                run(database, handler, command, sent)
                return see(self.url(work_id))
            answer, view = run_and_show(
                database, handler, command, sent, lambda trip: self.send(trip, work_id)
            )
        except Problem as problem:
            return self.refusal(request, work_id, problem)
        if self.leaves(answer):
            return see(self.url(work_id))
        # A stored answer comes without the screen.
        shown = self.view(database, actor, work_id) if view is None else view
        context = self.context(database, actor, shown)
        template = f"{self.folder}/scan.hx.html"
        return regions(request, template, feedback=answer.tone, **context, answer=answer)

    def changed(
        self,
        request: AnyRequest,
        work_id: int,
        command: Callable[[], object],
        after: str | None = None,
    ) -> Response[Any]:
        """Run it and go to the work's screen (or to ``after``)."""
        try:
            command()
        except Problem as problem:
            return self.refusal(request, work_id, problem)
        return see(after or self.url(work_id))

    def refusal(self, request: AnyRequest, work_id: int, problem: Problem) -> Response[Any]:
        """A refusal beside the scan screen, with the button that helps."""
        template = f"{self.folder}/refusal.hx.html"
        return refused(request, template, problem, **self.words, **{self.key: work_id})
