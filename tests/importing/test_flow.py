"""Imports on real PostgreSQL: every problem at once, then all rows, the good ones, or nothing."""

from __future__ import annotations

import io
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from app.catalog import commands as c
from app.catalog import registry
from app.importing import commands, problems, queries, sheets
from app.importing.columns import KINDS
from app.importing.tasks import apply_task, check_task
from app.kit import jobs, transactions
from app.kit.database import SYSTEM
from app.kit.i18n import speaking
from app.kit.ids import new_id
from app.kit.sql import value
from app.ledger.verify import verify
from app.spreadsheets.template import template
from tests.spreadsheets.files_made import csv_text, xlsx

HEADINGS = ["商品编码", "商品名称", "单位", "条码", "售价"]


class Importer:
    """Walks an import through its jobs, as a worker would."""

    def __init__(self, database, caller=SYSTEM) -> None:
        self.database, self.caller = database, caller

    def run(self, handler, command):
        envelope = transactions.Envelope(new_id(), self.caller)
        return transactions.run(self.database, handler, command, envelope)

    def view(self, import_id):
        with self.database.reading(self.caller) as session:
            return queries.import_view(session, import_id)

    def check(self, kind, rows, **choices):
        content = rows if isinstance(rows, bytes) else csv_text(rows).encode()
        command = commands.StartImport(
            kind, "test.csv", commands.file_hash(content), commands.Choices(**choices)
        )
        started = self.run(commands.starting(content), command)
        check_task(jobs.Job(self.database, self.caller), started.import_id)
        return self.view(started.import_id)

    def apply(self, import_id, *, skip_bad=False, again=False):
        self.run(commands.begin_import, commands.BeginImport(import_id, skip_bad, again))
        apply_task(jobs.Job(self.database, self.caller), import_id, str(new_id()))
        return self.view(import_id)

    def findings(self, import_id):
        """(row, column, English text) of everything found."""
        with self.database.reading(self.caller) as session, speaking("en"):
            rows = queries.row_views(session, import_id)
            return [(row.number, one.field, one.message) for row in rows for one in row.found]

    def count(self, table):
        with self.database.reading(SYSTEM) as session:
            return value(session, f"select count(*) from {table}")


@pytest.fixture
def importer(database, company):
    return Importer(database)


def test_items_come_in_with_weight_and_volume(importer, database):
    rows = [
        [*HEADINGS, "重量(kg)", "体积（升）"],
        ["W1", "黑麦包", "个", "", "1", "0.45", "2.4"],
        ["W2", "白面包", "个", "", "1", "", ""],
        ["W3", "坏行", "个", "", "1", "-1", "x"],
    ]
    view = importer.check("items", rows, create_missing=True)
    assert {field for _, field, _ in importer.findings(view.id)} == {"weight_kg", "volume_litre"}
    importer.apply(view.id, skip_bad=True)
    with database.reading(SYSTEM) as session:
        sizes = value(
            session,
            "select array_agg((weight_kg, volume_litre)::text order by code) from item"
            " where code in ('W1', 'W2')",
        )
    assert sizes == ["(0.450000,2.400000)", "(,)"]


def test_items_come_in_with_packs_and_barcodes(importer, database):
    rows = [
        [*HEADINGS, "包装名称", "包装数量", "包装条码", "批次管理", "税率"],
        [
            "B1",
            "黑麦包",
            "个",
            "6901234588880",
            "12.50",
            "箱",
            "12",
            "16901234588887",
            "批次",
            "13%",
        ],
        ["6901234577778", "白面包", "千克", "6901234577778", "￥3", "", "", "", "", ""],
    ]
    run = importer.check("items", rows)
    assert (run.state, run.row_count, run.bad_count) == ("checked", 2, 0), importer.findings(run.id)
    assert importer.apply(run.id).imported_count == 2
    with database.reading(SYSTEM) as session:
        one = registry.meaning(session, "6901234588880")
        assert (one.kind, one.owner) == ("barcode", "B1")
        assert registry.meaning(session, "16901234588887").packaging_id is not None
        two = registry.meaning(session, "6901234577778")
        assert (two.kind, two.name) == ("item", "白面包")
        assert value(session, "select decimals from item where code = '6901234577778'") == 3


def test_every_problem_of_every_row_is_listed_in_one_pass(importer):
    rows = [
        HEADINGS,
        ["BREAD", "黑麦面包大号", "个", "6901234567890", "abc"],
        ["B2", "", "打", "6901234567892", "-1"],
        ["B2", "黑麦面包(大号)", "个", "6.9012E+12", "1"],
        ["B4", "好东西", "个", "6901234588880", "1"],
        ["B5", "坏东西", "个", "6901234588880", "=A1"],
    ]
    run = importer.check("items", rows)
    found = importer.findings(run.id)
    assert (run.row_count, run.bad_count, run.warning_count) == (5, 4, 1)
    for row, column, words in [
        (2, "code", "already the item"),
        (2, "barcode", "6901234567892"),
        (2, "price", "no number"),
        (3, "name", "needed"),
        (3, "base_unit", "no unit"),
        (3, "barcode", "already the barcode of 可颂"),
        (3, "price", "negative"),
        (4, "code", "already in row 3"),
        (4, "barcode", "shortened"),
        (4, "name", "Nearly the same name as in row 2"),
        (6, "barcode", "already in row 5"),
        (6, "price", "formula"),
    ]:
        assert any(f[:2] == (row, column) and words in f[2] for f in found), (row, column, found)
    assert run.missing == {"units": ["打"], "categories": []}


def test_bad_rows_stop_everything_unless_they_are_skipped(importer):
    rows = [HEADINGS, ["B1", "一", "个", "", "1"], ["B2", "二", "打", "", "1"]]
    before = importer.count("item")
    run = importer.check("items", rows)
    with pytest.raises(problems.RowsAreBad):
        importer.apply(run.id)
    assert importer.count("item") == before
    assert importer.apply(run.id, skip_bad=True).imported_count == 1
    assert importer.count("item") == before + 1


def test_missing_units_and_categories_can_be_created(importer):
    rows = [
        [*HEADINGS, "分类"],
        ["B1", "一", "打", "", "1", "面包"],
        ["B2", "二", "斤", "", "1", "面包"],
    ]
    run = importer.check("items", rows)
    assert run.bad_count == 2
    importer.run(commands.check_again, commands.CheckAgain(run.id, create_missing=True))
    check_task(jobs.Job(importer.database, SYSTEM), run.id)
    assert importer.view(run.id).bad_count == 0
    assert importer.apply(run.id).imported_count == 2
    assert importer.count("category") == 1


def test_the_same_file_is_recognised(importer):
    rows = [["编码", "名称", "类型"], ["S9", "油厂", "供应商"]]
    first = importer.check("partners", rows)
    importer.apply(first.id)
    second = importer.check("partners", rows)
    assert second.bad_count == 1
    stock = [["库位", "商品", "数量"], ["A-SHELF1", "BREAD", "5"]]
    importer.apply(importer.check("opening_stock", stock).id)
    again = importer.check("opening_stock", stock)
    with pytest.raises(problems.FileImportedAlready):
        importer.apply(again.id)
    assert importer.apply(again.id, again=True).state == "done"


def test_a_code_taken_after_the_check_takes_everything_back(importer, run):
    rows = [HEADINGS, ["B1", "一", "个", "6901234588880", "1"], ["B2", "二", "个", "", "1"]]
    checked = importer.check("items", rows)
    run(c.create_partner, c.CreatePartner("B2", "面包店", "customer"))
    before = importer.count("item"), importer.count("code")
    view = importer.apply(checked.id)
    assert view.state == "checked"
    assert view.problem["code"] == "company_changed_meanwhile"
    assert (importer.count("item"), importer.count("code")) == before


def test_an_import_that_is_carried_out_twice_comes_in_once(importer):
    checked = importer.check("partners", [["编码", "名称", "类型"], ["S9", "油厂", "供应商"]])
    importer.run(commands.begin_import, commands.BeginImport(checked.id))
    key = str(new_id())
    for _ in range(2):
        apply_task(jobs.Job(importer.database, SYSTEM), checked.id, key)
    assert importer.view(checked.id).state == "done"
    assert importer.count("partner where code = 'S9'") == 1


def test_barcodes_of_known_items(importer, database, company):
    rows = [
        ["商品编码", "条码", "包装", "包装数量"],
        ["BREAD", "6901234588880", "", ""],
        ["BREAD", "16901234588887", "托盘", "60"],
        ["NONE", "6901234577778", "", ""],
        ["MILK", "6901234567892", "", ""],
    ]
    run = importer.check("barcodes", rows)
    assert {(f[0], f[1]) for f in importer.findings(run.id)} == {(4, "code"), (5, "barcode")}
    assert importer.apply(run.id, skip_bad=True).imported_count == 2
    with database.reading(SYSTEM) as session:
        assert registry.meaning(session, "16901234588887").packaging_id is not None


def test_locations_of_own_warehouses_only(database, company):
    importer = Importer(database, company.callers["manager_a"])
    rows = [
        ["仓库", "库位", "库区", "类型"],
        ["a-w", "A-01-01", "z", "库位"],
        ["A-W", "A-01-02", "", "月台"],
        ["B-W", "B-01-01", "", ""],
        ["A-W", "B-DOCK", "", ""],
        ["A-W", "A-01-03", "Q", ""],
    ]
    run = importer.check("locations", rows)
    found = {(f[0], f[1]) for f in importer.findings(run.id)}
    assert found == {(4, "warehouse"), (5, "code"), (6, "zone")}
    assert importer.apply(run.id, skip_bad=True).imported_count == 2
    with database.reading(SYSTEM) as session:
        assert registry.meaning(session, "a-01-01").location_id
        assert value(session, "select kind from location where code = 'A-01-02'") == "dock"


def test_opening_stock_is_posted_with_lots_and_value(importer, database, company):
    rows = [
        ["库位", "商品", "数量", "批次", "有效期至", "成本单价", "状态"],
        ["A-SHELF1", "6901234567892", "10", "", "", "2.50", ""],
        ["A-SHELF2", "MILK", "6", "M7", "2030-05-01", "3", "待检"],
        ["A-SHELF2", "MILK", "6", "M1", "2031-01-01", "3", ""],
        ["A-SHELF2", "MILK", "6", "", "2031-01-01", "3", ""],
        ["A-SHELF1", "OVEN", "2", "SN1", "", "100", ""],
        ["A-SHELF1", "FLOUR", "1.2345", "", "", "1", ""],
        ["NOWHERE", "BREAD", "1", "", "", "1", ""],
        ["A-SHELF1", "BREAD", "1", "L", "", "1", ""],
    ]
    run = importer.check("opening_stock", rows)
    found = {(f[0], f[1]) for f in importer.findings(run.id)}
    assert found == {
        (4, "expires_on"),
        (5, "lot"),
        (6, "quantity"),
        (7, "quantity"),
        (8, "location"),
        (9, "lot"),
    }
    assert importer.apply(run.id, skip_bad=True).imported_count == 2
    with database.reading(SYSTEM) as session:
        held = "select sum(on_hand) from balance where item_id = %(item)s and status = %(status)s"
        bread = {"item": company.items["bread"], "status": "available"}
        milk = {"item": company.items["milk"], "status": "inspection"}
        assert value(session, held, bread) == 10
        assert value(session, held, milk) == 6
        worth = "select sum(amount) from cost_entry where quantity = 10"
        assert value(session, worth) == Decimal(25)
    assert verify(database) == []


def test_a_file_that_cannot_be_read_says_why(importer):
    run = importer.check("items", b"PK\x03\x04 nothing")
    assert run.state == "failed"
    assert run.refusal.code == "no_spreadsheet"
    missing = importer.check("items", [["编码"], ["A"]])
    assert missing.refusal.code == "no_headings"


def test_every_template_can_be_imported_back(importer):
    for kind in KINDS.values():
        for language in ("zh_CN", "en"):
            with speaking(language):
                content = template(kind)
            run = importer.check(kind.name, content)
            assert run.state == "checked", (kind.name, run.problem)
            assert run.ignored == []
            assert run.row_count == 1


def test_the_report_tells_of_each_bad_row(importer, database):
    run = importer.check("items", [HEADINGS, ["=1+1", "", "打", "", "x"]])
    with database.reading(SYSTEM) as session, speaking("en"):
        rows = queries.row_views(session, run.id, which="bad")
        table = CalamineWorkbook.from_filelike(io.BytesIO(sheets.report_xlsx(run.kind_of, rows)))
        [heading, row] = table.get_sheet_by_index(0).to_python()
        text = sheets.report_csv(run.kind_of, rows).decode("utf-8-sig")
    assert heading[:3] == ["Row", "What is wrong", "Item code"]
    assert row[0] == "2"
    assert "Price: It is no number." in row[1]
    assert "'=1+1" in text


def test_another_store_does_not_see_the_import(database, company):
    mine = Importer(database, company.callers["manager_a"])
    run = mine.check("partners", [["编码", "名称", "类型"], ["S9", "油厂", "供应商"]])
    other = Importer(database, company.callers["operator_b"])
    with pytest.raises(problems.NoSuchImport):
        other.view(run.id)
    with pytest.raises(problems.NoSuchImport):
        other.apply(run.id)


WORDS = """
个|打|B1|b1|BREAD|6901234567892|6901234567890|1|-1|1e9|#REF!|批次|序列号|有效期|是|13%|可颂|A-DOCK|
""".replace("\n", "").split("|")
CELL = st.one_of(
    st.sampled_from(WORDS), st.text(max_size=12).filter(lambda text: "\x00" not in text)
)


@settings(max_examples=25)
@given(rows=st.lists(st.lists(CELL, min_size=8, max_size=8), min_size=1, max_size=12))
def test_every_row_is_either_listed_or_imported_never_half(importer, rows):
    headings = ["编码", "名称", "单位", "条码", "包装名称", "包装数量", "批次管理", "效期管理"]
    content = xlsx([headings, *rows])
    before = importer.count("item")
    run = importer.check("items", content)
    if run.state == "failed" or run.bad_count == run.row_count:
        assert importer.count("item") == before
        return
    done = importer.apply(run.id, skip_bad=True, again=True)
    assert done.state == "done", done.problem
    assert importer.count("item") == before + done.imported_count
    assert done.imported_count == run.row_count - run.bad_count
    orphans = "item where not exists (select from code where code.item_id = item.id)"
    assert importer.count(orphans) == 0
    with importer.database.session(SYSTEM) as session:  # make room for the next example
        connection = session.connection().connection.driver_connection
        new = "(select id from item where code not in ('BREAD', 'MILK', 'OVEN', 'FLOUR'))"
        for table in ("code", "packaging"):
            connection.execute(f"delete from {table} where item_id in {new}")
        connection.execute(f"delete from item where id in {new}")
        session.commit()


@pytest.mark.slow
def test_twenty_thousand_rows_take_less_than_a_minute(importer):
    rows = [
        [f"B{n:05}", f"商品{n * 7919 % 20011:05}号 {n % 900}g", "个", "", "12.50"]
        for n in range(20_000)
    ]
    content = xlsx([HEADINGS, *rows])
    start = time.perf_counter()
    run = importer.check("items", content)
    assert run.bad_count == 0, importer.findings(run.id)[:5]
    assert importer.apply(run.id).imported_count == 20_000
    took = time.perf_counter() - start
    print(f"{20_000 / took:.0f} rows/s")
    assert took < 60
