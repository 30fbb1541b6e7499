"""The whole server as one process tree: ready, a worker killed, stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection

import psutil
import pytest

from app.kit.config import Settings
from app.kit.serving import PortTaken, address_of, serve_web
from tests.ports import free_port

SERVE = """
from app.kit.config import Settings
from app.main import serve
serve(Settings.from_environment())
"""
pytestmark = pytest.mark.slow


def status(port):
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def wait_for(test, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if test():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


@pytest.fixture
def server(tmp_path):
    port = free_port()
    env = os.environ | {"SAOKU_DATA_DIR": str(tmp_path / "data"), "SAOKU_PORT": str(port)}
    log = (tmp_path / "log").open("w+b")
    process = subprocess.Popen([sys.executable, "-c", SERVE], env=env, stdout=log, stderr=log)
    try:
        wait_for(lambda: status(port) == 200 or process.poll() is not None)
        yield process, port, tmp_path
    finally:
        process.terminate()
        process.wait(60)
        log.close()


def test_it_serves_replaces_a_killed_worker_and_stops_cleanly(server):
    process, port, folder = server
    assert status(port) == 200
    wait_for(lambda: f"http://127.0.0.1:{port}/" in (folder / "log").read_text())
    wait_for(lambda: _workers(process, port) == 2)
    family = psutil.Process(process.pid).children(recursive=True)
    workers = [child for child in family if _listens(child, port)]
    assert len(workers) == 2
    workers[0].kill()
    for _ in range(20):
        assert status(port) in {200, None}
    wait_for(lambda: _workers(process, port) == 2)
    assert status(port) == 200
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0, (folder / "log").read_text()
    wait_for(lambda: not any(child.is_running() for child in family), 20)
    assert not (folder / "data" / "postgres" / "postmaster.pid").exists()


def _workers(process, port):
    family = psutil.Process(process.pid).children(recursive=True)
    return sum(_listens(child, port) for child in family)


def _listens(child, port):
    try:
        return any(entry.laddr.port == port for entry in child.net_connections("tcp"))
    except psutil.Error:
        return False


def test_a_taken_port_is_named_before_anything_starts():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken) as refused:
            serve_web(Settings(port=port), lambda: None)
        assert refused.value.data == {"host": "127.0.0.1", "port": port}


@pytest.mark.parametrize(
    ("host", "shown"), [("::", "127.0.0.1"), ("::1", "[::1]"), ("10.0.0.5", "10.0.0.5")]
)
def test_the_address_is_one_that_a_browser_takes(host, shown):
    assert address_of(Settings(host=host, port=8000)) == f"http://{shown}:8000/"
