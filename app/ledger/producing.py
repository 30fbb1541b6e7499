"""Production and disassembly: what was used up becomes the cost of what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlmodel import Session

from app.kit.transactions import Envelope
from app.ledger.movements import Movement, Posted


@dataclass(frozen=True)
class Output:
    """What comes of a production; its ``movement`` goes from ``production`` to a real place.

    It takes ``fixed_value``, or (``as_component``) the unit cost of the same item that went in; what
    is left is shared by ``share`` among the others (quantity where no output gives a share).
    ``movement`` None is normal or abnormal loss: nothing enters stock, its share is an expense.
    """

    movement: Movement | None
    share: Decimal | None = None
    fixed_value: Decimal | None = None
    as_component: bool = False


@dataclass(frozen=True)
class Production:
    """``consumed`` go from real places to ``production``; ``overheads`` are amounts of money."""

    consumed: Sequence[Movement]
    outputs: Sequence[Output]
    overheads: Sequence[Decimal] = field(default_factory=tuple)


@dataclass(frozen=True)
class Produced:
    """``cost`` is what all outputs (and losses) share; amounts are positive, in order given."""

    flow_id: int
    cost: Decimal
    consumed: list[Posted]
    outputs: list[Posted | None]
    values: list[Decimal]


@dataclass(frozen=True)
class Disassembled:
    """``goods`` left at ``cost``; ``recovered`` came back at what they went in for."""

    flow_id: int
    cost: Decimal
    goods: Posted
    recovered: list[Posted]
    variance: Decimal


def produce(session: Session, envelope: Envelope, production: Production) -> Produced:
    """Issue what is consumed and receive what came of it, at the cost of the first."""
    raise NotImplementedError


def disassemble(
    session: Session,
    envelope: Envelope,
    goods: Movement,
    recovered: Sequence[Movement],
    produced_move_id: int,
) -> Disassembled:
    """Take apart what the output move ``produced_move_id`` brought in.

    ``goods`` goes from a real place to ``production``, ``recovered`` the other way; each comes back
    at the unit cost that its item went in for in that production, the rest is variance.
    """
    raise NotImplementedError
