"""Everything that receiving refuses: what happened, why, and what to do next."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Gone, NotYours, Problem, Unreadable, refuses

# ---- Codes ------------------------------------------------------------------------------------


class UnknownCode(Problem):
    """``barcode`` is what can be linked to an item; empty where the code is no barcode of goods."""

    code = "unknown_code"
    text = mark("{raw} is not known here.")
    advice = mark("Scan another code on the goods, or search by name.")


class UnknownBarcode(UnknownCode):
    code = "unknown_barcode"
    text = mark("No item has the barcode {raw}.")
    advice = mark("If it belongs to an item of this delivery, link it; else search by name.")


class UnknownBarcodeAsk(UnknownCode):
    code = "unknown_barcode_ask"
    text = mark("No item has the barcode {raw}.")
    advice = mark("Search the item by name and show the barcode to your manager, who can link it.")


class UnreadableCode(Problem):
    code = "unreadable_code"
    status = 422
    text = mark("{raw} cannot be used: {reason}.")
    advice = mark("Scan it again, scan another code on the goods, or type the item's code.")


class EmptyScan(Unreadable):
    code = "empty_scan"
    text = mark("Nothing was scanned.")
    advice = mark("Aim at the code and press the trigger again.")


class CodeTooLong(Unreadable):
    code = "code_too_long"
    text = mark("The code is longer than any barcode can be.")
    advice = mark("Scan one code at a time.")


class LocationNotNow(Problem):
    code = "location_not_now"
    text = mark("{location} is a location. Goods are received on the dock first.")
    advice = mark("Scan the goods. To bring them to a location, choose Put away.")


class NotAStorageLocation(Problem):
    code = "not_a_storage_location"
    text = mark("{location} is no storage location in use.")
    advice = mark("Scan a shelf, not a dock.")


class DocumentIsOther(Problem):
    code = "document_is_other"
    text = mark("{number} is another document.")
    advice = mark("Go on scanning here, or open the other document.")


class DocumentIsThis(Problem):
    code = "document_is_this"
    text = mark("{number} is already open on this screen.")
    advice = mark("Scan the goods.")


class NotGoods(Problem):
    code = "not_goods"
    text = mark("{raw} is a partner's code.")
    advice = mark("Scan the goods.")


class BadgeNotHere(Problem):
    code = "badge_not_here"
    text = mark("This is a person's badge.")
    advice = mark("To change the person, lock the screen first and sign in with the badge there.")


class LogisticUnitNotHere(Problem):
    code = "logistic_unit_not_here"
    text = mark("{sscc} is a carton or pallet label that does not say what is inside.")
    advice = mark("Scan the goods inside, or the label with the item and its quantity.")


class CommandNotHere(Problem):
    code = "command_not_here"
    text = mark("The command {name} does nothing at this step.")
    advice = mark("Do what the screen asks for.")


class TypedNotHere(Problem):
    code = "typed_not_here"
    text = mark("{given} is not asked for at this step.")
    advice = mark("Do what the screen asks for.")


class OtherItemInHand(Problem):
    code = "other_item_in_hand"
    text = mark("This is {scanned}. Now {expected} is in hand.")
    advice = mark("Finish it first, or take it back with Undo and scan the other one again.")


class GoodsStillInHand(OtherItemInHand):
    text = mark("{expected} is still in hand.")
    advice = mark("Finish it first, or take it back with Undo.")


class LotWanted(Problem):
    code = "lot_wanted"
    text = mark("This names {item} but no lot.")
    advice = mark("Scan or type the lot as printed on the label.")


class SerialWanted(Problem):
    code = "serial_wanted"
    text = mark("This names {item} but no serial number.")
    advice = mark("Scan or type the serial number as printed on the label.")


class NotALot(Problem):
    code = "not_a_lot"
    text = mark("{raw} is an item's barcode, no lot.")
    advice = mark("Scan or type the lot as printed on the label.")


class LotUnusable(Unreadable):
    code = "lot_unusable"
    text = mark("{lot} cannot be a lot or serial number: it has 1 to {most} printable characters.")
    advice = mark("Read it from the label again.")


class ExpiryWanted(Problem):
    code = "expiry_wanted"
    text = mark("{item} needs its date first.")
    advice = mark("Enter the date as printed on the label.")


class NotADate(Unreadable):
    code = "not_a_date"
    text = mark("{given} is no date.")
    advice = mark("Enter it as 2026-12-31, 20261231 or 261231.")


class QuantityWanted(Problem):
    code = "quantity_wanted"
    text = mark("{item} is weighed: the weight is missing.")
    advice = mark("Enter the weight in {unit}, or scan the scale's label.")


# ---- Dates and quantities ---------------------------------------------------------------------


class ExpiryInPast(Problem):
    code = "expiry_in_past"
    text = mark("{item} expired on {expiry}. Expired goods are not received.")
    advice = mark("Check the date on the label; give the goods back to the driver.")


class ExpiryImplausible(Problem):
    code = "expiry_implausible"
    text = mark("{expiry} is too far away to be the date of {item} (at most {latest}).")
    advice = mark("Check the date on the label. If it is right, correct the item's shelf life.")


class ProducedLater(Problem):
    code = "produced_later"
    text = mark("{item} cannot have been produced on {produced}.")
    advice = mark("Check the dates on the label: production lies before today and before expiry.")


class ShelfLifeTooShort(Problem):
    code = "shelf_life_too_short"
    text = mark("{item} is good until {expiry}: {left} days left, {wanted} are wanted.")
    advice = mark("A supervisor may accept it; else give it back to the driver.")


class OverReceipt(Problem):
    code = "over_receipt"
    text = mark("{item}: {total} is more than the {limit} that may come in (ordered: {ordered}).")
    advice = mark("Put the rest aside and give it back, or have the order changed.")


@refuses("purchase_order_line_within_tolerance")
class OverReceiptAtOnce(Problem):
    code = "over_receipt_at_once"
    text = mark("Somebody else has received the rest of this order line meanwhile.")
    advice = mark("Reload the screen and look what is still open.")


class UnexpectedItem(Problem):
    code = "unexpected_item"
    text = mark("{item} is not on this order.")
    advice = mark("Put it aside. A supervisor may receive it here without an order line.")


class QuantityTooFine(Unreadable):
    code = "quantity_too_fine"
    text = mark("{item} is counted in {unit} with {decimals} decimals; {quantity} has more.")
    advice = mark("Enter the quantity again.")


class QuantityAbsurd(Unreadable):
    code = "quantity_absurd"
    text = mark("{quantity} {unit} of {item} cannot be right ({ordered} are ordered).")
    advice = mark("Was a barcode scanned into the quantity? Enter how many there are.")


class NotANumber(Unreadable):
    code = "not_a_number"
    text = mark("{given} is no quantity.")
    advice = mark("Enter digits, with a point for decimals.")


class SerialsComeSingly(Problem):
    code = "serials_come_singly"
    text = mark("{item} has serial numbers: each piece is scanned.")
    advice = mark("Scan the serial number of each piece.")


class NothingToCorrect(Problem):
    code = "nothing_to_correct"
    text = mark("There is nothing yet whose quantity could be set.")
    advice = mark("Scan an item first, then enter how many there are.")


class AlreadyMovedOn(Problem):
    code = "already_moved_on"
    text = mark("{item} of this line was put away already.")
    advice = mark("Take back the put-away first.")


class NothingToUndo(Problem):
    code = "nothing_to_undo"
    text = mark("There is nothing to take back.")
    advice = mark("Scan the goods.")


class StockMovedOn(Problem):
    code = "stock_moved_on"
    text = mark("{item} cannot be taken back: it has left the dock since ({detail}).")
    advice = mark("Take back what was done with it first, or correct the stock by a count.")


class NotThatMuchHere(Problem):
    code = "not_that_much_here"
    text = mark("Only {there} {unit} of {item} are there, not {wanted}.")
    advice = mark("Enter at most what is there. Scan what has arrived before marking it damaged.")


# ---- Put away ---------------------------------------------------------------------------------


class NotOnDock(Problem):
    code = "not_on_dock"
    text = mark("Nothing of {item} from this receipt waits on the dock.")
    advice = mark("Scan goods of this receipt.")


class WhichLot(Problem):
    code = "which_lot"
    text = mark("Several lots of {item} wait on the dock: {lots}.")
    advice = mark("Scan the lot's label.")


class PlaceWanted(Problem):
    code = "place_wanted"
    text = mark("{item} is on its way.")
    advice = mark("Scan the location where you put it, or press Undo.")


class NothingOnDock(Problem):
    code = "nothing_on_dock"
    text = mark("Nothing of this receipt waits on the dock.")
    advice = mark("Scan the goods that arrive.")


# ---- The receipt ------------------------------------------------------------------------------


class NoSuchReceipt(Gone):
    code = "no_such_receipt"
    text = mark("There is no such receipt in your stores.")
    advice = mark("Choose one from the list.")


class ReceiptClosed(Problem):
    code = "receipt_closed"
    text = mark("Receipt {number} is closed.")
    advice = mark("Open the order again to receive more.")


class ReceiptCancelled(Problem):
    code = "receipt_cancelled"
    text = mark("Receipt {number} was cancelled.")
    advice = mark("Open the order again to receive.")


class ReceiptPaused(Problem):
    code = "receipt_paused"
    text = mark("Receipt {number} is paused.")
    advice = mark("Resume it, then scan again.")


class HeldByOther(Problem):
    code = "held_by_other"
    text = mark("{holder} is working on receipt {number}.")
    advice = mark("Talk to each other. Take it over if {holder} has stopped.")


class TakenOver(Problem):
    code = "taken_over"
    text = mark("{holder} has taken over receipt {number}. This was not booked.")
    advice = mark("Talk to each other. What you booked before stays.")


class OrderCancelledMeanwhile(Problem):
    code = "order_cancelled_meanwhile"
    text = mark("Order {order} was cancelled meanwhile. This was not booked.")
    advice = mark("What was received before stays. Close the receipt and put the rest aside.")


class NotConfirmedTakeOver(Problem):
    code = "take_over_unconfirmed"
    text = mark("Receipt {number} changed hands meanwhile: now {holder} holds it.")
    advice = mark("Look again, then decide.")


class ReceiptNotEmpty(Problem):
    code = "receipt_not_empty"
    text = mark("Something was received already: the receipt cannot be cancelled.")
    advice = mark("Take everything back with Undo, or close the receipt.")


class ReasonWanted(Unreadable):
    code = "reason_wanted"
    text = mark("A reason is needed.")
    advice = mark("Choose a reason, or write one.")


class NothingMissing(Problem):
    code = "nothing_missing"
    text = mark("Nothing of this line is missing.")
    advice = mark("Choose a line with an open quantity.")


class NoDock(Problem):
    code = "no_dock"
    text = mark("The store has no dock to receive on.")
    advice = mark("Have a location of kind dock made for the store.")


class OrderWanted(Problem):
    code = "order_wanted"
    text = mark("Your company receives only against an order.")
    advice = mark("Scan or choose the purchase order.")


class NobodyReceives(NotYours):
    code = "nobody_receives"
    text = mark("Goods are received by a person.")
    advice = mark("Sign in, or use a token that belongs to a person.")


@refuses("receipt_one_open_per_order")
class ReceiptJustOpened(Problem):
    code = "receipt_just_opened"
    text = mark("Somebody has just opened a receipt for this order.")
    advice = mark("Open the order again.")
