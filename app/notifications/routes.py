"""Every address of notifications, for the composition root."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from app.notifications import exports, log_pages, pages, rule_pages

handlers: list[ControllerRouterHandler] = [
    *pages.handlers,
    *rule_pages.handlers,
    *log_pages.handlers,
    *exports.handlers,
]
