"""The label stock: rolls and A4 sheets, in millimetres."""

import re
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

from printing.problems import LabelError


@dataclass(frozen=True)
class Sheet:
    """Where the labels of one A4 page lie: the first label's corner and the pitch, in mm."""

    columns: int
    rows: int
    left: float
    top: float
    pitch_x: float
    pitch_y: float
    page_width: float = 210.0
    page_height: float = 297.0

    @property
    def cells(self) -> int:
        """How many labels one page holds."""
        return self.columns * self.rows

    def corner(self, cell: int) -> tuple[float, float]:
        """Left and top in mm of a cell, counted from 0 by rows."""
        row, column = divmod(cell, self.columns)
        return self.left + column * self.pitch_x, self.top + row * self.pitch_y


@dataclass(frozen=True)
class LabelSize:
    """One label: its size and margin in mm, its type in points.

    `title_pt` and `text_pt` are wished for; long text shrinks to `least_pt` and is then cut with
    an ellipsis. 5.7 pt is 16 dots at 203 dpi, the least at which Chinese stays legible.
    `sheet` is None on a roll.
    """

    name: str
    width: float
    height: float
    margin: float
    title_pt: float
    text_pt: float
    least_pt: float
    sheet: Sheet | None = None

    @property
    def page_width(self) -> float:
        """Width of a page in mm: the label's own on a roll."""
        return self.sheet.page_width if self.sheet else self.width

    @property
    def page_height(self) -> float:
        """Height of a page in mm."""
        return self.sheet.page_height if self.sheet else self.height

    @property
    def cells(self) -> int:
        """Labels on one page."""
        return self.sheet.cells if self.sheet else 1

    @property
    def usual_dpi(self) -> int:
        """203 for label printers; 300 on A4, which office printers' 600 and 1200 divide by."""
        return 300 if self.sheet else 203


LABEL_60X40 = LabelSize("60x40", 60, 40, 2.0, 9.5, 7.5, 5.7)
LABEL_50X30 = LabelSize("50x30", 50, 30, 1.5, 8.5, 6.5, 5.7)
LABEL_40X30 = LabelSize("40x30", 40, 30, 1.5, 7.5, 6.0, 5.7)
LABEL_100X150 = LabelSize("100x150", 100, 150, 4.0, 20.0, 14.0, 7.0)

# 24 labels of 63.5 x 33.9 with margins that every office printer can print
# (Avery L7159 and equals), and 65 of 38.1 x 21.2 (Avery L7651 and equals).
A4_3X8 = LabelSize("a4-3x8", 63.5, 33.9, 2.0, 9.0, 7.0, 5.7, Sheet(3, 8, 7.21, 12.9, 66.04, 33.9))
A4_5X13 = LabelSize(
    "a4-5x13", 38.1, 21.2, 1.2, 6.5, 5.5, 4.6, Sheet(5, 13, 4.67, 10.7, 40.64, 21.2)
)
# 24 labels of 70 x 37 edge to edge (Avery 3474 and equals); the wide margin keeps print off the
# 4 mm at the sides that many printers can't reach.
A4_3X8_FULL = LabelSize(
    "a4-3x8-full", 70.0, 37.0, 4.0, 9.0, 7.0, 5.7, Sheet(3, 8, 0.0, 0.5, 70.0, 37.0)
)

SIZES = {
    size.name: size
    for size in (
        LABEL_60X40,
        LABEL_50X30,
        LABEL_40X30,
        LABEL_100X150,
        A4_3X8,
        A4_5X13,
        A4_3X8_FULL,
    )
}
"""Every known size by its name."""

_ROLL = re.compile(r"([0-9]{2,3})x([0-9]{2,3})")
_WIDTHS = range(20, 171)
_HEIGHTS = range(15, 301)


@lru_cache(maxsize=256)
def size_named(name: str) -> LabelSize:
    """A known size, or a roll of `<width>x<height>` mm (20 to 170, 15 to 300).

    Type and margins of a roll that we don't know follow its area as they do at the known sizes.
    LabelError if the name is neither.
    """
    if name in SIZES:
        return SIZES[name]
    found = _ROLL.fullmatch(name)
    width, height = (int(found[1]), int(found[2])) if found else (0, 0)
    if width not in _WIDTHS or height not in _HEIGHTS:
        raise LabelError("size", size=name[:40], sizes=", ".join(SIZES))
    side = sqrt(width * height)
    title = round(min(max(side * 0.19, 6.5), 20), 1)
    margin = round(min(max(side * 0.04, 1.2), 4), 1)
    least = 7.0 if side > 100 else 5.7 if side > 30 else 4.6  # noqa: PLR2004 - mm
    text = round(title * 0.77, 1)
    return LabelSize(f"{width}x{height}", width, height, margin, title, text, least)
