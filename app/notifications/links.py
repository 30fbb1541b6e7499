"""Where people's phones reach this installation."""

from __future__ import annotations

from ipaddress import IPv6Address

from app.kit.config import Settings
from app.kit.network import lan_addresses

_EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - compared with, not listened on


def public_url(settings: Settings) -> str:
    """SAOKU_PUBLIC_URL, else this machine's address as the web server listens on it."""
    if settings.public_url:
        return settings.public_url
    scheme = "https" if settings.tls_certificate else "http"
    return f"{scheme}://{_host(settings.host)}:{settings.port}"


def _host(listening: str) -> str:
    if listening not in _EVERYWHERE:
        return f"[{listening}]" if ":" in listening else listening
    first = next(iter(lan_addresses()), None)
    if first is None:
        return "localhost"
    return f"[{first}]" if isinstance(first, IPv6Address) else str(first)
