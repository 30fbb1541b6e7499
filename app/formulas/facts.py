"""What a formula can see of a quantity of an item: names, words and units.  Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.formulas.units import (
    MONEY,
    MONEY_EACH,
    NUMBER,
    QUANTITY,
    TIME,
    VOLUME,
    WEIGHT,
    Dimension,
)
from app.kit.i18n import mark


@dataclass(frozen=True)
class Fact:
    """``also`` is its Chinese name; ``words`` a marked sentence.

    ``after`` names what has to be known before it: elements that apply there.
    """

    also: str
    dimension: Dimension
    words: str
    after: str = ""


FACTS: Mapping[str, Fact] = {
    "material": Fact("材料", MONEY, mark("what goes in, at its present cost")),
    "labour": Fact("人工", MONEY, mark("work, at the recipe's rate")),
    "overhead": Fact("制造费用", MONEY, mark("overhead by the recipe")),
    "hours": Fact("工时数", TIME, mark("hours of work by the recipe")),
    "quantity": Fact("数量", QUANTITY, mark("how much of the item, in its base unit")),
    "runs": Fact("批数", NUMBER, mark("how many runs of the recipe")),
    "weight": Fact("重量", WEIGHT, mark("what the quantity weighs")),
    "volume": Fact("体积", VOLUME, mark("the room that the quantity takes")),
    "price": Fact("售价", MONEY_EACH, mark("the item's price")),
    "tax_rate": Fact("税率", NUMBER, mark("the item's tax rate")),
    "cost": Fact(
        "单位成本", MONEY_EACH, mark("the whole cost of one base unit, formulas included"),
        "production",
    ),
    "sale_costs": Fact(
        "销售费用", MONEY_EACH, mark("what selling one base unit costs, by formulas"), "sale"
    ),
}  # fmt: skip
BY_NAME: Mapping[str, str] = {
    **{name: name for name in FACTS},
    **{fact.also: name for name, fact in FACTS.items()},
}
"""Both names of a fact -> its own."""
