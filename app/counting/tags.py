"""Counting radio tags: the tally of a reading session becomes what was seen in a place.

Each tag counts once in a round of a count, however often it is read and taken; what is not counted
is named with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.counting import problems
from app.counting.beginning import ensure_begun
from app.counting.loading import QUERIES, LockedTask, open_task
from app.kit import sql
from app.kit.i18n import mark
from app.kit.money import ZERO
from app.kit.transactions import Envelope
from app.rfid import queries as rfid
from app.rfid.queries import NOT_LIMITED, SessionHead, SessionRow
from app.scanning.meanings import ItemFacts
from app.scanning.messages import Message

TAGS = sql.Queries(Path(__file__).with_name("tags.sql"))
SHOWN_CODES = 5
NO_ITEM = mark("No item has this barcode.")
ONLY = mark("Only {item} is counted here.")
HERE = mark("counted here already")
ELSEWHERE = mark("counted in {location} already")
NO_LOT = mark("Its lot is not known: count it by hand.")
NEW_SERIAL = mark("A new serial number that needs its date: count it by hand.")
NO_UNIT = mark("Nobody knows what is inside: count it by hand.")
PIECES_READ = mark("Its pieces were read one by one.")


@dataclass(frozen=True)
class CountTags:
    """Count the tags of a session that were seen up to the tag ``up_to`` (0: all)."""

    task_id: int
    session_id: int
    up_to: int = 0


@dataclass(frozen=True)
class LeftTags:
    """So many tags that are not counted, and why; ``codes`` are some of them."""

    code: str
    reason: Message
    count: int
    codes: list[str]


@dataclass(frozen=True)
class TagsCounted:
    """``unexpected`` of the ``tags`` are of goods that the books do not have here."""

    task_id: int
    session_id: int
    tags: int
    unexpected: int
    left: list[LeftTags]


@dataclass(frozen=True)
class _Tag:
    id: int
    epc: str
    kind: str
    gtin: str | None
    serial: str | None
    sscc: str | None
    item_id: int | None
    item: dict[str, Any]
    packaging_id: int | None
    factor: Decimal
    unit_id: int | None
    lot_id: int | None
    lot: str | None
    counted_in: str | None
    is_here: bool
    is_expected: bool

    @property
    def goods(self) -> ItemFacts:
        return msgspec.convert(self.item, ItemFacts, strict=False)


@dataclass(frozen=True)
class _Inside:
    unit_id: int
    item_id: int
    lot_id: int | None
    quantity: Decimal
    is_expected: bool


@dataclass(frozen=True)
class Counted:
    """One kind of goods among the tags: ``quantity`` in base units."""

    title: str
    code: str
    unit: str
    tags: int
    quantity: Decimal
    unexpected: int


@dataclass(frozen=True)
class Tally:
    """What the tags of a session come to in a place; nothing is counted by looking."""

    task: LockedTask
    head: SessionHead
    goods: list[Counted]
    units: list[str]
    left: list[LeftTags]
    entries: list[dict[str, Any]]

    @property
    def tags(self) -> int:
        return len({entry["epc"] for entry in self.entries})

    @property
    def unexpected(self) -> int:
        return len({entry["epc"] for entry in self.entries if entry["is_unexpected"]})


def count_tags(session: Session, command: CountTags, envelope: Envelope) -> TagsCounted:
    """Count every tag that can be; ``Undo`` takes all of them back at once.

    Raises:
        NoTagsToCount, and what ``tally`` refuses.
    """
    found = tally(session, command, envelope)
    if not found.entries:
        raise problems.NoTagsToCount(session=found.head.name)
    task = ensure_begun(session, found.task, envelope)
    values = {
        "entries": Jsonb(msgspec.to_builtins(found.entries)),
        "task_id": task.id,
        "command_id": envelope.command_id,
        "user_id": envelope.caller.user_id,
        "occurred_at": envelope.occurred_at,
    }
    sql.execute(session, TAGS["make_serials"], values)
    sql.execute(session, TAGS["insert_tags"], values)
    sql.execute(session, QUERIES["keep_step"], values | {"step": Jsonb(task.step)})
    return TagsCounted(task.id, found.head.id, found.tags, found.unexpected, found.left)


def tally(session: Session, command: CountTags, envelope: Envelope) -> Tally:
    """What the command would count; the task's row is locked.

    Raises:
        NoSuchSession, TagsElsewhere, LocationFirst, LotWanted, and what ``open_task`` refuses.
    """
    task, _ = open_task(session, command.task_id, envelope)
    head = rfid.head(session, command.session_id)
    _refuse_unfit(task, head)
    asked = {
        "session_id": head.id,
        "up_to": command.up_to or NOT_LIMITED,
        "task_id": task.id,
        "count_id": task.count_id,
        "location_id": task.location_id,
        "round": task.round,
        "store_id": task.store_id,
    }
    found = sql.rows(session, _Tag, TAGS["tags"], asked)
    unit_ids = {"unit_ids": [tag.unit_id for tag in found if tag.unit_id]}
    inside = sql.rows(session, _Inside, TAGS["inside"], asked | unit_ids)
    return _sorted(task, head, found, inside)


def _refuse_unfit(task: LockedTask, head: SessionHead) -> None:
    if head.store_id != task.store_id:
        raise problems.TagsElsewhere(session=head.name, location=task.location)
    if task.flow_state.pending is not None:
        raise problems.LotWanted(item=task.flow_state.pending.item.title)
    if task.flow_state.step != "scan_goods":
        raise problems.LocationFirst(location=task.location)


def _sorted(
    task: LockedTask, head: SessionHead, found: Sequence[_Tag], inside: Sequence[_Inside]
) -> Tally:
    """Each tag is counted, or left with a reason."""
    pieces = {tag.item_id for tag in found if tag.item_id}
    entries: list[dict[str, Any]] = []
    left: dict[str, tuple[Message, list[str]]] = {}
    for tag in found:
        held = [one for one in inside if one.unit_id == tag.unit_id]
        why = _why_not(task, tag, held, pieces)
        if why is None:
            entries.extend(_entries(tag, held))
        else:
            code, reason = why
            key = f"{code} {reason.values}"
            left.setdefault(key, (reason, []))[1].append(tag.sscc or tag.gtin or tag.epc)
    counted = {entry["epc"] for entry in entries}
    return Tally(
        task,
        head,
        _goods(tag for tag in found if tag.item_id and tag.epc in counted),
        [tag.sscc or "" for tag in found if tag.kind != "item" and tag.epc in counted],
        [
            LeftTags(key.split(" ", 1)[0], reason, len(codes), sorted(set(codes))[:SHOWN_CODES])
            for key, (reason, codes) in left.items()
        ],
        entries,
    )


def _why_not(
    task: LockedTask, tag: _Tag, held: Sequence[_Inside], pieces: set[int]
) -> tuple[str, Message] | None:
    if tag.is_here:
        return "counted_here", Message(HERE)
    if tag.counted_in:
        return "counted_elsewhere", Message(ELSEWHERE, {"location": tag.counted_in})
    return _piece_is_left(task, tag) if tag.kind == "item" else _unit_is_left(task, held, pieces)


def _unit_is_left(
    task: LockedTask, held: Sequence[_Inside], pieces: set[int]
) -> tuple[str, Message] | None:
    if not held:
        return "unit_unknown", Message(NO_UNIT)
    if any(one.item_id in pieces for one in held):
        return "pieces_read", Message(PIECES_READ)
    if any(task.item_id not in (None, one.item_id) for one in held):
        return "only_this_item", Message(ONLY, {"item": task.item or "?"})
    return None


def _piece_is_left(task: LockedTask, tag: _Tag) -> tuple[str, Message] | None:
    if tag.item_id is None:
        return "no_item", Message(NO_ITEM)
    if task.item_id not in (None, tag.item_id):
        return "only_this_item", Message(ONLY, {"item": task.item or "?"})
    item = tag.goods
    if not item.has_lots or tag.lot_id:
        return None
    if not item.has_serials or not tag.serial or tag.factor != 1:
        return "lot_unknown", Message(NO_LOT)
    if item.expiry_rule != "none":
        return "date_wanted", Message(NEW_SERIAL)
    return None


def _entries(tag: _Tag, held: Sequence[_Inside]) -> list[dict[str, Any]]:
    """What is counted by a tag, JSON-ready: a piece, or all that a carton or pallet holds."""
    row = {"tag_id": tag.id, "epc": tag.epc, "unit_id": None, "packaging_id": None, "factor": 1}
    if tag.kind != "item":
        return [
            row | {
                "item_id": one.item_id, "lot_id": one.lot_id, "lot": None, "unit_id": tag.unit_id,
                "quantity": one.quantity, "is_unexpected": not one.is_expected,
            }
            for one in held
        ]  # fmt: skip
    piece = {
        "item_id": tag.item_id, "lot_id": tag.lot_id,
        "lot": tag.serial if tag.goods.has_serials else None,
        "packaging_id": tag.packaging_id, "factor": tag.factor, "quantity": tag.factor,
        "is_unexpected": not tag.is_expected,
    }  # fmt: skip
    return [row | piece]


def _goods(counted: Iterable[_Tag]) -> list[Counted]:
    by_item: dict[int, list[_Tag]] = {}
    for tag in counted:
        by_item.setdefault(tag.item_id or 0, []).append(tag)
    return [
        Counted(
            tags[0].goods.title,
            tags[0].goods.code,
            tags[0].goods.base_unit,
            len(tags),
            sum((tag.factor for tag in tags), ZERO),
            sum(not tag.is_expected for tag in tags),
        )
        for tags in by_item.values()
    ]


def sessions(session: Session, store_id: int) -> list[SessionRow]:
    """Reading sessions of a store whose tags could be counted."""
    return sql.rows(session, SessionRow, TAGS["sessions"], {"store_id": store_id})
