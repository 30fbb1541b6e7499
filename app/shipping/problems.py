"""What packing and shipping refuse."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Gone, NotYours, Problem, Unreadable


class NoSuchShipment(Gone):
    code = "no_such_shipment"
    text = mark("There is no such shipment in your stores.")
    advice = mark("Choose one from the list.")


class NothingPicked(Problem):
    code = "nothing_picked"
    text = mark("Nothing of sales order {number} is picked and waiting.")
    advice = mark("Let it be picked first.")


class ShipmentClosed(Problem):
    code = "shipment_closed"
    text = mark("Shipment {number} has left or was cancelled.")
    advice = mark("Open the order to see what is still to be packed.")


class NobodyPacks(NotYours):
    code = "nobody_packs"
    text = mark("Packing is done by a person.")
    advice = mark("Use a token that belongs to a user of the store.")


class NothingScanned(Unreadable):
    code = "nothing_scanned"
    text = mark("Nothing was scanned.")
    advice = mark("Aim at the code and press the trigger again.")


class NotInShipment(Problem):
    """``item`` belongs to nothing that was picked for this order."""

    code = "not_in_shipment"
    text = mark("{item} was not picked for order {order}.")
    advice = mark("Put it aside: it belongs to another order. Scan the next piece.")


class LotNotPicked(Problem):
    code = "lot_not_picked"
    text = mark("Lot {lot} of {item} was not picked for this order; picked: {picked}.")
    advice = mark("Put it back, and take the lot that was picked.")


class MoreThanPicked(Problem):
    code = "more_than_picked"
    text = mark("{item}: {open} {unit} are left to check, not {wanted}.")
    advice = mark("Take out what is too much, or let the rest be picked first.")


class WhichLot(Problem):
    """``lots`` are those of the item that wait to be checked."""

    code = "which_lot"
    text = mark("{item} was picked in several lots: {lots}.")
    advice = mark("Scan the lot on the label.")


class NotForPacking(Problem):
    code = "not_for_packing"
    text = mark("{given} is nothing to pack.")
    advice = mark("Scan the goods, or a carton's label.")


class UnknownToPack(Problem):
    code = "unknown_to_pack"
    status = 422
    text = mark("{given} is not known here.")
    advice = mark("Scan another code on the goods, or type the item's code.")


class CartonTaken(Problem):
    code = "carton_taken"
    text = mark("Carton {sscc} holds other goods.")
    advice = mark("Take an empty carton, or press New carton.")


class NothingChecked(Problem):
    code = "nothing_checked"
    text = mark("Nothing was checked for this shipment.")
    advice = mark("Scan the goods that go out.")


class NothingToTakeBack(Problem):
    code = "nothing_to_take_back"
    text = mark("There is no step to take back.")
    advice = mark("Go on scanning.")


class NotWhole(Problem):
    """By the order's partial policy; ``why`` leads to what is missing."""

    code = "not_whole"
    text = mark("Order {number} goes out whole only, and {missing} {unit} of {item} are missing.")
    advice = mark("Pick and check the rest, or change what the customer accepts.")


class ShippedLongAgo(Problem):
    code = "shipped_long_ago"
    text = mark("Shipment {number} left on {day}: it can be taken back on the same day only.")
    advice = mark("Receive the goods as a customer return.")


class ReasonWanted(Unreadable):
    code = "shipping_reason_wanted"
    text = mark("Say why the rest will not be delivered.")
    advice = mark("Enter a short reason.")


class OrderCancelledInPacking(Problem):
    code = "order_cancelled_in_packing"
    text = mark("Sales order {number} was cancelled.")
    advice = mark("Cancel this shipment and put the goods back.")
