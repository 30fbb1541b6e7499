"""The company's own faces of labels: one for each kind and size that it wants to look different."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.kit import sql
from app.kit.i18n import current_language
from app.kit.transactions import Envelope
from app.labelling.problems import BadTemplate, NoSuchSize, NoSuchTemplate
from app.labelling.queue import QUERIES
from printing.labels import (
    SIZES,
    LabelError,
    LabelKind,
    LabelSize,
    Looks,
    Template,
    TemplateError,
    label_png,
    sample_label,
    size_named,
)
from printing.template_reading import template_of, template_parsed
from printing.texts import Language


@dataclass(frozen=True)
class _Stored:
    content: dict[str, Any]


@dataclass(frozen=True)
class OwnTemplate:
    """An entry of the list of the company's templates."""

    kind: str
    size: str
    changed_at: datetime
    changed_by: str


def words_language() -> Language:
    """The language of the one who asks, as ``printing`` names it."""
    return "en" if current_language() == "en" else "zh"


def size_of(name: str) -> LabelSize:
    """A known size, or a roll's own such as 70x50.

    Raises:
        NoSuchSize.
    """
    try:
        return size_named(name)
    except LabelError:
        raise NoSuchSize(given=name[:20], sizes=", ".join(SIZES)) from None


def kind_of_template(name: str) -> LabelKind:
    """Raises NoSuchTemplate for an unknown one."""
    try:
        return LabelKind(name)
    except ValueError:
        raise NoSuchTemplate from None


def looks(session: Session, size: str) -> Looks:
    """How labels of a size look: by the company's templates, else as they come with Saoku.

    Raises:
        NoSuchSize.
    """
    usual = size_of(size)
    found = sql.rows(session, _Stored, QUERIES["templates_of_size"], {"size": usual.name})
    read = (_read(one.content) for one in found)
    return Looks(usual, tuple(template for template in read if template is not None))


def _read(content: dict[str, Any]) -> Template | None:
    """None for one that this release no longer understands."""
    try:
        return template_of(content)
    except TemplateError:
        return None


def template_for(session: Session, kind: str, size: str) -> Template:
    """The company's, or the one that comes with Saoku.

    Raises:
        NoSuchTemplate, NoSuchSize.
    """
    return looks(session, size).template(kind_of_template(kind))


def own_templates(session: Session) -> list[OwnTemplate]:
    return sql.rows(session, OwnTemplate, QUERIES["templates"])


def checked(content: object, kind: str, size: str) -> Template:
    """The template that JSON values or a text describe, proven on a sample.

    Raises:
        BadTemplate: names the field, or the line of a text that does not parse.
    """
    language = words_language()
    try:
        template = template_parsed(content) if isinstance(content, str) else template_of(content)
        if (template.kind, template.size) != (kind_of_template(kind), size_of(size).name):
            wanted, name = kind_of_template(kind), size_of(size).name
            other = {"kind": wanted.value, "size": name}
            template = template_of(template.data() | other)
        label_png(sample_label(template.kind, language), template, language=language)
    except TemplateError as error:
        _refuse(error, language)
    except LabelError as error:
        raise BadTemplate(reason=error.text(language), line=0, field="", faults=[]) from error
    return template


def _refuse(error: TemplateError, language: Language) -> NoReturn:
    first = error.faults[0]
    raise BadTemplate(
        reason=first.text(language),
        line=first.data.get("line", 0),
        field=first.path,
        faults=[{"field": one.path, "text": one.text(language)} for one in error.faults],
    ) from error


@dataclass(frozen=True)
class SaveTemplate:
    """``content`` as ``printing.template_reading.template_of`` reads it."""

    kind: str
    size: str
    content: dict[str, Any]


@dataclass(frozen=True)
class TemplateChanged:
    kind: str
    size: str


def save_template(session: Session, command: SaveTemplate, envelope: Envelope) -> TemplateChanged:
    """From now on labels of this kind and size look like this, also those in the queue."""
    template = checked(command.content, command.kind, command.size)
    asked = {
        "kind": template.kind.value,
        "size": template.size,
        "content": Jsonb(template.data()),
        "changed_by": envelope.caller.user_id,
    }
    sql.execute(session, QUERIES["save_template"], asked)
    return TemplateChanged(template.kind.value, template.size)


@dataclass(frozen=True)
class DropTemplate:
    kind: str
    size: str


def drop_template(session: Session, command: DropTemplate, _envelope: Envelope) -> TemplateChanged:
    """Back to the face that comes with Saoku."""
    asked = {"kind": command.kind, "size": command.size}
    if not sql.execute(session, QUERIES["drop_template"], asked):
        raise NoSuchTemplate
    return TemplateChanged(command.kind, command.size)
