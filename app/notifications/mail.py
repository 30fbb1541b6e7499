"""Messages by e-mail, through the company's own mail server."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr, formatdate
from typing import Any
from uuid import UUID

from app.notifications.addresses import connect, cut_after, reason_of
from app.notifications.problems import NobodyToWriteTo, NotReached, ServerBusy, ServerRefused

SECONDS, MOST_SECONDS = 15, 100
SECURITIES = ("starttls", "tls", "none")
_FINAL = 500


@dataclass(frozen=True)
class Letter:
    """``identity`` is part of its Message-ID, so a second copy shows as the same message."""

    identity: UUID
    to: Sequence[str]
    subject: str
    text: str


def send(settings: dict[str, Any], secrets: dict[str, Any], letter: Letter, networks: str) -> str:
    """Hand the letter over; what the server answered.

    Args:
        settings: ``host``, ``port``, ``security`` (``starttls``, ``tls``, ``none``), ``sender``,
            ``login`` (empty: without).

    Raises:
        NobodyToWriteTo, ServerRefused, AddressRefused: final.
        NotReached, ServerBusy, HostUnknown: worth another attempt.
    """
    if not letter.to:
        raise NobodyToWriteTo
    host = settings["host"]
    try:
        with _opened(settings, networks) as server:
            if settings["login"]:
                server.login(settings["login"], secrets.get("password", ""))
            refused = server.send_message(_written(settings["sender"], letter))
    except smtplib.SMTPRecipientsRefused as error:
        raise _all_refused(host, error.recipients) from None
    except smtplib.SMTPResponseException as error:
        raise _answered(host, error.smtp_code, error.smtp_error) from None
    except smtplib.SMTPNotSupportedError as error:
        raise ServerRefused(host=host, answer=reason_of(error)) from None
    except (smtplib.SMTPException, OSError) as error:
        raise NotReached(host=host, reason=reason_of(error)) from None
    taken = len(letter.to) - len(refused)
    return f"250 {taken}/{len(letter.to)}" + (f" {_words(refused)}" if refused else "")


def _opened(settings: dict[str, Any], networks: str) -> smtplib.SMTP:
    """Connected and, where asked for, encrypted: without it nothing is sent then."""
    security = settings["security"]
    server = _Smtp(networks, encrypted=security == "tls")
    try:
        server.connect(settings["host"], int(settings["port"]))
        if security == "starttls":
            server.starttls(context=_tls())
    except BaseException:
        server.close()
        raise
    return server


class _Smtp(smtplib.SMTP):
    """Connects to addresses that were checked."""

    def __init__(self, networks: str, *, encrypted: bool) -> None:
        self.networks, self.encrypted = networks, encrypted
        self.limits = ExitStack()
        super().__init__(timeout=SECONDS, local_hostname="saoku")

    def connect(
        self, host: str = "localhost", port: int = 0, source_address: Any = None
    ) -> tuple[int, bytes]:
        self._host = host  # what certificates are compared with
        return super().connect(host, port, source_address)

    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:
        plain = connect(host, port, self.networks)
        plain.settimeout(timeout)
        self.limits.enter_context(cut_after(plain, MOST_SECONDS))
        return _tls().wrap_socket(plain, server_hostname=host) if self.encrypted else plain

    def close(self) -> None:
        super().close()
        self.limits.close()


def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _written(sender: str, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"] = formataddr(("Saoku", sender))
    message["To"] = ", ".join(letter.to)
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{letter.identity}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


def _answered(host: str, code: int, words: bytes | str) -> ServerBusy | ServerRefused:
    answer = (
        f"SMTP {code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"
    )
    return (ServerRefused if code >= _FINAL else ServerBusy)(host=host, answer=answer[:200])


def _all_refused(host: str, recipients: dict[str, tuple[int, bytes]]) -> ServerBusy | ServerRefused:
    """Later, if one of them may be taken later."""
    code = min(code for code, _ in recipients.values())
    return _answered(host, code, _words(recipients))


def _words(recipients: dict[str, tuple[int, bytes]]) -> str:
    return "; ".join(
        f"{address}: {code} {text.decode('utf-8', 'replace')}"
        for address, (code, text) in recipients.items()
    )[:300]
