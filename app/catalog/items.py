"""Commands on items, their packs and barcodes, categories and units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any, Literal, TypedDict, cast

from sqlmodel import Session, col, select

from app.catalog import input as given
from app.catalog import problems, registry
from app.catalog.codes import corrected
from app.catalog.tables import Category, Item, Packaging, Unit
from app.kit.money import fits
from app.kit.transactions import Envelope

Tracking = Literal["none", "lot", "serial"]
ExpiryRule = Literal["none", "expires_on", "best_before_on"]
CostMethod = Literal["moving_average", "fifo", "specific"]


@dataclass(frozen=True)
class Created:
    """The new row's id and its code."""

    id: int
    code: str


@dataclass(frozen=True)
class Changed:
    """``request_id`` where votes are needed first: nothing has changed then."""

    id: int
    request_id: int | None = None


@dataclass(frozen=True)
class CreateItem:
    """A new item.  ``decimals`` and ``cost_method`` default to the unit's and the category's.

    ``tax_rate`` is a fraction (0.13); ``price`` is per base unit, without tax.  ``weight_kg`` and
    ``volume_litre`` are of one base unit (a cubic metre has 1,000 litres); None: not known.
    """

    code: given.CodeText
    name: given.Name
    base_unit: given.ShortCode
    decimals: given.Decimals | None = None
    specification: given.Note = ""
    category_id: given.Id | None = None
    tracking: Tracking = "none"
    expiry_rule: ExpiryRule = "none"
    shelf_life_days: given.Days | None = None
    minimum_days_on_receipt: given.Days = 0
    catch_weight: bool = False
    cost_method: CostMethod | None = None
    inspect_on_receipt: bool = False
    safety_stock: given.Quantity = Decimal(0)
    price: given.Price = Decimal(0)
    tax_rate: given.Fraction = Decimal(0)
    weight_kg: given.Quantity | None = None
    volume_litre: given.Quantity | None = None


class ItemChanges(TypedDict, total=False):
    """The fields of ``CreateItem`` that change; the others stay as they are."""

    code: str
    name: str
    base_unit: str
    decimals: int | None
    specification: str
    category_id: int | None
    tracking: Tracking
    expiry_rule: ExpiryRule
    shelf_life_days: int | None
    minimum_days_on_receipt: int
    catch_weight: bool
    cost_method: CostMethod | None
    inspect_on_receipt: bool
    safety_stock: Decimal
    price: Decimal
    tax_rate: Decimal
    weight_kg: Decimal | None
    volume_litre: Decimal | None


@dataclass(frozen=True)
class ChangeItem:
    item_id: int
    changes: ItemChanges


@dataclass(frozen=True)
class ArchiveItem:
    """Take the item out of use, or with ``restore`` back into it.  Its codes stay its own."""

    item_id: int
    restore: bool = False


@dataclass(frozen=True)
class AddPackaging:
    """A pack of ``quantity`` base units; its barcode may come with it."""

    item_id: given.Id
    name: given.Name
    quantity: given.Factor
    barcode: given.CodeText | None = None
    internal: bool = False


@dataclass(frozen=True)
class AddBarcode:
    """``internal`` states that the number is the company's own and follows no GS1 rule."""

    item_id: given.Id
    barcode: given.CodeText
    packaging_id: given.Id | None = None
    internal: bool = False


@dataclass(frozen=True)
class RemoveBarcode:
    item_id: int
    barcode: str


@dataclass(frozen=True)
class CreateCategory:
    code: given.ShortCode
    name: given.Name
    parent_id: given.Id | None = None
    cost_method: CostMethod = "moving_average"


@dataclass(frozen=True)
class CreateUnit:
    code: given.ShortCode
    name: given.Name
    decimals: given.Decimals = 0


@dataclass(frozen=True)
class CreatedUnit:
    code: str


def create_item(session: Session, command: CreateItem, _envelope: Envelope) -> Created:
    """Refuses taken codes, unknown units and categories, contradictions between the fields."""
    command = _complete(session, given.checked(command))
    registry.refuse_taken(session, command.code)
    item = Item(**_columns(command))
    session.add(item)
    session.flush()
    registry.register_item(session, command.code, _id(item))
    return Created(id=_id(item), code=item.code)


def change_item(session: Session, command: ChangeItem, _envelope: Envelope) -> Changed:
    """Refuses, beyond what ``create_item`` does, a new unit, decimals, tracking or costing of an
    item that has moved: the database holds that (``item_identity_frozen``).
    """
    item, new = checked_change(session, command)
    if new.code != item.code:
        registry.release(session, item.code, "item")
        registry.register_item(session, new.code, command.item_id)
    for name, value in _columns(new).items():
        setattr(item, name, value)
    session.flush()
    return Changed(command.item_id)


def checked_change(session: Session, command: ChangeItem) -> tuple[Item, CreateItem]:
    """The item, locked, and all that it would be.  Raises NoSuchItem, InvalidInput."""
    item = _locked_item(session, command.item_id)
    old = {field.name: getattr(item, field.name) for field in fields(CreateItem)}
    changes = cast("Mapping[str, Any]", command.changes)
    return item, _complete(session, given.read(CreateItem, {**old, **changes}))


def archive_item(session: Session, command: ArchiveItem, _envelope: Envelope) -> Changed:
    """Refuses while there is stock of it anywhere (``item_archived_without_stock``)."""
    _locked_item(session, command.item_id).is_active = command.restore
    session.flush()
    return Changed(command.item_id)


def add_packaging(session: Session, command: AddPackaging, _envelope: Envelope) -> Created:
    command = given.checked(command)
    item = _locked_item(session, command.item_id)
    _refuse_marks(_pack_marks(command, item.decimals))
    packaging = Packaging(item_id=command.item_id, name=command.name, quantity=command.quantity)
    session.add(packaging)
    session.flush()
    if command.barcode:
        _add_barcode(
            session, command.item_id, command.barcode, packaging.id, internal=command.internal
        )
    return Created(id=_id(packaging), code=command.name)


def add_barcode(session: Session, command: AddBarcode, _envelope: Envelope) -> Changed:
    """Refuses a wrong check digit (naming the right one) and a code that already means something.

    Adding a barcode that the item already has changes nothing.
    """
    command = given.checked(command)
    _locked_item(session, command.item_id)
    if command.packaging_id is not None:
        packaging = session.get(Packaging, command.packaging_id)
        if packaging is None or packaging.item_id != command.item_id:
            raise problems.NoSuchItem
    pack, internal = command.packaging_id, command.internal
    _add_barcode(session, command.item_id, command.barcode, pack, internal=internal)
    return Changed(command.item_id)


def remove_barcode(session: Session, command: RemoveBarcode, _envelope: Envelope) -> Changed:
    known = registry.meaning(session, command.barcode)
    if known is None or (known.kind, known.item_id) != ("barcode", command.item_id):
        raise problems.NoSuchBarcode(barcode=command.barcode)
    registry.release(session, command.barcode, "barcode")
    return Changed(command.item_id)


def create_category(session: Session, command: CreateCategory, _envelope: Envelope) -> Created:
    command = given.checked(command)
    if command.parent_id is not None and session.get(Category, command.parent_id) is None:
        raise problems.UnknownCategory
    category = Category(
        code=command.code,
        name=command.name,
        parent_id=command.parent_id,
        cost_method=command.cost_method,
    )
    session.add(category)
    session.flush()
    return Created(id=_id(category), code=category.code)


def create_unit(session: Session, command: CreateUnit, _envelope: Envelope) -> CreatedUnit:
    command = given.checked(command)
    session.add(Unit(code=command.code, name=command.name, decimals=command.decimals))
    session.flush()
    return CreatedUnit(command.code)


def _complete(session: Session, command: CreateItem) -> CreateItem:
    """The command with the unit's decimals and the category's costing filled in, all checked."""
    unit = session.get(Unit, command.base_unit)
    if unit is None:
        raise problems.UnknownUnit(unit=command.base_unit)
    method = command.cost_method or _category_method(session, command.category_id)
    decimals = unit.decimals if command.decimals is None else command.decimals
    if command.tracking == "serial" and command.decimals is None:
        decimals = 0
    command = replace(command, decimals=decimals, cost_method=method)
    _refuse_marks(item_marks(command, decimals))
    return command


def _category_method(session: Session, category_id: int | None) -> CostMethod:
    if category_id is None:
        return "moving_average"
    category = session.get(Category, category_id)
    if category is None:
        raise problems.UnknownCategory
    return cast("CostMethod", category.cost_method)


def item_marks(command: CreateItem, decimals: int) -> list[dict[str, Any]]:
    """What contradicts itself between the fields, as marks."""
    found: list[dict[str, Any]] = []
    if command.tracking == "serial" and decimals > 0:
        found.append(_mark("decimals", given.SERIALS_ARE_WHOLE))
    if command.expiry_rule != "none" and command.tracking == "none":
        found.append(_mark("expiry_rule", given.EXPIRY_NEEDS_LOTS))
    if command.cost_method == "specific" and command.tracking == "none":
        found.append(_mark("cost_method", given.SPECIFIC_NEEDS_LOTS))
    if command.shelf_life_days == 0:
        found.append(_mark("shelf_life_days", given.SHELF_LIFE_POSITIVE))
    if not fits(command.safety_stock, decimals):
        found.append(_mark("safety_stock", given.TOO_FINE, decimals=decimals))
    return found


def _pack_marks(command: AddPackaging, decimals: int) -> list[dict[str, Any]]:
    if fits(command.quantity, decimals):
        return []
    return [_mark("quantity", given.TOO_FINE, decimals=decimals)]


def _mark(field: str, text: str, **values: object) -> dict[str, Any]:
    return {"field": field, "text": text, "values": values}


def _refuse_marks(marks: list[dict[str, Any]]) -> None:
    if marks:
        raise problems.InvalidInput.of(marks)


def _columns(command: CreateItem) -> dict[str, Any]:
    return {field.name: getattr(command, field.name) for field in fields(command)}


def _add_barcode(
    session: Session, item_id: int, barcode: str, packaging_id: int | None, *, internal: bool
) -> None:
    right = corrected(barcode)
    if right and not internal:
        raise problems.WrongCheckDigit(barcode=barcode, right=right)
    known = registry.meaning(session, barcode)
    if known and (known.kind, known.item_id, known.packaging_id) == (
        "barcode",
        item_id,
        packaging_id,
    ):
        return
    registry.register_barcode(session, barcode, item_id, packaging_id)


def _locked_item(session: Session, item_id: int) -> Item:
    query = select(Item).where(col(Item.id) == item_id).with_for_update()
    item = session.exec(query).one_or_none()
    if item is None:
        raise problems.NoSuchItem
    return item


def _id(row: Item | Packaging | Category) -> int:
    return cast("int", row.id)
