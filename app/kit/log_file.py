"""A log file that several processes write, set aside when it has grown too long.

Each line is written in one piece at the file's end.  Whoever finds it too long renames it, under a
lock; the others notice that the name means another file now, and open that.
"""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path


class LogFile:
    """The part of a text stream that loggers use.

    Args:
        path: the present file; older ones are ``path.1`` (the newest of them) up to ``path.N``.
        longest: bytes after which a new file is begun.
        kept: how many older files stay.
    """

    def __init__(self, path: Path, longest: int, kept: int) -> None:
        self.path, self.longest, self.kept = path, longest, kept
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._handle = self._open()

    def write(self, text: str) -> int:
        """Append; a line is never torn, whoever else writes."""
        with self._lock:
            content = text.encode("utf-8", "replace")
            if self._is_full(len(content)):
                self._rotate(len(content))
            os.write(self._handle, content)
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        os.close(self._handle)

    def _open(self) -> int:
        return os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)

    def _is_full(self, more: int) -> bool:
        """Also where somebody else has set our file aside."""
        mine = os.fstat(self._handle)
        try:
            named = self.path.stat()
        except FileNotFoundError:
            return True
        return mine.st_ino != named.st_ino or mine.st_size + more > self.longest

    def _rotate(self, more: int) -> None:
        lock = os.open(
            self.path.with_name(f".{self.path.name}.lock"), os.O_CREAT | os.O_RDWR, 0o640
        )
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            # Whoever came first has done it already.
            if self.path.exists() and self.path.stat().st_size + more > self.longest:
                self._shift()
            fresh = self._open()
        finally:
            os.close(lock)
        os.close(self._handle)
        self._handle = fresh

    def _shift(self) -> None:
        for number in range(self.kept, 0, -1):
            older = self._numbered(number - 1)
            if older.exists():
                older.replace(self._numbered(number))
        if not self.kept:
            self.path.unlink()

    def _numbered(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}") if number else self.path
