"""Pages for users: list, create, change, passwords, PINs."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from app.access import people, queries
from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.access.exports import Asked, Export
from app.access.forms import (
    user_fields,
)
from app.access.login import plain_badge
from app.access.queries import UserView
from app.access.roles import ROLE_NAMES
from app.access.secrets import hash_password, hash_pin
from app.kit import sql
from app.kit.database import Database
from app.kit.exports import Column
from app.kit.forms import (
    ManyForm,
    Reader,
)
from app.kit.i18n import LANGUAGES, gettext, mark
from app.kit.problems import Problem
from app.kit.transactions import Secret, run
from app.kit.web import Cursor, envelope, page, see


@get("/users", sync_to_thread=True)
def users_page(
    request: AnyRequest, database: Database, actor: Actor, search: str = "", cursor: str = ""
) -> Response[bytes]:
    actor.require("user_read")
    with database.reading(actor.caller) as session:
        listing = queries.users(session, _searched(search), Cursor.read(cursor), actor.stores)
    query = {"search": search, "cursor": cursor}
    return page(request, "access/users.html", listing=listing, query=query, role_names=ROLE_NAMES)


def _searched(text: str) -> str:
    return text.strip()[:100]


def _every_user(asked: Asked) -> sql.Select[queries.UserRow]:
    return queries.every_user(_searched(asked.query.get("search", "")), asked.actor.stores)


EXPORT = Export(
    "/users",
    mark("Users"),
    "user_read",
    _every_user,
    [
        Column(mark("Login"), "login"),
        Column(mark("Name"), "name"),
        Column(mark("Role"), lambda row: gettext(ROLE_NAMES[row.role])),
        Column(
            mark("Stores"), lambda row: gettext("All stores") if row.stores == "*" else row.stores
        ),
        Column(mark("Badge"), "badge"),
        Column(mark("PIN"), "has_pin"),
        Column(mark("active"), "is_active"),
    ],
)


@get("/users/new", sync_to_thread=True)
def new_user_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("user_write")
    return _form(request, database, actor, None)


@post("/users", sync_to_thread=True)
def create_user(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    actor.require("user_write")
    try:
        done = run(database, people.create_user, _new_user(data), envelope(request, data))
    except Problem as problem:
        return _form(request, database, actor, None, data, problem)
    return see(f"/users/{done.user_id}")


@get("/users/{user_id:int}", sync_to_thread=True)
def user_page(
    request: AnyRequest, database: Database, actor: Actor, user_id: int
) -> Response[bytes]:
    actor.require("user_write")
    with database.reading(actor.caller) as session:
        user = queries.user_of(session, user_id)
    return _form(request, database, actor, user)


@post("/users/{user_id:int}", sync_to_thread=True)
def change_user(
    request: AnyRequest, database: Database, actor: Actor, user_id: int, data: ManyForm
) -> Response[Any]:
    actor.require("user_write")
    try:
        command = _changed_user(user_id, data)
        run(database, people.change_user, command, envelope(request, data))
    except Problem as problem:
        return _again(request, database, actor, user_id, data, problem)
    return see(f"/users/{user_id}")


@post("/users/{user_id:int}/password", sync_to_thread=True)
def reset_password(
    request: AnyRequest, database: Database, actor: Actor, user_id: int, data: ManyForm
) -> Response[Any]:
    """Field ``password``."""
    actor.require("user_write")
    try:
        hashed = hash_password(Reader(data).raw("password"))
        command = people.ResetPassword(user_id, Secret(hashed))
        run(database, people.reset_password, command, envelope(request, data))
    except Problem as problem:
        return _again(request, database, actor, user_id, data, problem)
    return see(f"/users/{user_id}")


@post("/users/{user_id:int}/pin", sync_to_thread=True)
def reset_pin(
    request: AnyRequest, database: Database, actor: Actor, user_id: int, data: ManyForm
) -> Response[Any]:
    """Field ``pin``; empty takes the PIN away."""
    actor.require("user_write")
    try:
        pin = Reader(data).raw("pin").strip()
        command = people.ResetPin(user_id, Secret(hash_pin(pin)) if pin else None)
        run(database, people.reset_pin, command, envelope(request, data))
    except Problem as problem:
        return _again(request, database, actor, user_id, data, problem)
    return see(f"/users/{user_id}")


@post("/users/{user_id:int}/deactivation", sync_to_thread=True)
def deactivate_user(
    request: AnyRequest, database: Database, actor: Actor, user_id: int, data: ManyForm
) -> Response[Any]:
    actor.require("user_write")
    command = people.DeactivateUser(user_id)
    run(database, people.deactivate_user, command, envelope(request, data))
    return see("/users")


@post("/users/{user_id:int}/activation", sync_to_thread=True)
def activate_user(
    request: AnyRequest, database: Database, actor: Actor, user_id: int, data: ManyForm
) -> Response[Any]:
    actor.require("user_write")
    run(database, people.activate_user, people.ActivateUser(user_id), envelope(request, data))
    return see(f"/users/{user_id}")


def _new_user(data: ManyForm) -> people.CreateUser:
    form = Reader(data)
    login = form.text("login", longest=60)
    shared = _shared(form)
    form.done()
    pin = form.raw("pin").strip()
    return people.CreateUser(
        login=login,
        password_hash=Secret(hash_password(form.raw("password"))),
        pin_hash=Secret(hash_pin(pin)) if pin else None,
        **shared,
    )


def _changed_user(user_id: int, data: ManyForm) -> people.ChangeUser:
    form = Reader(data)
    shared = _shared(form)
    form.done()
    return people.ChangeUser(user_id=user_id, **shared)


def _shared(form: Reader) -> dict[str, Any]:
    return {
        "name": form.text("name", longest=60),
        "role": form.choice("role", ROLE_NAMES),
        "badge": plain_badge(form.text("badge", needed=False, longest=60)) or None,
        "language": form.choice("language", LANGUAGES),
        "store_ids": form.ids("store_ids"),
        "area_ids": form.ids("area_ids"),
    }


def _again(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    user_id: int,
    data: ManyForm,
    problem: Problem,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        user = queries.user_of(session, user_id)
    return _form(request, database, actor, user, data, problem)


def _form(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    user: UserView | None,
    data: ManyForm | None = None,
    problem: Problem | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        stores, areas = queries.stores(session), queries.areas(session)
    return page(
        request,
        "access/user.html",
        status=problem.status if problem else 200,
        problem=problem,
        user=user,
        fields=user_fields(user, stores, areas),
        values=data or {},
    )


handlers = [
    users_page,
    *EXPORT.handlers,
    new_user_page,
    create_user,
    user_page,
    change_user,
    reset_password,
    reset_pin,
    deactivate_user,
    activate_user,
]
