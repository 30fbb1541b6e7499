"""What the screens and the API of recipes show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.kit import sql
from app.kit.money import plain
from app.kit.web import Cursor, Listing
from app.producing import problems
from app.producing.queries import inside
from app.producing.recipes import RECIPES
from app.producing.structures import LineRow, OutputRow, lines, outputs


@dataclass(frozen=True)
class RecipeRow:
    """The version that holds, or the first that will; None where there is none yet."""

    id: int
    item_id: int
    code: str
    name: str
    specification: str
    base_unit: str
    price: Decimal
    is_active: bool
    version: int | None
    valid_from: date | None
    quantity: Decimal | None
    yield_rate: Decimal | None
    lines: int

    @property
    def title(self) -> str:
        return f"{self.name} {self.specification}".strip()


@dataclass(frozen=True)
class RecipeHead:
    id: int
    item_id: int
    code: str
    name: str
    specification: str
    base_unit: str
    price: Decimal
    is_active: bool

    @property
    def title(self) -> str:
        return f"{self.name} {self.specification}".strip()


@dataclass(frozen=True)
class Version:
    """Rates are money per hour, ``overhead_amount`` money per run."""

    id: int
    version: int
    valid_from: date
    quantity: Decimal
    yield_rate: Decimal
    hours: Decimal
    labour_rate: Decimal
    overhead_rate: Decimal
    overhead_amount: Decimal
    tolerance: Decimal
    note: str
    created_at: datetime
    creator: str | None


@dataclass(frozen=True)
class UsedIn:
    id: int
    code: str
    name: str


@dataclass(frozen=True)
class RecipeView:
    """``version`` is the one that is shown; ``in_force`` the one that holds today."""

    head: RecipeHead
    version: Version
    in_force: int | None
    versions: list[Version]
    lines: list[LineRow]
    outputs: list[OutputRow]
    used_in: list[UsedIn]


def _asked(search: str, day: date) -> dict[str, Any]:
    search = search.strip()[:100]
    return {"search": search, "inside": inside(search), "day": day}


def recipes(session: Session, search: str, day: date, cursor: Cursor) -> Listing[RecipeRow]:
    after = cursor.after[0] if cursor.after else None
    asked = _asked(search, day) | {"after": after, "limit": cursor.limit + 1}
    return cursor.cut(sql.rows(session, RecipeRow, RECIPES["recipes"], asked), "code")


def every_recipe(search: str, day: date) -> sql.Select[RecipeRow]:
    return sql.Select(RecipeRow, RECIPES["every_recipe"], _asked(search, day))


def recipe(session: Session, recipe_id: int, day: date, wanted: int | None = None) -> RecipeView:
    """Raises NoSuchRecipe.

    Args:
        wanted: the number of the version to show; the one that holds where it is left out.
    """
    head = sql.one(session, RecipeHead, RECIPES["recipe"], {"recipe_id": recipe_id})
    versions = sql.rows(session, Version, RECIPES["versions"], {"recipe_id": recipe_id})
    if head is None or not versions:
        raise problems.NoSuchRecipe
    holding = [one for one in versions if one.valid_from <= day]
    now = max(holding, key=lambda one: (one.valid_from, one.version), default=None)
    shown = next((one for one in versions if one.version == wanted), None) or now or versions[0]
    return RecipeView(
        head,
        shown,
        now.version if now else None,
        versions,
        lines(session, [shown.id]),
        outputs(session, [shown.id]),
        sql.rows(session, UsedIn, RECIPES["used_in"], {"item_id": head.item_id, "day": day}),
    )


def lines_text(view: RecipeView, scan: str, along: str) -> str:
    """The lines as they are typed; ``scan`` and ``along`` are the words of the language."""
    rows: list[str] = []
    for line in view.lines:
        cells = [line.code, f"{plain(line.entered_quantity)} {line.unit}"]
        if line.scrap_rate:
            cells.append(f"{plain(line.scrap_rate * 100)}%")
        cells += [scan] * (line.issue == "scan") + [along] * line.is_made_along
        rows.append(", ".join(cells))
    return "\n".join(rows)


def outputs_text(view: RecipeView, currency: str) -> str:
    rows: list[str] = []
    for one in view.outputs:
        worth = f"{plain(one.unit_value)} {currency}" if one.unit_value is not None else ""
        if one.share is not None:
            worth = f"{plain(one.share * 100)}%"
        rows.append(", ".join([one.code, f"{plain(one.quantity)} {one.base_unit}", worth]))
    return "\n".join(rows)
