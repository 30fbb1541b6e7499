"""Long jobs: in processes of their own, with progress, and without remains."""

import sys
from pathlib import Path

import pytest

from printing import workers
from printing.codes import code_128, qr
from printing.labels import (
    A4_5X13,
    LABEL_40X30,
    ItemLabel,
    LabelError,
    LocationLabel,
    labels_pdf,
    write_labels_pdf,
)
from printing.pages import chunks_of
from tests.printing.helpers import page_texts


def places(count: int) -> list[LocationLabel]:
    return [LocationLabel(f"A-{n:04d}", qr(f"SK:LA-{n:04d}", caption="")) for n in range(count)]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list:
    """The worker processes of the test."""
    processes = []

    class Recorded(workers._Process):
        def __init__(self) -> None:
            super().__init__()
            processes.append(self.running)

    monkeypatch.setattr(workers, "_Process", Recorded)
    return processes


def test_a_long_job_keeps_its_order_and_tells_its_progress(tmp_path: Path, started: list) -> None:
    target = tmp_path / "labels.pdf"
    seen: list[tuple[int, int]] = []
    write_labels_pdf(
        places(300), LABEL_40X30, target, progress=lambda done, of: seen.append((done, of))
    )
    texts = [text.strip() for text in page_texts(target.read_bytes())]
    assert texts == [f"A-{n:04d}" for n in range(300)]
    assert [of for _, of in seen] == [300] * len(seen)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert seen[-1] == (300, 300)
    assert started
    assert all(process.poll() is not None for process in started)
    assert list(tmp_path.iterdir()) == [target]


def test_a_bad_label_at_the_end_stops_the_job(tmp_path: Path, started: list) -> None:
    bad = ItemLabel("x", "x", code=code_128("A" * 60))
    with pytest.raises(LabelError) as caught:
        write_labels_pdf([*places(150), bad], LABEL_40X30, tmp_path / "labels.pdf")
    assert caught.value.code == "code_too_large"
    assert all(process.poll() is not None for process in started)
    assert list(tmp_path.iterdir()) == []


def test_a_cancelled_job_leaves_nothing(tmp_path: Path, started: list) -> None:
    class CancelledError(Exception):
        pass

    def cancel(done: int, of: int) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        write_labels_pdf(places(300), LABEL_40X30, tmp_path / "labels.pdf", progress=cancel)
    assert all(process.poll() is not None for process in started)
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_dies_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(LabelError) as caught:
        labels_pdf(places(130), LABEL_40X30)
    assert caught.value.code == "worker"


def test_chunks_are_whole_pages() -> None:
    labels = places(400)
    chunks = chunks_of(labels, A4_5X13, 60, 300, "zh", 2)
    assert [len(chunk.labels) for chunk in chunks] == [71, 130, 130, 69]
    assert [chunk.start for chunk in chunks] == [60, 1, 1, 1]
    assert [label for chunk in chunks for label in chunk.labels] == labels
    (one,) = chunks_of(labels[:6], A4_5X13, 60, 300, "zh", 2)
    assert len(one.labels) == 6
