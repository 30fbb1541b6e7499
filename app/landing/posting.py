"""Posting a voucher and taking it back: what it adds to which goods, and where that went.

A small voucher is posted by its command.  A big one is noted as being posted and a job does it, in
one transaction: all of it is posted or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.approvals.asking import Ask, Subject, Title, ask
from app.kit import jobs, sql
from app.kit.i18n import mark
from app.kit.money import ZERO, plain, rounded
from app.kit.problems import Problem
from app.kit.transactions import Envelope, Handler
from app.landing import problems
from app.landing.loading import QUERIES, LineRow, Loaded, Voucher, load, lock_voucher
from app.landing.shares import Sum
from app.landing.writing import VoucherChanged, draft
from app.ledger.corrections import Corrected, Correction, correct, preview

AT_ONCE = 500
"""Receipt lines that a command posts itself; more of them are a job."""
PIECE = 1_000
LONGEST_REASON = 200
JOB = "landing.carry_out"
Report = Callable[[int, int], None]


@dataclass(frozen=True)
class PostVoucher:
    """``confirmed``: the charges are meant, though they are more than the goods are worth."""

    voucher_id: int
    confirmed: bool = False
    reason: str = ""


@dataclass(frozen=True)
class ReverseVoucher:
    voucher_id: int
    reason: str


@dataclass(frozen=True)
class CarryOut:
    """What the job of a big voucher does: post it or take it back, as its state says."""

    voucher_id: int


@dataclass(frozen=True)
class FailPosting:
    """What stopped the job: ``code`` and ``data`` of a problem."""

    voucher_id: int
    code: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Previewed:
    """A voucher as it would be posted now: every share, and where each line's change would go."""

    loaded: Loaded
    results: dict[int, Corrected]

    @property
    def to_stock(self) -> Decimal:
        return sum((one.to_stock for one in self.results.values()), ZERO)

    @property
    def to_cogs(self) -> Decimal:
        return sum((one.to_cogs for one in self.results.values()), ZERO)


def post_voucher(session: Session, command: PostVoucher, envelope: Envelope) -> VoucherChanged:
    """Add the charges to what the goods cost: what is still here and what is sold.

    Raises:
        VoucherUnknown, VoucherFixed, NothingToSpreadOn, ReceiptStillOpen, ReceiptReversed,
        BasisUnknown, BasisZero, ChargesBeyondSense, CreditBeyondCharges, ChangedUnderneath, and
        PeriodClosed of the ledger.
    """
    voucher = draft(session, command.voucher_id)
    loaded = _checked(session, voucher)
    _refuse_senseless(voucher, loaded, confirmed=command.confirmed)
    waiting = ask(session, envelope, _ask(command, voucher, loaded))
    if waiting is not None:
        return VoucherChanged(voucher.id, voucher.number, voucher.state, waiting.request_id)
    if voucher.targets > AT_ONCE:
        return _begin(session, voucher, "posting", envelope)
    return _post(session, voucher, loaded, envelope, _silent)


def reverse_voucher(
    session: Session, command: ReverseVoucher, envelope: Envelope
) -> VoucherChanged:
    """Take back what a posted voucher added; what is sold meanwhile follows the goods.

    Raises:
        VoucherUnknown, VoucherFixed, ReasonWanted, PeriodClosed.
    """
    voucher = lock_voucher(session, command.voucher_id)
    reason = " ".join(command.reason.split())
    if voucher.state != "posted":
        raise problems.VoucherFixed(number=voucher.number, state=voucher.state)
    if not reason or len(reason) > LONGEST_REASON:
        raise problems.ReasonWanted(longest=LONGEST_REASON)
    noted = {"voucher_id": voucher.id, "reason": reason}
    sql.execute(session, QUERIES["note_reversal"], noted)
    if voucher.targets > AT_ONCE:
        return _begin(session, voucher, "reversing", envelope)
    return _reverse(session, voucher, envelope, _silent)


def carrying_out(report: Report) -> Handler[CarryOut, VoucherChanged]:
    """The handler of the job; ``report`` is told how many lines are done, of how many."""

    def carry_out(session: Session, command: CarryOut, envelope: Envelope) -> VoucherChanged:
        voucher = lock_voucher(session, command.voucher_id)
        if voucher.state == "posting":
            return _post(session, voucher, _checked(session, voucher), envelope, report)
        if voucher.state == "reversing":
            return _reverse(session, voucher, envelope, report)
        raise problems.VoucherFixed(number=voucher.number, state=voucher.state)

    return carry_out


def fail_posting(session: Session, command: FailPosting, _envelope: Envelope) -> VoucherChanged:
    """The voucher as it was before, with what stopped the job."""
    voucher = lock_voucher(session, command.voucher_id)
    before = {"posting": "draft", "reversing": "posted"}.get(voucher.state)
    if before is not None:
        said = Jsonb({"code": command.code, "data": command.data})
        state = {"voucher_id": voucher.id, "state": before, "problem": said}
        sql.execute(session, QUERIES["set_state"], state)
    return VoucherChanged(voucher.id, voucher.number, before or voucher.state)


def preview_voucher(session: Session, voucher_id: int, decimals: int) -> Previewed:
    """What posting would do now.  Writes nothing.

    Raises:
        BasisUnknown, BasisZero, and what the ledger refuses to correct.
    """
    loaded = load(session, voucher_id, decimals)
    found = preview(session, _corrections(loaded.lines, loaded.sums, ""))
    return Previewed(loaded, {one.move_id: one for one in found})


# ---- Checks ------------------------------------------------------------------------------------


def _checked(session: Session, voucher: Voucher) -> Loaded:
    asked = {"voucher_id": voucher.id}
    sql.execute(session, QUERIES["lock_receipts"], asked)
    still_open = sql.value(session, QUERIES["open_receipt"], asked)
    if still_open is not None:
        raise problems.ReceiptStillOpen(number=still_open)
    loaded = load(session, voucher.id, voucher.decimals)
    if not loaded.lines:
        raise problems.NothingToSpreadOn
    if len(loaded.lines) < voucher.targets:
        gone = voucher.targets - len(loaded.lines)
        raise problems.ReceiptReversed(lines=gone, number=voucher.number)
    return loaded


def _refuse_senseless(voucher: Voucher, loaded: Loaded, *, confirmed: bool) -> None:
    goods = loaded.goods
    said = {"amount": plain(voucher.value), "goods": plain(goods)}
    if voucher.value > goods and not confirmed:
        raise problems.ChargesBeyondSense(**said)
    if voucher.value < 0 and -voucher.value > goods + loaded.accrued:
        raise problems.CreditBeyondCharges(**said)


def _ask(command: PostVoucher, voucher: Voucher, loaded: Loaded) -> Ask:
    goods = loaded.goods
    share = rounded(voucher.value / goods, 6) if goods else ZERO
    facts: dict[str, Any] = {
        "voucher": voucher.number,
        "supplier": voucher.supplier,
        "amount": voucher.value,
        "goods": goods,
        "share": share,
    }
    values = {
        "number": voucher.number,
        "amount": plain(voucher.value),
        "goods": plain(goods),
    }
    return Ask(
        kind="landed_cost",
        facts=facts,
        command=command,
        handler=post_voucher,
        subject=Subject("landing_voucher", voucher.id, f"/landing/{voucher.id}"),
        store_id=voucher.store_id,
        reason=command.reason,
        title=Title(mark("Post {number}: charges of {amount} on goods worth {goods}"), values),
    )


# ---- Posting -----------------------------------------------------------------------------------


def _begin(session: Session, voucher: Voucher, state: str, envelope: Envelope) -> VoucherChanged:
    noted = {"voucher_id": voucher.id, "state": state, "problem": None}
    sql.execute(session, QUERIES["set_state"], noted)
    jobs.defer(
        session,
        JOB,
        caller=envelope.caller,
        lock=f"landing/{voucher.id}",
        voucher_id=voucher.id,
        command_id=envelope.command_id,
    )
    return VoucherChanged(voucher.id, voucher.number, state)


def _post(
    session: Session, voucher: Voucher, loaded: Loaded, envelope: Envelope, report: Report
) -> VoucherChanged:
    corrections = _corrections(loaded.lines, loaded.sums, voucher.number)
    results = _corrected(session, envelope, corrections, report)
    moves = {line.receipt_line_id: line.move_id for line in loaded.lines}
    _write_shares(session, voucher, loaded)
    _write_results(session, voucher, loaded.sums, moves, results)
    _finish(session, "set_posted", voucher, envelope)
    return VoucherChanged(voucher.id, voucher.number, "posted")


@dataclass(frozen=True)
class _PostedLine:
    receipt_line_id: int
    move_id: int
    change: Decimal


def _reverse(
    session: Session, voucher: Voucher, envelope: Envelope, report: Report
) -> VoucherChanged:
    asked = {"voucher_id": voucher.id}
    lines = sql.rows(session, _PostedLine, QUERIES["posted_lines"], asked)
    back = [
        Correction(line.move_id, -line.change, "landed", voucher.number)
        for line in lines
        if line.change
    ]
    _corrected(session, envelope, back, report)
    _finish(session, "set_reversed", voucher, envelope)
    return VoucherChanged(voucher.id, voucher.number, "reversed")


def _corrections(lines: Sequence[LineRow], sums: Sequence[Sum], reason: str) -> list[Correction]:
    """One for each line that changes, in the order of items: as pools are locked."""
    moves = {line.receipt_line_id: line.move_id for line in lines}
    return [
        Correction(moves[one.receipt_line_id], one.change, "landed", reason)
        for one in sums
        if one.change
    ]


def _corrected(
    session: Session, envelope: Envelope, corrections: Sequence[Correction], report: Report
) -> dict[int, Corrected]:
    done: dict[int, Corrected] = {}
    report(0, len(corrections))
    for piece in _pieces(corrections):
        done |= {one.move_id: one for one in correct(session, envelope, piece)}
        report(len(done), len(corrections))
    return done


def _pieces(corrections: Sequence[Correction]) -> Iterator[Sequence[Correction]]:
    for start in range(0, len(corrections), PIECE):
        yield corrections[start : start + PIECE]


def _write_shares(session: Session, voucher: Voucher, loaded: Loaded) -> None:
    values = {
        "store_id": voucher.store_id,
        "charge_ids": [one.charge_id for one in loaded.shares],
        "line_ids": [one.receipt_line_id for one in loaded.shares],
        "amounts": [one.value for one in loaded.shares],
        "estimates": [one.estimate for one in loaded.shares],
    }
    sql.execute(session, QUERIES["write_shares"], values)


def _write_results(
    session: Session,
    voucher: Voucher,
    sums: Sequence[Sum],
    moves: dict[int, int],
    results: dict[int, Corrected],
) -> None:
    def part(one: Sum, name: str) -> Decimal:
        result = results.get(moves[one.receipt_line_id])
        return getattr(result, name) if result is not None else ZERO

    values = {
        "voucher_id": voucher.id,
        "line_ids": [one.receipt_line_id for one in sums],
        "amounts": [one.value for one in sums],
        "estimates": [one.estimate for one in sums],
        "to_stock": [part(one, "to_stock") for one in sums],
        "to_cogs": [part(one, "to_cogs") for one in sums],
    }
    sql.execute(session, QUERIES["write_results"], values)


def _finish(session: Session, name: str, voucher: Voucher, envelope: Envelope) -> None:
    values = {
        "voucher_id": voucher.id,
        "user_id": envelope.caller.user_id,
        "command_id": envelope.command_id,
    }
    sql.execute(session, QUERIES[name], values)


def _silent(_done: int, _total: int) -> None:
    """A small voucher is posted before anybody could look."""


def failure(voucher_id: int, problem: Problem) -> FailPosting:
    return FailPosting(voucher_id, problem.code, dict(problem.data))
