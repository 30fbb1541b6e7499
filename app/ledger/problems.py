"""What the ledger refuses."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Gone, Problem, Unreadable, refuses


@refuses("balance_on_hand_not_negative")
class InsufficientOnHand(Problem):
    code = "insufficient_on_hand"
    text = mark("{location} holds {on_hand} of {item} ({status}), not {wanted}.")
    advice = mark("Check the place and the lot, count the location, or move less.")

    def __init__(
        self,
        location: str = "?",
        item: str = "?",
        status: str = "?",
        on_hand: str = "?",
        wanted: str = "?",
        why: str = "",
    ) -> None:
        super().__init__(
            location=location, item=item, status=status, on_hand=on_hand, wanted=wanted, why=why
        )


class InsufficientThen(Problem):
    """There is enough now, but it was not there at the moment that the move is said to be of."""

    code = "insufficient_then"
    text = mark("On {day} {missing} of {item} would be missing if {wanted} had left then.")
    advice = mark("Check the date of what you enter, or enter first what had come in before.")

    def __init__(
        self, item: str = "?", wanted: str = "?", missing: str = "?", day: str = "?", why: str = ""
    ) -> None:
        super().__init__(item=item, wanted=wanted, missing=missing, day=day, why=why)


@refuses("stock_move_in_open_period")
class PeriodClosed(Problem):
    code = "period_closed"
    text = mark("The books are closed on that day.")
    advice = mark("Enter it with a day of the open period, or have the period opened again.")


@refuses("balance_allocated_within_on_hand")
class StockAllocated(Problem):
    code = "stock_allocated"
    text = mark("{allocated} of the {on_hand} of {item} at {location} are promised to orders.")
    advice = mark("Free the allocation first, or move at most what is left.")

    def __init__(
        self,
        location: str = "?",
        item: str = "?",
        on_hand: str = "?",
        allocated: str = "?",
        why: str = "",
    ) -> None:
        super().__init__(
            location=location, item=item, on_hand=on_hand, allocated=allocated, why=why
        )


class StockTaken(Problem):
    """Somebody else was promised it first.  ``left`` is what of the place is still free."""

    code = "stock_taken"
    text = mark("{item} at {location}: {wanted} are wanted, but only {left} are free now.")
    advice = mark("Somebody else was faster. Allocate again: other places are looked at, too.")

    def __init__(
        self,
        item: str = "?",
        location: str = "?",
        wanted: str = "?",
        left: str = "0",
        why: str = "",
    ) -> None:
        super().__init__(item=item, location=location, wanted=wanted, left=left, why=why)


class PromiseGone(Problem):
    """Goods that were promised to a line are not any more: released, or picked meanwhile."""

    code = "promise_gone"
    text = mark("{item} at {location}: {left} are promised to this order line here, not {wanted}.")
    advice = mark("Leave them where they are, open the work again and go on with what it says now.")

    def __init__(
        self,
        item: str = "?",
        location: str = "?",
        left: str = "0",
        wanted: str = "?",
        why: str = "",
    ) -> None:
        super().__init__(item=item, location=location, left=left, wanted=wanted, why=why)


@refuses("stock_move_quantity_positive", "balance_allocated_not_negative")
class QuantityNotPositive(Problem):
    code = "quantity_not_positive"
    text = mark("A quantity must be more than zero.")
    advice = mark("Enter how many there are; to take something back, use undo.")


class CameBack(Problem):
    code = "issue_came_back"
    text = mark("Part of what left came back from the customer already.")
    advice = mark("Take the customer return back first, or book the rest as a return, too.")


class MoreThanIssued(Problem):
    code = "more_than_issued"
    text = mark("Only {left} of what left can still come back, not {wanted}.")
    advice = mark("Look at the shipment: what came back already is counted there.")


@refuses(
    "cost_pool_value_not_negative",
    "cost_pool_debt_not_positive",
    "cost_pool_empty_is_worthless",
    "cost_layer_value_not_negative",
    "cost_layer_debt_not_positive",
    "cost_layer_empty_is_worthless",
)
class ValueBelowZero(Problem):
    code = "value_below_zero"
    text = mark("The goods are not worth as much as would be taken off their value.")
    advice = mark("Take off less; what exceeds the value of the goods is no cost of theirs.")


class NothingToRevalue(Problem):
    code = "nothing_to_revalue"
    text = mark("There is no stock to carry this value, or less value than is taken off.")
    advice = mark("Look at the item's pools; what has left is corrected at its receipt.")


class NothingToAmend(Unreadable):
    code = "nothing_to_amend"
    text = mark("The quantity of this movement cannot be corrected to {wanted}.")
    advice = mark("Only movements to and from stock can; to take one back, use undo.")


class MoreThanDeparted(Problem):
    code = "more_than_departed"
    text = mark("Only {left} of what was sent is still on its way, not {wanted}.")
    advice = mark("Count again; what came without being sent is entered as a gain.")


class MoreThanReceived(Problem):
    code = "more_than_received"
    text = mark("Only {left} of what came in can still go back, not {wanted}.")
    advice = mark("Look at the receipt: what went back already is counted there.")


@refuses("stock_move_reversed_once")
class AlreadyReversed(Problem):
    code = "already_reversed"
    text = mark("This movement was already taken back.")
    advice = mark("Nothing was changed. Look at the item's movements.")


class ReversalNotReversible(Problem):
    code = "reversal_not_reversible"
    text = mark("This movement takes another one back; it cannot itself be taken back.")
    advice = mark("Enter the movement again instead.")


class MoveOfDocument(Problem):
    code = "move_of_document"
    text = mark("This movement belongs to a document, which keeps count of it.")
    advice = mark("Take it back there: a receipt's movements are undone in receiving.")


class ZeroAllocationBasis(Problem):
    code = "zero_allocation_basis"
    text = mark("The amount cannot be shared: what it is shared by sums to zero.")
    advice = mark("Choose another basis, or enter the shares by hand.")


class BasisMissing(Problem):
    """``line`` counts from one."""

    code = "basis_missing"
    text = mark("Line {line} has no figure to share the amount by.")
    advice = mark("Enter its weight, volume or share, or choose another basis.")


class ReasonMissing(Unreadable):
    code = "reason_missing"
    text = mark("A movement is not taken back without a reason.")
    advice = mark("Say in a few words why. The reason stays in the records.")


class ReasonLength(Unreadable):
    code = "reason_length"
    text = mark("The reason has more than {longest} characters.")
    advice = mark("Say it more briefly.")


class MoveNotFound(Gone):
    code = "move_not_found"
    text = mark("There is no such movement in your stores.")
    advice = mark("Check the number.")


@refuses("stock_move_from_its_store", "stock_move_to_its_store", "balance_in_its_store")
class PlaceOfAnotherStore(Problem):
    code = "place_of_another_store"
    text = mark("The place does not belong to this store.")
    advice = mark("Scan a place of your own store, or make a transfer.")


@refuses("stock_move_lot_of_its_item", "balance_lot_of_its_item")
class LotOfAnotherItem(Problem):
    code = "lot_of_another_item"
    text = mark("The lot belongs to another item.")
    advice = mark("Scan the code on the goods themselves.")


@refuses("balance_serial_is_one", "balance_serial_at_most_one")
class SerialInStock(Problem):
    code = "serial_in_stock"
    text = mark("This serial number is already in stock; each one exists once.")
    advice = mark("Read the serial again, or look where it is.")


@refuses("stock_move_append_only", "cost_entry_append_only", "command_append_only")
class FactsNeverChange(Problem):
    code = "facts_never_change"
    text = mark("What was posted is never changed.")
    advice = mark("Take it back with a reason, then enter it anew.")
