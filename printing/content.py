"""A label together with its look: the words and codes that are to be set."""

from dataclasses import dataclass
from typing import NamedTuple

from printing.codes import Code, Form, formed
from printing.fields import (
    CODE_TEXT,
    FIELDS,
    OWN_TEXT,
    caption_of,
    code_of,
    kind_title,
)
from printing.kinds import Label, LabelKind, kind_of
from printing.metrics import clean
from printing.problems import LabelError
from printing.sizes import LabelSize, size_named
from printing.template import Field, Style, SymbolSpec, Template, default_template
from printing.texts import Language


@dataclass(frozen=True)
class Looks:
    """The company's templates of one size; a kind without one has our own look.

    LabelError("template_size") for a template of another size.
    """

    size: LabelSize
    templates: tuple[Template, ...] = ()

    def __post_init__(self) -> None:
        """One run goes to one roll."""
        for template in self.templates:
            if template.size != self.size.name:
                raise LabelError("template_size", size=template.size, roll=self.size.name)

    def template(self, kind: LabelKind) -> Template:
        """The look of a kind."""
        own = (template for template in self.templates if template.kind == kind)
        return next(own, None) or default_template(kind, self.size.name)


Look = LabelSize | Template | Looks
"""A size stands for our own look of every kind at that size."""


def size_of(look: Look) -> LabelSize:
    """The size that a look is for."""
    match look:
        case LabelSize():
            return look
        case Template():
            return size_named(look.size)
        case Looks():
            return look.size


class Line(NamedTuple):
    """Words to set, and the number of the template's field that they come from."""

    words: str
    field: int


@dataclass(frozen=True)
class Content:
    """What one label says under its template, at `dpi` dots per inch."""

    label: Label
    template: Template
    size: LabelSize
    dpi: int
    language: Language

    @staticmethod
    def of(label: Label, look: Look, dpi: int, language: Language) -> "Content":
        """LabelError("template_kind") if the template is for another kind of label."""
        kind = kind_of(label)
        if isinstance(look, Template):
            if look.kind != kind:
                raise LabelError("template_kind", kind=kind_title(look.kind, language))
            template = look
        elif isinstance(look, Looks):
            template = look.template(kind)
        else:
            template = default_template(kind, look.name)
        return Content(label, template, size_of(look), dpi, language)

    def words(self, field: Field) -> str:
        """One line with its caption; empty where the label has no value for it."""
        caption, value = self.parts(field)
        return f"{caption} {value}" if caption else value

    def parts(self, field: Field) -> tuple[str, str]:
        """Caption and value; both empty where the label has no value."""
        if field.name == OWN_TEXT:
            return "", clean(field.text)
        kind = self.template.kind
        source = FIELDS[kind].get(field.name)
        value = clean(source.read(self.label, self.language)) if source else ""
        if not value:
            return "", ""
        if field.caption is None:
            return caption_of(kind, field.name, self.language), value
        return clean(field.caption), value

    def lines(self, *styles: Style, without: tuple[str, ...] = ()) -> list[Line]:
        """The lines of those styles that say something, in the template's order."""
        found = (
            Line(self.words(field), place)
            for place, field in enumerate(self.template.fields)
            if field.style in styles and field.name not in without
        )
        return [line for line in found if line.words]

    def line(self, name: str) -> Line | None:
        """The line of one field, if the template shows it."""
        place = self.place_of(name)
        return None if place is None else Line(self.words(self.template.fields[place]), place)

    def place_of(self, name: str) -> int | None:
        """The number of a field, if the template shows it."""
        fields = enumerate(self.template.fields)
        return next((place for place, field in fields if field.name == name), None)

    def spec(self, source: str) -> SymbolSpec | None:
        """How the template shows that code, if it does."""
        return next((one for one in self.template.symbols if one.source == source), None)

    def code(self, spec: SymbolSpec) -> Code | None:
        """The code in the form asked for; None where the label has no content for it."""
        code = code_of(self.label, self.template.kind, spec.source)
        return formed(code, spec.form) if code and spec.form != Form.AUTO else code

    def code_text_place(self, source: str) -> int | None:
        """The number of the field that shows the code's text, if any."""
        return self.place_of(f"{source}{CODE_TEXT}")
