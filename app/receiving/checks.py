"""What is plausible about goods that come in: lots, dates, quantities.  Pure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from app.catalog.problems import LotDatesDiffer
from app.kit.i18n import mark
from app.kit.money import ZERO, fits, plain
from app.kit.problems import Problem
from app.ledger.problems import QuantityNotPositive
from app.receiving import problems
from app.receiving.state import (
    Facts,
    Pending,
)
from app.scanning.meanings import Dates, ItemFacts
from app.scanning.messages import Message

LONGEST_LOT = 50
MOST = Decimal(1_000_000)
MOST_TIMES_ORDERED = 10
SHELF_LIVES = 3
LONGEST_YEARS = 50

UNEXPECTED = mark("{item} is not on this order.")
MORE_THAN_ORDERED = mark("{item}: {total} is more than ordered ({ordered}).")
SHORT_LIFE = mark("{item} is good until {expiry}: {left} days left, {wanted} are wanted.")


def usual_quantity(pending: Pending) -> Decimal:
    """One piece or one pack."""
    packaging = pending.packaging
    return Decimal(1) if packaging is None or pending.item.has_serials else packaging.quantity


def lot_problem(code: str) -> Problem | None:
    fine = 1 <= len(code) <= LONGEST_LOT and code.isprintable() and code == code.strip()
    return None if fine else problems.LotUnusable(lot=code[: LONGEST_LOT + 1], most=LONGEST_LOT)


def completed_dates(item: ItemFacts, dates: Dates) -> Dates:
    """With the date that follows from production and shelf life, where only these are known."""
    if item.expiry_rule == "none" or deadline(item, dates) or not dates.produced_on:
        return dates
    if item.shelf_life_days is None:
        return dates
    last = dates.produced_on + timedelta(days=item.shelf_life_days)
    if item.expiry_rule == "best_before_on":
        return Dates(dates.produced_on, last, dates.expires_on)
    return Dates(dates.produced_on, dates.best_before_on, last)


def deadline(item: ItemFacts, dates: Dates) -> date | None:
    """The day that counts for the item: expiry or best before; each stands in for the other."""
    if item.expiry_rule == "none":
        return None
    if item.expiry_rule == "best_before_on":
        return dates.best_before_on or dates.expires_on
    return dates.expires_on or dates.best_before_on


def date_problem(pending: Pending, today: date) -> Problem | None:
    """Why these dates cannot be, None where they can."""
    item, dates = pending.item, pending.dates
    known = pending.known
    if known is not None and known.dates.contradicts(dates):
        return LotDatesDiffer(lot=known.code, known=str(known.dates), said=str(dates))
    last = deadline(item, dates)
    produced = dates.produced_on
    if produced and (produced > today or (last and produced > last)):
        return problems.ProducedLater(item=item.title, produced=produced.isoformat())
    if last is None:
        return None
    if last < today:
        return problems.ExpiryInPast(item=item.title, expiry=last.isoformat())
    latest = _latest(item, today)
    if last > latest:
        return problems.ExpiryImplausible(
            item=item.title, expiry=last.isoformat(), latest=latest.isoformat()
        )
    return None


def _latest(item: ItemFacts, today: date) -> date:
    if item.shelf_life_days is None:
        return today.replace(year=today.year + LONGEST_YEARS, day=min(today.day, 28))
    return today + timedelta(days=item.shelf_life_days * SHELF_LIVES)


def quantity_problem(pending: Pending, facts: Facts) -> Problem | None:
    """Why so many cannot be, None where they can; ``pending.quantity`` is set."""
    item, quantity = pending.item, pending.quantity or ZERO
    if quantity <= 0:
        return QuantityNotPositive()
    ordered = sum((line.quantity for line in facts.lines_of(item.id)), ZERO)
    if quantity > MOST or (ordered and quantity > ordered * MOST_TIMES_ORDERED):
        return problems.QuantityAbsurd(
            item=item.title,
            quantity=plain(quantity)[:40],
            unit=item.base_unit,
            ordered=plain(ordered),
        )
    if not fits(quantity, item.decimals):
        return problems.QuantityTooFine(
            item=item.title,
            unit=item.base_unit,
            decimals=item.decimals,
            quantity=plain(quantity)[:40],
        )
    if item.has_serials and quantity != 1:
        return problems.SerialsComeSingly(item=item.title)
    return None


def deviations(pending: Pending, facts: Facts) -> list[Message | Problem]:
    """What differs from what was ordered.

    A message where this person may accept it by scanning the same code again, a problem where not.
    """
    found = (unexpected(pending, facts), _over(pending, facts), _short_life(pending, facts))
    return [one for one in found if one is not None]


def unexpected(pending: Pending, facts: Facts) -> Message | Problem | None:
    """Goods that the order does not name: told before anything is asked about them."""
    if facts.order_id is None or facts.lines_of(pending.item.id):
        return None
    said = {"item": pending.item.title}
    if facts.policy.unexpected_item:
        return Message(UNEXPECTED, said)
    return problems.UnexpectedItem(**said)


def _over(pending: Pending, facts: Facts) -> Message | Problem | None:
    lines = facts.lines_of(pending.item.id)
    if not lines:
        return None
    ordered = sum((line.quantity for line in lines), ZERO)
    total = sum((line.received for line in lines), ZERO) + (pending.quantity or ZERO)
    total -= _replaced(pending, facts)
    if total <= ordered:
        return None
    limit = _limit(pending, facts)
    said = {"item": pending.item.title, "total": plain(total), "ordered": plain(ordered)}
    if total > limit:
        ask = f"/purchase-orders/{facts.order_id or 0}/allowances/new"
        about = f"item_id={pending.item.id}&total={plain(total)}"
        return problems.OverReceipt(**said, limit=plain(limit), ask=f"{ask}?{about}")
    return Message(MORE_THAN_ORDERED, said)


def _limit(pending: Pending, facts: Facts) -> Decimal:
    limit = sum((line.limit for line in facts.lines_of(pending.item.id)), ZERO)
    step = Decimal(1).scaleb(-pending.item.decimals)
    return limit // step * step


def _replaced(pending: Pending, facts: Facts) -> Decimal:
    """What a correction takes back before it books anew."""
    last = facts.last
    if pending.replaces is None or last is None or last.id != pending.replaces:
        return ZERO
    return last.quantity if last.order_line_id is not None else ZERO


def _short_life(pending: Pending, facts: Facts) -> Message | Problem | None:
    item = pending.item
    last = deadline(item, pending.dates)
    if last is None or (last - facts.today).days >= item.minimum_days_on_receipt:
        return None
    said = {
        "item": item.title,
        "expiry": last.isoformat(),
        "left": str((last - facts.today).days),
        "wanted": str(item.minimum_days_on_receipt),
    }
    if facts.policy.short_shelf_life:
        return Message(SHORT_LIFE, said)
    return problems.ShelfLifeTooShort(**said)
