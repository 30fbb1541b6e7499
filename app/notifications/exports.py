"""The files of channels, of rules and of the log."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from app.access.exports import Asked, Export
from app.access.roles import ROLE_NAMES
from app.kit import sql
from app.kit.exports import Column
from app.kit.i18n import gettext, mark
from app.notifications.log_pages import SHOWN_STATES
from app.notifications.queries import ChannelView, DeliveryView, RuleView
from app.notifications.sending import QUERIES

EVERY_STORE = mark("Every store")


def _channels(_asked: Asked) -> sql.Select[ChannelView]:
    return sql.Select(ChannelView, QUERIES["channels"], {})


def _rules(_asked: Asked) -> sql.Select[RuleView]:
    return sql.Select(RuleView, QUERIES["rules"], {})


def _log(asked: Asked) -> sql.Select[DeliveryView]:
    state, channel = asked.query.get("state", ""), asked.query.get("channel", "")
    wanted = {
        "state": state if state in SHOWN_STATES else "",
        "channel": int(channel) if channel.isascii() and channel[:18].isdigit() else None,
        "after": None,
        "limit": None,
    }
    return sql.Select(DeliveryView, QUERIES["log"], wanted)


def _store(row: ChannelView | RuleView) -> str:
    return row.store_name or gettext(EVERY_STORE)


def _whom(rule: RuleView) -> str:
    return gettext(ROLE_NAMES[rule.role]) if rule.role else rule.user_name


def _why(row: DeliveryView) -> str:
    return row.refusal.message if row.refusal else row.answer


CHANNELS = Export(
    "/notifications",
    mark("Channels"),
    "notification_read",
    _channels,
    [
        Column(mark("Channel"), "name"),
        Column(mark("Kind"), "kind_name"),
        Column(mark("Store"), _store),
        Column(mark("In use"), "is_active"),
        Column(mark("Waiting"), "waiting"),
        Column(mark("Given up"), "failed"),
    ],
)
RULES = Export(
    "/notifications/rules",
    mark("Rules"),
    "notification_read",
    _rules,
    [
        Column(mark("What"), "kind_name"),
        Column(mark("Store"), _store),
        Column(mark("Through"), "channel_name"),
        Column(mark("Only for"), _whom),
    ],
)
LOG = Export(
    "/notifications/log",
    mark("Log"),
    "notification_read",
    _log,
    [
        Column(mark("When"), "created_at"),
        Column(mark("Message"), "sentence"),
        Column(mark("Kind"), "kind_name"),
        Column(mark("Store"), "store_name"),
        Column(mark("Person"), "names"),
        Column(mark("Through"), "channel_name"),
        Column(mark("State"), "state_name"),
        Column(mark("Attempts"), "attempts"),
        Column(mark("Delivered"), "sent_at"),
        Column(mark("Answer"), _why),
        Column(mark("Number"), lambda row: str(row.identity)),
    ],
)
handlers: list[ControllerRouterHandler] = [
    *CHANNELS.handlers,
    *RULES.handlers,
    *LOG.handlers,
]
