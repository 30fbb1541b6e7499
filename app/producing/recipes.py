"""Writing recipes: a new version each time, checked as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field
from sqlmodel import Session

from app.catalog import input as given
from app.catalog.codes import normalised
from app.formulas.queries import items
from app.formulas.units import VOLUMES, WEIGHTS
from app.kit import clock, sql
from app.kit.money import plain, rounded
from app.kit.transactions import Envelope
from app.producing import bom, problems

RECIPES = sql.Queries(Path(__file__).with_name("recipes.sql"))
QUANTITY_DECIMALS = 6
MOST = 10**9
Rate = Annotated[Decimal, Field(ge=0, lt=10**9, decimal_places=6)]


@dataclass(frozen=True)
class LineInput:
    """``item`` is a code or barcode; ``quantity`` in ``unit`` (base unit where empty)."""

    item: str
    quantity: given.Factor
    unit: str = ""
    scrap_rate: given.Fraction = Decimal(0)
    issue: str = "backflush"
    is_made_along: bool = False


@dataclass(frozen=True)
class OutputInput:
    """What comes besides: a ``share`` of the cost, or ``unit_value`` for each base unit."""

    item: str
    quantity: given.Factor
    unit: str = ""
    share: given.Fraction | None = None
    unit_value: given.Price | None = None


@dataclass(frozen=True)
class SaveRecipe:
    """A new version of the recipe of ``item``, in force from ``valid_from`` on.

    ``quantity`` (in ``unit``) comes of a run before the yield; rates are money per hour,
    ``overhead_amount`` money per run.  ``tolerance`` is how much more than planned may be reported.
    """

    item: str
    quantity: given.Factor
    lines: tuple[LineInput, ...]
    valid_from: date | None = None
    unit: str = ""
    yield_rate: Annotated[Decimal, Field(gt=0, le=100, decimal_places=6)] = Decimal(1)
    hours: given.Quantity = Decimal(0)
    labour_rate: Rate = Decimal(0)
    overhead_rate: Rate = Decimal(0)
    overhead_amount: Rate = Decimal(0)
    tolerance: Annotated[Decimal, Field(ge=0, le=10, decimal_places=6)] = Decimal("0.05")
    note: given.Note = ""
    outputs: tuple[OutputInput, ...] = ()


@dataclass(frozen=True)
class UseRecipe:
    recipe_id: int
    active: bool


@dataclass(frozen=True)
class RecipeSaved:
    recipe_id: int
    version: int


@dataclass(frozen=True)
class KnownItem:
    """What a code stands for; ``factor`` base units where it is a pack's."""

    code: str
    id: int
    item_code: str
    name: str
    specification: str
    base_unit: str
    decimals: int
    weight_kg: Decimal | None
    volume_litre: Decimal | None
    packaging_id: int | None
    packaging: str | None
    factor: Decimal

    @property
    def title(self) -> str:
        return f"{self.name} {self.specification}".strip()


@dataclass(frozen=True)
class _Pack:
    item_id: int
    id: int
    name: str
    quantity: Decimal


@dataclass(frozen=True)
class _UnitName:
    code: str
    name: str


@dataclass(frozen=True)
class _Edge:
    item_id: int
    components: list[int]


@dataclass(frozen=True)
class _Day:
    day: date


@dataclass(frozen=True)
class _Version:
    id: int
    version: int


@dataclass(frozen=True)
class Entered:
    """A quantity as it was entered and in base units."""

    item: KnownItem
    entered: Decimal
    factor: Decimal
    quantity: Decimal
    packaging_id: int | None


@dataclass(frozen=True)
class Draft:
    """A recipe whose items and units are known, not saved yet."""

    item: KnownItem
    quantity: Decimal
    lines: list[Entered] = field(default_factory=list[Entered])
    outputs: list[Entered] = field(default_factory=list[Entered])


def save_recipe(session: Session, command: SaveRecipe, envelope: Envelope) -> RecipeSaved:
    """Raises NoSuchRecipeItem, UnitDoesNotConvert, ItemTwice, RecipeInCircle, NothingGoesIn,
    SharesTooLarge, NotMadeAlong, InvalidInput.
    """
    command = given.checked(command)
    sql.execute(session, RECIPES["lock_recipes"])
    valid_from = command.valid_from or clock.today()
    draft = drafted(session, command)
    refuse_circle(session, draft, valid_from)
    _refuse_along(session, command, draft, valid_from)
    who = {"item_id": draft.item.id, "user_id": envelope.caller.user_id}
    recipe_id = int(sql.value(session, RECIPES["insert_recipe"], who))
    version = _insert_version(session, recipe_id, command, draft, valid_from, envelope)
    for position, (line, entered) in enumerate(zip(command.lines, draft.lines, strict=True), 1):
        sql.execute(session, RECIPES["insert_line"], _line_row(version.id, position, line, entered))
    for position, (one, entered) in enumerate(zip(command.outputs, draft.outputs, strict=True), 1):
        row = {"version_id": version.id, "position": position, "item_id": entered.item.id}
        row |= {"quantity": entered.quantity, "share": one.share, "unit_value": one.unit_value}
        sql.execute(session, RECIPES["insert_output"], row)
    return RecipeSaved(recipe_id, version.version)


def use_recipe(session: Session, command: UseRecipe, envelope: Envelope) -> RecipeSaved:
    """Out of use, or back in use.  Raises NoSuchRecipe, RecipeInCircle."""
    del envelope
    sql.execute(session, RECIPES["lock_recipes"])
    row = {"recipe_id": command.recipe_id, "is_active": command.active}
    item_id = sql.value(session, RECIPES["use_recipe"], row)
    if item_id is None:
        raise problems.NoSuchRecipe
    if command.active:
        _refuse_circle_of(session, int(item_id), None, clock.today())
    return RecipeSaved(command.recipe_id, 0)


def _insert_version(
    session: Session,
    recipe_id: int,
    command: SaveRecipe,
    draft: Draft,
    valid_from: date,
    envelope: Envelope,
) -> _Version:
    names = ("yield_rate", "hours", "labour_rate", "overhead_rate", "overhead_amount", "tolerance")
    row: dict[str, Any] = {name: getattr(command, name) for name in names}
    row |= {"recipe_id": recipe_id, "valid_from": valid_from, "quantity": draft.quantity}
    row |= {"note": command.note, "user_id": envelope.caller.user_id}
    made = sql.one(session, _Version, RECIPES["insert_version"], row)
    assert made is not None, "an insert without its row"
    return made


def _line_row(version_id: int, position: int, line: LineInput, entered: Entered) -> dict[str, Any]:
    return {
        "version_id": version_id,
        "position": position,
        "item_id": entered.item.id,
        "packaging_id": entered.packaging_id,
        "entered_quantity": entered.entered,
        "factor": entered.factor,
        "quantity": entered.quantity,
        "scrap_rate": line.scrap_rate,
        "issue": "scan" if line.issue == "scan" else "backflush",
        "is_made_along": line.is_made_along,
    }


# What was meant ---------------------------------------------------------------------------------


def drafted(session: Session, command: SaveRecipe) -> Draft:
    """The items and quantities that a recipe's texts mean.

    Raises:
        NoSuchRecipeItem, UnitDoesNotConvert, ItemTwice, NothingGoesIn, SharesTooLarge.
    """
    if not command.lines:
        raise problems.NothingGoesIn
    texts = [command.item, *(one.item for one in (*command.lines, *command.outputs))]
    known = known_items(session, texts)
    own = known.get(normalised(command.item))
    if own is None:
        raise problems.NoSuchRecipeItem(line="-", given=command.item[:60])
    measure = Measures(session, [item.id for item in known.values()])
    quantity = measure.entered(own, command.quantity, command.unit).quantity
    lines = _entered(known, measure, command.lines)
    outputs = _entered(known, measure, command.outputs)
    _refuse_twice([one.item for one in lines])
    _refuse_twice([own, *(one.item for one in outputs)])
    share = sum((one.share or Decimal(0) for one in command.outputs), Decimal(0))
    if share >= 1:
        raise problems.SharesTooLarge(share=plain(share * 100), item=own.title)
    return Draft(own, quantity, lines, outputs)


def known_items(session: Session, texts: Sequence[str]) -> dict[str, KnownItem]:
    """By normalised code."""
    codes = sorted({normalised(text) for text in texts})
    found = sql.rows(session, KnownItem, RECIPES["items_of_codes"], {"codes": codes})
    return {row.code: row for row in found}


def _entered(
    known: Mapping[str, KnownItem],
    measure: Measures,
    inputs: Sequence[LineInput] | Sequence[OutputInput],
) -> list[Entered]:
    found: list[Entered] = []
    for number, one in enumerate(inputs, 1):
        item = known.get(normalised(one.item))
        if item is None:
            raise problems.NoSuchRecipeItem(line=number, given=one.item[:60])
        found.append(measure.entered(item, one.quantity, one.unit))
    return found


def _refuse_twice(items: Sequence[KnownItem]) -> None:
    seen: set[int] = set()
    for item in items:
        if item.id in seen:
            raise problems.ItemTwice(item=item.title)
        seen.add(item.id)


class Measures:
    """Turns entered quantities into base units: packs, and units of weight and volume."""

    def __init__(self, session: Session, item_ids: Sequence[int]) -> None:
        packs = sql.rows(session, _Pack, RECIPES["packs"], {"item_ids": list(item_ids)})
        self._packs = {(pack.item_id, pack.name): pack for pack in packs}
        names = sql.rows(session, _UnitName, RECIPES["unit_names"])
        self._codes = {row.name: row.code for row in names}

    def entered(self, item: KnownItem, quantity: Decimal, unit: str) -> Entered:
        """Raises UnitDoesNotConvert."""
        unit = unit.strip()
        if not unit and item.packaging_id is not None:
            return _of(item, quantity, item.factor, item.packaging_id)
        if not unit or item.base_unit in (unit, self._codes.get(unit)):
            return _of(item, quantity, Decimal(1), None)
        pack = self._packs.get((item.id, unit))
        if pack is not None:
            return _of(item, quantity, pack.quantity, pack.id)
        factor = _measured(item, unit)
        if factor is None:
            known = [item.base_unit, *(name for own, name in self._packs if own == item.id)]
            raise problems.UnitDoesNotConvert(
                unit=unit, base=item.base_unit, item=item.title, known="、".join(known)
            )
        base = bom.rounded_up(Fraction(quantity) * factor, QUANTITY_DECIMALS)
        refuse_senseless(item.title, item.base_unit, base)
        return Entered(item, base, Decimal(1), base, None)


def _of(item: KnownItem, quantity: Decimal, factor: Decimal, packaging_id: int | None) -> Entered:
    base = rounded(quantity * factor, QUANTITY_DECIMALS)
    refuse_senseless(item.title, item.base_unit, base)
    return Entered(item, quantity, factor, base, packaging_id)


def refuse_senseless(item: str, unit: str, quantity: Decimal) -> None:
    """Raises QuantityBeyondSense."""
    if not 0 < quantity < MOST:
        raise problems.QuantityBeyondSense(item=item, unit=unit, given=plain(quantity))


def _measured(item: KnownItem, unit: str) -> Fraction | None:
    """Base units in one ``unit``: kg into g, or by what one piece weighs or takes of room."""
    for units, each in ((WEIGHTS, item.weight_kg), (VOLUMES, item.volume_litre)):
        entered, base = units.get(unit.lower()), units.get(item.base_unit.lower())
        if entered is not None and base is not None:
            return entered.factor / base.factor
        if entered is not None and each:
            return entered.factor / Fraction(each)
    return None


# Circles ----------------------------------------------------------------------------------------


def refuse_circle(session: Session, draft: Draft, valid_from: date) -> None:
    """On the day from which it holds and on every later one when a recipe changes."""
    components = [one.item.id for one in draft.lines]
    _refuse_circle_of(session, draft.item.id, components, valid_from)


def _refuse_circle_of(
    session: Session, item_id: int, components: list[int] | None, first: date
) -> None:
    days = sql.rows(session, _Day, RECIPES["days_of_change"], {"day": first})
    for day in [first, *(row.day for row in days)]:
        edges = sql.rows(session, _Edge, RECIPES["edges"], {"day": day})
        graph: dict[int, Sequence[int]] = {edge.item_id: edge.components for edge in edges}
        if components is not None:
            graph[item_id] = components
        found = bom.circle(graph, item_id)
        if found:
            raise problems.RecipeInCircle(circle=" → ".join(item_names(session, found)))


def item_names(session: Session, item_ids: Sequence[int]) -> list[str]:
    """In the order asked."""
    names = {row.id: row.title for row in items(session, item_ids)}
    return [names[item_id] for item_id in item_ids]


def _refuse_along(session: Session, command: SaveRecipe, draft: Draft, day: date) -> None:
    edges = sql.rows(session, _Edge, RECIPES["edges"], {"day": day})
    have = {edge.item_id for edge in edges}
    for line, entered in zip(command.lines, draft.lines, strict=True):
        if line.is_made_along and entered.item.id not in have:
            raise problems.NotMadeAlong(item=entered.item.title)
