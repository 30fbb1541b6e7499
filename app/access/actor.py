"""The actor: the person or integration behind a request, with what they may see and do."""

from __future__ import annotations

from typing import NamedTuple

from app.access.problems import CapabilityMissing, NoStore, StoreNotYours
from app.access.roles import may
from app.kit.database import Caller
from app.kit.formats import DEFAULT_ZONE

ALL_STORES = "*"


class ActorRow(NamedTuple):
    """A row of the database's ``session_actor`` and ``token_actor``, in their order."""

    user_id: int
    login: str
    name: str
    role: str
    language: str
    stores: str
    store_id: int | None
    store_code: str | None
    store_name: str | None
    time_zone: str | None
    device_id: int | None
    device_name: str | None
    csrf_token: str
    locked: bool


NOBODY = ActorRow(0, "", "", "", "", "", None, None, None, None, None, None, "", locked=True)


class Actor:
    """Who asks.  Made per request from one row; see ``app.access.authentication``.

    ``stores`` is ``'*'`` or the visible stores' ids with commas; ``store_id`` is the one they work
    in now (None only where a person has no store at all).
    """

    def __init__(self, row: ActorRow, ip: str | None = None, session_hash: str = "") -> None:
        self.user_id = row.user_id
        self.login = row.login
        self.name = row.name
        self.role = row.role
        self.language = row.language
        self.stores = row.stores
        self.store_id = row.store_id
        self.store_code = row.store_code or ""
        self.store_name = row.store_name or ""
        self.time_zone = row.time_zone or DEFAULT_ZONE
        self.device_id = row.device_id
        self.device_name = row.device_name or ""
        self.csrf_token = row.csrf_token
        self.locked = row.locked
        self.ip = ip
        self.session_hash = session_hash

    @property
    def caller(self) -> Caller:
        """The same in the database's terms, for sessions and envelopes."""
        return Caller(self.user_id or None, self.stores, self.device_id, self.ip, self.store_id)

    def can(self, capability: str) -> bool:
        return may(self.role, capability)

    def require(self, capability: str) -> None:
        """Raises NotYours unless the role has the capability."""
        if not self.can(capability):
            raise CapabilityMissing(capability=capability)

    def sees(self, store_id: int) -> bool:
        return self.stores == ALL_STORES or str(store_id) in self.stores.split(",")

    def require_sight(self, store_id: int) -> None:
        """Raises NotYours unless the store is one of theirs."""
        if not self.sees(store_id):
            raise StoreNotYours

    @property
    def working_store_id(self) -> int:
        """The store they work in now.  Raises NoStore for a person who has none."""
        if self.store_id is None:
            raise NoStore
        return self.store_id
