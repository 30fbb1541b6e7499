"""What becomes known later: charges, prices, quantities; and sharing by itself."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from app.kit.money import ZERO
from app.ledger.corrections import Correction, amend, correct
from app.ledger.costing.sharing import Target, share, share_by_weights
from app.scenarios import events
from app.scenarios.book import Posting
from app.scenarios.working import REASON, Work, base, moves_of

Kind = Literal["landed", "correction"]


def land(work: Work, event: events.LandedCost) -> Posting:
    posting = work.begun(event)
    receipts = [work.earlier(target) for target in event.targets]
    given = event.basis or [None] * len(receipts)
    targets = [
        Target(
            value=receipt.amount,
            quantity=receipt.quantity,
            weight=getattr(receipt.event, "weight", None) or ZERO,
            volume=getattr(receipt.event, "volume", None) or ZERO,
            given=one,
        )
        for receipt, one in zip(receipts, given, strict=True)
    ]
    decimals = work.book.scenario.currency_decimals
    parts = share(work.money(event.amount), event.allocate, targets, decimals)
    posting.numbers["allocation"] = parts
    _correct(work, posting, receipts, parts, "landed")
    return posting


def _correct(
    work: Work,
    posting: Posting,
    receipts: Sequence[Posting],
    amounts: Sequence[Decimal],
    kind: Kind,
) -> None:
    """Add an amount to each receipt; what of it stayed in stock, and what was gone."""
    corrections = [
        Correction(receipt.moves[0], amount, kind, REASON)
        for receipt, amount in zip(receipts, amounts, strict=True)
        if amount
    ]
    answers = iter(correct(work.session, work.envelope, corrections) if corrections else [])
    found = [next(answers) if amount else None for amount in amounts]
    posting.numbers["to_stock"] = [one.to_stock if one else ZERO for one in found]
    posting.numbers["to_cogs"] = [one.to_cogs if one else ZERO for one in found]


def adjust_price(work: Work, event: events.PriceAdjust) -> Posting:
    posting, receipt = work.begun(event), work.earlier(event.of)
    factor: Decimal = getattr(receipt.event, "uom_factor", events.ONE)
    if event.unit_cost is not None:
        amount = work.money(event.unit_cost * receipt.quantity / factor)
    else:
        amount = work.money(event.total_cost or ZERO)
    _correct(work, posting, [receipt], [amount - receipt.amount], "correction")
    receipt.amount = amount
    return posting


def amend_quantity(work: Work, event: events.Amend) -> Posting:
    """The last move of the event takes the whole difference."""
    posting, earlier = work.begun(event), work.earlier(event.of)
    factor: Decimal = getattr(earlier.event, "uom_factor", events.ONE)
    quantity = base(event.qty, factor)
    last = moves_of(work, earlier.moves)[-1]
    wanted = last.quantity + quantity - earlier.quantity
    amend(work.session, work.envelope, last.id, wanted, REASON)
    if earlier.quantity:
        earlier.amount = work.money(earlier.amount * quantity / earlier.quantity)
    earlier.quantity = quantity
    return posting


def allocate(work: Work, event: events.Allocate) -> Posting:
    posting = work.begun(event)
    decimals = work.book.scenario.currency_decimals
    parts = share_by_weights(work.money(event.amount), event.basis, decimals)
    posting.numbers["allocation"] = parts
    return posting
