"""Many handhelds on one thread: plain HTTP/1.1 over kept connections, one request each at a time.

The client shares the machine with what it measures, so it does as little as it can: no library,
no parsing beyond status, length and body.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

RECEIVE_BYTES = 1 << 18


@dataclass(frozen=True)
class Answer:
    status: int
    headers: bytes
    body: bytes


@dataclass
class Measured:
    """Seconds of every request, and how long the whole took."""

    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    refused: list[Answer] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.elapsed

    def __add__(self, other: Measured) -> Measured:
        return Measured(
            self.seconds + other.seconds,
            self.elapsed + other.elapsed,
            self.refused + other.refused,
        )

    def percentile_ms(self, percent: float) -> float:
        ordered = sorted(self.seconds)
        index = min(len(ordered) - 1, int(len(ordered) * percent / 100))
        return ordered[index] * 1000


class Handheld:
    """One connection that sends its next request when the answer to the last one is there."""

    def __init__(self, address: str, requests: Iterator[bytes]) -> None:
        parts = urlsplit(address)
        self.socket = socket.create_connection((parts.hostname, parts.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests = requests
        self.received = b""
        self.sent_at = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.socket.close()

    def send_next(self) -> bool:
        request = next(self.requests, None)
        if request is None:
            return False
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)
        return True

    def receive(self) -> Answer | None:
        chunk = self.socket.recv(RECEIVE_BYTES)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        self.received += chunk
        answer = parsed(self.received)
        if answer is not None:
            self.received = b""
        return answer

    def exchange(self, request: bytes) -> Answer:
        """One request outside a measurement."""
        self.socket.sendall(request)
        while True:
            answer = self.receive()
            if answer is not None:
                return answer


def parsed(received: bytes) -> Answer | None:
    """The answer once all of it is there; chunked bodies are left as they are."""
    head, found, body = received.partition(b"\r\n\r\n")
    if not found:
        return None
    lower = head.lower()
    mark = lower.find(b"content-length:")
    if mark >= 0:
        length = int(lower[mark + 15 :].split(b"\r\n", 1)[0])
        complete = len(body) >= length
    elif b"transfer-encoding: chunked" in lower:
        complete = body.endswith(b"0\r\n\r\n")
    else:
        complete = True
    return Answer(int(head[9:12]), head, body) if complete else None


def dechunked(answer: Answer) -> bytes:
    """The body without the framing of a chunked transfer."""
    if b"transfer-encoding: chunked" not in answer.headers.lower():
        return answer.body
    content, rest = b"", answer.body
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size, 16)
        content, rest = content + rest[:length], rest[length + 2 :]
    return content


def drive(handhelds: list[Handheld], seconds: float, accept: Callable[[Answer], bool]) -> Measured:
    """Let all of them work for so long; the rest of their answers is awaited."""
    measured, selector = Measured(), selectors.DefaultSelector()
    for handheld in handhelds:
        selector.register(handheld.socket, selectors.EVENT_READ, handheld)
    started = time.perf_counter()
    working = {handheld for handheld in handhelds if handheld.send_next()}
    while working:
        for ready, _ in selector.select(timeout=30):
            _take_answer(ready.data, working, measured, accept, started + seconds)
    measured.elapsed = time.perf_counter() - started
    selector.close()
    for handheld in handhelds:
        handheld.socket.close()
    return measured


def _take_answer(
    handheld: Handheld,
    working: set[Handheld],
    measured: Measured,
    accept: Callable[[Answer], bool],
    until: float,
) -> None:
    answer = handheld.receive()
    if answer is None:
        return
    now = time.perf_counter()
    if accept(answer):
        measured.seconds.append(now - handheld.sent_at)
    else:
        measured.refused.append(answer)
    if now >= until or not handheld.send_next():
        working.discard(handheld)


def get(path: str, host: str, cookie: str = "") -> bytes:
    return _request("GET", path, host, cookie, b"", "")


def post(path: str, host: str, cookie: str, body: bytes, extra: str = "") -> bytes:
    return _request("POST", path, host, cookie, body, extra)


def _request(method: str, path: str, host: str, cookie: str, body: bytes, extra: str) -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n"
    head += f"Cookie: {cookie}\r\n" if cookie else ""
    if body:
        head += "Content-Type: application/x-www-form-urlencoded\r\n"
        head += f"Content-Length: {len(body)}\r\n"
    return (head + extra + "\r\n").encode() + body
