"""Documents read back as text and codes."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from printing.codes import Symbology, code_128, gs1, gtin_bars, qr
from printing.documents import (
    BarcodeSheet,
    CommandSheet,
    GoodsReceivedLine,
    GoodsReceivedNote,
    SheetEntry,
    SheetGroup,
    UnitTotal,
    barcode_sheet_pdf,
    command_sheet_pdf,
    goods_received_note_pdf,
    unit_totals,
)
from printing.problems import LabelError
from tests.printing.helpers import assert_reads, fonts, page_pixels, page_sizes_mm, page_texts
from tests.printing.samples import GTIN, SSCC

ADDRESS = "https://saoku.example/receiving/0193c0de"


def line(number: int, **fields: object) -> GoodsReceivedLine:
    given = {
        "item_code": f"FL-{number:04d}",
        "item_name": f"高筋面粉 {number}",
        "unit": "袋",
        "ordered": Decimal("1200.000000"),
        "received": Decimal("1180.500000"),
        "spec": "25kg/袋",
        "lot": f"L{number:04d}",
        "expires_on": date(2026, 12, 31),
    }
    return GoodsReceivedLine(**(given | fields))


def note(*lines: GoodsReceivedLine, **fields: object) -> GoodsReceivedNote:
    given = {
        "number": "GRN-2026-000123",
        "company": "好麦烘焙集团",
        "store": "中央厨房",
        "supplier": "上海某某食品贸易有限公司",
        "received_at": datetime(2026, 11, 22, 9, 41, tzinfo=UTC),
        "lines": lines,
        "order_number": "PO-2026-000456",
        "address": ADDRESS,
    }
    return GoodsReceivedNote(**(given | fields))


def flat(text: str) -> str:
    return "".join(text.split())


def test_the_note_says_everything_in_chinese() -> None:
    damaged = line(1, damaged=Decimal(2), short=Decimal("19.5"), reason="外包装破损")
    pdf = goods_received_note_pdf(note(damaged, received_by="王小明", remarks="司机迟到"))
    (text,) = page_texts(pdf)
    for words in (
        "收货单", "GRN-2026-000123", "好麦烘焙集团", "中央厨房", "上海某某食品贸易有限公司",
        "PO-2026-000456", "2026-11-22 09:41", "高筋面粉 1", "FL-0001", "25kg/袋", "L0001",
        "2026-12-31", "1,200", "1,180.5", "19.5", "原因：外包装破损", "司机迟到", "王小明",
        "送货人", "质检", "第 1 页 共 1 页",
    ):  # fmt: skip
        assert flat(words) in flat(text)
    assert "单价" not in text
    assert all(embedded for _, embedded in fonts(pdf))


def test_the_note_in_english() -> None:
    (text,) = page_texts(goods_received_note_pdf(note(line(1)), "en"))
    for words in ("Goods received note", "22 Nov 2026 09:41", "31 Dec 2026", "Page 1 of 1"):
        assert words in text.replace("\xa0", " ")


def test_costs_appear_only_where_given() -> None:
    lines = [
        line(1, unit_cost=Decimal("98.500000"), amount=Decimal("116279.25")),
        line(2, unit_cost=Decimal("0.012345"), amount=Decimal("14.57")),
    ]
    (text,) = page_texts(goods_received_note_pdf(note(*lines)))
    for words in ("单价", "98.50", "0.012345", "116,279.25", "14.57", "CNY 116,293.82"):
        assert flat(words) in flat(text)


def test_units_are_never_added_up() -> None:
    lines = [
        line(1, received=Decimal("1.5"), ordered=None, damaged=Decimal(1)),
        line(2, unit="箱", received=Decimal(3), ordered=Decimal(4), short=Decimal(1)),
        line(3, received=Decimal("2.25"), ordered=Decimal(2)),
    ]
    assert unit_totals(lines) == [
        UnitTotal("袋", Decimal(2), Decimal("3.75"), Decimal(1), None),
        UnitTotal("箱", Decimal(4), Decimal(3), None, Decimal(1)),
    ]


def test_long_notes_repeat_their_head_and_count_pages() -> None:
    texts = page_texts(goods_received_note_pdf(note(*(line(number) for number in range(70)))))
    assert len(texts) >= 3
    for page, text in enumerate(texts, 1):
        assert f"第{page}页共{len(texts)}页" in flat(text)
        assert "收货单GRN-2026-000123" in flat(text)
    assert all("批次/有效期至" in flat(text) for text in texts[:-1])
    assert sum(text.count("高筋面粉") for text in texts) == 70


def test_the_note_opens_by_its_code() -> None:
    pdf = goods_received_note_pdf(note(line(1)))
    assert page_sizes_mm(pdf) == [(pytest.approx(210, abs=0.1), pytest.approx(297, abs=0.1))]
    for dpi in (200, 300):
        assert_reads(page_pixels(pdf, dpi=dpi), qr(ADDRESS))
    assert page_pixels(goods_received_note_pdf(note(line(1), address=""))).zxing() == set()


def test_odd_and_missing_texts() -> None:
    odd = line(1, item_name="<script>alert(1)</script> & 🍞 " + "很长" * 80, lot="X" * 60, spec="")
    texts = page_texts(goods_received_note_pdf(note(odd, line(2, ordered=None, expires_on=None))))
    assert "<script>alert(1)</script>" in flat(texts[0])
    assert flat(page_texts(goods_received_note_pdf(note()))[0]).count("没有收货行") == 1


def test_text_stays_inside_the_page() -> None:
    wide = line(
        1, lot="W" * 40, ordered=Decimal("123456789.123456"),
        unit_cost=Decimal("1234567.123456"), amount=Decimal("123456789012.12"),
    )  # fmt: skip
    image = page_pixels(goods_received_note_pdf(note(wide, supplier="很" * 90)), dpi=100).image
    margin = round(11 / 25.4 * 100)
    for strip in (
        image.crop((0, 0, margin, image.height)),
        image.crop((image.width - margin, 0, image.width, image.height)),
    ):
        assert strip.convert("L").getextrema() == (255, 255)


CODES = (
    gtin_bars("6901234567892"),
    gtin_bars("12345670"),
    code_128("SK:CMD:UNDO"),
    qr("SK:LOC:A-01-02"),
    gs1([("01", GTIN), ("17", "261231"), ("10", "L1")]),
    gs1([("01", GTIN), ("10", "L2")], Symbology.GS1_DATA_MATRIX),
    gs1([("00", SSCC)], Symbology.GS1_128),
)


def test_every_code_of_a_sheet_reads_back() -> None:
    entries = tuple(SheetEntry(f"第 {n} 个", code, "说明") for n, code in enumerate(CODES))
    sheet = BarcodeSheet("演示条码", (SheetGroup("全部", entries),), "扫描屏幕或打印件")
    pdf = barcode_sheet_pdf(sheet)
    (text,) = page_texts(pdf)
    assert all(flat(entry.title) in flat(text) for entry in entries)
    for dpi in (200, 300):
        assert_reads(page_pixels(pdf, dpi=dpi), *CODES)


def test_command_sheets_and_empty_ones() -> None:
    entry = SheetEntry("撤销", qr("SK:CMD:UNDO", caption=""))
    pdf = command_sheet_pdf(CommandSheet("命令", (entry,)))
    assert_reads(page_pixels(pdf), entry.code)
    with pytest.raises(LabelError, match="nothing"):
        barcode_sheet_pdf(BarcodeSheet("空", ()))
    with pytest.raises(LabelError, match="mm"):
        barcode_sheet_pdf(
            BarcodeSheet("宽", (SheetGroup("", (SheetEntry("x", code_128("A" * 40)),)),))
        )


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/x.png", "file:///etc/hostname", "ftp://x/y"]
)
def test_nothing_is_fetched(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    from printing.engine import page_pdf

    def refuse(*_: object) -> None:
        pytest.fail("printing opened a socket")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    pdf = page_pdf(f"<p>x<img src='{address}'>", "document.css")
    assert pdf.startswith(b"%PDF")
    assert b"/Image" not in pdf
