"""Commands over the bare ledger, for its own tests: workflows have better ones."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from app.kit.transactions import Envelope
from app.ledger.movements import Movement, Place, Posted
from app.ledger.posting import post, reverse
from tests.harness import SampleCompany


@dataclass(frozen=True)
class PostMoves:
    movements: list[Movement]


@dataclass(frozen=True)
class ReverseMove:
    move_id: int


def post_moves(session: Session, command: PostMoves, envelope: Envelope) -> list[Posted]:
    return post(session, envelope, command.movements)


def reverse_move(session: Session, command: ReverseMove, envelope: Envelope) -> Posted:
    return reverse(session, envelope, command.move_id, "typed wrong")


def movement(
    company: SampleCompany, item: str, quantity: str, source: str, target: str, **more: object
) -> Movement:
    """A movement in store A between places named as in the harness; virtual ones by their kind."""
    kinds = {"supplier": "receipt", "customer": "issue", "adjustment": "adjustment"}
    places = [
        Place(company.a.locations[name], None if name in kinds else "available")
        for name in (source, target)
    ]
    return Movement(
        store_id=company.a.store_id,
        item_id=company.items[item],
        quantity=Decimal(quantity),
        source=places[0],
        target=places[1],
        biz_step="testing",
        kind=kinds.get(source) or kinds.get(target) or "adjustment",
        **more,  # pyright: ignore[reportArgumentType]
    )


def receive(company: SampleCompany, item: str, quantity: str, amount: str, **more: object):
    more["amount"] = Decimal(amount)
    return movement(company, item, quantity, "supplier", "dock", **more)


def issue(company: SampleCompany, item: str, quantity: str, **more: object):
    return movement(company, item, quantity, "dock", "customer", **more)


def shelve(company: SampleCompany, item: str, quantity: str, **more: object):
    return movement(company, item, quantity, "dock", "shelf1", **more)
