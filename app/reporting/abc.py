"""Classes of items: computed once a day from what was issued, and whenever the thresholds change.

Counting plans read ``abc_class``: A is counted more often than C.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from sqlmodel import Session

from app.kit import jobs, sql
from app.kit.database import SYSTEM
from app.kit.transactions import Envelope
from app.kit.web import BadCursor, Cursor, Listing
from app.reporting.problems import BadRule

QUERIES = sql.Queries(Path(__file__).with_name("abc.sql"))
LETTERS = ("A", "B", "C")
TASK = "reporting.classify"
LOCK = "reporting.classify"


@jobs.hourly("reporting.classify_daily", minute=50)
def classify_daily(job: jobs.Job) -> None:
    """Once after midnight of any store."""
    with job.database.reading(SYSTEM) as session:
        is_due = sql.value(session, QUERIES["is_due"])
    if is_due:
        classify(job)


@jobs.task(TASK)
def classify(job: jobs.Job) -> None:
    """All stores anew; the same on the same day however often it runs."""
    jobs.note(job.database, QUERIES["classify"], {})


@dataclass(frozen=True)
class Rule:
    """Shares and rates are fractions; the limits are deviation over mean."""

    window_days: int
    a_share: Decimal
    b_share: Decimal
    x_limit: Decimal
    y_limit: Decimal
    low_rate: Decimal


@dataclass(frozen=True)
class ChangeRule:
    rule: Rule


@dataclass(frozen=True)
class RuleChanged:
    rule: Rule


def change_rule(session: Session, command: ChangeRule, envelope: Envelope) -> RuleChanged:
    """The classes follow in the background.

    Raises:
        BadRule: the thresholds do not fit together, or the caller does not see every store.
    """
    values = {**vars(command.rule), "user_id": envelope.caller.user_id}
    if not sql.execute(session, QUERIES["change_rule"], values):
        raise BadRule
    jobs.defer(session, TASK, lock=LOCK)
    return RuleChanged(command.rule)


def rule_of(session: Session) -> Rule:
    found = sql.one(session, Rule, QUERIES["rule"])
    assert found is not None, "the company's one rule"
    return found


@dataclass(frozen=True)
class ClassRow:
    store_id: int
    store_name: str
    item_id: int
    item_code: str
    item_name: str
    specification: str
    base_unit: str
    letter: str
    steadiness: str
    issued_value: Decimal
    issued_quantity: Decimal
    cumulated_share: Decimal
    variation: Decimal | None
    computed_on: date


@dataclass(frozen=True)
class ClassSum:
    """How many items a class has, and what was issued of them."""

    letter: str
    items: int
    value: Decimal
    computed_on: date


def classes(
    session: Session, store_id: int | None, letter: str | None, cursor: Cursor
) -> Listing[ClassRow]:
    """What was issued most first."""
    select = every_class(store_id, letter, cursor.after, cursor.limit + 1)
    found = sql.rows(session, select.row, select.text, select.parameters)
    return cursor.cut(found, "issued_value", "store_id", "item_id")


def every_class(
    store_id: int | None,
    letter: str | None,
    after: tuple[object, ...] | None = None,
    limit: int | None = None,
) -> sql.Select[ClassRow]:
    """All of them, or a page behind ``after``."""
    value, after_store, after_item = _after(after)
    parameters = {
        "store_id": store_id, "letter": letter, "value": value, "after_store": after_store,
        "after_item": after_item, "limit": limit,
    }  # fmt: skip
    return sql.Select(ClassRow, QUERIES["classes"], parameters)


def _after(after: tuple[object, ...] | None) -> tuple[Decimal | None, int | None, int | None]:
    if after is None:
        return None, None, None
    try:
        value, store, item = after
        return Decimal(str(value)), int(str(store)), int(str(item))
    except (ValueError, InvalidOperation):
        raise BadCursor from None


def class_sums(session: Session, store_id: int | None) -> list[ClassSum]:
    return sql.rows(session, ClassSum, QUERIES["class_sums"], {"store_id": store_id})
