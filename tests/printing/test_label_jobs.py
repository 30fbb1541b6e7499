"""Long jobs: in order, with progress, and without remains."""

import time
from pathlib import Path

import pytest

from printing.codes import code_128, qr
from printing.faces import drawing
from printing.label_pdf import pages_of
from printing.labels import (
    A4_5X13,
    LABEL_40X30,
    ItemLabel,
    LabelError,
    LocationLabel,
    Printer,
    labels_commands,
    labels_pdf,
    write_labels_pdf,
)
from tests.printing.helpers import page_texts


def places(count: int) -> list[LocationLabel]:
    return [LocationLabel(f"A-{n:04d}", qr(f"SK:LA-{n:04d}", caption="")) for n in range(count)]


def test_a_long_job_keeps_its_order_and_tells_its_progress(tmp_path: Path) -> None:
    target = tmp_path / "labels.pdf"
    seen: list[tuple[int, int]] = []
    write_labels_pdf(
        places(125),
        LABEL_40X30,
        target,
        copies=2,
        progress=lambda done, of: seen.append((done, of)),
    )
    texts = [text.strip() for text in page_texts(target.read_bytes())]
    assert texts == [f"A-{n // 2:04d}" for n in range(250)]
    assert seen == [(100, 250), (200, 250), (250, 250)]
    assert list(tmp_path.iterdir()) == [target]


def test_a_bad_label_at_the_end_leaves_no_file(tmp_path: Path) -> None:
    bad = ItemLabel("x", "x", code=code_128("A" * 60))
    with pytest.raises(LabelError) as caught:
        write_labels_pdf([*places(50), bad], LABEL_40X30, tmp_path / "labels.pdf")
    assert caught.value.code == "code_too_large"
    assert list(tmp_path.iterdir()) == []


def test_a_cancelled_job_leaves_nothing(tmp_path: Path) -> None:
    class CancelledError(Exception):
        pass

    def cancel(done: int, of: int) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        write_labels_pdf(places(120), LABEL_40X30, tmp_path / "labels.pdf", progress=cancel)
    assert list(tmp_path.iterdir()) == []


def test_sheets_are_filled_from_where_they_start() -> None:
    drawings = [drawing(label, A4_5X13, 300, "zh") for label in places(80)]
    pages = list(pages_of(drawings, A4_5X13, 60))
    assert [len(page) for page in pages] == [6, 65, 9]
    assert [one for page in pages for _, _, one in page] == drawings
    assert pages[0][0][:2] == A4_5X13.sheet.corner(59)
    assert pages[1][0][:2] == A4_5X13.sheet.corner(0)


def test_labels_are_no_wait() -> None:
    """By the processor's clock, so that a busy machine changes little."""
    labels = places(500)
    started = time.process_time()
    assert labels_pdf(labels, LABEL_40X30).startswith(b"%PDF")
    for_pdf = time.process_time() - started
    assert sum(1 for _ in labels_commands(labels, LABEL_40X30, Printer("zpl"))) == 500
    for_zpl = time.process_time() - started - for_pdf
    assert for_pdf < 4
    assert for_zpl < 1
