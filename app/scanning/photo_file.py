"""Picture files into one small grey picture, with memory and time bounded before decoding."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from app.scanning.problems import (
    PictureFormatNotSupported,
    PictureMoves,
    PictureNotReadable,
    PictureTooLarge,
)

MAXIMUM_BYTES = 25_000_000
# JPEG is scaled down while it is decoded; other formats are decoded whole, 3 bytes a pixel.
MAXIMUM_PIXELS = {"JPEG": 80_000_000, "MPO": 80_000_000}
MAXIMUM_PIXELS_DECODED_WHOLE = 40_000_000

# The longest side that is worked on: a code that fills a third of the photo stays sharp.
WORKING_SIDE = 1_600

_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")
# Phones write a second, small picture into the same file; only these formats do.
_SEVERAL_PICTURES_ARE_FINE = ("MPO", "TIFF")
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_WHITE = 255


def open_picture(data: bytes) -> Image.Image:
    """The picture in this file as 8-bit grey, upright, its longest side at most WORKING_SIDE.

    Refuses with a problem: PictureTooLarge, PictureFormatNotSupported, PictureMoves or
    PictureNotReadable.  Size and format are known before any pixel is decoded.
    """
    return _made(data, _grey)


def open_coloured(data: bytes, side: int) -> Image.Image:
    """The picture in this file in colour, upright, its longest side at most ``side``.

    Nothing but pixels is taken over: no place, no time, no camera.  Refuses as ``open_picture``.
    """
    return _made(data, lambda picture: _coloured(picture, side))


def _made(data: bytes, make: Callable[[Image.Image], Image.Image]) -> Image.Image:
    _refuse_by_first_bytes(data)
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            _refuse_by_header(picture)
            return make(picture)
    except UnidentifiedImageError:
        raise PictureNotReadable from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(2 * (Image.MAX_IMAGE_PIXELS or 0), 0) from None
    # The decoders of single formats raise what they like on damaged data.
    except (OSError, SyntaxError, ValueError, TypeError, ArithmeticError, LookupError) as error:
        raise PictureNotReadable from error


def _refuse_by_first_bytes(data: bytes) -> None:
    if len(data) > MAXIMUM_BYTES:
        raise PictureTooLarge(
            size=f"{len(data) // 1_000_000} MB", limit=f"{MAXIMUM_BYTES // 1_000_000} MB"
        )
    if data[4:8] == b"ftyp":
        brand = data[8:12]
        name = "HEIC" if brand in _HEIC_BRANDS else brand.decode("ascii", "replace").strip()
        raise PictureFormatNotSupported(format=name.upper())


def _refuse_by_header(picture: Image.Image) -> None:
    limit = MAXIMUM_PIXELS.get(picture.format or "", MAXIMUM_PIXELS_DECODED_WHOLE)
    pixels = picture.width * picture.height
    if pixels > limit:
        raise _too_many_pixels(pixels, limit)
    moves = getattr(picture, "is_animated", False)
    if moves and picture.format not in _SEVERAL_PICTURES_ARE_FINE:
        raise PictureMoves


def _too_many_pixels(pixels: int, limit: int) -> PictureTooLarge:
    most = limit or MAXIMUM_PIXELS_DECODED_WHOLE
    return PictureTooLarge(size=f"{pixels // 1_000_000} MP", limit=f"{most // 1_000_000} MP")


def _grey(picture: Image.Image) -> Image.Image:
    # JPEG decodes to half, a quarter or an eighth right away; others ignore the wish.
    picture.draft("L", (WORKING_SIDE, WORKING_SIDE))
    # WeasyPrint, in the same process, turns this on for everybody: half a photo would pass as one.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    picture.load()
    grey = shrink(_flattened(picture), WORKING_SIDE)
    # A broken EXIF block is no reason to refuse the photo.
    with suppress(OSError, SyntaxError, ValueError, TypeError, ArithmeticError, LookupError):
        grey.getexif().update(picture.getexif())
        return ImageOps.exif_transpose(grey)
    return grey


def _coloured(picture: Image.Image, side: int) -> Image.Image:
    picture.draft("RGB", (side, side))
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    picture.load()
    # A broken EXIF block is no reason to refuse the photo.
    with suppress(OSError, SyntaxError, ValueError, TypeError, ArithmeticError, LookupError):
        picture = ImageOps.exif_transpose(picture)
    layer = picture.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer.getchannel("A"))
    return shrink(paper, side)


def _flattened(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I") or picture.mode == "F":
        return _from_deep(picture)
    if picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        paper = Image.new("L", layer.size, _WHITE)
        paper.paste(layer.convert("L"), mask=layer.getchannel("A"))
        return paper
    return picture.convert("L")


def _from_deep(picture: Image.Image) -> Image.Image:
    """8 bits out of 16 or 32: the range that is there is spread over the range that we have."""
    deep = picture.convert("F")
    lowest, highest = deep.getextrema()
    if not isinstance(lowest, (int, float)) or not isinstance(highest, (int, float)):
        raise PictureNotReadable
    spread = max(highest - lowest, 1)
    scale, offset = _WHITE / spread, -lowest * _WHITE / spread
    # Pillow's types name numpy's, which we do not need.
    bright = deep.point(lambda value: value * scale + offset)  # pyright: ignore[reportUnknownMemberType]
    return bright.convert("L")


def shrink(picture: Image.Image, side: int) -> Image.Image:
    """The picture with its longest side at most this long; itself when it is."""
    longest = max(picture.size)
    if longest <= side:
        return picture
    size = (max(1, picture.width * side // longest), max(1, picture.height * side // longest))
    return resized(picture, size, Image.Resampling.LANCZOS)


def resized(
    picture: Image.Image, size: tuple[int, int], resampling: Image.Resampling
) -> Image.Image:
    """The picture in another size."""
    # Pillow's types name numpy's, which we do not need.
    return picture.resize(  # pyright: ignore[reportUnknownMemberType]
        size, resampling, reducing_gap=2.0
    )
