"""``./saoku user``: people without a browser, such as the first administrator."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable, Sequence

from sqlmodel import Session, select

from app.access import people, queries
from app.access.login import plain_badge
from app.access.problems import NoSuchUser
from app.access.secrets import hash_password, hash_pin
from app.access.tables import ROLES, Area, Store, User
from app.kit.config import Settings
from app.kit.database import SYSTEM, Database
from app.kit.ids import new_id
from app.kit.migrate import upgrade
from app.kit.servers import running_server
from app.kit.transactions import Envelope, Secret, run
from app.kit.web import LONGEST_LIMIT, Cursor


def user_command(argv: Sequence[str]) -> int:
    """``add``, ``list``, ``password``, ``pin``, ``deactivate``; the exit status.

    Passwords and PINs are asked for, or read as a line of standard input; never an argument, which
    other users of the machine could see.
    """
    wanted = _parser().parse_args(argv)
    settings = Settings.from_environment()
    with running_server(settings) as server:
        upgrade(server.owner_url)
        database = Database(server.app_url, role=server.app_role, pool_size=2)
        try:
            action: Callable[[Database, argparse.Namespace], None] = wanted.action
            action(database, wanted)
        finally:
            database.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("saoku user", description="People who may sign in.")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    add = actions.add_parser("add", help="add someone; asks for the password")
    add.add_argument("login")
    add.add_argument("--name", help="shown on screens (default: the login)")
    add.add_argument("--role", choices=ROLES, default=ROLES[0])
    add.add_argument("--store", action="append", default=[], metavar="CODE")
    add.add_argument("--area", action="append", default=[], metavar="CODE")
    add.add_argument("--badge", help="the badge's code as scanned")
    add.set_defaults(action=_add)
    actions.add_parser("list", help="everyone, one a line").set_defaults(action=_list)
    for name, action, words in (
        ("password", _password, "set a new password; ends the user's sessions"),
        ("pin", _pin, "set a new PIN; an empty one takes it away"),
        ("deactivate", _deactivate, "end the sessions; no more signing in"),
    ):
        one = actions.add_parser(name, help=words)
        one.add_argument("login")
        one.set_defaults(action=action)
    return parser


def _add(database: Database, wanted: argparse.Namespace) -> None:
    with database.reading(SYSTEM) as session:
        store_ids = _ids(session, Store, "store", wanted.store)
        area_ids = _ids(session, Area, "area", wanted.area)
    command = people.CreateUser(
        login=wanted.login,
        name=wanted.name or wanted.login,
        role=wanted.role,
        password_hash=Secret(hash_password(_ask("Password"))),
        badge=plain_badge(wanted.badge) if wanted.badge else None,
        store_ids=store_ids,
        area_ids=area_ids,
    )
    run(database, people.create_user, command, _envelope())


def _list(database: Database, wanted: argparse.Namespace) -> None:
    del wanted
    cursor = Cursor(limit=LONGEST_LIMIT)
    while True:
        with database.reading(SYSTEM) as session:
            listing = queries.users(session, "", cursor)
        for row in listing.rows:
            state = "active" if row.is_active else "deactivated"
            print(row.login, row.role, state, row.stores or "-", row.name, sep="\t")
        if listing.next_cursor is None:
            return
        cursor = Cursor.read(listing.next_cursor, LONGEST_LIMIT)


def _password(database: Database, wanted: argparse.Namespace) -> None:
    command = people.ResetPassword(
        _user_id(database, wanted.login), Secret(hash_password(_ask("New password")))
    )
    run(database, people.reset_password, command, _envelope())


def _pin(database: Database, wanted: argparse.Namespace) -> None:
    user_id = _user_id(database, wanted.login)
    pin = _ask("New PIN")
    command = people.ResetPin(user_id, Secret(hash_pin(pin)) if pin else None)
    run(database, people.reset_pin, command, _envelope())


def _deactivate(database: Database, wanted: argparse.Namespace) -> None:
    command = people.DeactivateUser(_user_id(database, wanted.login))
    run(database, people.deactivate_user, command, _envelope())


def _user_id(database: Database, login: str) -> int:
    with database.reading(SYSTEM) as session:
        found = session.exec(select(User.id).where(User.login == login.lower())).first()
    if found is None:
        raise NoSuchUser
    return found


def _ids(
    session: Session, table: type[Store | Area], kind: str, codes: list[str]
) -> tuple[int, ...]:
    known = {row.code: row.id for row in session.exec(select(table)).all()}
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise SystemExit(f"No such {kind}: {', '.join(unknown)}. Known: {', '.join(sorted(known))}")
    return tuple(identity for code in codes if (identity := known[code]) is not None)


def _ask(words: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(f"{words}: ")
    return sys.stdin.readline().rstrip("\n")


def _envelope() -> Envelope:
    return Envelope(new_id(), SYSTEM)
