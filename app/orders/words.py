"""What the states of an order are called."""

from __future__ import annotations

from app.kit.i18n import mark

ORDER_STATES = {
    "draft": mark("Draft"),
    "confirmed": mark("Released"),
    "in_progress": mark("Being picked"),
    "done": mark("Shipped"),
    "cancelled": mark("Cancelled"),
}
PARTIAL_POLICIES = {
    "partial": mark("Ship what there is"),
    "whole_lines": mark("Whole lines only"),
    "whole_order": mark("Whole order only"),
}
ALLOCATION_RULES = {
    "fefo": mark("First to expire goes first"),
    "fifo": mark("First in, first out"),
    "fewest_stops": mark("Fewest stops"),
}
COUNT_CAUSES = {
    "short_pick": mark("Less than the books say"),
    "zero_check": mark("Emptied by a pick"),
    "request": mark("Asked for by a person"),
}
