"""The files of the counting screens."""

from __future__ import annotations

from app.access.exports import Asked, Export
from app.counting import queries
from app.counting.words import COUNT_KINDS, COUNT_STATES
from app.kit import sql
from app.kit.exports import Column
from app.kit.i18n import gettext, mark


def _counts(asked: Asked) -> sql.Select[queries.CountRow]:
    return queries.every_count(asked.query)


COUNTS = Export(
    "/counting/counts",
    mark("Counts"),
    "count_manage",
    _counts,
    [
        Column(mark("Number"), "number"),
        Column(mark("Kind"), lambda row: gettext(COUNT_KINDS[row.kind])),
        Column(mark("State"), lambda row: gettext(COUNT_STATES[row.state])),
        Column(mark("Store"), "store"),
        Column(mark("Places"), "tasks"),
        Column(mark("Counted"), "done"),
        Column(mark("Recounts"), "recounts"),
        Column(mark("Note"), "note"),
        Column(mark("Begun"), "created_at"),
        Column(mark("Closed"), "closed_at"),
    ],
)
EXPORTS = (COUNTS,)
