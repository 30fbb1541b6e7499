"""E-mail through a real SMTP server."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.notifications import mail
from tests.notifications.receivers import Mailbox, MailServer

FROM = "saoku@firm.test"


def way(server, **more):
    return {
        "host": "127.0.0.1", "port": server.port, "security": "none", "sender": FROM, "login": "",
        "to": [], **more,
    }  # fmt: skip


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """A server's context, and the file to trust it by."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        ).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context, folder / "cert.pem"


def test_a_letter_reaches_those_whom_it_concerns(channel, happen, send, log, contact):
    contact("supervisor_a", email="chef@firm.test")
    box = Mailbox()
    with MailServer(box) as server:
        way_id = channel("email", {}, **way(server, to=["archive@firm.test"]))
        happen()
        send(way_id)
    letter = box.letters[0]
    assert letter.mail_from == FROM
    assert sorted(letter.rcpt_tos) == ["archive@firm.test", "chef@firm.test"]
    read = message_from_bytes(letter.content, policy=policy.default)
    assert "鲜牛奶" in str(read["Subject"])
    assert "https://saoku.test/approvals/7" in read.get_content()
    assert str(read["Message-ID"]).endswith("@firm.test>")
    assert log()[0][:3] == ("sent", 1, "250 2/2")


def test_starttls_and_login(channel, happen, send, log, tls, monkeypatch):
    context, trusted = tls
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    box = Mailbox()
    with MailServer(box, context) as server:
        settings = way(server, security="starttls", login="saoku", to=["a@firm.test"])
        way_id = channel("email", {"password": "right"}, **settings)
        happen()
        send(way_id)
    assert [row[0] for row in log()] == ["sent"]
    assert box.encrypted == [True]
    assert box.logins == ["saoku/right"]


def test_a_certificate_that_nobody_vouches_for(channel, happen, send, log, tls):
    box = Mailbox()
    with MailServer(box, tls[0]) as server:
        way_id = channel("email", {}, **way(server, security="starttls", to=["a@firm.test"]))
        happen()
        send(way_id)
    assert box.letters == []
    assert log() == [("waiting", 1, "", "channel_not_reached")]


def test_a_server_without_starttls_gets_no_letter_that_needs_it(channel, happen, send, log):
    box = Mailbox()
    with MailServer(box) as server:
        way_id = channel("email", {}, **way(server, security="starttls", to=["a@firm.test"]))
        happen()
        send(way_id)
    assert box.letters == []
    assert log() == [("failed", 1, "", "channel_refused")]


def test_a_wrong_password_is_final(channel, happen, send, log, tls, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(tls[1]))
    with MailServer(Mailbox(), tls[0]) as server:
        settings = way(server, security="starttls", login="saoku", to=["a@firm.test"])
        way_id = channel("email", {"password": "wrong"}, **settings)
        happen()
        send(way_id)
    assert log() == [("failed", 1, "", "channel_refused")]


def test_a_full_mailbox_is_tried_again_and_an_unknown_one_is_not(channel, happen, send, log):
    box = Mailbox(refuses={"full@firm.test": "452 mailbox full", "no@firm.test": "550 unknown"})
    with MailServer(box) as server:
        full = channel("email", {}, name="1", **way(server, to=["full@firm.test"]))
        unknown = channel("email", {}, name="2", **way(server, to=["no@firm.test"]))
        some = channel("email", {}, name="3", **way(server, to=["no@firm.test", "ok@firm.test"]))
        happen()
        for one in (full, unknown, some):
            send(one)
    assert sorted(row[0] for row in log()) == ["failed", "sent", "waiting"]
    assert any("550" in row[2] for row in log())


def test_nobody_to_write_to_is_said(channel, happen, send, log):
    with MailServer(Mailbox()) as server:
        way_id = channel("email", {}, **way(server))
        happen()
        send(way_id)
    assert log() == [("failed", 1, "", "nobody_to_write_to")]


def test_a_mail_server_that_is_away(channel, happen, send, log, monkeypatch):
    monkeypatch.setattr(mail, "SECONDS", 1)
    with MailServer(Mailbox()) as server:
        settings = way(server, to=["a@firm.test"])
    way_id = channel("email", {}, **settings)
    happen()
    send(way_id)
    assert log() == [("waiting", 1, "", "channel_not_reached")]
