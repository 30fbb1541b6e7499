"""How phones come to trust this installation's certificate: a page, and the certificate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litestar import Request, Response, get

from app.administration import lan
from app.kit.config import Settings
from app.kit.i18n import mark
from app.kit.problems import Gone
from app.kit.tls_files import tls_files
from app.kit.web import page

AUTHORITY_TYPE = "application/x-x509-ca-cert"
DOWNLOAD = "/install/saoku-authority.crt"


class NoAuthority(Gone):
    code = "no_authority"
    text = mark("This installation has no certificate authority of its own.")
    advice = mark("Start it with --lan, or reach it through a proxy with HTTPS.")


@dataclass(frozen=True)
class Way:
    """An address with its QR code as an image."""

    address: str
    picture: str


@dataclass(frozen=True)
class Installing:
    """What the page shows; the certificate's fingerprint is compared by eye."""

    download: str
    fingerprint: str
    open: list[Way]
    install: list[Way]


def installing(settings: Settings) -> Installing:
    """Raises NoAuthority."""
    # Imported here: most installations have no authority, and loading it takes a while.
    from app.kit.certificates import fingerprint

    files = tls_files(settings.data_dir)
    if not files.authority.exists():
        raise NoAuthority
    return Installing(
        download=DOWNLOAD,
        fingerprint=fingerprint(files),
        open=[_way(address) for address in lan.https_addresses(settings)],
        install=[_way(address) for address in lan.install_addresses(settings)],
    )


def authority(data_dir: Path) -> bytes:
    """The certificate as phones take it.  Raises NoAuthority."""
    from app.kit.certificates import authority_download

    files = tls_files(data_dir)
    if not files.authority.exists():
        raise NoAuthority
    return authority_download(files)


def _way(address: str) -> Way:
    import segno

    return Way(address, segno.make(address, error="m").svg_data_uri(scale=5, border=4))


@get("/install", sync_to_thread=True, opt={"access": "public"})
def install_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    shown = installing(request.app.state.settings)
    return page(request, "administration/install.html", shown=shown)


@get(DOWNLOAD, sync_to_thread=True, opt={"access": "public"})
def install_authority(request: Request[Any, Any, Any]) -> Response[bytes]:
    return Response(authority(request.app.state.settings.data_dir), media_type=AUTHORITY_TYPE)


handlers = [install_page, install_authority]
