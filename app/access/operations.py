"""What operators of the server look at: health and metrics."""

from __future__ import annotations

from litestar import Response, get

from app.access.authentication import PUBLIC, AnyRequest, Credentials, authenticate, ip_of
from app.kit.database import Database
from app.kit.metrics import exposition
from app.kit.refusals import Unavailable

_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_TEXT = "text/plain"


@get("/health", sync_to_thread=True, opt={"access": PUBLIC})
def health(database: Database) -> Response[bytes]:
    """200 when the database answers, else 503."""
    if database.at_once("select 1") != [(1,)]:
        raise Unavailable
    return Response(b"ok\n", media_type=_TEXT)


@get("/metrics", sync_to_thread=True, opt={"access": PUBLIC})
def metrics(request: AnyRequest, database: Database) -> Response[bytes]:
    """For a scraper on this machine; from elsewhere with an administrator's token."""
    if not _is_local(request):
        authenticate(Credentials(request, database, None), None).require("metrics_read")
    return Response(exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _is_local(request: AnyRequest) -> bool:
    """Behind a proxy every request comes from this machine: then nobody counts as local."""
    forwarded = {"x-forwarded-for", "forwarded", "via"} & set(request.headers)
    return ip_of(request) in _LOOPBACK and not forwarded


handlers = [health, metrics]
