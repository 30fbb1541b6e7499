"""From what a person points at to the labels that are meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sqlmodel import Session

from app.access.actor import Actor
from app.catalog.codes import normalised
from app.labelling import queries
from app.labelling.problems import CodesUnknown, NothingChosen, NothingToLabel, RunTooLong
from app.labelling.stored import Found
from app.scanning import own_codes
from printing.labels import CommandLabel

MOST_LABELS = 5000
_NAMED_CODES = 5


@dataclass(frozen=True)
class Wanted:
    """What to label: things of one kind by their ids, in the order of printing.

    ``kind`` is a key of KINDS.  ``packaging_ids``, where it is not empty, names for each item the
    pack that is meant.  ``each`` asks for a label per piece or pack that a receipt brought in.
    """

    kind: str
    ids: tuple[int, ...] = ()
    packaging_ids: tuple[int | None, ...] = ()
    each: bool = False


class _Reader(Protocol):
    def __call__(self, session: Session, wanted: Wanted) -> list[Found]: ...


@dataclass(frozen=True)
class Kind:
    """``capability`` is what a person needs for it; ``size`` the usual one."""

    read: _Reader
    size: str = "60x40"
    capability: str = "print_label"


def found(session: Session, wanted: Wanted) -> list[Found]:
    """The labels, in order.

    Raises:
        NothingToLabel: an unknown kind, or something that the caller does not see.
        NothingChosen, RunTooLong.
    """
    kind = kind_named(wanted.kind)
    if not wanted.ids and wanted.kind != "commands":
        raise NothingChosen
    if len(wanted.ids) > MOST_LABELS:
        raise RunTooLong(given=len(wanted.ids), most=MOST_LABELS)
    labels = kind.read(session, wanted)
    if not labels:
        raise NothingToLabel
    return labels


def kind_named(name: str) -> Kind:
    """Raises NothingToLabel for an unknown one."""
    kind = KINDS.get(name)
    if kind is None:
        raise NothingToLabel
    return kind


def require(actor: Actor, name: str) -> Kind:
    """The kind, if the actor may print it: a badge opens doors, so not everybody prints one."""
    kind = kind_named(name)
    actor.require("print_label")
    actor.require(kind.capability)
    return kind


def _items(session: Session, wanted: Wanted) -> list[Found]:
    packs = wanted.packaging_ids or (None,) * len(wanted.ids)
    return _all(queries.items(session, wanted.ids, packs), wanted)


def _zones(session: Session, wanted: Wanted) -> list[Found]:
    ids = queries.locations_of_zones(session, wanted.ids, MOST_LABELS + 1)
    if len(ids) > MOST_LABELS:
        raise RunTooLong(given=len(ids), most=MOST_LABELS)
    return queries.locations(session, ids)


def _receipts(session: Session, wanted: Wanted) -> list[Found]:
    labels: list[Found] = []
    for goods in queries.goods_of_receipts(session, wanted.ids):
        if goods.lot_id is not None:
            [label] = queries.lots(session, [goods.lot_id])
        else:
            [label] = queries.items(session, [goods.item_id], [goods.packaging_id])
        labels.append(replace(label, copies=goods.pieces if wanted.each else 1))
    return labels


def _plain(read: Callable[[Session, Sequence[int]], list[Found]]) -> _Reader:
    def reader(session: Session, wanted: Wanted) -> list[Found]:
        return _all(read(session, wanted.ids), wanted)

    return reader


def _all(labels: list[Found], wanted: Wanted) -> list[Found]:
    """One that is not there, or not the caller's, must not be missing silently."""
    if len(labels) != len(wanted.ids):
        raise NothingToLabel
    return labels


KINDS: dict[str, Kind] = {
    "items": Kind(_items),
    "lots": Kind(_plain(queries.lots)),
    "locations": Kind(_plain(queries.locations), "100x150"),
    "zones": Kind(_zones, "100x150"),
    "units": Kind(_plain(queries.units), "100x150"),
    "users": Kind(_plain(queries.badges), capability="user_read"),
    "receipts": Kind(_receipts),
    "receipt-documents": Kind(_plain(queries.receipt_documents)),
    "order-documents": Kind(_plain(queries.order_documents)),
    "commands": Kind(lambda session, wanted: queries.commands()),  # noqa: ARG005 - as all of them
}
"""By the word in the address of the page."""


def commands_with_hints() -> list[CommandLabel]:
    """The labels of all commands, in the order of the sheet."""
    return [queries.command_label(name, hint) for name, hint in queries.COMMAND_HINTS.items()]


def wanted_by_codes(session: Session, kind: str, texts: Sequence[str]) -> Wanted:
    """Items (with their packs) or locations by what their codes say.

    Raises:
        CodesUnknown: names the first of those that mean nothing of this kind.
        NothingChosen, RunTooLong.
    """
    if not texts:
        raise NothingChosen
    if len(texts) > MOST_LABELS:
        raise RunTooLong(given=len(texts), most=MOST_LABELS)
    things = queries.things_of_codes(session, [_key(text) for text in texts])
    ids = [thing.item_id if kind == "items" else thing.location_id for thing in things]
    unknown = [text for text, found_id in zip(texts, ids, strict=True) if found_id is None]
    if unknown:
        raise CodesUnknown(count=len(unknown), codes=", ".join(unknown[:_NAMED_CODES]))
    packs = tuple(thing.packaging_id for thing in things) if kind == "items" else ()
    return Wanted(kind, tuple(found_id for found_id in ids if found_id is not None), packs)


def _key(text: str) -> str:
    """As the table of codes has it; our own labels' prefix taken off."""
    own = own_codes.read_own(text)
    return normalised(own[1] if own else text)


def wanted_all(session: Session, kind: str, store_id: int) -> Wanted:
    """Every item in use, or every place of the store.

    Raises:
        NothingToLabel, NothingChosen, RunTooLong.
    """
    if kind == "items":
        ids = queries.all_items(session, MOST_LABELS + 1)
    elif kind == "locations":
        ids = queries.all_locations(session, store_id, MOST_LABELS + 1)
    else:
        raise NothingToLabel
    if len(ids) > MOST_LABELS:
        raise RunTooLong(given=len(ids), most=MOST_LABELS)
    return Wanted(kind, tuple(ids))
