"""Photos that we make ourselves: every kind of code, ill-treated; and files that are no photos."""

from __future__ import annotations

import io
import random
import resource
import struct
from time import process_time
from zlib import compress, crc32

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageEnhance, ImageFile, ImageFilter

from app.kit.i18n import speaking
from app.scanning.check_digits import check_digit
from app.scanning.parse import parse
from app.scanning.photo import decode_photo
from app.scanning.photo_bars import modules_of, prove
from app.scanning.photo_file import open_picture
from app.scanning.problems import (
    PictureFormatNotSupported,
    PictureMoves,
    PictureNotReadable,
    PictureTooLarge,
)

F = zxingcpp.BarcodeFormat
GTIN = "06921168509256"
LABEL = f"(01){GTIN}(10)LOT-1(21)42"

KINDS = {
    "EAN-13": (F.EAN13, "6921168509256", {}),
    "UPC-A": (F.UPCA, "036000291452", {}),
    "UPC-E": (F.UPCE, "04963406", {}),
    "EAN-8": (F.EAN8, "96385074", {}),
    "Code128": (F.Code128, "SKU-1234-AB", {}),
    "Code39": (F.Code39, "BIN-07-4", {}),
    "ITF": (F.ITF, "16921168509253", {}),
    "QR": (F.QRCode, "https://saoku.example/扫", {}),
    "DataMatrix": (F.DataMatrix, LABEL, {"gs1": True}),
    "DataBar": (F.DataBarOmni, GTIN, {}),
    "DataBarExpanded": (F.DataBarExp, LABEL, {}),
}


def drawn(kind, scale=3):
    symbology, text, options = KINDS[kind]
    code = zxingcpp.create_barcode(text, symbology, **options)
    return Image.fromarray(code.to_image(scale=scale))


def on_paper(code, size=(960, 700), at=(100, 200), paper=225):
    picture = Image.new("L", size, paper)
    picture.paste(code, at)
    return picture


def centred(code):
    return on_paper(code, (900, 900), ((900 - code.width) // 2, (900 - code.height) // 2))


def encoded(picture, name="JPEG", **options):
    file = io.BytesIO()
    picture.save(file, name, **options)
    return file.getvalue()


def noisy(picture):
    noise = Image.effect_noise(picture.size, 60)
    return ImageChops.overlay(picture, noise)


def dim(picture):
    return ImageEnhance.Brightness(picture).enhance(0.25)


def shaded(picture):
    shadow = Image.linear_gradient("L").rotate(90).resize(picture.size)
    return ImageChops.multiply(picture, shadow.point(lambda value: 90 + value * 165 // 255))


def in_perspective(picture):
    width, height = picture.size
    corners = (0, 0, 60, height, width - 40, height - 30, width, 40)
    return picture.transform(picture.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)


def turned(angle):
    return lambda picture: picture.rotate(
        angle, Image.Resampling.BICUBIC, expand=True, fillcolor=225
    )


TREATMENTS = {
    "plain": lambda picture: picture,
    "noise": noisy,
    "low light": dim,
    "shade": shaded,
    "perspective": in_perspective,
    "upside down": turned(180),
    "on its side": turned(90),
    "slanted": turned(30),
    "blurred": lambda picture: picture.filter(ImageFilter.GaussianBlur(1)),
    "inverted": ImageChops.invert,
}


def expected_text(kind):
    text = KINDS[kind][1]
    if kind in ("DataMatrix", "DataBarExpanded"):
        return f"01{GTIN}10LOT-1\x1d2142"
    return text


@pytest.mark.parametrize("treatment", ["plain", "noise", "low light", "shade", "upside down"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_code(kind, treatment):
    picture = TREATMENTS[treatment](on_paper(drawn(kind)))
    (symbol,) = decode_photo(encoded(picture, quality=85))
    assert (symbol.symbology, symbol.text) == (kind, expected_text(kind))


@pytest.mark.parametrize("treatment", ["perspective", "on its side", "slanted", "blurred"])
@pytest.mark.parametrize("kind", ["EAN-13", "Code128", "QR", "DataMatrix"])
def test_codes_that_do_not_lie_straight(kind, treatment):
    picture = TREATMENTS[treatment](on_paper(drawn(kind)))
    (symbol,) = decode_photo(encoded(picture, quality=85))
    assert symbol.text == expected_text(kind)


@pytest.mark.parametrize("kind", ["EAN-13", "UPC-A", "UPC-E", "EAN-8", "ITF"])
def test_the_gtin_comes_along(kind):
    (symbol,) = decode_photo(encoded(on_paper(drawn(kind))))
    assert symbol.gtin == parse(KINDS[kind][1]).gtin


def test_a_gs1_label_is_parsed_from_its_photo():
    (symbol,) = decode_photo(encoded(on_paper(drawn("DataMatrix"))))
    parsed = parse(symbol.scanned)
    assert (parsed.gtin, parsed.lot, parsed.serial) == (GTIN, "LOT-1", "42")
    assert symbol.gtin == GTIN


def test_a_gs1_128_says_that_it_is_one():
    code = zxingcpp.create_barcode("(420)95747(94)999", F.Code128, gs1=True)
    (symbol,) = decode_photo(encoded(on_paper(Image.fromarray(code.to_image(scale=3)))))
    assert symbol.text == "\x1d42095747\x1d94999"
    assert parse(symbol.text).ais == (("420", "95747"), ("94", "999"))
    assert parse(symbol.scanned).ais == (("420", "95747"), ("94", "999"))


def test_two_codes_come_back_with_their_places():
    picture = on_paper(drawn("EAN-13"), (1100, 900), (60, 60))
    picture.paste(drawn("QR"), (700, 560))
    symbols = decode_photo(encoded(picture))
    assert [symbol.symbology for symbol in symbols] == ["EAN-13", "QR"]
    centres = [tuple(sum(c) / len(c) for c in zip(*s.polygon, strict=True)) for s in symbols]
    assert centres[0][0] < 550 < centres[1][0]
    assert centres[0][1] < 450 < centres[1][1]


def test_places_are_those_of_the_turned_photo():
    turned_photo = turned(30)(centred(drawn("EAN-13")))
    (symbol,) = decode_photo(encoded(turned_photo))
    x, y = (sum(c) / len(c) for c in zip(*symbol.polygon, strict=True))
    assert abs(x - turned_photo.width / 2) < 90
    assert abs(y - turned_photo.height / 2) < 90


def test_the_phones_orientation_is_followed():
    picture = on_paper(drawn("EAN-13"), (900, 500), (60, 60)).rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    upright = open_picture(encoded(picture, exif=exif))
    assert upright.size == (900, 500)


@pytest.mark.parametrize("seed", range(4))
def test_no_code_no_text(seed):
    chance = random.Random(seed)
    stripes = Image.new("L", (700, 500), 235)
    for x in range(60, 640, 9):
        bar = Image.new("L", (chance.randint(2, 7), 380), 20)
        stripes.paste(bar, (x, 60))
    assert decode_photo(encoded(stripes)) == []


@settings(max_examples=12)
@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.integers(0, 359))
def test_any_number_at_any_angle_is_read_right_or_not_at_all(body, angle):
    digits = body + check_digit(body)
    code = Image.fromarray(zxingcpp.create_barcode(digits, F.EAN13).to_image(scale=3))
    picture = turned(angle)(on_paper(code, (700, 500), (100, 100)))
    assert {symbol.gtin for symbol in decode_photo(encoded(picture))} <= {digits.zfill(14)}


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.integers(0, 11))
@settings(max_examples=12)
def test_the_bars_prove_the_right_text_and_no_other(body, at):
    right = body + check_digit(body)
    other = body[:at] + str((int(body[at]) + 5) % 10) + body[at + 1 :]
    code = zxingcpp.create_barcode(right, F.EAN13)
    picture = on_paper(Image.fromarray(code.to_image(scale=3)), (500, 400), (40, 60))
    (seen,) = zxingcpp.read_barcodes(picture)
    place = seen.position
    ends = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    corners = tuple((float(point.x), float(point.y)) for point in ends)
    assert prove(picture, corners, right).holds
    assert not prove(picture, corners, other + check_digit(other)).holds


def test_bars_of_a_known_number():
    assert len(modules_of("6921168509256")) == 95
    assert len(modules_of("96385074")) == 67
    assert modules_of("96385074").startswith("1010001011")


def test_odd_modes_are_read():
    grey = on_paper(drawn("EAN-13"))
    ghost = Image.merge("RGBA", (*[Image.new("L", grey.size, 0)] * 3, ImageChops.invert(grey)))
    deep = grey.convert("I").point(lambda value: value * 200).convert("I;16")
    for picture, name in (
        (grey.convert("1"), "PNG"),
        (grey.convert("P"), "PNG"),
        (grey.convert("P"), "GIF"),
        (grey.convert("CMYK"), "JPEG"),
        (grey.convert("LA"), "PNG"),
        (ghost, "PNG"),
        (deep, "PNG"),
        (grey.convert("F"), "TIFF"),
        (grey, "WEBP"),
        (grey, "BMP"),
    ):
        (symbol,) = decode_photo(encoded(picture, name))
        assert symbol.gtin == GTIN, (picture.mode, name)


def test_files_that_are_no_photos(monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint leaves it
    good = encoded(on_paper(drawn("EAN-13")))
    for data in (b"", b"GIF89a", b"\xff\xd8\xff", good[: len(good) // 3], b"<svg/>", b"%PDF-1.7"):
        with pytest.raises(PictureNotReadable) as caught:
            decode_photo(data)
        assert caught.value.next_step


def test_heic_is_refused_with_advice():
    with pytest.raises(PictureFormatNotSupported) as caught:
        decode_photo(b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40)
    assert "HEIC" in caught.value.message
    with speaking("zh_CN"):
        assert "JPEG" in caught.value.next_step
        assert caught.value.next_step != caught.value.advice


def test_an_animation_is_refused():
    frames = [Image.new("L", (50, 50), shade) for shade in (0, 128, 255)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    with pytest.raises(PictureMoves):
        decode_photo(data)


def png_of(side):
    """A PNG file of zeros: a megabyte of it would be gigabytes of pixels."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", crc32(name + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels)


def test_bombs_are_refused_before_they_are_decoded():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = process_time()
    for side in (7_000, 14_200, 20_000, 2_000_000):
        with pytest.raises(PictureTooLarge):
            decode_photo(png_of(side))
    with pytest.raises(PictureTooLarge):
        decode_photo(b"\xff" * 25_000_001)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 100_000
    assert process_time() - started < 1


def test_a_large_photo_is_scaled_while_it_is_decoded():
    code = drawn("EAN-13", scale=8)
    data = encoded(on_paper(code, (6_000, 4_500), (2_400, 2_000)), quality=80)
    started = process_time()
    (symbol,) = decode_photo(data)
    assert symbol.gtin == GTIN
    assert process_time() - started < 2
