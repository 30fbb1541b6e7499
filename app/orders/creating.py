"""Writing sales orders: create, change while draft."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlmodel import Session

from app.catalog import input as given
from app.catalog.codes import normalised
from app.catalog.numbers import next_number
from app.catalog.problems import InvalidInput
from app.kit import clock, sql
from app.kit.i18n import mark
from app.kit.money import fits
from app.kit.transactions import Envelope
from app.orders.answers import OrderChanged
from app.orders.permitting import permit
from app.orders.pricing import Worth, line_worth
from app.orders.problems import NoSuchSalesOrder, SalesOrderFixed

QUERIES = sql.Queries(Path(__file__).with_name("creating.sql"))
MOST_LINES = 2_000

NO_SUCH_ITEM = mark("No item has this code or barcode.")
NO_SUCH_CUSTOMER = mark("There is no customer with this code or name.")
NO_SUCH_WAREHOUSE = mark("The store has no warehouse with this code or name.")
NO_SUCH_PERSON = mark("There is nobody with this login.")
MORE_THAN_ZERO = mark("It must be more than 0.")
NO_SUCH_UNIT = mark("This item is not sold by {unit}; it is sold by: {known}.")
TOO_FINE = mark("This item is counted with {decimals} decimals.")
TOO_MANY = mark("A sales order has at most {most} lines.")
UNLIKE_COMPANY = mark("The company's own currency has the rate 1.")

Priority = Annotated[int, Field(ge=1, le=9)]
Days = Annotated[int, Field(ge=0, le=3650)]
PartialPolicy = Literal["partial", "whole_lines", "whole_order"]
AllocationRule = Literal["", "fefo", "fifo", "fewest_stops"]
Source = Annotated[str, Field(min_length=1, max_length=40)]


@dataclass(frozen=True)
class SalesLine:
    """One line as a person gives it.

    ``item`` is an item's code or any barcode of it; a pack's barcode orders packs.  ``unit`` names
    the base unit or a pack of the item where the code alone does not say it.  ``unit_price`` is per
    such unit, None takes the item's price; ``tax_rate`` is a fraction, None the item's own;
    ``discount_rate`` is a fraction of the price.  ``whole_packs`` delivers no opened pack;
    ``minimum_days`` is the shelf life that must be left, None takes the order's.
    """

    item: given.CodeText
    quantity: given.Quantity
    unit: given.Note = ""
    unit_price: given.Price | None = None
    discount_rate: given.Fraction = Decimal(0)
    tax_rate: given.Fraction | None = None
    whole_packs: bool = False
    minimum_days: Days | None = None


@dataclass(frozen=True)
class Terms:
    """What an order says beside its lines.

    ``customer`` is a partner's code or name, ``warehouse`` a warehouse's code or name (empty: every
    main one), ``salesperson`` a login.  ``exchange_rate`` is company currency per unit of
    ``currency`` (empty: the company's own).  An empty ``allocation_rule`` leaves it to the items.
    """

    customer: given.CodeText
    warehouse: given.Note = ""
    requested_on: date | None = None
    due_at: datetime | None = None
    priority: Priority = 5
    minimum_days: Days = 0
    partial_policy: PartialPolicy = "partial"
    allocation_rule: AllocationRule = ""
    salesperson: given.Note = ""
    region: given.Note = ""
    currency: given.Note = ""
    exchange_rate: given.Factor = Decimal(1)
    prices_include_tax: bool = True
    address: given.Note = ""
    contact: given.Note = ""
    phone: given.Note = ""
    note: given.Note = ""


@dataclass(frozen=True, kw_only=True)
class CreateOrder(Terms):
    """A new draft.  ``number`` is given by us where it is empty; ``external_number`` is what
    ``source`` (the other system) calls it, and comes in only once.
    """

    store_id: given.Id
    lines: list[SalesLine] = field(default_factory=list[SalesLine])
    number: given.Note = ""
    source: Source = "manual"
    external_number: given.Note = ""


@dataclass(frozen=True, kw_only=True)
class ChangeOrder(Terms):
    """What a draft says from now on: all of it, lines included."""

    order_id: given.Id
    lines: list[SalesLine] = field(default_factory=list[SalesLine])


def create_order(session: Session, command: CreateOrder, envelope: Envelope) -> OrderChanged:
    """Create a draft; nothing is promised to it before it is released.

    Raises:
        InvalidInput: with a mark for every wrong field and line (``lines.3.item``).
        CapabilityMissing, NoSuchSalesOrder (not your store), SalesNumberTaken, ExternalOrderTaken.
    """
    command = given.checked(command)
    values, lines = _read(session, command, command.lines, command.store_id, envelope)
    number = command.number.upper() or _next(session, command.store_id)
    values |= {
        "number": number,
        "source": command.source,
        "external_number": command.external_number or None,
        "created_by": envelope.caller.user_id,
    }
    order_id = int(sql.value(session, QUERIES["insert_order"], values))
    _write_lines(session, order_id, command.store_id, lines)
    return OrderChanged(order_id, number, "draft")


def change_order(session: Session, command: ChangeOrder, envelope: Envelope) -> OrderChanged:
    """Replace what a draft says.

    Raises:
        InvalidInput, CapabilityMissing, NoSuchSalesOrder.
        SalesOrderFixed: it is no draft any more.
    """
    command = given.checked(command)
    order = sql.one(session, _Draft, QUERIES["lock_draft"], {"order_id": command.order_id})
    if order is None:
        raise NoSuchSalesOrder
    if order.state != "draft":
        raise SalesOrderFixed(order.number, order.state)
    values, lines = _read(session, command, command.lines, order.store_id, envelope)
    sql.execute(session, QUERIES["change_order"], values | {"order_id": order.id})
    sql.execute(session, QUERIES["delete_lines"], {"order_id": order.id})
    _write_lines(session, order.id, order.store_id, lines)
    return OrderChanged(order.id, order.number, order.state)


# ---- Reading what was given -------------------------------------------------------------------


@dataclass(frozen=True)
class _Draft:
    id: int
    store_id: int
    number: str
    state: str


@dataclass(frozen=True)
class _Setting:
    """The company's settings, and what the order's texts mean in this store; None: nothing."""

    decimals: int
    currency: str
    customer_id: int | None
    warehouse_id: int | None
    salesperson_id: int | None


@dataclass(frozen=True)
class _SoldItem:
    code: str
    item_id: int
    decimals: int
    price: Decimal
    tax_rate: Decimal
    packaging_id: int | None
    factor: Decimal

    def by(self, unit: _SoldUnit) -> _SoldItem:
        return replace(self, packaging_id=unit.packaging_id, factor=unit.factor)


@dataclass(frozen=True)
class _SoldUnit:
    """A unit that an item is sold by, under one of its names."""

    item_id: int
    name: str
    packaging_id: int | None
    factor: Decimal


@dataclass(frozen=True)
class _Priced:
    values: dict[str, Any]
    worth: Worth


def _read(
    session: Session, terms: Terms, lines: list[SalesLine], store_id: int, envelope: Envelope
) -> tuple[dict[str, Any], list[_Priced]]:
    """The row of the order and its lines, or every mark of both at once."""
    permit(session, envelope, store_id, "sales_order_write")
    setting = _setting(session, terms, store_id)
    marks = _header_marks(terms, lines, setting)
    own = setting.currency
    terms = replace(terms, currency=(terms.currency or own).upper())
    priced = _priced(session, lines, terms, setting.decimals, marks)
    if marks:
        raise InvalidInput.of(marks)
    return _order_values(terms, setting, store_id, priced), priced


def _setting(session: Session, terms: Terms, store_id: int) -> _Setting:
    asked = {
        "store_id": store_id,
        "customer_code": normalised(terms.customer),
        "customer": terms.customer,
        "warehouse": terms.warehouse,
        "salesperson": terms.salesperson,
    }
    setting = sql.one(session, _Setting, QUERIES["setting"], asked)
    assert setting is not None, "a permitted store that there is not"
    return setting


def _header_marks(terms: Terms, lines: list[SalesLine], setting: _Setting) -> list[dict[str, Any]]:
    marks: list[dict[str, Any]] = []
    if setting.customer_id is None:
        marks.append(_mark("customer", NO_SUCH_CUSTOMER))
    if terms.warehouse and setting.warehouse_id is None:
        marks.append(_mark("warehouse", NO_SUCH_WAREHOUSE))
    if terms.salesperson and setting.salesperson_id is None:
        marks.append(_mark("salesperson", NO_SUCH_PERSON))
    if len(lines) > MOST_LINES:
        marks.append(_mark("lines", TOO_MANY, most=MOST_LINES))
    is_own = terms.currency.upper() in ("", setting.currency)
    if is_own and terms.exchange_rate != 1:
        marks.append(_mark("exchange_rate", UNLIKE_COMPANY))
    return marks


def _mark(field: str, text: str, **values: object) -> dict[str, Any]:
    return {"field": field, "text": text, "values": values}


def _priced(
    session: Session,
    lines: list[SalesLine],
    terms: Terms,
    decimals: int,
    marks: list[dict[str, Any]],
) -> list[_Priced]:
    codes = sorted({normalised(line.item) for line in lines})
    found = sql.rows(session, _SoldItem, QUERIES["sold_items"], {"codes": codes})
    items = {item.code: item for item in found}
    units = _sold_units(session, [item.item_id for item in found]) if _names_units(lines) else {}
    priced: list[_Priced] = []
    for position, line in enumerate(lines, 1):
        item = items.get(normalised(line.item))
        if item is not None and line.unit:
            item = _in_unit(position, line, item, units.get(item.item_id, []), marks)
        marks += _line_marks(position, line, item)
        if item is not None:
            priced.append(_price(position, line, item, terms, decimals))
    return priced


def _names_units(lines: list[SalesLine]) -> bool:
    return any(line.unit for line in lines)


def _sold_units(session: Session, item_ids: list[int]) -> dict[int, list[_SoldUnit]]:
    units: dict[int, list[_SoldUnit]] = {}
    for unit in sql.rows(session, _SoldUnit, QUERIES["sold_units"], {"item_ids": item_ids}):
        units.setdefault(unit.item_id, []).append(unit)
    return units


def _in_unit(
    position: int,
    line: SalesLine,
    item: _SoldItem,
    units: list[_SoldUnit],
    marks: list[dict[str, Any]],
) -> _SoldItem:
    wanted = line.unit.casefold()
    unit = next((unit for unit in units if unit.name.casefold() == wanted), None)
    if unit is None:
        known = ", ".join(dict.fromkeys(unit.name for unit in units))
        marks.append(_mark(f"lines.{position}.unit", NO_SUCH_UNIT, unit=line.unit, known=known))
        return item
    return item.by(unit)


def _line_marks(position: int, line: SalesLine, item: _SoldItem | None) -> list[dict[str, Any]]:
    if item is None:
        return [_mark(f"lines.{position}.item", NO_SUCH_ITEM)]
    if line.quantity <= 0:
        return [_mark(f"lines.{position}.quantity", MORE_THAN_ZERO)]
    if not fits(line.quantity * item.factor, item.decimals):
        return [_mark(f"lines.{position}.quantity", TOO_FINE, decimals=item.decimals)]
    return []


def _price(position: int, line: SalesLine, item: _SoldItem, terms: Terms, decimals: int) -> _Priced:
    price = item.price * item.factor if line.unit_price is None else line.unit_price
    tax = item.tax_rate if line.tax_rate is None else line.tax_rate
    agreed = line.quantity * price * (1 - line.discount_rate) * terms.exchange_rate
    worth = line_worth(agreed, tax, includes_tax=terms.prices_include_tax, decimals=decimals)
    values = {
        "position": position,
        "item_id": item.item_id,
        "packaging_id": item.packaging_id,
        "entered_quantity": line.quantity,
        "factor": item.factor,
        "quantity": line.quantity * item.factor,
        "whole_packs": line.whole_packs,
        "unit_price": price,
        "discount_rate": line.discount_rate,
        "tax_rate": tax,
        "net_amount": worth.net,
        "minimum_days": line.minimum_days,
    }
    return _Priced(values, worth)


def _order_values(
    terms: Terms, setting: _Setting, store_id: int, lines: list[_Priced]
) -> dict[str, Any]:
    return {
        "store_id": store_id,
        "customer_id": setting.customer_id,
        "warehouse_id": setting.warehouse_id,
        "salesperson_id": setting.salesperson_id,
        "priority": terms.priority,
        "requested_on": terms.requested_on,
        "due_at": terms.due_at,
        "minimum_days": terms.minimum_days,
        "partial_policy": terms.partial_policy,
        "allocation_rule": terms.allocation_rule or None,
        "region": terms.region,
        "currency": terms.currency,
        "exchange_rate": terms.exchange_rate,
        "prices_include_tax": terms.prices_include_tax,
        "net_amount": sum((line.worth.net for line in lines), Decimal(0)),
        "total_amount": sum((line.worth.total for line in lines), Decimal(0)),
        "address": terms.address,
        "contact": terms.contact,
        "phone": terms.phone,
        "note": terms.note,
    }


def _write_lines(session: Session, order_id: int, store_id: int, lines: list[_Priced]) -> None:
    for line in lines:
        values = line.values | {"order_id": order_id, "store_id": store_id}
        sql.execute(session, QUERIES["insert_line"], values)


def _next(session: Session, store_id: int) -> str:
    zone = sql.value(session, QUERIES["zone"], {"store_id": store_id})
    return next_number(session, "SO", clock.today(zone))
