"""What a recipe costs now: every level rolled up from present stock costs, formulas included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sqlmodel import Session

from app.formulas import queries as formula_queries
from app.formulas.checking import Elements, check
from app.formulas.costs import UNIT_COST_DECIMALS, ElementCost, Making, Reckoned, reckon_one
from app.formulas.evaluating import rounded
from app.formulas.queries import ItemRow
from app.kit.money import ZERO
from app.kit.problems import Problem
from app.producing.bom import DEEPEST, Component, Structure
from app.producing.problems import NoRecipe
from app.producing.structures import structures

QUANTITY_DECIMALS = 6


@dataclass(frozen=True)
class SheetLine:
    """A component on its level (0 is the recipe itself); ``quantity`` goes in, waste included.

    ``source``: ``recipe`` (rolled up from its own), ``stock`` (what it is worth there) or ``none``
    where no cost is known yet.
    """

    level: int
    item: ItemRow
    quantity: Decimal
    unit_cost: Decimal
    amount: Decimal
    scrap_rate: Decimal
    source: str
    is_made_along: bool


@dataclass(frozen=True)
class SideLine:
    """What comes besides takes ``amount`` of the cost with it."""

    item: ItemRow
    quantity: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Sheet:
    """The cost of ``quantity`` good base units of the item, in the company's currency."""

    item: ItemRow
    quantity: Decimal
    runs: Decimal
    hours: Decimal
    lines: tuple[SheetLine, ...]
    material: Decimal
    labour: Decimal
    overhead: Decimal
    production: tuple[ElementCost, ...]
    sale: tuple[ElementCost, ...]
    side: tuple[SideLine, ...]
    total: Decimal
    unit_cost: Decimal
    suggested: ElementCost | None
    problems: tuple[Problem, ...]
    currency: str

    @property
    def price(self) -> Decimal:
        """The item's own, for one base unit."""
        return self.item.price

    @property
    def cost_rate(self) -> Decimal | None:
        """Cost of the price, a fraction: what kitchens call the cost rate of a dish."""
        return (self.unit_cost / self.price).quantize(Decimal("0.0001")) if self.price else None

    @property
    def sale_each(self) -> Decimal:
        """What selling one base unit costs by formulas."""
        return sum((one.amount for one in self.sale), ZERO) / self.quantity

    @property
    def earned_each(self) -> Decimal:
        """Of the price of one base unit, what is left."""
        return self.price - self.unit_cost - self.sale_each

    @property
    def incomplete(self) -> bool:
        """Whether the cost of a component is not known."""
        return any(line.source == "none" for line in self.lines)


def cost_sheet(
    session: Session,
    item_id: int,
    day: date,
    quantity: Decimal | None = None,
    version_id: int | None = None,
) -> Sheet:
    """What ``quantity`` (a run, where left out) of an item costs to make.

    Raises:
        NoRecipe; what the company's formulas refuse as a whole.
    """
    found = structures(session, [item_id], day, version_id)
    if item_id not in found:
        [row] = formula_queries.items(session, [item_id])
        raise NoRecipe(item=row.title, day=day.isoformat())
    return roller(session, found, day).sheet(item_id, quantity)


def roller(session: Session, found: Mapping[int, Structure], day: date) -> Roller:
    """Everything that rolling up these structures needs, read at once."""
    setting = formula_queries.setting(session)
    definitions = [one.definition for one in formula_queries.in_force(session, day)]
    ids = {item for one in found.values() for item in _items_of(one)}
    rows = {row.id: row for row in formula_queries.items(session, ids)}
    above = formula_queries.ancestry(formula_queries.categories(session))
    made = check(definitions, setting.units)
    return Roller(found, rows, made, above, setting.decimals, setting.currency)


def _items_of(structure: Structure) -> Iterator[int]:
    yield structure.item_id
    yield from (one.item_id for one in structure.components)
    yield from (one.item_id for one in structure.outputs)


@dataclass
class Roller:
    """Costs of items, each reckoned once; exact until shown."""

    structures: Mapping[int, Structure]
    items: Mapping[int, ItemRow]
    elements: Elements
    categories: Mapping[int, frozenset[int]]
    decimals: int
    currency: str
    known: dict[int, Fraction] = field(default_factory=dict[int, Fraction])

    def unit_cost(self, item_id: int, depth: int = 0) -> Fraction:
        """Of one base unit: by its recipe where it has one, else what stock is worth."""
        structure = self.structures.get(item_id)
        if structure is None or depth > DEEPEST:
            return Fraction(self.items[item_id].unit_cost)
        if item_id not in self.known:
            whole = self._whole(structure, Fraction(1), depth)
            self.known[item_id] = whole / structure.good
        return self.known[item_id]

    def _whole(self, structure: Structure, runs: Fraction, depth: int) -> Fraction:
        """What the item itself costs of so many runs: without what comes besides."""
        reckoned = self.reckoned(structure, runs, depth)
        making = reckoned.making
        total = making.material + making.labour + making.overhead + reckoned.production_amount
        return self._own_share(structure, Fraction(total), runs)

    def reckoned(self, structure: Structure, runs: Fraction, depth: int = 0) -> Reckoned:
        material = sum(
            (
                line.gross(runs) * self.unit_cost(line.item_id, depth + 1)
                for line in structure.components
            ),
            Fraction(0),
        )
        making = Making(
            structure.item_id,
            rounded(structure.good * runs, QUANTITY_DECIMALS),
            rounded(material, UNIT_COST_DECIMALS),
            rounded(structure.labour(runs), UNIT_COST_DECIMALS),
            rounded(structure.overhead(runs), UNIT_COST_DECIMALS),
            rounded(Fraction(structure.hours) * runs, QUANTITY_DECIMALS),
            rounded(runs, QUANTITY_DECIMALS),
            is_made=True,
        )
        row = self.items[structure.item_id]
        above = self.categories.get(row.category_id or 0)
        return reckon_one(self.elements, making, row, above, UNIT_COST_DECIMALS)

    def _own_share(self, structure: Structure, total: Fraction, runs: Fraction) -> Fraction:
        return total - sum((amount for amount in self._taken(structure, total, runs)), Fraction(0))

    def _taken(self, structure: Structure, total: Fraction, runs: Fraction) -> list[Fraction]:
        """What each thing that comes besides takes: fixed values first, then shares of the rest."""
        fixed = [
            Fraction(one.unit_value) * Fraction(one.quantity) * runs
            if one.unit_value is not None
            else Fraction(0)
            for one in structure.outputs
        ]
        rest = total - sum(fixed, Fraction(0))
        return [
            value if one.share is None else rest * Fraction(one.share)
            for one, value in zip(structure.outputs, fixed, strict=True)
        ]

    def sheet(self, item_id: int, quantity: Decimal | None = None) -> Sheet:
        structure = self.structures[item_id]
        runs = Fraction(1) if quantity is None else structure.runs(quantity)
        reckoned = self.reckoned(structure, runs)
        making = reckoned.making
        before = making.material + making.labour + making.overhead
        total = Fraction(before + reckoned.production_amount)
        own = self._own_share(structure, total, runs)
        unit_cost = own / Fraction(making.quantity)
        sold = self._sold(making, rounded(total - own, UNIT_COST_DECIMALS))
        return Sheet(
            item=self.items[item_id],
            quantity=making.quantity,
            runs=making.runs,
            hours=making.hours,
            lines=tuple(self._lines(structure, runs, 0)),
            material=self._money(making.material),
            labour=self._money(making.labour),
            overhead=self._money(making.overhead),
            production=self._shown(reckoned.production),
            sale=self._shown(sold.sale),
            side=tuple(self._side(structure, total, runs)),
            total=rounded(own, self.decimals),
            unit_cost=rounded(unit_cost, UNIT_COST_DECIMALS),
            suggested=sold.price,
            problems=tuple(sold.problems),
            currency=self.currency,
        )

    def _sold(self, making: Making, taken: Decimal) -> Reckoned:
        """For selling: the cost without what comes besides took with it."""
        row = self.items[making.item_id]
        above = self.categories.get(row.category_id or 0)
        less = replace(making, taken=taken)
        return reckon_one(self.elements, less, row, above, UNIT_COST_DECIMALS)

    def _money(self, amount: Decimal) -> Decimal:
        return rounded(Fraction(amount), self.decimals)

    def _shown(self, costs: tuple[ElementCost, ...]) -> tuple[ElementCost, ...]:
        return tuple(
            ElementCost(one.name, one.title, one.applies, self._money(one.amount), one.problem)
            for one in costs
        )

    def _side(self, structure: Structure, total: Fraction, runs: Fraction) -> Iterator[SideLine]:
        taken = self._taken(structure, total, runs)
        for one, amount in zip(structure.outputs, taken, strict=True):
            quantity = rounded(Fraction(one.quantity) * runs, QUANTITY_DECIMALS)
            yield SideLine(self.items[one.item_id], quantity, rounded(amount, self.decimals))

    def _lines(self, structure: Structure, runs: Fraction, level: int) -> Iterator[SheetLine]:
        for component in structure.components:
            yield self._line(component, component.gross(runs), level)
            below = self.structures.get(component.item_id)
            if below is not None and level < DEEPEST:
                yield from self._lines(below, below.runs(component.gross(runs)), level + 1)

    def _line(self, component: Component, gross: Fraction, level: int) -> SheetLine:
        each = self.unit_cost(component.item_id, level + 1)
        is_made = component.item_id in self.structures
        return SheetLine(
            level=level,
            item=self.items[component.item_id],
            quantity=rounded(gross, QUANTITY_DECIMALS),
            unit_cost=rounded(each, UNIT_COST_DECIMALS),
            amount=rounded(gross * each, self.decimals),
            scrap_rate=component.scrap_rate,
            source="recipe" if is_made else "stock" if each else "none",
            is_made_along=component.is_made_along,
        )
