"""Printing as people do it: two taps, the queue, again with a reason; and as programs do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pypdfium2
import pytest

from app.kit import clock, jobs
from app.kit.database import SYSTEM, driver
from app.kit.ids import new_id
from app.labelling import queue
from app.receiving import commands as receiving
from tests.labelling.stand_in import StandIn, host_status


def form(**fields):
    return {"_csrf": "csrf", "command_id": str(new_id()), **fields}


def key():
    return {"Idempotency-Key": str(new_id()), "Accept-Language": "en"}


@pytest.fixture
def work(postgres, database_name):
    def run_jobs():
        url = postgres.app_url(database_name)
        jobs.run_worker(url, role=postgres.app_role, until_empty=True)

    return run_jobs


@pytest.fixture
def receipt(run, company):
    """Three breads and two milks of lot L7 received by the operator of store A."""
    caller = replace(company.callers["operator_a"], store_id=company.a.store_id)
    order = receiving.CreatePurchaseOrder(
        store_id=company.a.store_id,
        supplier="S1",
        lines=[
            receiving.OrderLine("BREAD", Decimal(12), Decimal(3), Decimal(0)),
            receiving.OrderLine("MILK", Decimal(5), Decimal(6), Decimal(0)),
        ],
        confirm=True,
        prices_include_tax=False,
    )
    manager = replace(company.callers["manager_a"], store_id=company.a.store_id)
    made = run(receiving.create_purchase_order, order, caller=manager)
    opened = run(receiving.open_receipt, receiving.OpenReceipt(made.order_id), caller=caller)
    soon = clock.today() + timedelta(days=20)
    gs1 = f"]d2010690123450000417{soon:%y%m%d}10L7"
    for code in ("BREAD", "BREAD", "BREAD", gs1, gs1):
        scan = receiving.scan_of(opened.receipt_id, code, source="wedge")
        run(receiving.scan, scan, caller=caller)
    return opened.receipt_id


@pytest.mark.usefixtures("patient")
def test_two_taps_and_the_printer_is_remembered(as_user, company, printer, work):
    with StandIn(host_status) as first, StandIn(host_status) as second:
        ids = printer(first), printer(second)
        web = as_user("operator_a")
        url = f"/labels/items/{company.items['bread']}"
        page = web.get(url, headers={"Referer": "http://testserver.local/receiving/7"}).text
        assert f'value="{ids[0]}">' in page
        answer = web.post(f"{url}/run", data=form(printer_id=ids[1], copies="2", back="/stock"))
        assert answer.status_code == 303, answer.text
        run_url = answer.headers["location"]
        assert run_url.endswith("?back=/stock")
        assert web.cookies["saoku_printer"] == str(ids[1])
        assert f'form="print-form" name="printer_id" value="{ids[1]}"' in web.get(url).text
        assert "every 1s" in web.get(run_url).text
        work()
        page = web.get(run_url).text
        assert "every 1s" not in page
        assert 'href="/stock"' in page
        state = web.get(run_url.replace("?", "/state?"), headers={"HX-Request": "true"}).text
        assert state.count("tag--good") == 3
    assert first.received == b""
    assert second.received.count(b"^XA") == 2


@pytest.mark.usefixtures("patient")
def test_a_label_that_is_being_sent_is_looked_at_until_it_is_known(as_user, company, printer, work):
    shown: list[str] = []
    with StandIn(host_status) as stand_in:
        web = as_user("operator_a")
        data = form(printer_id=printer(stand_in))
        answer = web.post(f"/labels/items/{company.items['bread']}/run", data=data)
        run_url = answer.headers["location"]
        stand_in.on_bytes = lambda _: shown.append(web.get(run_url).text)
        work()
        assert "every 1s" not in web.get(run_url).text
    assert shown
    assert all("正在发送" in page and "every 1s" in page for page in shown)


def test_what_failed_is_on_the_home_screen_and_can_be_tried_again(as_user, company, printer, work):
    with StandIn() as stand_in:
        printer_id = printer(stand_in)
    web = as_user("operator_a")
    url = f"/labels/lots/{company.lots['milk']}/run"
    run_url = web.post(url, data=form(printer_id=printer_id)).headers["location"]
    work()
    assert "card--urgent" in web.get("/").text
    for show in ("", "attention", "waiting", "all", "odd"):
        assert web.get(f"/labels?show={show}").status_code == 200
    assert "M1" in web.get("/labels?show=attention").text
    steps = f"{run_url}/steps"
    assert web.post(steps, data=form(step="again")).status_code == 409
    assert web.post(steps, data=form(step="dance")).status_code == 409
    assert web.post(steps, data=form(step="retry")).status_code == 303
    assert "every 1s" in web.get(run_url).text
    assert web.post("/labels/queue/1/steps", data=form(step="cancel")).status_code == 303
    assert "card--urgent" not in web.get("/").text


def test_a_reprint_needs_a_reason_and_says_so_in_the_audit(as_user, company, printer, work):
    with StandIn() as stand_in:
        printer_id = printer(stand_in)
        web = as_user("supervisor_a")
        url = f"/labels/items/{company.items['bread']}/run"
        web.post(url, data=form(printer_id=printer_id))
        work()
        again = "/labels/queue/1/reprint"
        assert web.get(again).status_code == 200
        assert web.post(again, data=form()).status_code == 422
        assert web.post(again, data=form(reason="other")).status_code == 422
        answer = web.post(again, data=form(reason="damaged", words="wet"))
        assert answer.status_code == 303
        work()
        assert "damaged: wet" in str(web.get("/audit").text) or "重打标签" in web.get("/audit").text
        assert stand_in.received.count(b"^XA") == 2
        page = web.get("/labels/queue/2/reprint").text
        assert "wet" in page


def test_labels_of_a_receipt(as_user, receipt):
    web = as_user("operator_a")
    url = f"/labels/receipts/{receipt}"
    assert web.get(url).status_code == 200
    with pypdfium2.PdfDocument(web.get(f"{url}/pdf?size=60x40").content) as pdf:
        assert len(pdf) == 2
    with pypdfium2.PdfDocument(web.get(f"{url}/pdf?size=60x40&each=yes").content) as pdf:
        assert len(pdf) == 5
    for kind in (f"receipt-documents/{receipt}", "order-documents/1", "commands/1"):
        assert web.get(f"/labels/{kind}").status_code == 200
        assert web.get(f"/labels/{kind}/pdf").content.startswith(b"%PDF")
    assert web.get("/labels/command-sheet.pdf").content.startswith(b"%PDF")


def test_a_pdf_of_many_is_made_in_the_background(as_user, work):
    web = as_user("operator_a")
    answer = web.post("/labels/new", data=form(what="items", all="yes", to="file", copies="30"))
    url = answer.headers["location"]
    assert web.get(f"{url}/pdf").status_code == 409
    work()
    page = web.get(url).text
    assert f'href="{url}/pdf"' in page
    with pypdfium2.PdfDocument(web.get(f"{url}/pdf").content) as pdf:
        assert len(pdf) == 120


def test_codes_one_on_each_line(as_user, company, printer, work):
    with StandIn() as stand_in:
        printer_id = printer(stand_in)
        web = as_user("operator_a")
        codes = "bread\n6901234500004\r\n\n16901234567899\nSK:IFLOUR\n"
        answer = web.post("/labels/new", data=form(what="items", codes=codes, to=printer_id))
        assert answer.status_code == 303, answer.text
        work()
        page = web.get(answer.headers["location"]).text
        assert [page.count(name) > 0 for name in ("可颂", "鲜牛奶", "高筋面粉")] == [True] * 3
    assert stand_in.received.count(b"^XA") == 4


REFUSED = [
    {"codes": ""},
    {"codes": "nothing\nbread"},
    {"codes": "A-SHELF1"},
    {"codes": "bread", "copies": "0"},
    {"codes": "bread", "copies": "501"},
    {"codes": "bread", "size": "9x9"},
    {"codes": "bread", "to": "999"},
    {"codes": "bread\n" * 5001},
    {"codes": "bread\n" * 2000, "copies": "3"},
    {"what": "dragons", "all": "yes"},
]


def test_what_cannot_be_printed_is_refused_on_the_page(as_user, company):
    web = as_user("operator_a")
    for fields in REFUSED:
        answer = web.post("/labels/new", data=form(**{"what": "items", **fields}))
        assert answer.status_code in {404, 422}, fields
        assert 'role="alert"' in answer.text, fields


def test_a_badge_is_printed_by_managers_only(as_user, company, database):
    with database.session(SYSTEM) as session:
        driver(session).execute("update app_user set badge = 'B7' where login = 'operator_a'")
        session.commit()
    url = f"/labels/users/{company.users['operator_a']}"
    assert as_user("operator_a").get(url).status_code == 403
    assert as_user("operator_a").post(f"{url}/run", data=form()).status_code == 403
    assert as_user("manager_a").get(url).status_code == 200
    assert as_user("manager_a").get(f"{url}/preview").content.startswith(b"\x89PNG")
    assert as_user("manager_a").post(f"{url}/run", data=form()).status_code == 409
    assert as_user("manager_a").get(f"{url}/pdf").content.startswith(b"%PDF")
    nobody = f"/labels/users/{company.users['operator_b']}"
    assert as_user("manager_a").get(nobody).status_code == 404


def test_another_stores_queue_is_not_there(as_user, company, printer, order):
    with StandIn() as stand_in:
        printer_id = printer(stand_in)
    run_id = order(printer_id)
    web = as_user("operator_b")
    assert web.get(f"/labels/runs/{run_id}").status_code == 404
    assert web.post(f"/labels/runs/{run_id}/steps", data=form(step="cancel")).status_code == 404
    assert web.get("/labels/queue/1/reprint").status_code == 404
    assert web.post("/labels/queue/1/steps", data=form(step="cancel")).status_code == 404
    item = f"/labels/items/{company.items['bread']}/run"
    assert web.post(item, data=form(printer_id=printer_id)).status_code == 404
    assert f">{run_id}<" not in web.get("/labels").text


def test_cartons_get_numbers_of_their_own(as_user, company, printer, work, database):
    with StandIn() as stand_in:
        printer_id = printer(stand_in, size="100x150")
        web = as_user("operator_a")
        assert web.get("/labels/new-units").status_code == 200
        fields = {"count": "3", "item": "BREAD", "item_count": "24", "to": printer_id}
        answer = web.post("/labels/new-units", data=form(**fields))
        assert answer.status_code == 303, answer.text
        web.post("/labels/new-units", data=form(count="2", to="file"))
        work()
    with database.reading(SYSTEM) as session:
        found = driver(session).execute("select sscc from logistic_unit order by id").fetchall()
    ssccs = [sscc for (sscc,) in found]
    assert [sscc[:17] for sscc in ssccs] == [f"0690123400000000{n}" for n in range(5)]
    assert stand_in.received.count(b"^XA") == 3
    page = web.get("/labels/units/1").text
    assert "可颂" in page
    assert web.post("/labels/new-units", data=form(count="0")).status_code == 422
    assert web.post("/labels/new-units", data=form(count="1", item="no")).status_code == 422


def test_without_a_prefix_there_are_no_carton_numbers(as_user, company, database):
    with database.session(SYSTEM) as session:
        driver(session).execute("update company set gs1_prefix = null")
        session.commit()
    answer = as_user("operator_a").post("/labels/new-units", data=form(count="1", to="file"))
    assert answer.status_code == 409


def test_printers_are_registered_by_supervisors(as_user, company, database):
    web = as_user("operator_a")
    facts = {"name": "收货台", "host": "127.0.0.1", "port": "9100", "language": "zpl"}
    facts |= {"dpi": "203", "size": "60x40"}
    assert web.get("/printers").status_code == 200
    assert web.get("/printers/new").status_code == 403
    assert web.post("/printers", data=form(**facts)).status_code == 403
    web = as_user("supervisor_a")
    assert web.get("/printers/new").status_code == 200
    assert web.post("/printers", data=form(**facts)).status_code == 303
    assert web.post("/printers", data=form(**facts)).status_code == 409
    for wrong in (
        {"host": "8.8.8.8"},
        {"host": "10.0.0.300"},
        {"host": ""},
        {"name": ""},
        {"port": "22"},
        {"dpi": "17"},
        {"size": "1x1"},
        {"size": "a4-3x8"},
        {"language": "morse"},
    ):
        answer = web.post("/printers", data=form(**{**facts, "name": "Z", **wrong}))
        assert answer.status_code == 422, wrong
    assert web.get("/printers/1").status_code == 200
    moved = {**facts, "size": "70x50", "name": "发货台"}
    assert web.post("/printers/1", data=form(**moved)).status_code == 303
    assert "70x50" in web.get("/printers").text
    assert web.post("/printers/1/use", data=form()).status_code == 303
    item = f"/labels/items/{company.items['bread']}"
    assert "发货台" not in web.get(item).text
    assert web.post(f"{item}/run", data=form(printer_id="1")).status_code == 409
    assert web.post("/printers/1/use", data=form(active="yes")).status_code == 303
    assert "发货台" in web.get(item).text
    assert as_user("supervisor_a").get("/printers/99").status_code == 404


@pytest.mark.usefixtures("patient")
def test_a_test_print_learns_whether_the_printer_answers(as_user, printer, work, database):
    with StandIn(host_status) as stand_in:
        printer_id = printer(stand_in)
        web = as_user("operator_a")
        assert web.post(f"/printers/{printer_id}/test", data=form()).status_code == 303
        work()
    with database.reading(SYSTEM) as session:
        assert queue.printer(session, printer_id).reports_status is True
    assert stand_in.received.count(b"^XA") == 1


@pytest.mark.usefixtures("patient")
def test_the_api_prints_as_the_pages_do(as_user, company, printer, work):
    with StandIn(host_status) as stand_in:
        printer_id = printer(stand_in)
        web, api = as_user("operator_a"), "/api/v1"
        [known] = web.get(f"{api}/printers").json()
        assert known["id"] == printer_id
        asked, same = {"kind": "items", "codes": ["BREAD"], "printer_id": printer_id}, key()
        started = web.post(f"{api}/labels", json=asked, headers=same)
        assert started.status_code == 201, started.text
        assert web.post(f"{api}/labels", json=asked, headers=same).json() == started.json()
        run_id = started.json()["run_id"]
        work()
        assert web.get(f"{api}/print-runs/{run_id}").json()["counts"] == {"printed": 1}
        [label] = web.get(f"{api}/labels?state=printed").json()["rows"]
        again = f"{api}/labels/{label['id']}/reprints"
        assert web.post(again, json={}, headers=key()).status_code == 422
        assert web.post(again, json={"reason": "lost"}, headers=key()).status_code == 201
        steps = f"{api}/labels/{label['id']}/steps"
        assert web.post(steps, json={"step": "retry"}, headers=key()).status_code == 409
        work()
    assert stand_in.received.count(b"^XA") == 2
    made = web.post(f"{api}/logistic-units", json={"count": 2, "item": "MILK"}, headers=key())
    assert len(set(made.json()["ssccs"])) == 2
    work()
    pdf = web.get(f"{api}/print-runs/{made.json()['run_id']}/pdf")
    assert pdf.content.startswith(b"%PDF")
    badge = {"kind": "users", "ids": [1]}
    assert web.post(f"{api}/labels", json=badge, headers=key()).status_code == 403
    printers = {"name": "Z", "host": "127.0.0.1", "language": "zpl", "size": "60x40"}
    assert web.post(f"{api}/printers", json=printers, headers=key()).status_code == 403
    manager = as_user("manager_a")
    assert manager.post(f"{api}/printers", json=printers, headers=key()).status_code == 201
    assert manager.post(
        f"{api}/printers", json={**printers, "host": "1.1.1.1"}, headers=key()
    ).status_code == 422  # fmt: skip
