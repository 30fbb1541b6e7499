"""HTTPS in the local network: a real TLS client that trusts the installation's authority alone."""

from __future__ import annotations

import os
import socket
import ssl
import stat
import subprocess
import sys
import threading
from datetime import timedelta
from http.client import HTTPConnection, HTTPSConnection
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from litestar.testing import TestClient

from app.administration import lan
from app.administration.install_server import make_server
from app.kit import certificates, clock, network
from app.kit.certificates import ensure_certificate
from app.kit.config import Settings
from app.kit.database import Database
from app.kit.network import host_names, lan_addresses
from app.kit.serving import CertificateUnusable, PortTaken, address_of, serve_web
from app.main import create_app
from tests.ports import free_port

LAN = ip_address("192.168.7.20")
NAMES = ["kitchen", "kitchen.local"]


def trusting(files) -> ssl.SSLContext:
    """A phone that had the authority installed, and trusts nobody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(files.authority)
    return context


class Endpoint:
    """One TLS connection after the other on loopback, with these files."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self.socket.accept()
            except OSError:
                return
            try:
                with self.context.wrap_socket(plain, server_side=True) as secure:
                    secure.recv(1)
            except OSError:
                continue

    def greets(self, context: ssl.SSLContext, name: str) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as plain:
            try:
                with context.wrap_socket(plain, server_hostname=name) as secure:
                    secure.sendall(b"x")
                    return True
            except ssl.SSLCertVerificationError:
                return False


@pytest.fixture
def served(tmp_path):
    files = ensure_certificate(tmp_path, NAMES, [LAN])
    endpoint = Endpoint(files.certificate, files.key)
    yield files, endpoint
    endpoint.socket.close()


@pytest.mark.parametrize(
    "name", ["127.0.0.1", "192.168.7.20", "kitchen.local", "kitchen", "localhost"]
)
def test_a_phone_that_trusts_the_authority_is_greeted(served, name):
    files, endpoint = served
    assert endpoint.greets(trusting(files), name)


@pytest.mark.parametrize("name", ["192.168.7.21", "bank.example"])
def test_for_other_names_it_says_nothing(served, name):
    files, endpoint = served
    assert not endpoint.greets(trusting(files), name)


def test_a_phone_without_the_authority_refuses(served):
    assert not served[1].greets(ssl.create_default_context(), "192.168.7.20")


def test_a_stolen_authority_cannot_be_a_bank(tmp_path):
    files = ensure_certificate(tmp_path, NAMES, [LAN])
    authority = certificates.read(files.authority)
    allow_all = certificates._permitted
    certificates._permitted = lambda _authority: ["example", *allow_all(authority)]
    try:
        certificates._write_certificate(files, ["bank.example"], [LAN])
    finally:
        certificates._permitted = allow_all
    endpoint = Endpoint(files.certificate, files.key)
    assert not endpoint.greets(trusting(files), "bank.example")
    endpoint.socket.close()


def test_what_phones_demand(tmp_path):
    files = ensure_certificate(tmp_path, NAMES, [LAN])
    present = certificates.read(files.certificate)
    life = present.not_valid_after_utc - present.not_valid_before_utc
    assert life <= timedelta(days=825)
    purposes = present.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert x509.oid.ExtendedKeyUsageOID.SERVER_AUTH in list(purposes)
    assert present.not_valid_before_utc < clock.now() - timedelta(hours=1)
    assert certificates.authority_download(files)[:1] == b"\x30"  # DER


def test_keys_are_for_the_owner_alone(tmp_path):
    old = os.umask(0)
    try:
        files = ensure_certificate(tmp_path, NAMES, [LAN])
    finally:
        os.umask(old)
    for path, mode in ((files.folder, 0o700), (files.key, 0o600), (files.authority_key, 0o600)):
        assert stat.S_IMODE(path.stat().st_mode) == mode
    assert not list(files.folder.glob(".*"))


def test_it_is_renewed_when_it_must_be_and_only_then(tmp_path, monkeypatch):
    files = ensure_certificate(tmp_path, NAMES, [LAN])
    authority, first = files.authority.read_bytes(), files.certificate.read_bytes()
    ensure_certificate(tmp_path, NAMES, [LAN])
    assert files.certificate.read_bytes() == first
    ensure_certificate(tmp_path, NAMES, [LAN, ip_address("10.1.2.3")])
    second = files.certificate.read_bytes()
    assert second != first
    later = clock.now() + timedelta(days=397 - 20)
    monkeypatch.setattr(certificates, "now", lambda: later)
    ensure_certificate(tmp_path, NAMES, [LAN])
    third = files.certificate.read_bytes()
    assert third != second
    assert files.authority.read_bytes() == authority
    much_later = later + timedelta(days=3650)
    monkeypatch.setattr(certificates, "now", lambda: much_later)
    ensure_certificate(tmp_path, NAMES, [LAN])
    assert files.authority.read_bytes() != authority


@pytest.mark.parametrize("lost", ["key", "certificate", "authority_key"])
def test_a_lost_part_is_made_again(tmp_path, lost):
    files = ensure_certificate(tmp_path, NAMES, [LAN])
    getattr(files, lost).unlink()
    ensure_certificate(tmp_path, NAMES, [LAN])
    endpoint = Endpoint(files.certificate, files.key)
    assert endpoint.greets(trusting(files), "192.168.7.20")
    endpoint.socket.close()


def test_a_renewal_while_it_runs_asks_for_new_workers(tmp_path, monkeypatch):
    monkeypatch.setattr(lan, "lan_addresses", lambda: [LAN])
    settings = lan.with_lan(Settings(data_dir=tmp_path))
    assert lan.is_own_authority(settings)
    assert settings.host == lan.EVERY_IPV4
    reloaded = threading.Event()
    monkeypatch.setattr(lan, "lan_addresses", lambda: [LAN, ip_address("10.1.2.3")])
    with lan.looking_after(settings, reload=reloaded.set, every=timedelta(milliseconds=10)):
        assert reloaded.wait(60)


def test_a_taken_port_for_the_plain_page_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(lan, "lan_addresses", lambda: [LAN])
    with socket.create_server(("127.0.0.1", 0)) as other:
        settings = Settings(data_dir=tmp_path, port=other.getsockname()[1] - 1)
        with pytest.raises(PortTaken):
            lan.with_lan(settings)


def test_without_a_network_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(lan, "lan_addresses", list)
    with pytest.raises(lan.NoNetwork):
        lan.with_lan(Settings(data_dir=tmp_path))


def test_ones_own_certificate_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(lan, "lan_addresses", lambda: [LAN])
    own = Settings(data_dir=tmp_path, tls_certificate=tmp_path / "a", tls_key=tmp_path / "b")
    assert lan.with_lan(own).tls_certificate == tmp_path / "a"
    assert not lan.is_own_authority(own)


def test_this_machine_has_addresses_and_a_name(monkeypatch):
    monkeypatch.setattr(network, "_usual_address", lambda: "10.0.0.1")
    assert all(not address.is_loopback for address in lan_addresses())
    assert all(name == name.lower() for name in host_names())


def test_a_certificate_that_cannot_be_used_is_told_before_anything_starts(tmp_path):
    (tmp_path / "bad").write_text("no certificate")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    for certificate, key in ((tmp_path / "bad", tmp_path / "bad"), (tmp_path / "bad", None)):
        settings = Settings(port=port, tls_certificate=certificate, tls_key=key)
        with pytest.raises(CertificateUnusable):
            serve_web(settings, lambda: None)


def test_the_address_names_https(tmp_path):
    secure = Settings(tls_certificate=tmp_path, tls_key=tmp_path)
    assert address_of(secure).startswith("https://127.0.0.1")


# Pages --------------------------------------------------------------------------------------------


def test_the_plain_page_gives_the_certificate_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setattr(lan, "lan_addresses", lambda: [LAN])
    settings = lan.with_lan(Settings(data_dir=tmp_path))
    server = make_server(settings, "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        page = got(server.server_port, "/install")
        assert page[0] == 200
        assert "安卓" in page[2].decode()
        assert "Android" in got(server.server_port, "/install", "en-GB")[2].decode()
        assert f"https://192.168.7.20:{settings.port}/" in page[2].decode()
        authority = got(server.server_port, "/install/saoku-authority.crt")
        assert authority[1] == "application/x-x509-ca-cert"
        assert authority[2] == certificates.authority_download(certificates.tls_files(tmp_path))
        style = page[2].decode().partition('rel="stylesheet" href="')[2].partition('"')[0]
        assert got(server.server_port, style)[1].startswith("text/css")
        for other in ("/", "/login", "/static/x/none", "/install/authority.key"):
            assert got(server.server_port, other)[0] == 302
    finally:
        server.shutdown()
        server.server_close()


def got(port: int, path: str, language: str = "zh-CN") -> tuple[int, str, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Accept-Language": language})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers["Content-Type"] or "", body


def test_the_install_page_of_the_product(tmp_path, monkeypatch):
    nowhere = Database("postgresql://nobody@/none")
    settings = Settings(data_dir=tmp_path)
    with TestClient(create_app(settings, nowhere), raise_server_exceptions=False) as web:
        assert web.get("/install").status_code == 404
        monkeypatch.setattr(lan, "lan_addresses", lambda: [LAN])
        lan.with_lan(settings)
        shown = web.get("/install").text
        assert "data:image/svg+xml" in shown
        assert certificates.fingerprint(certificates.tls_files(tmp_path)) in shown
        assert web.get("/install/saoku-authority.crt").status_code == 200


def test_the_way_in_is_announced_with_two_codes(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(lan, "lan_addresses", lambda: [LAN, ip_address("10.1.2.3")])
    settings = lan.with_lan(Settings(data_dir=tmp_path))
    lan.announce_lan(settings)
    shown = capsys.readouterr().out
    assert f"http://192.168.7.20:{settings.port + 1}/install" in shown
    assert f"https://10.1.2.3:{settings.port}/" in shown
    assert shown.count("▄▄▄▄▄▄▄") >= 2


SERVE = """
from app.administration import lan
from app.kit.config import Settings
from app.main import serve
serve(lan.with_lan(Settings.from_environment()))
"""


@pytest.mark.slow
def test_the_whole_server_speaks_https_to_a_phone(tmp_path):
    port = free_port(2)
    env = os.environ | {
        "SAOKU_DATA_DIR": str(tmp_path / "data"),
        "SAOKU_PORT": str(port),
        "SAOKU_WORKERS": "1",
        "SAOKU_LOG_FILE": str(tmp_path / "saoku.log"),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE], env=env, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        assert process.stdout.readline().startswith("https://127.0.0.1:")
        files = certificates.tls_files(tmp_path / "data")
        phone = HTTPSConnection("127.0.0.1", port, context=trusting(files), timeout=60)
        phone.request("GET", "/login")
        answer = phone.getresponse()
        assert answer.status == 200
        assert answer.headers["Strict-Transport-Security"]
        phone.close()
    finally:
        process.terminate()
        process.communicate(timeout=60)
