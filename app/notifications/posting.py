"""One HTTP POST with its answer: no redirects, no proxy, no more time and bytes than needed."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from app.kit.problems import Problem
from app.notifications.addresses import addresses, connect, cut_after, is_named, reason_of
from app.notifications.problems import (
    BadWebAddress,
    NotEncrypted,
    NotReached,
    ServerBusy,
    ServerRefused,
)

ANSWER_SECONDS = 10.0
LONGEST_ANSWER = 4000
MOST_SECONDS = 20
_LATER = {408, 425, 429}
_FAILED = 500
_DONE = range(200, 300)


@dataclass(frozen=True)
class Answer:
    """``text`` is the beginning of the body."""

    status: int
    text: str


def checked(url: str, networks: str) -> SplitResult:
    """The parts of an address that may be posted to.

    Raises:
        BadWebAddress: no http(s) address.
        NotEncrypted: plain http to somewhere else than the company's networks.
        HostUnknown, AddressRefused.
    """
    parts = _parts(url)
    host = parts.hostname or ""
    found = addresses(host, _port(parts), networks)
    if parts.scheme == "http" and not all(is_named(one, networks) for one in found):
        raise NotEncrypted(host=host)
    return parts


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and _port(parts)
    except ValueError:
        usable = None
    if not usable or not url.isascii() or not url.isprintable() or " " in url:
        raise BadWebAddress(given=url[:60])
    return urlsplit(url)


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def post(url: str, body: bytes, headers: Mapping[str, str], networks: str) -> Answer:
    """Send it; any answer below 300.

    Raises:
        NotReached, ServerBusy, HostUnknown: worth another attempt.
        ServerRefused, AddressRefused, NotEncrypted: not.
    """
    parts = checked(url, networks)
    host = parts.hostname or ""
    try:
        answer = _posted(parts, body, headers, networks)
    except (OSError, http.client.HTTPException) as error:
        raise NotReached(host=host, reason=reason_of(error)) from error
    problem = refusal(host, answer)
    if problem:
        raise problem
    return answer


def refusal(host: str, answer: Answer) -> Problem | None:
    """What an HTTP status says about trying again."""
    if answer.status in _DONE:
        return None
    words = f"HTTP {answer.status} {answer.text[:200]}".strip()
    later = answer.status in _LATER or answer.status >= _FAILED
    return (ServerBusy if later else ServerRefused)(host=host, answer=words)


def _posted(parts: SplitResult, body: bytes, headers: Mapping[str, str], networks: str) -> Answer:
    host, port = parts.hostname or "", _port(parts)
    connection = http.client.HTTPConnection(host, port, timeout=ANSWER_SECONDS)
    plain = connect(host, port, networks)
    plain.settimeout(ANSWER_SECONDS)
    try:
        with cut_after(plain, MOST_SECONDS):
            connection.sock = _encrypted(plain, host) if parts.scheme == "https" else plain
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            named = {**headers, "Host": parts.netloc.rpartition("@")[2]}
            connection.request("POST", target, body, named)
            answer = connection.getresponse()
            text = answer.read(LONGEST_ANSWER).decode("utf-8", "replace")
            return Answer(answer.status, text)
    finally:
        connection.close()
        plain.close()


def _encrypted(plain: socket.socket, host: str) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
