"""Items that sell much and earn nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from app.kit import sql
from app.reporting.figures import Figures
from app.reporting.pivot import SETTINGS, filled
from app.reporting.question import Question

MOST = 100


@dataclass(frozen=True)
class PoorItem:
    item_id: int
    code: str
    name: str
    specification: str
    base_unit: str
    quantity: Decimal
    gross: Decimal
    revenue: Decimal
    returned: Decimal
    cost: Decimal
    corrected: Decimal

    @property
    def figures(self) -> Figures:
        return Figures(
            self.quantity, self.gross, self.revenue, self.returned, self.cost, self.corrected
        )


def poor_items(session: Session, question: Question, limit: int = MOST) -> list[PoorItem]:
    """Those that together make the revenue of class A and earn less than the company's low rate.

    The greatest loss first.
    """
    sql.value(session, SETTINGS)
    asked = question.parameters | {"limit": limit}
    return sql.rows(session, PoorItem, filled("poor", question), asked)
