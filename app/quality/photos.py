"""Photos beside a status change or a return: made small and anew, kept in the database."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image
from sqlmodel import Session

from app.kit import sql
from app.kit.transactions import Envelope
from app.quality import problems
from app.quality.stock import QUERIES
from app.scanning.photo_file import open_coloured
from app.scanning.problems import PictureTooLarge

LONGEST_SIDE = 1_280
MOST_BYTES = 2_000_000
_QUALITIES = (82, 70, 50)


@dataclass(frozen=True)
class KeepPhoto:
    """The audit keeps the photo's hash, the photo itself lies in its own table."""

    store_id: int
    sha256: str


@dataclass(frozen=True)
class PhotoKept:
    photo_id: int


@dataclass(frozen=True)
class Small:
    """A JPEG of at most ``MOST_BYTES``."""

    content: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def small(data: bytes) -> Small:
    """The photo drawn anew as a small JPEG, without anything that the camera wrote beside it.

    Raises:
        PictureTooLarge, PictureNotReadable, PictureFormatNotSupported, PictureMoves.
    """
    picture = open_coloured(data, LONGEST_SIDE)
    tried = (_jpeg(picture, quality) for quality in _QUALITIES)
    content = next((content for content in tried if len(content) <= MOST_BYTES), b"")
    if not content:
        raise PictureTooLarge(size=f"> {MOST_BYTES // 1_000_000} MB", limit="2 MB")
    return Small(content, picture.width, picture.height)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()


def keeping(photo: Small) -> Callable[[Session, KeepPhoto, Envelope], PhotoKept]:
    """The handler ``keep_photo`` for this photo."""

    def keep_photo(session: Session, command: KeepPhoto, envelope: Envelope) -> PhotoKept:
        values = {
            "store_id": command.store_id,
            "content": photo.content,
            "width": photo.width,
            "height": photo.height,
            "created_by": envelope.caller.user_id,
        }
        return PhotoKept(int(sql.value(session, QUERIES["insert_photo"], values)))

    return keep_photo


@dataclass(frozen=True)
class Stored:
    content: bytes
    mime: str


def stored(session: Session, photo_id: int) -> Stored:
    """Raises PhotoUnknown for one that the caller does not see."""
    found = sql.one(session, Stored, QUERIES["photo"], {"photo_id": photo_id})
    if found is None:
        raise problems.PhotoUnknown
    return found
