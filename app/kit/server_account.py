"""The operating-system account that PostgreSQL runs under when we are root.

PostgreSQL refuses to run as root.  Then it gets an account of its own, which needs a way to its
data and to its program: pass-through permission on the directories above them, for that account
alone, by an access control list.  Nobody else's permissions change.
"""

from __future__ import annotations

import os
import pwd
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.kit.i18n import mark
from app.kit.problems import Problem

ACCOUNT = "saoku"

# Layout of the extended attribute system.posix_acl_access (linux/posix_acl_xattr.h): a version,
# then entries of tag, permissions and id, ordered by tag and id.
_VERSION, _ENTRY = struct.Struct("<I"), struct.Struct("<HHI")
_USER_OBJ, _USER, _GROUP_OBJ, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x10, 0x20
_NO_ID, _PASS_THROUGH = 0xFFFFFFFF, 1
_ATTRIBUTE = "system.posix_acl_access"


class NoServerAccount(Problem):
    """Root has no other account to run PostgreSQL under, and cannot make one."""

    code = "no_server_account"
    status = 500
    text = mark("PostgreSQL does not run as root, and no account could be made for it: {reason}.")
    advice = mark("Run Saoku as an ordinary user, or set SAOKU_DATABASE_URL to another PostgreSQL.")


class NoWayIn(Problem):
    """The server's account cannot reach a file that it needs."""

    code = "no_way_in"
    status = 500
    text = mark("The account {account}, which runs PostgreSQL, cannot reach {path}.")
    advice = mark("Allow it with: chmod o+x {blocked} (or put SAOKU_DATA_DIR somewhere else).")


@dataclass(frozen=True)
class Account:
    """Who runs the server; ``switch`` holds when that is someone else than this process."""

    name: str
    uid: int
    gid: int
    switch: bool

    def run(self, command: list[str], directory: Path) -> subprocess.CompletedProcess[str]:
        """Run a program as this account and wait for it; its output is captured."""
        return subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            cwd=directory,
            env=environment(),
            user=self.uid if self.switch else None,
            group=self.gid if self.switch else None,
            extra_groups=[] if self.switch else None,
        )

    def spawn(self, command: list[str], directory: Path, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start a program as this account in a session of its own, its output to the log."""
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=directory,
            env=environment(),
            start_new_session=True,
            user=self.uid if self.switch else None,
            group=self.gid if self.switch else None,
            extra_groups=[] if self.switch else None,
        )

    def own(self, path: Path) -> None:
        if self.switch:
            os.chown(path, self.uid, self.gid)

    def can(self, test: str, path: Path) -> bool:
        """``test -r``, ``-w`` or ``-x`` on a path, as this account."""
        return self.run(["test", test, str(path)], Path("/")).returncode == 0


def environment() -> dict[str, str]:
    """Nothing of ours leaks into the server: neither PG* variables nor secrets."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def server_account(data: Path) -> Account:
    """This process's account; for root the owner of existing data, or the account ``saoku``.

    Raises:
        NoServerAccount: root cannot make that account.
    """
    uid = os.geteuid()
    if uid != 0:
        return Account(_name(uid), uid, os.getegid(), switch=False)
    owner = data.stat().st_uid if data.exists() else 0
    entry = pwd.getpwuid(owner) if owner else _system_account()
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, switch=True)


def open_way(account: Account, path: Path) -> None:
    """Let the account pass through every directory down to ``path``; nothing where it can already.

    Raises:
        NoWayIn: the file system takes no access control list.
    """
    if not account.switch or account.can("-x", path):
        return
    for directory in (*reversed(path.parents), path):
        if not account.can("-x", directory):
            try:
                _grant_pass_through(directory, account.uid)
            except OSError as error:
                raise NoWayIn(
                    account=account.name, path=str(path), blocked=str(directory)
                ) from error


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        raise NoServerAccount(reason=f"user id {uid} has no name in /etc/passwd") from None


def _system_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        pass
    command = ["useradd", "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", ACCOUNT]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
        return pwd.getpwnam(ACCOUNT)
    except FileNotFoundError:
        raise NoServerAccount(reason="useradd is missing") from None
    except subprocess.CalledProcessError as error:
        # Another process may have made it in the same moment.
        if ACCOUNT in {entry.pw_name for entry in pwd.getpwall()}:
            return pwd.getpwnam(ACCOUNT)
        raise NoServerAccount(reason=str(error.stderr).strip()) from error


def _grant_pass_through(directory: Path, uid: int) -> None:
    mode = directory.stat().st_mode
    entries = _access_list(directory) or {
        (_USER_OBJ, _NO_ID): mode >> 6 & 7,
        (_GROUP_OBJ, _NO_ID): mode >> 3 & 7,
        (_OTHER, _NO_ID): mode & 7,
    }
    group = entries[_GROUP_OBJ, _NO_ID]
    entries[_USER, uid] = entries.get((_USER, uid), 0) | _PASS_THROUGH
    entries[_MASK, _NO_ID] = entries.get((_MASK, _NO_ID), group) | _PASS_THROUGH
    packed = [_ENTRY.pack(tag, bits, who) for (tag, who), bits in sorted(entries.items())]
    os.setxattr(directory, _ATTRIBUTE, _VERSION.pack(2) + b"".join(packed))


def _access_list(directory: Path) -> dict[tuple[int, int], int]:
    try:
        raw = os.getxattr(directory, _ATTRIBUTE)
    except OSError:
        return {}
    return {(tag, who): bits for tag, bits, who in _ENTRY.iter_unpack(raw[_VERSION.size :])}
