"""One TCP connection to a printer: what it took, and what became of the connection.

A printer has no answer to a label.  What can be known: that it took the bytes off our hands, that
it stopped taking them, or that it broke off.
"""

from __future__ import annotations

import fcntl
import select
import socket
import struct
import termios
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

from app.labelling.problems import PrinterClosed, PrinterNotReached, PrinterStalled
from app.labelling.status import Inquiry, Status

_LOOK_SECONDS = 0.02
_CHUNK = 4096
_ANSWER_BYTES = 4096


@dataclass(frozen=True)
class Patience:
    """How long each thing may take, in seconds.

    ``idle_seconds`` bounds the wait for a printer that has labels left and prints none of them.
    """

    connect_seconds: float = 5.0
    send_seconds: float = 30.0
    answer_seconds: float = 2.0
    idle_seconds: float = 20.0
    look_seconds: float = 0.25
    close_seconds: float = 1.0


@contextmanager
def connected(places: Sequence[str], port: int, patience: Patience) -> Generator[Wire]:
    """A connection to the first of the addresses that answers.

    Raises:
        PrinterNotReached: none of them does.
    """
    for place in places:
        try:
            reached = socket.create_connection((place, port), patience.connect_seconds)
        except OSError:
            continue
        with reached:
            yield Wire(reached, patience)
        return
    raise PrinterNotReached(host=places[0] if places else "", port=port)


class Wire:
    """An open connection; made by ``connected``."""

    def __init__(self, reached: socket.socket, patience: Patience) -> None:
        self._socket, self._patience = reached, patience
        self._inbox = b""

    def send(self, content: bytes) -> None:
        """Returns when the printer has taken every byte.

        Raises:
            PrinterStalled: it takes no more.
            PrinterClosed: it broke off; how much it had, nobody knows.
        """
        self._socket.settimeout(self._patience.send_seconds)
        try:
            self._socket.sendall(content)
            self._wait_until_taken()
        except TimeoutError as error:
            raise PrinterStalled from error
        except OSError as error:
            raise PrinterClosed from error

    def ask(self, inquiry: Inquiry) -> Status | None:
        """How far it is; None where it does not say so in time.

        Raises:
            PrinterClosed, PrinterStalled.
        """
        self._inbox = b""
        self.send(inquiry.question)
        end = monotonic() + self._patience.answer_seconds
        while not inquiry.is_whole(self._inbox):
            left = end - monotonic()
            if left <= 0:
                return None
            self._look(left)
        return inquiry.read(self._inbox)

    def finish(self) -> None:
        """Say that nothing more comes, and hear whether it broke off instead.

        Raises:
            PrinterClosed: it threw away what it had not read yet.
        """
        end = monotonic() + self._patience.close_seconds
        try:
            self._socket.shutdown(socket.SHUT_WR)
            while (left := end - monotonic()) > 0:
                self._look(left)
        except PrinterClosed as closed:
            # Its own end of the conversation, unless an error of the system stands behind it.
            if closed.__cause__ is not None:
                raise
        except OSError as error:
            raise PrinterClosed from error

    def _wait_until_taken(self) -> None:
        end = monotonic() + self._patience.send_seconds
        while self._unsent():
            if monotonic() > end:
                raise TimeoutError
            self._look(_LOOK_SECONDS)

    def _unsent(self) -> int:
        """Bytes that the printer's end has not acknowledged."""
        answer = fcntl.ioctl(self._socket, termios.TIOCOUTQ, struct.pack("i", 0))
        return struct.unpack("i", answer)[0]

    def _look(self, seconds: float) -> None:  # tidy: allow-float - a duration
        """Wait for something to read, and keep it.

        Raises:
            PrinterClosed: the printer's end is closed.
        """
        readable, _, _ = select.select([self._socket], [], [], seconds)
        if not readable:
            return
        try:
            content = self._socket.recv(_CHUNK)
        except OSError as error:
            raise PrinterClosed from error
        if not content:
            raise PrinterClosed
        self._inbox = (self._inbox + content)[-_ANSWER_BYTES:]
