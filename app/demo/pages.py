"""Pages of the demo: the first five minutes, and the codes to scan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from litestar import Response, get
from litestar.types import ControllerRouterHandler
from sqlmodel import Session

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.access.home import Card
from app.demo.company import PIN
from app.demo.maker import Maker, beginning, look
from app.demo.orders import SIMPLE
from app.demo.pictures import pictures
from app.demo.selling import BLOCKED, Sale
from app.demo.sheet import barcode_sheet
from app.demo.trading import DEARER
from app.kit import sql
from app.kit.database import Database
from app.kit.i18n import current_language, gettext, mark
from app.kit.web import page, pdf
from printing.documents import barcode_sheet_pdf

QUERIES = sql.Queries.beside(__file__)
GUIDE = mark("First five minutes")
NEXT = mark("Receive a delivery by scanning: step {step} of {steps}")
ALL_DONE = mark("Done. Try the other orders on the sheet of codes.")
STEPS = 5
TOUR = mark("Why can't it ship?")
TOUR_NOTE = mark("A tour through the five checks: {freed} of {orders} orders freed")
CHECKS = (
    (mark("Status"), mark("Is it in inspection, frozen, damaged or too old?")),
    (mark("Allocations"), mark("Has it been promised to somebody else?")),
    (mark("Places"), mark("Does it lie where orders don't pick from?")),
    (mark("Permission"), mark("Is there more that you don't see?")),
    (mark("Freshness"), mark("Is the number still right: counts, scans on their way?")),
)


@dataclass(frozen=True)
class Progress:
    """How far the simple order is; ids are None until there is something to open."""

    order_id: int
    store_id: int
    receipt_id: int | None
    is_received: bool
    is_put_away: bool
    item_id: int | None

    @property
    def step(self) -> int:
        """The step to do next, 1 to 5."""
        if self.receipt_id is None:
            return 1
        if not self.is_received:
            return 2
        return 4 if self.is_put_away else 3


def progress(session: Session) -> Progress | None:
    """None for who does not see the central kitchen, or while the company is being made."""
    return sql.one(session, Progress, QUERIES["progress"], {"number": SIMPLE.number})


def demo_card(session: Session, actor: Actor) -> Card | None:
    """The guide, on everybody's home screen."""
    now = progress(session)
    if now is None or not actor.can("receive"):
        return None
    words = ALL_DONE if now.step >= STEPS - 1 else NEXT
    note = gettext(words).format(step=now.step, steps=STEPS)
    return Card(gettext(GUIDE), "/demo", note, urgent=False)


@get("/demo", sync_to_thread=True)
def guide_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """The way through the simple order, step by step."""
    with database.reading(actor.caller) as session:
        now = progress(session)
        flour = sql.value(session, QUERIES["item"], {"code": DEARER}) if now else None
    return page(request, "demo/guide.html", progress=now, number=SIMPLE.number, flour=flour)


@get("/demo/barcodes", sync_to_thread=True)
def barcodes_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Every code of the open orders, on the screen."""
    groups = pictures(barcode_sheet(made_on(database), PIN))
    return page(request, "demo/barcodes.html", groups=groups, reader=actor.name)


@get("/demo/barcodes.pdf", sync_to_thread=True)
def barcodes_pdf(database: Database, actor: Actor) -> Response[bytes]:
    """The same on A4."""
    language = "en" if current_language() == "en" else "zh"
    return pdf(_pdf(made_on(database), language), f"codes-{actor.store_code}")


@lru_cache(4)
def _pdf(today: date, language: str) -> bytes:
    # Two seconds of layout, always with the same result.
    return barcode_sheet_pdf(barcode_sheet(today, PIN), "en" if language == "en" else "zh")


def made_on(database: Database) -> date:
    """The day that the dates of the demo company count from."""
    return Maker(database, beginning(look(database))).today


@dataclass(frozen=True)
class SaleNow:
    """One of the demo's sales orders as it is: ``missing`` base units lack a promise."""

    number: str
    order_id: int
    line_id: int
    state: str
    missing: Decimal


@dataclass(frozen=True)
class Stop:
    """An order that a check explains; ``now`` is None where the visitor does not see it."""

    sale: Sale
    now: SaleNow | None

    @property
    def is_freed(self) -> bool:
        return self.now is not None and (not self.now.missing or self.now.state == "done")


def stops(session: Session) -> list[list[Stop]]:
    """The orders that cannot ship, in five lists: by the check that says why."""
    asked = {"numbers": [sale.number for sale in BLOCKED]}
    found = {row.number: row for row in sql.rows(session, SaleNow, QUERIES["sales"], asked)}
    return [
        [Stop(sale, found.get(sale.number)) for sale in BLOCKED if sale.check == check]
        for check in range(1, 6)
    ]


def why_card(session: Session, actor: Actor) -> Card | None:
    """The tour, for those who free stock."""
    if not actor.can("board_read"):
        return None
    seen = [stop for check in stops(session) for stop in check if stop.now]
    if not seen:
        return None
    freed = sum(stop.is_freed for stop in seen)
    note = gettext(TOUR_NOTE).format(freed=freed, orders=len(seen))
    return Card(gettext(TOUR), "/demo/why", note)


@get("/demo/why", sync_to_thread=True)
def tour_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Through the five checks, with an order that cannot ship for each cause."""
    with database.reading(actor.caller) as session:
        checks = stops(session)
    return page(request, "demo/why.html", checks=list(zip(CHECKS, checks, strict=True)))


handlers: list[ControllerRouterHandler] = [guide_page, barcodes_page, barcodes_pdf, tour_page]
