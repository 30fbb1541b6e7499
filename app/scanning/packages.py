"""Work that a device carries along, so that scanning goes on without network.

A workflow offers its open work as ``Carrying``: which work a person has open, and one piece of it
as a ``WorkPackage`` that says everything its screen needs.  The device keeps packages, takes each
scan in by the same rules (``web/static/js/offline``), and shows the sum as not yet confirmed.
Moving anything stays with the commands that it sends when the network is back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.access.actor import Actor
from app.kit import sql

QUERIES = sql.Queries(Path(__file__).with_name("packages.sql"))


@dataclass(frozen=True)
class OpenWork:
    """Work that somebody may go on with.  ``url`` is its page, and what its commands begin with."""

    workflow: str
    id: int
    url: str
    title: str
    note: str = ""


@dataclass(frozen=True)
class Goods:
    """How codes are understood: each part as JSON-ready rows, see ``packages.sql``.

    ``codes`` are (registered code, item id, packaging id or None), ``places`` (registered code,
    location id, code, kind).
    """

    items: list[dict[str, Any]]
    packagings: list[dict[str, Any]]
    codes: list[list[Any]]
    lots: list[dict[str, Any]]
    places: list[list[Any]]


@dataclass(frozen=True)
class Document:
    """A document that can be scanned while this work is on the screen."""

    kind: str
    id: int
    number: str


@dataclass(frozen=True)
class WorkPackage:
    """One piece of open work.  ``work`` is the workflow's own: its state and what it steps with."""

    open: OpenWork
    user_id: int
    user: str
    store: str
    time_zone: str
    documents: list[Document]
    goods: Goods
    work: dict[str, Any]


@dataclass(frozen=True)
class Carrying:
    """What a workflow implements so that its work can be carried along.

    ``name`` is also the module of its rules in the browser.  ``pack`` raises a Problem for work
    that is not there, not open, or somebody else's.
    """

    name: str
    open_work: Callable[[Session, Actor], list[OpenWork]]
    pack: Callable[[Session, Actor, int], WorkPackage]


@dataclass(frozen=True)
class _GoodsRow:
    items: list[dict[str, Any]]
    packagings: list[dict[str, Any]]
    codes: list[list[Any]]
    lots: list[dict[str, Any]]


@dataclass(frozen=True)
class _Place:
    registered: str
    id: int
    code: str
    kind: str


def goods_of(session: Session, item_ids: Sequence[int], store_id: int) -> Goods:
    """The items with their codes, packs and lots, and the places of the store."""
    found = sql.one(session, _GoodsRow, QUERIES["goods"], {"items": list(item_ids)})
    places = sql.rows(session, _Place, QUERIES["places"], {"store_id": store_id})
    assert found is not None, "a select without a from has one row"
    return Goods(
        items=found.items,
        packagings=found.packagings,
        codes=found.codes,
        lots=found.lots,
        places=[[place.registered, place.id, place.code, place.kind] for place in places],
    )
