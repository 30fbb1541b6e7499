"""Receiving a burst of radio tags: one command, each tag counted once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec
from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.kit import sql
from app.kit.database import driver, together
from app.kit.i18n import mark
from app.kit.transactions import Envelope
from app.receiving import booking, problems
from app.receiving.deviations import refuse_closed
from app.receiving.loading import QUERIES, Loaded, facts_of, load
from app.receiving.scans import date_of, guard
from app.receiving.state import (
    Pending,
)
from app.receiving.tag_planning import GivenLot, GroupPlan, Piece, Planner, TagGroup, Wishes
from app.receiving.tag_problems import NothingToTake, SessionElsewhere
from app.rfid import queries as rfid
from app.rfid.queries import SessionHead, Tag
from app.scanning.meanings import Dates, ItemFacts, LotFacts, PackagingFacts
from app.scanning.messages import Message
from app.scanning.queries import LookupKey, LookupRow

TAGS = sql.Queries(Path(__file__).with_name("tags.sql"))
LONGEST_LOT = 50
RECEIVED_HERE = mark("received into this receipt already")
RECEIVED_BEFORE = mark("received into another receipt before")
NO_ITEM = mark("No item has this barcode.")


@dataclass(frozen=True)
class LotOfTags:
    """Lot and date of all pieces of a GTIN, as typed."""

    lot: str = ""
    expires_on: str = ""


@dataclass(frozen=True)
class TakeTags:
    """Receive the tags of a session that were seen up to the tag ``up_to`` (0: all).

    ``accepted`` are the GTINs whose deviation is accepted.  ``again`` counts tags that another
    receipt has received before: goods that left and came back.
    """

    receipt_id: int
    session_id: int
    up_to: int = 0
    accepted: list[str] = field(default_factory=list[str])
    again: bool = False
    lots: dict[str, LotOfTags] = field(default_factory=dict[str, LotOfTags])


@dataclass(frozen=True)
class LeftTags:
    """Tags that were not received, and why."""

    gtin: str
    count: int
    code: str
    reason: Message


@dataclass(frozen=True)
class TagsTaken:
    """``tags`` were received as ``line_ids``; ``units`` logistic units are known from now on."""

    receipt_id: int
    session_id: int
    tags: int
    line_ids: list[int]
    units: int
    left: list[LeftTags]


@dataclass(frozen=True)
class Burst:
    """What would be received now.  ``unknown`` counts tags by GTIN that no item has."""

    loaded: Loaded
    head: SessionHead
    plans: list[GroupPlan]
    unknown: dict[str, int]
    here: int
    before: int
    ssccs: list[str]

    @property
    def pieces(self) -> list[Piece]:
        return [piece for plan in self.plans for piece in plan.pieces]

    @property
    def tags(self) -> int:
        return sum(len(piece.tags) for piece in self.pieces)


def plan_burst(session: Session, command: TakeTags, envelope: Envelope) -> Burst:
    """What the command would do; the receipt's row is locked.

    Raises:
        Problem: this person may not work on the receipt now, or the session is another store's.
    """
    head = rfid.head(session, command.session_id)
    tags = rfid.tags(session, command.session_id, command.receipt_id, command.up_to)
    gtins = sorted({tag.gtin for tag in tags if tag.gtin})
    loaded = load(session, command.receipt_id, envelope.caller.user_id, LookupKey(codes=gtins))
    _refuse_unfit(session, loaded, head, envelope)
    groups, unknown = _groups(loaded.found, gtins, _takeable(tags, command))
    return Burst(
        loaded=loaded,
        head=head,
        plans=_plans(session, loaded, groups, command),
        unknown=unknown,
        here=sum(tag.taken_by == command.receipt_id for tag in tags),
        before=sum(tag.taken_by not in (None, command.receipt_id) for tag in tags),
        ssccs=sorted({tag.sscc for tag in tags if tag.sscc}),
    )


def _refuse_unfit(session: Session, loaded: Loaded, head: SessionHead, envelope: Envelope) -> None:
    receipt = loaded.receipt
    guard(session, receipt, envelope)
    refuse_closed(receipt)
    if head.store_id != receipt.store_id:
        raise SessionElsewhere(session=head.name, number=receipt.number)
    if loaded.row.order_state == "cancelled":
        order = loaded.row.order_number or ""
        raise problems.OrderCancelledMeanwhile(order=order, receipt_id=receipt.id)


def _takeable(tags: Sequence[Tag], command: TakeTags) -> list[Tag]:
    """Without those that were counted before."""
    return [
        tag
        for tag in tags
        if tag.gtin
        and (tag.taken_by is None or (command.again and tag.taken_by != command.receipt_id))
    ]


def _groups(
    found: Sequence[LookupRow], gtins: Sequence[str], tags: Sequence[Tag]
) -> tuple[list[TagGroup], dict[str, int]]:
    by_gtin: dict[str, list[Tag]] = defaultdict(list)
    for tag in tags:
        by_gtin[tag.gtin or ""].append(tag)
    items = {gtins[row.rank - 1]: row for row in found if row.kind == "item"}
    groups = [
        TagGroup(
            gtin,
            msgspec.convert(row.item, ItemFacts, strict=False),
            _packaging(row),
            by_gtin[gtin],
        )
        for gtin, row in items.items()
        if gtin in by_gtin
    ]
    unknown = {gtin: len(ones) for gtin, ones in by_gtin.items() if gtin not in items}
    return groups, unknown


def _packaging(row: LookupRow) -> PackagingFacts | None:
    if row.packaging is None:
        return None
    return msgspec.convert(row.packaging, PackagingFacts, strict=False)


def _plans(
    session: Session, loaded: Loaded, groups: Sequence[TagGroup], command: TakeTags
) -> list[GroupPlan]:
    wishes = Wishes(frozenset(command.accepted), _given_lots(session, groups, command))
    in_stock = _in_stock(session, groups)
    planner = Planner(facts_of(session, loaded), loaded.receipt.decimals, in_stock, wishes)
    return [planner.plan(group) for group in groups]


@dataclass(frozen=True)
class _Serial:
    item_id: int
    serial: str


def _in_stock(session: Session, groups: Sequence[TagGroup]) -> set[tuple[int, str]]:
    asked = [
        (group.item.id, tag.serial)
        for group in groups
        if group.item.has_serials
        for tag in group.tags
        if tag.serial
    ]
    if not asked:
        return set()
    given = {"items": [item for item, _ in asked], "serials": [serial for _, serial in asked]}
    found = sql.rows(session, _Serial, TAGS["serials_in_stock"], given)
    return {(row.item_id, row.serial) for row in found}


# Lots that people say -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Lot(LotFacts):
    item_id: int = 0


def _given_lots(
    session: Session, groups: Sequence[TagGroup], command: TakeTags
) -> dict[str, GivenLot]:
    """Raises NotADate."""
    said = [(group, command.lots[group.gtin]) for group in groups if group.gtin in command.lots]
    if not said:
        return {}
    asked = {
        "items": [group.item.id for group, _ in said],
        "codes": [typed.lot.strip() for _, typed in said],
    }
    known = {(lot.item_id, lot.code): lot for lot in sql.rows(session, _Lot, TAGS["lots"], asked)}
    return {
        group.gtin: GivenLot(
            typed.lot.strip(),
            _dates(group.item, typed.expires_on),
            known.get((group.item.id, typed.lot.strip())),
        )
        for group, typed in said
    }


def _dates(item: ItemFacts, typed: str) -> Dates:
    day = date_of(typed[:40])
    if item.expiry_rule == "best_before_on":
        return Dates(None, day, None)
    return Dates(None, None, day)


# Booking ------------------------------------------------------------------------------------------


def take_tags(session: Session, command: TakeTags, envelope: Envelope) -> TagsTaken:
    """Receive what can be received; the rest is named with its reason.

    Raises:
        NothingToTake: nothing can.
        Problem: as ``plan_burst``.
    """
    sql.execute(session, TAGS["one_at_a_time"], {"session_id": command.session_id})
    burst = plan_burst(session, command, envelope)
    receipt = burst.loaded.receipt
    line_ids = _book(session, burst, envelope)
    _note_tags(session, burst, line_ids)
    units = sql.execute(
        session, TAGS["register_units"], {"store_id": receipt.store_id, "ssccs": burst.ssccs}
    )
    if not line_ids and not units:
        raise NothingToTake(number=receipt.number)
    return TagsTaken(receipt.id, burst.head.id, burst.tags, line_ids, units, _left(burst, command))


def _book(session: Session, burst: Burst, envelope: Envelope) -> list[int]:
    pieces, receipt = burst.pieces, burst.loaded.receipt
    if not pieces:
        return []
    ids = [row.id for row in sql.rows(session, _Id, TAGS["line_ids"], {"count": len(pieces)})]
    lots = _lot_ids(session, pieces)
    entries = [
        booking.Entry(line_id, piece.pending, piece.share, lot, _raw(piece))
        for line_id, piece, lot in zip(ids, pieces, lots, strict=True)
    ]
    with together(session):
        booking.book(session, burst.loaded, entries, envelope)
    kept = {
        "receipt_id": receipt.id,
        "user_id": envelope.caller.user_id,
        "step": Jsonb(receipt.step),
        "state": receipt.state,
        "note": None,
    }
    sql.execute(session, QUERIES["set_step"], kept)
    return ids


@dataclass(frozen=True)
class _Id:
    id: int


def _raw(piece: Piece) -> str:
    """The tag as it was read, where a line is one tag; else the GTIN."""
    return piece.tags[0].raw if len(piece.tags) == 1 else piece.pending.key


def _lot_ids(session: Session, pieces: Sequence[Piece]) -> list[int | None]:
    """Plain serial numbers are made in one statement; what has dates goes one by one."""
    plain = [piece.pending for piece in pieces if _is_plain_serial(piece.pending)]
    made = _merged_serials(session, plain)
    return [
        made[piece.pending.item.id, piece.pending.lot or ""]
        if _is_plain_serial(piece.pending)
        else booking.lot_of(session, piece.pending)
        for piece in pieces
    ]


def _is_plain_serial(pending: Pending) -> bool:
    return pending.item.has_serials and pending.dates == Dates()


def _merged_serials(session: Session, plain: Sequence[Pending]) -> dict[tuple[int, str], int]:
    if not plain:
        return {}
    items, serials = [one.item.id for one in plain], [one.lot or "" for one in plain]
    sql.execute(session, TAGS["merge_serials"], {"items": items, "serials": serials})
    found = sql.rows(session, _Lot, TAGS["lots"], {"items": items, "codes": serials})
    return {(lot.item_id, lot.code): lot.id for lot in found}


def _note_tags(session: Session, burst: Burst, line_ids: Sequence[int]) -> None:
    pairs = [
        (line_id, tag.epc)
        for line_id, piece in zip(line_ids, burst.pieces, strict=True)
        for tag in piece.tags
    ]
    values = {
        "lines": [line_id for line_id, _ in pairs],
        "epcs": [epc for _, epc in pairs],
        "store_id": burst.loaded.receipt.store_id,
        "receipt_id": burst.loaded.receipt.id,
        "session_id": burst.head.id,
    }
    if pairs:
        driver(session).execute(TAGS["take_tags"], values)


def _left(burst: Burst, command: TakeTags) -> list[LeftTags]:
    left = [
        LeftTags(plan.group.gtin, one.count, one.code, one.reason)
        for plan in burst.plans
        for one in plan.left.values()
    ]
    left += [
        LeftTags(gtin, count, "no_item", Message(NO_ITEM)) for gtin, count in burst.unknown.items()
    ]
    if burst.here:
        left.append(LeftTags("", burst.here, "received_here", Message(RECEIVED_HERE)))
    if burst.before and not command.again:
        left.append(LeftTags("", burst.before, "received_before", Message(RECEIVED_BEFORE)))
    return left


# What a person can choose -------------------------------------------------------------------------


@dataclass(frozen=True)
class ReceiptChoice:
    """An open receipt that tags could be received into."""

    id: int
    number: str
    held_by: int | None
    holder: str | None
    order_number: str | None
    supplier: str | None
    created_at: datetime


def open_receipts(session: Session, store_id: int, user_id: int) -> list[ReceiptChoice]:
    """Those of the store that are being received, one's own first."""
    asked = {"store_id": store_id, "user_id": user_id}
    return sql.rows(session, ReceiptChoice, TAGS["open_receipts"], asked)
