"""Commands that screens, files and programs give beside those of ``app.orders``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256

from sqlmodel import Session

from app.catalog import input as given
from app.catalog.codes import normalised
from app.catalog.problems import InvalidInput
from app.kit import sql
from app.kit.problems import Problem
from app.kit.transactions import Envelope
from app.orders.commands import (
    CreateOrder,
    OrderChanged,
    ReleaseOrder,
    SalesLine,
    create_order,
    release_order,
)
from app.orders.permitting import permit
from app.selling import order_files, problems
from app.selling.queries import VIEWS, known_external

FILE = "file"
"""The source of orders that came in a file: each of its numbers comes in once."""


@dataclass(frozen=True)
class PlaceOrder:
    """Create an order and, with ``release``, let stock go to it in the same transaction."""

    order: CreateOrder
    release: bool = False
    reason: str = ""


@dataclass(frozen=True)
class ImportOrders:
    """The orders of a file; the content goes in beside the command.

    With ``skip_bad`` orders with problems are left out, else one problem keeps all of them out.
    """

    store_id: given.Id
    file_name: str
    file_hash: str
    skip_bad: bool = False
    release: bool = False


@dataclass(frozen=True)
class OrdersImported:
    """``skipped`` are the numbers, in the file, of the orders that were left out."""

    orders: list[OrderChanged] = field(default_factory=list[OrderChanged])
    skipped: list[str] = field(default_factory=list[str])


def place_order(session: Session, command: PlaceOrder, envelope: Envelope) -> OrderChanged:
    """Create, and release at once where that is wanted.

    The same number of the same other system means the same order: it is answered as it is now.

    Raises:
        OtherOrderSameNumber: the number came before, for other goods.
        Whatever ``create_order`` and ``release_order`` refuse.
    """
    order = given.checked(command.order)
    before = _sent_before(session, order)
    if before is not None:
        return before
    made = create_order(session, order, envelope)
    if not command.release:
        return made
    return release_order(session, ReleaseOrder(made.order_id, command.reason), envelope)


def content_hash(content: str) -> str:
    return sha256(content.encode()).hexdigest()


def importing(content: str) -> Callable[[Session, ImportOrders, Envelope], OrdersImported]:
    """The handler ``import_orders`` for this content (``OrdersFile.content``)."""

    def import_orders(
        session: Session, command: ImportOrders, envelope: Envelope
    ) -> OrdersImported:
        permit(session, envelope, command.store_id, "sales_order_write")
        found = order_files.check_content(session, command.store_id, content)
        good = [order for order in found.orders if not order.is_bad]
        if not good:
            raise problems.NothingToImport
        if found.bad_count and not command.skip_bad:
            raise problems.RowsAreBad(bad=found.bad_count, orders=len(found.orders))
        made = [_take_in(session, command, order, envelope) for order in good]
        return OrdersImported(made, [order.number for order in found.orders if order.is_bad])

    return import_orders


def _take_in(
    session: Session, command: ImportOrders, order: order_files.FileOrder, envelope: Envelope
) -> OrderChanged:
    fields = {**order.fields, "store_id": command.store_id, "source": FILE}
    try:
        made = create_order(session, given.read(CreateOrder, fields), envelope)
        if not command.release:
            return made
        return release_order(session, ReleaseOrder(made.order_id), envelope)
    except Problem as problem:
        raise problems.OrderRefused(number=order.number, reason=_reason(problem)) from problem


def _reason(problem: Problem) -> str:
    marks = list(problem.marks.values()) if isinstance(problem, InvalidInput) else list[str]()
    return " ".join([problem.message, *marks])


# ---- The same order again ---------------------------------------------------------------------


@dataclass(frozen=True)
class _Wanted:
    item_id: int
    entered_quantity: Decimal


@dataclass(frozen=True)
class _Meant:
    code: str
    item_id: int


def _sent_before(session: Session, order: CreateOrder) -> OrderChanged | None:
    if not order.external_number:
        return None
    known = known_external(session, order.source, order.external_number)
    if known is None:
        return None
    if _wanted(session, known.id) != _meant(session, order.lines):
        raise problems.OtherOrderSameNumber(
            source=order.source, external=order.external_number, number=known.number
        )
    return OrderChanged(known.id, known.number, known.state)


def _wanted(session: Session, order_id: int) -> list[_Wanted]:
    return sql.rows(session, _Wanted, VIEWS["wanted"], {"order_id": order_id})


def _meant(session: Session, lines: list[SalesLine]) -> list[_Wanted]:
    codes = {normalised(line.item) for line in lines}
    found = sql.rows(session, _Meant, VIEWS["meant"], {"codes": sorted(codes)})
    items = {one.code: one.item_id for one in found}
    return [_Wanted(items.get(normalised(line.item), 0), line.quantity) for line in lines]
