"""What operators of the server look at (health and metrics), and its housekeeping."""

from __future__ import annotations

import structlog
from litestar import Response, get

from app.access.authentication import PUBLIC, AnyRequest, Credentials, authenticate, ip_of
from app.kit import jobs
from app.kit.config import Settings
from app.kit.database import Database
from app.kit.metrics import exposition, gauges
from app.kit.refusals import Unavailable

_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_TEXT = "text/plain"
JOBS_BY_STATE = "select status::text, count(*) from procrastinate_jobs group by status"
DATABASE_BYTES = "select pg_database_size(current_database())"
PRUNE = "select attempts, sessions from prune_access()"
log = structlog.get_logger("saoku.access")


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
    content = exposition() + _now(request, database)
    return Response(content, media_type="text/plain; version=0.0.4; charset=utf-8")


def _now(request: AnyRequest, database: Database) -> bytes:
    """What is known only at the moment of asking."""
    jobs_by_state = {str(row[0]): int(row[1]) for row in database.at_once(JOBS_BY_STATE)}
    [(size,)] = database.at_once(DATABASE_BYTES)
    text = gauges("saoku_jobs", "Background jobs by state.", jobs_by_state, "state")
    text += gauges("saoku_database_bytes", "Size of the database.", {"": size})
    ends = _certificate_ends(request.app.state.settings)
    if ends is not None:
        text += gauges("saoku_certificate_expires_seconds", "Unix time it ends.", {"": ends})
    return text


def _certificate_ends(settings: Settings) -> int | None:
    path = settings.tls_certificate
    if path is None:
        return None
    # Imported here: without HTTPS of our own nobody needs it.
    from app.kit.certificates import expires_at

    return int(expires_at(path).timestamp())


def _is_local(request: AnyRequest) -> bool:
    """Behind a proxy every request comes from this machine: then nobody counts as local."""
    forwarded = {"x-forwarded-for", "forwarded", "via"} & set(request.headers)
    return ip_of(request) in _LOOPBACK and not forwarded


@jobs.hourly("access.prune", minute=17)
def prune(job: jobs.Job) -> None:
    """Forget logins older than a quarter and sessions that have ended; again does no harm."""
    [(attempts, sessions)] = jobs.note(job.database, PRUNE, {})
    log.info("pruned", login_attempts=attempts, login_sessions=sessions)


handlers = [health, metrics]
