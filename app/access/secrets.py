"""Passwords, PINs and tokens: how they are made, hashed and compared.

Hashing takes tens of milliseconds by design: never inside a transaction.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from app.access.problems import BadPin, WeakPassword
from app.kit.i18n import gettext, mark

ANOTHER = mark("Choose another one.")
LEAST_PASSWORD = 8
LONGEST_PASSWORD = 256
_COMMON = {
    "password", "passwort", "12345678", "123456789", "1234567890", "11111111", "00000000",
    "88888888", "qwertyui", "qwertyuiop", "iloveyou", "admin123", "abc12345", "password1",
    "a1234567", "woaini1314", "5201314520", "saokusaoku",
}  # fmt: skip
_PIN_LENGTHS = range(4, 9)

# OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, two passes, one lane.
_hasher = PasswordHasher(
    time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16, type=Type.ID
)
# What an unknown person's password is compared with, so that it takes as long as a known one's.
_NOBODYS = _hasher.hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    """The argon2id hash of an acceptable password.

    Raises:
        WeakPassword: shorter than 8 or longer than 256 characters, or a common one.
    """
    if not LEAST_PASSWORD <= len(password) <= LONGEST_PASSWORD or password.lower() in _COMMON:
        raise WeakPassword(least=LEAST_PASSWORD, fields={"password": gettext(ANOTHER)})
    return _hasher.hash(password)


def hash_pin(pin: str) -> str:
    """The argon2id hash of a PIN of 4 to 8 digits.  Raises BadPin for any other text."""
    plain = pin.isascii() and pin.isdigit() and len(pin) in _PIN_LENGTHS
    if not plain or len(set(pin)) == 1 or "12345678".startswith(pin):
        raise BadPin(fields={"pin": gettext(ANOTHER)})
    return _hasher.hash(pin)


def matches(stored: str | None, given: str) -> bool:
    """Whether a password or PIN fits its hash; as slow for a missing hash as for a wrong text."""
    try:
        return _hasher.verify(stored or _NOBODYS, given[:LONGEST_PASSWORD]) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def new_token() -> str:
    """A random token of 256 bits for a cookie."""
    return secrets.token_urlsafe(32)


def derived_token(key: str, purpose: str, command_id: UUID) -> str:
    """The token that a command makes: the same again when the command is repeated.

    Only its hash is stored, so the repeated answer could not contain it otherwise.
    """
    message = f"{purpose}:{command_id}".encode()
    digest = hmac.new(key.encode(), message, hashlib.sha256).digest()
    return f"saoku_{purpose}_{digest.hex()}"


def token_hash(token: str) -> str:
    """What is stored of a random token; it has too many bits to need a slow hash."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
