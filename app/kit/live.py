"""Live screens: who looks at something is told within a second that it has changed.

One task per web worker asks the database one question a few times a second, while somebody listens:
has any transaction been committed since?  PostgreSQL's snapshot says so without touching a table,
for every kind of change, and never too early.  Only then the topics that are listened to are read,
each once however many listen.  Nothing is added to the transactions that change something.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

import structlog
from litestar.concurrency import sync_to_thread

from app.kit.database import Database

LOOK_SECONDS = 0.25
# A slow reading takes at most a fifth of the time, and is still there within a few seconds.
REST_PER_READING = 4
LONGEST_REST_SECONDS = 2.0
AFTER_FAILURE_SECONDS = 2.0
HEARTBEAT_SECONDS = 15.0
# A stream ends so that the browser asks anew, with the rights that it has by then.
LONGEST_SECONDS = 300.0
SNAPSHOT = "select pg_current_snapshot()::text"
log = structlog.get_logger("saoku.live")

Topic = tuple[str, Hashable]
"""What can be listened to: the name of a reader, and the key of one thing that it reads."""
Reader = Callable[[Database, Sequence[Hashable]], Mapping[Hashable, bytes]]
"""Reads the present content of many keys at once, in a thread; a missing key has no content."""


@dataclass(frozen=True)
class Tidings:
    """What is new: the topics that changed with their content now.

    ``id`` stands for the content of all topics of the listener, the same in every worker.
    """

    id: str
    changed: Mapping[Topic, bytes]


class Hub:
    """Tells listeners what changed.  One per application, used from its event loop only.

    Args:
        readers: how each kind of topic is read, by its name.
        is_stopping: whether the server was told to stop, which ends every stream.
    """

    def __init__(
        self,
        database: Database,
        readers: Mapping[str, Reader],
        is_stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self.database, self.readers, self.is_stopping = database, readers, is_stopping
        self.values: dict[Topic, bytes] = {}
        self.readings = 0
        self._snapshot = ""
        self._listeners: set[_Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self._joined = asyncio.Event()
        self._closed = False

    async def listen(
        self, topics: Iterable[Topic], known: str = ""
    ) -> AsyncGenerator[Tidings | None]:
        """What is new, first of all everything; None where nothing was for a while.

        Ends after ``LONGEST_SECONDS`` or when the server stops.

        Args:
            known: the ``id`` of the tidings that the listener had last: what it knows already is
                not told again.
        """
        listener = _Listener(frozenset(topics))
        self._join(listener)
        ends = monotonic() + LONGEST_SECONDS
        try:
            while not self._closed and monotonic() < ends:
                if not await listener.woken_within(HEARTBEAT_SECONDS):
                    yield None
                elif tidings := listener.tidings(self.values, known):
                    yield tidings
        finally:
            self._listeners.discard(listener)

    async def open(self) -> None:
        """The application starts, in the event loop that runs now."""
        self._closed = False
        self._joined = asyncio.Event()

    async def close(self) -> None:
        """Let every stream end: the server stops."""
        self._closed = True
        for listener in self._listeners:
            listener.woken.set()
        self._joined.set()

    def _join(self, listener: _Listener) -> None:
        self._listeners.add(listener)
        self._snapshot = ""  # what was read so far lacks the new topics
        self._joined.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look())

    async def _look(self) -> None:
        """Until nobody listens any more."""
        while self._listeners and not self._closed:
            self._joined.clear()
            rest = await self._look_once()
            await _within(rest, self._joined)
            if self.is_stopping():
                await self.close()
        self.values.clear()

    async def _look_once(self) -> float:  # tidy: allow-float - seconds
        """Read what is listened to where anything was committed; the seconds to rest then."""
        try:
            [(snapshot,)] = await sync_to_thread(self.database.at_once, SNAPSHOT)
            if snapshot == self._snapshot:
                return LOOK_SECONDS
            return await self._read(snapshot)
        except Exception as error:  # whatever it was, the listeners still wait
            log.warning("live screens could not be read", exc_info=error)
            self._snapshot = ""
            return AFTER_FAILURE_SECONDS

    async def _read(self, snapshot: str) -> float:  # tidy: allow-float - seconds
        began = monotonic()
        # First the snapshot, then the content: what is committed between them is read twice.
        self._snapshot = snapshot
        listeners = list(self._listeners)
        self.values = await sync_to_thread(self._content, _by_reader(listeners))
        self.readings += 1
        for listener in listeners:
            listener.woken.set()
        rest = REST_PER_READING * (monotonic() - began)
        return min(max(LOOK_SECONDS, rest), LONGEST_REST_SECONDS)

    def _content(self, topics: Mapping[str, Sequence[Hashable]]) -> dict[Topic, bytes]:
        return {
            (name, key): content
            for name, keys in topics.items()
            for key, content in self.readers[name](self.database, keys).items()
        }


class _Listener:
    """One stream: what it listens to, and what it has been told."""

    def __init__(self, topics: frozenset[Topic]) -> None:
        self.topics = topics
        self.woken = asyncio.Event()
        self.told: dict[Topic, bytes] | None = None

    async def woken_within(self, seconds: float) -> bool:  # tidy: allow-float - seconds
        await _within(seconds, self.woken)
        return self.woken.is_set()

    def tidings(self, values: Mapping[Topic, bytes], known: str) -> Tidings | None:
        """What differs from what was told before; None where nothing does."""
        self.woken.clear()
        now = {topic: _digest(values.get(topic, b"")) for topic in self.topics}
        told, self.told = self.told, now
        everything = _digest(*(now[topic] for topic in sorted(now, key=repr))).hex()
        if told is None and known == everything:
            return None
        changed = {
            topic: values.get(topic, b"")
            for topic in now
            if told is None or now[topic] != told[topic]
        }
        return Tidings(everything, changed) if changed else None


async def _within(seconds: float, woken: asyncio.Event) -> None:  # tidy: allow-float - seconds
    """Wait for it so long at most.  Not ``wait_for``, which before Python 3.12 forgets that it was
    cancelled if the event comes at the same moment.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await woken.wait()


def _by_reader(listeners: Sequence[_Listener]) -> dict[str, list[Hashable]]:
    """The keys that anybody listens to, each once."""
    keys: dict[str, list[Hashable]] = {}
    for name, key in frozenset[Topic]().union(*(one.topics for one in listeners)):
        keys.setdefault(name, []).append(key)
    return keys


def _digest(*parts: bytes) -> bytes:
    return hashlib.blake2b(b"\0".join(parts), digest_size=9).digest()


def event(name: str, data: str, id: str = "") -> bytes:  # noqa: A002 - the standard's own word
    """One event of a stream: HTML Living Standard, 9.2.5 (server-sent events)."""
    lines = [f"event: {name}", *(f"data: {line}" for line in data.splitlines() or [""])]
    if id:
        lines.append(f"id: {id}")
    return ("\n".join(lines) + "\n\n").encode()


HEARTBEAT = b":\n\n"
STREAM = "text/event-stream"
STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
