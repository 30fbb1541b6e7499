"""What label printers are sent is, dot for dot, the picture that was tested to scan."""

import io
from dataclasses import replace
from itertools import product

import pytest
import zplkit
from PIL import Image, ImageChops

from printing.codes import code_128
from printing.labels import (
    A4_3X8,
    LABEL_40X30,
    LABEL_60X40,
    LABEL_100X150,
    SIZES,
    ItemLabel,
    LabelError,
    LabelSize,
    Printer,
    label_commands,
    label_png,
    labels_commands,
)
from tests.printing.helpers import Pixels, assert_reads
from tests.printing.printers import printed_tspl, printed_zpl
from tests.printing.samples import ITEM, LOCATION, LOT, ONE_OF_EACH, lot_numbered

ROLLS = [name for name, size in SIZES.items() if size.sheet is None]
PRINTERS = {"zpl": printed_zpl, "tspl": printed_tspl}


def picture(label, size, dpi) -> Image.Image:
    return Image.open(io.BytesIO(label_png(label, size, dpi)))


def same(one: Image.Image, other: Image.Image) -> bool:
    """A printer's memory may be wider by the last byte of a row; that is blank."""
    wider = one.convert("L")
    rest = wider.crop((other.width, 0, wider.width, wider.height))
    difference = ImageChops.difference(
        wider.crop((0, 0, *other.size)), other.convert("L")
    ).getbbox()
    return difference is None and (not rest.width or rest.getextrema() == (255, 255))


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize(("language", "size_name"), list(product(PRINTERS, ROLLS)))
def test_printers_print_the_picture(language: str, size_name: str, dpi: int) -> None:
    size = SIZES[size_name]
    for label in ONE_OF_EACH.values():
        (one,) = PRINTERS[language](label_commands(label, size, Printer(language, dpi)))
        assert same(one.image, picture(label, size, dpi)), label


@pytest.mark.parametrize(("size", "dpi"), [(LABEL_60X40, 203), (LABEL_40X30, 300)])
def test_anothers_renderer_prints_the_picture_too(size: LabelSize, dpi: int) -> None:
    for label in ONE_OF_EACH.values():
        # zplkit refuses ^PQ, which every printer knows.
        data = label_commands(label, size, Printer("zpl", dpi)).replace(b"^PQ1\n", b"")
        expected = picture(label, size, dpi)
        width, height = expected.size
        document = zplkit.render(
            data, zplkit.Options(profile="specification", width=width, height=height, dpi=dpi)
        )
        assert list(document.warnings) == []
        (page,) = document.labels
        grey = Image.open(io.BytesIO(page.png())).convert("L")
        assert same(grey.point(lambda value: 255 if value > 127 else 0), expected), label


@pytest.mark.parametrize("language", PRINTERS)
def test_what_comes_out_scans(language: str) -> None:
    for label in (ITEM, LOT, LOCATION):
        (one,) = PRINTERS[language](label_commands(label, LABEL_60X40, Printer(language)))
        assert_reads(Pixels(one.image, 203), label.code or label.printed_code)


@pytest.mark.parametrize("language", PRINTERS)
def test_each_label_is_complete_and_in_order(language: str) -> None:
    labels = [lot_numbered(number) for number in range(20)]
    sent = list(labels_commands(labels, LABEL_40X30, Printer(language), copies=3))
    assert len(sent) == 20
    for label, data in zip(labels, sent, strict=True):
        (one,) = PRINTERS[language](data)
        assert one.copies == 3
        assert_reads(Pixels(one.image, 203), label.printed_code)
    assert len(PRINTERS[language](b"".join(sent))) == 20


def test_zpl_says_size_darkness_and_copies() -> None:
    data = label_commands(ITEM, LABEL_60X40, Printer("zpl", 300, darkness=5), copies=7)
    assert data.startswith(b"~SD05\n^XA\n^LH0,0^LS0^PW709^LL472\n^FO")
    assert data.endswith(b"\n^PQ7\n^XZ\n")
    assert b"~SD" not in label_commands(ITEM, LABEL_60X40, Printer("zpl"))


def test_tspl_says_size_gap_darkness_and_copies() -> None:
    printer = Printer("tspl", gap_mm=2, darkness=9)
    data = label_commands(ITEM, LABEL_100X150, printer, copies=2)
    (one,) = printed_tspl(data)
    assert one.settings == {
        "SIZE": "100 mm,150 mm", "GAP": "2 mm,0 mm", "DENSITY": "9", "REFERENCE": "0,0",
    }  # fmt: skip
    assert one.copies == 2
    assert b"GAP" not in label_commands(ITEM, LABEL_60X40, Printer("tspl"))


def test_words_from_outside_never_become_commands() -> None:
    hostile = ItemLabel('^XA~JR^FD"\r\nPRINT 1,9', "^XZ\r\nCLS", code=code_128("^XZ~JR"))
    (zpl,) = printed_zpl(label_commands(hostile, LABEL_60X40, Printer("zpl")))
    (tspl,) = printed_tspl(label_commands(hostile, LABEL_60X40, Printer("tspl")))
    assert zpl.copies == tspl.copies == 1
    assert_reads(Pixels(zpl.image, 203), code_128("^XZ~JR"))


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("sheet_on_roll_printer", lambda: label_commands(ITEM, A4_3X8, Printer("zpl"))),
        ("copies", lambda: label_commands(ITEM, LABEL_60X40, Printer("zpl"), copies=0)),
        ("copies", lambda: labels_commands([ITEM], LABEL_60X40, Printer("zpl"), copies=10**6)),
        ("printer", lambda: Printer("epl")),
        ("printer", lambda: Printer("zpl", 96)),
        ("printer", lambda: Printer("zpl", darkness=31)),
        ("printer", lambda: Printer("tspl", darkness=16)),
        ("printer", lambda: Printer("tspl", gap_mm=-1)),
        ("no_code", lambda: label_commands(ItemLabel("x", "x"), LABEL_60X40, Printer("zpl"))),
    ],
)
def test_refusals_say_what_to_do(code: str, make) -> None:
    with pytest.raises(LabelError) as caught:
        make()
    assert caught.value.code == code
    assert all("{" not in caught.value.text(language) for language in ("zh", "en"))


def test_blank_paper_costs_no_bytes() -> None:
    tall = replace(ITEM, name="粉")
    assert len(label_commands(tall, LABEL_100X150, Printer("zpl"))) < 12_000
