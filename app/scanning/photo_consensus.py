"""Which of the texts that the decoders saw are to be believed.

A check digit does not catch a misread (0912568509256 was read off a 6921168509256 bottle, in many
treatments of the photo), and Code 39 and ITF have none: a fragment of a slanted ITF reads like a
whole one.  A text is believed by what its symbology can prove and by who saw it how often.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from app.scanning.parse import parse
from app.scanning.photo_decoders import ZBAR, ZXING, Point, Read

# Error correction proves the text, one sight is enough.
_PROVEN = frozenset({"QR", "DataMatrix"})
_SHORTEST_ITF = 6
_SHORTEST_CODE39 = 3
# Sights by one decoder alone that count as much as one sight by each.  EAN and UPC are not here:
# misreads with a right check digit came back in every second treatment.  zbar reads no DataBar.
_ALONE = {"Code128": 3, "DataBar": 2, "DataBarExpanded": 2}

ToPhoto = Callable[[Point], Point]


@dataclass(slots=True)
class Candidate:
    """One text and everything that speaks for it; ``at`` is its centre in the whole photo."""

    symbology: str
    text: str
    identifier: str = ""
    points: tuple[Point, ...] = ()
    at: Point = (0.0, 0.0)
    width: float = 0.0
    corners: tuple[Point, ...] = ()
    proven: bool = False
    sights: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @property
    def key(self) -> tuple[str, str]:
        return self.symbology, self.text.lstrip("\x1d")

    @property
    def seen_by_both(self) -> bool:
        return bool(self.sights[ZXING]) and bool(self.sights[ZBAR])

    @property
    def is_sure(self) -> bool:
        """True when two opinions agree: both decoders, or one and the bars themselves."""
        return self.seen_by_both or self.proven

    @property
    def is_phantom(self) -> bool:
        """True for a UPC-E by one decoder: zxing-cpp sees the same ones inside longer codes."""
        return self.symbology == "UPC-E" and not self.seen_by_both

    @property
    def is_whole_label(self) -> bool:
        """False for element strings that lack what belongs to them."""
        return self.symbology != "DataBarExpanded" or not parse("]e0" + self.text).warnings

    @property
    def votes(self) -> int:
        return len(self.sights[ZXING]) + len(self.sights[ZBAR])

    def overlaps(self, other: Candidate) -> bool:
        """True when both texts cannot be right: read at one place, or one a piece of the other."""
        both_itf = self.symbology == other.symbology == "ITF"
        if both_itf and (self.text in other.text or other.text in self.text):
            return True
        apart = max(abs(self.at[0] - other.at[0]), abs(self.at[1] - other.at[1]))
        return apart < max(self.width, other.width) / 2 + 1


class Ballot:
    """Collects reads and says which texts are believed, open or beaten."""

    def __init__(self) -> None:
        self.candidates: dict[tuple[str, str], Candidate] = {}

    def add(self, reads: Iterable[Read], treatment: str, to_photo: ToPhoto) -> list[Candidate]:
        """Count reads of one treated picture; answers the candidates that they speak for."""
        touched: dict[tuple[str, str], Candidate] = {}
        for read in reads:
            if not _plausible(read):
                continue
            candidate = self.candidates.get(read.key)
            if candidate is None:
                candidate = self._new(read, to_photo)
            if read.identifier:
                candidate.identifier, candidate.text = read.identifier, read.text
            if read.decoder == ZXING:
                candidate.corners = tuple(to_photo(point) for point in read.points)
            candidate.sights[read.decoder].add(treatment)
            touched[read.key] = candidate
        return list(touched.values())

    def _new(self, read: Read, to_photo: ToPhoto) -> Candidate:
        points = tuple(to_photo(point) for point in read.points)
        xs, ys = [x for x, _ in points], [y for _, y in points]
        candidate = Candidate(read.symbology, read.text, read.identifier, points)
        candidate.at = (sum(xs) / len(xs), sum(ys) / len(ys))
        candidate.width = max(max(xs) - min(xs), max(ys) - min(ys))
        self.candidates[read.key] = candidate
        return candidate

    def believed(self) -> list[Candidate]:
        """Texts with enough behind them and nothing as strong against them, in reading order."""
        sure = [c for c in self.candidates.values() if self._is_believed(c)]
        return sorted(sure, key=lambda c: (c.at[1], c.at[0]))

    def open(self) -> list[Candidate]:
        """Texts that were seen, are not believed yet and not beaten by one that is."""
        sure = self.believed()
        everyone = list(self.candidates.values())
        return [
            c
            for c in everyone
            if c not in sure
            and not any(c.overlaps(winner) for winner in sure)
            and not (
                c.is_phantom and any(c.overlaps(rival) for rival in everyone if rival is not c)
            )
        ]

    def _is_believed(self, candidate: Candidate) -> bool:
        if not _has_enough(candidate):
            return False
        rivals = [
            c for c in self.candidates.values() if c is not candidate and c.overlaps(candidate)
        ]
        return not any(_beats(rival, candidate) for rival in rivals)


def _plausible(read: Read) -> bool:
    """False for texts that their symbology cannot carry, or that are too short to trust."""
    if read.symbology == "ITF":
        return len(read.text) >= _SHORTEST_ITF
    if read.symbology == "Code39":
        return len(read.text) >= _SHORTEST_CODE39
    if read.symbology == "DataBarExpanded":
        return parse("]e0" + read.text).valid
    return True


def _has_enough(candidate: Candidate) -> bool:
    if candidate.symbology in _PROVEN:
        return True
    if candidate.symbology == "ITF":
        # Both decoders can agree on a fragment in one slanted picture, so one is not enough.
        return candidate.seen_by_both and candidate.votes > len(candidate.sights)
    alone = _ALONE.get(candidate.symbology)
    return candidate.is_sure or (alone is not None and candidate.votes >= alone)


def _beats(rival: Candidate, candidate: Candidate) -> bool:
    """True when the other text at the same place is at least as likely the real one."""
    for better in _PRECEDENCE:
        if better(rival) != better(candidate):
            return better(rival)
    if rival.symbology == candidate.symbology == "ITF" and len(rival.text) != len(candidate.text):
        return len(rival.text) > len(candidate.text)
    # Without a second opinion it is one decoder against the other, or against itself.
    return not candidate.is_sure or rival.votes >= candidate.votes


# What decides between two texts at one place, the weightiest first.
_PRECEDENCE: tuple[Callable[[Candidate], bool], ...] = (
    lambda candidate: candidate.symbology in _PROVEN,
    lambda candidate: not candidate.is_phantom,
    lambda candidate: candidate.is_whole_label,
    lambda candidate: candidate.is_sure,
)
