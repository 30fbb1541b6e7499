"""The files of alerts and of their rules."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from app.access.exports import Asked, Export
from app.access.roles import ROLE_NAMES
from app.alerts.pages import asked_alerts
from app.alerts.queries import AlertRuleView, AlertView
from app.alerts.watching import QUERIES
from app.kit import sql
from app.kit.exports import Column
from app.kit.i18n import gettext, mark


def _alerts(asked: Asked) -> sql.Select[AlertView]:
    wanted = asked_alerts({name: asked.query.get(name, "") for name in ("show", "kind", "store")})
    return sql.Select(AlertView, QUERIES["alerts"], {**vars(wanted), "after": None, "limit": None})


def _rules(_asked: Asked) -> sql.Select[AlertRuleView]:
    return sql.Select(AlertRuleView, QUERIES["rules"], {})


ALERTS = Export(
    "/alerts",
    mark("Alerts"),
    "alert_read",
    _alerts,
    [
        Column(mark("What"), "sentence"),
        Column(mark("Kind"), "kind_name"),
        Column(mark("Store"), "store_name"),
        Column(mark("In charge"), lambda row: row.person or gettext(ROLE_NAMES[row.role])),
        Column(mark("Since"), "opened_at"),
        Column(mark("Put off until"), "snoozed_until"),
        Column(mark("Reason"), "snooze_reason"),
        Column(mark("Over"), "closed_at"),
    ],
)
RULES = Export(
    "/alerts/rules",
    mark("Rules"),
    "alert_read",
    _rules,
    [
        Column(mark("Kind"), "kind_name"),
        Column(mark("Store"), lambda row: row.store_name or gettext("Every store")),
        Column(mark("Category"), lambda row: row.category_name or gettext("Every category")),
        Column(mark("Threshold"), "threshold"),
        Column(mark("Unit"), "unit"),
        Column(mark("In charge"), lambda row: row.user_name or gettext(ROLE_NAMES[row.role])),
        Column(mark("In use"), "is_active"),
        Column(mark("Makes count tasks"), "makes_count"),
    ],
)
handlers: list[ControllerRouterHandler] = [*ALERTS.handlers, *RULES.handlers]
