"""The home screen: open work and ways on, as cards that the slices offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from sqlmodel import Session

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit.database import Database
from app.kit.i18n import gettext, mark
from app.kit.web import page


@dataclass(frozen=True)
class Card:
    """One way into the work: ``title`` and ``note`` are translated, ``count`` is open work."""

    title: str
    url: str
    note: str = ""
    count: int | None = None
    urgent: bool = False


HomeCard = Callable[[Session, Actor], Card | None]
"""A slice's card for an actor, from a read-only session; None where it is nothing for them."""


def home_handler(cards: Sequence[HomeCard]) -> HTTPRouteHandler:
    """The handler of ``/`` with these cards, in their order."""

    @get("/", sync_to_thread=True)
    def home(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
        with database.reading(actor.caller) as session:
            shown = [card for offer in cards if (card := offer(session, actor))]
        return page(request, "access/home.html", cards=shown)

    return home


def _way(capability: str, title: str, url: str, note: str) -> HomeCard:
    """A card without counts, for everyone with the capability."""

    def offer(session: Session, actor: Actor) -> Card | None:
        del session
        return Card(gettext(title), url, gettext(note)) if actor.can(capability) else None

    return offer


ACCESS_CARDS: list[HomeCard] = [
    _way(
        "device_write", mark("Devices"), "/devices", mark("Register a handheld, revoke a lost one")
    ),
    _way("audit_read", mark("Audit trail"), "/audit", mark("Who did what, when, on which device")),
    _way("user_read", mark("Users"), "/users", mark("Who may sign in, and what they may do")),
    _way("user_read", mark("Company"), "/company", mark("Areas and stores")),
    _way("token_write", mark("API tokens"), "/tokens", mark("For integrations")),
]
"""What leads into the pages of access."""
