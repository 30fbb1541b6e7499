"""Every address of the reports, for the composition root."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from app.reporting import abc_pages, exports, pages

handlers: list[ControllerRouterHandler] = [
    *pages.handlers,
    *abc_pages.handlers,
    *exports.handlers,
]
