"""How far an order is: picked, put back, shipped.  Called where the goods are moved.

The caller has moved the goods and their promise already (``ledger.allocations.carry`` and
``issue_promised``), in the same transaction; here the line and its order keep count.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sqlmodel import Session

from app.kit import sql
from app.ledger import allocations
from app.orders.allocating import LINE_KIND
from app.orders.problems import NoSuchSalesLine, NotReleased

QUERIES = sql.Queries(Path(__file__).with_name("progress.sql"))


@dataclass(frozen=True)
class _Order:
    number: str
    state: str


def note_picked(session: Session, line_id: int, quantity: Decimal) -> None:
    """So much of what was promised left its shelf; the first pick of an order begins it."""
    sql.execute(session, QUERIES["picked"], {"line_id": line_id, "quantity": quantity})


def note_put_back(
    session: Session, line_id: int, quantity: Decimal, balance_id: int
) -> list[allocations.Released]:
    """So much was put back to the balance on its shelf, still promised.

    Where the order was cancelled or the line closed short meanwhile the promise ends here, and is
    returned: the caller lets waiting orders have it (``allocate_waiting``).
    """
    values = {"line_id": line_id, "quantity": quantity}
    is_wanted = sql.value(session, QUERIES["put_back"], values)
    if is_wanted:
        return []
    released = allocations.release(
        session, LINE_KIND, line_id, balance_id=balance_id, quantity=quantity
    )
    sql.execute(session, QUERIES["unpromised"], values)
    return released


def note_shipped(session: Session, line_id: int, quantity: Decimal) -> None:
    """So much of what was picked left the house; its promise is kept.

    Raises:
        NotReleased: the order was cancelled meanwhile.
    """
    values = {"line_id": line_id, "quantity": quantity}
    if sql.value(session, QUERIES["shipped"], values) is None:
        order = sql.one(session, _Order, QUERIES["order_of_line"], values)
        raise NotReleased(order.number, order.state) if order else NoSuchSalesLine


def close_when_done(session: Session, order_id: int) -> bool:
    """Close the order where every line is shipped or closed short, with nothing left to ship.

    Returns:
        Whether the order is done now.
    """
    return sql.value(session, QUERIES["close_when_done"], {"order_id": order_id}) is not None
