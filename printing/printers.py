"""What label printers are sent: ZPL II and TSPL, each label complete in itself.

Text and symbols go as graphics. A printer's own encoders differ by make and firmware (FNC1 in QR,
UTF-8, quiet zones), and few have Chinese fonts; graphics print exactly the dots that were tested,
and the symbol's modules are whole dots of the printer.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from printing.layout import MM_PER_INCH, Drawing
from printing.problems import LabelError
from printing.raster import Mark, Pattern, marks, picture
from printing.sizes import LabelSize

PrinterLanguage = Literal["zpl", "tspl"]
LANGUAGES: tuple[str, ...] = get_args(PrinterLanguage)
RESOLUTIONS = (152, 203, 300, 600)
_DARKEST = {"zpl": 30, "tspl": 15}
_WIDEST_GAP_MM = 20


@dataclass(frozen=True)
class Printer:
    """How a printer wants its labels. What is None stays as the printer itself is set.

    `gap_mm` lies between two labels of the roll (TSPL only: ZPL printers measure it).
    `darkness` is 0 to 30 for ZPL, 0 to 15 for TSPL. LabelError("printer") for anything else.
    """

    language: PrinterLanguage
    dpi: int = 203
    gap_mm: float | None = None
    darkness: int | None = None

    def __post_init__(self) -> None:
        """Refuse what no printer understands."""
        _allowed("language", self.language, LANGUAGES)
        _allowed("dpi", self.dpi, RESOLUTIONS)
        if self.darkness is not None:
            most = _DARKEST[self.language]
            if self.darkness not in range(most + 1):
                raise _refusal("darkness", self.darkness, f"0 - {most}")
        if self.gap_mm is not None and not 0 <= self.gap_mm <= _WIDEST_GAP_MM:
            raise _refusal("gap_mm", self.gap_mm, f"0 - {_WIDEST_GAP_MM}")


def _allowed(setting: str, value: object, allowed: tuple[object, ...]) -> None:
    if value not in allowed:
        raise _refusal(setting, value, ", ".join(map(str, allowed)))


def _refusal(setting: str, value: object, allowed: str) -> LabelError:
    return LabelError("printer", setting=setting, value=value, allowed=allowed)


def dots(size: LabelSize, dpi: int) -> tuple[int, int]:
    """Width and height of one label in dots."""
    return round(size.width * dpi / MM_PER_INCH), round(size.height * dpi / MM_PER_INCH)


def commands(drawing: Drawing, size: LabelSize, printer: Printer, copies: int) -> bytes:
    """One label, printed `copies` times."""
    make = _zpl if printer.language == "zpl" else _tspl
    return make(drawing, size, printer, copies)


def _zpl(drawing: Drawing, size: LabelSize, printer: Printer, copies: int) -> bytes:
    """^XA to ^XZ; each mark is a field of its own, so that blank paper costs nothing."""
    width, height = dots(size, printer.dpi)
    darkness = "" if printer.darkness is None else f"~SD{printer.darkness:02d}\n"
    fields = "\n".join(_zpl_field(mark) for mark in marks(drawing, printer.dpi))
    return (f"{darkness}^XA\n^LH0,0^LS0^PW{width}^LL{height}\n{fields}\n^PQ{copies}\n^XZ\n").encode(
        "ascii"
    )


def _zpl_field(mark: Mark) -> str:
    return f"^FO{mark.left},{mark.top}{_zpl_graphic(mark.pattern)}^FS"


@lru_cache(maxsize=8192)
def _zpl_graphic(pattern: Pattern) -> str:
    """^GFA in hexadecimal; a comma is white to the end of the row, a colon the row before again.

    Zebra, ZPL II Programming Guide, ^GF and "Alternative Data Compression Scheme".
    """
    size = len(pattern.rows[0])
    again = ":" * (pattern.repeat - 1)
    white = "," + again
    before, lines = b"", list[str]()
    for row in pattern.rows:
        if row == before:
            lines.append(":" + again)
        elif row[-1]:
            lines.append(row.hex() + again)
        else:
            lines.append(row.rstrip(b"\x00").hex() + white)
        before = row
    total = size * pattern.height
    return f"^GFA,{total},{total},{size}," + "".join(lines).upper()


def _tspl(drawing: Drawing, size: LabelSize, printer: Printer, copies: int) -> bytes:
    """SIZE to PRINT; one bitmap of the whole label, in which 0 is black (TSPL manual, BITMAP)."""
    width, height = dots(size, printer.dpi)
    bytes_wide = (width + 7) // 8
    image = picture(drawing, (bytes_wide * 8, height), printer.dpi)
    setup = [f"SIZE {size.width:g} mm,{size.height:g} mm"]
    if printer.gap_mm is not None:
        setup.append(f"GAP {printer.gap_mm:g} mm,0 mm")
    if printer.darkness is not None:
        setup.append(f"DENSITY {printer.darkness}")
    head = "\r\n".join([*setup, "REFERENCE 0,0", "CLS", f"BITMAP 0,0,{bytes_wide},{height},0,"])
    return head.encode("ascii") + image.tobytes() + f"\r\nPRINT 1,{copies}\r\n".encode("ascii")
