"""Lines fit by measure, and the measure is the font's."""

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from printing.labels import LABEL_100X150, labels_pdf
from printing.metrics import clean, shortened, width_of, wrapped, wrapped_code
from printing.texts import money_text, quantity_text, unit_cost_text
from tests.printing.helpers import fonts
from tests.printing.samples import BADGE

TEXTS = st.text(st.one_of(st.characters(), st.sampled_from("面粉（）。- aW1")), max_size=80)


@given(text=TEXTS, room=st.integers(2000, 30000), lines=st.integers(1, 4))
def test_wrapped_lines_fit(text: str, room: int, lines: int) -> None:
    result = wrapped(text, room, lines)
    assert len(result) <= max(lines, 1)
    assert all(width_of(line) <= room for line in result)


@given(text=TEXTS, room=st.integers(1500, 30000))
def test_nothing_is_lost_without_an_ellipsis(text: str, room: int) -> None:
    result = wrapped(text, room, 1000)
    assert "".join("".join(result).split()) == "".join(clean(text).split())
    short = shortened(text, room)
    assert short == text or short.endswith("…")


@given(text=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=90))
def test_code_texts_are_whole(text: str) -> None:
    assert "".join(wrapped_code(text, 10_000)) == text


def test_closing_punctuation_does_not_begin_a_line() -> None:
    assert wrapped("金像牌高筋面粉（面包专用）", 12_000, 3) == ("金像牌高筋面粉（面包专", "用）")


def test_measured_widths_are_the_fonts() -> None:
    """Skipped where another font takes Noto's place: there the label clips instead."""
    from dataclasses import replace

    text = "Wide ILLegible 0123456789 (x) ABCDEFGHIJKLMNOPQRSTUVWXYZ abc"
    pdf = labels_pdf([replace(BADGE, name="x", role=text, number="", store="")], LABEL_100X150)
    if not all("CJK" in name for name, _ in fonts(pdf)):
        pytest.skip("Noto Sans CJK SC is not installed")
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    start, count = page.search(text).get_next()
    first, last = (page.get_charbox(at, loose=True) for at in (start, start + count - 1))
    size = (first[3] - first[1]) / 1.448
    assert (last[2] - first[0]) / size * 1000 == pytest.approx(width_of(text), rel=0.02)


def test_numbers_are_exact() -> None:
    from decimal import Decimal

    assert quantity_text(Decimal("1234567.500000")) == "1,234,567.5"
    assert quantity_text(Decimal("1E+3")) == "1,000"
    assert quantity_text(Decimal(-0)) == "0"
    assert quantity_text(None) == ""
    assert money_text(Decimal("1234.50")) == "1,234.50"
    assert unit_cost_text(Decimal("98.500000")) == "98.50"
    assert unit_cost_text(Decimal(98)) == "98.00"
    assert unit_cost_text(Decimal("0.012345")) == "0.012345"
