"""Codes of the sheet as SVG for the screen, whole modules, white around them in dark mode too."""

from __future__ import annotations

from dataclasses import dataclass

from printing.documents import BarcodeSheet, SheetEntry
from printing.symbols import symbol_of

BAR_HEIGHT = 50
PIXELS_PER_MODULE = {True: 2, False: 5}


@dataclass(frozen=True)
class Picture:
    """One entry; sizes in CSS pixels, ``box`` and ``path`` in modules (bars: stretched)."""

    title: str
    detail: str
    text: str
    width: int
    height: int
    box: str
    path: str


def pictures(sheet: BarcodeSheet) -> list[tuple[str, list[Picture]]]:
    """(heading, its codes) in the sheet's order."""
    return [(group.title, [_picture(entry) for entry in group.entries]) for group in sheet.groups]


def _picture(entry: SheetEntry) -> Picture:
    symbol = symbol_of(entry.code)
    quiet, scale = symbol.quiet, PIXELS_PER_MODULE[symbol.linear]
    width = symbol.width + 2 * quiet
    above = 0 if symbol.linear else quiet
    height = symbol.height + 2 * above
    path = "".join(
        f"M{left} {top}h{wide}v{high}h-{wide}z" for left, top, wide, high in symbol.rectangles
    )
    return Picture(
        title=entry.title,
        detail=entry.detail,
        text=entry.code.human_readable or entry.code.value,
        width=width * scale,
        height=BAR_HEIGHT * scale if symbol.linear else height * scale,
        box=f"{-quiet} {-above} {width} {height}",
        path=path,
    )
