"""``--lan``: HTTPS in the local network, with an authority of one's own that phones come to trust.

Two addresses: HTTPS on ``SAOKU_PORT`` with the product, and plain HTTP one port higher with nothing
but the authority's certificate and how to install it, because a phone that does not trust the
authority yet could not open a page that comes by HTTPS.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address

import structlog

from app.kit.config import Settings
from app.kit.i18n import gettext, mark
from app.kit.network import Address, host_names, lan_addresses
from app.kit.problems import Problem
from app.kit.serving import refuse_taken_port
from app.kit.tls_files import TlsFiles, tls_files

EVERY_IPV4, EVERY_ADDRESS = "0.0.0.0", "::"  # noqa: S104 - that is what --lan asks for
LOOK_EVERY = timedelta(hours=6)
FIRST = mark("1. On each phone, once: open this address and install the certificate.")
SECOND = mark("2. Then open Saoku:")
COMPARE = mark("The certificate's fingerprint (SHA-256): {fingerprint}")
log = structlog.get_logger("saoku")


class NoNetwork(Problem):
    code = "no_network"
    text = mark("This machine has no address in a network.")
    advice = mark("Connect it to the network of the handhelds, then start again.")


def with_lan(settings: Settings) -> Settings:
    """The settings for the local network, its certificate made where that is due.

    A certificate that the settings name already is kept.

    Raises:
        NoNetwork: there is nothing to vouch for.
        PortTaken: the plain page's port is another program's.
    """
    host = everywhere() if settings.host == Settings.host else settings.host
    if settings.tls_certificate is not None:
        return replace(settings, host=host)
    refuse_taken_port(host, install_port(settings))
    files = certificate_for_now(settings)
    return replace(settings, host=host, tls_certificate=files.certificate, tls_key=files.key)


def everywhere() -> str:
    """What to listen on: IPv6 only where there is nothing else, because some machines lack it."""
    has_ipv4 = any(isinstance(one, IPv4Address) for one in lan_addresses())
    return EVERY_IPV4 if has_ipv4 else EVERY_ADDRESS


def certificate_for_now(settings: Settings) -> TlsFiles:
    """The files, renewed where the machine's addresses or the date ask for it."""
    # Imported here: a start without --lan need not wait for it.
    from app.kit import certificates

    addresses = lan_addresses()
    if not addresses:
        raise NoNetwork
    return certificates.ensure_certificate(settings.data_dir, host_names(), addresses)


def is_own_authority(settings: Settings) -> bool:
    """Whether it is served with the installation's own certificate."""
    return settings.tls_certificate == tls_files(settings.data_dir).certificate


def install_port(settings: Settings) -> int:
    """Of the plain page: one higher, or one lower where there is no higher one."""
    return settings.port + 1 if settings.port < 65535 else settings.port - 1  # noqa: PLR2004


def https_addresses(settings: Settings) -> list[str]:
    return [f"https://{_host(one)}:{settings.port}/" for one in lan_addresses()]


def install_addresses(settings: Settings) -> list[str]:
    return [f"http://{_host(one)}:{install_port(settings)}/install" for one in lan_addresses()]


def _host(address: Address) -> str:
    return f"[{address}]" if isinstance(address, IPv6Address) else str(address)


def announce_lan(settings: Settings) -> None:
    """Print both ways in, each with its QR code, and the fingerprint to compare."""
    if is_own_authority(settings):
        _show(gettext(FIRST), install_addresses(settings)[:1])
        from app.kit.certificates import fingerprint

        shown = fingerprint(tls_files(settings.data_dir))
        print(gettext(COMPARE).format(fingerprint=shown))
    _show(gettext(SECOND), https_addresses(settings)[:1])
    others = https_addresses(settings)[1:]
    print(*(f"  {address}" for address in others), sep="\n", flush=True)


def _show(words: str, addresses: list[str]) -> None:
    import segno

    print(f"\n{words}")
    for address in addresses:
        segno.make(address, error="m").terminal(compact=True)
        print(f"  {address}")


@contextmanager
def looking_after(
    settings: Settings,
    reload: Callable[[], None] | None = None,
    every: timedelta = LOOK_EVERY,
) -> Generator[None]:
    """Inside the block the installation's own certificate is renewed in time.

    The web workers are replaced one by one then, which is what SIGHUP asks their parent for.
    """
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(every.total_seconds()):
            if _renewed(settings):
                log.info("the certificate was renewed")
                (reload or _reload)()

    if is_own_authority(settings):
        threading.Thread(target=look, daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def _renewed(settings: Settings) -> bool:
    path = tls_files(settings.data_dir).certificate
    before = path.read_bytes()
    try:
        certificate_for_now(settings)
    except (OSError, Problem) as error:
        log.warning("the certificate was not looked after", reason=str(error))
        return False
    return path.read_bytes() != before


def _reload() -> None:
    os.kill(os.getpid(), signal.SIGHUP)
