"""From refusal to screen: the one place where exceptions become answers.

A fragment for htmx, a page for a plain request, problem JSON (RFC 9457) for the API.  Never a 200
for a refusal; and a 500 or 503 means *unknown*, so its text says "not confirmed", never "refused".
"""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import msgspec
import psycopg
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, SerializationException, ValidationException
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.kit.i18n import mark
from app.kit.problems import Gone, Problem, Unreadable
from app.kit.visit import is_api, visit_of
from app.kit.web import HTML, AnyRequest, feedback_header, rendered, see, wants_fragment

PROBLEM_JSON = "application/problem+json"
log = structlog.get_logger("saoku")


class NoSuchPage(Gone):
    code = "no_such_page"
    text = mark("There is nothing at this address.")
    advice = mark("Go to the home screen and look from there.")


class MethodNotAllowed(Problem):
    code = "method_not_allowed"
    status = 405
    text = mark("This address does not take a {method} request.")
    advice = mark("See /api/schema for what it takes.")


class TooLarge(Problem):
    code = "too_large"
    status = 413
    text = mark("What was sent is too large.")
    advice = mark("Send less at once. Nothing was changed.")


class InvalidRequest(Unreadable):
    code = "invalid_request"
    text = mark("Some of what was sent cannot be read.")
    advice = mark("Correct the marked fields and send it again. Nothing was changed.")


class Unavailable(Problem):
    """The database cannot be reached: nobody knows whether the command was applied."""

    code = "unavailable"
    status = 503
    text = mark("The database does not answer at the moment.")
    advice = mark(
        "Not confirmed: send the same again. It is counted once however often it is sent."
    )


class OurFault(Problem):
    code = "internal_error"
    status = 500
    text = mark("Something went wrong on the server (incident {incident}).")
    advice = mark(
        "Not confirmed: send the same again. If it returns, tell your administrator the number."
    )


def answer_exception(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Litestar exception handler for every exception there is."""
    problem = problem_of(request, error)
    return answer_problem(request, problem)


def problem_of(request: AnyRequest, error: Exception) -> Problem:
    """What an exception means for the one who asked; our own faults are logged here."""
    if isinstance(error, Problem):
        log.info("refused", code=error.code, **_facts(request))
        return error
    if isinstance(error, (HTTPException, SerializationException)):
        return _http_problem(request, error)
    if _is_unreachable(error):
        log.error("database unreachable", error=str(error), **_facts(request))
        return Unavailable()
    incident = secrets.token_hex(4)
    log.error("incident", incident=incident, **_facts(request), exc_info=error)
    return OurFault(incident=incident)


def _facts(request: AnyRequest) -> dict[str, Any]:
    """What the log says about a request: never its content."""
    visit = visit_of(request)
    return {
        "method": request.method,
        "path": request.scope["path"],
        "user_id": visit.caller.user_id,
        "command_id": str(visit.command_id or ""),
    }


def _http_problem(request: AnyRequest, error: Exception) -> Problem:
    if isinstance(error, ValidationException):
        return InvalidRequest(fields=_fields(error))
    status = getattr(error, "status_code", 400)
    if status == HTTPStatus.NOT_FOUND:
        return NoSuchPage()
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return MethodNotAllowed(method=request.scope["method"])
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return TooLarge()
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return InvalidRequest(fields={}, reason=str(getattr(error, "detail", error))[:200])
    return problem_of(request, RuntimeError(str(error)))


def _fields(error: ValidationException) -> dict[str, str]:
    entries = cast("list[dict[str, str]]", error.extra if isinstance(error.extra, list) else [])
    return {entry.get("key", ""): entry.get("message", "") for entry in entries}


def _is_unreachable(error: BaseException) -> bool:
    if isinstance(error, PoolTimeout):
        return True
    original = error.orig if isinstance(error, DBAPIError) else error
    # Lost connections are OperationalError without a code, or class 57P (shutdown) and 08.
    if not isinstance(original, psycopg.OperationalError):
        return False
    state = original.sqlstate or "08000"
    return state[:2] in {"08", "53"} or state[:3] == "57P"


def answer_problem(request: AnyRequest, problem: Problem) -> Response[Any]:
    """The problem as the one who asked can use it."""
    visit = visit_of(request)
    with visit.speaking():
        if wants_json(request):
            return _json(problem)
        if problem.leads_to and request.method == "GET" and not wants_fragment(request):
            return see(f"{problem.leads_to}?next={quote(_here(request), safe='')}")
        return _screen(request, problem)


def _here(request: AnyRequest) -> str:
    query = request.scope["query_string"].decode("latin-1")
    return request.scope["path"] + ("?" + query if query else "")


def wants_json(request: AnyRequest) -> bool:
    accepted = request.headers.get("accept", "")
    return is_api(request) or "json" in accepted.partition(",")[0]


def _json(problem: Problem) -> Response[bytes]:
    body: dict[str, Any] = {
        "type": f"urn:saoku:problem:{problem.code}",
        "title": problem.code.replace("_", " ").capitalize(),
        "status": problem.status,
        "detail": problem.message,
        "code": problem.code,
        "advice": problem.next_step,
        "data": problem.data,
    }
    if "incident" in problem.data:
        body["incident"] = problem.data["incident"]
    return Response(
        msgspec.json.encode(body, enc_hook=str),
        media_type=PROBLEM_JSON,
        status_code=problem.status,
        headers=_retry(problem),
    )


def _screen(request: AnyRequest, problem: Problem) -> Response[bytes]:
    fragment = wants_fragment(request)
    template = "problem.hx.html" if fragment else "problem.html"
    body = rendered(request, template, {"problem": problem})
    headers = {**_retry(problem), **(feedback_header("refused") if fragment else {})}
    return Response(body, media_type=HTML, status_code=problem.status, headers=headers)


def _retry(problem: Problem) -> dict[str, str]:
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        return {"Retry-After": "2"}
    wait = problem.data.get("wait_seconds")
    return {"Retry-After": str(wait)} if wait else {}
