"""What a code that was scanned before means now, for whoever looks into a complaint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app.kit.i18n import gettext, mark
from app.scanning.meanings import (
    BadgeMeaning,
    CommandMeaning,
    DocumentMeaning,
    InvoiceMeaning,
    ItemMeaning,
    LocationMeaning,
    LogisticUnitMeaning,
    LotMeaning,
    Meaning,
    PartnerMeaning,
    SearchMeaning,
    UnreadableMeaning,
)
from app.scanning.parse import parse
from app.scanning.parsed import as_json
from app.scanning.resolver import resolve


@dataclass(frozen=True)
class Today:
    """``kind`` and ``what`` in words; ``parsed`` is what ``./saoku parse-code --json`` prints."""

    kind: str
    what: str
    parsed: dict[str, object]


def meaning_today(session: Session, code: str) -> Today:
    """Ask the resolver, as the reader of the page, in no context."""
    kind, what = _words(resolve(session, code))
    return Today(gettext(kind), what, as_json(parse(code)))


def _item(meaning: ItemMeaning) -> str:
    lot = f" · {meaning.lot}" if meaning.lot else ""
    return f"{meaning.item.code} {meaning.item.name}{lot}"


def _lot(meaning: LotMeaning) -> str:
    return f"{meaning.lot.code} · {meaning.item.code} {meaning.item.name}"


def _found(meaning: SearchMeaning) -> str:
    return ", ".join(candidate.code for candidate in meaning.candidates)


_WORDS: dict[type[Any], tuple[str, Callable[[Any], str]]] = {
    ItemMeaning: (mark("Item"), _item),
    LotMeaning: (mark("Lot"), _lot),
    LocationMeaning: (mark("Location"), lambda meaning: meaning.code),
    LogisticUnitMeaning: (mark("Logistic unit"), lambda meaning: meaning.sscc),
    DocumentMeaning: (mark("Document"), lambda meaning: meaning.number),
    PartnerMeaning: (mark("Partner"), lambda meaning: f"{meaning.code} {meaning.name}"),
    CommandMeaning: (mark("Command label"), lambda meaning: meaning.name),
    InvoiceMeaning: (mark("Invoice"), lambda meaning: meaning.number),
    BadgeMeaning: (mark("Badge"), lambda _meaning: ""),
    SearchMeaning: (mark("Search"), _found),
    UnreadableMeaning: (mark("Not readable"), lambda meaning: meaning.reason),
}


def _words(meaning: Meaning) -> tuple[str, str]:
    word, what = _WORDS.get(type(meaning), (mark("Unknown"), lambda _meaning: ""))
    return word, what(meaning)
