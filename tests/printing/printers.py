"""Small label printers of our own: they understand exactly what we send, and refuse the rest."""

import io
import re
from dataclasses import dataclass

from PIL import Image

BLACK, WHITE = 0, 1


@dataclass(frozen=True)
class Printed:
    """One label as it came out, and how often."""

    image: Image.Image
    copies: int
    settings: dict[str, str]


def printed_zpl(data: bytes) -> list[Printed]:
    """ZPL II after Zebra's programming guide, as far as our labels use it."""
    printer = ZplPrinter()
    text = data.decode("ascii").replace("\n", "")
    for prefix, name, parameters in re.findall(r"([\^~])([A-Z]{2})([^\^~]*)", text):
        getattr(printer, ("control_" if prefix == "~" else "format_") + name)(parameters)
    return printer.labels


class ZplPrinter:
    """One method a command; another command is an AttributeError."""

    def __init__(self) -> None:
        self.labels: list[Printed] = []
        self.settings: dict[str, str] = {}
        self.format_XA("")

    def control_SD(self, parameters: str) -> None:  # noqa: N802 - named as the command
        self.settings = {"darkness": parameters}

    def format_XA(self, _: str) -> None:  # noqa: N802
        self.fields: list[tuple[tuple[int, ...], Image.Image]] = []
        self.place: tuple[int, ...] = (0, 0)
        self.copies, self.width, self.height = 1, 0, 0

    def format_LH(self, parameters: str) -> None:  # noqa: N802
        assert parameters == "0,0"

    def format_LS(self, parameters: str) -> None:  # noqa: N802
        assert parameters == "0"

    def format_PW(self, parameters: str) -> None:  # noqa: N802
        self.width = int(parameters)

    def format_LL(self, parameters: str) -> None:  # noqa: N802
        self.height = int(parameters)

    def format_FO(self, parameters: str) -> None:  # noqa: N802
        self.place = tuple(int(part) for part in parameters.split(","))

    def format_GF(self, parameters: str) -> None:  # noqa: N802
        self.fields.append((self.place, graphic(parameters)))

    def format_FS(self, parameters: str) -> None:  # noqa: N802
        assert parameters == ""

    def format_PQ(self, parameters: str) -> None:  # noqa: N802
        self.copies = int(parameters)

    def format_XZ(self, _: str) -> None:  # noqa: N802
        image = Image.new("1", (self.width, self.height), WHITE)
        for place, black in self.fields:
            image.paste(BLACK, place, black)
        self.labels.append(Printed(image, self.copies, self.settings))


def graphic(parameters: str) -> Image.Image:
    """^GFA: hexadecimal rows, with the comma and colon of the compression scheme."""
    form, count, total, row_bytes, data = parameters.split(",", 4)
    assert (form, count) == ("A", total)
    size, digits = int(total), int(row_bytes) * 2
    rows: list[str] = []
    row = ""
    for character in data:
        if character == ":":
            assert row == ""
            rows.append(rows[-1])
        elif character == ",":
            rows.append(row.ljust(digits, "0"))
            row = ""
        else:
            row += character
            if len(row) == digits:
                rows.append(row)
                row = ""
    assert row == ""
    bits = bytes.fromhex("".join(rows))
    assert len(bits) == size
    return Image.frombytes("1", (int(row_bytes) * 8, len(rows)), bits)


def printed_tspl(data: bytes) -> list[Printed]:
    """TSPL/TSPL2 after TSC's manual, as far as our labels use it."""
    stream, labels = io.BytesIO(data), []
    settings: dict[str, str] = {}
    image = Image.new("1", (1, 1), WHITE)
    while head := command_word(stream):
        match head:
            case "BITMAP":
                numbers = [int(argument(stream)) for _ in range(5)]
                left, top, bytes_wide, height, mode = numbers
                assert (left, top, mode) == (0, 0, 0)
                bits = stream.read(bytes_wide * height)
                image = Image.frombytes("1", (bytes_wide * 8, height), bits)
                assert stream.read(2) == b"\r\n"
            case "SIZE" | "GAP" | "DENSITY" | "REFERENCE":
                settings[head] = line(stream)
            case "CLS":
                line(stream)
            case "PRINT":
                sets, copies = line(stream).split(",")
                assert sets == "1"
                labels.append(Printed(image, int(copies), settings))
                settings = {}
            case unknown:
                raise AssertionError(unknown)
    return labels


def command_word(stream: io.BytesIO) -> str:
    word = b""
    while (letter := stream.read(1)).isalpha():
        word += letter
    stream.seek(-len(letter) if letter == b"\r" else 0, io.SEEK_CUR)
    return word.decode("ascii")


def argument(stream: io.BytesIO) -> bytes:
    digits = b""
    while (character := stream.read(1)) != b",":
        digits += character
    return digits


def line(stream: io.BytesIO) -> str:
    words = stream.readline()
    assert words.endswith(b"\r\n")
    return words.decode("ascii").strip()
