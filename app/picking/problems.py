"""Everything that a scan of a pick refuses: what happened, why, and what to do next.

``why`` in the data leads the screen to the diagnosis of the stock that is meant.
"""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Problem, Unreadable, refuses

# ---- Codes ------------------------------------------------------------------------------------


class NothingScanned(Unreadable):
    code = "pick_nothing_scanned"
    text = mark("Nothing was scanned.")
    advice = mark("Aim at the code and press the trigger again.")


class CodeTooLong(Unreadable):
    code = "pick_code_too_long"
    text = mark("The code is longer than any barcode can be.")
    advice = mark("Scan one code at a time.")


class UnknownCode(Problem):
    code = "pick_unknown_code"
    text = mark("{raw} is not known here.")
    advice = mark("Scan what the screen asks for, or search the item by name.")


class UnreadableCode(Problem):
    code = "pick_unreadable_code"
    status = 422
    text = mark("{raw} cannot be used: {reason}.")
    advice = mark("Scan it again, or another code on the goods.")


class NotGoods(Problem):
    code = "pick_not_goods"
    text = mark("{raw} is neither goods nor a place.")
    advice = mark("Scan what the screen asks for.")


class BadgeNotHere(Problem):
    code = "pick_badge_not_here"
    text = mark("This is a person's badge.")
    advice = mark("To change the person, lock the screen first and sign in with the badge there.")


class CommandNotHere(Problem):
    code = "pick_command_not_here"
    text = mark("The command {name} does nothing at this step.")
    advice = mark("Do what the screen asks for.")


class DocumentIsOther(Problem):
    code = "pick_document_is_other"
    text = mark("{number} is another document.")
    advice = mark("Go on here, or open the other document.")


class DocumentIsThis(Problem):
    code = "pick_document_is_this"
    text = mark("{number} is already open on this screen.")
    advice = mark("Do what the screen asks for.")


# ---- The way ----------------------------------------------------------------------------------


class LocationFirst(Problem):
    code = "pick_location_first"
    text = mark("{scanned} was scanned, but no location yet.")
    advice = mark("Go to {location} and scan the location first.")


class LocationTwice(Problem):
    code = "pick_location_twice"
    text = mark("{location} is not where these goods were promised.")
    advice = mark("Scan {location} once more to take them from here, or go to {expected}.")


class WrongLocation(Problem):
    code = "pick_wrong_location"
    text = mark("{scanned} is not on this pick.")
    advice = mark("Go to {expected}.")


class NothingElse(Problem):
    code = "pick_nothing_else"
    text = mark("This is the last stop: there is nothing to go to first.")
    advice = mark("Take the goods, or report that there is too little.")


class StopSettled(Problem):
    code = "pick_stop_settled"
    text = mark("This stop is settled already.")
    advice = mark("Go on with what the screen shows now.")


class AnswerFirst(Problem):
    code = "pick_answer_first"
    text = mark("{location} should be empty now.")
    advice = mark("Is it? Answer Yes or No, or scan {location} for Yes.")


class StagingWanted(Problem):
    code = "pick_staging_wanted"
    text = mark("Everything is picked. {scanned} is not where it is brought together.")
    advice = mark("Bring the goods to {staging} and scan it.")


# ---- The goods --------------------------------------------------------------------------------


class NotInPick(Problem):
    code = "pick_wrong_item"
    text = mark("This is {scanned}. It is not on this pick.")
    advice = mark("Put it back. Wanted here: {expected}.")


class NotHere(Problem):
    code = "pick_not_here"
    text = mark("{item} is promised in {location}, not here.")
    advice = mark("Put it back and take it from {location}.")


class WrongLot(Problem):
    code = "pick_wrong_lot"
    text = mark("This is {scanned}. Promised is {expected}, and there is none of this to swap.")
    advice = mark("Put it back and take {expected}.")


class LotWanted(Problem):
    code = "pick_lot_wanted"
    text = mark("This names {item} but no lot.")
    advice = mark("Scan the lot {lot} as printed on the label.")


class UnitWanted(Problem):
    code = "pick_unit_wanted"
    text = mark("{item} is packed in the unit {sscc}.")
    advice = mark("Scan the label of the unit first.")


class WrongUnit(Problem):
    code = "pick_wrong_unit"
    text = mark("Nothing that is wanted here is promised in the unit {sscc}.")
    advice = mark("Scan what the screen asks for.")


class SwapNotAllowed(Problem):
    code = "pick_swap_not_allowed"
    text = mark("This is {scanned}. Promised is {expected}.")
    advice = mark("Take {expected}. Your company does not let goods be swapped while picking.")


class NothingFree(Problem):
    code = "pick_nothing_free"
    text = mark("{scanned} is there, but only {free} {unit} of it are not promised to others.")
    advice = mark("Take {expected}, or ask the supervisor to release a promise.")


class TooMuch(Problem):
    code = "pick_too_much"
    text = mark("{quantity} {unit} are more than the {open} that are still wanted of {item}.")
    advice = mark("Take {open} {unit}: open the pack, or enter the quantity.")


class TooMuchAtOnce(Problem):
    code = "pick_too_much_at_once"
    text = mark(
        "{quantity} {unit} of {item} cannot be taken from one balance: {open} are promised."
    )
    advice = mark("Enter at most {open}.")


class TakenFromUnder(Problem):
    code = "pick_taken_from_under"
    text = mark("Only {there} {unit} of {item} are left in {location}.")
    advice = mark("Take what is there, then report that there is too little.")


class PromiseGone(Problem):
    code = "pick_promise_gone"
    text = mark("{item} in {location} is no longer promised to order {order}.")
    advice = mark("Put it back and report that there is too little: another place is looked for.")


class StopReleased(Problem):
    code = "pick_stop_released"
    text = mark("What was promised to order {order} in {location} was released meanwhile.")
    advice = mark("Put it back and go on with what the screen shows now.")


class SerialsComeSingly(Problem):
    code = "pick_serials_come_singly"
    text = mark("{item} has serial numbers: each piece is scanned.")
    advice = mark("Scan the serial number of each piece.")


class QuantityTooFine(Unreadable):
    code = "pick_quantity_too_fine"
    text = mark("{item} is counted in {unit} with {decimals} decimals; {quantity} has more.")
    advice = mark("Enter the quantity again.")


class QuantityWanted(Problem):
    code = "pick_quantity_wanted"
    text = mark("{item} is weighed: the weight is missing.")
    advice = mark("Enter the weight in {unit}, or scan the scale's label.")


class NotANumber(Unreadable):
    code = "pick_not_a_number"
    text = mark("{given} is no quantity.")
    advice = mark("Enter digits, with a point for decimals.")


class ScanFirst(Problem):
    code = "pick_scan_first"
    text = mark("No goods were scanned at this stop yet.")
    advice = mark("Scan the goods once, then enter how many you take.")


class LessByUndo(Problem):
    code = "pick_less_by_undo"
    text = mark("{picked} {unit} of {item} were taken already.")
    advice = mark("To take fewer, press Undo and enter the quantity again.")


class HandFull(Problem):
    code = "pick_hand_full"
    text = mark("{item} is still in hand.")
    advice = mark("Put it into {cart} and scan that position, or press Undo.")


class WrongCart(Problem):
    code = "pick_wrong_cart"
    text = mark("{scanned} is not the position of order {order}.")
    advice = mark("Put it into {cart} and scan that position.")


class NothingToUndo(Problem):
    code = "pick_nothing_to_undo"
    text = mark("There is nothing to take back.")
    advice = mark("Do what the screen asks for.")


# ---- What keeps goods from being taken --------------------------------------------------------


class OrderCancelled(Problem):
    code = "pick_order_cancelled"
    text = mark("Order {order} was cancelled meanwhile.")
    advice = mark("Take nothing more for it, and put back what you have taken.")


class StockFrozen(Problem):
    code = "pick_stock_frozen"
    text = mark("{item} in {location} was frozen meanwhile.")
    advice = mark("Leave it there. Report too little: another place is looked for.")


class StockNotAvailable(Problem):
    code = "pick_stock_not_available"
    text = mark("{item} in {location} is not available: its status does not ship.")
    advice = mark("Leave it there. Report too little: another place is looked for.")


class StockExpired(Problem):
    code = "pick_stock_expired"
    text = mark("{item} in {location} has expired.")
    advice = mark("Leave it there. Report too little: another place is looked for.")


class ShelfLifeTooShort(Problem):
    code = "pick_short_dated"
    text = mark("{item} in {location} does not last long enough for this order.")
    advice = mark("Leave it there and take what was promised.")


class LocationCounted(Problem):
    code = "pick_location_counted"
    text = mark("{location} is being counted.")
    advice = mark("Skip this stop until the count is finished.")


class PlaceNotPicked(Problem):
    code = "pick_place_not_picked"
    text = mark("Orders do not pick from {location}.")
    advice = mark("Take what was promised, or ask the supervisor to open the zone.")


OBSTACLES: dict[str, type[Problem]] = {
    "cancelled": OrderCancelled,
    "frozen": StockFrozen,
    "inspection": StockNotAvailable,
    "damaged": StockNotAvailable,
    "returned": StockNotAvailable,
    "expired": StockExpired,
    "short_dated": ShelfLifeTooShort,
    "counted": LocationCounted,
    "zone": PlaceNotPicked,
    "other_warehouse": PlaceNotPicked,
    "other_store": PlaceNotPicked,
}
"""How each rule of what can ship is said to the person in front of the goods."""


@refuses("pick_task_once")
class StopExists(Problem):
    code = "pick_stop_exists"
    text = mark("These goods are a stop of this order already.")
    advice = mark("Reload the screen and go on with what it shows.")


class PickClosed(Problem):
    code = "pick_closed"
    text = mark("This pick is finished.")
    advice = mark("Go on with the next task.")
