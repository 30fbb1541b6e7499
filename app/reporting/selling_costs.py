"""What a company's own cost elements of sales come to (commission, packaging ...), item by item.

They are reckoned by formulas, not booked: beside the margin, never in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from app.formulas.costs import Making, reckon
from app.reporting.figures import Figures


def selling_costs(session: Session, sold: Mapping[int, Figures], day: date) -> dict[int, Decimal]:
    """By item, for what was sold of it at its real cost, by the formulas in force on the day.

    Empty where the company has defined no element for sales.
    """
    makings = [
        Making(item_id, figures.quantity, figures.cost)
        for item_id, figures in sold.items()
        if figures.quantity > 0
    ]
    found = reckon(session, makings, day) if makings else []
    return {one.making.item_id: one.sale_amount for one in found if one.sale}
