"""Codes in a photo: treat it, look with both decoders, believe what they agree on.

Looks at the whole photo until something is believed, with a close look at each text that only
one decoder saw; stops when time is up.  Nothing is better than a wrong text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic, thread_time

from PIL import Image

from app.scanning.parse import parse
from app.scanning.photo_bars import prove
from app.scanning.photo_consensus import Ballot, Candidate
from app.scanning.photo_decoders import BOTH, ZBAR, ZXING, Point, read_with
from app.scanning.photo_file import open_picture
from app.scanning.photo_treatments import Treatment, close_looks, looks_at

# Processor time, so that a busy machine reads as many photos as an idle one.  One look at a large
# photo takes up to 300 ms on a slow core, so this leaves room below 2 s.
TIME_LIMIT_S = 1.5
# Nobody waits longer than this.
PATIENCE_S = 8.0

# A check of the bars takes longer than a look: first see whether the decoders agree by themselves.
_LOOKS_BEFORE_PROOF = 4
_PROVABLE = frozenset({"EAN-13", "UPC-A", "EAN-8"})

_CLOSE_SIDE = 700
_MOST_CLOSE_LOOKS = 2
_ENLARGEMENT = 3.0


@dataclass(frozen=True, slots=True)
class Symbol:
    """One code in a photo.

    ``text`` is what it says, FNC1 as 0x1D; ``symbology`` one of QR, EAN-13, EAN-8, UPC-A, UPC-E,
    Code128, Code39, ITF, DataMatrix, DataBar, DataBarExpanded; ``gtin`` the GTIN-14 that it
    carries, if it does; ``polygon`` its corners in pixels of the upright photo as it was worked
    on (longest side at most 1,600), ``identifier`` the AIM symbology identifier, if known.
    """

    text: str
    symbology: str
    gtin: str | None
    polygon: tuple[tuple[int, int], ...]
    identifier: str = ""

    @property
    def scanned(self) -> str:
        """What a scanner would have sent: identifier and text."""
        return self.identifier + self.text.removeprefix("\x1d") if self.identifier else self.text


def decode_photo(data: bytes) -> list[Symbol]:
    """The codes in a picture file, from top to bottom.

    Refuses files that are no fit photo with a problem (see ``photo_file.open_picture``).
    """
    with open_picture(data) as picture:
        return decode_picture(picture)


def decode_picture(picture: Image.Image, time_limit_s: float = TIME_LIMIT_S) -> list[Symbol]:
    """The codes in an 8-bit grey picture, from top to bottom."""
    search = _Search(picture, time_limit_s)
    search.run()
    return [_symbol(candidate) for candidate in search.ballot.believed()]


def _symbol(candidate: Candidate) -> Symbol:
    return Symbol(
        text=candidate.text,
        symbology=candidate.symbology,
        gtin=_gtin(candidate),
        polygon=tuple((round(x), round(y)) for x, y in candidate.points),
        identifier=candidate.identifier,
    )


def _gtin(candidate: Candidate) -> str | None:
    plain = candidate.symbology in ("EAN-13", "EAN-8", "UPC-A", "UPC-E", "DataBar")
    text = candidate.text if plain else candidate.identifier + candidate.text.lstrip("\x1d")
    parsed = parse(text)
    return parsed.gtin if parsed.valid else None


class _Search:
    """The looks at one photo."""

    def __init__(self, picture: Image.Image, time_limit_s: float) -> None:
        self.picture = picture
        self.limits = thread_time() + time_limit_s, monotonic() + PATIENCE_S
        self.ballot = Ballot()
        self.close_looks: dict[tuple[str, str], int] = {}

    def run(self) -> None:
        for number, treatment in enumerate(looks_at(self.picture.size)):
            self._look(treatment, prove=number >= _LOOKS_BEFORE_PROOF)
            if number == _LOOKS_BEFORE_PROOF:
                self._prove_earlier()
            if self._is_over():
                return

    def _is_over(self) -> bool:
        settled = bool(self.ballot.believed()) and not self.ballot.open()
        return settled or self._is_late()

    def _is_late(self) -> bool:
        return thread_time() > self.limits[0] or monotonic() > self.limits[1]

    def _look(self, treatment: Treatment, *, prove: bool) -> None:
        treated = treatment.apply(self.picture)
        to_photo = treatment.to_source(self.picture.size, treated.size)
        reads = read_with(BOTH, treated)
        self.ballot.add(reads, treatment.name, to_photo)
        places = {(read.key, read.decoder): read.points for read in reads}
        for candidate in self.ballot.open():
            at_zxing = places.get((candidate.key, ZXING), ())
            at = at_zxing or places.get((candidate.key, ZBAR), ())
            if prove and at_zxing and candidate.symbology in _PROVABLE:
                self._prove(candidate, treated, at_zxing)
            elif at and (prove or candidate.symbology not in _PROVABLE):
                self._look_close(candidate, treated, at, to_photo)

    def _prove_earlier(self) -> None:
        """Texts that only zxing-cpp saw so far get their bars checked."""
        for candidate in self.ballot.open():
            if candidate.symbology in _PROVABLE and candidate.corners:
                self._prove(candidate, self.picture, candidate.corners)

    def _prove(
        self, candidate: Candidate, picture: Image.Image, corners: tuple[Point, ...]
    ) -> None:
        if not self._is_late():
            digits = candidate.text if len(candidate.text) == 8 else candidate.text.zfill(13)
            candidate.proven = candidate.proven or prove(picture, corners, digits).holds

    def _look_close(
        self,
        candidate: Candidate,
        treated: Image.Image,
        points: tuple[Point, ...],
        to_photo: Callable[[Point], Point],
    ) -> None:
        key = candidate.key
        self.close_looks[key] = self.close_looks.get(key, 0) + 1
        if self.close_looks[key] > _MOST_CLOSE_LOOKS:
            return
        box = _surroundings(points, treated.size)
        with treated.crop(box) as cut:
            scale = min(_ENLARGEMENT, max(1.0, _CLOSE_SIDE / max(cut.size)))
            for treatment in close_looks(scale):
                closer = treatment.apply(cut)
                back = _chain(treatment.to_source(cut.size, closer.size), box, to_photo)
                reads = read_with(_whom_to_ask(candidate), closer)
                self.ballot.add(reads, f"close {self.close_looks[key]} {treatment.name}", back)
                if self._is_settled(candidate, treatment) or self._is_late():
                    return

    def _is_settled(self, candidate: Candidate, treatment: Treatment) -> bool:
        # A slanted ITF shows fragments first: it takes every angle to see the longest.
        all_angles_seen = candidate.symbology != "ITF" or treatment.filter != "plain"
        return all_angles_seen and candidate not in self.ballot.open()


def _whom_to_ask(candidate: Candidate) -> tuple[str, ...]:
    """The decoder that has not seen the text; both where more sights of either count."""
    if candidate.symbology in _PROVABLE or candidate.symbology in ("UPC-E", "Code39"):
        return (ZBAR,) if candidate.sights[ZXING] else (ZXING,)
    return (ZXING,) if candidate.symbology.startswith("DataBar") else BOTH


def _chain(
    to_cut: Callable[[Point], Point],
    box: tuple[int, int, int, int],
    to_photo: Callable[[Point], Point],
) -> Callable[[Point], Point]:
    """From points of a treated cut-out to those of the photo."""

    def back(point: Point) -> Point:
        x, y = to_cut(point)
        return to_photo((x + box[0], y + box[1]))

    return back


def _surroundings(points: tuple[Point, ...], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """A square around the points that holds a linear code even when they lie on one line."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    reach = 0.75 * max(max(xs) - min(xs), max(ys) - min(ys)) + 10
    x, y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    left, top = max(0, int(x - reach)), max(0, int(y - reach))
    return left, top, min(size[0], int(x + reach) + 1), min(size[1], int(y + reach) + 1)
