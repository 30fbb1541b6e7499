"""Secrets of channels at rest: readable only with the installation's key.

A copy of the database alone is not enough to write into the company's groups.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.notifications.problems import SecretUnreadable


def seal(key: str, secrets: dict[str, Any]) -> str:
    """``key`` is ``Settings.signing_key()``."""
    return _fernet(key).encrypt(json.dumps(secrets).encode()).decode()


def unseal(key: str, sealed: str) -> dict[str, Any]:
    """Raises SecretUnreadable where they were sealed with another key."""
    try:
        return json.loads(_fernet(key).decrypt(sealed.encode()))
    except (InvalidToken, ValueError):
        raise SecretUnreadable from None


def _fernet(key: str) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=b"saoku notification channels")
    return Fernet(base64.urlsafe_b64encode(derived.derive(key.encode())))
