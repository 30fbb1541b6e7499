"""The font files of paper, found by fontconfig; the same families as in templates/document.css."""

import shutil
import subprocess
from functools import cache, lru_cache
from typing import NamedTuple

from PIL import ImageFont

from printing.layout import LINE_HEIGHT
from printing.problems import LabelError

FAMILIES = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei")

ASCENT, DESCENT = 1.16, 0.288
"""Of Noto Sans CJK SC, in parts of the size."""

BASELINE = (LINE_HEIGHT - ASCENT - DESCENT) / 2 + ASCENT
"""From the top of a line to its baseline, in parts of the size."""

MIDDLE = (ASCENT - DESCENT) / 2
"""From the middle of a box to the baseline of words in its middle, in parts of the size."""

_VARIATION_BITS = 16


class FontFile(NamedTuple):
    """A font in a file; `number` counts the fonts of a collection."""

    path: str
    number: int


@cache
def font_file(*, bold: bool) -> FontFile:
    """The first of `FAMILIES` that is installed. LabelError("no_font") if none is."""
    for family in FAMILIES:
        found = _matched(family, bold=bold)
        if found:
            return found
    raise LabelError("no_font")


@lru_cache(maxsize=128)
def font(size: float, *, bold: bool) -> ImageFont.FreeTypeFont:
    """The font at `size` dots an em."""
    path, number = font_file(bold=bold)
    return ImageFont.truetype(path, size, number, layout_engine=ImageFont.Layout.BASIC)


def _matched(family: str, *, bold: bool) -> FontFile | None:
    """Fontconfig answers with its best guess, which may be another family."""
    program = shutil.which("fc-match")
    if program is None:
        raise LabelError("no_font")
    wanted = f"{family}:weight={200 if bold else 80}"
    form = "--format=%{family}\t%{file}\t%{index}"
    run = subprocess.run([program, form, wanted], capture_output=True, text=True, check=False)
    names, _, rest = run.stdout.partition("\t")
    path, _, index = rest.partition("\t")
    if family not in names or not path:
        return None
    return FontFile(path, int(index or 0) & ((1 << _VARIATION_BITS) - 1))
