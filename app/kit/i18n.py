"""Texts in the user's language, through gettext catalogues.

Message ids are the English sentences; ``web/locales/zh_CN/<slice>.po`` holds the Chinese ones,
one file per slice so that a slice is translated where it is written.  Chinese is the default.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = ("zh_CN", "en")
DEFAULT_LANGUAGE = "zh_CN"
LOCALES = Path(__file__).resolve().parents[2] / "web" / "locales"

_language: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


@cache
def catalogue(language: str) -> dict[str, str]:
    """All translated texts of a language: English sentence -> translation, every slice merged."""
    texts: dict[str, str] = {}
    for path in sorted((LOCALES / language).glob("*.po")):
        with path.open("rb") as file:
            texts.update(
                (str(message.id), str(message.string))
                for message in read_po(file, locale=language)
                if message.id and message.string and not message.fuzzy
            )
    return texts


def gettext(message: str) -> str:
    """The message in the current language; the English sentence where no translation exists."""
    return catalogue(_language.get()).get(message, message)


def mark(message: str) -> str:
    """Mark a text for translation where it is written; it is translated when it is shown."""
    return message


def current_language() -> str:
    return _language.get()


@contextmanager
def speaking(language: str) -> Generator[None]:
    """Render everything inside the block in this language (an unknown one means the default)."""
    token = _language.set(language if language in LANGUAGES else DEFAULT_LANGUAGE)
    try:
        yield
    finally:
        _language.reset(token)
