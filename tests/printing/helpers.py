"""Reading printed paper back: two decoders, and PDFium for text, sizes and fonts."""

import io
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium
import zxingcpp
from PIL import Image
from pyzbar import pyzbar

from printing.codes import Code, Symbology

IDENTIFIERS = {
    Symbology.QR: "]Q1",
    Symbology.GS1_QR: "]Q3",
    Symbology.DATA_MATRIX: "]d1",
    Symbology.GS1_DATA_MATRIX: "]d2",
    Symbology.CODE_128: "]C0",
    Symbology.GS1_128: "]C1",
    Symbology.EAN_13: "]E0",
    Symbology.EAN_8: "]E4",
}
FIXED_LENGTH = ("00", "01", "02", "11", "12", "13", "15", "16", "17", "310", "37x")
UNKNOWN_TO_ZBAR = frozenset({Symbology.DATA_MATRIX, Symbology.GS1_DATA_MATRIX})


@dataclass(frozen=True)
class Pixels:
    image: Image.Image
    dpi: float

    @classmethod
    def of(cls, png: bytes) -> "Pixels":
        image = Image.open(io.BytesIO(png))
        return cls(image, image.info["dpi"][0])

    def zxing(self) -> set[tuple[str, bytes]]:
        image = self.image.convert("L")
        return {
            (found.symbology_identifier, found.bytes) for found in zxingcpp.read_barcodes(image)
        }

    def zbar(self) -> set[bytes]:
        # A zbar scan line needs a white start, which the label's own edge does not give.
        image = self.image.convert("L")
        framed = Image.new("L", (image.width + 40, image.height + 40), 255)
        framed.paste(image, (20, 20))
        return {found.data for found in pyzbar.decode(framed)}


def content(code: Code) -> bytes:
    """What a reader must send: FNC1 as 0x1D between elements of open length."""
    if not code.elements:
        return code.text.encode()
    parts: list[str] = []
    for place, (ai, value) in enumerate(code.elements):
        last = place == len(code.elements) - 1
        fixed = ai.startswith(FIXED_LENGTH)
        parts.append(f"{ai}{value}" + ("" if fixed or last else "\x1d"))
    return "".join(parts).encode()


def expected(code: Code) -> tuple[str, bytes]:
    return IDENTIFIERS[code.symbology], content(code)


def assert_reads(pixels: Pixels, *codes: Code) -> None:
    """Both decoders read every code, and nothing else."""
    assert pixels.zxing() == {expected(code) for code in codes}
    assert pixels.zbar() == {
        content(code) for code in codes if code.symbology not in UNKNOWN_TO_ZBAR
    }


def page_pixels(pdf: bytes, page: int = 0, dpi: int = 300) -> Pixels:
    document = pypdfium2.PdfDocument(pdf)
    return Pixels(document[page].render(scale=dpi / 72).to_pil(), dpi)


def page_texts(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range() for page in document]


def page_sizes_mm(pdf: bytes) -> list[tuple[float, float]]:
    document = pypdfium2.PdfDocument(pdf)
    return [tuple(side / 72 * 25.4 for side in page.get_size()) for page in document]


def fonts(pdf: bytes) -> set[tuple[str, bool]]:
    """Base name and whether it is embedded, of each font of each text."""
    found: set[tuple[str, bool]] = set()
    for page in pypdfium2.PdfDocument(pdf):
        for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
            font = pdfium.FPDFTextObj_GetFont(thing.raw)
            buffer = pypdfium2.raw.ctypes.create_string_buffer(200)
            pdfium.FPDFFont_GetBaseFontName(font, buffer, 200)
            found.add((buffer.value.decode(), bool(pdfium.FPDFFont_GetIsEmbedded(font))))
    return found
