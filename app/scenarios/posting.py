"""Each kind of event, and what posts it: as a document would, without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.scenarios import events
from app.scenarios.book import Posting
from app.scenarios.correcting import adjust_price, allocate, amend_quantity, land
from app.scenarios.counting import count, transfer
from app.scenarios.making import disassemble_event, expand, produce_event
from app.scenarios.trading import issue, receive, send_back, take_back
from app.scenarios.working import Work

Poster = Callable[[Work, Any], Posting]
POSTERS: dict[type[events.Event], Poster] = {
    events.Receive: receive,
    events.Issue: issue,
    events.ReturnIn: take_back,
    events.ReturnOut: send_back,
    events.LandedCost: land,
    events.PriceAdjust: adjust_price,
    events.Amend: amend_quantity,
    events.CountAdjust: count,
    events.Reconcile: count,
    events.Transfer: transfer,
    events.Produce: produce_event,
    events.Disassemble: disassemble_event,
    events.Allocate: allocate,
    events.BomExpand: expand,
}
