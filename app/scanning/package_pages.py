"""Work packages for devices, and the page that stands in where there is no network."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from app.access.actor import Actor
from app.access.authentication import PUBLIC, AnyRequest
from app.kit import clock
from app.kit.database import Database
from app.kit.i18n import LANGUAGES, mark
from app.kit.problems import Gone
from app.kit.visit import visit_of
from app.kit.web import page
from app.scanning.packages import Carrying, OpenWork, WorkPackage

_JSON = "application/json"
_PACKED_FROM = 1_000


class NoSuchWork(Gone):
    code = "no_such_work"
    text = mark("There is no such open work for you.")
    advice = mark("Choose other work from the list.")


def package_handlers(workflows: Sequence[Carrying]) -> list[HTTPRouteHandler]:
    """The handlers below ``/work`` for these workflows, and ``/offline``."""
    by_name = {workflow.name: workflow for workflow in workflows}

    @get("/packages", sync_to_thread=True)
    def list_packages(database: Database, actor: Actor) -> list[OpenWork]:
        """What this person has open, of every workflow."""
        with database.reading(actor.caller) as session:
            return [work for one in workflows for work in one.open_work(session, actor)]

    @get("/packages/{workflow:str}/{work_id:int}", sync_to_thread=True)
    def show_package(
        request: AnyRequest, database: Database, actor: Actor, workflow: str, work_id: int
    ) -> Response[Any]:
        """One package; ``If-None-Match`` with its version answers 304 while nothing changed."""
        carrying = by_name.get(workflow)
        if carrying is None:
            raise NoSuchWork
        with database.reading(actor.caller) as session:
            package = carrying.pack(session, actor, work_id)
        return _answer(request, package)

    return [list_packages, show_package, offline_page]


def _answer(request: AnyRequest, package: WorkPackage) -> Response[Any]:
    body = msgspec.json.encode(package)
    version = hashlib.blake2b(body, digest_size=9).hexdigest()
    headers = {
        "ETag": f'"{version}"',
        "Cache-Control": "private, no-cache",
        "X-Server-Time": clock.now().isoformat(),
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(None, status_code=304, headers=headers)
    if len(body) >= _PACKED_FROM and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, 5, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, media_type=_JSON, headers=headers)


@get("/offline", sync_to_thread=True, opt={"access": PUBLIC})
def offline_page(request: AnyRequest, language: str = "") -> Response[bytes]:
    """The frame that the service worker keeps: no person, no data, one language."""
    if language in LANGUAGES:
        visit_of(request).language = language
    return page(request, "offline/page.html")
