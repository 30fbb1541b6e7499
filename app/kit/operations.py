"""What operators of the server look at: health and metrics."""

from __future__ import annotations

from litestar import Response, get

from app.kit.database import Database
from app.kit.refusals import Unavailable

PUBLIC = {"access": "public"}


@get("/health", sync_to_thread=True, opt=PUBLIC)
def health(database: Database) -> Response[bytes]:
    """200 when the database answers, else 503."""
    if database.at_once("select 1 where true or %(any)s", {"any": True}) != [(1,)]:
        raise Unavailable
    return Response(b"ok\n", media_type="text/plain; charset=utf-8")
