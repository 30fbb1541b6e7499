"""What pages and API endpoints are made of: answers, the envelope of a command, cursors.

Handlers are synchronous and run in a worker thread, where everything is rendered: nothing is left
to do on the event loop but sending bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import quote
from uuid import UUID

import msgspec
from litestar import Request, Response, Router
from litestar.params import QueryParameter
from litestar.types import ControllerRouterHandler

from app.kit import clock, sending
from app.kit.i18n import gettext, mark
from app.kit.problems import Problem, Unreadable
from app.kit.templates import render
from app.kit.transactions import Envelope
from app.kit.visit import Connection, visit_of

AnyRequest = Request[Any, Any, Any]
HTML = "text/html"
FORM_BYTES = 256 << 10
TONES = ("accepted", "attention", "refused")
DEFAULT_LIMIT, LONGEST_LIMIT = 50, 500
Row = TypeVar("Row")
# ``state`` as a name means the application's state to Litestar.
StateFilter = Annotated[str, QueryParameter(name="state", max_length=20)]


class NoCommandId(Unreadable):
    code = "no_command_id"
    text = mark("The request carries no command id.")
    advice = mark(
        "Send the header Idempotency-Key with a new UUID for each command, and the same one again "
        "when you repeat it."
    )


class BadCommandId(Unreadable):
    code = "bad_command_id"
    text = mark("The command id {given} is not a UUID.")
    advice = mark("Send a new UUID for each command, and the same one when you repeat it.")


class BadMoment(Unreadable):
    code = "bad_moment"
    text = mark("The time {given} is not a time with its zone.")
    advice = mark("Send it as 2026-11-22T13:45:00+08:00.")


class BadCursor(Unreadable):
    code = "bad_cursor"
    text = mark("The place to continue from is not one that we gave.")
    advice = mark("Start again with the first page.")


class BadLimit(Unreadable):
    code = "bad_limit"
    text = mark("{given} rows cannot be asked for at once.")
    advice = mark("Ask for 1 to {longest} rows and follow the cursor.")


def page(
    request: Connection, template: str, *, status: int = 200, **context: Any
) -> Response[bytes]:
    """A full page; ``status`` is 422 for a form that comes back with marks."""
    return _html(request, template, status, {}, context)


def regions(
    request: Connection,
    template: str,
    *,
    feedback: str = "accepted",
    status: int = 200,
    **context: Any,
) -> Response[bytes]:
    """The regions that an answer changes, for htmx; ``feedback`` is the tone to play."""
    return _html(request, template, status, feedback_header(feedback), context)


def refused(
    request: Connection, template: str, problem: Problem, **context: Any
) -> Response[bytes]:
    """A refusal beside the scan screen; a plain request gets the page that every refusal has."""
    if not wants_fragment(request):
        raise problem
    status = problem.status
    context["problem"] = problem
    return regions(request, template, feedback="refused", status=status, **context)


def pdf(content: bytes, name: str) -> Response[bytes]:
    """A paper, shown by the browser, which prints it; ``name`` comes without its ending."""
    headers = {"Content-Disposition": f"inline; filename*=utf-8''{quote(name)}.pdf"}
    return Response(content, media_type="application/pdf", headers=headers)


def feedback_header(tone: str) -> dict[str, str]:
    if tone not in TONES:
        raise AssertionError(f"no such tone: {tone}")
    return {"HX-Trigger": f'{{"saoku:feedback": {{"tone": "{tone}"}}}}'}


def _html(
    request: Connection,
    template: str,
    status: int,
    headers: dict[str, str],
    context: dict[str, Any],
) -> Response[bytes]:
    return Response(
        rendered(request, template, context), media_type=HTML, status_code=status, headers=headers
    )


def rendered(request: Connection, template: str, context: dict[str, Any]) -> bytes:
    """The template with everything that ``base.html`` needs, in the visitor's language."""
    visit = visit_of(request)
    actor = visit.actor
    context |= {
        "actor": actor,
        "csrf_token": actor.csrf_token if actor else "",
        "csp_nonce": visit.nonce,
        "theme": visit.theme,
        "return_to": request.scope["path"],
    }
    with visit.speaking():
        text = render(template, context)
    # The live camera's reader is WebAssembly: only its pages may compile that.
    visit.camera = "<camera-scanner" in text
    return text.encode()


def see(url: str) -> Response[None]:
    """Go there next (303), after a form was accepted.  htmx is told by ``HX-Redirect``."""
    return Response(None, status_code=303, headers={"Location": local(url)}, media_type=HTML)


def local(url: str) -> str:
    """The address if it is one of ours, else the home page: never a way to another site."""
    ours = url.startswith("/") and not url.startswith(("//", "/\\")) and url.isprintable()
    return url if ours and url.isascii() else "/"


def wants_fragment(request: Connection) -> bool:
    return request.headers.get("hx-request") == "true"


def command_id(request: Connection, fields: Mapping[str, Any]) -> UUID:
    """The id that the client gave this command, in the form or as ``Idempotency-Key``."""
    given = fields.get("command_id") or request.headers.get("idempotency-key")
    if not given:
        raise NoCommandId
    try:
        return UUID(str(given).strip('"'))
    except ValueError:
        raise BadCommandId(given=str(given)[:60]) from None


def envelope(request: Connection, fields: Mapping[str, Any] | None = None) -> Envelope:
    """What travels with the command: its id, its sender, and when it happened.

    Args:
        fields: the form's fields, if there are any: ``command_id``, ``occurred_at`` and what a
            device's queue adds (``installation``, ``sequence``, ``sent_at``, ``user``,
            ``retry_of``, ``told``).

    Raises:
        Unreadable: no id, or an id or time that is none.
        MadeByOther: the command waited for somebody else than who is signed in.
    """
    fields = fields or {}
    visit = visit_of(request)
    sending.refuse_other_person(fields, visit.caller.user_id)
    sent_at = sending.sent_at(fields.get("sent_at"))
    visit.command_id = command_id(request, fields)
    return Envelope(
        command_id=visit.command_id,
        caller=visit.caller,
        occurred_at=_occurred_at(fields.get("occurred_at"), sent_at),
        sequence=sending.sequence(fields.get("sequence")),
        installation=sending.uuid_or_none(fields.get("installation")),
        sent_at=sent_at,
        retry_of=sending.uuid_or_none(fields.get("retry_of")),
        told=bool(fields.get("told")),
    )


def _occurred_at(given: object, sent_at: datetime | None) -> datetime:
    now = clock.now()
    if not given:
        return now
    try:
        moment = datetime.fromisoformat(str(given))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadMoment(given=str(given)[:60])
    return sending.corrected(moment, sent_at, now)


# ---- Lists ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cursor:
    """Where a list continues: the sort key of the last row shown, and how many rows to give.

    Opaque to clients, and stable: rows that come or go meanwhile shift nothing.
    """

    after: tuple[Any, ...] | None = None
    limit: int = DEFAULT_LIMIT

    @classmethod
    def read(cls, cursor: str | None, limit: int | str | None = None) -> Cursor:
        """From the query parameters ``cursor`` and ``limit`` (1 to 500, 50 if missing).

        Raises:
            Unreadable: a cursor that we did not give, a limit out of range.
        """
        return cls(_decoded(cursor) if cursor else None, _limit(limit))

    def by_moment_and_id(self) -> Cursor:
        """Itself, for a list whose sort key is a moment and a UUID.

        Raises:
            Unreadable: the key is another list's.
        """
        if self.after is None:
            return self
        try:
            moment, row = self.after
            datetime.fromisoformat(moment)
            UUID(row)
        except (TypeError, ValueError, AttributeError):
            raise BadCursor from None
        return self

    def cut(self, rows: Sequence[Row], *key: str) -> Listing[Row]:
        """The page out of ``limit + 1`` rows read; ``key`` names the fields of the sort key."""
        shown = list(rows[: self.limit])
        more = len(rows) > self.limit
        last = [getattr(shown[-1], name) for name in key] if more else None
        return Listing(shown, _encoded(last) if last is not None else None)


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """One page of a list; ``next_cursor`` is None on the last."""

    rows: list[Row]
    next_cursor: str | None


def _encoded(key: list[Any]) -> str:
    content = msgspec.json.encode(key)
    return base64.urlsafe_b64encode(_mark_of(content) + content).decode().rstrip("=")


def _decoded(cursor: str) -> tuple[Any, ...]:
    try:
        content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise BadCursor from None
    if content[:4] != _mark_of(content[4:]):
        raise BadCursor
    return tuple(msgspec.json.decode(content[4:]))


def _mark_of(content: bytes) -> bytes:
    """Tells a cursor of ours from a garbled one; it guards no secret."""
    return hashlib.blake2b(content, digest_size=4, person=b"cursor").digest()


def _limit(given: int | str | None) -> int:
    if given is None or given == "":
        return DEFAULT_LIMIT
    text = str(given)
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:9]) <= LONGEST_LIMIT:
        raise BadLimit(given=text[:20], longest=LONGEST_LIMIT)
    return int(text)


# ---- API --------------------------------------------------------------------------------------


def api(handlers: Sequence[ControllerRouterHandler], *, tag: str) -> Router:
    """JSON endpoints below ``/api/v1``, listed in the OpenAPI document under a tag."""
    return Router("/api/v1", route_handlers=list(handlers), include_in_schema=True, tags=[tag])


def answer_text(message: str, **data: object) -> str:
    """A translated sentence with its braces filled: for what a fragment says."""
    return gettext(message).format(**data)
