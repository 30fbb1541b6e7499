"""Writing a voucher: a draft with its charges and the receipt lines that they are for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from sqlmodel import Session

from app.catalog import input as given
from app.catalog.codes import normalised
from app.catalog.currencies import DocumentRate, document_rate
from app.catalog.numbers import next_number
from app.catalog.problems import InvalidInput
from app.kit import clock, sql
from app.kit.i18n import mark
from app.kit.money import ZERO, plain, rounded, split
from app.kit.transactions import Envelope
from app.landing import problems
from app.landing.loading import QUERIES, LineRow, Voucher, lines_of, lock_voucher

PREFIX = "LC"
MOST_CHARGES = 20
MOST_RECEIPTS = 500
ChargeKind = Literal["freight", "duty", "insurance", "handling", "commission", "other"]
ChargeBasis = Literal["by_value", "by_weight", "by_volume", "by_quantity", "equal", "manual"]

NO_SUCH_SUPPLIER = mark("There is no supplier with this code or name.")
ABSURD = mark("The number is absurdly large.")
MOST_AMOUNT = Decimal(10) ** 14
NO_AMOUNT = mark("It must not be zero.")
NO_CHARGES = mark("Enter at least one charge.")
TOO_MANY = mark("There are more than {most}.")
NOT_THERE = mark("{item} is not on these receipts.")
SUM_DIFFERS = mark("The shares by hand sum to {sum}, the charge is {amount}.")


@dataclass(frozen=True)
class HandShare:
    """``amount`` of the charge is for an item's lines, in the voucher's currency."""

    item: given.CodeText
    amount: given.Money


@dataclass(frozen=True)
class VoucherCharge:
    """``amount`` in the voucher's currency, negative for a credit; ``shares`` where it is by hand.

    ``replaces_estimate``: what was expected of this kind of charge with the order goes out.
    """

    kind: ChargeKind
    amount: given.Money
    basis: ChargeBasis = "by_value"
    replaces_estimate: bool = True
    shares: list[HandShare] = field(default_factory=list[HandShare])


@dataclass(frozen=True)
class CreateVoucher:
    """``receipts`` are numbers of closed receipts or of purchase orders; ``line_ids`` or
    ``items`` (codes) keep only these of their lines.  ``supplier`` (code or name) is who charges;
    ``exchange_rate`` None takes the rate of the list.
    """

    store_id: given.Id
    receipts: list[given.CodeText]
    charges: list[VoucherCharge]
    supplier: given.Note = ""
    supplier_number: given.Note = ""
    voucher_on: date | None = None
    currency: given.Note = ""
    exchange_rate: given.Rate | None = None
    note: given.Note = ""
    line_ids: list[given.Id] = field(default_factory=list[given.Id])
    items: list[given.CodeText] = field(default_factory=list[given.CodeText])


@dataclass(frozen=True)
class ChangeVoucher:
    """Everything of a draft, written anew; the store stays."""

    voucher_id: given.Id
    content: CreateVoucher


@dataclass(frozen=True)
class CancelVoucher:
    voucher_id: int


@dataclass(frozen=True)
class VoucherChanged:
    """``request_id`` where votes are needed first; nothing has changed then."""

    voucher_id: int
    number: str
    state: str
    request_id: int | None = None


@dataclass(frozen=True)
class _Store:
    id: int
    time_zone: str
    decimals: int


@dataclass(frozen=True)
class _Receipt:
    given: str
    id: int
    number: str
    store_id: int
    store: str
    state: str


def create_voucher(session: Session, command: CreateVoucher, envelope: Envelope) -> VoucherChanged:
    """Write a draft.  Nothing is posted by it.

    Raises:
        InvalidInput: with a mark for every wrong field (``charges.2.amount``).
        CurrencyWithoutRate, NothingToSpreadOn, ReceiptUnknown, ReceiptOfAnotherStore,
        ReceiptStillOpen, VoucherUnknown (of a store that is not one's own).
    """
    command = given.checked(command)
    store = _store(session, command.store_id)
    receipts = _receipts(session, command)
    values = _head(session, command, store)
    number = next_number(session, PREFIX, clock.today(store.time_zone))
    values |= {"store_id": store.id, "number": number, "user_id": envelope.caller.user_id}
    voucher_id = int(sql.value(session, QUERIES["insert_voucher"], values))
    _write_parts(session, voucher_id, command, receipts, values)
    return VoucherChanged(voucher_id, number, "draft")


def change_voucher(session: Session, command: ChangeVoucher, _envelope: Envelope) -> VoucherChanged:
    """As ``create_voucher``, of a draft.  Raises VoucherFixed too."""
    voucher = draft(session, command.voucher_id)
    content = replace(given.checked(command.content), store_id=voucher.store_id)
    store = _store(session, voucher.store_id)
    receipts = _receipts(session, content)
    values = _head(session, content, store) | {"voucher_id": voucher.id}
    sql.execute(session, QUERIES["change_voucher"], values)
    for name in ("delete_charges", "delete_targets"):
        sql.execute(session, QUERIES[name], {"voucher_id": voucher.id})
    _write_parts(session, voucher.id, content, receipts, values)
    return VoucherChanged(voucher.id, voucher.number, voucher.state)


def cancel_voucher(session: Session, command: CancelVoucher, _envelope: Envelope) -> VoucherChanged:
    """A draft that is not wanted any more; its number stays used."""
    voucher = draft(session, command.voucher_id)
    state = {"voucher_id": voucher.id, "state": "cancelled", "problem": None}
    sql.execute(session, QUERIES["set_state"], state)
    return VoucherChanged(voucher.id, voucher.number, "cancelled")


def draft(session: Session, voucher_id: int) -> Voucher:
    """The voucher, locked.  Raises VoucherUnknown, VoucherFixed."""
    voucher = lock_voucher(session, voucher_id)
    if voucher.state != "draft":
        raise problems.VoucherFixed(number=voucher.number, state=voucher.state)
    return voucher


# ---- Head --------------------------------------------------------------------------------------


def _store(session: Session, store_id: int) -> _Store:
    store = sql.one(session, _Store, QUERIES["store_of"], {"store_id": store_id})
    if store is None:
        raise problems.VoucherUnknown
    return store


def _receipts(session: Session, command: CreateVoucher) -> list[_Receipt]:
    """The receipts that are meant, each once."""
    numbers = list(dict.fromkeys(number.upper() for number in command.receipts))
    if len(numbers) > MOST_RECEIPTS:
        raise InvalidInput.of([_mark("receipts", TOO_MANY, most=MOST_RECEIPTS)])
    found = sql.rows(session, _Receipt, QUERIES["receipts_named"], {"numbers": numbers})
    for number in numbers:
        if not any(one.given == number for one in found):
            _refuse_number(session, number)
    for one in found:
        if one.store_id != command.store_id:
            raise problems.ReceiptOfAnotherStore(number=one.number, store=one.store)
        if one.state in {"in_progress", "paused"}:
            raise problems.ReceiptStillOpen(number=one.number)
    if not found:
        raise problems.NothingToSpreadOn
    return found


def _refuse_number(session: Session, number: str) -> None:
    """An order of which nothing came yet is something else than a wrong number."""
    if sql.value(session, QUERIES["order_named"], {"number": number}) is not None:
        raise problems.NothingToSpreadOn
    raise problems.ReceiptUnknown(given=number)


def _head(session: Session, command: CreateVoucher, store: _Store) -> dict[str, Any]:
    day = command.voucher_on or clock.today(store.time_zone)
    rate = document_rate(session, command.currency, day, command.exchange_rate)
    supplier_id, marks = None, _charge_marks(command, rate)
    if command.supplier:
        wanted = {"code": normalised(command.supplier), "name": command.supplier}
        supplier_id = sql.value(session, QUERIES["supplier_named"], wanted)
        marks += [_mark("supplier", NO_SUCH_SUPPLIER)] if supplier_id is None else []
    if marks:
        raise InvalidInput.of(marks)
    return {
        "supplier_id": supplier_id,
        "supplier_number": command.supplier_number,
        "voucher_on": day,
        "currency": rate.currency,
        "exchange_rate": rate.rate,
        "value": sum(_values(command, rate, store.decimals), ZERO),
        "decimals": store.decimals,
        "note": command.note,
    }


def _values(command: CreateVoucher, rate: DocumentRate, decimals: int) -> list[Decimal]:
    """The charges in the company's currency."""
    return [rounded(charge.amount * rate.rate, decimals) for charge in command.charges]


def _charge_marks(command: CreateVoucher, rate: DocumentRate) -> list[dict[str, Any]]:
    if not command.charges:
        return [_mark("charges", NO_CHARGES)]
    if len(command.charges) > MOST_CHARGES:
        return [_mark("charges", TOO_MANY, most=MOST_CHARGES)]
    charges = enumerate(command.charges, 1)
    return [found for place, one in charges for found in _marks(place, one, rate)]


def _marks(place: int, charge: VoucherCharge, rate: DocumentRate) -> list[dict[str, Any]]:
    if not charge.amount:
        return [_mark(f"charges.{place}.amount", NO_AMOUNT)]
    if abs(charge.amount) * rate.rate > MOST_AMOUNT:
        return [_mark(f"charges.{place}.amount", ABSURD)]
    by_hand = sum((one.amount for one in charge.shares), ZERO)
    if charge.basis == "manual" and by_hand != charge.amount:
        said = {"sum": plain(by_hand), "amount": plain(charge.amount)}
        return [_mark(f"charges.{place}.shares", SUM_DIFFERS, **said)]
    return []


def _mark(field_name: str, text: str, **values: object) -> dict[str, Any]:
    return {"field": field_name, "text": text, "values": values}


# ---- Parts -------------------------------------------------------------------------------------


def _write_parts(
    session: Session,
    voucher_id: int,
    command: CreateVoucher,
    receipts: Sequence[_Receipt],
    head: dict[str, Any],
) -> None:
    targets = {
        "voucher_id": voucher_id,
        "receipt_ids": [one.id for one in receipts],
        "line_ids": command.line_ids,
        "items": [normalised(code) for code in command.items],
    }
    if not sql.execute(session, QUERIES["insert_targets"], targets):
        raise problems.NothingToSpreadOn
    lines = lines_of(session, voucher_id)
    rate = DocumentRate(head["currency"], head["exchange_rate"])
    values = _values(command, rate, head["decimals"])
    for place, (charge, value) in enumerate(zip(command.charges, values, strict=True), 1):
        row = {
            "voucher_id": voucher_id,
            "store_id": command.store_id,
            "position": place,
            "kind": charge.kind,
            "basis": charge.basis,
            "amount": charge.amount,
            "value": value,
            "replaces_estimate": charge.replaces_estimate,
        }
        charge_id = int(sql.value(session, QUERIES["insert_charge"], row))
        if charge.basis == "manual":
            _write_given(session, charge_id, place, charge, lines)


def _write_given(
    session: Session, charge_id: int, place: int, charge: VoucherCharge, lines: Sequence[LineRow]
) -> None:
    """What was entered for an item, over its lines by their quantity; a credit counts like it."""
    sign = Decimal(1).copy_sign(charge.amount)
    given_to: dict[int, Decimal] = {}
    for one in charge.shares:
        mine = [line for line in lines if line.item_code == normalised(one.item)]
        if not mine:
            raise InvalidInput.of([_mark(f"charges.{place}.shares", NOT_THERE, item=one.item)])
        parts = split(one.amount * sign, [line.quantity for line in mine], 4)
        for line, part in zip(mine, parts, strict=True):
            before = given_to.get(line.receipt_line_id, ZERO)
            given_to[line.receipt_line_id] = before + part
    values = {
        "charge_id": charge_id,
        "store_id": lines[0].store_id,
        "line_ids": list(given_to),
        "amounts": list(given_to.values()),
    }
    sql.execute(session, QUERIES["insert_given"], values)
