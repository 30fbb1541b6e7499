"""Each offered button, pressed, frees exactly what it promised."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.troubleshooting.test_partition import _try, companies, lots, make, obstruct

__all__ = ["lots"]

PRESSED = {"release_status", "unlock", "open_zone", "release_promise", "lift_hold"}
NOBODY_WAITS = "update sales_order_line set lapsed_at = now()"
NOBODY_IS_ASKED = "update approval_policy set is_active = false"
LIFT = "update lot_hold set lifted_at = now(), lifted_by = placed_by where lifted_at is null"


@settings(max_examples=25)
@given(plan=companies, choice=st.integers(0, 30))
def test_a_button_keeps_its_promise(made, lots, as_user, plan, choice):
    orders = make(made, lots, plan)
    for order in orders[: choice % 3]:
        _try(made, order)
    obstruct(made, lots, plan)
    made.do("update zone set is_pickable = false where id = %(id)s", id=made.closed_zone)
    # What is freed stays where it can be counted: nobody takes it at once.
    made.do(NOBODY_WAITS)
    made.do(NOBODY_IS_ASKED)
    web = as_user("headquarters")
    asked = f"/api/v1/diagnosis?order_line_id={orders[-1].line_id}"
    before = web.get(asked).json()
    kinds = {action["kind"]: action for action in buttons(before)}
    if not kinds:
        return
    action = kinds[sorted(kinds)[choice % len(kinds)]]
    press(made, web, action)
    made.do(NOBODY_WAITS)
    after = web.get(asked).json()
    assert after["total"] == before["total"]
    gained = Decimal(after["available"]) - Decimal(before["available"])
    assert gained == Decimal(action["promises"]), action


def buttons(found):
    """Every button that promises to free something, or nothing."""
    for bucket in found["buckets"]:
        for one in [bucket, *bucket["parts"], *bucket["documents"]]:
            yield from (action for action in one["actions"] if action["kind"] in PRESSED)


def press(made, web, action):
    if action["kind"] == "lift_hold":
        made.do(LIFT)
        return
    fields = action["fields"] | {"reason": "inspected", "return_to": "/"}
    answer = web.post(action["url"], data=made.form(fields))
    assert answer.status_code == 303, answer.text[-2000:]
