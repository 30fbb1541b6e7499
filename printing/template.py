"""A label's look as data: which fields and symbols it shows, how large, in which order or where.

Two layouts. In `flow` the fields are set in their order and the symbol gets what they leave, so
that any content fits any size. In `fixed` every field and symbol has its box in mm.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, get_args

from printing.codes import Form
from printing.fields import CODE_TEXT, OWN_TEXT, RULE, symbols_of
from printing.kinds import LabelKind
from printing.layout import Align, Box
from printing.problems import LabelError
from printing.sizes import LabelSize, size_named
from printing.texts import Language, phrase

Style = Literal["title", "strong", "plain"]
Layout = Literal["flow", "fixed"]
STYLES: tuple[str, ...] = get_args(Style)
LAYOUTS: tuple[str, ...] = get_args(Layout)
ALIGNS: tuple[str, ...] = get_args(Align)


@dataclass(frozen=True)
class Field:
    """One field of `fields_of(kind)`.

    `caption` None takes our words before the value, "" leaves them out. `text` is for the field
    `text`. The rest is for the fixed layout: `points` is the type size wished for (None takes the
    label size's own), and longer text shrinks, then takes up to `lines` lines, then is cut.
    """

    name: str
    style: Style = "plain"
    caption: str | None = None
    text: str = ""
    box: Box | None = None
    points: float | None = None
    lines: int = 2
    align: Align = "left"

    def data(self) -> dict[str, Any]:
        """As JSON, without what is usual."""
        given = {
            "style": (self.style, None),
            "caption": (self.caption, None),
            "text": (self.text, ""),
            "box": (_box_data(self.box), None),
            "points": (self.points, None),
            "lines": (self.lines, 2),
            "align": (self.align, "left"),
        }
        kept = {key: value for key, (value, usual) in given.items() if value != usual}
        return {"name": self.name, **kept}


@dataclass(frozen=True)
class SymbolSpec:
    """One code of `symbols_of(kind)`; in the fixed layout `box` holds its quiet zone too."""

    source: str
    form: Form = Form.AUTO
    box: Box | None = None

    def data(self) -> dict[str, Any]:
        """As JSON."""
        box = {"box": _box_data(self.box)} if self.box else {}
        return {"source": self.source, "form": self.form.value, **box}


@dataclass(frozen=True)
class Template:
    """The look of one kind of label at one size. Get one from `template_of`, which checks."""

    kind: LabelKind
    size: str
    layout: Layout
    fields: tuple[Field, ...]
    symbols: tuple[SymbolSpec, ...]

    def data(self) -> dict[str, Any]:
        """As JSON values; `template_of` reads them back to an equal template."""
        return {
            "kind": self.kind.value,
            "size": self.size,
            "layout": self.layout,
            "fields": [field.data() for field in self.fields],
            "symbols": [symbol.data() for symbol in self.symbols],
        }


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a template: `path` is like `fields[2].box`."""

    path: str
    code: str
    data: dict[str, Any]

    def text(self, language: Language) -> str:
        """Where, what and what to do."""
        sentence = phrase(f"fault_{self.code}", language, **self.data)
        return f"{self.path}: {sentence}" if self.path else sentence


class TemplateError(LabelError):
    """A template that can't be used; `faults` are all that was found."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("template")

    def text(self, language: Language) -> str:
        """All faults, one a line."""
        return "\n".join(fault.text(language) for fault in self.faults)


def _box_data(box: Box | None) -> list[float] | None:
    return [box.left, box.top, box.width, box.height] if box else None


def _fields(title: str, *names: str, strong: tuple[str, ...] = ()) -> tuple[Field, ...]:
    others = (Field(name, "strong" if name in strong else "plain") for name in names)
    return (Field(title, "title"), *others)


_DATES = ("expires_on", "best_before_on")

_FIELDS: dict[LabelKind, tuple[Field, ...]] = {
    LabelKind.ITEM: _fields("name", "item_code", "spec", "packing", "code_text"),
    LabelKind.PACKAGING: _fields(
        "name", "packing", "item_code", "spec", "code_text", strong=("packing",)
    ),
    LabelKind.LOT: _fields(
        "name", *_DATES, "lot", "serial", "quantity", "item_code", "produced_on", "spec",
        "code_text", strong=_DATES,
    ),
    LabelKind.LOCATION: _fields("name", "place", "arrow", "check"),
    LabelKind.LOGISTIC_UNIT: _fields(
        "item_name", "receiver", *_DATES, "lot", "count", "order_number", "sscc_text",
        strong=_DATES,
    ),
    LabelKind.BADGE: _fields("name", "number", "role", "store"),
    LabelKind.COMMAND: _fields("title", "hint", "code_text"),
    LabelKind.DOCUMENT: _fields(
        "number", "title", "partner", "day", "store", "note", strong=("title",)
    ),
}  # fmt: skip
_GUIDELINE_FIELDS = _fields(
    "item_name", "sender", "receiver", *_DATES, "lot", "count", "gross_weight", "order_number",
    "sscc_text", "content_text",
)  # fmt: skip


@lru_cache(maxsize=256)
def default_template(kind: LabelKind, size_name: str) -> Template:
    """Our look of the kind at any size. LabelError if the size is unknown."""
    size = size_named(size_name)
    sources = symbols_of(kind)
    if not has_guideline_face(kind, size):
        symbols = (SymbolSpec(sources[0]),)
        return Template(kind, size.name, "flow", _FIELDS[kind], symbols)
    symbols = tuple(SymbolSpec(source) for source in sources)
    return Template(kind, size.name, "flow", _GUIDELINE_FIELDS, symbols)


def has_guideline_face(kind: LabelKind, size: LabelSize) -> bool:
    """Whether the flow layout is the GS1 logistic label of three blocks."""
    return kind == LabelKind.LOGISTIC_UNIT and size.width >= 95 and size.height >= 140  # noqa: PLR2004 - mm, as the guideline has them


def flow_fields(kind: LabelKind, names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the kind's fields that the flow layout has a place for."""
    unplaced = {RULE}
    if kind == LabelKind.LOCATION:
        unplaced |= {OWN_TEXT, f"code{CODE_TEXT}"}
    return tuple(name for name in names if name not in unplaced)
