"""Every table can be taken along as a file, as it is on the screen."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest

from app.access import exports
from app.kit.database import SYSTEM, driver
from tests.architecture.repository import files, text
from tests.exports.test_files import sheet_of
from tests.ledger.moves import PostMoves, post_moves, receive

pytestmark = pytest.mark.usefixtures("filled")

TEMPLATES = "web/templates/"
TABLE = re.compile(r"<table\b|\bcall table\(")
LINK = re.compile(r'href="([^"]+\.(?:xlsx|csv)\?[^"]*)"')
# A table without a file says why.
WITHOUT = {
    "_macros/table.html": "the table itself",
    "gallery.html": "samples",
    "troubleshooting/page.html": "the parts of one answer; the API gives them whole",
    "stock/proof.html": "the answer to a button: what is wrong, if anything is",
    "costing/item.html": "the cost of one item; the API gives it whole",
    "counting/count.html": "work to decide on; the report of the count is the file",
    "formulas/_check.html": "a trial on a few items",
    "formulas/prices.html": "a trial of prices",
    "periods/page.html": "the months; each month's report is the file",
    "periods/report.html": "has its own links: a workbook and paper",
    "reporting/line.html": "one order line",
    "reporting/poor.html": "links to the report, which is the file",
}


def test_every_table_offers_its_files():
    bare = [
        name
        for name in files()
        if name.startswith(TEMPLATES)
        and name.removeprefix(TEMPLATES) not in WITHOUT
        and TABLE.search(text(name))
        and "export=" not in text(name)
        and "exports(" not in text(name)
    ]
    assert not bare, bare


def test_every_screen_with_a_table_hands_it_out(as_user, web_app, database, filled):
    client = as_user("headquarters")
    seen = {}
    for path in pages(web_app, database, filled):
        answer = client.get(path)
        assert answer.status_code < 500, path
        if answer.status_code == 200 and "<table" in answer.text:
            seen[path] = rows_shown(answer.text), links_in(answer.text)
    assert {"/stock", "/stock/moves", "/users", "/audit", "/imports"} <= seen.keys()
    for path, (shown, links) in seen.items():
        assert {link.partition("?")[0].rpartition(".")[2] for link in links} == {"xlsx", "csv"}
        assert shown in {len(whole(client, link)) - 1 for link in links}, path


def pages(app, database, company) -> list[str]:
    """Every page whose address needs no more than these ids."""
    ids = {
        "order_id": one(database, "select id from purchase_order"),
        "item_id": company.items["milk"],
        "lot_id": company.lots["milk"],
        "location_id": company.a.locations["shelf1"],
    }
    found = []
    for route in app.routes:
        names = re.findall(r"\{(\w+):int\}", route.path)
        is_page = "GET" in getattr(route, "methods", ()) and "." not in route.path
        if is_page and set(names) <= set(ids) and not route.path.startswith(("/api", "/static")):
            found.append(re.sub(r"\{(\w+):int\}", lambda name: str(ids[name[1]]), route.path))
    return [path for path in found if path.startswith(LISTS)]


FORMS = (".xlsx", ".csv")
# The slices' own tests read these.
NOT_FILLED = (
    "/static", "/imports/{", "/sales-orders/{", "/landing/{", "/invoices/{", "/supplier-returns/{",
    "/counting/", "/periods/",
)  # fmt: skip
# Forms to fill in, findings to correct, several tables at once: what a CSV cannot be.
WORKBOOKS = {
    "/periods/report",
    "/counting/uploads/{upload_id:int}/rows",
    "/counting/counts/{count_id:int}/sheets/{sheet_id:int}/sheet",
}
LISTS = ("/stock", "/catalog", "/purchase-orders", "/imports", "/users", "/devices", "/tokens",
         "/audit", "/scans", "/outbox", "/printers", "/labels", "/alerts",
         "/notifications")  # fmt: skip


def one(database, statement):
    with database.reading(SYSTEM) as session:
        return driver(session).execute(statement).fetchone()[0]


def rows_shown(page: str) -> int:
    return len(re.findall(r"<tr\b", page.partition("<tbody>")[2].partition("</tbody>")[0]))


def links_in(page: str) -> list[str]:
    return [unescape(link) for link in LINK.findall(page)]


def whole(client, link: str) -> list[list[str]]:
    """The rows of the file, headings first."""
    answer = client.get(link)
    assert answer.status_code == 200, f"{link}: {answer.text}"
    assert int(answer.headers["content-length"]) == len(answer.content)
    if ".xlsx" in link:
        return sheet_of(answer.content)
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def column(rows, name):
    place = rows[0].index(name)
    return [row[place] for row in rows[1:]]


def test_filters_and_order_hold_in_the_file(as_user):
    client = as_user("headquarters")
    assert column(whole(client, "/stock.csv?sort=-on_hand"), "商品编码") == [
        *("BREAD", "MILK", "FLOUR")
    ]
    assert column(whole(client, "/stock.xlsx?sort=available"), "商品编码")[0] == "FLOUR"
    assert column(whole(client, "/stock/balances.csv?place=B"), "商品编码") == ["FLOUR"]
    assert column(whole(client, "/catalog/items.csv?search=milk"), "商品编码") == ["MILK"]
    assert len(whole(client, "/audit.csv?outcome=refused")) == 1
    assert client.get("/stock.csv?category=x").status_code == 422


def test_the_file_has_what_is_on_no_page_yet(as_user, run, filled):
    run(post_moves, PostMoves([receive(filled, "bread", "1", "1.00") for _ in range(60)]))
    client = as_user("manager_a")
    first = client.get("/stock/moves").text
    assert rows_shown(first) == 50
    cursor = re.search(r"cursor=([^\"&]+)", first.rpartition('rel="next"')[2])
    assert cursor
    assert len(whole(client, f"/stock/moves.xlsx?cursor={cursor[1]}")) == 1 + 63


def test_rights_and_stores_hold_in_the_file(as_user):
    assert as_user("operator_a").get("/stock.csv").status_code == 403
    assert as_user("supervisor_a").get("/users.csv").status_code == 403
    manager = as_user("manager_a")
    assert column(whole(manager, "/stock.csv"), "商品编码") == ["BREAD", "MILK"]
    assert column(whole(manager, "/stock/moves.csv"), "数量") == ["7", "4", "10"]


def test_cost_is_for_those_who_may_see_it(as_user, database):
    path = f"/purchase-orders/{one(database, 'select id from purchase_order')}/lines.csv"
    assert column(whole(as_user("manager_a"), path), "单价") == ["21.5", "4.123456"]
    assert "单价" not in whole(as_user("supervisor_a"), path)[0]
    assert as_user("manager_a").get("/purchase-orders/99999/lines.csv").status_code == 404


def test_the_file_speaks_the_language_and_names_the_day(as_user, database):
    with database.session(SYSTEM) as session:
        driver(session).execute("update app_user set language = 'en' where login = 'manager_a'")
        session.commit()
    answer = as_user("manager_a").get("/stock.xlsx")
    assert sheet_of(answer.content)[0][:2] == ["Item code", "Item"]
    assert re.search(r"''Stock-\d{4}-\d\d-\d\d\.xlsx$", answer.headers["content-disposition"])


def test_a_sheet_that_is_too_small_says_so_and_csv_goes_on(as_user, monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS", 1)
    client = as_user("manager_a")
    refused = client.get("/stock.xlsx")
    assert refused.status_code == 409
    assert "CSV" in refused.text
    assert len(whole(client, "/stock.csv")) == 3


def test_too_many_at_once_wait_their_turn(as_user, monkeypatch):
    monkeypatch.setattr(exports, "_WAIT_SECONDS", 0)
    with exports.turn(), exports.turn():
        assert as_user("manager_a").get("/stock.csv").status_code == 409
    assert as_user("manager_a").get("/stock.csv").status_code == 200


def test_every_file_comes_in_both_forms(web_app):
    paths = {route.path for route in web_app.routes if not route.path.startswith("/static")}
    ends = {end: {p.removesuffix(end) for p in paths if p.endswith(end)} for end in FORMS}
    assert ends[".xlsx"] - WORKBOOKS == ends[".csv"]
    assert len(ends[".csv"]) > 10


def test_every_file_opens_with_its_headings(as_user, web_app, database, filled):
    client = as_user("headquarters")
    order = one(database, "select id from purchase_order")
    for route in web_app.routes:
        if route.path.endswith(FORMS) and not route.path.startswith(NOT_FILLED):
            path = route.path.replace("{order_id:int}", str(order))
            path = path.replace("{lot_id:int}", str(filled.lots["milk"]))
            assert all(whole(client, path)[0]), path
