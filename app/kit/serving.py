"""The web server's processes: started together, replaced when one dies, stopped cleanly."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from http.client import HTTPConnection, HTTPSConnection
from multiprocessing.process import BaseProcess
from typing import Any, cast

import structlog
from granian.constants import Interfaces, Loops, SSLProtocols
from granian.log import LogLevels
from granian.server.mp import MPServer

from app.kit.config import Settings
from app.kit.i18n import mark
from app.kit.problems import Problem

READY_WITHIN_SECONDS = 60
STOPPED_WITHIN_SECONDS = 15
RESPAWN_AFTER_SECONDS = 2.0
# The first page comes before what nobody waits for; but a slow start is no reason to go without.
COMPANIONS_WITHIN_SECONDS = 15
log = structlog.get_logger("saoku")

Loader = Callable[[], Any]
"""Makes the ASGI application; runs in each worker process."""
Background = Callable[[], None]
"""Runs until SIGTERM, in a process of its own."""
# Shared with the workers, which wait for open streams when they are told to stop: who sends one has
# to know before.
_stopping = multiprocessing.RawValue("b", 0)


def is_stopping() -> bool:
    """Whether the server was told to stop: long answers end now."""
    return bool(_stopping.value)


class _Server(MPServer):
    def signal_handler_interrupt(self, *arguments: Any, **named: Any) -> None:
        _stopping.value = 1
        # granian annotates no arguments
        handle = cast("Callable[..., None]", super().signal_handler_interrupt)  # pyright: ignore[reportUnknownMemberType]
        handle(*arguments, **named)


class PortTaken(Problem):
    code = "port_taken"
    text = mark("Something else listens on {host}:{port} already.")
    advice = mark("Stop it, or set SAOKU_PORT to another port.")


class CertificateUnusable(Problem):
    code = "certificate_unusable"
    text = mark("The certificate for HTTPS cannot be used: {reason}")
    advice = mark("Set SAOKU_TLS_CERTIFICATE and SAOKU_TLS_KEY to PEM files that fit each other.")


def serve_web(
    settings: Settings,
    loader: Loader,
    background: Sequence[Background] = (),
    announce: Callable[[str], None] = print,
) -> None:
    """Serve until SIGTERM or SIGINT; returns after everything has stopped.

    Args:
        loader: picklable (a module's function or a partial of one), called in each worker.
        background: picklable; each runs beside the web workers, is started when the first page
            can be had, and again if it dies.
        announce: gets the address once the first page can be had.

    Raises:
        PortTaken, CertificateUnusable: before anything is started.
    """
    refuse_taken_port(settings.host, settings.port)
    _refuse_unusable_certificate(settings)
    ready = threading.Event()
    beside = [Companion(run, ready) for run in background]
    server = _server(settings)
    server.on_startup(lambda: _announce_when_ready(settings, announce, ready))
    for companion in beside:
        server.on_startup(companion.start)
    try:
        server.serve(target_loader=partial(_load, loader, _stopping), wrap_loader=False)
    finally:
        for companion in beside:
            companion.stop()


def _load(loader: Loader, stopping: Any) -> Any:
    """In a worker: remember where the parent says that it stops, then make the application."""
    global _stopping  # noqa: PLW0603 - one per process, like the process itself
    _stopping = stopping
    return loader()


def _server(settings: Settings) -> Any:
    return _Server(
        "saoku",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        workers=settings.workers,
        ssl_cert=settings.tls_certificate,
        ssl_key=settings.tls_key,
        # Android speaks TLS 1.3 from version 10 on; handhelds are older than that.
        ssl_protocol_min=SSLProtocols.tls12,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=RESPAWN_AFTER_SECONDS,
        workers_kill_timeout=STOPPED_WITHIN_SECONDS,
    )


def refuse_taken_port(host: str, port: int) -> None:
    """Raises PortTaken where something listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the server itself does: a port that only lingers in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(host=host, port=port) from error


def _refuse_unusable_certificate(settings: Settings) -> None:
    certificate, key = settings.tls_certificate, settings.tls_key
    if certificate is None and key is None:
        return
    if certificate is None or key is None:
        raise CertificateUnusable(reason="certificate or key is missing")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise CertificateUnusable(reason=str(error)) from error


def yield_to_the_database() -> None:
    """Never push a database process off its core: it does what the other requests wait for.

    A worker that runs the moment it is woken empties the caches of whom it interrupts.  Waiting for
    its turn instead, the same machine serves a tenth more scans.
    """
    with suppress(AttributeError, OSError):  # elsewhere than on Linux; where it is not allowed
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def address_of(settings: Settings) -> str:
    """Where a browser on this machine finds the server."""
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104
    scheme = "https" if settings.tls_certificate else "http"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{settings.port}/"


def _announce_when_ready(
    settings: Settings, announce: Callable[[str], None], ready: threading.Event
) -> None:
    def wait() -> None:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < deadline:
            if _are_forked(settings) and _is_healthy(settings):
                ready.set()
                announce(address_of(settings))
                return
            time.sleep(0.05)

    threading.Thread(target=wait, daemon=True).start()


def _are_forked(settings: Settings) -> bool:
    """Whether the workers run already.  A process that is forked while this thread looks up an
    address can never look one up: it inherits the C library's lock, and nobody to open it.
    """
    return len(multiprocessing.active_children()) >= settings.workers


def _is_healthy(settings: Settings) -> bool:
    connection = _to_ourselves(settings)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200  # noqa: PLR2004
    except OSError:
        return False
    finally:
        connection.close()


def _to_ourselves(settings: Settings) -> HTTPConnection:
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104
    if settings.tls_certificate is None:
        return HTTPConnection(host, settings.port, timeout=5)
    # Only whether it answers: the certificate may name anything but this address.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return HTTPSConnection(host, settings.port, timeout=5, context=context)


class Companion:
    """A process beside the web workers, started again when it dies, ended with the server.

    It is first started when ``ready`` is set, or a while after the server.
    """

    def __init__(self, run: Background, ready: threading.Event) -> None:
        self.run = run
        self.ready = ready
        self.process: BaseProcess | None = None
        self.stopping = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._keep_running, daemon=True).start()

    def _keep_running(self) -> None:
        self.ready.wait(COMPANIONS_WITHIN_SECONDS)
        while not self.stopping.is_set():
            process = multiprocessing.get_context("spawn").Process(
                target=_companion_main, args=(self.run, os.getpid())
            )
            self.process = process
            process.start()
            process.join()
            if not self.stopping.is_set():
                log.error("background process ended", status=process.exitcode)
                self.stopping.wait(RESPAWN_AFTER_SECONDS)

    def stop(self) -> None:
        self.stopping.set()
        process = self.process
        if process is None or not process.is_alive():
            return
        process.terminate()
        process.join(STOPPED_WITHIN_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()


def _companion_main(run: Background, parent: int) -> None:
    # Ctrl-C reaches the whole process group; only the parent decides when to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    run()


def _end_with(parent: int) -> None:
    """A parent that was killed stops nobody: notice it and stop by oneself."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
    sys.exit(1)
