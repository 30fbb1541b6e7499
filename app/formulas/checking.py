"""The elements of a company together: names found, units checked, the order to reckon them in.

Pure.  What passes here always comes to an end: formulas have no loops, and elements that need each
other in a circle are refused.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from app.formulas import problems
from app.formulas.evaluating import Reading
from app.formulas.facts import BY_NAME, FACTS
from app.formulas.names import FUNCTIONS, USAGE
from app.formulas.parsing import Node, parse
from app.formulas.units import (
    MONEY,
    MONEY_EACH,
    NUMBER,
    YES,
    Dimension,
    Sort,
    Unit,
    YesOrNo,
    words,
)


@dataclass(frozen=True)
class Definition:
    """An element with the formula that holds; ``applies`` as in ``cost_element``."""

    name: str
    applies: str
    formula: str
    title: str = ""
    category_id: int | None = None


@dataclass(frozen=True)
class Checked:
    """A formula whose units are right; ``needs`` are the elements that have to be known first."""

    definition: Definition
    tree: Node
    sort: Sort
    needs: frozenset[str]


@dataclass(frozen=True)
class Elements:
    """All of a company's, in an order in which each can be reckoned after what it needs."""

    checked: Mapping[str, Checked]
    units: Mapping[str, Unit]

    def applying(self, applies: str) -> list[Checked]:
        return [one for one in self.checked.values() if one.definition.applies == applies]


def check(definitions: Sequence[Definition], units: Mapping[str, Unit]) -> Elements:
    """Every formula read, its names and units checked, and none in a circle.

    Raises:
        FormulaUnreadable, FormulaTooLong, UnknownName, UnitsDiffer, ConditionWanted, NumberWanted,
        WrongArguments, ResultNotMoney, PriceNotMoneyEach, FormulaCircle, DividesByZero.
    """
    by_name = {one.name: one for one in definitions}
    trees = {one.name: parse(one.formula) for one in definitions}
    needs = {name: _needs(tree, by_name, units) for name, tree in trees.items()}
    sorts: dict[str, Sort] = {}
    checked: dict[str, Checked] = {}
    for name in _in_order(needs):
        sort = _Sorter(sorts, units, by_name[name].title or name).sort(trees[name])
        _refuse_result(by_name[name], sort)
        sorts[name] = sort
        checked[name] = Checked(by_name[name], trees[name], sort, frozenset(needs[name]))
    return Elements(checked, units)


def _refuse_result(definition: Definition, sort: Sort) -> None:
    if definition.applies == "price" and sort != MONEY_EACH:
        raise problems.PriceNotMoneyEach(found=words(sort))
    if definition.applies in ("production", "sale") and sort not in (MONEY, MONEY_EACH):
        raise problems.ResultNotMoney(found=words(sort))


# Names ------------------------------------------------------------------------------------------


def _needs(tree: Node, by_name: Mapping[str, Definition], units: Mapping[str, Unit]) -> list[str]:
    """The elements that a formula needs, by name or through a fact that sums them up."""
    found: list[str] = []
    for name in names_in(tree):
        if name in by_name:
            found.append(name)
        elif name in BY_NAME:
            after = FACTS[BY_NAME[name]].after
            found += [one.name for one in by_name.values() if after and one.applies == after]
        elif name.lower() not in units:
            known = [*by_name, *BY_NAME]
            near = difflib.get_close_matches(name, known)
            raise problems.UnknownName(name=name, known="、".join(near or FACTS))
    return found


def names_in(tree: Node) -> Iterable[str]:
    if tree.op == "name":
        yield tree.name
    for part in tree.parts:
        yield from names_in(part)


def _in_order(needs: Mapping[str, Sequence[str]]) -> list[str]:
    """Each after what it needs.  Raises FormulaCircle."""
    done: dict[str, None] = {}
    for name in needs:
        _visit(name, needs, done, ())
    return list(done)


def _visit(
    name: str, needs: Mapping[str, Sequence[str]], done: dict[str, None], above: tuple[str, ...]
) -> None:
    if name in above:
        circle = [*above[above.index(name) :], name]
        raise problems.FormulaCircle(circle=" → ".join(circle))
    if name in done:
        return
    for needed in needs[name]:
        _visit(needed, needs, done, (*above, name))
    done[name] = None


# Units ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Sorter:
    """Works out what a formula is measured in."""

    elements: Mapping[str, Sort]
    units: Mapping[str, Unit]
    element: str

    def sort(self, node: Node) -> Sort:
        match node.op:
            case "number":
                return NUMBER
            case "measured":
                return self._unit(node.name)
            case "name":
                return self._named(node.name)
            case "call":
                return self._call(node)
            case "either" | "both" | "negated":
                for part in node.parts:
                    self._condition(part)
                return YES
            case _:
                return self._reckoned(node)

    def _reckoned(self, node: Node) -> Sort:
        if node.op == "minus":
            return self._value(node.parts[0])
        left, right = node.parts
        if node.op == "multiplied":
            return self._value(left).times(self._value(right))
        if node.op == "divided":
            self._refuse_zero(right)
            return self._value(left).over(self._value(right))
        together = self._alike(left, right)
        return YES if node.op == "compared" else together

    def _value(self, node: Node) -> Dimension:
        sort = self.sort(node)
        if isinstance(sort, YesOrNo):
            raise problems.NumberWanted(part=str(node))
        return sort

    def _condition(self, node: Node) -> None:
        sort = self.sort(node)
        if sort != YES:
            raise problems.ConditionWanted(part=str(node), found=words(sort))

    def _alike(self, left: Node, right: Node) -> Dimension:
        """Both are measured in this.  A plain 0 is measured like the other."""
        one, other = self._value(left), self._value(right)
        if one == other or _is_zero(right):
            return one
        if _is_zero(left):
            return other
        raise problems.UnitsDiffer(
            left=str(left), left_unit=words(one), right=str(right), right_unit=words(other)
        )

    def _unit(self, name: str) -> Dimension:
        unit = self.units.get(name.lower())
        if unit is None:
            raise problems.UnknownUnit(name=name)
        return unit.dimension

    def _named(self, name: str) -> Sort:
        if name in self.elements:
            return self.elements[name]
        if name in BY_NAME:
            return FACTS[BY_NAME[name]].dimension
        return self._unit(name)

    def _call(self, node: Node) -> Sort:
        function, parts = FUNCTIONS.get(node.name), node.parts
        if function is None:
            raise problems.UnknownName(name=node.name, known="、".join(USAGE))
        if function == "if" and len(parts) == 3:  # noqa: PLR2004 - condition, then, else
            self._condition(parts[0])
            return self._alike(parts[1], parts[2])
        if function in ("min", "max") and len(parts) > 1:
            return [self._alike(parts[0], part) for part in parts[1:]][-1]
        if function in ("round", "up", "down") and len(parts) <= 2:  # noqa: PLR2004 - and the step
            return self._stepped(node)
        raise problems.WrongArguments(function=node.name, usage=USAGE[function])

    def _stepped(self, node: Node) -> Dimension:
        value = self._value(node.parts[0])
        if len(node.parts) == 1:
            return value
        self._refuse_zero(node.parts[1])
        return self._alike(node.parts[0], node.parts[1])

    def _refuse_zero(self, divisor: Node) -> None:
        """What is zero whatever the item, is refused at once."""
        if is_constant(divisor, self.units):
            Reading(_nothing, self.units, self.element).divisor(divisor)


def _nothing(name: str) -> NoReturn:
    raise KeyError(name)


def _is_zero(node: Node) -> bool:
    return node.op == "number" and node.value == 0


def is_constant(node: Node, units: Mapping[str, Unit]) -> bool:
    """Whether only numbers and their units stand in it."""
    if node.op == "name":
        return node.name not in BY_NAME and node.name.lower() in units
    return node.op != "call" and all(is_constant(part, units) for part in node.parts)
