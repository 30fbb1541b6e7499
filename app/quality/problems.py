"""What quality refuses."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Gone, Problem, Unreadable, refuses


class NotAQuantity(Unreadable):
    code = "quality_not_a_quantity"
    text = mark("{given} is no quantity.")
    advice = mark("Enter digits, with a point for decimals.")


class QuantityTooExact(Unreadable):
    code = "quality_quantity_too_exact"
    text = mark("{item} is counted in {unit} with {decimals} decimals; {quantity} has more.")
    advice = mark("Enter the quantity again.")


class StatusUnknown(Unreadable):
    code = "status_unknown"
    text = mark("Choose the status that the goods shall have.")
    advice = mark("Available, inspection, frozen, damaged or returned.")


class WhyWanted(Unreadable):
    code = "quality_reason_wanted"
    text = mark("A reason is needed, at most {longest} characters.")
    advice = mark("Choose one, or say in a few words why. It stays in the records.")


class NothingChosen(Problem):
    code = "nothing_chosen"
    text = mark("No stock was chosen whose status could change.")
    advice = mark("Scan a location, a lot, an item or a carton, and tick what is meant.")


class TooMuchAtOnce(Problem):
    code = "too_much_at_once"
    text = mark("That is stock of more than {most} places at once.")
    advice = mark("Do it in parts; to stop a whole lot in every store, place a hold on it.")


class StockGone(Problem):
    """What was shown is not there any more."""

    code = "quality_stock_gone"
    text = mark("What was on the screen is not there any more: it was moved or changed meanwhile.")
    advice = mark("Scan it again and look at what is there now.")


class MoreThanThere(Problem):
    code = "quality_more_than_there"
    text = mark("{location} holds {on_hand} of {item} ({status}), not {wanted}.")
    advice = mark("Change at most what is there, or scan again to see what it holds now.")


class SameStatus(Problem):
    code = "same_status"
    text = mark("{item} at {location} has that status already.")
    advice = mark("Choose another status, or untick it.")


class PhotoUnknown(Gone):
    code = "photo_unknown"
    text = mark("There is no such photo in your stores.")
    advice = mark("Take the photo again.")


class StatusChangeUnknown(Gone):
    code = "status_change_unknown"
    text = mark("There is no such status change in your stores.")
    advice = mark("Look in the list of status changes.")


# Holds --------------------------------------------------------------------------------------------


class LotUnknown(Gone):
    code = "quality_lot_unknown"
    text = mark("There is no such lot.")
    advice = mark("Scan the label, or look for the item and choose the lot.")


@refuses("lot_hold_once")
class LotHeldAlready(Problem):
    code = "lot_held_already"
    text = mark("This lot is held already: nothing of it ships.")
    advice = mark("Look at its page: who placed the hold, why, and where the lot lies.")


class NotHeld(Problem):
    code = "lot_not_held"
    text = mark("There is no hold on this lot any more.")
    advice = mark("Look at its page: it says who lifted it, and when.")


# Returns ------------------------------------------------------------------------------------------


class NothingShipped(Problem):
    code = "nothing_shipped"
    text = mark("{number} has shipped nothing that could come back.")
    advice = mark("Look whether it is the right order; goods that never left are unpicked instead.")


class OrderOfReturnUnknown(Gone):
    code = "order_of_return_unknown"
    text = mark("{given} is no sales order or shipment of your stores.")
    advice = mark("Scan the code on the packing list, or type the number of the order.")


class ReturnUnknown(Gone):
    code = "customer_return_unknown"
    text = mark("There is no such customer return in your stores.")
    advice = mark("Look in the list of returns.")


class ReturnClosed(Problem):
    code = "customer_return_closed"
    text = mark("{number} is closed.")
    advice = mark("Scan the order again to open another return.")


@refuses("customer_return_one_open_per_order")
class ReturnOpenAlready(Problem):
    code = "customer_return_open_already"
    text = mark("A return of this order is open already.")
    advice = mark("Go on with that one.")


class MoreThanShipped(Problem):
    code = "more_than_shipped"
    text = mark("Of {item} {left} can still come back, not {wanted}: no more was shipped.")
    advice = mark("Count again; what is more belongs to another order.")


class NotShipped(Problem):
    code = "not_shipped"
    text = mark("{given} was not shipped with this order.")
    advice = mark("Scan another order, or look at the lot on the label.")


class SeveralLots(Problem):
    code = "several_lots_shipped"
    text = mark("{item} was shipped in several lots.")
    advice = mark("Scan the lot on the goods, or choose the line below.")


class ReturnPlaceUnfit(Problem):
    code = "return_place_unfit"
    text = mark("Goods that come back cannot lie at {location}.")
    advice = mark("Scan a shelf or dock of this store.")


class ReturnLineUnknown(Gone):
    code = "customer_return_line_unknown"
    text = mark("There is no such entry in this return.")
    advice = mark("Reload the page.")


class PlaceUnknown(Gone):
    code = "quality_place_unknown"
    text = mark("There is no such place in your stores.")
    advice = mark("Scan the label of the location.")


class ScanMeansNothingHere(Problem):
    code = "scan_means_nothing_here"
    text = mark("{given} is no location, lot, item or carton.")
    advice = mark("Scan the shelf, or the code on the goods.")


# Moves --------------------------------------------------------------------------------------------


class PlaceUnfit(Problem):
    code = "place_unfit_for_moving"
    text = mark("Stock is not moved to or from {location}.")
    advice = mark("Scan a shelf or dock of this store. Picked goods are put back in picking.")


class SamePlace(Problem):
    code = "moved_to_same_place"
    text = mark("It lies at {location} already.")
    advice = mark("Scan the place that it shall go to.")


class PlaceCounted(Problem):
    code = "place_is_counted"
    text = mark("{location} is being counted.")
    advice = mark("Wait until the count is done, or choose another place.")


class TargetWanted(Problem):
    code = "target_wanted"
    text = mark("{given} is no location.")
    advice = mark("Scan the place that the goods shall go to.")
