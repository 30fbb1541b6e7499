"""What reading radio tags can refuse."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Gone, Problem, Unreadable


class NoSuchSession(Gone):
    code = "no_such_rfid_session"
    text = mark("There is no such reading session in your stores.")
    advice = mark("Choose one from the list.")


class SessionClosed(Problem):
    code = "rfid_session_closed"
    text = mark("The reading session {name} is closed.")
    advice = mark("Let the reader begin another session: send another name, or none.")


class TooManyReads(Unreadable):
    code = "too_many_reads"
    text = mark("{given} reads were sent at once.")
    advice = mark("Send at most {most} in one request, the rest in further ones.")


class ReadsUnusable(Unreadable):
    """``fields`` maps the place of each wrong part, such as ``reads.3.read_at``, to a reason."""

    code = "reads_unusable"
    text = mark("The reads cannot be understood; nothing was counted.")
    advice = mark("Send session, reader and reads, each with epc, antenna, read_at and rssi.")


class EpcNotEncodable(Unreadable):
    code = "epc_not_encodable"
    text = mark("No tag can hold this: {reason}")
    advice = mark("Send gtin and serial, or sscc, or epc_uri; a serial of digits fits every tag.")
