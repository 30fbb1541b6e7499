"""``GET /live``: the stream on which a page hears what changed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable

from litestar import get
from litestar.response import Stream
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.board.topics import topics_in, word_of
from app.kit.live import HEARTBEAT, STREAM, STREAM_HEADERS, Hub, Tidings, Topic, event

Words = Callable[[Tidings], bytes]


@get("/live")
async def live(request: AnyRequest, actor: Actor, topics: str = "") -> Stream:
    """Server-sent events ``changed`` with the topics that did, all of them at first.

    The browser says what it knows with ``Last-Event-ID`` when it comes again by itself, and with
    the query's ``known`` when the page does.

    Args:
        topics: what the page shows, such as ``order:12 picks:3``.

    Raises:
        UnknownTopic.
    """
    del actor  # anybody who is signed in; what changed is read with their own rights
    return streamed(request, topics_in(topics), _changed)


def _changed(tidings: Tidings) -> bytes:
    return event("changed", " ".join(sorted(map(word_of, tidings.changed))), tidings.id)


def streamed(request: AnyRequest, topics: Iterable[Topic], words: Words) -> Stream:
    """A stream of what is new about the topics, in these words."""
    hub: Hub = request.app.state.live
    known = request.headers.get("last-event-id") or request.query_params.get("known", "")
    return Stream(_events(hub, topics, known, words), media_type=STREAM, headers=STREAM_HEADERS)


async def _events(
    hub: Hub, topics: Iterable[Topic], known: str, words: Words
) -> AsyncGenerator[bytes]:
    yield b"retry: 1000\n\n"
    async for tidings in hub.listen(topics, known):
        yield HEARTBEAT if tidings is None else words(tidings)


handlers: list[ControllerRouterHandler] = [live]
