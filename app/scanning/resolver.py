"""One resolver for the whole product: what a scanned text means, looked up once.

``resolve`` never raises for odd input: unknown is an answer.  Workflows that already have a
pipeline open use its two halves: ``asked(raw)`` says what to look up, ``answered`` reads the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeVar

import msgspec
from sqlmodel import Session

from app.catalog.codes import check_digit, corrected, normalised, tidied
from app.kit.database import together
from app.kit.i18n import gettext, mark
from app.scanning import own_codes, queries
from app.scanning.in_store import InStorePattern
from app.scanning.meanings import (
    BadgeMeaning,
    Candidate,
    CommandMeaning,
    Dates,
    DocumentMeaning,
    InvoiceMeaning,
    ItemFacts,
    ItemMeaning,
    LocationMeaning,
    LogisticUnitMeaning,
    LotFacts,
    LotMeaning,
    Meaning,
    PackagingFacts,
    PartnerMeaning,
    SearchMeaning,
    UnknownMeaning,
    UnreadableMeaning,
)
from app.scanning.parse import parse
from app.scanning.parsed import ParsedCode
from app.scanning.queries import LookupKey, LookupRow

SHOWN = 80
SHORTEST_SEARCH, LONGEST_SEARCH = 2, 60
EAN_BODY = 12

# What a scale prints: EAN-13 from 20 on, five digits of item, five of weight in grams.  A shop
# whose scales print otherwise passes its own patterns in the context.
USUAL_PATTERNS = (InStorePattern(tuple(str(prefix) for prefix in range(20, 30)), "PPIIIIIWWWWWC"),)

WRONG_CHECK_DIGIT = mark("the check digit is wrong (the number would end in {right})")
NOT_PRINTABLE = mark("it holds characters that no code has")

T = TypeVar("T")


@dataclass(frozen=True)
class Context:
    """Where the scan happened: the item in hand and the order on the screen narrow the meaning."""

    item_id: int | None = None
    order_id: int | None = None
    patterns: Sequence[InStorePattern] = USUAL_PATTERNS


NOWHERE = Context()


@dataclass(frozen=True)
class Asked:
    """A scanned text, parsed; ``meaning`` is set where nothing has to be looked up."""

    raw: str
    text: str
    parsed: ParsedCode
    key: LookupKey
    meaning: Meaning | None = None


def resolve(session: Session, raw: str, context: Context = NOWHERE) -> Meaning:
    """What the text means to the caller in this context.

    One query; a second one, the text search, only where nothing else is found.
    """
    question = asked(raw, context)
    if question.meaning is not None:
        return question.meaning
    with together(session) as trip:
        found = queries.send_lookup(trip, question.key)
    return answered(session, question, found.all())


def asked(raw: str, context: Context = NOWHERE) -> Asked:
    """The half before the database: what the text says, and what to look up for it."""
    parsed = parse(raw, patterns=context.patterns)
    text = tidied(parsed.text or raw)[: SHOWN * 4]
    if not text or not _storable(raw):
        reason = gettext(NOT_PRINTABLE) if raw.strip() else parsed_reason(parsed)
        return Asked(raw, text, parsed, LookupKey(), UnreadableMeaning(shown(raw), reason))
    direct = _without_lookup(parsed, text)
    return Asked(raw, text, parsed, _key(parsed, text, context), direct)


def answered(session: Session, question: Asked, rows: Sequence[LookupRow]) -> Meaning:
    """The half after the database: the first meaning that is unambiguous."""
    items = sorted((row for row in rows if row.kind == "item"), key=lambda row: row.rank)
    if items:
        return _item(question, items[0])
    others = [row for row in rows if row.kind not in ("item", "lot")]
    if others:
        return _other(others[0])
    return _lot(rows) or _nothing(session, question)


def shown(text: str) -> str:
    """The text as a screen can show it: printable and not too long."""
    plain = "".join(letter if letter.isprintable() else "·" for letter in text[: SHOWN + 1])
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1] + "…"


def parsed_reason(parsed: ParsedCode) -> str:
    """What is wrong with the code, in the current language."""
    return "; ".join(finding.message.rstrip(".。") for finding in parsed.errors)


def _storable(raw: str) -> bool:
    """PostgreSQL keeps no NUL, and UTF-8 has no lone surrogates."""
    return "\0" not in raw and not any("\ud800" <= letter <= "\udfff" for letter in raw)


# Before the lookup --------------------------------------------------------------------------------


def _without_lookup(parsed: ParsedCode, text: str) -> Meaning | None:
    if parsed.invoice is not None:
        invoice = parsed.invoice
        return InvoiceMeaning(invoice.number, invoice.amount, invoice.issued_on)
    if parsed.own is not None:
        kind, key = parsed.own
        if kind == own_codes.COMMAND:
            return CommandMeaning(key.upper())
        return BadgeMeaning() if kind == own_codes.BADGE else None
    if not parsed.valid and parsed.kind not in ("unknown", "ean"):
        return UnreadableMeaning(shown(text), parsed_reason(parsed))
    return None


def _key(parsed: ParsedCode, text: str, context: Context) -> LookupKey:
    if parsed.own is not None:
        return _own_key(*parsed.own, context)
    lot = parsed.lot or parsed.serial or ""
    scope = LookupKey(item_id=context.item_id, order_id=context.order_id)
    if parsed.gtin or parsed.sscc:
        codes = [code for code in (parsed.gtin, *_in_store_codes(parsed)) if code]
        bare = text if parsed.kind == "ean" else ""
        return replace(scope, codes=codes, lot=lot, text=bare, sscc=parsed.sscc or "")
    # A number with a wrong check digit may still be somebody's own code, or a lot.
    return replace(scope, codes=[normalised(text)], lot=lot, text=lot or text, number=text.upper())


def _in_store_codes(parsed: ParsedCode) -> list[str]:
    """How the item of an in-store code may be registered.

    By prefix and item digits, or as the whole number with weight and price set to zero.
    """
    key = parsed.in_store_key
    if key is None:
        return []
    body = key.ljust(EAN_BODY, "0")
    return [key, normalised(body + check_digit(body))]


def _own_key(kind: str, key: str, context: Context) -> LookupKey:
    if kind == own_codes.LOT:
        item, lot = own_codes.split_lot_key(key) or ("", "")
        return LookupKey(codes=[normalised(item)], lot=lot)
    if kind in (own_codes.DOCUMENT, own_codes.COUNT_SHEET):
        return LookupKey(number=key.upper())
    if kind == own_codes.LOGISTIC_UNIT:
        return LookupKey(sscc=key)
    return LookupKey(codes=[normalised(key)], order_id=context.order_id)


# After the lookup ---------------------------------------------------------------------------------


def _item(question: Asked, row: LookupRow) -> ItemMeaning:
    item = _read(row.item, ItemFacts)
    packaging = _read(row.packaging, PackagingFacts) if row.packaging else None
    lot = question.parsed.lot if not item.has_serials else None
    if question.parsed.own and question.parsed.own[0] == own_codes.LOT:
        lot = question.key.lot
    elif item.has_serials:
        lot = question.parsed.serial or question.parsed.lot
    return ItemMeaning(
        item=item,
        key=question.text,
        packaging=packaging,
        quantity=_quantity(question.parsed, packaging),
        net_weight_kg=question.parsed.net_weight_kg if _is_weighed(question, row) else None,
        lot=lot if item.has_lots else None,
        dates=_dates(question.parsed),
        known=_read(row.lot, LotFacts) if row.lot and lot and item.has_lots else None,
        sscc=question.parsed.sscc,
    )


def _is_weighed(question: Asked, row: LookupRow) -> bool:
    """An in-store number registered as a whole is an ordinary barcode: its digits weigh nothing."""
    return question.parsed.in_store_key is None or row.rank > 1


def _quantity(parsed: ParsedCode, packaging: PackagingFacts | None) -> Decimal | None:
    """Base units that the code counts: AI 37 counts packs, AI 30 and in-store codes pieces."""
    if parsed.quantity is None:
        return None
    packs = packaging.quantity if packaging and parsed.value("37") else Decimal(1)
    return parsed.quantity * packs


def _dates(parsed: ParsedCode) -> Dates:
    return Dates(parsed.produced_on, parsed.best_before_on, parsed.expires_on)


def _other(row: LookupRow) -> Meaning:
    kinds: dict[str, type[Meaning]] = {
        "location": LocationMeaning,
        "partner": PartnerMeaning,
        "document": DocumentMeaning,
        "logistic_unit": LogisticUnitMeaning,
    }
    return _read(row.other, kinds[row.kind])


def _lot(rows: Sequence[LookupRow]) -> Meaning | None:
    """The lot of the item in hand, else of the order's items, else of any: where that is one."""
    lots = [row for row in rows if row.kind == "lot"]
    if not lots:
        return None
    nearest = [row for row in lots if row.rank == lots[0].rank]
    if len(nearest) == 1:
        return LotMeaning(_read(lots[0].item, ItemFacts), _read(lots[0].lot, LotFacts))
    items = [_read(row.item, ItemFacts) for row in nearest]
    lot = _read(lots[0].lot, LotFacts)
    return SearchMeaning(
        lot.code,
        tuple(Candidate(item.id, item.code, item.name, item.specification) for item in items),
    )


def _nothing(session: Session, question: Asked) -> Meaning:
    parsed, text = question.parsed, question.text
    if parsed.sscc and not parsed.gtin:
        return LogisticUnitMeaning(parsed.sscc)
    if parsed.own is not None:
        return UnknownMeaning(shown(text))
    if parsed.gtin:
        return UnknownMeaning(shown(text), barcode=parsed.gtin, is_gtin=True)
    right = corrected(text)
    if parsed.kind == "ean" and right:
        reason = gettext(WRONG_CHECK_DIGIT).format(right=right[-1])
        return UnreadableMeaning(shown(text), reason)
    found = search(session, text)
    if found:
        return SearchMeaning(shown(text), tuple(found))
    return UnknownMeaning(shown(text), barcode=text if len(text) <= SHOWN else None)


def search(session: Session, text: str) -> list[Candidate]:
    """Items that words may mean; digits and very long texts are no words."""
    if not SHORTEST_SEARCH <= len(text) <= LONGEST_SEARCH or text.isdigit():
        return []
    return queries.search(session, text)


def _read(row: Any, kind: type[T]) -> T:
    """A dataclass out of JSON: dates and exact numbers travel as text."""
    return msgspec.convert(row, kind, strict=False)
