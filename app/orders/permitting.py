"""Who may do what with an order of a store."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from app.access.problems import CapabilityMissing
from app.access.roles import may
from app.kit import sql
from app.kit.transactions import Envelope
from app.orders.problems import NoSuchSalesOrder

PERMISSION = """
select (select role from app_user where id = %(user_id)s::bigint) as role
from store where store.id = %(store_id)s
  and (sees_all_stores() or store.id = any(visible_stores()))
"""


@dataclass(frozen=True)
class _Role:
    role: str | None


def permit(session: Session, envelope: Envelope, store_id: int, capability: str) -> None:
    """Refuse who may not.  Without a person it is the system: jobs, imports, the demo company.

    What an approval executes was permitted when it was asked for.

    Raises:
        NoSuchSalesOrder: the store is not one of theirs.
        CapabilityMissing.
    """
    who = {"store_id": store_id, "user_id": envelope.caller.user_id}
    found = sql.one(session, _Role, PERMISSION, who)
    if found is None:
        raise NoSuchSalesOrder
    if envelope.approval_id is None and found.role is not None and not may(found.role, capability):
        raise CapabilityMissing(capability=capability)
