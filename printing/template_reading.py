"""Templates read from JSON values: everything wrong is named, with its place."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from itertools import combinations
from typing import Any, cast

from printing.codes import Form
from printing.fields import OWN_TEXT, RULE, fields_of, symbols_of
from printing.kinds import LabelKind
from printing.layout import Box
from printing.problems import LabelError
from printing.sizes import LabelSize, size_named
from printing.template import (
    ALIGNS,
    LAYOUTS,
    STYLES,
    Fault,
    Field,
    SymbolSpec,
    Template,
    TemplateError,
    flow_fields,
    has_guideline_face,
)

_MOST_FIELDS = 40
_LONGEST_TEXT = 200
_LONGEST_CAPTION = 40
_POINTS = (4, 200)
_LINES = (1, 9)
_LEAST_SIDE_MM = 0.2
_TOLERANCE_MM = 0.05
_BOX_NUMBERS = 4
_REPEATABLE = frozenset({OWN_TEXT, RULE})

_TEMPLATE_KEYS = tuple(one.name for one in fields(Template))
_FIELD_KEYS = tuple(one.name for one in fields(Field))
_SYMBOL_KEYS = tuple(one.name for one in fields(SymbolSpec))


def template_of(data: object) -> Template:
    """The template. TemplateError with all faults, so that an editor can mark each."""
    reader = _Reader()
    template = reader.template(data)
    if not reader.faults and template:
        reader.check(template)
    if reader.faults or not template:
        raise TemplateError(tuple(reader.faults))
    return template


def template_parsed(text: str) -> Template:
    """Like `template_of`, from JSON text; what is no JSON is refused with its line and column."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        fault = Fault("", "json", {"line": error.lineno, "column": error.colno})
        raise TemplateError((fault,)) from error
    except RecursionError as error:
        raise TemplateError((Fault("", "json", {"line": 1, "column": 1}),)) from error
    return template_of(data)


@dataclass
class _Reader:
    """Reads on after a fault, so that one look names them all."""

    faults: list[Fault] = field(default_factory=list[Fault])

    def refuse(self, path: str, code: str, **data: object) -> None:
        self.faults.append(Fault(path, code, data))

    def template(self, data: object) -> Template | None:
        given = self.mapping(data, "", _TEMPLATE_KEYS)
        if given is None:
            return None
        kind = self.choice(given, "kind", "", tuple(LabelKind))
        layout = self.choice(given, "layout", "", LAYOUTS, "flow")
        size = self.size(given.get("size"))
        if not kind:
            return None
        kind = LabelKind(kind)
        entries = self.entries(given.get("fields", []), "fields")
        symbols = self.entries(given.get("symbols", []), "symbols")
        return Template(
            kind,
            size,
            cast("Any", layout),
            tuple(self.field(one, f"fields[{n}]", kind) for n, one in enumerate(entries)),
            tuple(self.symbol(one, f"symbols[{n}]", kind) for n, one in enumerate(symbols)),
        )

    def field(self, data: object, path: str, kind: LabelKind) -> Field:
        given = self.mapping(data, path, _FIELD_KEYS) or {}
        caption = given.get("caption")
        points = given.get("points")
        return Field(
            name=self.choice(given, "name", path, fields_of(kind)),
            style=cast("Any", self.choice(given, "style", path, STYLES, "plain")),
            caption=None if caption is None else self.words(caption, path, "caption"),
            text=self.words(given.get("text", ""), path, "text"),
            box=self.box(given.get("box"), f"{path}.box"),
            points=None if points is None else self.number(points, f"{path}.points", _POINTS),
            lines=int(self.number(given.get("lines", 2), f"{path}.lines", _LINES)),
            align=cast("Any", self.choice(given, "align", path, ALIGNS, "left")),
        )

    def symbol(self, data: object, path: str, kind: LabelKind) -> SymbolSpec:
        given = self.mapping(data, path, _SYMBOL_KEYS) or {}
        form = self.choice(given, "form", path, tuple(Form), Form.AUTO)
        source = self.choice(given, "source", path, symbols_of(kind))
        return SymbolSpec(
            source, Form(form) if form else Form.AUTO, self.box(given.get("box"), f"{path}.box")
        )

    def mapping(self, data: object, path: str, known: Sequence[str]) -> dict[str, Any] | None:
        if not isinstance(data, dict):
            self.refuse(path, "object")
            return None
        given = cast("dict[str, Any]", data)
        for key in given:
            if key not in known:
                self.refuse(path, "unknown", key=str(key)[:40], known=", ".join(known))
        return given

    def entries(self, data: object, path: str) -> list[object]:
        if not isinstance(data, list) or len(cast("list[object]", data)) > _MOST_FIELDS:
            self.refuse(path, "list", most=_MOST_FIELDS)
            return []
        return cast("list[object]", data)

    def choice(
        self, given: dict[str, Any], key: str, path: str, choices: Sequence[str], usual: str = ""
    ) -> str:
        """One of the choices, or "" after a refusal."""
        value = given.get(key, usual)
        if isinstance(value, str) and value in choices:
            return value
        where = f"{path}.{key}".lstrip(".")
        if key not in given:
            self.refuse(where, "missing", choices=", ".join(choices))
        else:
            self.refuse(where, "choice", value=str(value)[:40], choices=", ".join(choices))
        return ""

    def size(self, value: object) -> str:
        try:
            return size_named(value if isinstance(value, str) else "").name
        except LabelError as error:
            self.refuse("size", "size", **(error.data | {"size": str(value)[:40]}))
            return ""

    def words(self, value: object, path: str, key: str) -> str:
        most = _LONGEST_TEXT if key == "text" else _LONGEST_CAPTION
        if isinstance(value, str) and len(value) <= most:
            return value
        self.refuse(f"{path}.{key}", "text", most=most)
        return ""

    def number(self, value: object, path: str, between: tuple[float, float]) -> float:
        least, most = between
        if isinstance(value, bool) or not isinstance(value, int | float):
            value = -1
        if least <= value <= most:
            return value
        self.refuse(path, "number", least=least, most=most)
        return least

    def box(self, data: object, path: str) -> Box | None:
        if data is None:
            return None
        if not isinstance(data, list) or len(cast("list[object]", data)) != _BOX_NUMBERS:
            self.refuse(path, "box")
            return None
        numbers = [self.number(one, path, (0, 1000)) for one in cast("list[object]", data)]
        return Box(*numbers)

    def check(self, template: Template) -> None:
        """What single values can't show: repetition, and where boxes lie."""
        self.check_names(template)
        if template.layout == "flow":
            self.check_flow(template)
        else:
            self.check_boxes(template, size_named(template.size))

    def check_names(self, template: Template) -> None:
        names = [one.name for one in template.fields]
        for place, name in enumerate(names):
            if name in names[:place] and name not in _REPEATABLE:
                self.refuse(f"fields[{place}].name", "twice", name=name)
            if name == OWN_TEXT and not template.fields[place].text.strip():
                self.refuse(f"fields[{place}].text", "own_text")
        sources = [one.source for one in template.symbols]
        for place, source in enumerate(sources):
            if source in sources[:place]:
                self.refuse(f"symbols[{place}].source", "twice", name=source)
        required = symbols_of(template.kind)[0]
        if required not in sources:
            self.refuse("symbols", "no_symbol", source=required)

    def check_flow(self, template: Template) -> None:
        placed = flow_fields(template.kind, fields_of(template.kind))
        titles = 0
        for place, one in enumerate(template.fields):
            titles += one.style == "title"
            if one.name not in placed:
                self.refuse(f"fields[{place}].name", "only_fixed", name=one.name)
            if titles > 1 and one.style == "title":
                self.refuse(f"fields[{place}].style", "titles")
        for path, box in _boxes(template):
            if box:
                self.refuse(f"{path}.box", "box_in_flow")
        roomy = has_guideline_face(template.kind, size_named(template.size))
        if len(template.symbols) > 1 and not roomy:
            self.refuse("symbols[1]", "one_symbol")

    def check_boxes(self, template: Template, size: LabelSize) -> None:
        boxes: list[tuple[str, Box]] = []
        for path, box in _boxes(template):
            if box is None:
                self.refuse(f"{path}.box", "no_box")
            elif min(box.width, box.height) < _LEAST_SIDE_MM or not _inside(box, size):
                room = {"width": size.width, "height": size.height}
                self.refuse(f"{path}.box", "outside", **room)
            else:
                boxes.append((path, box))
        for (path, one), (other_path, other) in combinations(boxes, 2):
            if _overlap(one, other):
                self.refuse(f"{other_path}.box", "overlap", other=path)


def _boxes(template: Template) -> list[tuple[str, Box | None]]:
    texts = [(f"fields[{n}]", one.box) for n, one in enumerate(template.fields)]
    return texts + [(f"symbols[{n}]", one.box) for n, one in enumerate(template.symbols)]


def _inside(box: Box, size: LabelSize) -> bool:
    return box.right <= size.width + _TOLERANCE_MM and box.bottom <= size.height + _TOLERANCE_MM


def _overlap(one: Box, other: Box) -> bool:
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    return wide > _TOLERANCE_MM and high > _TOLERANCE_MM
