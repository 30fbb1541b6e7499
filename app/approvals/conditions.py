"""Conditions of policies: a small part of the Common Expression Language, with exact numbers.

A condition compares facts by their names: ``amount > 50000 && customer != "C1"``.  Facts are flat,
so lists, maps, parts of facts and macros are left out, which also keeps every evaluation short.
Every number, a literal too, is a decimal: ``discount_rate > 0.2`` holds for no 0.2.

Source: the CEL specification (cel.dev); parsed and evaluated by cel-python.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import Any, cast

import celpy
import lark
from celpy import celtypes
from celpy.celparser import CELParseError
from celpy.evaluation import CELEvalError, Evaluator

from app.approvals.kinds import Fact
from app.approvals.problems import (
    ConditionNotTrueOrFalse,
    ConditionTooLong,
    ConditionTypes,
    ConditionUnreadable,
    UnknownFact,
    UnknownFunction,
)
from app.kit.money import plain

LONGEST = 500
LONGEST_NUMBER = 40
# Sums and products of stored numbers come out exact.
DIGITS = 200
FUNCTIONS = ("contains", "endsWith", "matches", "size", "startsWith")
_NUMBERS = ("FLOAT_LIT", "INT_LIT")
_LEFT_OUT = ("map_lit", "member_object", "member_dot", "member_index", "dot_ident", "dot_ident_arg")
_SAMPLES: Mapping[str, Any] = {
    "number": Decimal(1),
    "text": celtypes.StringType("a"),
    "yes": celtypes.BoolType(source=True),
}


@dataclass(frozen=True)
class Failed:
    """The condition could not be evaluated on these facts; ``why`` is for the log."""

    why: str


def check(condition: str, facts: Mapping[str, Fact]) -> None:
    """Refuse a condition that would fail at run time.

    Raises:
        ConditionTooLong, ConditionUnreadable (with its place), UnknownFact, UnknownFunction,
        ConditionTypes, ConditionNotTrueOrFalse.
    """
    if len(condition) > LONGEST:
        raise ConditionTooLong(longest=LONGEST)
    if not condition.strip():
        return
    tree = _parsed(condition)
    for node in _nodes(tree):
        _check_node(node, facts)
    _try_each_comparison(tree, facts)


def holds(condition: str, facts: Mapping[str, Any]) -> bool | Failed:
    """Whether it holds for these stored facts; an empty one always does."""
    if not condition.strip():
        return True
    try:
        answer = _evaluated(
            _parsed(condition), {name: _value(value) for name, value in facts.items()}
        )
    except Exception as error:  # noqa: BLE001 - whatever it is, somebody must look at the command
        return Failed(str(error)[:300])
    return bool(answer) if isinstance(answer, celtypes.BoolType) else Failed("no yes or no")


def stored(value: object) -> Any:
    """A fact as it is kept: numbers as exact text, so that 1.50 and 1.5 are the same."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, Decimal)):
        return {"number": plain(Decimal(value))}
    if isinstance(value, str):
        return value
    raise AssertionError(f"a fact is no {type(value).__name__}: give it as Decimal, str or bool")


def shown(value: object) -> str:
    """A stored fact as text."""
    found = number_in(value)
    return str(found) if found is not None else "" if value is None else str(value)


def number_in(value: object) -> str | None:
    """The exact text of a stored number; None of anything else."""
    return str(value["number"]) if isinstance(value, dict) else None  # pyright: ignore[reportUnknownArgumentType]


# Parsing ----------------------------------------------------------------------------------------


class _Evaluator(Evaluator):
    """CEL's evaluation with decimals for numbers."""

    def literal(self, tree: lark.Tree[Any]) -> Any:
        token = tree.children[0]
        if isinstance(token, lark.Token) and token.type in _NUMBERS:
            return Decimal(token.value)
        return super().literal(tree)  # pyright: ignore[reportUnknownMemberType]


class _Runner(celpy.InterpretedRunner):
    def evaluate(self, context: Any) -> Any:
        tree = cast("Any", self.ast)  # pyright: ignore[reportUnknownMemberType]
        return _Evaluator(ast=tree, activation=self.new_activation()).evaluate(context)


def _same_sort(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], celtypes.BoolType]:
    """A number never equals a word: comparing them is a mistake, not false."""

    def compared(left: Any, right: Any) -> celtypes.BoolType:
        if type(left) is not type(right):
            raise TypeError("no such overload")
        return celtypes.BoolType(compare(left, right))

    return compared


_OWN: dict[str, Any] = {
    "_==_": _same_sort(operator.eq),
    "_!=_": _same_sort(operator.ne),
    "size": lambda text: Decimal(len(text)),  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
}


@lru_cache(maxsize=1)
def _environment() -> celpy.Environment:
    return celpy.Environment(runner_class=_Runner)


@lru_cache(maxsize=500)
def _parsed(condition: str) -> lark.Tree[Any]:
    try:
        tree = cast("Any", _environment().compile(condition))  # pyright: ignore[reportUnknownMemberType]
    except CELParseError as error:
        line, column = error.line or 1, error.column or 1
        rest = condition.splitlines()[line - 1][column - 1 :] if condition.splitlines() else ""
        raise ConditionUnreadable(line=line, column=column, rest=rest[:40]) from None
    return tree


def _evaluated(tree: lark.Tree[Any], values: dict[str, Any]) -> Any:
    with localcontext() as context:
        context.prec = DIGITS
        runner = _environment().program(tree, functions=_OWN)  # pyright: ignore[reportUnknownMemberType]
        return runner.evaluate(values)


def _value(given: Any) -> Any:
    """A stored fact in CEL's terms; what is missing of words is an empty word."""
    number = number_in(given)
    if number is not None:
        return Decimal(number)
    if isinstance(given, bool):
        return celtypes.BoolType(given)
    return celtypes.StringType("" if given is None else str(given))


# Checking ---------------------------------------------------------------------------------------


def _nodes(tree: lark.Tree[Any]) -> Iterator[lark.Tree[Any]]:
    yield from tree.iter_subtrees_topdown()


def _check_node(node: lark.Tree[Any], facts: Mapping[str, Fact]) -> None:
    name, place = _word(node), {"line": node.meta.line, "column": node.meta.column}
    if node.data == "ident" and name not in facts:
        raise UnknownFact(name=name, known=", ".join(facts), **place)
    if node.data in {"ident_arg", "member_dot_arg"} and name not in FUNCTIONS:
        raise UnknownFunction(name=name, known=", ".join(FUNCTIONS), **place)
    if node.data in _LEFT_OUT:
        raise UnknownFunction(name=name or ".", known=", ".join(FUNCTIONS), **place)
    if node.data == "literal" and not _is_plain(node):
        raise ConditionUnreadable(rest=name, **place)


def _word(node: lark.Tree[Any]) -> str:
    words = [str(child) for child in node.children if isinstance(child, lark.Token)]
    return words[0] if words else ""


def _is_plain(node: lark.Tree[Any]) -> bool:
    """A decimal number, a word in quotes, true or false; no hexadecimal, bytes or null."""
    token = node.children[0]
    assert isinstance(token, lark.Token), "a literal without its token"
    if token.type in _NUMBERS:
        return len(token) <= LONGEST_NUMBER and "x" not in token.lower()
    return token.type in {"STRING_LIT", "MLSTRING_LIT", "BOOL_LIT"}


def _try_each_comparison(tree: lark.Tree[Any], facts: Mapping[str, Fact]) -> None:
    """Evaluate every comparison alone on facts of the right sort: ``||`` would hide a wrong one."""
    sample = {name: _SAMPLES[fact.sort] for name, fact in facts.items()}
    for node in _nodes(tree):
        if node.data == "relation":
            _try_on(node, sample)
    if not isinstance(_try_on(tree, sample), celtypes.BoolType):
        raise ConditionNotTrueOrFalse


def _try_on(node: lark.Tree[Any], sample: dict[str, Any]) -> Any:
    try:
        return _evaluated(node, dict(sample))
    except (CELEvalError, ArithmeticError, TypeError, ValueError) as error:
        if "divide by zero" in str(error):
            return celtypes.BoolType(source=False)  # of the sample, not of the facts
        raise ConditionTypes(line=node.meta.line, column=node.meta.column) from None
    except RecursionError:
        raise ConditionTooLong(longest=LONGEST) from None
