"""The files of the scan log and of the browsers that scan."""

from __future__ import annotations

from datetime import timedelta

from litestar.types import ControllerRouterHandler

from app.access.exports import Asked, Export
from app.kit import clock, sql
from app.kit.exports import Column
from app.kit.i18n import gettext, mark
from app.outbox import queries
from app.outbox.commands import QUERIES
from app.outbox.log_pages import FILTERS, wanted_scans
from app.outbox.words import SOURCE_WORDS, clock_words, missing_words, shown_code

OUTCOMES = {"done": mark("done"), "refused": mark("refused")}


def _scans(asked: Asked) -> sql.Select[queries.ScanView]:
    query = {name: asked.query.get(name, "") for name in FILTERS}
    return queries.every_scan(wanted_scans(query, asked.actor.time_zone))


def _browsers(_asked: Asked) -> sql.Select[queries.BrowserView]:
    since = clock.now() - timedelta(days=queries.BROWSER_DAYS)
    return sql.Select(queries.BrowserView, QUERIES["browsers"], {"since": since})


def _why(row: queries.ScanView) -> str:
    return row.refusal.message if row.refusal else ""


def _source(row: queries.ScanView) -> str:
    return gettext(SOURCE_WORDS[row.source]) if row.source in SOURCE_WORDS else row.source


SCANS = Export(
    "/scans",
    mark("Scan log"),
    "audit_read",
    _scans,
    [
        Column(mark("Code"), lambda row: shown_code(row.code)),
        Column(mark("When"), "occurred_at"),
        Column(mark("Arrived"), "recorded_at"),
        Column(mark("Outcome"), lambda row: gettext(OUTCOMES[row.outcome])),
        Column(mark("What"), _why),
        Column(mark("Who"), "user_name"),
        Column(mark("Store"), "store_name"),
        Column(mark("Device"), "device_name"),
        Column(mark("Sequence number"), "sequence"),
        Column(mark("Clock"), lambda row: clock_words(row.clock_offset)),
        Column(mark("Read by"), _source),
        Column(mark("Command"), lambda row: str(row.id)),
    ],
)
BROWSERS = Export(
    "/outbox/devices",
    mark("Browsers that scan"),
    "device_write",
    _browsers,
    [
        Column(mark("Device"), "device_name"),
        Column(mark("Last user"), "user_name"),
        Column(mark("Last seen"), "last_seen_at"),
        Column(mark("Last number"), "last_number"),
        Column(mark("Missing numbers"), lambda row: missing_words(row.missing)),
        Column(mark("Clock"), lambda row: clock_words(row.clock_offset)),
    ],
)
handlers: list[ControllerRouterHandler] = [*SCANS.handlers, *BROWSERS.handlers]
