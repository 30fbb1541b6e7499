"""What sales orders and their allocation refuse."""

from __future__ import annotations

from app.kit.i18n import gettext, mark
from app.kit.problems import Gone, Problem, Unreadable, refuses
from app.orders.words import ORDER_STATES


class NoSuchSalesOrder(Gone):
    code = "no_such_sales_order"
    text = mark("There is no such sales order in your stores.")
    advice = mark("Choose one from the list.")


class NoSuchSalesLine(Gone):
    code = "no_such_sales_line"
    text = mark("There is no such line of a sales order in your stores.")
    advice = mark("Open the order and choose one of its lines.")


class NoSuchCountPlace(Gone):
    code = "no_such_count_place"
    text = mark("There is no such place to count in your stores.")
    advice = mark("Scan a location of your own store.")


class SalesOrderState(Problem):
    """A refusal because of the order's ``state``, which is shown by its name."""

    def __init__(self, number: str = "?", state: str = "", why: str = "") -> None:
        super().__init__(number=number, state=state, why=why)

    @property
    def message(self) -> str:
        state = str(self.data["state"])
        name = gettext(ORDER_STATES[state]) if state in ORDER_STATES else state
        return gettext(self.text).format(**{**self.data, "state": name})


class SalesOrderFixed(SalesOrderState):
    code = "sales_order_fixed"
    text = mark("Sales order {number} is {state}: only a draft can be changed.")
    advice = mark("Cancel it and create a new one.")


class NotReleased(SalesOrderState):
    """No stock leaves, nor is promised, without a released order."""

    code = "sales_order_not_released"
    text = mark("Sales order {number} is not released: it is {state}.")
    advice = mark("Let it be released first; stock goes only to released orders.")


class SalesOrderClosed(SalesOrderState):
    code = "sales_order_closed"
    text = mark("Sales order {number} is {state} and stays so.")
    advice = mark("Put goods that were picked for it back; create a new order for the rest.")


class PartShipped(Problem):
    code = "part_shipped"
    text = mark("Goods of sales order {number} have left the house: it cannot be cancelled.")
    advice = mark("Close the rest short instead.")


class GoodsPicked(Problem):
    """What is on a cart or waits for the lorry is promised until it is put back."""

    code = "goods_picked"
    text = mark("{picked} of {item} for sales order {number} are picked already.")
    advice = mark("Put them back by scanning first, then free the rest.")

    def __init__(
        self, picked: str = "?", item: str = "?", number: str = "?", why: str = ""
    ) -> None:
        super().__init__(picked=picked, item=item, number=number, why=why)


class NothingPromised(Problem):
    code = "nothing_promised"
    text = mark("Nothing is promised to this line of sales order {number} any more.")
    advice = mark("It was freed or shipped meanwhile. Look at the order again.")

    def __init__(self, number: str = "?", why: str = "") -> None:
        super().__init__(number=number, why=why)


class NothingAvailable(Problem):
    """An order that was to be allocated gets nothing."""

    code = "nothing_available"
    text = mark("Nothing can be promised to sales order {number}: {wanted} of {item} are missing.")
    advice = mark("Ask why: it shows where the stock is and what frees it.")

    def __init__(
        self, number: str = "?", wanted: str = "?", item: str = "?", why: str = ""
    ) -> None:
        super().__init__(number=number, wanted=wanted, item=item, why=why)


class NothingWanted(Problem):
    code = "nothing_wanted"
    text = mark("Sales order {number} has all that it needs.")
    advice = mark("Nothing has to be allocated. Go on picking it.")


class LineClosed(Problem):
    code = "sales_line_closed"
    text = mark("This line of sales order {number} was closed short: nothing more goes to it.")
    advice = mark("Create a new order for what is still wanted.")


class ShortReasonMissing(Unreadable):
    code = "short_reason_missing"
    text = mark("A line is not closed short without a reason.")
    advice = mark("Say in a few words why the rest will not be delivered.")


class NoSalesLines(Unreadable):
    code = "no_sales_lines"
    text = mark("The sales order has no lines.")
    advice = mark("Add at least one item with its quantity.")


@refuses("sales_order_number_once")
class SalesNumberTaken(Problem):
    code = "sales_number_taken"
    text = mark("A sales order with this number exists already.")
    advice = mark("Use another number, or leave it empty for the next one.")


@refuses("sales_order_external_once")
class ExternalOrderTaken(Problem):
    code = "external_order_taken"
    text = mark("The other system's order was taken over already.")
    advice = mark("Nothing was changed. Look for it by its own number.")


@refuses("sales_order_line_not_over_allocated", "sales_order_line_picked_is_promised")
class BeyondTheLine(Problem):
    code = "beyond_the_line"
    text = mark("That is more than the order line wants.")
    advice = mark("Leave the rest where it is; look at the order for what is still missing.")


@refuses("count_lock_pkey")
class CountedAlready(Problem):
    code = "counted_already"
    text = mark("This location is locked for a count already.")
    advice = mark("Finish that count first.")


class LocationCounted(Problem):
    """Nothing is picked from a place while it is counted."""

    code = "location_counted"
    text = mark("{location} is being counted ({reason}): nothing is taken from it now.")
    advice = mark("Take the goods from another place, or wait until the count is done.")

    def __init__(self, location: str = "?", reason: str = "?", why: str = "") -> None:
        super().__init__(location=location, reason=reason, why=why)


class TransferToItself(Unreadable):
    code = "transfer_to_itself"
    text = mark("Stock is asked of another store or another warehouse, not of the same one.")
    advice = mark("Choose where it should come from.")
