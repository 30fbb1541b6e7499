"""The board as HTML: rendered once for everybody who sees the same, however many look at it."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, cast

from app.approvals.words import title_words
from app.board import queries
from app.board.causes import READY
from app.board.queries import STAGES, Board, View
from app.kit.database import Caller, Database
from app.kit.formats import in_zone
from app.kit.i18n import gettext, mark, speaking
from app.kit.templates import render

COUNT_CAUSES = {
    "short_pick": mark("After a short pick"),
    "zero_check": mark("Not empty as it should be"),
    "request": mark("Asked for"),
    "count": mark("Places of a count"),
    "recount": mark("Places counted again"),
    "alert": mark("After an alert"),
}
ALERT_KINDS = {
    "below_safety_stock": mark("Below the safety stock"),
    "no_movement": mark("No movement for long"),
    "near_expiry": mark("Close to expiry"),
    "negative_attempt": mark("More asked for than there is"),
    "stale_allocation": mark("Promise not kept for long"),
    "unsynchronised_device": mark("Device with unsent scans"),
}
PICK_KINDS = {
    "order": mark("One order"),
    "batch": mark("Several orders"),
    "cluster": mark("Cart"),
    "zone": mark("Zone"),
}


def read(database: Database, views: Sequence[Hashable]) -> Mapping[Hashable, bytes]:
    """The boards of these views as HTML (a reader of ``kit.live``)."""
    gaps = queries.gaps(database)
    return {view: rendered(database, cast("View", view), gaps) for view in views}


def rendered(database: Database, view: View, gaps: Sequence[queries.Gap]) -> bytes:
    """The region of one view, with the rights of its readers."""
    with database.reading(Caller(stores=view.stores), snapshot=True) as session:
        board = queries.board(session, view, gaps)
    with speaking(view.language), in_zone(view.zone):
        return render("board/_board.html", _context(board, view)).encode()


def now(database: Database, view: View) -> str:
    """The same for the page itself."""
    return rendered(database, view, queries.gaps(database)).decode()


def _context(board: Board, view: View) -> dict[str, Any]:
    return {
        "board": board,
        "view": view,
        "stream_query": f"store={view.store_id}" if view.store_id else "",
        "stage_names": STAGES,
        "count_causes": COUNT_CAUSES,
        "alert_kinds": ALERT_KINDS,
        "pick_kinds": PICK_KINDS,
        "ready": READY,
        "title_of": title_words,
        "stages_chart": _stages(board),
        "causes_chart": _causes(board),
    }


def _stages(board: Board) -> str:
    return json.dumps([[gettext(STAGES[one.stage]), one.orders] for one in board.stages])


def _causes(board: Board) -> str:
    """Names with their number of lines, and the colour's name."""
    return json.dumps([
        [gettext(one.name), one.lines, "good" if one.cause == READY else "bad"]
        for one in board.blocked
    ])  # fmt: skip
