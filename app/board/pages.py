"""The supervisors' board: what is stuck and why, changing by itself."""

from __future__ import annotations

from litestar import Response, get
from litestar.response import Stream
from litestar.types import ControllerRouterHandler
from sqlmodel import Session

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.access.home import Card
from app.board import boards, queries
from app.board.live_pages import streamed
from app.board.queries import View
from app.kit.database import Database
from app.kit.i18n import gettext
from app.kit.live import Tidings, event
from app.kit.visit import visit_of
from app.kit.web import page

BOARD = "board"


@get("/board", sync_to_thread=True)
def board_page(
    request: AnyRequest, database: Database, actor: Actor, store: int | None = None
) -> Response[bytes]:
    """The board of one store, or of all that the person sees."""
    view = view_of(request, actor, store)
    with database.reading(actor.caller) as session:
        choices = queries.stores(session, actor.stores)
    return page(
        request,
        "board/page.html",
        board=boards.now(database, view),
        stores=choices,
        store=store,
    )


@get("/board/stream")
async def board_stream(request: AnyRequest, actor: Actor, store: int | None = None) -> Stream:
    """The same region again whenever it is another (server-sent events ``region``)."""
    return streamed(request, [(BOARD, view_of(request, actor, store))], _region)


def _region(tidings: Tidings) -> bytes:
    [content] = tidings.changed.values()
    return event("region", content.decode(), tidings.id)


def view_of(request: AnyRequest, actor: Actor, store: int | None) -> View:
    """What this person's board shows.

    Raises:
        NotYours: without the capability, or a store that they do not see.
    """
    actor.require("board_read")
    if store is not None:
        actor.require_sight(store)
    stores = ",".join(sorted(actor.stores.split(",")))
    return View(stores, store, visit_of(request).language, actor.time_zone)


def board_card(session: Session, actor: Actor) -> Card | None:
    """The way to the board, for those who lead."""
    del session
    if not actor.can("board_read"):
        return None
    note = gettext("Orders, what blocks them, who picks what: as it is now")
    return Card(gettext("Live board"), "/board", note)


handlers: list[ControllerRouterHandler] = [board_page, board_stream]
