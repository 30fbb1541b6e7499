"""What the formulas of a company come to for items: recipe cost, prices, margins.

reckon_items(session, item_ids, day)      one base unit of each item, at its present cost
reckon(session, [Making(...)], day)       quantities with their material, labour and overhead
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sqlmodel import Session

from app.formulas import queries
from app.formulas.checking import Checked, Elements, check
from app.formulas.evaluating import Reading, rounded
from app.formulas.facts import BY_NAME, FACTS
from app.formulas.problems import AmountBeyondSense, FactMissing
from app.formulas.queries import ItemRow
from app.formulas.units import MONEY_EACH, VOLUMES, WEIGHTS, Unit
from app.kit.i18n import gettext
from app.kit.money import ZERO
from app.kit.problems import Problem

UNIT_COST_DECIMALS = 6
MOST = 10**12


@dataclass(frozen=True)
class Making:
    """A quantity of an item (base units) and what it costs before formulas, in the currency.

    ``is_made``: it is about to be made, so that what formulas add to production comes on top.
    Goods that are in stock or were sold have it in their cost (``material``) already.  ``taken`` is
    what comes besides and takes its part of the cost with it.
    """

    item_id: int
    quantity: Decimal
    material: Decimal
    labour: Decimal = ZERO
    overhead: Decimal = ZERO
    hours: Decimal = ZERO
    runs: Decimal = Decimal(1)
    is_made: bool = False
    taken: Decimal = ZERO


@dataclass(frozen=True)
class ElementCost:
    """What one element comes to for the whole quantity; ``problem`` where it could not be told."""

    name: str
    title: str
    applies: str
    amount: Decimal
    problem: Problem | None = None

    @property
    def label(self) -> str:
        return self.title or self.name


@dataclass(frozen=True)
class Reckoned:
    """Amounts of ``production`` and ``sale`` are for the whole quantity, rounded to the currency
    unless it is one base unit (six decimals then); ``unit_cost`` and ``price`` for one base unit.
    """

    making: Making
    item: ItemRow
    production: tuple[ElementCost, ...] = ()
    sale: tuple[ElementCost, ...] = ()
    helpers: tuple[ElementCost, ...] = ()
    price: ElementCost | None = None
    unit_cost: Decimal = ZERO

    @property
    def production_amount(self) -> Decimal:
        return sum((one.amount for one in self.production), ZERO)

    @property
    def sale_amount(self) -> Decimal:
        return sum((one.amount for one in self.sale), ZERO)

    @property
    def earned(self) -> Decimal:
        """Of the item's price for one base unit: what its cost and selling it leave."""
        each = self.sale_amount / self.making.quantity
        return self.item.price - self.unit_cost - each

    @property
    def problems(self) -> list[Problem]:
        every = (*self.production, *self.sale, *((self.price,) if self.price else ()))
        return [one.problem for one in every if one.problem is not None]


def reckon_items(session: Session, item_ids: Iterable[int], day: date) -> dict[int, Reckoned]:
    """One base unit of each item at its present stock cost, by item: for margins and prices."""
    rows = queries.items(session, item_ids)
    makings = [Making(row.id, Decimal(1), row.unit_cost) for row in rows]
    found = reckon(session, makings, day, decimals=UNIT_COST_DECIMALS)
    return {one.making.item_id: one for one in found}


def reckon(
    session: Session, makings: Sequence[Making], day: date, *, decimals: int | None = None
) -> list[Reckoned]:
    """What the formulas in force on the day come to, in the order asked.

    A formula that cannot be reckoned for an item is no refusal here: its cost carries the problem
    and counts as zero.

    Args:
        decimals: of the amounts; those of the currency where it is left out.
    """
    setting = queries.setting(session)
    definitions = [one.definition for one in queries.in_force(session, day)]
    made = check(definitions, setting.units)
    rows = {row.id: row for row in queries.items(session, {one.item_id for one in makings})}
    above = queries.ancestry(queries.categories(session))
    places = setting.decimals if decimals is None else decimals
    return [
        reckon_one(made, making, rows[making.item_id], above.get(_category(rows, making)), places)
        for making in makings
        if making.item_id in rows
    ]


def _category(rows: dict[int, ItemRow], making: Making) -> int:
    return rows[making.item_id].category_id or 0


def reckon_one(
    made: Elements, making: Making, item: ItemRow, categories: frozenset[int] | None, decimals: int
) -> Reckoned:
    """Of one quantity; pure."""
    sheet = _Sheet(made, making, item, categories or frozenset())
    price = next((one for one in made.applying("price") if sheet.fits(one)), None)
    return Reckoned(
        making,
        item,
        sheet.costs("production", decimals) if making.is_made else (),
        sheet.costs("sale", decimals),
        sheet.costs("helper", UNIT_COST_DECIMALS),
        sheet.cost(price, UNIT_COST_DECIMALS) if price else None,
        sheet.unit_cost(),
    )


@dataclass
class _Sheet:
    """The values of one making as they become known."""

    made: Elements
    making: Making
    item: ItemRow
    categories: frozenset[int]
    known: dict[str, Fraction] = field(default_factory=dict[str, Fraction])
    failed: dict[str, Problem] = field(default_factory=dict[str, Problem])

    def fits(self, checked: Checked) -> bool:
        wanted = checked.definition.category_id
        return wanted is None or wanted in self.categories

    def costs(self, applies: str, decimals: int) -> tuple[ElementCost, ...]:
        fitting = [one for one in self.made.applying(applies) if self.fits(one)]
        return tuple(self.cost(one, decimals) for one in fitting)

    def cost(self, checked: Checked, decimals: int) -> ElementCost:
        own = checked.definition
        try:
            each = own.applies in ("price", "helper")
            value = self.value(own.name) if each else self.total(checked)
            if abs(value) >= MOST:
                raise AmountBeyondSense(element=own.title or own.name, item=self.item.title)
        except Problem as problem:
            return ElementCost(own.name, own.title, own.applies, ZERO, problem)
        return ElementCost(own.name, own.title, own.applies, rounded(value, decimals))

    def unit_cost(self) -> Decimal:
        try:
            return rounded(self._whole_cost(), UNIT_COST_DECIMALS)
        except Problem:
            return ZERO

    def total(self, checked: Checked) -> Fraction:
        """For the whole quantity."""
        value = self.value(checked.definition.name)
        each = checked.sort == MONEY_EACH
        return value * Fraction(self.making.quantity) if each else value

    def value(self, name: str) -> Fraction:
        """Of an element, reckoned once.  Raises the problem that it or what it needs has."""
        if name in self.failed:
            raise self.failed[name]
        if name not in self.known:
            checked = self.made.checked[name]
            if not self.fits(checked):
                return Fraction(0)
            label = checked.definition.title or name
            reading = Reading(_Look(self, label), self.made.units, label, self.item.title)
            try:
                self.known[name] = reading.value(checked.tree)
            except Problem as problem:
                self.failed[name] = problem
                raise
        return self.known[name]

    def fact(self, name: str, element: str) -> Fraction:
        """Raises FactMissing."""
        making = self.making
        match name:
            case "material" | "labour" | "overhead" | "hours" | "quantity" | "runs":
                return Fraction(getattr(making, name))
            case "price" | "tax_rate":
                return Fraction(getattr(self.item, name))
            case "cost":
                return self._whole_cost()
            case "sale_costs":
                return self._sum("sale") / Fraction(making.quantity)
            case _:
                return self._measured(name, element)

    def _measured(self, name: str, element: str) -> Fraction:
        one = (
            _each(self.item.weight_kg, self.item.base_unit, WEIGHTS)
            if name == "weight"
            else _each(self.item.volume_litre, self.item.base_unit, VOLUMES)
        )
        if one is None:
            fact = gettext(FACTS[name].words)
            raise FactMissing(element=element, fact=fact, item=self.item.title)
        return one * Fraction(self.making.quantity)

    def _whole_cost(self) -> Fraction:
        """Of one base unit, production elements included."""
        making = self.making
        before = Fraction(making.material + making.labour + making.overhead - making.taken)
        added = self._sum("production") if making.is_made else Fraction(0)
        return (before + added) / Fraction(making.quantity)

    def _sum(self, applies: str) -> Fraction:
        fitting = [one for one in self.made.applying(applies) if self.fits(one)]
        return sum((self.total(one) for one in fitting), Fraction(0))


@dataclass(frozen=True)
class _Look:
    sheet: _Sheet
    element: str

    def __call__(self, name: str) -> Fraction:
        if name in self.sheet.made.checked:
            return self.sheet.value(name)
        return self.sheet.fact(BY_NAME[name], self.element)


def _each(entered: Decimal | None, base_unit: str, units: dict[str, Unit]) -> Fraction | None:
    """Of one base unit: as entered on the item, or because the base unit is one itself."""
    if entered is not None:
        return Fraction(entered)
    own = units.get(base_unit.lower())
    return own.factor if own else None
