"""Signing in and out.  Not commands: nobody is known yet, so they have their own few statements.

An attempt is throttled in the database, so several workers count together and a restart forgets
nothing.  The slow comparison runs outside any transaction.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.access.problems import (
    DeviceNotRegistered,
    TooManyAttempts,
    WrongCredentials,
    WrongPin,
)
from app.access.secrets import matches, new_token, token_hash
from app.kit.database import Database

BEGIN_LOGIN = "select attempt, wait_seconds from begin_login(%(subject)s, %(ip)s)"
LOGIN_SUCCEEDED = "select login_succeeded(%(attempt)s)"
BY_LOGIN = "select id, password_hash from app_user where login = %(login)s and is_active"
BY_BADGE = "select id, pin_hash from app_user where badge = %(badge)s and is_active"
BY_ID = "select password_hash, pin_hash from app_user where id = %(id)s and is_active"
DEVICE_OF = "select id from device_of(%(hash)s)"
OPEN_SESSION = "select open_session(%(hash)s, %(user)s, %(device)s, %(csrf)s, %(ip)s, %(agent)s)"
CLOSE_SESSION = "select close_session(%(hash)s)"
UNLOCK = "select unlock_session(%(hash)s)"


@dataclass(frozen=True)
class Origin:
    """Where a login comes from."""

    ip: str
    user_agent: str = ""
    device_token: str | None = None


def by_password(database: Database, login: str, password: str, origin: Origin) -> str:
    """Sign in; the new session's token for the cookie.

    Raises:
        WrongCredentials: whichever of the two is wrong.
        TooManyAttempts: of this login or this address.
    """
    login = login.strip().lower()[:100]
    attempt = _begin(database, f"login:{login}", origin.ip)
    found = database.at_once(BY_LOGIN, {"login": login})
    user_id, stored = found[0] if found else (0, None)
    if not matches(stored, password):
        raise WrongCredentials
    return _open(database, attempt, user_id, origin)


def by_badge(database: Database, badge: str, pin: str, origin: Origin) -> str:
    """Sign in on a registered device by the badge's code and the PIN; the session's token.

    Raises:
        DeviceNotRegistered: a PIN is too short to guard a login from anywhere.
        WrongPin: whichever of the two is wrong.
        TooManyAttempts: of this badge or this address.
    """
    if registered_device(database, origin) is None:
        raise DeviceNotRegistered
    badge = plain_badge(badge)
    attempt = _begin(database, f"badge:{badge}", origin.ip)
    found = database.at_once(BY_BADGE, {"badge": badge})
    user_id, stored = found[0] if found else (0, None)
    if not matches(stored, pin):
        raise WrongPin
    return _open(database, attempt, user_id, origin)


def unlock(database: Database, user_id: int, session_hash: str, secret: str, ip: str) -> None:
    """Unlock a session with its owner's PIN or password.  Raises as the logins do."""
    attempt = _begin(database, f"unlock:{user_id}", ip)
    found = database.at_once(BY_ID, {"id": user_id})
    password_hash, pin_hash = found[0] if found else (None, None)
    if not matches(pin_hash, secret) and not matches(password_hash, secret):
        raise WrongPin
    database.at_once(LOGIN_SUCCEEDED, {"attempt": attempt})
    database.at_once(UNLOCK, {"hash": session_hash})


def is_own_password(database: Database, user_id: int, password: str, ip: str) -> bool:
    """Whether it is the person's present password; throttled like an unlocking."""
    attempt = _begin(database, f"unlock:{user_id}", ip)
    found = database.at_once(BY_ID, {"id": user_id})
    if not matches(found[0][0] if found else None, password):
        return False
    database.at_once(LOGIN_SUCCEEDED, {"attempt": attempt})
    return True


def log_out(database: Database, session_hash: str) -> None:
    database.at_once(CLOSE_SESSION, {"hash": session_hash})


def registered_device(database: Database, origin: Origin) -> int | None:
    """The id of the registered, not revoked device whose cookie came along."""
    if not origin.device_token:
        return None
    found = database.at_once(DEVICE_OF, {"hash": token_hash(origin.device_token)})
    return found[0][0] if found else None


def plain_badge(code: str) -> str:
    """A badge as stored: without the prefix of our own badge labels, in upper case."""
    code = code.strip().upper()[:100]
    return code.removeprefix("SK:B")


def _begin(database: Database, subject: str, ip: str) -> int:
    attempt, wait_seconds = database.at_once(BEGIN_LOGIN, {"subject": subject, "ip": ip})[0]
    if attempt is None:
        raise TooManyAttempts(wait_seconds=wait_seconds)
    return attempt


def _open(database: Database, attempt: int, user_id: int, origin: Origin) -> str:
    """A session with a token of its own: never the one that the browser sent before."""
    token = new_token()
    database.at_once(LOGIN_SUCCEEDED, {"attempt": attempt})
    database.at_once(
        OPEN_SESSION,
        {
            "hash": token_hash(token),
            "user": user_id,
            "device": registered_device(database, origin),
            "csrf": new_token(),
            "ip": origin.ip,
            "agent": origin.user_agent,
        },
    )
    return token
