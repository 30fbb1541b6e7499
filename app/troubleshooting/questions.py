"""What is asked: an order line, an item, a lot or a scanned code, perhaps through other eyes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.access.actor import Actor
from app.kit import clock
from app.kit.database import Caller, Database
from app.troubleshooting import queries
from app.troubleshooting.answer import Diagnosis, Shown, Sight
from app.troubleshooting.diagnosis import Asked, compose
from app.troubleshooting.partition import Demand
from app.troubleshooting.problems import BadQuestion
from app.troubleshooting.views import LineHead, StoreSum, Viewer

EVERYWHERE = "*"
_DIGITS_OF_AN_ID = 18


@dataclass(frozen=True)
class Question:
    """One of ``order_line_id``, ``item_id`` and ``lot_id`` is set.

    ``as_user`` looks through that person's eyes; ``at`` asks how it was at that moment; ``shown``
    is what the asking screen said before.
    """

    order_line_id: int | None = None
    item_id: int | None = None
    lot_id: int | None = None
    store_id: int | None = None
    as_user: int | None = None
    at: datetime | None = None
    shown: Shown | None = None

    @classmethod
    def read(cls, query: Mapping[str, str], zone: str) -> Question:
        """From the query of an address; ``zone`` is that of moments without one.

        Raises:
            BadQuestion: a value that cannot be one.
        """
        names = ("order_line_id", "item_id", "lot_id", "store_id", "as_user")
        numbers = {name: number(query, name) for name in names}
        return cls(**numbers, at=_moment(query, "at", zone), shown=_shown(query, zone))

    @property
    def is_asked(self) -> bool:
        return bool(self.order_line_id or self.item_id or self.lot_id)

    @property
    def query(self) -> dict[str, str]:
        """The same as the query of an address, without the moments."""
        names = ("order_line_id", "item_id", "lot_id", "store_id", "as_user")
        values = {name: getattr(self, name) for name in names}
        return {name: str(value) for name, value in values.items() if value is not None}


def diagnose(database: Database, actor: Actor, question: Question) -> Diagnosis:
    """The whole answer.  Needs ``troubleshoot``, and ``view_as`` for another's eyes.

    Raises:
        NothingByThis: no such thing, or none that the one who asks sees.
        NotYours: the capability is missing.
    """
    actor.require("troubleshoot")
    person, caller = None, actor.caller
    if question.as_user is not None and question.as_user != actor.user_id:
        actor.require("view_as")
        person, caller = _eyes(database, actor, question.as_user)
    with database.reading(actor.caller, snapshot=True) as session:
        asked = _asked(session, actor, question)
        if person is None:
            return compose(asked, queries.seen(session, asked.demand, question.lot_id))
    with database.reading(caller, snapshot=True) as session:
        seen = queries.seen(session, asked.demand, question.lot_id)
    asked = replace(asked, sight=_sight(database, actor, person, caller, asked.demand.item_id))
    return compose(asked, seen)


# Whose eyes -------------------------------------------------------------------------------------


def _eyes(database: Database, actor: Actor, user_id: int) -> tuple[Viewer, Caller]:
    """The person, and a caller who sees what both see: nobody learns more than they may."""
    with database.reading(actor.caller) as session:
        person = queries.viewer(session, user_id)
    stores = common_stores(actor.stores, person.stores)
    return person, Caller(actor.user_id, stores, actor.device_id, actor.ip, actor.store_id)


def common_stores(mine: str, theirs: str) -> str:
    """The stores of both, as ``'*'`` or ids with commas."""
    if mine == EVERYWHERE:
        return theirs
    if theirs == EVERYWHERE:
        return mine
    shared = set(mine.split(",")) & set(theirs.split(",")) - {""}
    return ",".join(sorted(shared, key=int))


def _sight(database: Database, actor: Actor, person: Viewer, caller: Caller, item_id: int) -> Sight:
    with database.reading(actor.caller) as session:
        stores = queries.by_store(session, item_id)

    def sees(store: StoreSum) -> bool:
        return caller.stores == EVERYWHERE or str(store.store_id) in caller.stores.split(",")

    return Sight(
        person.id,
        person.name,
        sees=[store for store in stores if sees(store)],
        misses=[store for store in stores if not sees(store)],
    )


# The demand ---------------------------------------------------------------------------------------


def _asked(session: Session, actor: Actor, question: Question) -> Asked:
    line = queries.line(session, question.order_line_id) if question.order_line_id else None
    lot = queries.lot(session, question.lot_id) if question.lot_id else None
    store_id = line.store_id if line else question.store_id or actor.working_store_id
    store = queries.store(session, store_id)
    item_id = line.item_id if line else lot.item_id if lot else question.item_id
    if item_id is None:
        raise BadQuestion(name="item_id", given="")
    now = clock.now()
    today = now.astimezone(ZoneInfo(store.time_zone)).date()
    demand = Demand(item_id, store_id, None, today)
    return Asked(
        demand=_of_line(demand, line) if line else demand,
        store=store.name,
        line=line,
        lot=lot.code if lot else "",
        can=actor.can,
        read_at=now,
        shown=question.shown,
    )


def _of_line(demand: Demand, line: LineHead) -> Demand:
    return replace(
        demand,
        warehouse_id=line.warehouse_id,
        minimum_days=line.minimum_days,
        pack=line.factor if line.whole_packs else None,
        line_id=line.id,
        open_quantity=line.open_quantity,
    )


# Reading the query --------------------------------------------------------------------------------


def number(query: Mapping[str, str], name: str) -> int | None:
    given = query.get(name, "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit()) or len(given) > _DIGITS_OF_AN_ID:
        raise BadQuestion(name=name, given=given[:40])
    return int(given)


def _moment(query: Mapping[str, str], name: str, zone: str) -> datetime | None:
    given = query.get(name, "")
    if not given:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise BadQuestion(name=name, given=given[:40]) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def _shown(query: Mapping[str, str], zone: str) -> Shown | None:
    at = _moment(query, "shown_at", zone)
    if at is None:
        return None
    total, can_ship = (_amount(query, name) for name in ("shown_total", "shown_can_ship"))
    return Shown(at, total, can_ship)


def _amount(query: Mapping[str, str], name: str) -> Decimal:
    given = query.get(name, "0")
    try:
        found = Decimal(given)
    except InvalidOperation:
        raise BadQuestion(name=name, given=given[:40]) from None
    if not found.is_finite():
        raise BadQuestion(name=name, given=given[:40])
    return found
