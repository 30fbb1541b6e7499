"""Commands of the ledger itself: what no document stands behind."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from app.kit import sql
from app.kit.transactions import Envelope
from app.ledger.movements import Posted
from app.ledger.posting import QUERIES, reverse
from app.ledger.problems import MoveOfDocument, ReasonLength, ReasonMissing

LONGEST_REASON = 200
# Lines that only say where a move came from.  Every other document keeps count of its moves.
_KEEP_NO_COUNT = frozenset({None, "import_row"})


@dataclass(frozen=True)
class ReverseMove:
    """Take a movement back.  ``reason`` is what a person says about it, 1 to 200 characters."""

    move_id: int
    reason: str


def reverse_move(session: Session, command: ReverseMove, envelope: Envelope) -> Posted:
    """Post the mirror image at the value that the movement had.

    A movement of a document line is refused: its document keeps count of it, so it is taken back
    there (a receipt's in receiving).

    Raises:
        ReasonMissing, ReasonLength, MoveOfDocument, and what ``posting.reverse`` refuses.
    """
    return reverse(session, envelope, command.move_id, refuse_reversal(session, command))


def refuse_reversal(session: Session, command: ReverseMove) -> str:
    """The reason on one line, of a movement that is taken back by itself.

    Raises:
        ReasonMissing, ReasonLength, MoveOfDocument.
    """
    reason = " ".join(command.reason.split())
    if not reason:
        raise ReasonMissing
    if len(reason) > LONGEST_REASON:
        raise ReasonLength(longest=LONGEST_REASON)
    kind = sql.value(session, QUERIES["document_of_move"], {"move_id": command.move_id})
    if not stands_alone(kind):
        raise MoveOfDocument(document=kind)
    return reason


def stands_alone(line_kind: str | None) -> bool:
    """Whether a move with this kind of line is taken back by itself, not in its document."""
    return line_kind in _KEEP_NO_COUNT
