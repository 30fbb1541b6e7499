"""Every request's first question: who asks?  One SQL statement, in the handler's own thread.

Handlers name a dependency ``actor: Actor``.  On the event loop that is only the credentials which
the request carries; the gate around each handler exchanges them for the real actor in the thread
where the handler runs, so a request costs one change of thread, not two.  A handler that names no
actor must say ``opt={"access": "public"}``, or the application does not start.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from litestar import Request
from litestar.concurrency import sync_to_thread
from litestar.exceptions import ImproperlyConfiguredException
from litestar.handlers import HTTPRouteHandler
from litestar.plugins import ReceiveRoutePlugin
from litestar.routes import BaseRoute, HTTPRoute
from litestar.utils.sync import AsyncCallable

from app.access.actor import NOBODY, Actor, ActorRow
from app.access.problems import BadToken, Locked, NotLoggedIn
from app.access.secrets import token_hash
from app.access.unheard import answered
from app.kit.database import Database
from app.kit.security import SAFE_METHODS, check_token, refuse_cross_site, token_sent
from app.kit.visit import is_api, visit_of

SESSION_COOKIE, DEVICE_COOKIE = "saoku_session", "saoku_device"
PUBLIC, LOCKED_TOO = "public", "locked"
ACTOR_OF_SESSION = "select * from session_actor(%(hash)s)"
ACTOR_OF_BEARER = "select * from token_actor(%(hash)s)"

AnyRequest = Request[Any, Any, Any]


class Credentials(Actor):
    """What a request brings along, nothing proven yet: may nothing, sees nothing."""

    def __init__(self, request: AnyRequest, database: Database, csrf_sent: str | None) -> None:
        super().__init__(NOBODY, ip=ip_of(request))
        self.request = request
        self.database = database
        self.csrf_sent = csrf_sent


async def provide_actor(request: AnyRequest, database: Database) -> Actor:
    """Litestar dependency ``actor``."""
    safe = request.method in SAFE_METHODS
    return Credentials(request, database, None if safe else await token_sent(request))


def ip_of(request: AnyRequest) -> str | None:
    """The address of the peer, where it has one (a UNIX socket has none)."""
    client = request.client
    return client.host if client and client.host not in {"testclient", ""} else None


def authenticate(credentials: Credentials, access: str | None) -> Actor:
    """The actor that the credentials stand for.

    Raises:
        Problem: 401 without a valid session or token, or with a locked one where ``access`` is not
            ``LOCKED_TOO``; a request of another site; a form of an earlier login.
    """
    request = credentials.request
    authorization = request.headers.get("authorization")
    if authorization is not None:
        actor = _by_token(credentials, authorization)
    else:
        actor = _by_session(credentials)
    visit_of(request).welcome(actor)
    if actor.locked and access != LOCKED_TOO:
        raise Locked
    return actor


def _by_token(credentials: Credentials, authorization: str) -> Actor:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise BadToken
    found = credentials.database.at_once(ACTOR_OF_BEARER, {"hash": token_hash(token.strip())})
    if not found:
        raise BadToken
    return Actor(ActorRow(*found[0]), ip=credentials.ip)


def _by_session(credentials: Credentials) -> Actor:
    request = credentials.request
    changing = request.method not in SAFE_METHODS
    if changing:
        refuse_cross_site(request)
    cookie = request.cookies.get(SESSION_COOKIE)
    if not cookie:
        raise BadToken if is_api(request) else NotLoggedIn
    hashed = token_hash(cookie)
    found = credentials.database.at_once(ACTOR_OF_SESSION, {"hash": hashed})
    if not found:
        raise NotLoggedIn
    actor = Actor(ActorRow(*found[0]), ip=credentials.ip, session_hash=hashed)
    if changing:
        visit_of(request).welcome(actor)
        check_token(actor.csrf_token, credentials.csrf_sent or "")
    return actor


class Gate(ReceiveRoutePlugin):
    """Puts the exchange of credentials for an actor around every handler."""

    def receive_route(self, route: BaseRoute) -> None:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                _guard(handler)


def _guard(handler: HTTPRouteHandler) -> None:
    access = handler.opt.get("access")
    if _is_litestars_own(handler):
        return
    if "actor" not in handler.parsed_fn_signature.parameters:
        if access != PUBLIC:
            raise ImproperlyConfiguredException(
                f'{handler} asks for no actor and is not marked opt={{"access": "public"}}'
            )
        return
    fn: Any = handler.fn
    if isinstance(fn, AsyncCallable):
        fn.func = _gate(fn.func, access)
    elif handler.has_sync_callable:
        raise ImproperlyConfiguredException(f"{handler} needs sync_to_thread=True")
    else:
        # Litestar offers no other way to put something around a handler's function.
        setattr(handler, "_fn", _gate_async(fn, access))  # noqa: B010


def _is_litestars_own(handler: HTTPRouteHandler) -> bool:
    fn: Any = getattr(handler.fn, "func", handler.fn)
    return fn.__module__.startswith("litestar.")


def _gate(function: Callable[..., Any], access: str | None) -> Callable[..., Any]:
    @wraps(function)
    def call(**arguments: Any) -> Any:
        credentials: Credentials = arguments["actor"]
        visit = visit_of(credentials.request)
        arguments["actor"] = authenticate(credentials, access)
        with visit.speaking():
            return answered(credentials.request, credentials.database, function, arguments)

    return call


def _gate_async(
    function: Callable[..., Awaitable[Any]], access: str | None
) -> Callable[..., Awaitable[Any]]:
    @wraps(function)
    async def call(**arguments: Any) -> Any:
        arguments["actor"] = await sync_to_thread(authenticate, arguments["actor"], access)
        return await function(**arguments)

    return call
