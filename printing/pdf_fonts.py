"""The CJK font inside a PDF: only the glyphs that are used, cut out by HarfBuzz."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from printing.engine import library
from printing.fonts import ASCENT, DESCENT, font_file

_UNUSED_TABLES = ("BASE", "DSIG", "GPOS", "GSUB", "VORG", "vhea", "vmtx")
_BATCH = 100
"""What one block of a ToUnicode map may hold (PDF 32000-1, 9.10.3)."""


class Glyph(NamedTuple):
    """Its number in the font, and how far the pen moves, in thousandths of the size."""

    number: int
    advance: float


@dataclass
class PdfFont:
    """One weight in one document. `shown` collects the glyphs, `add_to` writes them."""

    name: str
    bold: bool
    glyphs: dict[str, Glyph] = field(default_factory=dict[str, Glyph])

    def shown(self, words: str) -> tuple[str, float]:
        """The operand of Tj, and the width in thousandths of the size."""
        found = [self.glyphs.get(one) or self._found(one) for one in words]
        codes = "".join(f"{glyph.number:04x}" for glyph in found)
        return f"<{codes}>", sum(glyph.advance for glyph in found)

    def add_to(self, pdf: Any) -> bytes:
        """Put the font's objects into the document; the reference of the font itself."""
        pydyf = library("pydyf")
        descendant = self._descendant(pdf)
        to_unicode = pydyf.Stream([_unicode_map(self.glyphs)], compress=True)
        whole = pydyf.Dictionary({"Type": "/Font", "Subtype": "/Type0"})
        pdf.add_object(to_unicode)
        pdf.add_object(whole)
        whole["BaseFont"] = f"/{self._base_name}"
        whole["Encoding"] = "/Identity-H"
        whole["DescendantFonts"] = pydyf.Array([descendant])
        whole["ToUnicode"] = to_unicode.reference
        return whole.reference

    @cached_property
    def _face(self) -> Any:
        path, number = font_file(bold=self.bold)
        return library("uharfbuzz").Face(library("uharfbuzz").Blob.from_file_path(path), number)

    @cached_property
    def _font(self) -> Any:
        return library("uharfbuzz").Font(self._face)

    @property
    def _base_name(self) -> str:
        """Six letters name a subset (PDF 32000-1, 9.6.4)."""
        return f"SAOKU{self.name[-1]}+NotoSansCJKsc-{'Bold' if self.bold else 'Regular'}"

    def _found(self, character: str) -> Glyph:
        """The empty box, number 0, for what the font does not have."""
        number: int = self._font.get_nominal_glyph(ord(character)) or 0
        advance: int = self._font.get_glyph_h_advance(number)
        glyph = Glyph(number, advance * 1000 / self._face.upem)
        self.glyphs[character] = glyph
        return glyph

    def _descendant(self, pdf: Any) -> bytes:
        """Codes are the numbers of glyphs, which a CFF subset keeps as its CIDs."""
        pydyf = library("pydyf")
        outlines = "CFF " in self._face.table_tags
        data = self._subset(outlines)
        extra = {"Subtype": "/CIDFontType0C"} if outlines else {"Length1": len(data)}
        program = pydyf.Stream([data], pydyf.Dictionary(extra), compress=True)
        pdf.add_object(program)
        descriptor = self._descriptor("FontFile3" if outlines else "FontFile2", program)
        pdf.add_object(descriptor)
        system = {"Registry": pydyf.String("Adobe"), "Ordering": pydyf.String("Identity")}
        font = pydyf.Dictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType0" if outlines else "/CIDFontType2",
                "BaseFont": f"/{self._base_name}",
                "CIDSystemInfo": pydyf.Dictionary({**system, "Supplement": 0}),
                "DW": 1000,
                "W": self._widths(),
                "FontDescriptor": descriptor.reference,
            }
        )
        if not outlines:
            font["CIDToGIDMap"] = "/Identity"
        pdf.add_object(font)
        return font.reference

    def _descriptor(self, key: str, program: Any) -> Any:
        pydyf = library("pydyf")
        ascent, descent = round(ASCENT * 1000), -round(DESCENT * 1000)
        return pydyf.Dictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": f"/{self._base_name}",
                "Flags": 4,
                "FontBBox": pydyf.Array([-1000, descent, 3000, ascent]),
                "ItalicAngle": 0,
                "Ascent": ascent,
                "Descent": descent,
                "CapHeight": 733,
                "StemV": 140 if self.bold else 80,
                key: program.reference,
            }
        )

    def _subset(self, outlines: bool) -> bytes:  # noqa: FBT001 - which of two formats
        """CFF alone for outlines of PostScript; a whole TrueType font with its numbers kept."""
        harfbuzz = library("uharfbuzz")
        wanted = harfbuzz.SubsetInput()
        kinds = harfbuzz.SubsetInputSets
        wanted.sets(kinds.GLYPH_INDEX).update({glyph.number for glyph in self.glyphs.values()})
        wanted.sets(kinds.DROP_TABLE_TAG).update(
            int.from_bytes(tag.encode("ascii")) for tag in _UNUSED_TABLES
        )
        wanted.flags = harfbuzz.SubsetFlags.NOTDEF_OUTLINE
        if outlines:
            return harfbuzz.subset(self._face, wanted).reference_table("CFF ").data
        wanted.flags |= harfbuzz.SubsetFlags.RETAIN_GIDS
        return harfbuzz.subset(self._face, wanted).blob.data

    def _widths(self) -> Any:
        pydyf = library("pydyf")
        entries: list[object] = []
        for number, advance in sorted(set(self.glyphs.values())):
            entries += [number, pydyf.Array([advance])]
        return pydyf.Array(entries)


def _unicode_map(glyphs: dict[str, Glyph]) -> bytes:
    """So that the text can be searched and copied (PDF 32000-1, 9.10.3)."""
    pairs = [
        f"<{glyph.number:04x}> <{character.encode('utf-16-be').hex()}>"
        for character, glyph in glyphs.items()
        if glyph.number
    ]
    blocks = (pairs[at : at + _BATCH] for at in range(0, len(pairs), _BATCH))
    maps = (f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        + "\n".join(maps)
        + "\nendcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode("ascii")
