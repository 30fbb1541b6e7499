"""Identifiers made before anything is sent."""

from __future__ import annotations

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562 section 5.7): unique everywhere and ordered by time."""
    return UUID(bytes=uuid_utils.uuid7().bytes)
