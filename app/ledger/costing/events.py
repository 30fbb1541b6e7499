"""What happens to cost pools, in order: the events that a replay goes through."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from app.kit.money import ZERO
from app.ledger.costing.stock import Rank

Kind = Literal["put", "gain", "take", "take_amount", "put_back", "flow", "fixed"]


class Event(NamedTuple):
    """One move in one pool.

    ``kind``: goods that come in at ``amount`` (``put``), that are found (``gain``: ``amount`` None
    is at the average), that leave (``take``, from the layer ``of`` first where it is given), a
    receipt ``of`` taken back at ``amount``, goods of the issue ``of`` that come back, goods whose
    cost flows from others (``flow``), and what stays as it was booked (``fixed``).  ``layer`` is
    the layer that goods belong to which correct the quantity of another receipt.  ``unit_cost``
    sets the value of the ``counted`` goods after the event (a count that says so).
    """

    move: int
    pool: int
    kind: Kind
    quantity: Decimal
    rank: Rank
    amount: Decimal | None = None
    of: int | None = None
    layer: int | None = None
    unit_cost: Decimal | None = None
    counted: Decimal = ZERO


class Part(NamedTuple):
    """What an outgoing end of a flow takes: ``basis`` and what it counts (see the table's text)."""

    move: int | None
    basis: str
    weight: Decimal
    amount: Decimal
    quantity: Decimal
    item: int | None = None


class Ingredient(NamedTuple):
    """A move whose goods went into a flow."""

    move: int
    item: int
    quantity: Decimal


@dataclass(frozen=True)
class Flow:
    """Cost that goes on: what went in, money added to it, and what comes of both."""

    ingredients: tuple[Ingredient, ...]
    overhead: Decimal
    parts: tuple[Part, ...]
