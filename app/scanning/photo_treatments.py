"""Ways to treat a picture before a decoder looks at it, and the way back for points."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image, ImageFilter, ImageOps

from app.scanning.photo_decoders import Point
from app.scanning.photo_file import resized

# Black corners: beside white ones, zxing-cpp loses slanted codes that it reads beside black.
_CORNERS = 0
_STRIPE = 10

Filter = Callable[[Image.Image], Image.Image]


def _plain(picture: Image.Image) -> Image.Image:
    return picture


def _sharp(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.UnsharpMask(radius=2, percent=250, threshold=0))


def _very_sharp(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.UnsharpMask(radius=4, percent=400, threshold=0))


def _blurred(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(1))


def _contrast(picture: Image.Image) -> Image.Image:
    return ImageOps.autocontrast(picture, cutoff=2)


def _smeared(picture: Image.Image) -> Image.Image:
    """Rows averaged in stripes, then sharpened: takes noise and defocus out of upright bars."""
    stripes = (picture.width, max(1, picture.height // _STRIPE))
    flat = resized(picture, stripes, Image.Resampling.BOX)
    return _very_sharp(resized(flat, picture.size, Image.Resampling.BILINEAR))


FILTERS: dict[str, Filter] = {
    "plain": _plain,
    "sharp": _sharp,
    "very sharp": _very_sharp,
    "blurred": _blurred,
    "contrast": _contrast,
    "smeared": _smeared,
}


@dataclass(frozen=True, slots=True)
class Treatment:
    """Scale, then turn counter-clockwise by whole degrees, then filter."""

    scale: float = 1.0
    angle: int = 0
    filter: str = "plain"

    @property
    def name(self) -> str:
        return f"{self.scale:.2f}x {self.angle}° {self.filter}"

    def apply(self, picture: Image.Image) -> Image.Image:
        treated = picture
        if self.scale != 1:
            size = self._scaled(picture.size)
            treated = resized(treated, size, Image.Resampling.BICUBIC)
        if self.angle:
            treated = treated.rotate(
                self.angle, Image.Resampling.BICUBIC, expand=True, fillcolor=_CORNERS
            )
        return FILTERS[self.filter](treated)

    def to_source(
        self, size: tuple[int, int], treated: tuple[int, int]
    ) -> Callable[[Point], Point]:
        """From points of the treated picture to those of the picture of this size."""
        width, height = self._scaled(size)
        turn = math.radians(self.angle)
        cosine, sine = math.cos(turn), math.sin(turn)

        def back(point: Point) -> Point:
            x, y = point[0] - treated[0] / 2, point[1] - treated[1] / 2
            turned = (x * cosine - y * sine, x * sine + y * cosine)
            return (
                (turned[0] + width / 2) * size[0] / width,
                (turned[1] + height / 2) * size[1] / height,
            )

        return back

    def _scaled(self, size: tuple[int, int]) -> tuple[int, int]:
        return max(1, round(size[0] * self.scale)), max(1, round(size[1] * self.scale))


# Decoders look along rows and columns, so 45 degrees is as far as a code can be from both.
_SECOND_LOOKS = (
    Treatment(angle=45),
    Treatment(filter="sharp"),
    Treatment(angle=20),
    Treatment(angle=-20),
    Treatment(filter="blurred"),
    Treatment(angle=33),
    Treatment(angle=-33),
    Treatment(angle=10, filter="sharp"),
    Treatment(angle=-10),
    Treatment(filter="contrast"),
)
_MIDDLE_SIDE = 1_000
_LARGE_SIDE = 1_200
_SMALL_SIDE = 700


def looks_at(size: tuple[int, int]) -> Iterator[Treatment]:
    """Treatments of a whole picture of this size, the most promising first."""
    longest = max(size)
    middle = min(1.0, _MIDDLE_SIDE / longest)
    if longest > _LARGE_SIDE:
        yield Treatment(scale=middle)
    yield Treatment()
    twice = 2.0 if longest <= _MIDDLE_SIDE else 1.0
    for number, look in enumerate(_SECOND_LOOKS):
        yield Treatment(middle, look.angle, look.filter)
        if number == 0 and twice > 1:
            yield Treatment(twice)
    if longest <= _SMALL_SIDE:
        yield Treatment(3.0)
    yield Treatment(twice, 0, "very sharp")
    yield Treatment(twice, 0, "smeared")
    yield Treatment(twice, 45)


# A close look turns a little either way: a decoder is surest where bars stand upright.
_CLOSE_ANGLES = (0, 12, -12, 24, -24, 36, -36)
_CLOSE_FILTERS = ("plain", "sharp", "blurred")


def close_looks(enlargement: float) -> Iterator[Treatment]:
    """Treatments of a cut-out that holds one code: as it is and enlarged, blur reads smaller."""
    for name in _CLOSE_FILTERS:
        for angle in _CLOSE_ANGLES:
            yield Treatment(1.0, angle, name)
            if enlargement > 1:
                yield Treatment(enlargement, angle, name)
