"""Labels read back: printed at 203 and 300 dpi, each says what it was told to say."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from printing.codes import (
    CHARSET_82,
    Code,
    Symbology,
    code_128,
    data_matrix,
    gs1,
    gtin_bars,
    qr,
)
from printing.faces import drawing
from printing.labels import (
    A4_3X8,
    A4_5X13,
    LABEL_40X30,
    LABEL_50X30,
    LABEL_60X40,
    LABEL_100X150,
    SIZES,
    Arrow,
    ItemLabel,
    Label,
    LabelError,
    LabelSize,
    LocationLabel,
    LogisticUnitLabel,
    LotLabel,
    PackagingLabel,
    label_png,
    labels_pdf,
)
from printing.layout import Drawing, PlacedSymbol
from tests.printing.helpers import (
    Pixels,
    assert_reads,
    fonts,
    page_pixels,
    page_sizes_mm,
    page_texts,
)
from tests.printing.samples import (
    GTIN,
    ITEM,
    LOCATION,
    LOGISTIC_UNIT,
    LOT,
    ONE_OF_EACH,
    SSCC,
    lot_numbered,
)

DPIS = (203, 300)
few_examples = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def codes_on(label: Label, size: LabelSize, dpi: int) -> list[Code]:
    """What must be readable on the label: GS1-128 gives way to QR where it is too wide."""
    narrow = size in (LABEL_40X30, A4_5X13)
    if isinstance(label, PackagingLabel):
        narrow = size is A4_5X13 or (size is LABEL_40X30 and dpi == 300)
        elements = [("01", label.gtin)]
        return [gs1(elements, Symbology.GS1_QR if narrow else Symbology.GS1_128)]
    if not isinstance(label, LogisticUnitLabel):
        return [label.code or label.printed_code]
    if size is LABEL_100X150:
        content = gs1(label.content_elements(), Symbology.GS1_128)
        return [label.sscc_code(), content, label.everything_code()]
    return [label.sscc_code(Symbology.GS1_QR if narrow else Symbology.GS1_128)]


@pytest.mark.parametrize("dpi", DPIS)
@pytest.mark.parametrize(("kind", "size_name"), list(product(ONE_OF_EACH, SIZES)))
def test_every_kind_reads_back_at_every_size(kind: str, size_name: str, dpi: int) -> None:
    label, size = ONE_OF_EACH[kind], SIZES[size_name]
    assert_reads(Pixels.of(label_png(label, size, dpi)), *codes_on(label, size, dpi))


def cut_out(pixels: Pixels, size: LabelSize, place: int) -> Pixels:
    """One label of a sheet."""
    if size.sheet is None:
        return pixels
    left, top = size.sheet.corner(place)
    edges = (left, top, left + size.width, top + size.height)
    box = tuple(round(edge / 25.4 * pixels.dpi) for edge in edges)
    return Pixels(pixels.image.crop(box), pixels.dpi)


@pytest.mark.parametrize("size_name", SIZES)
def test_every_kind_reads_back_from_its_pdf(size_name: str) -> None:
    size = SIZES[size_name]
    pdf = labels_pdf([*ONE_OF_EACH.values()], size)
    for place, label in enumerate(ONE_OF_EACH.values()):
        dpi = size.usual_dpi
        pixels = page_pixels(pdf, dpi=dpi) if size.sheet else page_pixels(pdf, place, dpi)
        assert_reads(cut_out(pixels, size, place), *codes_on(label, size, dpi))


@pytest.mark.parametrize("dpi", DPIS)
@pytest.mark.parametrize(
    "code",
    [
        qr("SK:LOC:A-01"),
        qr("中文批次"),
        qr("<&>\"' \\ [x] (y)"),
        qr(f"https://id.example.com/01/{GTIN}/10/L1?17=261231"),
        data_matrix("SK:LOC:A-01"),
        code_128("FL-0001"),
        gs1([("01", GTIN), ("10", "A(10)%B"), ("21", 'x"/!')]),
        gs1([("01", GTIN), ("10", "L1")], Symbology.GS1_DATA_MATRIX),
        gs1([("01", GTIN), ("10", "L1")], Symbology.GS1_128),
        gs1([("01", GTIN), ("3103", "001250"), ("37", "12")]),
        gtin_bars("6901234567892"),
        gtin_bars("036000291452"),
        gtin_bars("12345670"),
        gtin_bars("16901234567899"),
    ],
    ids=lambda code: f"{code.symbology}-{code.value}",
)
def test_every_symbology_reads_back(code: Code, dpi: int) -> None:
    label = ItemLabel("测试商品", "T-1", code=code)
    if not code.value.isascii():
        label = ItemLabel("测试商品", "T-1", code=qr(code.text, caption=""))
    assert_reads(Pixels.of(label_png(label, LABEL_60X40, dpi)), code)


@given(lot=st.text(sorted(CHARSET_82), min_size=1, max_size=20))
@few_examples
def test_any_gs1_lot_reads_back(lot: str) -> None:
    label = LotLabel("高筋面粉", "FL-1", lot=lot, gtin=GTIN, expires_on=date(2027, 2, 28))
    assert_reads(Pixels.of(label_png(label, LABEL_60X40)), label.printed_code)


@given(lot=st.text(sorted(CHARSET_82), min_size=1, max_size=20))
@settings(max_examples=300, deadline=None)
def test_any_gs1_lot_is_encoded_as_it_is(lot: str) -> None:
    code = gs1([("01", GTIN), ("10", lot), ("21", "7")])
    placed = drawing(ItemLabel("x", "x", code=code), LABEL_60X40, 203, "zh").symbols[0]
    assert placed.symbol.width == placed.symbol.height
    assert code.human_readable == f"(01){GTIN}(10){lot}(21)7"


@pytest.mark.parametrize(
    ("size", "pages"), [(A4_3X8, 2), (A4_5X13, 1)], ids=lambda value: getattr(value, "name", "")
)
def test_sheets_read_back_whole(size: LabelSize, pages: int) -> None:
    labels = [lot_numbered(number) for number in range(30)]
    pdf = labels_pdf(labels, size)
    assert len(page_texts(pdf)) == pages
    for page in range(pages):
        on_page = labels[page * size.cells : (page + 1) * size.cells]
        assert_reads(page_pixels(pdf, page), *(label.printed_code for label in on_page))


def test_a_half_used_sheet_starts_where_it_is_told() -> None:
    pdf = labels_pdf([lot_numbered(1)], A4_3X8, start=24)
    image = page_pixels(pdf, dpi=150).image.convert("L")
    dark = image.point(lambda value: 255 if value < 128 else 0).getbbox()
    last = 7.21 + 2 * 66.04, 12.9 + 7 * 33.9
    assert dark is not None
    assert dark[0] / 150 * 25.4 > last[0]
    assert dark[1] / 150 * 25.4 > last[1]
    assert_reads(page_pixels(pdf), lot_numbered(1).printed_code)
    assert len(page_texts(labels_pdf([lot_numbered(1)] * 2, A4_3X8, start=24))) == 2


@pytest.mark.parametrize("size", list(SIZES.values()), ids=lambda size: size.name)
def test_pages_have_their_true_size(size: LabelSize) -> None:
    (width, height), *_ = page_sizes_mm(labels_pdf([ITEM], size))
    assert width == pytest.approx(size.page_width, abs=0.1)
    assert height == pytest.approx(size.page_height, abs=0.1)


@pytest.mark.parametrize("dpi", DPIS)
def test_pixels_are_dots(dpi: int) -> None:
    pixels = Pixels.of(label_png(LOT, LABEL_60X40, dpi))
    assert pixels.image.mode == "1"
    assert pixels.image.size == (round(60 / 25.4 * dpi), round(40 / 25.4 * dpi))
    assert pixels.dpi == pytest.approx(dpi, abs=0.1)


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_modules_are_whole_dots(dpi: int) -> None:
    """Each run of equal pixels along the symbol's rows is a multiple of the module."""
    placed = drawing(LOT, LABEL_60X40, dpi, "zh").symbols[0]
    image = Pixels.of(label_png(LOT, LABEL_60X40, dpi)).image
    left, top = (round(edge * dpi / 25.4) for edge in (placed.left, placed.top))
    dots = placed.module_dots
    for row in range(placed.symbol.height * dots):
        line = [image.getpixel((left + x, top + row)) for x in range(placed.symbol.width * dots)]
        cells = [set(line[x : x + dots]) for x in range(0, len(line), dots)]
        assert all(len(cell) == 1 for cell in cells)


def inside(drawn: Drawing, size: LabelSize) -> bool:
    texts = all(
        text.box.left >= 0
        and text.box.top >= 0
        and text.box.right <= size.width
        and text.box.top + text.height <= size.height + 0.01
        for text in drawn.texts
    )
    return texts and all(symbol_inside(symbol, size) for symbol in drawn.symbols)


def symbol_inside(placed: PlacedSymbol, size: LabelSize) -> bool:
    quiet_below = 0 if placed.symbol.linear else placed.quiet
    return (
        placed.left - placed.quiet >= 0
        and placed.left + placed.width + placed.quiet <= size.width
        and placed.top - quiet_below >= 0
        and placed.top + placed.height + quiet_below <= size.height
    )


LONG = "安佳淡味黄油片 Anchor Unsalted Butter Sheets 进口冷冻烘焙专用可颂起酥丹麦大包装" * 3


@pytest.mark.parametrize("size", list(SIZES.values()), ids=lambda size: size.name)
@pytest.mark.parametrize("kind", ["item", "lot", "location", "logistic_unit"])
def test_long_texts_stay_on_the_label_and_are_cut_visibly(kind: str, size: LabelSize) -> None:
    label: Label = {
        "item": ItemLabel(LONG, LONG, LONG, LONG, GTIN),
        "lot": LotLabel(LONG, LONG, lot="L1", gtin=GTIN, spec=LONG, unit=LONG),
        "location": LocationLabel(LONG, LOCATION.code, LONG, Arrow.LEFT, "KM"),
        "logistic_unit": LogisticUnitLabel(SSCC, LONG, LONG, LONG, order_number=LONG),
    }[kind]
    drawn = drawing(label, size, size.usual_dpi, "zh")
    assert inside(drawn, size)
    assert any(text.lines[-1].endswith("…") for text in drawn.texts)
    readable = Pixels.of(label_png(label, size, size.usual_dpi)).zxing()
    assert readable


@given(
    name=st.text(max_size=60),
    code=st.text(max_size=30),
    spec=st.text(max_size=60),
    size=st.sampled_from(list(SIZES.values())),
)
@settings(max_examples=150, deadline=None)
def test_any_text_stays_on_the_label(name: str, code: str, spec: str, size: LabelSize) -> None:
    label = ItemLabel(name, code, spec, gtin=GTIN)
    assert inside(drawing(label, size, 203, "zh"), size)


def test_odd_characters_are_text_not_markup() -> None:
    label = LotLabel(
        '<b>面粉</b> & "x" 🍞\x00\n\u200b第二行',
        "<&>",
        lot="A<B>&",
        gtin=GTIN,
        expires_on=date(2026, 12, 31),
        code=qr("SK:1"),
    )
    (text,) = page_texts(labels_pdf([label], LABEL_100X150))
    assert "<b>面粉</b> &" in text.replace("\r\n", "")
    assert "A<B>&" in text


def test_empty_fields_leave_no_captions() -> None:
    label = LotLabel("面粉", "", gtin=GTIN)
    (text,) = page_texts(labels_pdf([label], LABEL_60X40))
    assert text.split() == ["面粉", f"(01){GTIN}"]
    assert_reads(Pixels.of(label_png(ItemLabel("", "", gtin=GTIN), LABEL_40X30)), gtin_bars(GTIN))


def test_chinese_is_text_in_embedded_fonts() -> None:
    pdf = labels_pdf([LOT, LOCATION, LOGISTIC_UNIT], LABEL_60X40)
    lot, location, _ = page_texts(pdf)
    assert "有效期至 2026-12-31" in lot
    assert "数量 120 袋" in lot
    assert f"(01){GTIN}(17)261231(11)260118(10)L20260118-A" in lot.replace("\r\n", "")
    assert "A-01-02-3" in location
    assert all(embedded for _, embedded in fonts(pdf))
    assert any("CJK" in name for name, _ in fonts(pdf))


def test_descenders_are_not_clipped() -> None:
    def lowest_dot(name: str) -> int:
        image = Pixels.of(label_png(ItemLabel(name, "", gtin=GTIN), LABEL_60X40)).image
        title = image.convert("L").crop((0, 0, image.width, round(7 / 25.4 * 203)))
        return title.point(lambda value: 255 - value).getbbox()[3]

    one_em = 9.5 / 72 * 203
    assert lowest_dot("ggg") - lowest_dot("nnn") > 0.2 * one_em


def test_english_labels() -> None:
    (text,) = page_texts(labels_pdf([LOT], LABEL_60X40, language="en"))
    assert "Exp. 31 Dec 2026" in text
    assert "Qty 120" in text


@pytest.mark.parametrize("size", [LABEL_60X40, LABEL_50X30, LABEL_40X30], ids=lambda s: s.name)
def test_the_expiry_date_is_never_cut(size: LabelSize) -> None:
    texts = [line for text in drawing(LOT, size, 203, "zh").texts for line in text.lines]
    assert "有效期至 2026-12-31" in texts


def test_the_logistic_label_follows_the_guideline() -> None:
    for dpi in DPIS:
        sscc, *_ = drawing(LOGISTIC_UNIT, LABEL_100X150, dpi, "zh").symbols
        assert sscc.module >= 0.495
        assert sscc.height >= 32


def test_copies_and_long_jobs_keep_their_order() -> None:
    labels = [LocationLabel(f"A-{n:03d}", qr(f"SK:{n}", caption="")) for n in range(130)]
    texts = page_texts(labels_pdf(labels, LABEL_40X30, copies=2))
    assert [text.strip() for text in texts] == [f"A-{n // 2:03d}" for n in range(260)]


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("nothing_to_print", lambda: labels_pdf([], LABEL_60X40)),
        ("copies", lambda: labels_pdf([ITEM], LABEL_60X40, copies=0)),
        ("start", lambda: labels_pdf([ITEM], A4_3X8, start=25)),
        ("start", lambda: labels_pdf([ITEM], A4_3X8, start=0)),
        ("start_on_roll", lambda: labels_pdf([ITEM], LABEL_60X40, start=2)),
        ("dpi", lambda: label_png(ITEM, LABEL_60X40, dpi=72)),
        ("no_code", lambda: label_png(ItemLabel("x", "x"), LABEL_60X40)),
        ("no_code", lambda: label_png(LotLabel("x", "x", lot="1"), LABEL_60X40)),
        (
            "code_too_large",
            lambda: label_png(ItemLabel("x", "x", code=code_128("A" * 40)), LABEL_40X30),
        ),
        (
            "code_too_large",
            lambda: label_png(LocationLabel("x", qr("A" * 400, caption="")), LABEL_40X30),
        ),
        (
            "code_too_long",
            lambda: label_png(ItemLabel("x", "x", code=qr("A" * 5000, "")), LABEL_100X150),
        ),
        ("text_too_large", lambda: label_png(ItemLabel("x", "x", code=qr("A" * 900)), LABEL_60X40)),
        ("code_empty", lambda: qr("")),
        ("code_empty", lambda: gs1([])),
        ("code_character", lambda: code_128("中文")),
        ("code_character", lambda: gs1([("10", "A#B")])),
        ("check_digit", lambda: gtin_bars("6901234567890")),
        ("check_digit", lambda: gs1([("01", "06901234567890")])),
        ("digits", lambda: gtin_bars("69012345678X2")),
        ("digits", lambda: gs1([("00", "123")])),
        ("gs1_element", lambda: gs1([("17", "261331")])),
        ("gs1_element", lambda: gs1([("1", "261231")])),
        ("gs1_element", lambda: gs1([("10", "")])),
        (
            "gs1_element",
            lambda: label_png(ItemLabel("x", "x", code=gs1([("10", "A" * 21)])), LABEL_100X150),
        ),
    ],
)
def test_refusals_say_what_to_do(code: str, make) -> None:
    with pytest.raises(LabelError) as caught:
        make()
    assert caught.value.code == code
    for language in ("zh", "en"):
        text = caught.value.text(language)
        assert "{" not in text
        assert text.endswith(("。", "."))


def test_one_bad_label_stops_the_job_before_rendering() -> None:
    bad = ItemLabel("x", "x", code=code_128("A" * 60))
    with pytest.raises(LabelError):
        labels_pdf([ITEM, bad], LABEL_60X40)


def test_requests_in_many_threads_do_not_disturb_each_other() -> None:
    labels = [lot_numbered(number) for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        pictures = list(pool.map(lambda label: label_png(label, LABEL_60X40), labels))
    for label, picture in zip(labels, pictures, strict=True):
        assert_reads(Pixels.of(picture), label.printed_code)
