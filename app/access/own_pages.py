"""Pages of people on themselves: preferences, store of now, password, PIN, lock."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from app.access import login, own, queries
from app.access.actor import Actor
from app.access.authentication import (
    LOCKED_TOO,
    PUBLIC,
    SESSION_COOKIE,
    AnyRequest,
    Credentials,
    authenticate,
)
from app.access.cookies import language_cookie, theme_cookie
from app.access.problems import WrongOldPassword
from app.access.secrets import hash_password, hash_pin
from app.kit import clock
from app.kit.database import Database
from app.kit.forms import ManyForm
from app.kit.i18n import LANGUAGES
from app.kit.ids import new_id
from app.kit.problems import Problem
from app.kit.security import refuse_cross_site
from app.kit.transactions import Envelope, Secret, run
from app.kit.visit import THEMES
from app.kit.web import envelope, page, see

LOCK = "select lock_session(%(hash)s)"


@post("/preferences", sync_to_thread=True, opt={"access": PUBLIC})
def change_preferences(request: AnyRequest, database: Database, data: ManyForm) -> Response[Any]:
    """Fields ``language`` and ``theme``; also before signing in, when only the browser keeps it."""
    refuse_cross_site(request)
    answer = see(str(data.get("return_to", "/")))
    language, theme = data.get("language"), data.get("theme")
    if language in LANGUAGES:
        answer.cookies.append(language_cookie(request, language))
        _keep_language(request, database, data, language)
    if theme in THEMES:
        answer.cookies.append(theme_cookie(request, theme))
    return answer


def _keep_language(request: AnyRequest, database: Database, data: ManyForm, language: str) -> None:
    if not request.cookies.get(SESSION_COOKIE):
        return
    sent = str(data.get("_csrf", ""))
    try:
        actor = authenticate(Credentials(request, database, sent), LOCKED_TOO)
    except Problem:
        return  # signed out meanwhile: the cookie is enough
    made = Envelope(new_id(), actor.caller, clock.now())
    run(database, own.change_language, own.ChangeLanguage(language), made)


@get("/stores/current", sync_to_thread=True)
def choose_store_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        stores = queries.own_stores(session, actor)
    return page(request, "access/choose_store.html", stores=stores)


@post("/stores/current", sync_to_thread=True)
def switch_store(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    """Field ``store_id``."""
    given = str(data.get("store_id", ""))
    store_id = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0  # noqa: PLR2004
    command = own.SwitchStore(store_id, Secret(actor.session_hash))
    run(database, own.switch_store, command, envelope(request, data))
    return see("/")


@get("/account", sync_to_thread=True)
def account_page(request: AnyRequest, actor: Actor, done: str = "") -> Response[bytes]:
    del actor
    return page(request, "access/account.html", problem=None, done=done)


@post("/account/password", sync_to_thread=True)
def change_own_password(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    """Fields ``old_password`` and ``password``.  Other sessions of the same person end."""
    try:
        _prove(database, actor, str(data.get("old_password", "")))
        hashed = hash_password(str(data.get("password", "")))
        command = own.ChangeOwnPassword(Secret(hashed), Secret(actor.session_hash))
        run(database, own.change_own_password, command, envelope(request, data))
    except Problem as problem:
        return page(request, "access/account.html", status=problem.status, problem=problem, done="")
    return see("/account?done=password")


@post("/account/pin", sync_to_thread=True)
def change_own_pin(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    """Fields ``old_password`` and ``pin``."""
    try:
        _prove(database, actor, str(data.get("old_password", "")))
        hashed = hash_pin(str(data.get("pin", "")).strip())
        command = own.ChangeOwnPin(Secret(hashed))
        run(database, own.change_own_pin, command, envelope(request, data))
    except Problem as problem:
        return page(request, "access/account.html", status=problem.status, problem=problem, done="")
    return see("/account?done=pin")


@post("/lock", sync_to_thread=True)
def lock(database: Database, actor: Actor) -> Response[Any]:
    """Lock this session at once: its owner leaves the device."""
    database.at_once(LOCK, {"hash": actor.session_hash})
    return see("/lock")


def _prove(database: Database, actor: Actor, password: str) -> None:
    if not login.is_own_password(database, actor.user_id, password, actor.ip or ""):
        raise WrongOldPassword


handlers = [
    change_preferences,
    choose_store_page,
    switch_store,
    account_page,
    change_own_password,
    change_own_pin,
    lock,
]
