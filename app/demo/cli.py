"""``./saoku demo``: everything running, with a company in it and the way in on the terminal."""

from __future__ import annotations

import argparse
import signal
import socket
import sys
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from io import TextIOWrapper
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from typing import Any, Protocol, cast

import psycopg
import segno

from app.access.roles import ROLE_NAMES
from app.administration import lan
from app.demo.company import AREAS, NAME, PASSWORD, PEOPLE, PIN, STORES, Person
from app.demo.maker import Found, look
from app.demo.making import make_demo
from app.kit.config import Settings
from app.kit.database import Database
from app.kit.i18n import current_language, gettext, mark, speaking
from app.kit.problems import Problem
from app.kit.servers import Server, running_server

PORTS_TRIED = 50
DROP = "set lock_timeout = '5s'; drop schema public cascade; create schema public"
TAKEN = mark("Port {taken} is used by another program: the demo uses {port}.")
MADE = mark("The demo company {company} is made.")
UNMADE = mark("The demo company {company} was not made whole: start again, it goes on from there.")
MAKING = mark("The demo company {company} is being made: a few seconds.")
KEPT = mark("The demo company {company} is as it was left; --fresh makes it anew.")
ASK = mark("Delete the demo company with all that was done in it, and make it anew? [y/N] ")
NOBODY_TO_ASK = mark("Add --yes to delete the demo company without being asked.")
PASSWORD_LINE = mark("The password of everybody is {password}")
BADGE_LINE = mark("badge {badge}, PIN {pin} (on a registered device)")
ALL_STORES = mark("all stores")
CODES_LINE = mark("Codes to scan: {address}demo/barcodes")
STOP_LINE = mark("Ctrl-C stops it; what was done stays.")


class NoFreePort(Problem):
    code = "no_free_port"
    text = mark("No port from {first} to {last} is free.")
    advice = mark("Set SAOKU_PORT to one that is.")


class DemoInUse(Problem):
    code = "demo_in_use"
    text = mark("The demo company is in use by a running server.")
    advice = mark("Stop that server first, then start again with --fresh.")


class Serve(Protocol):
    """The composition root's ``serve``, which lies above this package."""

    def __call__(
        self,
        settings: Settings,
        announce: Callable[[str], None],
        *,
        demo: bool,
        beside: Callable[[Server], AbstractContextManager[None]],
    ) -> None: ...


def run_demo(arguments: list[str], serve: Serve) -> int:
    """Start the demo and stay until it is stopped; the exit status.

    Raises:
        RealCompany, NoFreePort, DemoInUse.
    """
    options = _parser().parse_args(arguments)
    # A terminal without these letters shows question marks, and the demo starts all the same.
    out: object = sys.stdout
    if isinstance(out, TextIOWrapper):
        cast("TextIOWrapper[Any]", out).reconfigure(errors="replace")
    settings = with_free_port(Settings.from_environment())
    if options.fresh and not (options.yes or _agreed()):
        return 1
    if options.fresh:
        start_over(settings)
    if options.lan:
        settings = lan.with_lan(settings)
    opening = Opening(current_language(), settings if options.lan else None)
    serve(settings, announce=opening.announce, demo=True, beside=opening.making)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "saoku demo",
        description="Start everything with a sample company, and print how to get in.",
    )
    parser.add_argument("--fresh", action="store_true", help="make the company anew")
    parser.add_argument(
        "--lan", action="store_true", help="HTTPS for phones in the local network, with QR codes"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask before --fresh")
    return parser


def _agreed() -> bool:
    if not sys.stdin.isatty():
        print(gettext(NOBODY_TO_ASK), file=sys.stderr)
        return False
    return input(gettext(ASK)).strip().lower() in {"y", "yes", "是"}


def with_free_port(settings: Settings) -> Settings:
    """The settings with their port, or with the next one that nothing listens on.

    Raises:
        NoFreePort: fifty in a row are taken.
    """
    last = min(settings.port + PORTS_TRIED, 65535)
    for port in range(settings.port, last + 1):
        if _is_free(settings.host, port):
            if port != settings.port:
                print(gettext(TAKEN).format(taken=settings.port, port=port))
            return replace(settings, port=port)
    raise NoFreePort(first=settings.port, last=last)


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def start_over(settings: Settings) -> None:
    """Empty the database, if what it holds is the demo's.

    Raises:
        RealCompany: it is not.
        DemoInUse: somebody works in it at the moment.
    """
    from app.kit.migrate import upgrade

    with running_server(settings) as server:
        upgrade(server.owner_url)
        _with_database(server, look)
        try:
            with psycopg.connect(server.owner_url, autocommit=True) as connection:
                connection.execute(DROP)
        except psycopg.errors.LockNotAvailable:
            raise DemoInUse from None


class Opening:
    """The company is made once the first page can be had: both at once would delay both."""

    def __init__(self, language: str, in_lan: Settings | None = None) -> None:
        self.language = language
        self.in_lan = in_lan
        self.maker: SpawnProcess | None = None

    @contextmanager
    def making(self, server: Server) -> Generator[None]:
        """Have the company made where it is not whole; leaving stops that.  Raises RealCompany."""
        if not _with_database(server, look).is_whole:
            self.maker = get_context("spawn").Process(target=fill, args=(server,))
        try:
            yield
        finally:
            if self.maker is not None and self.maker.pid is not None:
                self.maker.terminate()
                self.maker.join()

    def announce(self, address: str) -> None:
        """Called from a thread of its own, once the first page can be had."""
        with speaking(self.language):
            announce(address, self.in_lan)
            if self.maker is None:
                print(gettext(KEPT).format(company=NAME), flush=True)
                return
            print(gettext(MAKING).format(company=NAME), flush=True)
            self.maker.start()
            print(gettext(MADE if self._is_made() else UNMADE).format(company=NAME), flush=True)

    def _is_made(self) -> bool:
        if self.maker is None:
            return True
        self.maker.join()
        return self.maker.exitcode == 0


def fill(server: Server) -> None:
    """Make the company; runs in a process of its own."""
    # Ctrl-C reaches the whole process group; only the parent decides when to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _with_database(server, make_demo)


def _with_database(server: Server, work: Callable[[Database], Found]) -> Found:
    database = Database(server.app_url, role=server.app_role, pool_size=2)
    try:
        return work(database)
    finally:
        database.close()


def announce(address: str, in_lan: Settings | None = None) -> None:
    """Print the way in: address, QR code, logins; in a local network that of phones."""
    print()
    if in_lan is None:
        segno.make(address, error="m").terminal(compact=True)
        print(f"\n  {address}\n")
    else:
        lan.announce_lan(in_lan)
        address = lan.https_addresses(in_lan)[0]
    print(gettext(PASSWORD_LINE).format(password=PASSWORD))
    for login, person in PEOPLE.items():
        print(f"  {login:<8} {_described(person)}")
    print("\n" + gettext(CODES_LINE).format(address=address))
    print(gettext(STOP_LINE) + "\n", flush=True)


def _described(person: Person) -> str:
    place = AREAS.get(person.area) or gettext(ALL_STORES)
    if person.store:
        place = STORES[person.store][1]
    words = [person.name, gettext(ROLE_NAMES[person.role]), place]
    if person.badge:
        words.append(gettext(BADGE_LINE).format(badge=person.badge, pin=PIN))
    return "  ".join(words)
