"""A small real company on a fresh database, for tests at the interfaces that must stay."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url
from sqlmodel import Session

from app.access.tables import Area, Company, Store, User, UserArea, UserStore
from app.catalog.tables import (
    Code,
    Item,
    Location,
    Lot,
    Packaging,
    Partner,
    Unit,
    Warehouse,
    Zone,
)
from app.kit import ids, migrate, transactions
from app.kit.database import APPLICATION_ROLE, SYSTEM, Caller, Database
from app.kit.embedded_postgres import EmbeddedPostgres
from app.ledger.verify import verify

TEMPLATE = "saoku_template"


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL: the owner's URL of any of its databases."""

    url: Callable[[str], str]
    app_url: Callable[[str], str]
    app_role: str | None

    def database(self, name: str, *, pool_size: int = 10) -> Database:
        return Database(self.app_url(name), role=self.app_role, pool_size=pool_size)


@contextmanager
def server() -> Iterator[Server]:
    """The embedded PostgreSQL, or the one that SAOKU_TEST_DATABASE_URL names."""
    given = os.environ.get("SAOKU_TEST_DATABASE_URL")
    if given:
        yield Server(
            lambda name: _with_database(given, name),
            lambda name: _with_database(given, name),
            APPLICATION_ROLE,
        )
        return
    # One cluster for all the workers of a run: the last one to leave stops it.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    data = Path(tempfile.gettempdir()) / f"saoku-test-{os.getuid()}-{run[:12]}"
    with EmbeddedPostgres(data, unsafe_fast=True) as info:
        yield Server(info.url, lambda name: info.url(name, APPLICATION_ROLE), None)
    if EmbeddedPostgres(data).postmaster_pid() is None:
        shutil.rmtree(data, ignore_errors=True)


def _with_database(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def execute(url: str, *statements: sql.Composable) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def make_template(running: Server, maintenance: str = "postgres") -> None:
    """A migrated, empty database that every test clones; made once, whoever comes first."""
    with psycopg.connect(running.url(maintenance), autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(511)")
        found = connection.execute("select from pg_database where datname = %s", [TEMPLATE])
        if found.fetchone() is None:
            making = sql.Identifier(TEMPLATE + "_making")
            connection.execute(sql.SQL("drop database if exists {}").format(making))
            connection.execute(sql.SQL("create database {}").format(making))
            migrate.upgrade(running.url(TEMPLATE + "_making"))
            rename = sql.SQL("alter database {} rename to {}")
            connection.execute(rename.format(making, sql.Identifier(TEMPLATE)))
        connection.execute("select pg_advisory_unlock(511)")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Every run's own, with the template that its databases are clones of."""
    with server() as running:
        make_template(running)
        yield running


@contextmanager
def fresh_database(running: Server, maintenance: str = "postgres") -> Iterator[str]:
    """The name of a clone of the template, dropped at the end."""
    name = f"test_{ids.new_id().hex}"
    place = running.url(maintenance)
    execute(
        place,
        sql.SQL("create database {} template {} strategy wal_log").format(
            sql.Identifier(name), sql.Identifier(TEMPLATE)
        ),
    )
    try:
        yield name
    finally:
        execute(
            place, sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        )


@dataclass
class Place:
    """A store of the sample company with its places, by name."""

    store_id: int
    warehouse_id: int
    zone_id: int
    locations: dict[str, int] = field(default_factory=dict)


@dataclass
class SampleCompany:
    """Ids of what the tests use.  Items: bread (none), milk (lot, expiry), oven (serial),
    flour (kg, three decimals); ``users`` by login, ``callers`` with their rights."""

    a: Place
    b: Place
    supplier: int
    items: dict[str, int]
    users: dict[str, int]
    callers: dict[str, Caller]
    lots: dict[str, int]
    packagings: dict[str, int]


ROLES = {
    "operator_a": ("operator", "a"),
    "operator_b": ("operator", "b"),
    "supervisor_a": ("supervisor", "a"),
    "manager_a": ("store_manager", "a"),
    "area_manager": ("area_manager", ""),
    "headquarters": ("headquarters", "*"),
    "administrator": ("administrator", "*"),
}
GTINS = {
    "bread": "06901234567892",
    "milk": "06901234500004",
    "oven": "06901234511116",
    "flour": "06901234522228",
}


def make_company(database: Database) -> SampleCompany:
    """Fill an empty database; committed."""
    with database.session(SYSTEM) as session:
        company = _make(session)
        session.commit()
    return company


def _make(session: Session) -> SampleCompany:
    session.add(Company(name="好味烘焙", gs1_prefix="6901234"))
    session.add_all([Unit(code="个", name="个"), Unit(code="kg", name="千克", decimals=3)])
    area = _add(session, Area(code="EAST", name="华东"))
    _add(session, Area(code="WEST", name="华西"))
    a = _place(session, area, "A")
    b = _place(session, area, "B")
    items = _items(session)
    users = {
        login: _user(session, login, role, place, a, b) for login, (role, place) in ROLES.items()
    }
    session.add(UserArea(user_id=users["area_manager"], area_id=area))
    supplier = _add(session, Partner(code="S1", name="面粉厂", kind="supplier"))
    session.add(Code(code="S1", kind="partner", partner_id=supplier))
    lots = {
        "milk": _add(session, Lot(item_id=items["milk"], code="M1", expires_on=date(2030, 1, 31)))
    }
    case = _add(session, Packaging(item_id=items["bread"], name="箱", quantity=Decimal(6)))
    session.add(
        Code(code="16901234567899", kind="barcode", item_id=items["bread"], packaging_id=case)
    )
    session.flush()
    return SampleCompany(
        a,
        b,
        supplier,
        items,
        users,
        {login: _caller(users[login], *ROLES[login], a, b) for login in users},
        lots,
        {"bread_case": case},
    )


def _add(session: Session, row: Any) -> int:
    session.add(row)
    session.flush()
    return row.id


def _place(session: Session, area: int, code: str) -> Place:
    store = _add(session, Store(area_id=area, code=code, name=f"{code} 店"))
    warehouse = _add(session, Warehouse(store_id=store, code=f"{code}-W", name="主仓"))
    zone = _add(session, Zone(warehouse_id=warehouse, store_id=store, code="Z", name="货架区"))
    place = Place(store, warehouse, zone)
    for kind in ("supplier", "customer", "production", "adjustment", "in_transit"):
        place.locations[kind] = _add(
            session, Location(store_id=store, code=f"{code}-{kind.upper()}", kind=kind)
        )
    for name, kind in (("dock", "dock"), ("shelf1", "storage"), ("shelf2", "storage")):
        place.locations[name] = _add(
            session,
            Location(
                store_id=store,
                warehouse_id=warehouse,
                zone_id=zone,
                kind=kind,
                code=f"{code}-{name.upper()}",
            ),
        )
    for name, location in place.locations.items():
        session.add(Code(code=f"{code}-{name.upper()}", kind="location", location_id=location))
    return place


def _items(session: Session) -> dict[str, int]:
    rows = {
        "bread": Item(code="BREAD", name="可颂", base_unit="个", price=Decimal(8)),
        "milk": Item(
            code="MILK",
            name="鲜牛奶",
            base_unit="个",
            tracking="lot",
            expiry_rule="expires_on",
            shelf_life_days=30,
        ),
        "oven": Item(code="OVEN", name="烤箱", base_unit="个", tracking="serial"),
        "flour": Item(code="FLOUR", name="高筋面粉", base_unit="kg", decimals=3),
    }
    items = {name: _add(session, row) for name, row in rows.items()}
    for name, item in items.items():
        session.add(Code(code=name.upper(), kind="item", item_id=item))
        session.add(Code(code=GTINS[name], kind="barcode", item_id=item))
    return items


def _user(session: Session, login: str, role: str, place: str, a: Place, b: Place) -> int:
    user = _add(session, User(login=login, name=login, role=role, password_hash="-"))
    if place in {"a", "b"}:
        session.add(UserStore(user_id=user, store_id=(a if place == "a" else b).store_id))
    return user


def _caller(user: int, _role: str, place: str, a: Place, b: Place) -> Caller:
    stores = {
        "a": str(a.store_id),
        "b": str(b.store_id),
        "*": "*",
        "": f"{a.store_id},{b.store_id}",
    }
    return Caller(user_id=user, stores=stores[place])


class Runner:
    """``run(handler, command)``: a command through the real transaction."""

    def __init__(self, database: Database, caller: Caller) -> None:
        self.database, self.caller = database, caller

    def __call__(
        self,
        handler: Any,
        command: Any,
        *,
        caller: Caller | None = None,
        command_id: UUID | None = None,
    ) -> Any:
        envelope = transactions.Envelope(command_id or ids.new_id(), caller or self.caller)
        return transactions.run(self.database, handler, command, envelope)


def assert_verified(database: Database) -> None:
    assert verify(database) == []
