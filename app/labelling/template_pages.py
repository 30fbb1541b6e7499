"""How the company's labels look: fields, order, sizes; seen at once while they are changed."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit.database import Database
from app.kit.forms import ManyForm
from app.kit.i18n import gettext
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.web import envelope, page, see
from app.labelling import editor, templates
from app.labelling.editor import Draft
from app.labelling.pages import sizes
from app.labelling.problems import BadTemplate
from app.labelling.templates import (
    DropTemplate,
    OwnTemplate,
    SaveTemplate,
    checked,
    kind_of_template,
    size_of,
    words_language,
)
from printing.fields import kind_title
from printing.labels import LabelKind, Looks, Template, label_png, sample_label

ONE = "/label-templates/{kind:str}/{size:str}"


@dataclass(frozen=True)
class Entry:
    """A kind of label on the list; ``own`` is the company's template, if it has one."""

    kind: str
    title: str
    own: OwnTemplate | None


@get("/label-templates", sync_to_thread=True)
def templates_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Query: ``size``."""
    actor.require("label_template_write")
    size = size_of(request.query_params.get("size") or "60x40").name
    with database.reading(actor.caller) as session:
        own = {(one.kind, one.size): one for one in templates.own_templates(session)}
    language = words_language()
    entries = [
        Entry(kind.value, kind_title(kind, language), own.get((kind.value, size)))
        for kind in LabelKind
    ]
    return page(
        request,
        "labelling/templates.html",
        entries=entries,
        size=size,
        sizes=_sizes_and(size),
        others=[one for one in own.values() if one.size != size],
    )


@get(ONE + "/sample.png", sync_to_thread=True)
def template_sample(database: Database, actor: Actor, kind: str, size: str) -> Response[bytes]:
    """What a label of the kind looks like now."""
    actor.require("label_template_write")
    with database.reading(actor.caller) as session:
        look = templates.looks(session, size)
    return Response(_picture(kind_of_template(kind), look), media_type="image/png")


@get(ONE, sync_to_thread=True)
def template_page(
    request: AnyRequest, database: Database, actor: Actor, kind: str, size: str
) -> Response[bytes]:
    actor.require("label_template_write")
    with database.reading(actor.caller) as session:
        template = templates.template_for(session, kind, size)
    return _page(request, database, actor, editor.draft_of(template))


@post(ONE + "/preview", sync_to_thread=True)
def template_preview(
    request: AnyRequest, actor: Actor, kind: str, size: str, data: ManyForm
) -> Response[Any]:
    """The form or the text as it stands, as a picture, or what is wrong with it.  Nothing is
    kept.  Field ``how``: ``form`` or ``text``; ``move`` (``3:up``) moves a field.
    """
    actor.require("label_template_write")
    wanted, name = kind_of_template(kind), size_of(size).name
    draft = editor.sent(data, wanted, name)
    problem, picture = None, ""
    try:
        picture = _shown(checked(_content(data, draft), kind, size))
    except BadTemplate as found:
        problem = found
    # Not ``regions``: a picture that changes while somebody types makes no sound.
    return page(
        request,
        "labelling/template_preview.hx.html",
        draft=draft,
        moved=bool(data.get("move")),
        picture=picture,
        problem=problem,
        **_words(),
    )


@post(ONE, sync_to_thread=True)
def save_template(
    request: AnyRequest, database: Database, actor: Actor, kind: str, size: str, data: ManyForm
) -> Response[Any]:
    """The fields of ``template_preview``."""
    actor.require("label_template_write")
    wanted, name = kind_of_template(kind), size_of(size).name
    draft = editor.sent(data, wanted, name)
    if data.get("move"):
        return _page(request, database, actor, draft)
    try:
        content = checked(_content(data, draft), kind, size).data()
        command = SaveTemplate(wanted.value, name, content)
        run(database, templates.save_template, command, envelope(request, data))
    except Problem as problem:
        return _page(request, database, actor, draft, problem, str(data.get("source", "")))
    return see(f"/label-templates?size={name}")


@post(ONE + "/removal", sync_to_thread=True)
def remove_template(
    request: AnyRequest, database: Database, actor: Actor, kind: str, size: str, data: ManyForm
) -> Response[Any]:
    """Back to the face that comes with Saoku."""
    actor.require("label_template_write")
    command = DropTemplate(kind_of_template(kind).value, size_of(size).name)
    run(database, templates.drop_template, command, envelope(request, data))
    return see(f"/label-templates?size={command.size}")


def _content(data: ManyForm, draft: Draft) -> object:
    """The text, where that was edited; else what the form says."""
    if data.get("how") == "text":
        return str(data.get("source", ""))
    return editor.content_of(draft)


def _page(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    draft: Draft,
    problem: Problem | None = None,
    source: str = "",
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        look = templates.looks(session, draft.size)
        own = [(one.kind, one.size) for one in templates.own_templates(session)]
    kind = LabelKind(draft.kind)
    return page(
        request,
        "labelling/template.html",
        status=problem.status if problem else 200,
        title=kind_title(kind, words_language()),
        draft=draft,
        source=source or draft.source,
        picture=_address(_picture(kind, look)),
        sizes=_sizes_and(draft.size),
        is_own=(draft.kind, draft.size) in own,
        problem=problem,
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {
        "styles": [(key, gettext(words)) for key, words in editor.STYLES.items()],
        "forms": [(key, gettext(words)) for key, words in editor.FORMS.items()],
    }


def _sizes_and(size: str) -> tuple[tuple[str, str], ...]:
    """The usual sizes, and a roll's own where that is shown."""
    known = sizes()
    return known if size in dict(known) else (*known, (size, size))


def _shown(template: Template) -> str:
    return _address(_picture(template.kind, Looks(size_of(template.size), (template,))))


def _picture(kind: LabelKind, look: Looks) -> bytes:
    language = words_language()
    return label_png(sample_label(kind, language), look, language=language)


def _address(png: bytes) -> str:
    """A picture inside the page itself: a preview is nobody else's and never stored."""
    return "data:image/png;base64," + base64.b64encode(png).decode()


handlers = [
    templates_page,
    template_sample,
    template_page,
    template_preview,
    save_template,
    remove_template,
]
"""Those of ``/label-templates``."""
