"""Commands on alerts and their rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.alerts.problems import CompanyRuleNeeded, NoSuchAlert, NoSuchAlertRule
from app.alerts.tables import AlertRule
from app.alerts.watching import QUERIES
from app.kit import sql
from app.kit.tables import saved_id
from app.kit.transactions import Envelope


@dataclass(frozen=True)
class Snooze:
    """Put alerts off until a moment: nobody is told, and they count as none until then."""

    alert_ids: tuple[int, ...]
    until: datetime
    reason: str


@dataclass(frozen=True)
class Snoozed:
    alert_ids: list[int]


def snooze(session: Session, command: Snooze, envelope: Envelope) -> Snoozed:
    """Whose cause outlives the snooze is told again.  Refuses where none of them is open."""
    asked = {
        "ids": list(command.alert_ids), "until": command.until, "reason": command.reason,
        "user_id": envelope.caller.user_id,
    }  # fmt: skip
    found = sql.rows(session, _Id, QUERIES["snooze"], asked)
    if not found:
        raise NoSuchAlert
    return Snoozed([one.id for one in found])


@dataclass(frozen=True)
class _Id:
    id: int


@dataclass(frozen=True)
class RuleFacts:
    """``threshold`` as ``words.UNITS`` counts it; ``user_id`` instead of the role where given;
    ``makes_count`` asks for a count of the goods of each new alert.
    """

    threshold: int
    role: str
    user_id: int | None
    is_active: bool
    makes_count: bool = False


@dataclass(frozen=True)
class CreateAlertRule:
    """Without a store or category it is for every one."""

    kind: str
    store_id: int | None
    category_id: int | None
    facts: RuleFacts


@dataclass(frozen=True)
class RuleDone:
    rule_id: int


def create_alert_rule(session: Session, command: CreateAlertRule, envelope: Envelope) -> RuleDone:
    if command.store_id is None and envelope.caller.stores != "*":
        raise NoSuchAlertRule
    rule = AlertRule(
        kind=command.kind,
        store_id=command.store_id,
        category_id=command.category_id,
        created_by=envelope.caller.user_id,
        **vars(command.facts),
    )
    session.add(rule)
    session.flush()
    return RuleDone(saved_id(rule.id))


@dataclass(frozen=True)
class ChangeAlertRule:
    rule_id: int
    facts: RuleFacts


def change_alert_rule(session: Session, command: ChangeAlertRule, _envelope: Envelope) -> RuleDone:
    """What is open by it is looked at anew with the next round."""
    rule = _locked(session, command.rule_id)
    for name, value in vars(command.facts).items():
        setattr(rule, name, value)
    session.add(rule)
    return RuleDone(command.rule_id)


@dataclass(frozen=True)
class DropAlertRule:
    rule_id: int


def drop_alert_rule(session: Session, command: DropAlertRule, _envelope: Envelope) -> RuleDone:
    """The next one up counts again; the alerts that this one raised become the company's rule's."""
    rule = _locked(session, command.rule_id)
    if rule.store_id is None and rule.category_id is None:
        raise CompanyRuleNeeded
    sql.execute(session, QUERIES["hand_up"], {"rule_id": command.rule_id, "kind": rule.kind})
    session.delete(rule)
    return RuleDone(command.rule_id)


def _locked(session: Session, rule_id: int) -> AlertRule:
    rule = session.get(AlertRule, rule_id, with_for_update=True)
    if rule is None:
        raise NoSuchAlertRule
    return rule
