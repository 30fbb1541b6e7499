"""What a formula comes to: exact fractions, no rounding in between.  Pure."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.formulas.names import FUNCTIONS
from app.formulas.parsing import Node
from app.formulas.problems import DividesByZero
from app.formulas.units import Unit

Look = Callable[[str], Fraction]
"""The value of a fact or element by its name; KeyError where it is neither."""

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "=": operator.eq, "==": operator.eq, "<>": operator.ne, "!=": operator.ne,
}  # fmt: skip
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Reading:
    """Evaluates one formula.  ``element`` and ``item`` are for refusals."""

    look: Look
    units: Mapping[str, Unit]
    element: str = ""
    item: str = ""

    def value(self, node: Node) -> Fraction:
        """Raises DividesByZero."""
        match node.op:
            case "number" | "measured":
                return node.value * (self.units[node.name.lower()].factor if node.name else 1)
            case "name":
                return self._named(node.name)
            case "call":
                return self._call(node)
            case "minus":
                return -self.value(node.parts[0])
            case "divided":
                return self.value(node.parts[0]) / self.divisor(node.parts[1])
            case _:
                left, right = (self.value(part) for part in node.parts)
                return {"added": left + right, "taken": left - right}.get(node.op, left * right)

    def holds(self, node: Node) -> bool:
        """Of a condition.  Raises DividesByZero."""
        match node.op:
            case "either":
                return self.holds(node.parts[0]) or self.holds(node.parts[1])
            case "both":
                return self.holds(node.parts[0]) and self.holds(node.parts[1])
            case "negated":
                return not self.holds(node.parts[0])
            case _:
                left, right = (self.value(part) for part in node.parts)
                return _COMPARISONS[node.name](left, right)

    def _named(self, name: str) -> Fraction:
        try:
            return self.look(name)
        except KeyError:
            return self.units[name.lower()].factor

    def divisor(self, node: Node) -> Fraction:
        """Raises DividesByZero."""
        value = self.value(node)
        if value == 0:
            raise DividesByZero(element=self.element, divisor=str(node), item=self.item)
        return value

    def _call(self, node: Node) -> Fraction:
        function, parts = FUNCTIONS[node.name], list(node.parts)
        match function:
            case "if":
                # Only the side that counts: the other may divide by what is zero.
                return self.value(parts[1] if self.holds(parts[0]) else parts[2])
            case "min":
                return min(self.value(part) for part in parts)
            case "max":
                return max(self.value(part) for part in parts)
            case _:
                step = self.divisor(parts[1]) if len(parts) > 1 else Fraction(1)
                return _to_step(self.value(parts[0]), abs(step), function)


def _to_step(value: Fraction, step: Fraction, function: str) -> Fraction:
    """Half up, up or down to whole steps."""
    steps = value / step
    match function:
        case "up":
            return -(-steps // 1) * step
        case "down":
            return steps // 1 * step
        case _:
            return (steps + HALF) // 1 * step


def rounded(value: Fraction, decimals: int) -> Decimal:
    """Half up, away from zero."""
    scaled = abs(value) * 10**decimals
    whole = int((scaled + HALF) // 1)
    return Decimal(-whole if value < 0 else whole).scaleb(-decimals)
