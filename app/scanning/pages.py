"""A photo from a phone without a live camera: decoded here, the codes go back to be scanned."""

from __future__ import annotations

from threading import BoundedSemaphore
from typing import Annotated, Any

from litestar import Response, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit.i18n import mark
from app.kit.problems import Unreadable
from app.scanning.photo import decode_photo
from app.scanning.problems import PictureTooLarge

MOST_BYTES = 64 << 20
# A photo takes a processor and tens of megabytes: the others wait their turn.
_one_at_a_time = BoundedSemaphore()

Photo = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]


class NoPhoto(Unreadable):
    code = "no_photo"
    text = mark("No photo came with the request.")
    advice = mark("Take the photo again.")


@post("/scanning/photos", sync_to_thread=True, request_max_body_size=MOST_BYTES, status_code=200)
def read_photo(request: AnyRequest, actor: Actor, data: Photo) -> Response[dict[str, Any]]:
    """Multipart field ``photo`` -> ``{"symbols": [{"text", "symbology", "gtin"}]}``.

    ``text`` is what a scanner would have sent.  Moves nothing: the page scans what it gets.
    """
    actor.require("receive")
    photo = data.get("photo")
    if not isinstance(photo, UploadFile):
        raise NoPhoto
    content = _content(photo, request.app.state.photo_max_bytes)
    with _one_at_a_time:
        symbols = decode_photo(content)
    return Response(
        {
            "symbols": [
                {"text": symbol.scanned, "symbology": symbol.symbology, "gtin": symbol.gtin}
                for symbol in symbols
            ]
        }
    )


handlers = [read_photo]


def _content(photo: UploadFile, most_bytes: int) -> bytes:
    content = photo.file.read(most_bytes + 1)
    if len(content) > most_bytes:
        limit = f"{most_bytes >> 20} MB"
        raise PictureTooLarge(size=f"> {limit}", limit=limit)
    return content
