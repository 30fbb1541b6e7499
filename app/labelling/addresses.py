"""Where printers may be: only in the networks of the company, whatever a name resolves to."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from app.labelling.problems import AddressRefused, HostUnknown

Address = IPv4Address | IPv6Address


def addresses(host: str, port: int, networks: str) -> list[str]:
    """The addresses to connect to, in order.

    Args:
        host: a name or an address.
        networks: as the setting SAOKU_PRINTER_NETWORKS holds them.

    Raises:
        HostUnknown: a name that nobody knows.
        AddressRefused: one of its addresses is elsewhere; then none of them is used, because a
            name that changes its meaning would be a way into other networks.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise HostUnknown(host=host) from None
    texts = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for text in texts:
        if not is_allowed(text, networks):
            raise AddressRefused(address=text)
    return texts


def is_allowed(address: str, networks: str) -> bool:
    plain = _plain(address)
    allowed = [ip_network(one.strip()) for one in networks.split(",")]
    return any(plain.version == one.version and plain in one for one in allowed)


def _plain(address: str) -> Address:
    """Without a zone; an IPv4 address in IPv6 clothes counts as what it is."""
    read = ip_address(address.partition("%")[0])
    return (read.ipv4_mapped or read) if isinstance(read, IPv6Address) else read
