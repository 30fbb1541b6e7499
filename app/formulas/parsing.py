"""From the text of a formula to its tree.  Pure, and never slow: no loops, no calls of its own.

    0.8 元/个 * quantity + 3 % * material + if(weight > 5 kg, 12 元, 0)

A number may carry a unit, which binds closest: ``2 元/kg`` is two yuan divided by one kilogram.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, cast

import lark

from app.formulas.problems import FormulaTooLong, FormulaUnreadable
from app.kit.i18n import gettext, mark
from app.kit.money import plain

LONGEST = 400
DEEPEST = 60
LONGEST_NUMBER = 20
END = mark("the end")

GRAMMAR = r"""
    ?start: either
    ?either: either _OR both -> either | both
    ?both: both _AND truth -> both | truth
    ?truth: _NOT truth -> negated | compared
    ?compared: sum COMPARE sum -> compared | sum
    ?sum: sum "+" term -> added | sum "-" term -> taken | term
    ?term: term "*" factor -> multiplied | term "/" factor -> divided | factor
    ?factor: "-" factor -> minus | share
    ?share: atom "%" -> percent | atom
    ?atom: NUMBER NAME -> measured
         | NUMBER -> number
         | NAME -> name
         | NAME "(" either ("," either)* ")" -> call
         | "(" either ")"
    _OR.2: /or(?!\w)|或(?!\w)/
    _AND.2: /and(?!\w)|且(?!\w)/
    _NOT.2: /not(?!\w)|非(?!\w)/
    COMPARE: "<=" | ">=" | "<>" | "!=" | "==" | "<" | ">" | "="
    NUMBER: /[0-9]+(\.[0-9]+)?|\.[0-9]+/
    NAME: /[^\W\d]\w*/
    %ignore /\s+/
"""


@dataclass(frozen=True)
class Node:
    """One step of a formula.  ``op`` says which; ``name`` is a name, a unit, a comparison."""

    op: str
    parts: tuple[Node, ...] = ()
    value: Fraction = Fraction(0)
    name: str = ""
    depth: int = field(default=1, compare=False)

    def __str__(self) -> str:
        return _written(self)


def parse(formula: str) -> Node:
    """The tree of a formula.

    Raises:
        FormulaUnreadable (with its place), FormulaTooLong.
    """
    text = _plain(formula)
    if len(text) > LONGEST:
        raise FormulaTooLong(longest=LONGEST)
    return _parsed(text)


@lru_cache(maxsize=512)
def _parsed(text: str) -> Node:
    try:
        return cast("Node", _PARSER.parse(text))
    except lark.exceptions.UnexpectedInput as error:
        at = _place(error, text)
        raise FormulaUnreadable(column=at + 1, near=text[at : at + 20] or gettext(END)) from None
    except lark.exceptions.VisitError as error:
        raise error.orig_exc from None


def _place(error: lark.exceptions.UnexpectedInput, text: str) -> int:
    token: Any = getattr(error, "token", None)
    if token is not None and token.type == "$END":
        return len(text)
    return max(error.pos_in_stream or 0, 0)


def _plain(formula: str) -> str:
    """Full-width signs as keyboards in Chinese write them, and the signs of sums."""
    text = unicodedata.normalize("NFKC", formula).replace("×", "*").replace("÷", "/")
    return " ".join(text.replace("\N{MINUS SIGN}", "-").split())


class _Builder(lark.Transformer[Any, Node]):
    """Builds from the leaves up while parsing, so that nothing recurses."""

    def number(self, parts: list[Any]) -> Node:
        return Node("number", value=_number(parts[0]))

    def measured(self, parts: list[Any]) -> Node:
        return Node("measured", value=_number(parts[0]), name=str(parts[1]))

    def percent(self, parts: list[Any]) -> Node:
        hundred = Node("number", value=Fraction(100))
        return _node("divided", parts[0], hundred, name="%")

    def name(self, parts: list[Any]) -> Node:
        return Node("name", name=str(parts[0]))

    def call(self, parts: list[Any]) -> Node:
        return _node("call", *parts[1:], name=str(parts[0]).lower())

    def compared(self, parts: list[Any]) -> Node:
        return _node("compared", parts[0], parts[2], name=str(parts[1]))

    def either(self, parts: list[Any]) -> Node:
        return _node("either", *parts)

    def both(self, parts: list[Any]) -> Node:
        return _node("both", *parts)

    def negated(self, parts: list[Any]) -> Node:
        return _node("negated", *parts)

    def added(self, parts: list[Any]) -> Node:
        return _node("added", *parts)

    def taken(self, parts: list[Any]) -> Node:
        return _node("taken", *parts)

    def multiplied(self, parts: list[Any]) -> Node:
        return _node("multiplied", *parts)

    def divided(self, parts: list[Any]) -> Node:
        return _node("divided", *parts)

    def minus(self, parts: list[Any]) -> Node:
        return _node("minus", *parts)


def _node(op: str, *parts: Node, name: str = "") -> Node:
    depth = 1 + max(part.depth for part in parts)
    if depth > DEEPEST:
        raise FormulaTooLong(longest=LONGEST)
    return Node(op, parts, name=name, depth=depth)


def _number(token: object) -> Fraction:
    text = str(token)
    if len(text) > LONGEST_NUMBER:
        raise FormulaTooLong(longest=LONGEST)
    return Fraction(text)


_PARSER: Any = lark.Lark(GRAMMAR, parser="lalr", transformer=_Builder())
_SIGNS = {
    "added": "+", "taken": "-", "multiplied": "*", "divided": "/", "either": "or", "both": "and",
}  # fmt: skip


def _written(node: Node) -> str:
    """As a person would write it, for refusals."""
    parts = [str(part) for part in node.parts]
    match node.op:
        case "number" | "measured":
            return f"{_decimal(node.value)} {node.name}".strip()
        case "name":
            return node.name
        case "call":
            return f"{node.name}({', '.join(parts)})"
        case "minus" | "negated":
            return f"{'-' if node.op == 'minus' else 'not '}{parts[0]}"
        case "divided" if node.name == "%":
            return f"{parts[0]} %"
        case _:
            sign = node.name if node.op == "compared" else _SIGNS[node.op]
            return f"{_inside(node.parts[0])} {sign} {_inside(node.parts[1])}"


def _inside(node: Node) -> str:
    composed = node.op in _SIGNS and node.name != "%"
    return f"({node})" if composed else str(node)


def _decimal(value: Fraction) -> str:
    """Exact: numbers are written as decimals of at most 20 digits."""
    return plain(Decimal(value.numerator) / Decimal(value.denominator))
