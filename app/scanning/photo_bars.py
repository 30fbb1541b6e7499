"""A third opinion on an EAN or UPC: are the bars of this text really in the picture?

The brightness along the code is averaged over its height, laid over the bars that the text would
have, and every digit is compared with all digits that could stand there.  A decoder that misread
some lines of a bent or blurred code is found out, because other digits fit the average better.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise

from PIL import Image

from app.scanning.photo_decoders import Point
from app.scanning.photo_file import resized

# Widths of space, bar, space, bar of the digits in set A; B is C reversed, C swaps the colours.
_WIDTHS = ("3211", "2221", "2122", "1411", "1132", "1231", "1114", "1312", "1213", "3112")
# Which of sets A and B the six left digits use, by the first digit (GS1 table 5.2.1.2.2-1).
_PARITY = (
    *("AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB"),
    *("ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA"),
)
_GUARD, _MIDDLE = "101", "01010"

_SAMPLES_PER_MODULE = 6
_MARGIN = 0.1
_STRIP_HEIGHT = 32
_REACH_MODULES = 4
_LEAST_CORRELATION = 0.7
_SHIFTS = (-0.5, -0.25, 0.0, 0.25, 0.5)


def _modules(widths: str, colour: int) -> str:
    text = ""
    for width in widths:
        text += str(colour) * int(width)
        colour = 1 - colour
    return text


# Modules by set and digit, 1 for a bar.
_SETS = {
    "A": tuple(_modules(widths, 0) for widths in _WIDTHS),
    "B": tuple(_modules(widths[::-1], 0) for widths in _WIDTHS),
    "C": tuple(_modules(widths, 1) for widths in _WIDTHS),
}


@dataclass(frozen=True, slots=True)
class Proof:
    """How many digits of the text fit the bars best, out of how many, and the correlation."""

    fitting: int
    digits: int
    correlation: float

    @property
    def holds(self) -> bool:
        """Every digit fits.  Misreads fitted 9 of 12 at most, since half of a text can be right."""
        return self.fitting == self.digits and self.correlation >= _LEAST_CORRELATION


def modules_of(digits: str) -> str:
    """The bars of an EAN-13 (13 digits, a UPC-A with its leading 0) or EAN-8, 1 for a bar."""
    if len(digits) == 8:
        left = "".join(_SETS["A"][int(digit)] for digit in digits[:4])
        right = digits[4:]
    else:
        sets = _PARITY[int(digits[0])]
        left = "".join(_SETS[s][int(d)] for s, d in zip(sets, digits[1:7], strict=True))
        right = digits[7:]
    ends = "".join(_SETS["C"][int(digit)] for digit in right)
    return _GUARD + left + _MIDDLE + ends + _GUARD


def prove(picture: Image.Image, corners: tuple[Point, ...], digits: str) -> Proof:
    """How well the bars of these digits fit the picture between these corners.

    ``corners`` are top left, top right, bottom right, bottom left of the code in reading
    direction, as zxing-cpp gives them (those of zbar are too far off); ends may be off by four
    modules.  ``digits`` has 8 or 13 characters.
    """
    modules = modules_of(digits)
    profile = _Profile(picture, corners, len(modules))
    aligned = profile.align(modules)
    fitting, digits_there = profile.count_fitting(modules, aligned)
    return Proof(fitting, digits_there, aligned.correlation)


@dataclass(frozen=True, slots=True)
class _Aligned:
    """Where the text lies on the profile: start and module width in samples, bend in modules."""

    start: float
    module: float
    bend: float
    correlation: float

    def edge(self, module: float, count: int) -> float:
        along = module / count
        return self.start + self.module * (module + self.bend * 4 * along * (1 - along))


class _Profile:
    """Brightness along a code, the slow changes of the light taken out."""

    def __init__(self, picture: Image.Image, corners: tuple[Point, ...], modules: int) -> None:
        self.modules = modules
        self.inside = modules * _SAMPLES_PER_MODULE
        self.margin = round(self.inside * _MARGIN)
        strip = _straightened(picture, corners, self.inside + 2 * self.margin, self.margin)
        line = resized(strip, (strip.width, 1), Image.Resampling.BOX)
        self.sums = _flattened([float(value) for value in line.tobytes()])

    def align(self, text: str) -> _Aligned:
        """The best place of the text, coarse over start and end, then finer and with a bend."""
        step, reach = _SAMPLES_PER_MODULE // 2, _REACH_MODULES * _SAMPLES_PER_MODULE
        offsets = range(-reach, reach + 1, step)
        coarse = max(
            (self._try(text, start, end, 0.0) for start in offsets for end in offsets),
            key=lambda aligned: aligned.correlation,
        )
        start = coarse.start - self.margin
        end = start + coarse.module * self.modules - self.inside
        fine = (-2, -1, 0, 1, 2)
        return max(
            (
                self._try(text, start + first, end + last, bend)
                for bend in (-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5)
                for first in fine
                for last in fine
            ),
            key=lambda aligned: aligned.correlation,
        )

    def _try(self, text: str, start: float, end: float, bend: float) -> _Aligned:
        module = (self.inside + end - start) / self.modules
        place = _Aligned(self.margin + start, module, bend, 0.0)
        return _Aligned(place.start, module, bend, self._correlation(text, place))

    def _correlation(self, text: str, place: _Aligned) -> float:
        count = len(text)
        edges = [self._at(place.edge(number, count)) for number in range(count + 1)]
        levels = [after - before for before, after in pairwise(edges)]
        signal = sum(
            -level if bar == "1" else level for bar, level in zip(text, levels, strict=True)
        )
        power = sum(map(abs, levels))
        return signal / power if power else 0.0

    def _at(self, position: float) -> float:
        """The sum of the brightness up to this sample, between samples too."""
        position = min(max(position, 0.0), len(self.sums) - 1.001)
        whole = int(position)
        before = self.sums[whole]
        return before + (self.sums[whole + 1] - before) * (position - whole)

    def count_fitting(self, text: str, place: _Aligned) -> tuple[int, int]:
        """How many digits are the ones that fit best at their place, and of how many."""
        half = (len(text) - 11) // 14
        starts = [3 + 7 * number for number in range(half)]
        starts += [8 + 7 * number for number in range(half, 2 * half)]
        fits = [self._fits_best(text[at : at + 7], at, place) for at in starts]
        return sum(fits), len(fits)

    def _fits_best(self, wanted: str, at: int, place: _Aligned) -> bool:
        scores = {code: self._best_shift(code, at, place) for code in _ALL_CODES[wanted]}
        return scores[wanted] >= max(scores.values())

    def _best_shift(self, code: str, at: int, place: _Aligned) -> float:
        return max(self._score(code, at + shift, place) for shift in _SHIFTS)

    def _score(self, code: str, at: float, place: _Aligned) -> float:
        edges = [self._at(place.edge(at + number, self.modules)) for number in range(8)]
        levels = [after - before for before, after in pairwise(edges)]
        return sum(-level if bar == "1" else level for bar, level in zip(code, levels, strict=True))


def _siblings() -> dict[str, tuple[str, ...]]:
    """The codes that could stand in the place of a code: those that start with its colour."""
    every = {code for codes in _SETS.values() for code in codes}
    every |= {code[::-1] for code in every}
    return {code: tuple(other for other in every if other[0] == code[0]) for code in every}


_ALL_CODES = _siblings()


def _flattened(line: list[float]) -> list[float]:
    """Running sums of the line minus its local mean, over its local contrast."""
    reach = 12 * _SAMPLES_PER_MODULE
    sums = [0.0, *accumulate(line)]
    squares = [0.0, *accumulate(value * value for value in line)]
    flat: list[float] = []
    for at, value in enumerate(line):
        first, last = max(0, at - reach), min(len(line), at + reach + 1)
        mean = (sums[last] - sums[first]) / (last - first)
        spread = (squares[last] - squares[first]) / (last - first) - mean * mean
        flat.append((value - mean) / max(spread, 1.0) ** 0.5)
    return [0.0, *accumulate(flat)]


def _straightened(
    picture: Image.Image, corners: tuple[Point, ...], width: int, margin: int
) -> Image.Image:
    """The code as an upright strip with margins at both ends."""
    top_left, top_right, bottom_right, bottom_left = corners
    part = margin / (width - 2 * margin)
    ends = (
        _beyond(top_left, top_right, part),
        _beyond(bottom_left, bottom_right, part),
        _beyond(bottom_right, bottom_left, part),
        _beyond(top_right, top_left, part),
    )
    quad = tuple(value for point in ends for value in point)
    return picture.transform(
        (width, _STRIP_HEIGHT), Image.Transform.QUAD, quad, Image.Resampling.BILINEAR
    )


def _beyond(near: Point, far: Point, part: float) -> Point:
    return near[0] - (far[0] - near[0]) * part, near[1] - (far[1] - near[1]) * part
