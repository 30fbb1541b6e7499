"""What pages can listen to, and how its changes are noticed."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.kit import sql
from app.kit.database import SYSTEM, Database
from app.kit.i18n import mark
from app.kit.live import Reader, Topic
from app.kit.problems import Unreadable

QUERIES = sql.Queries(Path(__file__).with_name("topics.sql"))
MOST_TOPICS = 20
_LONGEST_KEY = 18


class UnknownTopic(Unreadable):
    code = "unknown_topic"
    text = mark("Nobody can listen to {given}.")
    advice = mark("Reload the page. Its content is right, it only does not change by itself.")


@dataclass(frozen=True)
class _Row:
    key: int
    content: str | None


def read(name: str, database: Database, keys: Sequence[Hashable]) -> Mapping[Hashable, bytes]:
    """The state of many things of one kind, as a text that only says whether it changed.

    Read for the whole company: who listens learns that something changed and nothing else, and
    reads it again with their own rights.
    """
    with database.reading(SYSTEM) as session:
        found = sql.rows(session, _Row, QUERIES[name], {"keys": list(keys)})
    return {row.key: (row.content or "").encode() for row in found}


READERS: dict[str, Reader] = {name: partial(read, name) for name in QUERIES.texts}


def topics_in(given: str) -> list[Topic]:
    """The topics named as ``order:12 picks:3``.

    Raises:
        UnknownTopic: one is none, or there are more than twenty.
    """
    words = given.split()
    if len(words) > MOST_TOPICS or not words:
        raise UnknownTopic(given=given[:60])
    return [_topic(word) for word in words]


def _topic(word: str) -> Topic:
    name, _, key = word.partition(":")
    is_key = key.isascii() and key.isdigit() and len(key) <= _LONGEST_KEY
    if name not in READERS or not is_key:
        raise UnknownTopic(given=word[:60])
    return name, int(key)


def word_of(topic: Topic) -> str:
    """As a page writes it."""
    return f"{topic[0]}:{topic[1]}"
