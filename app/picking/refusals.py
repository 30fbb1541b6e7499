"""What is refused of whole picks: who works on them, how they begin and end."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Gone, NotYours, Problem, Unreadable, refuses


class NoSuchPick(Gone):
    code = "no_such_pick"
    text = mark("There is no such pick in your stores.")
    advice = mark("Choose one from the list.")


class NobodyPicks(NotYours):
    code = "nobody_picks"
    text = mark("Goods are picked by a person.")
    advice = mark("Sign in, or use a token that belongs to a person.")


class PickCancelled(Problem):
    code = "pick_cancelled"
    text = mark("Pick {number} was cancelled.")
    advice = mark("Go on with the next task.")


class PickPaused(Problem):
    code = "pick_paused"
    text = mark("Pick {number} is paused.")
    advice = mark("Resume it, then scan again.")


class PickWaits(Problem):
    code = "pick_waits"
    text = mark("Nobody has begun pick {number}.")
    advice = mark("Begin it, then scan again.")


class PickHeld(Problem):
    code = "pick_held"
    text = mark("{holder} is working on pick {number}.")
    advice = mark("Talk to each other. Take it over if {holder} has stopped.")


class PickTakenOver(Problem):
    code = "pick_taken_over"
    text = mark("{holder} has taken over pick {number}. This was not booked.")
    advice = mark("Talk to each other. What you booked before stays.")


class PickChangedHands(Problem):
    code = "pick_changed_hands"
    text = mark("Pick {number} changed hands meanwhile: now {holder} holds it.")
    advice = mark("Look again, then decide.")


class PickEnded(Problem):
    code = "pick_ended"
    text = mark("Pick {number} is finished.")
    advice = mark("Go on with the next task.")


class PickNotEmpty(Problem):
    code = "pick_not_empty"
    text = mark("Something was taken already: the pick cannot be cancelled.")
    advice = mark("Put the goods back, or finish the pick with what there is.")


class NothingToPick(Problem):
    code = "nothing_to_pick"
    text = mark("No work is waiting.")
    advice = mark("Look again later, or in another zone.")


class NothingPromised(Problem):
    code = "pick_nothing_promised"
    text = mark("Nothing that could be picked now is promised to order {number}.")
    advice = mark("Ask why: it shows where the stock is and what frees it.")


class OrderNotPickable(Problem):
    code = "pick_order_not_released"
    text = mark("Order {number} is not released for picking.")
    advice = mark("Have it released first.")


class NoOrdersChosen(Unreadable):
    code = "pick_no_orders"
    text = mark("No orders were chosen.")
    advice = mark("Choose at least one order of your store, at most {most}.")


class OrdersOfTwoStores(Problem):
    code = "pick_two_stores"
    text = mark("These orders are of different stores.")
    advice = mark("Choose orders of one store.")


class UnknownPickKind(Unreadable):
    code = "pick_unknown_kind"
    text = mark("{kind} is no kind of pick.")
    advice = mark("Choose one of: {kinds}.")


class ZoneWanted(Unreadable):
    code = "pick_zone_wanted"
    text = mark("A pick of a zone needs a zone of this store.")
    advice = mark("Choose the zone.")


class NoStaging(Problem):
    code = "pick_no_staging"
    text = mark("The store has no place where picked goods are brought together.")
    advice = mark("Have a location of kind staging made for the store.")


class TooFewPositions(Problem):
    code = "pick_too_few_positions"
    text = mark("{wanted} orders need a position each, but only {free} positions are free.")
    advice = mark("Choose fewer orders, empty a cart, or have positions of kind cart made.")


class NobodyThere(Problem):
    code = "pick_nobody_there"
    text = mark("This person does not work in the store.")
    advice = mark("Choose somebody who does.")


class ReasonWanted(Unreadable):
    code = "pick_reason_wanted"
    text = mark("A reason is needed.")
    advice = mark("Choose a reason, or write one.")


class OrderNotHere(Problem):
    code = "pick_order_not_here"
    text = mark("Nothing that this pick took for that order can be put back.")
    advice = mark("It was put back already, or it was never taken here.")


class OrderPacked(Problem):
    code = "pick_order_packed"
    text = mark("Goods of this order are in a carton already.")
    advice = mark("Take them out on the packing screen first.")


class GoodsMoved(Problem):
    code = "pick_goods_moved"
    text = mark("The goods are no longer where they were put.")
    advice = mark("Look what became of them: they may be packed or shipped.")


@refuses("pick_line_move_id_fkey")
class PromiseLost(Problem):
    """The promise was released between reading and writing: nothing of the scan was booked."""

    code = "pick_promise_lost"
    text = mark("These goods were released or taken by somebody else at this moment.")
    advice = mark("Scan them again and do what the screen says then.")
