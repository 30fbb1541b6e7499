"""How each label looks: from data and template to a drawing."""

from dataclasses import replace
from typing import NamedTuple

from printing.codes import Code, Form, Symbology, formed
from printing.content import Content, Line, Look
from printing.fixed_face import fixed_drawing
from printing.general_face import Face, general_drawing
from printing.kinds import Label, LabelKind
from printing.layout import Box, Drawing, Text
from printing.location_face import location_drawing
from printing.logistic_face import logistic_drawing
from printing.problems import LabelError
from printing.template import SymbolSpec, Template, has_guideline_face
from printing.texts import Language

_TITLE_SCALES = {LabelKind.BADGE: 1.3, LabelKind.COMMAND: 1.6, LabelKind.DOCUMENT: 1.2}


def drawing(label: Label, look: Look, dpi: int, language: Language) -> Drawing:
    """Everything on the label. LabelError if its code can't be printed readably at this size."""
    content = Content.of(label, look, dpi, language)
    kind = content.template.kind
    if content.template.layout == "fixed":
        return fixed_drawing(content)
    if kind == LabelKind.LOCATION:
        return location_drawing(content)
    if has_guideline_face(kind, content.size):
        return logistic_drawing(content)
    return _one_code(content)


def fixed_template(template: Template, label: Label, language: Language = "zh") -> Template:
    """The same look with every position written down, as it comes out for this label.

    What the label has no value for is left out. LabelError like `drawing`.
    """
    if template.layout == "fixed":
        return template
    drawn = drawing(label, template, 203, language)
    places = _places(drawn)
    fields = tuple(
        replace(field, box=places[n].box, points=places[n].points, lines=places[n].lines)
        for n, field in enumerate(template.fields)
        if n in places
    )
    return replace(template, layout="fixed", fields=fields, symbols=_placed(template, drawn))


class _Place(NamedTuple):
    box: Box
    points: float | None
    lines: int


def _places(drawn: Drawing) -> dict[int, _Place]:
    """Where each field of the template came to lie."""
    places: dict[int, _Place] = {}
    for shape in drawn.shapes:
        if shape.field is not None:
            places[shape.field] = _Place(shape.bounds.rounded(), None, 2)
    for text in drawn.texts:
        for field in dict.fromkeys(text.fields):
            place = _place_in(text, field)
            before = places.get(field, place)
            places[field] = place._replace(box=place.box.around(before.box).rounded())
    return places


def _place_in(text: Text, field: int) -> _Place:
    """The lines of one field among those of a block."""
    if text.inverted:
        return _Place(text.box, None, 2)
    first, count = text.fields.index(field), text.fields.count(field)
    top = text.box.top + first * text.line_mm
    box = text.box._replace(top=top, height=count * text.line_mm)
    return _Place(box, round(text.size_pt, 2), max(count, 2))


def _placed(template: Template, drawn: Drawing) -> tuple[SymbolSpec, ...]:
    boxes = {one.source: one.area.rounded() for one in drawn.symbols}
    return tuple(
        replace(one, box=boxes[one.source]) for one in template.symbols if one.source in boxes
    )


def _only_symbol(content: Content) -> Code:
    """The code of a face with one symbol. LabelError if the label has none."""
    code = content.code(content.template.symbols[0])
    if code is None:
        raise LabelError("no_code")
    return code


def _face(content: Content, code: Code) -> Face:
    source = content.template.symbols[0].source
    foot = content.code_text_place(source)
    titles = content.lines("title")
    return Face(
        title=titles[0] if titles else Line("", -1),
        strong=content.lines("strong"),
        plain=content.lines("plain"),
        code=code,
        source=source,
        foot=foot,
    )


def _one_code(content: Content) -> Drawing:
    """GS1-128 where it fits, else the same content as GS1 QR, unless the template wants bars."""
    code = _only_symbol(content)
    scale = _TITLE_SCALES.get(content.template.kind, 1.0)
    try:
        return general_drawing(_face(content, code), content, scale)
    except LabelError as error:
        automatic = content.template.symbols[0].form == Form.AUTO
        if error.code != "code_too_large" or not automatic or code.symbology != Symbology.GS1_128:
            raise
    return general_drawing(_face(content, formed(code, Form.QR)), content, scale)
