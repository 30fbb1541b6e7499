"""Where messages may go: the internet and what the company named of its own networks, nothing else.

Otherwise a channel would be a way to make the server knock at doors inside (SSRF).  The addresses
that were checked are the ones that are connected to: a name that changes its meaning meanwhile
leads nowhere.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Generator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from app.notifications.problems import AddressRefused, HostUnknown, NotReached

CONNECT_SECONDS = 5.0


def addresses(host: str, port: int, networks: str) -> list[str]:
    """Every address of a host, each of them allowed.

    Args:
        networks: as the setting SAOKU_NOTIFICATION_NETWORKS holds them.

    Raises:
        HostUnknown: a name that nobody knows.
        AddressRefused: one of its addresses is inside.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise HostUnknown(host=host) from None
    texts = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for text in texts:
        if not (_plain(text).is_global or is_named(text, networks)):
            raise AddressRefused(host=host, address=text)
    return texts


def is_named(address: str, networks: str) -> bool:
    """Whether it is in one of the networks that the setting names."""
    plain = _plain(address)
    named = [ip_network(one.strip()) for one in networks.split(",") if one.strip()]
    return any(plain.version == one.version and plain in one for one in named)


def connect(host: str, port: int, networks: str) -> socket.socket:
    """A connection to the first of its addresses that answers.

    Raises:
        HostUnknown, AddressRefused.
        NotReached: none answers in time.
    """
    failure: OSError | None = None
    for address in addresses(host, port, networks):
        try:
            return socket.create_connection((address, port), timeout=CONNECT_SECONDS)
        except OSError as error:
            failure = error
    raise NotReached(host=host, reason=reason_of(failure))


@contextlib.contextmanager
def cut_after(connection: socket.socket, seconds: int) -> Generator[None]:
    """Break the connection off when the block takes longer.

    A timeout of the socket begins anew with every byte: somebody who sends one at a time could keep
    a worker for ever.
    """
    # The same connection under another number: TLS takes the first one over.
    same = connection.dup()
    timer = threading.Timer(seconds, _break_off, [same])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        same.close()


def _break_off(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def reason_of(error: BaseException | None) -> str:
    """What went wrong in few words, for the log."""
    if isinstance(error, TimeoutError):
        return "timeout"
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__)[:200]


def _plain(address: str) -> IPv4Address | IPv6Address:
    """Without a zone; an IPv4 address in IPv6 clothes counts as what it is."""
    read = ip_address(address.partition("%")[0])
    return (read.ipv4_mapped or read) if isinstance(read, IPv6Address) else read
