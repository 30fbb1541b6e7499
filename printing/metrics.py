"""How wide text will be: the advance widths of Noto Sans CJK SC, in thousandths of the size.

Lines are broken here rather than by the renderer, so that what is cut is cut visibly and the same
lines can go to a label printer's own language.
"""

import re
import unicodedata
from functools import lru_cache

# hmtx of NotoSansCJK-Regular.ttc and -Bold.ttc, characters 32 to 126.
_REGULAR = (
    "224 323 474 555 555 921 680 278 338 338 467 555 278 347 278 392 555 555 555 555 555 555 555"
    " 555 555 555 278 278 555 555 555 474 946 608 657 638 688 589 552 689 728 293 535 646 543 812"
    " 723 742 633 742 635 596 599 721 575 878 573 531 603 338 392 338 555 559 606 563 618 510 620"
    " 554 325 564 607 275 275 552 284 926 610 606 620 620 388 468 377 607 521 802 498 521 475 338"
    " 270 338 555"
)
_BOLD = (
    "227 370 574 590 590 963 740 325 378 378 507 590 325 370 325 387 590 590 590 590 590 590 590"
    " 590 590 590 325 325 590 590 590 514 1007 641 681 656 714 615 585 717 757 330 568 686 578 853"
    " 749 770 667 770 682 624 625 748 619 915 627 580 613 378 387 378 590 567 626 591 644 527 644"
    " 581 372 597 640 304 306 604 315 964 641 626 644 644 436 495 421 637 576 863 562 574 511 378"
    " 296 378 590"
)
_WIDE = 1000
_OTHER = 700
_EMOJI = 1400
_FIRST_EMOJI = "\U0001f000"
ELLIPSIS = "…"
_PIECE = re.compile(
    r"[\u2e80-\uffef][）」』】》、。，：；！？…]*|[^\s\u2e80-\uffef-]*[\s-]|[^\s\u2e80-\uffef-]+"
)


@lru_cache(maxsize=8192)
def width_of(text: str, *, bold: bool = False) -> int:
    """Advance width in thousandths of the font size; generous for characters of other fonts."""
    return sum(map(_WIDTHS[bold].__getitem__, text))


def wrapped(text: str, room: int, max_lines: int, *, bold: bool = False) -> tuple[str, ...]:
    """Lines at most `room` wide (thousandths); what is left over ends in an ellipsis."""
    lines = _broken(_pieces(clean(text)), room, bold=bold)
    if len(lines) <= max_lines:
        return tuple(lines)
    rest = "".join(lines[max_lines - 1 :])
    return (*lines[: max_lines - 1], shortened(rest, room, bold=bold))


def wrapped_code(text: str, room: int) -> tuple[str, ...]:
    """Lines of a code's human-readable text: whole, broken before a bracket where possible."""
    whole = clean(text)
    if width_of(whole) <= room:
        return (whole,)
    return tuple(_broken(re.findall(r"\(\d{2,4}\)[^(]*|.[^(]*", whole), room, bold=False))


def shortened(text: str, room: int, *, bold: bool = False) -> str:
    """The text with its end replaced by an ellipsis until it fits in `room` thousandths."""
    if width_of(text, bold=bold) <= room:
        return text
    used = _WIDE
    for place, character in enumerate(text):
        used += width_of(character, bold=bold)
        if used > room:
            return text[:place].rstrip() + ELLIPSIS
    return text


@lru_cache(maxsize=8192)
def clean(text: str) -> str:
    """One line of printable characters: controls and odd spaces become single spaces."""
    if text.isprintable():
        return " ".join(text.split())
    visible = "".join(" " if unicodedata.category(c) in _UNSEEN else c for c in text)
    return " ".join(visible.split())


_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})


def _unusual_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    if character >= _FIRST_EMOJI:
        return _EMOJI
    wide = unicodedata.east_asian_width(character) in ("W", "F", "A")
    return _WIDE if wide else _OTHER


class _Widths(dict[str, int]):
    """The width of every character, ASCII from the font's own table."""

    def __init__(self, ascii_widths: str) -> None:
        super().__init__(
            (chr(code), int(width)) for code, width in enumerate(ascii_widths.split(), ord(" "))
        )

    def __missing__(self, character: str) -> int:
        """Worked out once."""
        width = self[character] = _unusual_width(character)
        return width


_WIDTHS = {False: _Widths(_REGULAR), True: _Widths(_BOLD)}


def _pieces(text: str) -> list[str]:
    """Where a line may break: after a space or hyphen, and around each wide character.

    Closing punctuation stays with what it closes: it must not begin a line (GB/T 15834).
    """
    return _PIECE.findall(text)


def _broken(pieces: list[str], room: int, *, bold: bool) -> list[str]:
    lines = [""]
    used = 0
    parts = (part for piece in pieces for part in _split(piece, room, bold=bold))
    for part in parts:
        if lines[-1] and used + width_of(part.rstrip(), bold=bold) > room:
            lines.append("")
            used = 0
        lines[-1] += part
        used += width_of(part, bold=bold)
    return [line.rstrip() for line in lines]


def _split(piece: str, room: int, *, bold: bool) -> list[str]:
    """A piece wider than a line, cut into parts that each fit."""
    if width_of(piece.rstrip(), bold=bold) <= room:
        return [piece]
    return _broken(list(piece), room, bold=bold) if len(piece) > 1 else [piece]
