"""The file of the list of picks."""

from __future__ import annotations

from app.access.exports import Asked, Export
from app.kit import sql
from app.kit.exports import Column
from app.kit.i18n import gettext, mark
from app.picking import queries
from app.picking.words import PICK_KINDS, PICK_STATES

DEFAULT_STATE = "open"
"""Of the list of picks, where the address names none."""


def _picks(asked: Asked) -> sql.Select[queries.PickRow]:
    return queries.every_pick(asked.actor.working_store_id, {"state": DEFAULT_STATE, **asked.query})


PICKS = Export(
    "/picking/picks",
    mark("Picks"),
    "pick_assign",
    _picks,
    [
        Column(mark("Number"), "number"),
        Column(mark("Kind"), lambda row: gettext(PICK_KINDS[row.kind])),
        Column(mark("State"), lambda row: gettext(PICK_STATES[row.state])),
        Column(mark("Priority"), "priority"),
        Column(mark("Due"), "due_at"),
        Column(mark("Picker"), "holder"),
        Column(mark("Zone"), "zone"),
        Column(mark("Orders"), "orders"),
        Column(mark("Stops"), "stops"),
        Column(mark("Stops done"), "done"),
        Column(mark("Created"), "created_at"),
        Column(mark("Finished"), "closed_at"),
    ],
)
EXPORTS = (PICKS,)
