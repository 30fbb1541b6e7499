"""Pages for signing in, out and unlocking."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from app.access import login
from app.access.actor import Actor
from app.access.authentication import (
    DEVICE_COOKIE,
    LOCKED_TOO,
    PUBLIC,
    SESSION_COOKIE,
    AnyRequest,
    ip_of,
)
from app.access.cookies import no_session_cookie, session_cookie
from app.access.login import Origin
from app.access.secrets import token_hash
from app.kit.database import Database
from app.kit.forms import Form
from app.kit.problems import Problem
from app.kit.security import refuse_cross_site
from app.kit.web import local, page, see


@get("/login", sync_to_thread=True, opt={"access": PUBLIC})
def login_page(request: AnyRequest, database: Database, next: str = "/") -> Response[Any]:  # noqa: A002
    return _login_page(request, database, next)


@post("/login", sync_to_thread=True, opt={"access": PUBLIC})
def log_in(request: AnyRequest, database: Database, data: Form) -> Response[Any]:
    """Fields ``login`` and ``password``, or ``badge`` and ``pin``; ``next`` is where to go."""
    refuse_cross_site(request)
    origin = origin_of(request)
    try:
        if "badge" in data:
            token = login.by_badge(database, data["badge"], data.get("pin", ""), origin)
        else:
            token = login.by_password(
                database, data.get("login", ""), data.get("password", ""), origin
            )
    except Problem as problem:
        return _login_page(request, database, data.get("next", "/"), data.get("login", ""), problem)
    _forget_old_session(request, database)
    answer = see(local(data.get("next", "/")))
    answer.cookies.append(session_cookie(request, token))
    return answer


@post("/logout", sync_to_thread=True, opt={"access": LOCKED_TOO})
def log_out(request: AnyRequest, database: Database, actor: Actor) -> Response[Any]:
    login.log_out(database, actor.session_hash)
    answer = see("/login")
    answer.cookies.append(no_session_cookie(request))
    return answer


@get("/lock", sync_to_thread=True, opt={"access": LOCKED_TOO})
def lock_page(request: AnyRequest, actor: Actor, next: str = "/") -> Response[Any]:  # noqa: A002
    """The unlock form of a locked session; an unlocked one goes on."""
    if not actor.locked:
        return see(local(next))
    return page(request, "access/lock.html", problem=None, next=local(next))


@post("/unlock", sync_to_thread=True, opt={"access": LOCKED_TOO})
def unlock(request: AnyRequest, database: Database, actor: Actor, data: Form) -> Response[Any]:
    """Field ``pin``: the PIN or the password of whose session it is."""
    going_to = local(data.get("next", "/"))
    try:
        login.unlock(
            database, actor.user_id, actor.session_hash, data.get("pin", ""), actor.ip or ""
        )
    except Problem as problem:
        return page(
            request, "access/lock.html", status=problem.status, problem=problem, next=going_to
        )
    return see(going_to)


def origin_of(request: AnyRequest) -> Origin:
    return Origin(
        ip=ip_of(request) or "",
        user_agent=request.headers.get("user-agent", ""),
        device_token=request.cookies.get(DEVICE_COOKIE),
    )


def _login_page(
    request: AnyRequest,
    database: Database,
    going_to: str,
    typed_login: str = "",
    problem: Problem | None = None,
) -> Response[Any]:
    return page(
        request,
        "access/login.html",
        status=problem.status if problem else 200,
        problem=problem,
        typed_login=typed_login,
        next=local(going_to),
        shared_device=login.registered_device(database, origin_of(request)) is not None,
    )


def _forget_old_session(request: AnyRequest, database: Database) -> None:
    """The session that the browser had before ends with the new login."""
    old = request.cookies.get(SESSION_COOKIE)
    if old:
        login.log_out(database, token_hash(old))


handlers = [login_page, log_in, log_out, lock_page, unlock]
