"""EPC memory of RFID tags: bits to fields and back.

Source: GS1 EPC Tag Data Standard 1.13, section 14.
"""

from __future__ import annotations

from collections.abc import Callable

from app.kit.i18n import mark
from app.scanning.check_digits import CSET82
from app.scanning.epc_schemes import BY_HEADER, IDENTITIES, PREFIX_BITS, Binary, Field

_HEADER_BITS = 8
_PARTITION_BITS = 3
_CSET82 = frozenset(CSET82)
_TEXT6 = frozenset("#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


class EpcError(ValueError):
    """A tag or URI that breaks the Tag Data Standard; the text is a sentence, marked."""


class BitReader:
    """Takes numbers off the front of a row of bits."""

    def __init__(self, value: int, length: int) -> None:
        self.value = value
        self.left = length

    def take(self, bits: int) -> int:
        if bits > self.left:
            raise EpcError(mark("The tag holds fewer bits than its scheme needs."))
        self.left -= bits
        return (self.value >> self.left) & ((1 << bits) - 1)


class BitWriter:
    """Appends numbers to a row of bits."""

    def __init__(self) -> None:
        self.value = 0
        self.length = 0

    def put(self, number: int, bits: int) -> None:
        self.value = (self.value << bits) | number
        self.length += bits

    def hex(self, bits: int | None) -> str:
        """Upper-case hex, zero filled to ``bits`` and then to whole 16-bit memory words."""
        wanted = bits or self.length
        words = -(-max(wanted, self.length) // 16)
        return f"{self.value << (words * 16 - self.length):0{words * 4}X}"


def decode_fields(digits: str) -> tuple[Binary, int, list[str]]:
    """Scheme, filter value and the fields of the tag URI, out of hex digits.

    Raises EpcError for an unknown header, a wrong length and values out of range.
    """
    scheme = BY_HEADER.get(int(digits[:2], 16)) if len(digits) > 2 else None
    if scheme is None:
        raise EpcError(mark("The header of the tag is not one of an EPC scheme."))
    length = len(digits) * 4
    if scheme.bits is not None and not _is_length_of(length, scheme.bits):
        raise EpcError(mark("The tag has not the length of its scheme."))
    bits = BitReader(int(digits, 16), length)
    bits.take(_HEADER_BITS)
    filter_value = bits.take(scheme.filter_bits)
    fields = _read_with_prefix(scheme, bits) if scheme.reference_bits else _read_plain(scheme, bits)
    if bits.take(bits.left):
        raise EpcError(mark("Bits behind the end of the code are set."))
    return scheme, filter_value, fields


def _is_length_of(length: int, bits: int) -> bool:
    # Readers give whole hex digits, whole bytes or whole 16-bit words.
    return length in {-(-bits // unit) * unit for unit in (4, 8, 16)}


def _read_with_prefix(scheme: Binary, bits: BitReader) -> list[str]:
    partition = bits.take(_PARTITION_BITS)
    if partition > 6:
        raise EpcError(mark("The partition value must be 0 to 6."))
    digits = 12 - partition
    prefix = _padded(bits.take(PREFIX_BITS[partition]), digits)
    total = IDENTITIES[scheme.identity].total or 0
    reference, *others = scheme.fields
    sized = Field(reference.kind, scheme.reference_bits[partition], total - digits)
    values = [_read_field(field, bits) for field in (sized, *others)]
    return [prefix, *(value for value in values if value is not None)]


def _read_plain(scheme: Binary, bits: BitReader) -> list[str]:
    values = [_read_field(field, bits) for field in scheme.fields]
    return [value for value in values if value is not None]


def _read_field(field: Field, bits: BitReader) -> str | None:
    """The text of one field, None for one that only fills up."""
    if field.kind == "text6":
        return _read_text6(bits)
    return _READERS[field.kind](bits.take(field.bits), field)


def _unused(number: int, _: Field) -> None:
    if number:
        raise EpcError(mark("Bits behind the end of the code are set."))


def _padded(number: int, length: int) -> str:
    if number >= 10**length:
        raise EpcError(mark("A number in the tag has more digits than its scheme allows."))
    return str(number).zfill(length) if length else ""


def _unmarked(number: int) -> str:
    digits = str(number)
    if digits[0] != "1" or len(digits) < 2:
        raise EpcError(mark("The serial number in the tag is not marked by a leading 1."))
    return digits[1:]


def _text7(number: int, bits: int) -> str:
    raw = [(number >> shift) & 0x7F for shift in range(bits - 7, -1, -7)]
    text = "".join(map(chr, raw)).rstrip("\0")
    if not text or not _CSET82.issuperset(text):
        raise EpcError(mark("The tag holds a character that a serial number cannot have."))
    return text


def _read_text6(bits: BitReader) -> str:
    text = ""
    while code := bits.take(6):
        text += _character6(code)
    if not _TEXT6.issuperset(text):
        raise EpcError(mark("The tag holds a character that a part number cannot have."))
    return text


def _character6(code: int) -> str:
    return chr(code if code & 0x20 else code | 0x40)


def _cage(number: int, size: int) -> str:
    codes = [(number >> shift) & ((1 << size) - 1) for shift in range(5 * size, -1, -size)]
    text = "".join(_character6(code) if size == 6 else chr(code) for code in codes)
    # A CAGE code of five characters has a blank in front; its URI shows none.
    return text.removeprefix(" ")


_READERS: dict[str, Callable[[int, Field], str | None]] = {
    "zeros": _unused,
    "number": lambda number, _: str(number),
    "digits": lambda number, field: _padded(number, field.length),
    "marked": lambda number, _: _unmarked(number),
    "text7": lambda number, field: _text7(number, field.bits),
    "cage8": lambda number, _: _cage(number, 8),
    "cage6": lambda number, _: _cage(number, 6),
}


def encode_fields(scheme: Binary, filter_value: int, fields: list[str]) -> str:
    """Hex digits of a tag with these fields of the tag URI.

    Raises EpcError where the scheme has no room for them.
    """
    if not 0 <= filter_value < 1 << scheme.filter_bits:
        raise EpcError(mark("The filter value is out of range."))
    bits = BitWriter()
    bits.put(scheme.header, _HEADER_BITS)
    bits.put(filter_value, scheme.filter_bits)
    layout = list(scheme.fields)
    values = list(fields)
    if scheme.reference_bits:
        prefix = values.pop(0)
        partition = 12 - len(prefix)
        bits.put(partition, _PARTITION_BITS)
        bits.put(int(prefix), PREFIX_BITS[partition])
        layout[0] = Field(layout[0].kind, scheme.reference_bits[partition], len(values[0]))
    for field, value in zip(layout, [*values, ""], strict=False):
        _write_field(field, value, bits)
    return bits.hex(scheme.bits)


def _write_field(field: Field, value: str, bits: BitWriter) -> None:
    if field.kind == "text6":
        for character in value:
            bits.put(ord(character) & 0x3F, 6)
        bits.put(0, 6)
    elif field.kind == "text7":
        _write_text7(field, value, bits)
    elif field.kind in ("cage6", "cage8"):
        size = 6 if field.kind == "cage6" else 8
        for character in value.rjust(6):
            bits.put(ord(character) & ((1 << size) - 1), size)
    else:
        _write_number(field, value, bits)


def _write_text7(field: Field, value: str, bits: BitWriter) -> None:
    if len(value) * 7 > field.bits:
        raise EpcError(mark("The serial number is too long for this kind of tag."))
    for character in value:
        bits.put(ord(character), 7)
    bits.put(0, field.bits - 7 * len(value))


def _write_number(field: Field, value: str, bits: BitWriter) -> None:
    if field.kind == "zeros" or (field.kind == "digits" and not value):
        bits.put(0, field.bits)
        return
    if not (value.isascii() and value.isdigit()):
        raise EpcError(mark("This kind of tag holds only numbers."))
    if field.kind == "number" and value != str(int(value)):
        raise EpcError(mark("This kind of tag cannot hold leading zeros."))
    number = int("1" + value if field.kind == "marked" else value)
    if number >> field.bits:
        raise EpcError(mark("The number is too high for this kind of tag."))
    bits.put(number, field.bits)
