"""Labels as PDF, PNG and printer commands: the door of this package for labels.

Layout is done here in Python, to the dot. PDFs carry text in the CJK font's own outlines; for
pictures and label printers Pillow sets it. zxing-cpp makes the symbols, of whole dots each module.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from printing.content import Look, Looks, size_of
from printing.faces import drawing, fixed_template
from printing.kinds import (
    Arrow,
    BadgeLabel,
    CommandLabel,
    DocumentLabel,
    ItemLabel,
    Label,
    LabelKind,
    LocationLabel,
    LogisticUnitLabel,
    LotLabel,
    PackagingLabel,
    kind_of,
)
from printing.label_pdf import LabelPdf, pages_of
from printing.printers import Printer, commands, dots
from printing.problems import LabelError
from printing.raster import picture, png
from printing.samples import sample_label
from printing.sizes import (
    A4_3X8,
    A4_3X8_FULL,
    A4_5X13,
    LABEL_40X30,
    LABEL_50X30,
    LABEL_60X40,
    LABEL_100X150,
    SIZES,
    LabelSize,
    Sheet,
    size_named,
)
from printing.template import Template, TemplateError, default_template
from printing.texts import Language

__all__ = [
    "A4_3X8",
    "A4_3X8_FULL",
    "A4_5X13",
    "LABEL_40X30",
    "LABEL_50X30",
    "LABEL_60X40",
    "LABEL_100X150",
    "SIZES",
    "Arrow",
    "BadgeLabel",
    "CommandLabel",
    "DocumentLabel",
    "ItemLabel",
    "Label",
    "LabelError",
    "LabelKind",
    "LabelSize",
    "LocationLabel",
    "LogisticUnitLabel",
    "Look",
    "Looks",
    "LotLabel",
    "PackagingLabel",
    "Printer",
    "Sheet",
    "Template",
    "TemplateError",
    "default_template",
    "fixed_template",
    "kind_of",
    "label_commands",
    "label_png",
    "labels_commands",
    "labels_pdf",
    "sample_label",
    "size_named",
    "write_labels_pdf",
]

_PROGRESS_STEP = 100
"""Labels from one report of a job to the next."""

_MOST_COPIES = 10_000
_PRINTER_DPI = range(150, 1201)


def labels_pdf(
    labels: Sequence[Label],
    look: Look,
    *,
    copies: int = 1,
    start: int = 1,
    dpi: int | None = None,
    language: Language = "zh",
) -> bytes:
    """All labels in order, each `copies` times in a row, as one PDF of true size.

    `look` is a size for our own look, a template, or `Looks` for a run of several kinds. On a
    roll each label is a page; on a sheet the first one goes to position `start` (1 is the top
    left, counted by rows), so that a half-used sheet can be used again. `dpi` is the printer's,
    to which the symbols' modules are aligned; by default 203 for rolls, 300 for A4. Print it at
    100 %, without "fit to page".
    Raises LabelError if any label can't be printed readably.
    """
    out = io.BytesIO()
    run = _Run(labels, look, copies, start, dpi, language)
    _document(run, None).write(out)
    return out.getvalue()


def write_labels_pdf(  # noqa: PLR0913 - each is a choice of whoever prints
    labels: Sequence[Label],
    look: Look,
    target: Path,
    *,
    copies: int = 1,
    start: int = 1,
    dpi: int | None = None,
    language: Language = "zh",
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Like `labels_pdf`, into a file, for jobs of thousands.

    `progress(done, of)` counts printed labels, from the caller's own thread; an exception that it
    raises ends the job. The file appears when it is whole.
    """
    document = _document(_Run(labels, look, copies, start, dpi, language), progress)
    beside = target.with_name(target.name + ".part")
    with beside.open("wb") as out:
        document.write(out)
    beside.replace(target)


def label_png(label: Label, look: Look, dpi: int = 203, *, language: Language = "zh") -> bytes:
    """One label as a black-and-white PNG: dot for dot what a label printer is sent.

    Its pixel size is the label's in dots, rounded; the resolution is stored in the file, so that
    viewers can show it in true size. For a sheet size this is one label of the sheet.
    Raises LabelError like `labels_pdf`.
    """
    dpi = _checked_dpi(dpi)
    drawn = drawing(label, look, dpi, language)
    return png(picture(drawn, dots(size_of(look), dpi), dpi), dpi)


def label_commands(
    label: Label, look: Look, printer: Printer, *, copies: int = 1, language: Language = "zh"
) -> bytes:
    """One label as ZPL II or TSPL, complete in itself, printed `copies` times.

    Raises LabelError like `labels_pdf`, and for a sheet size.
    """
    size = size_of(look)
    _check_roll(size, copies)
    return commands(drawing(label, look, printer.dpi, language), size, printer, copies)


def labels_commands(
    labels: Sequence[Label],
    look: Look,
    printer: Printer,
    *,
    copies: int = 1,
    language: Language = "zh",
) -> Iterator[bytes]:
    """`label_commands` of each label, in order, made as they are asked for."""
    size = size_of(look)
    _check_roll(size, copies)
    return (
        commands(drawing(label, look, printer.dpi, language), size, printer, copies)
        for label in labels
    )


class _Run(NamedTuple):
    """What `labels_pdf` was asked for."""

    labels: Sequence[Label]
    look: Look
    copies: int
    start: int
    dpi: int | None
    language: Language


def _document(run: _Run, progress: Callable[[int, int], None] | None) -> LabelPdf:
    """All pages; copies on a roll are pages that share their content."""
    size = size_of(run.look)
    _check_request(run.labels, size, run.copies, run.start)
    dpi = _checked_dpi(run.dpi or size.usual_dpi)
    document = LabelPdf(size, dpi, run.language)
    inside, times = (run.copies, 1) if size.sheet else (1, run.copies)
    drawings = (drawing(label, run.look, dpi, run.language) for label in run.labels)
    repeated = (one for one in drawings for _ in range(inside))
    done, total = 0, len(run.labels) * run.copies
    for page in pages_of(repeated, size, run.start):
        document.add_page(page, times)
        before, done = done, done + len(page) * times
        if progress and (done == total or done // _PROGRESS_STEP > before // _PROGRESS_STEP):
            progress(done, total)
    return document


def _check_request(labels: Sequence[Label], size: LabelSize, copies: int, start: int) -> None:
    if not labels:
        raise LabelError("nothing_to_print")
    if not 1 <= copies <= _MOST_COPIES:
        raise LabelError("copies", copies=copies)
    if size.sheet is None and start != 1:
        raise LabelError("start_on_roll")
    if not 1 <= start <= size.cells:
        raise LabelError("start", start=start, cells=size.cells)


def _check_roll(size: LabelSize, copies: int) -> None:
    if size.sheet is not None:
        raise LabelError("sheet_on_roll_printer", size=size.name)
    if not 1 <= copies <= _MOST_COPIES:
        raise LabelError("copies", copies=copies)


def _checked_dpi(dpi: int) -> int:
    if dpi not in _PRINTER_DPI:
        raise LabelError("dpi", dpi=dpi)
    return dpi
