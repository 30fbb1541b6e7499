"""Commands on users: who exists, what they may do, where they work."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, delete, select

from app.access.problems import LastAdministrator, NoSuchUser
from app.access.roles import ADMINISTRATOR
from app.access.tables import LoginSession, User, UserArea, UserStore
from app.kit.tables import saved_id
from app.kit.transactions import Envelope, Secret


@dataclass(frozen=True)
class UserDone:
    """Which user it was about."""

    user_id: int


@dataclass(frozen=True)
class CreateUser:
    """``password_hash`` and ``pin_hash`` come hashed: hashing is too slow for a transaction."""

    login: str
    name: str
    role: str
    password_hash: Secret
    badge: str | None = None
    pin_hash: Secret | None = None
    language: str = "zh_CN"
    store_ids: tuple[int, ...] = ()
    area_ids: tuple[int, ...] = ()


def create_user(session: Session, command: CreateUser, _envelope: Envelope) -> UserDone:
    """Logins are kept in lower case.  Refuses a login or badge that someone has."""
    user = User(
        login=command.login.lower(),
        name=command.name,
        role=command.role,
        password_hash=command.password_hash.reveal(),
        badge=command.badge or None,
        pin_hash=command.pin_hash.reveal() if command.pin_hash else None,
        language=command.language,
    )
    session.add(user)
    session.flush()
    _assign(session, saved_id(user.id), command.store_ids, command.area_ids)
    return UserDone(saved_id(user.id))


@dataclass(frozen=True)
class ChangeUser:
    user_id: int
    name: str
    role: str
    badge: str | None
    language: str
    store_ids: tuple[int, ...]
    area_ids: tuple[int, ...]


def change_user(session: Session, command: ChangeUser, _envelope: Envelope) -> UserDone:
    user = _locked(session, command.user_id)
    if command.role != ADMINISTRATOR:
        _keep_an_administrator(session, user)
    user.name, user.role = command.name, command.role
    user.badge, user.language = command.badge or None, command.language
    session.add(user)
    _assign(session, command.user_id, command.store_ids, command.area_ids)
    return UserDone(command.user_id)


@dataclass(frozen=True)
class ResetPassword:
    user_id: int
    password_hash: Secret


def reset_password(session: Session, command: ResetPassword, _envelope: Envelope) -> UserDone:
    """Also ends every session of that user."""
    user = _locked(session, command.user_id)
    user.password_hash = command.password_hash.reveal()
    session.add(user)
    _end_sessions(session, command.user_id)
    return UserDone(command.user_id)


@dataclass(frozen=True)
class ResetPin:
    """``pin_hash`` None takes the PIN away: the badge alone opens nothing then."""

    user_id: int
    pin_hash: Secret | None


def reset_pin(session: Session, command: ResetPin, _envelope: Envelope) -> UserDone:
    user = _locked(session, command.user_id)
    user.pin_hash = command.pin_hash.reveal() if command.pin_hash else None
    session.add(user)
    return UserDone(command.user_id)


@dataclass(frozen=True)
class DeactivateUser:
    user_id: int


def deactivate_user(session: Session, command: DeactivateUser, _envelope: Envelope) -> UserDone:
    """Nobody is ever deleted: the audit trail names them.  Their sessions end at once."""
    user = _locked(session, command.user_id)
    _keep_an_administrator(session, user)
    user.is_active = False
    session.add(user)
    _end_sessions(session, command.user_id)
    return UserDone(command.user_id)


@dataclass(frozen=True)
class ActivateUser:
    user_id: int


def activate_user(session: Session, command: ActivateUser, _envelope: Envelope) -> UserDone:
    user = _locked(session, command.user_id)
    user.is_active = True
    session.add(user)
    return UserDone(command.user_id)


def _locked(session: Session, user_id: int) -> User:
    user = session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NoSuchUser
    return user


def _keep_an_administrator(session: Session, leaving: User) -> None:
    if leaving.role != ADMINISTRATOR or not leaving.is_active:
        return
    # Locked in the order of ids, so that two administrators cannot remove each other at once.
    query = select(User.id).where(User.role == ADMINISTRATOR, col(User.is_active))
    remaining = session.exec(query.order_by(col(User.id)).with_for_update()).all()
    if set(remaining) <= {leaving.id}:
        raise LastAdministrator


def _assign(
    session: Session, user_id: int, store_ids: tuple[int, ...], area_ids: tuple[int, ...]
) -> None:
    session.exec(delete(UserStore).where(col(UserStore.user_id) == user_id))
    session.exec(delete(UserArea).where(col(UserArea.user_id) == user_id))
    session.add_all([UserStore(user_id=user_id, store_id=store) for store in store_ids])
    session.add_all([UserArea(user_id=user_id, area_id=area) for area in area_ids])


def _end_sessions(session: Session, user_id: int) -> None:
    session.exec(delete(LoginSession).where(col(LoginSession.user_id) == user_id))
