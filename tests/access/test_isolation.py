"""Store A's people cannot read or write store B: by raw queries, by any page, by any API call."""

from __future__ import annotations

import re
from decimal import Decimal

import psycopg
import pytest
from litestar.routes import HTTPRoute
from psycopg import errors, sql

from app.kit.database import driver
from app.kit.ids import new_id
from app.labelling import commands as labelling
from app.labelling.contents import Wanted
from app.labelling.printers import PrinterFacts, RegisterPrinter, register_printer
from app.ledger.movements import Movement
from app.ledger.movements import Place as StockPlace
from app.receiving import commands as receiving
from app.rfid import commands as rfid
from tests.access.conftest import ask
from tests.harness import GTINS
from tests.ledger.moves import PostMoves, post_moves

# Tables with a store_id that everyone may read: who works where is no secret in a company.
KNOWN_TO_ALL = {"user_store"}
SCOPED = """
select table_name from information_schema.columns
where table_schema = current_schema() and column_name = 'store_id'
  and table_name in (select tablename from pg_tables where schemaname = current_schema())
order by table_name
"""


@pytest.fixture
def stocked(people, run):
    """Stock, moves, values and commands in store B; an order, and a receipt of it with a scan."""
    b = people.b.locations
    movement = Movement(
        store_id=people.b.store_id,
        item_id=people.items["bread"],
        quantity=Decimal(5),
        source=StockPlace(b["supplier"], None),
        target=StockPlace(b["shelf1"], "available"),
        biz_step="receiving",
        kind="receipt",
        amount=Decimal(50),
    )
    run(post_moves, PostMoves([movement]), caller=people.callers["operator_b"])
    receive_in_b(people, run)
    print_in_b(people, run)
    gate = rfid.OpenSession(people.b.store_id, "gate")
    run(rfid.open_session, gate, caller=people.callers["operator_b"])
    return people


def receive_in_b(people, run):
    line = receiving.OrderLine("BREAD", Decimal(5), Decimal(2))
    order = run(
        receiving.create_purchase_order,
        receiving.CreatePurchaseOrder(people.b.store_id, "S1", [line], confirm=True),
    )
    caller = people.callers["operator_b"]
    opened = run(receiving.open_receipt, receiving.OpenReceipt(order.order_id), caller=caller)
    scan = receiving.scan_of(opened.receipt_id, GTINS["bread"])
    run(receiving.scan, scan, caller=caller)


def print_in_b(people, run):
    facts = PrinterFacts("B-printer", "192.0.2.7", 9100, "zpl", 203, "60x40")
    printer = run(register_printer, RegisterPrinter(people.b.store_id, facts))
    wanted = Wanted("items", (people.items["bread"],))
    paper = labelling.Paper(people.b.store_id, printer.printer_id)
    run(labelling.print_labels, labelling.PrintLabels(wanted, paper))


@pytest.fixture
def scoped_tables(owner_url):
    with psycopg.connect(owner_url) as owner:
        return [row[0] for row in owner.execute(SCOPED)]


def as_operator_a(database, people):
    return database.session(people.callers["operator_a"])


def attempt(database, people, statement, parameters):
    """How many rows a raw statement of store A's operator touches; None where it is refused."""
    with as_operator_a(database, people) as session:
        try:
            return driver(session).execute(statement, parameters).rowcount
        except (errors.InsufficientPrivilege, errors.RestrictViolation):
            return None


# ---- Raw queries ------------------------------------------------------------------------------


def test_every_table_with_a_store_is_guarded(owner_url, scoped_tables):
    guarded = "select relrowsecurity from pg_class where oid = %s::regclass"
    with psycopg.connect(owner_url) as owner:
        bare = [name for name in scoped_tables if not owner.execute(guarded, [name]).fetchone()[0]]
    assert len(scoped_tables) > 12
    assert bare == []


def test_nothing_of_the_other_store_is_read(database, stocked, scoped_tables, owner_url):
    present = set()
    for name in scoped_tables:
        count = sql.SQL("select count(*) from {} where store_id = %s").format(sql.Identifier(name))
        with psycopg.connect(owner_url) as owner:
            if owner.execute(count, [stocked.b.store_id]).fetchone()[0]:
                present.add(name)
        if name in KNOWN_TO_ALL:
            continue
        with as_operator_a(database, stocked) as session:
            assert driver(session).execute(count, [stocked.b.store_id]).fetchone()[0] == 0, name
    assert {"location", "warehouse", "zone", "balance", "stock_move", "cost_entry"} <= present


@pytest.mark.parametrize("action", ["update {} set store_id = store_id", "delete from {}"])
def test_nothing_of_the_other_store_is_changed(database, stocked, scoped_tables, action):
    for name in scoped_tables:
        statement = sql.SQL(action + " where store_id = %s").format(sql.Identifier(name))
        touched = attempt(database, stocked, statement, [stocked.b.store_id])
        assert not touched, name


def test_nothing_is_put_into_the_other_store(database, stocked, scoped_tables):
    for name in scoped_tables:
        statement = sql.SQL("insert into {} (store_id) values (%s)").format(sql.Identifier(name))
        # Row-level security speaks before any other constraint of the row.
        assert attempt(database, stocked, statement, [stocked.b.store_id]) is None, name


def test_nothing_is_moved_over_to_the_other_store(database, stocked, scoped_tables):
    for name in scoped_tables:
        statement = sql.SQL("update {} set store_id = %s where store_id = %s").format(
            sql.Identifier(name)
        )
        stores = [stocked.b.store_id, stocked.a.store_id]
        touched = attempt(database, stocked, statement, stores)
        assert not touched, name


@pytest.mark.parametrize("table", ["code", "cost_layer", "purchase_order_line", "receipt_line"])
def test_rows_that_hang_on_the_other_store_are_hidden_too(database, stocked, table, owner_url):
    statement = sql.SQL("select count(*) from {}").format(sql.Identifier(table))
    with psycopg.connect(owner_url) as owner:
        everything = owner.execute(statement).fetchone()[0]
    with as_operator_a(database, stocked) as session:
        seen = driver(session).execute(statement).fetchone()[0]
    assert seen < everything or everything == 0


def test_a_transaction_without_a_caller_sees_nothing(database, stocked, scoped_tables):
    for name in set(scoped_tables) - KNOWN_TO_ALL:
        # A cost pool without a store is the company's.
        count = sql.SQL("select count(*) from {} where store_id is not null")
        assert database.at_once(count.format(sql.Identifier(name)).as_string()) == [(0,)], name


# ---- Pages and API ----------------------------------------------------------------------------


def routes(app):
    """(method, path template) of every route that a person can call."""
    for route in app.routes:
        if isinstance(route, HTTPRoute) and not route.path.startswith("/api/schema"):
            for handler in route.route_handlers:
                for method in handler.http_methods - {"OPTIONS", "HEAD"}:
                    yield str(method), route.path_format


# So much of a form that the refusal is for the store, not for the form.
FIELDS = {"name": "taken", "code": GTINS["bread"], "quantity": "1", "button": "UNDO"}
OF_STORE_B = {
    "store_id": lambda people: people.b.store_id,
    "warehouse_id": lambda people: people.b.warehouse_id,
    "zone_id": lambda people: people.b.zone_id,
    "location_id": lambda people: people.b.locations["shelf1"],
    "user_id": lambda people: people.users["operator_b"],
}


NEWEST_OF_STORE_B = {
    "move_id": "select max(id) from stock_move where store_id = :b",
    "order_id": "select max(id) from purchase_order where store_id = :b",
    "receipt_id": "select max(id) from receipt where store_id = :b",
    "printer_id": "select max(id) from printer where store_id = :b",
    "run_id": "select max(id) from print_run where store_id = :b",
    "label_id": "select max(id) from print_label where store_id = :b",
    "session_id": "select max(id) from rfid_session where store_id = :b",
}


def ids_of_store_b(database, people):
    """The ids of everything that store B has, by the name of the path parameter."""
    known = {name: of(people) for name, of in OF_STORE_B.items()}
    for name, newest in NEWEST_OF_STORE_B.items():
        known[name] = ask(database, newest, b=people.b.store_id)
    assert all(known.values())
    return known


def snapshot(owner_url, tables, store_id):
    """Everything that store B has, as text."""
    content = {}
    with psycopg.connect(owner_url) as owner:
        for name in tables:
            query = sql.SQL(
                "select coalesce(string_agg(t::text, ';' order by t::text), '')"
                " from {} t where store_id = %s"
            ).format(sql.Identifier(name))
            content[name] = owner.execute(query, [store_id]).fetchone()[0]
    return content


@pytest.mark.parametrize("login", ["operator_a", "manager_a"])
def test_no_route_shows_or_changes_a_thing_of_the_other_store(
    signed_in, stocked, database, web_app, login, owner_url, scoped_tables
):
    browser = signed_in(login)
    known = ids_of_store_b(database, stocked)
    before = snapshot(owner_url, scoped_tables, stocked.b.store_id)
    tried = 0
    for method, template in routes(web_app):
        names = re.findall(r"{(\w+)}", template)
        if not names or not set(names) & set(known):
            continue
        url = re.sub(r"{(\w+)}", lambda found: str(known.get(found[1], 1)), template)
        answer = browser.request(
            method,
            url,
            headers={"X-CSRF-Token": browser.csrf},
            **({} if method == "GET" else {"data": {"command_id": str(new_id()), **FIELDS}}),
        )
        tried += 1
        assert answer.status_code in {400, 401, 403, 404, 405, 409, 422}, (method, url)
        assert "B 店" not in answer.text, (method, url)
    assert tried >= 55
    assert snapshot(owner_url, scoped_tables, stocked.b.store_id) == before


@pytest.mark.parametrize("login", ["operator_a", "supervisor_a", "manager_a"])
def test_no_list_shows_a_thing_of_the_other_store(signed_in, stocked, web_app, login):
    browser = signed_in(login)
    query = f"store={stocked.b.store_id}&store_id={stocked.b.store_id}&q=B&search=B"
    for method, template in routes(web_app):
        if method != "GET" or "{" in template:
            continue
        answer = browser.get(f"{template}?{query}")
        assert answer.status_code < 500, (template, answer.text)
        # What was asked for may be repeated in the form; the store's own names may not appear.
        for secret in ("B 店", "B-SHELF1", "B-W", "B-printer"):
            assert secret not in answer.text, (template, secret)
