"""The ends of cost flows, as they are written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sqlmodel import Session

from app.kit import sql
from app.kit.money import ZERO

FLOWS = sql.Queries(Path(__file__).with_name("flows.sql"))


@dataclass(frozen=True)
class End:
    """One end of a flow, as the table's text says."""

    store_id: int
    side: str
    move_id: int | None = None
    basis: str = "share"
    weight: Decimal = ZERO
    amount: Decimal = ZERO


def new_flow(session: Session, ends: Sequence[End]) -> int:
    """Write the ends down; the flow's number."""
    flow_id = int(sql.value(session, FLOWS["number"]))
    extend_flow(session, flow_id, ends)
    return flow_id


def extend_flow(session: Session, flow_id: int, ends: Sequence[End]) -> None:
    columns = {
        "flow_id": flow_id,
        "stores": [end.store_id for end in ends],
        "moves": [end.move_id for end in ends],
        "sides": [end.side for end in ends],
        "bases": [end.basis for end in ends],
        "weights": [end.weight for end in ends],
        "amounts": [end.amount for end in ends],
    }
    sql.execute(session, FLOWS["add"], columns)
