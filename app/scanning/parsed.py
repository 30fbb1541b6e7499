"""The answer of the parsers: what a code says about itself, before any lookup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import cast

from app.kit.i18n import gettext

KINDS = ("gs1", "ean", "in_store", "epc", "digital_link", "own", "invoice", "unknown")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong or doubtful in a code.

    ``ai`` names the GS1 Application Identifier, empty when the finding is about the whole code.
    ``text`` is an English sentence, the key of its translation; ``values`` fill its braces.
    """

    ai: str
    text: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def reason(self) -> str:
        """The reason in English, the same in every language setting: for logs and machines."""
        return self.text.format(**dict(self.values))

    @property
    def message(self) -> str:
        """The reason in the current language, with the identifier in front."""
        said = gettext(self.text).format(**dict(self.values))
        return f"({self.ai}) {said}" if self.ai else said


@dataclass(frozen=True, slots=True)
class Invoice:
    """A Chinese e-invoice QR as printed.

    ``amount`` is in yuan.  It is before tax on kinds 01, 04 and 10 and the total on 31 and 32 by
    our reading; public parsers disagree, so a screen shows it as unconfirmed.
    """

    family: str
    number: str
    amount: Decimal
    kind: str | None = None
    code: str | None = None
    issued_on: date | None = None
    check_code: str | None = None
    crc: str | None = None
    seller_tax_id: str | None = None
    hash: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedCode:
    """What one scanned code says, in our words.

    ``valid`` is false when something in ``errors`` is wrong; a field can be filled even then, as
    far as it was readable.  ``gtin`` is always GTIN-14.  ``net_weight_kg`` and ``quantity`` are
    exact.  ``own`` is (kind letter, key) of a label that we printed.  ``in_store_key`` is the part
    of an in-store code that names the item (prefix and item digits), ``in_store_value`` its raw
    price or weight digits.  ``symbology`` is a hint of the reader, None when it gave none.
    """

    input: str
    kind: str = "unknown"
    valid: bool = False
    ais: tuple[tuple[str, str], ...] = ()
    gtin: str | None = None
    lot: str | None = None
    serial: str | None = None
    expires_on: date | None = None
    best_before_on: date | None = None
    produced_on: date | None = None
    packed_on: date | None = None
    sell_by_on: date | None = None
    quantity: Decimal | None = None
    net_weight_kg: Decimal | None = None
    price: Decimal | None = None
    currency: str | None = None
    sscc: str | None = None
    epc_uri: str | None = None
    tag_uri: str | None = None
    own: tuple[str, str] | None = None
    invoice: Invoice | None = None
    in_store_key: str | None = None
    in_store_value: str | None = None
    symbology: str | None = None
    text: str = ""
    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()

    def value(self, ai: str) -> str | None:
        """The value of the first element string with this identifier, None when absent."""
        return next((value for name, value in self.ais if name == ai), None)


def as_json(parsed: ParsedCode) -> dict[str, object]:
    """The parsed code as JSON-ready values: absent keys left out, decimals and dates as text."""
    return dict(_json_items(parsed))


def _json_items(parsed: ParsedCode) -> Iterator[tuple[str, object]]:
    for entry in fields(parsed):
        value: object = getattr(parsed, entry.name)
        if entry.name in ("input", "kind", "valid"):
            yield entry.name, value
        elif value is not None and value not in ((), "") and entry.name != "text":
            yield entry.name, _plain(value)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Finding):
        return {"ai": value.ai, "reason": value.reason}
    if isinstance(value, Invoice):
        named = {entry.name: getattr(value, entry.name) for entry in fields(value)}
        return {name: _plain(part) for name, part in named.items() if part is not None}
    if isinstance(value, tuple):
        return [_plain(part) for part in cast("tuple[object, ...]", value)]
    return value


@dataclass(slots=True)
class Findings:
    """Collects errors and warnings while a code is read."""

    errors: list[Finding] = field(default_factory=list[Finding])
    warnings: list[Finding] = field(default_factory=list[Finding])

    def refuse(self, ai: str, text: str, **values: str) -> None:
        self.errors.append(Finding(ai, text, tuple(values.items())))

    def warn(self, ai: str, text: str, **values: str) -> None:
        self.warnings.append(Finding(ai, text, tuple(values.items())))
