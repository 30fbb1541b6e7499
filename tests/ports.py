"""Ports for servers that tests start: free, and taken by nobody until those listen."""

from __future__ import annotations

import secrets
import socket
from contextlib import ExitStack

# Below those that the system gives to outgoing connections of the other tests.
LOWEST, HIGHEST = 15_000, 32_000


def free_port(together: int = 1) -> int:
    """The first of so many free ports in a row on this machine."""
    while True:
        port = LOWEST + secrets.randbelow(HIGHEST - LOWEST)
        with ExitStack() as opened:
            try:
                for number in range(port, port + together):
                    opened.enter_context(socket.create_server(("127.0.0.1", number)))
            except OSError:
                continue
        return port
