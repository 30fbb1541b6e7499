"""Commands of people on themselves: their store of now, language, password and PIN."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from app.access.problems import NoSuchStore, StoreNotYours
from app.kit.sql import execute, value
from app.kit.transactions import Envelope, Secret

STORE_NAME = "select name from store where id = %(store)s"
SWITCH = "update login_session set store_id = %(store)s where token_hash = %(hash)s"
END_OTHERS = """
delete from login_session where user_id = %(user)s and token_hash <> %(hash)s
"""


@dataclass(frozen=True)
class OwnDone:
    """Nothing to tell: the person sees it."""


@dataclass(frozen=True)
class Switched:
    store_id: int
    store_name: str


@dataclass(frozen=True)
class SwitchStore:
    """``session_hash`` names the session; as a secret it stays out of the audit trail."""

    store_id: int
    session_hash: Secret


def switch_store(session: Session, command: SwitchStore, envelope: Envelope) -> Switched:
    """Work in another of one's stores from now on, in this session."""
    name = value(session, STORE_NAME, {"store": command.store_id})
    if name is None:
        raise NoSuchStore
    stores = envelope.caller.stores
    if stores != "*" and str(command.store_id) not in stores.split(","):
        raise StoreNotYours
    execute(session, SWITCH, {"store": command.store_id, "hash": command.session_hash.reveal()})
    return Switched(command.store_id, name)


@dataclass(frozen=True)
class ChangeLanguage:
    language: str


def change_language(session: Session, command: ChangeLanguage, _envelope: Envelope) -> OwnDone:
    value(session, "select change_own_language(%(language)s)", {"language": command.language})
    return OwnDone()


@dataclass(frozen=True)
class ChangeOwnPassword:
    """Both hashes of the new password and of this session, which alone survives."""

    password_hash: Secret
    session_hash: Secret


def change_own_password(
    session: Session, command: ChangeOwnPassword, envelope: Envelope
) -> OwnDone:
    value(session, "select change_own_password(%(hash)s)", {"hash": command.password_hash.reveal()})
    execute(
        session,
        END_OTHERS,
        {"user": envelope.caller.user_id, "hash": command.session_hash.reveal()},
    )
    return OwnDone()


@dataclass(frozen=True)
class ChangeOwnPin:
    pin_hash: Secret


def change_own_pin(session: Session, command: ChangeOwnPin, _envelope: Envelope) -> OwnDone:
    value(session, "select change_own_pin(%(hash)s)", {"hash": command.pin_hash.reveal()})
    return OwnDone()
