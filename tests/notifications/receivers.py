"""Servers that messages go to in the tests: real HTTP and SMTP on this machine."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult


@dataclass
class Posted:
    """One request as it came in."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Reply = tuple[int, str] | None
"""Status and body; None breaks the connection off without an answer."""
TAKEN = (200, '{"errcode":0,"errmsg":"ok"}')


class WebServer:
    """Keeps what is posted and answers with ``replies`` one by one, then with the last one."""

    def __init__(self, *replies: Reply, judge: Callable[[Posted], Reply] | None = None) -> None:
        self.replies = list(replies) or [TAKEN]
        self.judge = judge
        self.received: list[Posted] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.serve(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self, request: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(request.path)
        body = request.rfile.read(int(request.headers["Content-Length"]))
        posted = Posted(parts.path, dict(parse_qsl(parts.query)), dict(request.headers), body)
        self.received.append(posted)
        reply = self.judge(posted) if self.judge else self._next()
        if reply is None:
            request.close_connection = True
            request.connection.close()
            return
        status, text = reply
        request.send_response(status)
        request.send_header("Content-Length", str(len(text.encode())))
        if status in {301, 302}:
            request.send_header("Location", "/elsewhere")
        request.end_headers()
        request.wfile.write(text.encode())

    def _next(self) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@dataclass
class Mailbox:
    """Takes letters; an address in ``refuses`` is answered with that SMTP line."""

    refuses: dict[str, str] = field(default_factory=dict)
    letters: list[Any] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, session, envelope) -> str:  # noqa: N802
        self.letters.append(envelope)
        self.encrypted.append(session.ssl is not None)
        return "250 queued as 42"

    def authenticate(self, _server, _session, _envelope, _mechanism, data) -> AuthResult:
        self.logins.append(f"{data.login.decode()}/{data.password.decode()}")
        return AuthResult(success=data.password == b"right", handled=False)


class MailServer(Controller):
    """An SMTP server that offers STARTTLS where it has a certificate."""

    def __init__(self, box: Mailbox, tls: ssl.SSLContext | None = None) -> None:
        self.box, self.tls = box, tls
        super().__init__(box, hostname="127.0.0.1", port=0)

    def factory(self) -> SMTP:
        return SMTP(
            self.box, hostname="mail.test", tls_context=self.tls,
            authenticator=self.box.authenticate, auth_require_tls=False, auth_required=False,
        )  # fmt: skip

    def _trigger_server(self) -> None:
        """The port was chosen by the system: ask for it before anybody connects."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
