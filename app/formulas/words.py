"""The words of the screens of cost elements."""

from __future__ import annotations

from typing import Any

from app.formulas.facts import FACTS
from app.formulas.names import USAGE
from app.formulas.units import words
from app.kit.i18n import mark

APPLIES = {
    "production": mark("Cost of what is made"),
    "sale": mark("Cost of selling"),
    "price": mark("Price suggestion"),
    "helper": mark("Helper for other formulas"),
}
HINTS = {
    "production": mark("Goes into recipe costs and into the value of what production makes."),
    "sale": mark("Counts in margins and price suggestions, never in stock value."),
    "price": mark("Suggests a price for one base unit."),
    "helper": mark("Is only used by its name in other formulas."),
}
EXAMPLES = {
    "production": mark("0.8 元/个 * quantity + 3 % * material + 5 元 * runs"),
    "sale": mark("6 % * price * quantity + if(weight > 5 kg, 12 元, 8 元)"),
    "price": mark("up((cost + sale_costs) / (1 - 30 %), 0.1 元/个)"),
    "helper": mark("up(quantity / 12 个)"),
}

WORDS: dict[str, Any] = {
    "applies_words": APPLIES,
    "applies_hints": HINTS,
    "examples": EXAMPLES,
    "facts": FACTS,
    "functions": tuple(USAGE.values()),
    "dimension_words": words,
}
"""What every template of formulas may name."""
