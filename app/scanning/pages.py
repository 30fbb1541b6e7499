"""Reading a photo on the server, where the device cannot read codes itself."""

from __future__ import annotations

from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Annotated

from litestar import post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.kit.i18n import mark
from app.kit.problems import Problem, Unreadable
from app.scanning.photo import decode_photo

PHOTO_BYTES = 20 << 20
"""What a phone's best photo takes; larger requests are refused before they are read."""
AT_ONCE = 2
"""Photos decoded at once by one web worker: each may take a hundred megabytes for a moment."""
PATIENCE_S = 10
_room = BoundedSemaphore(AT_ONCE)

Upload = Annotated[dict[str, UploadFile], Body(media_type=RequestEncodingType.MULTI_PART)]


class NoPhoto(Unreadable):
    code = "no_photo"
    text = mark("No photo was sent.")
    advice = mark("Take the photo again.")


class TooManyPhotos(Problem):
    code = "too_many_photos"
    status = 429
    text = mark("Many photos are being read at the moment.")
    advice = mark("Wait {wait_seconds} seconds and take the photo again, or type the code.")


@dataclass(frozen=True)
class PhotoSymbol:
    """One code of a photo, as a scanner would have sent it."""

    text: str
    symbology: str


@dataclass(frozen=True)
class PhotoAnswer:
    symbols: list[PhotoSymbol]


@post("/scanning/photos", sync_to_thread=True, request_max_body_size=PHOTO_BYTES, status_code=200)
def read_photo(actor: Actor, data: Upload) -> PhotoAnswer:
    """The codes in the multipart field ``photo``, from top to bottom; none is an answer."""
    actor.require("receive")
    photo = data.get("photo")
    if photo is None or not hasattr(photo, "file"):
        raise NoPhoto
    if not _room.acquire(timeout=PATIENCE_S):
        raise TooManyPhotos(wait_seconds=PATIENCE_S)
    try:
        found = decode_photo(photo.file.read(PHOTO_BYTES))
    finally:
        _room.release()
    return PhotoAnswer([PhotoSymbol(symbol.scanned, symbol.symbology) for symbol in found])


handlers: list[ControllerRouterHandler] = [read_photo]
