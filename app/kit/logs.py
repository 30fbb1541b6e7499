"""Structured logs: one JSON object a line, each request's with its command id.

They go to standard error, or to ``SAOKU_LOG_FILE``, which is set aside when it has grown too long.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from app.kit.config import Settings
from app.kit.log_file import LogFile


def configure(settings: Settings) -> None:
    """Set up structlog and the standard library's loggers for this process."""
    least = logging.getLevelNamesMapping()[settings.log_level.upper()]
    stream = _stream(settings)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=max(least, logging.WARNING), stream=stream, force=True)


def _stream(settings: Settings) -> Any:
    if settings.log_file is None:
        return sys.stderr
    return LogFile(settings.log_file, settings.log_max_bytes, settings.log_files_kept)
