"""What happened to the stock, and how it was at a moment: recomputed from the moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.access.actor import Actor
from app.kit import clock, sql
from app.kit.database import Database
from app.kit.money import ZERO
from app.troubleshooting import queries
from app.troubleshooting.questions import Question
from app.troubleshooting.views import ItemHead, LineHead, PastBalance, PastCommand, PastMove

QUERIES = sql.Queries(Path(__file__).with_name("history.sql"))
MOST = 100
COMMAND_DAYS = 31


@dataclass(frozen=True)
class History:
    """The stock at ``at`` and what was done until then, newest first.

    ``until_now`` tells that no moment was asked for.  ``commands`` are those about the order's
    promises: a promise that is over leaves no row, but who made it and who ended it stays known.
    """

    item: ItemHead
    line: LineHead | None
    lot: str
    at: datetime
    until_now: bool
    total: Decimal
    balances: list[PastBalance]
    moves: list[PastMove]
    commands: list[PastCommand]


def history(database: Database, actor: Actor, question: Question) -> History:
    """Raises NothingByThis."""
    now = clock.now()
    at = question.at or now
    with database.reading(actor.caller, snapshot=True) as session:
        line = queries.line(session, question.order_line_id) if question.order_line_id else None
        lot = queries.lot(session, question.lot_id) if question.lot_id else None
        item_id = line.item_id if line else lot.item_id if lot else question.item_id
        parameters = {
            "item_id": item_id,
            "lot_id": question.lot_id,
            "at": at,
            "limit": MOST,
            "order_id": line.order_id if line else None,
            "line_id": line.id if line else None,
            "days": COMMAND_DAYS,
        }
        return _read(session, parameters, at, line, lot.code if lot else "", question.at is None)


def _read(
    session: Session,
    parameters: dict[str, Any],
    at: datetime,
    line: LineHead | None,
    lot: str,
    until_now: bool,  # noqa: FBT001 - one of the facts
) -> History:
    balances = sql.rows(session, PastBalance, QUERIES["balances_at"], parameters)
    commands: list[PastCommand] = []
    if line is not None:
        commands = sql.rows(session, PastCommand, QUERIES["commands_about"], parameters)
    return History(
        item=queries.item(session, parameters["item_id"]),
        line=line,
        lot=lot,
        at=at,
        until_now=until_now,
        total=sum((balance.quantity for balance in balances), ZERO),
        balances=balances,
        moves=sql.rows(session, PastMove, QUERIES["moves_until"], parameters),
        commands=commands,
    )
