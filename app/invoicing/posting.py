"""Posting an invoice: the estimate goes out, what is billed comes in, the difference is a cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.approvals.asking import Ask, Subject, Title, ask
from app.invoicing import problems
from app.invoicing.loading import (
    QUERIES,
    Invoice,
    LineRow,
    draft,
    lines_of,
    lock_invoice,
    open_of,
)
from app.invoicing.matching import Match, Open, billed, credited, lowered, open_quantity
from app.invoicing.writing import InvoiceChanged
from app.kit import sql
from app.kit.i18n import mark
from app.kit.money import ZERO, plain, rounded
from app.kit.transactions import Envelope
from app.ledger.corrections import Corrected, Correction, correct, preview

LONGEST_REASON = 200
KINDS = ("received", "allowance", "returned")
PRICE_DECIMALS = 6


@dataclass(frozen=True)
class PostInvoice:
    """``reason`` is for those who approve a changed price."""

    invoice_id: int
    reason: str = ""


@dataclass(frozen=True)
class ReverseInvoice:
    invoice_id: int
    reason: str


@dataclass(frozen=True)
class MatchedLine:
    """A line with the receipt lines that it means."""

    line: LineRow
    matches: list[Match]

    @property
    def estimate(self) -> Decimal:
        return sum((match.estimate for match in self.matches), ZERO)

    @property
    def value(self) -> Decimal:
        return sum((match.value for match in self.matches), ZERO)


def post_invoice(session: Session, command: PostInvoice, envelope: Envelope) -> InvoiceChanged:
    """Reverse the estimate of what is billed and put the billed value in its place.

    Raises:
        InvoiceUnknown, InvoiceFixed, MoreThanReceived, MoreThanInvoiced, MoreThanReturned,
        ChangedUnderneath, and PeriodClosed of the ledger.
    """
    invoice = draft(session, command.invoice_id)
    sql.execute(session, QUERIES["lock_receipts"], {"invoice_id": invoice.id})
    lines = matched(session, invoice.id, invoice.decimals)
    asked = _price_change(command, invoice, lines)
    waiting = ask(session, envelope, asked) if asked else None
    if waiting is not None:
        return InvoiceChanged(invoice.id, invoice.number, invoice.state, waiting.request_id)
    _write_matches(session, invoice, lines, _corrected(session, envelope, invoice, lines))
    done = {"invoice_id": invoice.id, **_by(envelope)}
    sql.execute(session, QUERIES["set_posted"], done)
    return InvoiceChanged(invoice.id, invoice.number, "posted")


def reverse_invoice(
    session: Session, command: ReverseInvoice, envelope: Envelope
) -> InvoiceChanged:
    """Take the invoice back: its goods stand at their estimate again and wait for another one.

    Raises:
        InvoiceUnknown, InvoiceFixed, CreditedAlready, InvoiceReason, PeriodClosed.
    """
    invoice = lock_invoice(session, command.invoice_id)
    if invoice.state != "posted":
        raise problems.InvoiceFixed(number=invoice.number, state=invoice.state)
    reason = " ".join(command.reason.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise problems.InvoiceReason(longest=LONGEST_REASON)
    asked = {"invoice_id": invoice.id}
    note = sql.value(session, QUERIES["credit_note_of"], asked)
    if note is not None:
        raise problems.CreditedAlready(number=note)
    sql.execute(session, QUERIES["lock_receipts"], asked)
    standing = sql.rows(session, _Standing, QUERIES["standing_matches"], asked)
    for kind in KINDS:
        back = [one.back(invoice.number) for one in standing if one.kind == kind and one.change]
        if back:
            correct(session, envelope, back)
    sql.execute(session, QUERIES["reverse_matches"], asked)
    done = {"invoice_id": invoice.id, "reason": reason, **_by(envelope)}
    sql.execute(session, QUERIES["set_reversed"], done)
    return InvoiceChanged(invoice.id, invoice.number, "reversed")


def matched(session: Session, invoice_id: int, decimals: int) -> list[MatchedLine]:
    """What posting would do now, line by line.

    Raises:
        MoreThanReceived, MoreThanInvoiced, MoreThanReturned.
    """
    behind = open_of(session, invoice_id)
    return [
        MatchedLine(line, _matches(line, behind.get(line.id, []), decimals))
        for line in lines_of(session, invoice_id)
    ]


def previewed(session: Session, lines: Sequence[MatchedLine]) -> dict[tuple[str, int], Corrected]:
    """By kind of line and move: where the difference would go.  Writes nothing."""
    return {
        (kind, one.move_id): one
        for kind in KINDS
        for one in preview(session, _corrections(lines, kind, ""))
    }


# ---- Behind them -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Standing:
    id: int
    kind: str
    move_id: int
    change: Decimal

    def back(self, reason: str) -> Correction:
        return Correction(self.move_id, -self.change, "correction", reason)


def _matches(line: LineRow, rows: Sequence[Open], decimals: int) -> list[Match]:
    said = {"receipt": line.receipt, "item": line.item_name, "wanted": plain(line.quantity)}
    match line.kind:
        case "received":
            _refuse_more(line, open_quantity(rows), problems.MoreThanReceived, said)
            return billed(rows, line.quantity, line.value, decimals)
        case "allowance":
            there = sum((row.invoiced for row in rows), ZERO)
            _refuse_more(line, there, problems.MoreThanInvoiced, said)
            return lowered(rows, line.quantity, line.value, decimals)
        case _:
            _refuse_more(line, open_quantity(rows), problems.MoreThanReturned, said)
            return credited(rows, line.quantity, line.value, decimals)


def _refuse_more(line: LineRow, there: Decimal, problem: type[Any], said: dict[str, str]) -> None:
    if line.quantity > there:
        raise problem(open=plain(there), **said)


def _price_change(
    command: PostInvoice, invoice: Invoice, lines: Sequence[MatchedLine]
) -> Ask | None:
    """The billed price that is furthest from its estimate; None where none can be compared."""
    changed = [
        line for line in lines if line.line.kind == "received" and line.estimate and line.matches
    ]
    if not changed:
        return None
    worst = max(changed, key=lambda one: abs(one.value - one.estimate) / one.estimate)
    quantity = worst.line.quantity
    old = rounded(worst.estimate / quantity, PRICE_DECIMALS)
    new = rounded(worst.value / quantity, PRICE_DECIMALS)
    facts: dict[str, Any] = {
        "item": worst.line.item_code,
        "old_price": old,
        "new_price": new,
        "change_rate": rounded((worst.value - worst.estimate) / worst.estimate, PRICE_DECIMALS),
    }
    values = {
        "number": invoice.number,
        "supplier": invoice.supplier,
        "item": worst.line.item_name,
        "old": plain(old),
        "new": plain(new),
    }
    return Ask(
        kind="price_change",
        facts=facts,
        command=command,
        handler=post_invoice,
        subject=Subject("supplier_invoice", invoice.id, f"/invoices/{invoice.id}"),
        store_id=invoice.store_id,
        reason=command.reason,
        title=Title(
            mark("Post {number} of {supplier}: {item} costs {new} instead of {old}"), values
        ),
    )


def _corrections(lines: Sequence[MatchedLine], kind: str, reason: str) -> list[Correction]:
    """One for each receipt line that changes: of one kind of line every move comes once.

    Goods that went back in several entries of one receipt line are added up.
    """
    changes: dict[int, Decimal] = {}
    for line in sorted(lines, key=lambda one: one.line.item_id):
        for match in line.matches if line.line.kind == kind else ():
            changes[match.move_id] = changes.get(match.move_id, ZERO) + match.change
    return [
        Correction(move, change, "correction", reason) for move, change in changes.items() if change
    ]


def _corrected(
    session: Session, envelope: Envelope, invoice: Invoice, lines: Sequence[MatchedLine]
) -> dict[tuple[str, int], Corrected]:
    found: dict[tuple[str, int], Corrected] = {}
    for kind in KINDS:
        corrections = _corrections(lines, kind, invoice.number)
        if corrections:
            done = correct(session, envelope, corrections)
            found |= {(kind, one.move_id): one for one in done}
    return found


def parts_of(
    lines: Sequence[MatchedLine], results: dict[tuple[str, int], Corrected]
) -> list[tuple[LineRow, Match, Decimal, Decimal]]:
    """Each match with what of its change went to stock and to cost of sales.

    Several entries of one receipt line that went back share its result: the last takes the rest.
    """
    found: list[tuple[LineRow, Match, Decimal, Decimal]] = []
    for line in lines:
        kind = line.line.kind
        moves = [match.move_id for match in line.matches]
        mine = [(move, results.get((kind, move))) for move in moves]
        left = {move: one.to_stock for move, one in mine if one is not None}
        for place, match in enumerate(line.matches, 1):
            whole = results.get((kind, match.move_id))
            stock = ZERO
            if whole is not None:
                last = match.move_id not in moves[place:]
                stock = left[match.move_id] if last else _share(match, whole)
                left[match.move_id] -= stock
            found.append((line.line, match, stock, match.change - stock))
    return found


def _share(match: Match, whole: Corrected) -> Decimal:
    total = whole.to_stock + whole.to_cogs
    return rounded(whole.to_stock * match.change / total, 2) if total else ZERO


def _write_matches(
    session: Session,
    invoice: Invoice,
    lines: Sequence[MatchedLine],
    results: dict[tuple[str, int], Corrected],
) -> None:
    parts = parts_of(lines, results)
    values = {
        "store_id": invoice.store_id,
        "line_ids": [line.id for line, *_ in parts],
        "receipt_line_ids": [match.receipt_line_id for _, match, *_ in parts],
        "return_line_ids": [match.return_line_id for _, match, *_ in parts],
        "quantities": [match.quantity for _, match, *_ in parts],
        "estimates": [match.estimate for _, match, *_ in parts],
        "amounts": [match.value for _, match, *_ in parts],
        "to_stock": [stock for *_, stock, _ in parts],
        "to_cogs": [cogs for *_, cogs in parts],
    }
    sql.execute(session, QUERIES["write_matches"], values)


def _by(envelope: Envelope) -> dict[str, Any]:
    return {"user_id": envelope.caller.user_id, "command_id": envelope.command_id}
