"""Closing a month and, once others have approved it, reopening the latest one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.approvals.asking import Ask, Subject, Title, ask
from app.kit import sql
from app.kit.i18n import mark
from app.kit.transactions import Envelope
from app.ledger.pools import whole_company
from app.periods import problems
from app.periods.checks import Finding, findings
from app.periods.months import Month
from app.periods.rolling import QUERIES, Setting, Wanted, rolled, setting

LONGEST_NOTE = 300
KIND = "period_reopening"


@dataclass(frozen=True)
class ClosePeriod:
    """``starts_on`` is the first day of the month; ``note`` accepts what is not finished."""

    starts_on: date
    note: str = ""


@dataclass(frozen=True)
class PeriodClosed:
    closing_id: int
    lines: int


def close_period(session: Session, command: ClosePeriod, envelope: Envelope) -> PeriodClosed:
    """Keep what stock is worth on the last day, and let nothing be posted into the month any more.

    Postings that are on their way are waited for; later ones are refused by their own day.

    Raises:
        MonthNotOver, MonthClosed, EarlierMonthOpen, ClosingBlocked, FindingsNotAccepted.
    """
    month = Month.of(command.starts_on)
    sql.execute(session, QUERIES["wait_for_postings"])
    own = setting(session)
    _refuse_turn(session, month, own)
    found = findings(session, month.ends_on)
    note = " ".join(command.note.split())[:LONGEST_NOTE]
    _refuse_findings(month, found, note)
    closing_id = _write_closing(session, month, envelope, note, found)
    lines = _write_balances(session, month, closing_id, own)
    sql.execute(session, QUERIES["close_books"], {"until": month.ends_on})
    return PeriodClosed(closing_id, lines)


def _refuse_turn(session: Session, month: Month, own: Setting) -> None:
    if own.today is None or month.ends_on >= own.today:
        raise problems.MonthNotOver(month=str(month))
    if sql.value(session, QUERIES["standing"], {"starts_on": month.starts_on}) is not None:
        raise problems.MonthClosed(month=str(month))
    first = next_open(own)
    if first is not None and first.starts_on < month.starts_on:
        raise problems.EarlierMonthOpen(month=str(first))
    if own.books_closed_until is not None and month.ends_on <= own.books_closed_until:
        raise problems.MonthClosed(month=str(month))


def next_open(own: Setting) -> Month | None:
    """The month that is closed next; None where nothing was ever valued."""
    if own.books_closed_until is not None:
        return Month.of(own.books_closed_until + timedelta(days=1))
    return Month.of(own.first_on) if own.first_on else None


def _refuse_findings(month: Month, found: list[Finding], note: str) -> None:
    grave = [finding for finding in found if finding.is_grave]
    if grave:
        count = sum(finding.count for finding in grave)
        raise problems.ClosingBlocked(month=str(month), findings=count)
    if found and not note:
        count = sum(finding.count for finding in found)
        raise problems.FindingsNotAccepted(month=str(month), findings=count)


def _write_closing(
    session: Session, month: Month, envelope: Envelope, note: str, found: list[Finding]
) -> int:
    values = {
        "starts_on": month.starts_on,
        "ends_on": month.ends_on,
        "closed_by": envelope.caller.user_id,
        "note": note,
        "findings": Jsonb([{"check": one.check, "count": one.count} for one in found]),
        "command_id": envelope.command_id,
    }
    return int(sql.value(session, QUERIES["insert_closing"], values))


def _write_balances(session: Session, month: Month, closing_id: int, own: Setting) -> int:
    """What is there of each item in each store; how many such lines."""
    cells = rolled(session, Wanted(month.starts_on, month.ends_on), own)
    kept = [(key, line.closing) for key, line in sorted(cells.items()) if line.closing]
    values = {
        "closing_id": closing_id,
        "stores": [store for (_item, store), _figure in kept],
        "items": [item for (item, _store), _figure in kept],
        "quantities": [figure.quantity for _key, figure in kept],
        "amounts": [figure.amount for _key, figure in kept],
    }
    sql.execute(session, QUERIES["insert_balances"], values)
    return len(kept)


# Reopening ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReopenPeriod:
    starts_on: date
    reason: str


@dataclass(frozen=True)
class PeriodReopened:
    """The closing that was taken back; or the request that waits, and nothing has changed yet."""

    closing_id: int | None = None
    request_id: int | None = None


@dataclass(frozen=True)
class _Standing:
    id: int
    starts_on: date
    ends_on: date


def reopen_period(session: Session, command: ReopenPeriod, envelope: Envelope) -> PeriodReopened:
    """Let the latest closed month be posted into again, once others have approved it.

    What was kept at its closing stays on record.

    Raises:
        ReopeningReasonMissing, MonthNotClosed, LaterMonthClosed, NobodyApproves, ChangedUnderneath.
    """
    month = Month.of(command.starts_on)
    reason = " ".join(command.reason.split())[:LONGEST_NOTE]
    if not reason:
        raise problems.ReopeningReasonMissing
    asked = {"starts_on": month.starts_on}
    standing = sql.one(session, _Standing, QUERIES["standing"], asked)
    if standing is None:
        raise problems.MonthNotClosed(month=str(month))
    if not sql.value(session, QUERIES["is_latest"], asked):
        raise problems.LaterMonthClosed(month=str(month))
    waiting = ask(session, envelope, _ask(session, command, standing, reason, envelope))
    if waiting is not None:
        return PeriodReopened(request_id=waiting.request_id)
    if envelope.approval_id is None:
        raise problems.NobodyApproves
    values = {"closing_id": standing.id, "reason": reason, "user_id": envelope.caller.user_id}
    sql.execute(session, QUERIES["reopen"], values | {"approval_id": envelope.approval_id})
    before = sql.value(session, QUERIES["latest_before"], asked)
    # The books are the company's, and the last of those who approved may see only some stores.
    with whole_company(session):
        sql.execute(session, QUERIES["close_books"], {"until": before})
    return PeriodReopened(closing_id=standing.id)


def _ask(
    session: Session, command: ReopenPeriod, standing: _Standing, reason: str, envelope: Envelope
) -> Ask:
    month = Month.of(standing.starts_on)
    store_id = envelope.caller.store_id or int(sql.value(session, QUERIES["first_store"]))
    return Ask(
        kind=KIND,
        facts={"month": str(month)},
        command=command,
        handler=reopen_period,
        subject=Subject("period_closing", standing.id, f"/periods/{month}"),
        store_id=store_id,
        reason=reason,
        title=Title(mark("Reopen the closed month {month}"), {"month": str(month)}),
    )
