"""A certificate authority of this installation, and the certificate of its web server.

Phones give the camera and the service worker only to pages that come by HTTPS.  In a local network
no public authority can vouch for an address, so the installation has its own, which each phone is
told to trust once.  Its key never leaves the machine, and it may vouch for nothing but private
addresses, those of this machine and local names: stolen, it could not impersonate a bank.

Limits of phones (iOS 13 and later): at most 825 days, a subject alternative name, the purpose
``serverAuth``.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.kit.clock import now
from app.kit.network import LOOPBACK, PRIVATE, Address, is_local_name
from app.kit.tls_files import TlsFiles, tls_files

AUTHORITY_DAYS = 3650
SERVER_DAYS = 397
RENEW_BEFORE_DAYS = 30
# Clocks differ: what is valid from this very second is not valid yet for a phone that is slow.
BACKDATED = timedelta(days=1)
_NAMES = ("localhost", "local", "lan", "internal", "home.arpa")


def ensure_certificate(
    data_dir: Path, names: Sequence[str], addresses: Sequence[Address]
) -> TlsFiles:
    """The files, made or renewed where that is due.

    The authority stays as long as it is good, because phones trust that very one.

    Args:
        names: of this machine; those that are public are left out.
        addresses: of this machine; those that the authority may not vouch for are left out.
    """
    files = tls_files(data_dir)
    files.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    files.folder.chmod(0o700)
    if not _is_good_authority(files):
        _write_authority(files, names, addresses)
    if needs_renewal(files, names, addresses):
        _write_certificate(files, names, addresses)
    return files


def needs_renewal(files: TlsFiles, names: Sequence[str], addresses: Sequence[Address]) -> bool:
    """Whether the server's certificate ends soon, misses an address or is not the authority's."""
    if not (files.certificate.exists() and files.key.exists()):
        return True
    present, authority = read(files.certificate), read(files.authority)
    covered = _covered(present)
    wanted = {str(one) for one in _allowed_addresses(authority, addresses)}
    wanted |= set(_allowed_names(authority, names))
    return (
        present.not_valid_after_utc - now() < timedelta(days=RENEW_BEFORE_DAYS)
        or present.not_valid_before_utc > now()
        or not wanted <= covered
        or not _is_issued_by(present, authority)
    )


def read(path: Path) -> x509.Certificate:
    """The first certificate of a PEM file.  Raises ValueError where there is none."""
    return x509.load_pem_x509_certificate(path.read_bytes())


def expires_at(path: Path) -> datetime:
    return read(path).not_valid_after_utc


def authority_download(files: TlsFiles) -> bytes:
    """The authority's certificate as phones take it (DER)."""
    return read(files.authority).public_bytes(serialization.Encoding.DER)


def fingerprint(files: TlsFiles) -> str:
    """SHA-256 of the authority, as phones show it: to be compared by eye."""
    digits = read(files.authority).fingerprint(hashes.SHA256()).hex().upper()
    return " ".join(digits[place : place + 2] for place in range(0, len(digits), 2))


# The authority ------------------------------------------------------------------------------------


def _is_good_authority(files: TlsFiles) -> bool:
    if not (files.authority.exists() and files.authority_key.exists()):
        return False
    left = expires_at(files.authority) - now()
    return left > timedelta(days=SERVER_DAYS)


def _write_authority(files: TlsFiles, names: Sequence[str], addresses: Sequence[Address]) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    label = f"Saoku {names[0] if names else 'local'} {now():%Y-%m-%d}"
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, label[:64])])
    certificate = (
        _begun(name, name, key.public_key(), AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(_constraints(names, addresses), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write_private(files.authority_key, _key_bytes(key))
    _write(files.authority, certificate.public_bytes(serialization.Encoding.PEM))


def _constraints(names: Sequence[str], addresses: Sequence[Address]) -> x509.NameConstraints:
    own = [name for name in names if is_local_name(name)]
    subtrees: list[x509.GeneralName] = [
        x509.DNSName(name) for name in dict.fromkeys((*_NAMES, *own))
    ]
    networks = [*PRIVATE, *(ip_network(one) for one in (*LOOPBACK, *addresses))]
    subtrees += [x509.IPAddress(network) for network in dict.fromkeys(networks)]
    return x509.NameConstraints(permitted_subtrees=subtrees, excluded_subtrees=None)


def _permitted(authority: x509.Certificate) -> list[Any]:
    """Names and networks that this authority may vouch for."""
    found = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    return [one.value for one in found.permitted_subtrees or []]


def _allowed_names(authority: x509.Certificate, names: Sequence[str]) -> list[str]:
    """A machine may have been renamed since the authority was made."""
    permitted = [one for one in _permitted(authority) if isinstance(one, str)]
    return [
        name for name in names if any(name == one or name.endswith("." + one) for one in permitted)
    ]


def _allowed_addresses(authority: x509.Certificate, addresses: Sequence[Address]) -> list[Address]:
    networks = [one for one in _permitted(authority) if not isinstance(one, str)]
    return [one for one in addresses if any(one in network for network in networks)]


# The server ---------------------------------------------------------------------------------------


def _write_certificate(files: TlsFiles, names: Sequence[str], addresses: Sequence[Address]) -> None:
    authority = read(files.authority)
    signer = serialization.load_pem_private_key(files.authority_key.read_bytes(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey), "we made it so"
    key = ec.generate_private_key(ec.SECP256R1())
    hosts = ["localhost", *_allowed_names(authority, names)]
    places = [*LOOPBACK, *_allowed_addresses(authority, addresses)]
    alternatives: list[x509.GeneralName] = [x509.DNSName(name) for name in dict.fromkeys(hosts)]
    alternatives += [x509.IPAddress(address) for address in dict.fromkeys(places)]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Saoku")])
    purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    certificate = (
        _begun(subject, authority.subject, key.public_key(), SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(purposes, critical=False)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(issuer, critical=False)
        .sign(signer, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    # The key first: a certificate without its key would be taken for complete.
    files.certificate.unlink(missing_ok=True)
    _write_private(files.key, _key_bytes(key))
    _write(files.certificate, certificate.public_bytes(pem) + authority.public_bytes(pem))


def _covered(certificate: x509.Certificate) -> set[str]:
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(one.value) for one in found}


def _is_issued_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int
) -> x509.CertificateBuilder:
    begins = now() - BACKDATED
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _key_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write_private(path: Path, content: bytes) -> None:
    """Never readable by others, not even for a moment."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    part.replace(path)


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.chmod(0o644)
    part.replace(path)
