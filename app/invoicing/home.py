"""The cards of the home screen that lead to invoices and to returns to suppliers."""

from __future__ import annotations

from sqlmodel import Session

from app.access.actor import Actor
from app.access.home import Card
from app.invoicing import queries
from app.kit.i18n import gettext, mark

NOTE = mark("{receipts} receipts without an invoice, {drafts} drafts")
NOTHING = mark("Match what suppliers bill with what was received")
SEND = mark("Send goods of a receipt back to their supplier")


def invoices_card(session: Session, actor: Actor) -> Card | None:
    """What of the last months is received and not invoiced, in the actor's store."""
    if not actor.can("supplier_invoice_read") or actor.store_id is None:
        return None
    found = queries.counts(session, actor.store_id)
    known = found.open_receipts or found.drafts
    note = gettext(NOTE if known else NOTHING)
    shown = note.format(receipts=found.open_receipts, drafts=found.drafts)
    return Card(gettext("Supplier invoices"), "/invoices", shown, found.drafts or None)


def supplier_returns_card(session: Session, actor: Actor) -> Card | None:
    del session
    if not actor.can("supplier_return"):
        return None
    return Card(gettext("Supplier returns"), "/supplier-returns", gettext(SEND))
