"""Commands on registered devices and on API tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.access.problems import NoSuchDevice, NoSuchToken, NoSuchUser, TokenOfAnother
from app.access.tables import ApiToken, Device, User
from app.kit import clock
from app.kit.sql import execute
from app.kit.tables import saved_id
from app.kit.transactions import Envelope, Secret

BIND_SESSION = "update login_session set device_id = %(device)s where token_hash = %(hash)s"


@dataclass(frozen=True)
class DeviceDone:
    device_id: int
    name: str


@dataclass(frozen=True)
class RegisterDevice:
    """The hash of the token that the device will keep, and the session that it is done in."""

    name: str
    store_id: int
    token_hash: Secret
    session_hash: Secret


def register_device(session: Session, command: RegisterDevice, envelope: Envelope) -> DeviceDone:
    """This device is shared from now on: badges work on it, and it locks itself."""
    device = Device(
        name=command.name,
        token_hash=command.token_hash.reveal(),
        store_id=command.store_id,
        registered_by=saved_id(envelope.caller.user_id),
    )
    session.add(device)
    session.flush()
    device_id = saved_id(device.id)
    execute(session, BIND_SESSION, {"device": device_id, "hash": command.session_hash.reveal()})
    return DeviceDone(device_id, device.name)


@dataclass(frozen=True)
class RevokeDevice:
    device_id: int


def revoke_device(session: Session, command: RevokeDevice, _envelope: Envelope) -> DeviceDone:
    """Its sessions and tokens stand for nobody from the next request on."""
    device = session.get(Device, command.device_id, with_for_update=True)
    if device is None:
        raise NoSuchDevice
    device.revoked_at = device.revoked_at or clock.now()
    session.add(device)
    return DeviceDone(command.device_id, device.name)


@dataclass(frozen=True)
class TokenDone:
    token_id: int
    name: str


@dataclass(frozen=True)
class CreateToken:
    """A token for ``user_id``: in one store, or in all of theirs where ``store_id`` is None."""

    name: str
    user_id: int
    store_id: int | None
    expires_at: datetime | None
    token_hash: Secret


def create_token(session: Session, command: CreateToken, envelope: Envelope) -> TokenDone:
    """Refuses a token for another person unless the caller sees every store."""
    if command.user_id != envelope.caller.user_id and envelope.caller.stores != "*":
        raise TokenOfAnother
    user = session.get(User, command.user_id)
    if user is None or not user.is_active:
        raise NoSuchUser
    token = ApiToken(
        name=command.name,
        token_hash=command.token_hash.reveal(),
        user_id=command.user_id,
        store_id=command.store_id,
        expires_at=command.expires_at,
    )
    session.add(token)
    session.flush()
    return TokenDone(saved_id(token.id), token.name)


@dataclass(frozen=True)
class RevokeToken:
    token_id: int


def revoke_token(session: Session, command: RevokeToken, _envelope: Envelope) -> TokenDone:
    token = session.get(ApiToken, command.token_id, with_for_update=True)
    if token is None:
        raise NoSuchToken
    token.revoked_at = token.revoked_at or clock.now()
    session.add(token)
    return TokenDone(command.token_id, token.name)
