"""Loading recipes with everything below them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from app.kit import sql
from app.producing.bom import Component, SideOutput, Structure
from app.producing.recipes import RECIPES


@dataclass(frozen=True)
class VersionRow:
    item_id: int
    version_id: int
    version: int
    valid_from: date
    quantity: Decimal
    yield_rate: Decimal
    hours: Decimal
    labour_rate: Decimal
    overhead_rate: Decimal
    overhead_amount: Decimal
    tolerance: Decimal


@dataclass(frozen=True)
class LineRow:
    """``entered_quantity`` is in ``unit``, ``quantity`` in the base unit."""

    version_id: int
    item_id: int
    quantity: Decimal
    scrap_rate: Decimal
    decimals: int
    issue: str
    is_made_along: bool
    entered_quantity: Decimal
    unit: str
    factor: Decimal
    code: str
    name: str
    specification: str
    base_unit: str

    @property
    def title(self) -> str:
        return f"{self.name} {self.specification}".strip()


@dataclass(frozen=True)
class OutputRow:
    version_id: int
    item_id: int
    quantity: Decimal
    decimals: int
    share: Decimal | None
    unit_value: Decimal | None
    code: str
    name: str
    specification: str
    base_unit: str

    @property
    def title(self) -> str:
        return f"{self.name} {self.specification}".strip()


def structures(
    session: Session, item_ids: Iterable[int], day: date, version_id: int | None = None
) -> dict[int, Structure]:
    """The recipes of the items and of what they are made of, by item, as they hold on the day.

    Args:
        version_id: the version of one of the items that is looked at, whatever the day.
    """
    asked = {"item_ids": list(item_ids), "day": day, "version_id": version_id}
    versions = sql.rows(session, VersionRow, RECIPES["structures"], asked)
    ids = [row.version_id for row in versions]
    components: dict[int, list[Component]] = defaultdict(list)
    for line in lines(session, ids):
        components[line.version_id].append(_component(line))
    besides: dict[int, list[SideOutput]] = defaultdict(list)
    for one in outputs(session, ids):
        besides[one.version_id].append(
            SideOutput(one.item_id, one.quantity, one.decimals, one.share, one.unit_value)
        )
    return {
        row.item_id: _structure(row, components[row.version_id], besides[row.version_id])
        for row in versions
    }


def lines(session: Session, version_ids: list[int]) -> list[LineRow]:
    return sql.rows(session, LineRow, RECIPES["lines"], {"version_ids": version_ids})


def outputs(session: Session, version_ids: list[int]) -> list[OutputRow]:
    return sql.rows(session, OutputRow, RECIPES["outputs"], {"version_ids": version_ids})


def _component(line: LineRow) -> Component:
    return Component(
        line.item_id,
        line.quantity,
        line.scrap_rate,
        line.decimals,
        line.issue,
        line.is_made_along,
    )


def _structure(row: VersionRow, lines: list[Component], besides: list[SideOutput]) -> Structure:
    return Structure(
        version_id=row.version_id,
        item_id=row.item_id,
        quantity=row.quantity,
        yield_rate=row.yield_rate,
        hours=row.hours,
        labour_rate=row.labour_rate,
        overhead_rate=row.overhead_rate,
        overhead_amount=row.overhead_amount,
        components=tuple(lines),
        outputs=tuple(besides),
    )
