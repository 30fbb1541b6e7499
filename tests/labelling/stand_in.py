"""Printers that aren't there: they keep every byte, answer as told, stall, or break off."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from typing import Self

QUESTIONS = (b"~HS\r\n", b"\x1b!?\r\n")


def host_status(*, left: int = 0, paper_out: bool = False, paused: bool = False) -> bytes:
    """Three lines as a Zebra answers ``~HS``."""
    first = f"030,{paper_out:d},{paused:d},0320,{left:03},0,0,0,000,0,0,0"
    lines = (first, "001,0,0,0,1,2,4,0,00000000,1,000", "1234,0")
    return b"".join(b"\x02" + line.encode() + b"\x03\r\n" for line in lines)


class StandIn:
    """Listens on a free port of this machine until it is left.

    ``answer`` makes the reply to a question, or None for silence.  It stops reading at all with
    ``stalls``, and breaks off after ``breaks_after`` bytes.  ``on_bytes`` hears each piece.
    """

    def __init__(
        self,
        answer: Callable[[], bytes | None] = lambda: None,
        *,
        stalls: bool = False,
        breaks_after: int | None = None,
        on_bytes: Callable[[bytes], None] = lambda _: None,
    ) -> None:
        self.answer, self.stalls, self.breaks_after = answer, stalls, breaks_after
        self.on_bytes = on_bytes
        self.received, self.questions = b"", 0
        self._listening = socket.socket()
        if stalls:
            self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        self._listening.bind(("127.0.0.1", 0))
        self._listening.listen()
        self.port: int = self._listening.getsockname()[1]
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for one in self._open:
            one.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self._open.append(connection)
            if not self.stalls:
                self._read(connection)

    def _read(self, connection: socket.socket) -> None:
        while True:
            try:
                piece = connection.recv(1024)
            except OSError:
                return
            if not piece:
                connection.close()
                return
            self._take(connection, piece)
            if self.breaks_after is not None and len(self.received) >= self.breaks_after:
                # Without a farewell: what was not read yet is thrown away (RST).
                linger = struct.pack("ii", 1, 0)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                connection.close()
                return

    def _take(self, connection: socket.socket, piece: bytes) -> None:
        for question in QUESTIONS:
            if piece.endswith(question):
                piece = piece.removesuffix(question)
                self._keep(piece)
                self.questions += 1
                reply = self.answer()
                if reply is not None:
                    connection.sendall(reply)
                return
        self._keep(piece)

    def _keep(self, piece: bytes) -> None:
        self.received += piece
        if piece:
            self.on_bytes(piece)
