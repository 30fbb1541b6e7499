"""What a template may put on each kind of label: fields of text, and symbols."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from printing.codes import Code, Symbology, gs1
from printing.kinds import Arrow, Label, LabelKind, LogisticUnitLabel
from printing.texts import Language, date_text, phrase, quantity_text

OWN_TEXT = "text"
"""The field whose words stand in the template itself."""

RULE = "rule"
"""A filled box: a line between blocks, or a bar."""

CODE_TEXT = "_text"
"""`code_text` is what stands under the symbol of source `code`, and so on."""

ARROW, CHECK = "arrow", "check"
SIGNS = frozenset({ARROW, CHECK})


@dataclass(frozen=True)
class FieldSource:
    """Where a field's words come from, empty where the label has none.

    `caption` is a key of `printing.texts` or empty.
    """

    read: Callable[[Any, Language], str]
    caption: str = ""


def _plain(name: str, caption: str = "") -> FieldSource:
    return FieldSource(lambda label, _: str(getattr(label, name)), caption)


def _day(name: str, caption: str = "") -> FieldSource:
    return FieldSource(lambda label, language: date_text(getattr(label, name), language), caption)


def _amount(quantity: Decimal | None, unit: str) -> str:
    return f"{quantity_text(quantity)} {unit}".strip() if quantity is not None else ""


def _arrow(label: Any, _: Language) -> str:
    arrow: Arrow = label.arrow
    return "" if arrow == Arrow.NONE else arrow.value


_ITEM = {
    "name": _plain("name"),
    "packing": _plain("packing", "packing"),
    "item_code": _plain("item_code", "item_code"),
    "spec": _plain("spec", "spec"),
    "gtin": _plain("gtin", "gtin"),
}

FIELDS: dict[LabelKind, dict[str, FieldSource]] = {
    LabelKind.ITEM: _ITEM,
    LabelKind.PACKAGING: _ITEM,
    LabelKind.LOT: {
        "name": _plain("name"),
        "expires_on": _day("expires_on", "expires_on"),
        "best_before_on": _day("best_before_on", "best_before_on"),
        "produced_on": _day("produced_on", "produced_on"),
        "lot": _plain("lot", "lot"),
        "serial": _plain("serial", "serial"),
        "quantity": FieldSource(lambda label, _: _amount(label.quantity, label.unit), "quantity"),
        "item_code": _plain("item_code", "item_code"),
        "spec": _plain("spec", "spec"),
        "gtin": _plain("gtin", "gtin"),
    },
    LabelKind.LOCATION: {
        "name": _plain("name"),
        "place": _plain("place"),
        ARROW: FieldSource(_arrow),
        CHECK: _plain("check"),
    },
    LabelKind.LOGISTIC_UNIT: {
        "sender": _plain("sender", "from"),
        "receiver": _plain("receiver", "to"),
        "item_name": FieldSource(
            lambda label, language: label.item_name or phrase("sscc", language)
        ),
        "expires_on": _day("expires_on", "expires_on"),
        "best_before_on": _day("best_before_on", "best_before_on"),
        "lot": _plain("lot", "lot"),
        "count": FieldSource(lambda label, _: str(label.count or ""), "count"),
        "gross_weight": FieldSource(
            lambda label, _: _amount(label.gross_weight_kg, "kg"), "gross_weight"
        ),
        "order_number": _plain("order_number", "order_number"),
        "gtin": _plain("gtin", "gtin"),
    },
    LabelKind.BADGE: {
        "name": _plain("name"),
        "number": _plain("number", "number"),
        "role": _plain("role"),
        "store": _plain("store"),
    },
    LabelKind.COMMAND: {"title": _plain("title"), "hint": _plain("hint")},
    LabelKind.DOCUMENT: {
        "title": _plain("title"),
        "number": _plain("number"),
        "partner": _plain("partner"),
        "day": _day("day"),
        "store": _plain("store"),
        "note": _plain("note"),
    },
}


def _content(label: LogisticUnitLabel) -> Code | None:
    elements = label.content_elements()
    return gs1(elements, Symbology.GS1_128) if elements else None


def _code(label: Any) -> Code:
    return getattr(label, "printed_code", None) or label.code


_CODE: dict[str, Callable[[Any], Code | None]] = {"code": _code}

SYMBOLS: dict[LabelKind, dict[str, Callable[[Any], Code | None]]] = {
    kind: _CODE for kind in LabelKind if kind != LabelKind.LOGISTIC_UNIT
}
SYMBOLS[LabelKind.LOGISTIC_UNIT] = {
    "sscc": LogisticUnitLabel.sscc_code,
    "content": _content,
    "everything": LogisticUnitLabel.everything_code,
}
"""The codes of a kind by name; the first one is what the label is for."""


def fields_of(kind: LabelKind) -> tuple[str, ...]:
    """The names of all fields that a template of the kind may use."""
    texts = (f"{source}{CODE_TEXT}" for source in SYMBOLS[kind])
    return (*FIELDS[kind], *texts, OWN_TEXT, RULE)


def symbols_of(kind: LabelKind) -> tuple[str, ...]:
    """The names of the codes that a template of the kind may show; the first is required."""
    return tuple(SYMBOLS[kind])


def code_of(label: Label, kind: LabelKind, source: str) -> Code | None:
    """The code of that name; None where the label has no content for it. LabelError as the kind."""
    return SYMBOLS[kind][source](label)


@cache
def caption_of(kind: LabelKind, name: str, language: Language) -> str:
    """The usual words before a field's value; empty where the value speaks for itself."""
    source = FIELDS[kind].get(name)
    return phrase(source.caption, language) if source and source.caption else ""


def field_title(name: str, language: Language) -> str:
    """What an editor calls the field."""
    return phrase(f"field_{name}", language)


def kind_title(kind: LabelKind, language: Language) -> str:
    """What an editor calls the kind."""
    return phrase(f"kind_{kind.value}", language)
