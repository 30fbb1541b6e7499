"""Scans that were answered before any command was put together: looked up, or not allowed.

The scan log is the table of commands.  What never became one is written down here, so that the log
has every scan and a device's numbers have no gaps but real ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from litestar import Request

from app.kit.database import Database
from app.kit.problems import Problem
from app.kit.transactions import kind_of, note
from app.kit.visit import visit_of
from app.kit.web import envelope

KEPT = ("code", "symbology", "source", "quantity", "lot", "expires_on", "produced_on", "button")
LONGEST = 8193


def answered(
    request: Request[Any, Any, Any],
    database: Database,
    function: Callable[..., Any],
    arguments: Mapping[str, Any],
) -> Any:
    """Call the handler; its answer, and its refusal."""
    try:
        answer = function(**arguments)
    except Problem as problem:
        _note(request, database, function, arguments.get("data"), problem)
        raise
    _note(request, database, function, arguments.get("data"), None)
    return answer


def _note(
    request: Request[Any, Any, Any],
    database: Database,
    function: Callable[..., Any],
    data: object,
    problem: Problem | None,
) -> None:
    # A handler that made an envelope ran a command, which is written down with its answer.
    if not isinstance(data, dict) or visit_of(request).command_id is not None:
        return
    fields = cast("dict[str, Any]", data)
    if not fields.get("installation") or not fields.get("command_id"):
        return
    payload = {name: _clean(fields[name]) for name in KEPT if name in fields}
    payload["path"] = request.scope["path"]
    note(database, kind_of(function), payload, envelope(request, fields), problem)


def _clean(value: object) -> str:
    return str(value)[:LONGEST].encode("utf-8", "replace").decode().replace("\0", "\ufffd")
