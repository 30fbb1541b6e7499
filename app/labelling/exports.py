"""The files of the printers and of the label queue."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from app.access.exports import Asked, Export
from app.kit import sql
from app.kit.exports import Column
from app.kit.i18n import mark
from app.labelling import queue
from app.labelling.queue_pages import TABS

_ALL = {"id": None, "before": None, "limit": None}


def _printers(asked: Asked) -> sql.Select[queue.PrinterView]:
    wanted = {"store_id": asked.actor.store_id, "active": False}
    return sql.Select(queue.PrinterView, queue.QUERIES["printers"], wanted)


def _runs(asked: Asked) -> sql.Select[queue.RunView]:
    wanted = {**_ALL, "store_id": asked.actor.store_id}
    return sql.Select(queue.RunView, queue.QUERIES["runs"], wanted)


def _labels(asked: Asked) -> sql.Select[queue.LabelView]:
    """``show`` is a tab of the queue."""
    _, states = TABS.get(asked.query.get("show", ""), (None, None))
    wanted = {"store_id": asked.actor.store_id, "states": list(states) if states else None}
    return sql.Select(queue.LabelView, queue.QUERIES["labels"], {**_ALL, **wanted})


def _states(run: queue.RunView) -> str:
    return ", ".join(f"{words} {number}" for _, words, number in run.by_state)


def _why(label: queue.LabelView) -> str:
    return label.refusal.message if label.refusal else ""


PRINTERS = Export(
    "/printers",
    mark("Printers"),
    "print_label",
    _printers,
    [
        Column(mark("Printer"), "name"),
        Column(mark("Store"), "store_name"),
        Column(mark("Address"), lambda one: f"{one.host}:{one.port}"),
        Column(mark("Printer language"), lambda one: queue.LANGUAGE_NAMES[one.language]),
        Column("dpi", "dpi"),
        Column(mark("Labels"), "size"),
        Column(mark("Waiting"), "waiting"),
        Column(mark("In use"), "is_active"),
    ],
)
RUNS = Export(
    "/labels/runs",
    mark("Print runs"),
    "print_label",
    _runs,
    [
        Column(mark("Labels"), "title"),
        Column(mark("Quantity"), "label_count"),
        Column(mark("Printer"), lambda run: run.printer_name or "PDF"),
        Column(mark("Size"), "size"),
        Column(mark("State"), _states),
        Column(mark("By"), "made_by"),
        Column(mark("When"), "created_at"),
    ],
)
LABELS = Export(
    "/labels/each",
    mark("Labels"),
    "print_label",
    _labels,
    [
        Column(mark("Label"), "title"),
        Column(mark("State"), "state_name"),
        Column(mark("What"), _why),
        Column(mark("Printer"), "printer_name"),
        Column(mark("By"), "made_by"),
        Column(mark("When"), "created_at"),
        Column(mark("Printed"), "printed_at"),
        Column(mark("Reason"), "reason"),
    ],
)
handlers: list[ControllerRouterHandler] = [
    *PRINTERS.handlers,
    *RUNS.handlers,
    *LABELS.handlers,
]
