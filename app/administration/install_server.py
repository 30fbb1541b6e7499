"""The plain HTTP page of ``--lan``: the certificate, how to install it, and nothing else."""

from __future__ import annotations

import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import urlsplit

import structlog

from app.administration import lan
from app.administration.install_pages import AUTHORITY_TYPE, DOWNLOAD, authority, installing
from app.kit.config import Settings
from app.kit.i18n import speaking
from app.kit.static_files import PREFIX, static_files
from app.kit.templates import render

SLOWEST_SECONDS = 10
log = structlog.get_logger("saoku")
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'"


def serve_install_page(settings: Settings) -> None:
    """Answer until SIGTERM; runs in a process of its own."""
    make_server(settings, settings.host, lan.install_port(settings)).serve_forever()


def make_server(settings: Settings, host: str, port: int) -> ThreadingHTTPServer:
    handler = type("Handler", (InstallHandler,), {"settings": settings})
    kind = SixServer if ":" in host else PlainServer
    return kind((host, port), handler)


class PlainServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the library's
        """A phone that went away in the middle is no news."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            log.error("the page for phones failed", client=str(client_address), error=repr(error))


class SixServer(PlainServer):
    address_family = socket.AF_INET6


class InstallHandler(BaseHTTPRequestHandler):
    """GET of the page, the certificate and the style sheets; everything else leads to the page."""

    settings: ClassVar[Settings]
    server_version = "Saoku"
    sys_version = ""
    timeout = SLOWEST_SECONDS  # of a client that sends nothing

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/install":
            self._answer(200, "text/html; charset=utf-8", self._page())
        elif path == DOWNLOAD:
            self._answer(200, AUTHORITY_TYPE, authority(self.settings.data_dir))
        elif path.startswith(PREFIX):
            self._static(path)
        else:
            self._redirect()

    def _page(self) -> bytes:
        wanted = self.headers.get("Accept-Language", "").strip().lower()
        language = "en" if wanted.startswith("en") else self.settings.language
        with speaking(language):
            context = {"shown": installing(self.settings)}
            return render("administration/install_plain.html", context).encode()

    def _static(self, path: str) -> None:
        name = path.removeprefix(PREFIX).partition("/")[2]
        found = static_files().find(name)
        if found is None:
            self._redirect()
        else:
            self._answer(200, found.media_type, found.body)

    def _redirect(self) -> None:
        self.send_response(302)
        self.send_header("Location", "/install")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self, status: int, media_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nobody reads who looked at this page."""
