"""The files of a table screen: declared once beside its list, one mechanism for all of them.

    MOVES_EXPORT = Export("/stock/moves", mark("Movements"), "move_read", _every_move, COLUMNS)

gives ``/stock/moves.xlsx`` and ``/stock/moves.csv`` for whoever may see the screen and export; a
template offers them with ``exports("/stock/moves", query)`` of ``_macros/table.html``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Generic, TypeVar
from urllib.parse import quote

import structlog
from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream
from litestar.types import ControllerRouterHandler
from sqlmodel import Session

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit import clock, sql
from app.kit.database import Database
from app.kit.exports import MOST_ROWS, Column, cells_of, write_csv, write_xlsx
from app.kit.i18n import gettext, mark
from app.kit.problems import Problem

Row = TypeVar("Row")
MEDIA_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
}
_PIECE = 256 << 10
# A big file keeps a core busy for seconds: scans must not wait behind a row of them.
_AT_ONCE, _WAIT_SECONDS = 2, 20
_turns = threading.BoundedSemaphore(_AT_ONCE)
log = structlog.get_logger("saoku.exports")


class TooManyRows(Problem):
    code = "too_many_rows"
    text = mark("The list has {rows} rows; a worksheet holds {most}.")
    advice = mark("Narrow it down with the filters, or export it as CSV.")


class ExportsBusy(Problem):
    code = "exports_busy"
    text = mark("Other big exports are being made at the moment.")
    advice = mark("Try it again in a minute.")


@dataclass(frozen=True)
class Asked:
    """What an export is asked for: the filters of the address, its ids, and by whom."""

    session: Session
    query: Mapping[str, str]
    ids: Mapping[str, int]
    actor: Actor


@dataclass(frozen=True)
class Export(Generic[Row]):
    """The files of one table screen.

    ``path`` is the screen's, ids included (``/orders/{order_id:int}/lines``); ``title`` a marked
    text that names file and sheet; ``needs`` what the screen itself needs.  ``select`` gives the
    screen's own statement without its page: same filters, same order, same rights.
    """

    path: str
    title: str
    needs: str
    select: Callable[[Asked], sql.Select[Row]]
    columns: Sequence[Column[Row]]

    @property
    def handlers(self) -> list[ControllerRouterHandler]:
        """For the slice's list of handlers."""
        return [_handler(self, suffix) for suffix in MEDIA_TYPES]


def _handler(export: Export[Any], suffix: str) -> HTTPRouteHandler:
    # One for each path: Litestar wraps the function of a handler anew for every path it has.
    @get(export.path + suffix, sync_to_thread=True)
    def download(request: AnyRequest, database: Database, actor: Actor) -> Stream:
        return _answer(export, suffix, request, database, actor)

    return download


def _answer(
    export: Export[Any], suffix: str, request: AnyRequest, database: Database, actor: Actor
) -> Stream:
    actor.require(export.needs)
    actor.require("export")
    query = {name: value for name, value in request.query_params.items() if value}
    with turn(), database.reading(actor.caller, snapshot=True) as session:
        file = _file(export, Asked(session, query, request.path_params, actor), suffix)
    return sent(file, export.path, export.title, suffix, actor)


def sent(file: BinaryIO, path: str, title: str, suffix: str, actor: Actor) -> Stream:
    """The whole file as an answer; ``title`` is a marked text."""
    log.info("exported", path=path, kind=suffix, user_id=actor.user_id, bytes=file.tell())
    name = f"{gettext(title)}-{clock.today(actor.time_zone)}{suffix}"
    headers = {
        "Content-Disposition": f"attachment; filename*=utf-8''{quote(name)}",
        "Content-Length": str(file.seek(0, 2)),
    }
    return Stream(_pieces(file), media_type=MEDIA_TYPES[suffix], headers=headers)


@contextmanager
def turn() -> Generator[None]:
    """While a file is made.  Raises ExportsBusy where others take too long."""
    if not _turns.acquire(timeout=_WAIT_SECONDS):
        raise ExportsBusy
    try:
        yield
    finally:
        _turns.release()


def _file(export: Export[Any], asked: Asked, suffix: str) -> BinaryIO:
    """The whole file on disk.

    Only a whole one is sent: of a file that broke off nobody sees that rows are missing; and a
    slow network does not keep a transaction open.
    """
    may = asked.actor.can
    columns = [column for column in export.columns if not column.needs or may(column.needs)]
    headings = [gettext(column.heading) for column in columns]
    select = export.select(asked)
    with ExitStack() as undo:
        file = undo.enter_context(TemporaryFile())
        rows = cells_of(columns, sql.stream(asked.session, select))
        if suffix == ".csv":
            write_csv(file, headings, rows)
        else:
            found = sql.count(asked.session, select)
            if found > MOST_ROWS:
                raise TooManyRows(rows=found, most=MOST_ROWS)
            write_xlsx(file, gettext(export.title), headings, rows)
        undo.pop_all()
    return file


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece
