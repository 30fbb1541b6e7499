"""The webhook for other programs: JSON, signed, with the same identity in each attempt."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.kit import clock
from app.notifications.posting import post


@dataclass(frozen=True)
class Posting:
    """``content`` is what the body says; ``identity`` tells a repeated delivery from a new one."""

    identity: UUID
    kind: str
    content: dict[str, Any]


def webhook_sign(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 of timestamp (s), a dot and the body, in hex.

    A receiver compares it, and throws away what is older than some minutes.
    """
    message = timestamp.encode() + b"." + body
    return "sha256=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def deliver(secrets: dict[str, Any], posting: Posting, networks: str) -> str:
    """Post it; what was answered.  Raises Problem as ``posting.post`` does."""
    body = json.dumps(posting.content, ensure_ascii=False).encode()
    timestamp = str(int(clock.now().timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Saoku",
        "X-Saoku-Event": posting.kind,
        "X-Saoku-Delivery": str(posting.identity),
        "X-Saoku-Timestamp": timestamp,
    }
    if secrets.get("secret"):
        headers["X-Saoku-Signature"] = webhook_sign(secrets["secret"], timestamp, body)
    answer = post(secrets["url"], body, headers, networks)
    return f"HTTP {answer.status} {answer.text[:500]}".strip()
