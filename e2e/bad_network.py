"""A network that breaks when a test says so, between the browser and the server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress

CHUNK = 65536


class BadNetwork:
    """Forwards bytes both ways.

    ``away`` refuses every connection and cuts those there are; ``swallow`` is how many answers are
    still to be lost on their way back, after the server has given them.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.swallow = 0
        self.lock = threading.Lock()
        self.open: set[socket.socket] = set()
        self.is_away = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def go_away(self) -> None:
        self.is_away = True
        with self.lock:
            for one in list(self.open):
                cut(one)

    def come_back(self) -> None:
        self.is_away = False

    def close(self) -> None:
        self.listener.close()
        self.go_away()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.is_away:
                cut(client)
            else:
                threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self.target))
        except OSError:
            cut(client)
            return
        with self.lock:
            self.open |= {client, server}
        back = threading.Thread(target=self._pump, args=(server, client, True), daemon=True)
        back.start()
        self._pump(client, server, False)
        back.join()
        with self.lock:
            self.open -= {client, server}

    def _pump(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        with suppress(OSError):
            while chunk := source.recv(CHUNK):
                if is_answer and self._loses():
                    break
                target.sendall(chunk)
        cut(source)
        cut(target)

    def _loses(self) -> bool:
        with self.lock:
            loses = self.swallow > 0
            self.swallow -= loses
        return loses


def cut(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextmanager
def bad_network(address: str) -> Generator[BadNetwork]:
    """In front of the server at ``http://host:port``."""
    network = BadNetwork(int(address.rpartition(":")[2]))
    try:
        yield network
    finally:
        network.close()
