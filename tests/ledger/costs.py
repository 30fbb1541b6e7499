"""Commands over the costing of the ledger, for its tests: workflows have better ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.kit import ids
from app.kit.database import SYSTEM, Database, driver
from app.kit.transactions import Envelope, run
from app.ledger import corrections, counts, posting, producing, returns, transfers
from app.ledger.corrections import Corrected, Correction, Revaluation
from app.ledger.counts import Counted, Observed
from app.ledger.movements import Movement, Place, Posted
from app.ledger.producing import Produced, Production
from app.ledger.returns import ReturnedOut


@dataclass(frozen=True)
class Post:
    movements: list[Movement]


@dataclass(frozen=True)
class Reverse:
    move_id: int


@dataclass(frozen=True)
class Return:
    movement: Movement
    of: int
    credit: Decimal = Decimal(0)


@dataclass(frozen=True)
class Correct:
    corrections: list[Correction]


@dataclass(frozen=True)
class Amend:
    move_id: int
    quantity: Decimal


@dataclass(frozen=True)
class Transfer:
    leaving: Movement
    arriving: Movement


def post(session: Session, command: Post, envelope: Envelope) -> list[Posted]:
    return posting.post(session, envelope, command.movements)


def reverse(session: Session, command: Reverse, envelope: Envelope) -> Posted:
    return posting.reverse(session, envelope, command.move_id, "typed wrong")


def return_in(session: Session, command: Return, envelope: Envelope) -> Posted:
    # As the documents do: two returns of one issue come one after the other.
    driver(session).execute("select pg_advisory_xact_lock(%s)", [command.of])
    return returns.return_in(session, envelope, command.movement, command.of)


def return_out(session: Session, command: Return, envelope: Envelope) -> ReturnedOut:
    driver(session).execute("select pg_advisory_xact_lock(%s)", [command.of])
    return returns.return_out(session, envelope, command.movement, command.of, command.credit)


def correct(session: Session, command: Correct, envelope: Envelope) -> list[Corrected]:
    return corrections.correct(session, envelope, command.corrections)


def amend(session: Session, command: Amend, envelope: Envelope) -> list[Posted]:
    return corrections.amend(session, envelope, command.move_id, command.quantity, "typed wrong")


def revalue(session: Session, command: Revaluation, envelope: Envelope) -> Decimal:
    return corrections.revalue(session, envelope, command)


def observe(session: Session, command: Counted, envelope: Envelope) -> Observed:
    return counts.observe(session, envelope, command)


def transfer(session: Session, command: Transfer, envelope: Envelope) -> list[Posted]:
    departed = transfers.depart(session, envelope, command.leaving)
    return [departed, transfers.arrive(session, envelope, command.arriving, departed.move_id)]


def produce(session: Session, command: Production, envelope: Envelope) -> Produced:
    return producing.produce(session, envelope, command)


@dataclass
class Ledger:
    """Commands at chosen moments, and what the ledger says afterwards."""

    database: Database
    company: Any

    def run(self, handler: Any, command: Any, at: datetime | None = None) -> Any:
        envelope = Envelope(ids.new_id(), SYSTEM)
        if at is not None:
            envelope = Envelope(ids.new_id(), SYSTEM, at)
        return run(self.database, handler, command, envelope)

    def sql(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.database.session(SYSTEM) as session:
            cursor = driver(session).execute(text, values)
            rows = cursor.fetchall() if cursor.description else []
            session.commit()
            return rows

    def move(
        self, item: str, quantity: str, source: str, target: str, store: str = "a", **more: Any
    ) -> Movement:
        kinds = {"supplier": "receipt", "customer": "issue", "adjustment": "adjustment"}
        place = getattr(self.company, store)
        virtual = {"supplier", "customer", "adjustment", "in_transit", "production"}
        ends = [
            Place(place.locations[name], None if name in virtual else "available")
            for name in (source, target)
        ]
        more.setdefault("kind", kinds.get(source) or kinds.get(target) or "adjustment")
        return Movement(
            store_id=place.store_id,
            item_id=self.company.items[item],
            quantity=Decimal(quantity),
            source=ends[0],
            target=ends[1],
            biz_step="testing",
            **more,
        )

    def receive(self, item: str, quantity: str, amount: str, at=None, **more: Any) -> int:
        made = self.move(item, quantity, "supplier", "dock", amount=Decimal(amount), **more)
        return self.run(post, Post([made]), at)[0].move_id

    def issue(self, item: str, quantity: str, at=None, **more: Any) -> int:
        made = self.move(item, quantity, "dock", "customer", **more)
        return self.run(post, Post([made]), at)[0].move_id

    def cost(self, move_id: int) -> Decimal:
        """What an issue costs, later corrections included."""
        return self.sql("select cost from issue_cost where move_id = %s", move_id)[0][0]

    def pool(self, item: str) -> tuple[Decimal, Decimal]:
        found = self.sql(
            "select coalesce(sum(quantity), 0), coalesce(sum(value), 0) from cost_pool"
            " where item_id = %s",
            self.company.items[item],
        )
        return found[0]

    def layers(self, item: str) -> list[tuple[Decimal, Decimal]]:
        return self.sql(
            "select remaining, cost_layer.value from cost_layer join cost_pool on"
            " cost_pool.id = pool_id where item_id = %s and remaining <> 0"
            " order by occurred_at, cost_layer.id",
            self.company.items[item],
        )
