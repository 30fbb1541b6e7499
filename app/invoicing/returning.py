"""Goods that go back to their supplier: one return of a receipt, booked piece by piece."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.catalog import input as given
from app.catalog.numbers import next_number
from app.catalog.problems import InvalidInput
from app.invoicing import problems
from app.invoicing.problems import InvoiceReason
from app.invoicing.writing import ABSURD, MOST_AMOUNT
from app.kit import clock, sql
from app.kit.money import ZERO, fits, plain, rounded
from app.kit.transactions import Envelope
from app.ledger.movements import Movement, Place
from app.ledger.posting import reverse
from app.ledger.problems import QuantityNotPositive
from app.ledger.returns import return_out

QUERIES = sql.Queries(Path(__file__).with_suffix(".sql"))
PREFIX = "SR"
LINE_KIND = "supplier_return_line"
STEP = "returning_to_supplier"
LONGEST_REASON = 200


@dataclass(frozen=True)
class OpenReturn:
    """Begin to send goods of a receipt back, or go on with its open return."""

    receipt_id: int


@dataclass(frozen=True)
class SendBack:
    """So much of a balance goes back to the supplier of the return's receipt.

    ``quantity`` in base units; ``reason`` a key of ``words.REASONS`` or a person's own words.
    ``unit_credit`` is what the supplier gives per base unit, in the company's currency and without
    recoverable tax; None: what the goods were bought for.
    """

    return_id: given.Id
    balance_id: given.Id
    quantity: given.Quantity
    reason: given.Note
    unit_credit: given.Price | None = None


@dataclass(frozen=True)
class TakeBack:
    """An entry was wrong: the goods are here again."""

    return_id: int
    line_id: int
    reason: str


@dataclass(frozen=True)
class CloseReturn:
    return_id: int
    note: str = ""


@dataclass(frozen=True)
class ReturnChanged:
    """The return, its state, and the entries that were made.

    ``amount`` left stock, ``credit`` is expected from the supplier, ``variance`` lies between;
    None where nothing was booked, or for whom costs are not shown.
    """

    return_id: int
    number: str
    state: str
    line_ids: tuple[int, ...] = ()
    amount: Decimal | None = None
    credit: Decimal | None = None
    variance: Decimal | None = None


@dataclass(frozen=True)
class _Receipt:
    id: int
    store_id: int
    number: str
    state: str
    supplier_id: int | None
    time_zone: str
    has_goods: bool


@dataclass(frozen=True)
class _Return:
    id: int
    store_id: int
    number: str
    receipt_id: int
    state: str
    lines: int
    decimals: int


@dataclass(frozen=True)
class _Balance:
    id: int
    store_id: int
    location_id: int
    item_id: int
    lot_id: int | None
    logistic_unit_id: int | None
    status: str
    item_name: str
    base_unit: str
    decimals: int
    supplier_location_id: int


@dataclass(frozen=True)
class _Came:
    """A receipt line of which something can still go back; ``billed`` is what invoices say of the
    quantity ``invoiced``, without charges.
    """

    receipt_line_id: int
    move_id: int
    quantity: Decimal
    left: Decimal
    billed: Decimal
    invoiced: Decimal
    open_quantity: Decimal
    open_amount: Decimal


@dataclass(frozen=True)
class _Line:
    id: int
    move_id: int
    is_undone: bool
    credited_by: str | None


def open_return(session: Session, command: OpenReturn, envelope: Envelope) -> ReturnChanged:
    """The receipt's open return; a new one where there is none.

    Raises:
        ReceiptUnknown, ReceiptNotReturnable.
    """
    asked = {"receipt_id": command.receipt_id}
    receipt = sql.one(session, _Receipt, QUERIES["lock_receipt"], asked)
    if receipt is None:
        raise problems.ReceiptUnknown(given=f"#{command.receipt_id}")
    already = sql.value(session, QUERIES["open_return_of_receipt"], asked)
    if already is not None:
        found = _locked(session, int(already))
        return ReturnChanged(found.id, found.number, found.state)
    if receipt.state != "done" or receipt.supplier_id is None or not receipt.has_goods:
        raise problems.ReceiptNotReturnable(number=receipt.number)
    values = {
        "store_id": receipt.store_id,
        "number": next_number(session, PREFIX, clock.today(receipt.time_zone)),
        "supplier_id": receipt.supplier_id,
        "receipt_id": receipt.id,
        "user_id": envelope.caller.user_id,
    }
    return_id = int(sql.value(session, QUERIES["insert_return"], values))
    return ReturnChanged(return_id, str(values["number"]), "in_progress")


def send_back(session: Session, command: SendBack, envelope: Envelope) -> ReturnChanged:
    """Goods leave stock for the supplier, at the cost of their own receipt; the newest line first.

    Raises:
        ReturnUnknown, ReturnClosed, NotOfReceipt, MoreThanCame, ReturnTooFine, InvoiceReason,
        QuantityNotPositive; InsufficientOnHand and StockAllocated of the ledger.
    """
    command = given.checked(command)
    found = _open(session, command.return_id)
    reason = _reason(command.reason)
    balance = _balance(session, found, command)
    parts = _parts(session, found, balance, command.quantity)
    done = [
        _book(session, envelope, (found, balance, reason), came, quantity, command.unit_credit)
        for came, quantity in parts
    ]
    return ReturnChanged(
        found.id,
        found.number,
        found.state,
        tuple(line_id for line_id, *_ in done),
        *(sum((amounts[place] for _, *amounts in done), ZERO) for place in range(3)),
    )


def take_back(session: Session, command: TakeBack, envelope: Envelope) -> ReturnChanged:
    """Reverse an entry at the value that it had.

    Raises:
        ReturnUnknown, ReturnClosed, ReturnLineUnknown, CreditedReturn, InvoiceReason.
    """
    found = _open(session, command.return_id)
    reason = _reason(command.reason)
    asked = {"line_id": command.line_id, "return_id": found.id}
    line = sql.one(session, _Line, QUERIES["lock_line"], asked)
    if line is None or line.is_undone:
        raise problems.ReturnLineUnknown
    if line.credited_by is not None:
        raise problems.CreditedReturn(number=line.credited_by)
    reverse(session, envelope, line.move_id, reason)
    sql.execute(session, QUERIES["undo_line"], asked)
    return ReturnChanged(found.id, found.number, found.state, (line.id,))


def close_return(session: Session, command: CloseReturn, _envelope: Envelope) -> ReturnChanged:
    """Everything is booked; an empty return is cancelled.  Raises ReturnUnknown, ReturnClosed."""
    found = _open(session, command.return_id)
    state = "done" if found.lines else "cancelled"
    note = " ".join(command.note.split())[:LONGEST_REASON]
    sql.execute(session, QUERIES["close"], {"return_id": found.id, "state": state, "note": note})
    return ReturnChanged(found.id, found.number, state)


def receipt_of_code(session: Session, number: str, sscc: str, shown: str) -> int:
    """The receipt that a code names: its own, its order's latest, or that of a carton.

    Raises:
        ReceiptUnknown: none of the caller's stores.
    """
    found = sql.value(session, QUERIES["receipt_of_code"], {"number": number, "sscc": sscc})
    if found is None:
        raise problems.ReceiptUnknown(given=shown)
    return int(found)


# ---- Behind them -------------------------------------------------------------------------------


def _locked(session: Session, return_id: int) -> _Return:
    found = sql.one(session, _Return, QUERIES["lock_return"], {"return_id": return_id})
    if found is None:
        raise problems.ReturnUnknown
    return found


def _open(session: Session, return_id: int) -> _Return:
    """The return, locked, and its receipt behind it: invoices of it wait."""
    found = _locked(session, return_id)
    if found.state != "in_progress":
        raise problems.ReturnClosed(number=found.number)
    sql.execute(session, QUERIES["lock_receipt"], {"receipt_id": found.receipt_id})
    return found


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise InvoiceReason(longest=LONGEST_REASON)
    return reason


def _balance(session: Session, found: _Return, command: SendBack) -> _Balance:
    asked = {"balance_id": command.balance_id, "store_id": found.store_id}
    balance = sql.one(session, _Balance, QUERIES["balance"], asked)
    if balance is None:
        raise problems.NotOfReceipt(given=f"#{command.balance_id}")
    if command.quantity <= 0:
        raise QuantityNotPositive
    if (command.unit_credit or ZERO) * command.quantity > MOST_AMOUNT:
        raise InvalidInput.of([{"field": "unit_credit", "text": ABSURD, "values": {}}])
    if not fits(command.quantity, balance.decimals):
        raise problems.ReturnTooFine(
            item=balance.item_name, unit=balance.base_unit, decimals=balance.decimals,
            quantity=plain(command.quantity),
        )  # fmt: skip
    return balance


def _parts(
    session: Session, found: _Return, balance: _Balance, quantity: Decimal
) -> list[tuple[_Came, Decimal]]:
    """The quantity over the receipt's lines of these goods, the newest first."""
    asked = {
        "receipt_id": found.receipt_id,
        "item_id": balance.item_id,
        "lot_id": balance.lot_id,
    }
    came = sql.rows(session, _Came, QUERIES["came"], asked)
    if not came:
        raise problems.NotOfReceipt(given=balance.item_name)
    left = sum((one.left for one in came), ZERO)
    if quantity > left:
        raise problems.MoreThanCame(
            item=balance.item_name, left=plain(left), wanted=plain(quantity)
        )
    parts: list[tuple[_Came, Decimal]] = []
    for one in came:
        take = min(one.left, quantity)
        if take > 0:
            parts.append((one, take))
            quantity -= take
    return parts


def _book(
    session: Session,
    envelope: Envelope,
    what: tuple[_Return, _Balance, str],
    came: _Came,
    quantity: Decimal,
    unit_credit: Decimal | None,
) -> tuple[int, Decimal, Decimal, Decimal]:
    """One entry: its id, what left stock, the credit, and the variance."""
    found, balance, reason = what
    open_part, open_amount = _open_part(came, quantity, found.decimals)
    credit = (
        _bought(came, quantity, found.decimals, (open_part, open_amount))
        if unit_credit is None
        else rounded(unit_credit * quantity, found.decimals)
    )
    line_id = int(sql.value(session, QUERIES["next_line_id"]))
    movement = _movement(balance, quantity, line_id, reason)
    gone = return_out(session, envelope, movement, came.move_id, credit)
    entry = {
        "id": line_id,
        "receipt_line_id": came.receipt_line_id,
        "quantity": quantity,
        "reason": reason,
        "credit": credit,
        "amount": -gone.amount,
        "variance": gone.variance,
        "open_quantity": open_part,
        "open_amount": open_amount,
        "move_id": gone.move_id,
    }
    _write(session, envelope, found, balance, entry)
    return line_id, -gone.amount, credit, gone.variance


def _write(
    session: Session, envelope: Envelope, found: _Return, balance: _Balance, entry: dict[str, Any]
) -> None:
    values = entry | {
        "return_id": found.id,
        "store_id": found.store_id,
        "item_id": balance.item_id,
        "lot_id": balance.lot_id,
        "location_id": balance.location_id,
        "status": balance.status,
        "command_id": envelope.command_id,
        "user_id": envelope.caller.user_id,
    }
    sql.execute(session, QUERIES["insert_line"], values)


def _open_part(came: _Came, quantity: Decimal, decimals: int) -> tuple[Decimal, Decimal]:
    """What of it was not billed yet: no credit will come for it, its estimate just goes."""
    part = min(quantity, max(came.open_quantity, ZERO))
    if not part:
        return ZERO, ZERO
    if part == came.open_quantity:
        return part, came.open_amount
    return part, rounded(came.open_amount * part / came.open_quantity, decimals)


def _bought(
    came: _Came, quantity: Decimal, decimals: int, opened: tuple[Decimal, Decimal]
) -> Decimal:
    """What the goods were bought for: their open part at its estimate, the rest as billed."""
    part, amount = opened
    if quantity == part or not came.invoiced:
        return amount
    return amount + rounded(came.billed * (quantity - part) / came.invoiced, decimals)


def _movement(balance: _Balance, quantity: Decimal, line_id: int, reason: str) -> Movement:
    return Movement(
        store_id=balance.store_id,
        item_id=balance.item_id,
        quantity=quantity,
        source=Place(balance.location_id, balance.status),
        target=Place(balance.supplier_location_id),
        biz_step=STEP,
        kind="return_out",
        lot_id=balance.lot_id,
        logistic_unit_id=balance.logistic_unit_id,
        line_kind=LINE_KIND,
        line_id=line_id,
        reason=reason,
    )
