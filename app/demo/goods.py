"""What the bakery buys, makes and sells: the table goods.tsv, read.

Barcodes use 6901234, the company prefix of the textbook example 6901234567892; what the scales in
the shop print begins with 22, which GS1 leaves to each company (General Specifications, 1.4.5).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from app.catalog.codes import check_digit

PREFIX = "6901234"
SCALE_PREFIX = "22"
CATEGORIES = {
    "RAW": ("原料", None),
    "FLOUR": ("面粉", "RAW"),
    "SUGAR": ("糖盐", "RAW"),
    "DAIRY": ("乳制品", "RAW"),
    "EGG": ("蛋品", "RAW"),
    "BAKING": ("烘焙辅料", "RAW"),
    "MEAT": ("肉类罐头", "RAW"),
    "OIL": ("食用油", "RAW"),
    "PACK": ("包材耗材", None),
    "GOODS": ("成品", None),
    "BREAD": ("面包", "GOODS"),
    "CAKE": ("蛋糕西点", "GOODS"),
    "DRINK": ("饮品", None),
    "EQUIP": ("设备", None),
}
UNITS = {
    "个": 0, "包": 0, "盒": 0, "瓶": 0, "块": 0, "桶": 0, "罐": 0, "卷": 0, "台": 0, "kg": 3,
}  # fmt: skip


@dataclass(frozen=True)
class Good:
    """One row of the table.  ``cost`` is what one base unit costs without tax."""

    code: str
    name: str
    specification: str
    unit: str
    category: str
    tracking: str
    rule: str
    life: int | None
    minimum: int
    catch_weight: bool
    inspected: bool
    safety: Decimal
    cost: Decimal
    tax: Decimal
    pack: str
    pack_quantity: Decimal
    zone: str
    opening: Decimal

    @property
    def gtin(self) -> str:
        """The EAN-13 on one piece; on a catch-weight item that of the scale, with no weight."""
        body = f"{PREFIX}{int(self.code):05d}"
        if self.catch_weight:
            body = f"{SCALE_PREFIX}{int(self.code):05d}00000"
        return body + check_digit(body)

    @property
    def pack_gtin(self) -> str:
        """The ITF-14 on a pack: the piece's number behind a 1, with its own check digit."""
        body = "1" + self.gtin[:-1]
        return body + check_digit(body)

    def scale_code(self, grams: int) -> str:
        """What the scale prints for so many grams."""
        body = f"{SCALE_PREFIX}{int(self.code):05d}{grams:05d}"
        return body + check_digit(body)

    def lot(self, made_on: date) -> str:
        """The number that this bakery's suppliers print on a lot made on that day."""
        return f"L{made_on:%y%m%d}"

    def elements(self, made_on: date) -> tuple[tuple[str, str], ...]:
        """The GS1 element string on the goods: what it is, until when it is good, which lot."""
        ai = "17" if self.rule == "expires_on" else "15"
        return (
            ("01", self.gtin.zfill(14)),
            (ai, f"{self.expiry(made_on):%y%m%d}"),
            ("10", self.lot(made_on)),
        )

    def expiry(self, made_on: date) -> date:
        return made_on + timedelta(days=self.life or 0)


@cache
def goods() -> dict[str, Good]:
    """Every good by its code."""
    with Path(__file__).with_name("goods.tsv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: _good(row) for row in csv.DictReader(file, delimiter="\t")}


def _good(row: dict[str, str]) -> Good:
    return Good(
        code=row["code"],
        name=row["name"],
        specification=row["specification"],
        unit=row["unit"],
        category=row["category"],
        tracking=row["tracking"],
        rule=row["rule"],
        life=int(row["life"]) if row["life"] else None,
        minimum=int(row["minimum"] or 0),
        catch_weight="w" in row["flags"],
        inspected="i" in row["flags"],
        safety=Decimal(row["safety"] or 0),
        cost=Decimal(row["cost"]),
        tax=Decimal(row["tax"]),
        pack=row["pack"],
        pack_quantity=Decimal(row["pack_quantity"] or 1),
        zone=row["zone"],
        opening=Decimal(row["opening"] or 0),
    )
