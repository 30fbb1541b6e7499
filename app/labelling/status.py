"""What a printer says when it is asked how far it is.

ZPL: ``~HS``, three lines between STX and ETX (Zebra, ZPL programming guide, "Host Status Return").
TSPL: ``<ESC>!?``, one byte of flags (TSC, TSPL programming manual, "<ESC>!?").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.kit.i18n import mark

STX, ETX = b"\x02", b"\x03"
PAPER_OUT, HEAD_OPEN = mark("It is out of labels."), mark("Its head is open.")
RIBBON_OUT, PAUSED = mark("It is out of ribbon."), mark("It is paused.")
JAMMED, FAULT = mark("The labels are jammed."), mark("It has a fault.")
TROUBLES = (PAPER_OUT, HEAD_OPEN, RIBBON_OUT, PAUSED, JAMMED, FAULT)


@dataclass(frozen=True)
class Status:
    """``waiting`` labels are still to be printed; ``trouble`` is one of TROUBLES or empty."""

    waiting: int
    trouble: str = ""


@dataclass(frozen=True)
class Inquiry:
    """How to ask: the bytes to send, when the answer is whole, and how to read it."""

    question: bytes
    is_whole: Callable[[bytes], bool]
    read: Callable[[bytes], Status | None]


def zpl_status(answer: bytes) -> Status | None:
    """None where it is no answer to ``~HS``."""
    lines = [part.partition(ETX)[0].split(b",") for part in answer.split(STX)[1:]]
    try:
        first, second = lines[0], lines[1]
        troubles = {
            PAPER_OUT: first[1] == b"1",
            HEAD_OPEN: second[2] == b"1",
            RIBBON_OUT: second[3] == b"1",
            PAUSED: first[2] == b"1",
        }
        waiting = int(first[4]) + int(second[8]) + int(first[7])
    except (IndexError, ValueError):
        return None
    return Status(waiting, next((words for words, there in troubles.items() if there), ""))


def tspl_status(answer: bytes) -> Status | None:
    """None for an empty answer."""
    if not answer:
        return None
    flags = answer[-1]
    bits = ((2, PAPER_OUT), (0, HEAD_OPEN), (3, RIBBON_OUT), (1, JAMMED), (4, PAUSED), (7, FAULT))
    trouble = next((words for bit, words in bits if flags >> bit & 1), "")
    return Status(flags >> 5 & 1, trouble)


INQUIRIES = {
    "zpl": Inquiry(b"~HS\r\n", lambda answer: answer.count(ETX) >= 3, zpl_status),  # noqa: PLR2004 - lines
    "tspl": Inquiry(b"\x1b!?\r\n", lambda answer: len(answer) > 0, tspl_status),
}
"""By printer language; a PDF printer is not asked."""
