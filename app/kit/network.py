"""Under which names and addresses other devices of the local network reach this machine."""

from __future__ import annotations

import ipaddress
import socket
from ipaddress import IPv4Address, IPv6Address

Address = IPv4Address | IPv6Address

# Reserved for documentation: a route to it is looked up, nothing is ever sent there.
_ELSEWHERE = ("192.0.2.1", 9)
_LOCAL_SUFFIXES = (".local", ".lan", ".internal", ".home.arpa")
PRIVATE = [
    ipaddress.ip_network(text)
    for text in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "fc00::/7",
    )
]
LOOPBACK = [ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1")]


def is_private(address: Address) -> bool:
    """Whether an address belongs to a network that is nobody else's."""
    return any(address in network for network in PRIVATE)


def lan_addresses() -> list[Address]:
    """Addresses of this machine that other devices use, the one of its usual network first.

    Private IPv4 addresses; else private IPv6 ones; else, where a company uses public ones inside,
    those.
    """
    usual = _usual_address()
    found = {one for one in _addresses() if not (one.is_loopback or one.is_link_local)}
    private = {one for one in found if is_private(one)}
    plain = {one for one in private if isinstance(one, IPv4Address)}
    return sorted(
        plain or private or found, key=lambda one: (str(one) != usual, one.version, int(one))
    )


def _usual_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError:
            return ""
        return str(probe.getsockname()[0])


def _addresses() -> list[Address]:
    # Imported here: only --lan wants to know.
    import psutil

    states = psutil.net_if_stats()
    up = {name for name, state in states.items() if state.isup}
    return [
        ipaddress.ip_address(one.address.partition("%")[0])
        for name, ones in psutil.net_if_addrs().items()
        if name in up
        for one in ones
        if one.family in (socket.AF_INET, socket.AF_INET6)
    ]


def host_names() -> list[str]:
    """This machine's own name, plain and as the local network's name service knows it."""
    name = socket.gethostname().lower().partition(".")[0]
    plain = name.replace("-", "").isalnum() and name.isascii()
    return [name, f"{name}.local"] if plain else []


def is_local_name(name: str) -> bool:
    """A name that no public name service resolves."""
    return "." not in name or name.endswith(_LOCAL_SUFFIXES)
