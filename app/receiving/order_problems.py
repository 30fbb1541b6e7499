"""What purchase orders refuse."""

from __future__ import annotations

from app.kit.i18n import gettext, mark
from app.kit.problems import Gone, Problem, Unreadable, refuses


class NoSuchOrder(Gone):
    code = "no_such_order"
    text = mark("There is no such purchase order in your stores.")
    advice = mark("Choose one from the list.")


ORDER_STATES = {
    "draft": mark("Draft"),
    "confirmed": mark("Confirmed"),
    "in_progress": mark("Being received"),
    "done": mark("Received"),
    "cancelled": mark("Cancelled"),
}


class OrderState(Problem):
    """A refusal because of the order's ``state``, which is shown by its name."""

    @property
    def message(self) -> str:
        state = str(self.data.get("state", ""))
        name = gettext(ORDER_STATES.get(state, state))
        return gettext(self.text).format(**{**self.data, "state": name})


class OrderNotOpen(OrderState):
    code = "order_not_open"
    text = mark("Order {number} cannot be received: it is {state}.")
    advice = mark("Choose an open order.")


class OrderFixed(OrderState):
    code = "order_fixed"
    text = mark("Order {number} is {state}: only a draft can be changed.")
    advice = mark("Cancel it and create a new one, or receive it as it is.")


class OrderDone(OrderState):
    code = "order_done"
    text = mark("Order {number} is {state} and stays so.")
    advice = mark("Create a new order.")


class NoLines(Unreadable):
    code = "no_lines"
    text = mark("The order has no lines.")
    advice = mark("Add at least one item with its quantity.")


class TooManyLines(Unreadable):
    code = "too_many_lines"
    text = mark("The file has {lines} lines; an order has at most {most}.")
    advice = mark("Split it into several orders.")


@refuses("purchase_order_number_once")
class OrderNumberTaken(Problem):
    code = "order_number_taken"
    text = mark("An order with this number exists already.")
    advice = mark("Use another number, or leave it empty for the next one.")
