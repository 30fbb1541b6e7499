"""A label template as a form: its fields in order with tick, style and words; and back again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from app.kit.i18n import gettext, mark
from app.labelling.templates import words_language
from printing.fields import OWN_TEXT, field_title, fields_of, symbols_of
from printing.labels import LabelKind, Template
from printing.template import flow_fields

STYLES = {"title": mark("Title"), "strong": mark("Bold"), "plain": mark("Plain")}
FORMS = {
    "auto": mark("As usual"),
    "qr": mark("QR"),
    "data_matrix": mark("DataMatrix"),
    "bars": mark("Bars"),
}
NO_CAPTION = "-"
"""Typed instead of a caption: nothing stands before the value."""
_MOST_ROWS = 60
_ROW_TEXTS = ("name", "style", "caption", "text")


@dataclass(frozen=True)
class Row:
    """One field: whether it is printed, and how.  ``caption`` empty means the usual words."""

    name: str
    on: bool
    style: str = "plain"
    caption: str = ""
    text: str = ""

    @property
    def title(self) -> str:
        """What the field is called."""
        if self.name == OWN_TEXT:
            return gettext("Own words")
        return field_title(self.name, words_language())

    @property
    def is_own(self) -> bool:
        return self.name == OWN_TEXT


@dataclass(frozen=True)
class Mark:
    """One code of the label and its form."""

    source: str
    on: bool
    form: str = "auto"

    @property
    def title(self) -> str:
        return field_title(self.source, words_language())


@dataclass(frozen=True)
class Draft:
    """A template as the form shows it.  ``source`` is the same as text, for exact positions."""

    kind: str
    size: str
    rows: tuple[Row, ...]
    marks: tuple[Mark, ...]
    is_fixed: bool
    source: str


def draft_of(template: Template) -> Draft:
    """The printed fields first, then those that could be printed as well."""
    rows = [
        Row(
            field.name,
            on=True,
            style=field.style,
            caption=NO_CAPTION if field.caption == "" else field.caption or "",
            text=field.text,
        )
        for field in template.fields
    ]
    shown = {row.name for row in rows}
    possible = flow_fields(template.kind, fields_of(template.kind))
    rows += [Row(name, on=False) for name in possible if name not in shown or name == OWN_TEXT]
    forms = {symbol.source: symbol.form.value for symbol in template.symbols}
    return Draft(
        template.kind.value,
        template.size,
        tuple(rows),
        tuple(
            Mark(source, source in forms, forms.get(source, "auto"))
            for source in symbols_of(template.kind)
        ),
        template.layout == "fixed",
        text_of(template.data()),
    )


def sent(data: Mapping[str, Any], kind: LabelKind, size: str) -> Draft:
    """The form as it was sent, with the row moved that a button asked to move."""
    rows: list[Row] = []
    while f"f{len(rows)}_name" in data and len(rows) < _MOST_ROWS:
        rows.append(_row(data, f"f{len(rows)}_"))
    marks = tuple(
        Mark(source, bool(data.get(f"s_{source}_on")), str(data.get(f"s_{source}_form", "auto")))
        for source in symbols_of(kind)
    )
    moved = tuple(_moved(rows, str(data.get("move", ""))))
    made = Draft(kind.value, size, moved, marks, is_fixed=False, source="")
    return replace(made, source=text_of(content_of(made)))


def content_of(draft: Draft) -> dict[str, Any]:
    """As ``printing.template_reading.template_of`` reads it."""
    symbols = [{"source": one.source, "form": one.form} for one in draft.marks if one.on]
    return {
        "kind": draft.kind,
        "size": draft.size,
        "layout": "flow",
        "fields": [_field(row) for row in draft.rows if row.on],
        "symbols": symbols,
    }


def text_of(content: Mapping[str, Any]) -> str:
    """As JSON with a field on each line, so that the number of a line says which one is meant."""
    head = [f'  "{name}": {_json(content[name])},' for name in ("kind", "size", "layout")]
    lists = _list("fields", content["fields"], ",") + _list("symbols", content["symbols"], "")
    return "\n".join(["{", *head, *lists, "}"])


def _list(name: str, entries: list[Any], end: str) -> list[str]:
    if not entries:
        return [f'  "{name}": []{end}']
    inner = [f"    {_json(entry)}," for entry in entries]
    inner[-1] = inner[-1].removesuffix(",")
    return [f'  "{name}": [', *inner, f"  ]{end}"]


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=0).decode()


def _row(data: Mapping[str, Any], prefix: str) -> Row:
    given = {name: str(data.get(prefix + name, "")).strip() for name in _ROW_TEXTS}
    return Row(on=bool(data.get(prefix + "on")), **given)


def _moved(rows: list[Row], move: str) -> list[Row]:
    """``3:up`` and ``3:down`` change places with the neighbour."""
    place, _, way = move.partition(":")
    if not (place.isascii() and place.isdigit() and way in {"up", "down"}):
        return rows
    one = int(place[:4])
    other = one - 1 if way == "up" else one + 1
    if 0 <= other < len(rows) and one < len(rows):
        rows[one], rows[other] = rows[other], rows[one]
    return rows


def _field(row: Row) -> dict[str, str]:
    field = {"name": row.name, "style": row.style}
    if row.caption:
        field["caption"] = "" if row.caption == NO_CAPTION else row.caption
    if row.is_own:
        field["text"] = row.text
    return field
