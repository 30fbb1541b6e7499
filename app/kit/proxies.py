"""Behind a proxy: whose request it really is, told by proxies that are trusted, and by no others.

``X-Forwarded-For`` is a list that each proxy lengthens at its end; everything in front of what a
trusted proxy wrote may have been invented by the client.  So it is read from the end, past the
trusted ones, and the first other address is the client's.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from litestar.types import ASGIApp, Receive, Scope, Send

from app.kit.network import Address

_SCHEMES = ("http", "https")
_HTTP = "http"


class TrustedProxies:
    """ASGI wrapper: puts the client's address and scheme into the scope."""

    def __init__(self, app: ASGIApp, networks: str) -> None:
        """``networks`` are addresses or networks with commas between them."""
        self.app = app
        self.networks = tuple(ip_network(one.strip()) for one in networks.split(","))
        self.trusts = cache(self._trusts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == _HTTP:
            self._correct(scope)
        await self.app(scope, receive, send)

    def _correct(self, scope: Any) -> None:
        peer = scope.get("client")
        if peer is None or not self.trusts(peer[0]):
            return
        forwarded = _values(scope["headers"], b"x-forwarded-for")
        scheme = _values(scope["headers"], b"x-forwarded-proto")[-1:]
        client = self._client(forwarded)
        if client is not None:
            scope["client"] = (client, 0)
        if scheme and scheme[0].lower() in _SCHEMES:
            scope["scheme"] = scheme[0].lower()

    def _client(self, forwarded: list[str]) -> str | None:
        """The last address that is no trusted proxy's; None where nothing usable was said."""
        for text in reversed(forwarded):
            address = address_in(text)
            if address is None:
                return None
            if not self.trusts(str(address)):
                return str(address)
        return None

    def _trusts(self, host: str) -> bool:
        address = address_in(host)
        return address is not None and any(_holds(network, address) for network in self.networks)


def _holds(network: IPv4Network | IPv6Network, address: Address) -> bool:
    return address.version == network.version and address in network


def address_in(text: str) -> Address | None:
    """An address as proxies write it: plain, in brackets, or with a port behind it."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _values(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[str]:
    """What all headers of this name list, in their order."""
    found = [value.decode("latin-1") for key, value in headers if key == name]
    return [one.strip() for one in ",".join(found).split(",") if one.strip()]
