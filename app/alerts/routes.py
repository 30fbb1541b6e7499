"""Every address of alerts, for the composition root."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from app.alerts import exports, pages, rule_pages

handlers: list[ControllerRouterHandler] = [
    *pages.handlers,
    *rule_pages.handlers,
    *exports.handlers,
]
