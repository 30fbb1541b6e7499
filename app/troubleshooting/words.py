"""The words of the diagnosis, as warehouse people say them."""

from __future__ import annotations

from app.kit.i18n import mark

STATUS, PROMISES, PLACES, SIGHT, FRESHNESS = 1, 2, 3, 4, 5

LABELS = {
    "unseen": mark("In stores that you do not see"),
    "other_store": mark("In other stores"),
    "other_warehouse": mark("In another warehouse"),
    "zone": mark("Where orders do not pick"),
    "inspection": mark("Waiting for inspection"),
    "frozen": mark("Frozen stock"),
    "damaged": mark("Damaged stock"),
    "returned": mark("Returned by customers"),
    "expired": mark("Past its date"),
    "short_dated": mark("Shelf life too short for the order"),
    "counted": mark("Place locked by a count"),
    "negative": mark("Below zero in the books"),
    "picked": mark("Picked for this order"),
    "own": mark("Kept for this order"),
    "others": mark("Promised to orders"),
    "staged": mark("Picked, but no order wants it"),
    "pack_rounding": mark("Not enough for a whole pack"),
    "available": mark("Orders can take it now"),
}
UNSEEN_BY = mark("In stores that {who} does not see")
UNSEEN_PHRASE_BY = mark("{quantity} where {who} does not see it")
OTHER_ORDERS = mark("Promised to other orders")

PHRASES = {
    "unseen": mark("{quantity} where you do not see it"),
    "other_store": mark("{quantity} in other stores"),
    "other_warehouse": mark("{quantity} in another warehouse"),
    "zone": mark("{quantity} where orders do not pick"),
    "inspection": mark("{quantity} waiting for inspection"),
    "frozen": mark("{quantity} frozen"),
    "damaged": mark("{quantity} are damaged"),
    "returned": mark("{quantity} returned"),
    "expired": mark("{quantity} past their date"),
    "short_dated": mark("{quantity} with too short a shelf life"),
    "counted": mark("{quantity} in places being counted"),
    "negative": mark("{quantity} below zero"),
    "picked": mark("{quantity} picked for this order"),
    "own": mark("{quantity} kept for this order"),
    "others": mark("{quantity} promised to {who}"),
    "staged": mark("{quantity} picked without an order"),
    "pack_rounding": mark("{quantity} not enough for a pack"),
    "available": mark("{quantity} free"),
}
MANY_ORDERS = mark("{count} orders")

ADVICE = {
    "unseen": mark("Only a number is shown. Ask the store's manager, or someone who sees it."),
    "other_store": mark("Ask the other store for a transfer."),
    "other_warehouse": mark("Orders of this store do not take from there. Have it brought over."),
    "zone": mark("Let orders pick from the zone, or move the goods to a shelf for picking."),
    "inspection": mark("Inspect the goods, then ask for their release."),
    "frozen": mark("Ask whoever froze it. Released, it can ship."),
    "damaged": mark("Damaged goods do not ship. Write them off or return them to the supplier."),
    "returned": mark("Check what came back, then release it or write it off."),
    "expired": mark("It must not ship. Take it off the shelf and write it off."),
    "short_dated": mark("The order wants a longer shelf life. Agree on less with the customer."),
    "counted": mark("Finish the count, or unlock the place."),
    "negative": mark("More was taken than the books had. Count the place."),
    "picked": mark("Pack and ship it."),
    "own": mark("Go and pick it."),
    "others": mark("Release what is stale or can wait; the order here gets it by its priority."),
    "staged": mark("Put it back on its shelf: unpick it."),
    "pack_rounding": mark("The order takes whole packs only. Let it take single pieces."),
    "available": mark("Nothing keeps it."),
}

TONES = {
    "unseen": "soft", "other_store": "soft", "other_warehouse": "soft", "zone": "warn",
    "inspection": "warn", "frozen": "bad", "damaged": "bad", "returned": "warn", "expired": "bad",
    "short_dated": "bad", "counted": "warn", "negative": "bad", "picked": "accent",
    "own": "accent", "others": "warn", "staged": "warn", "pack_rounding": "soft",
    "available": "good",
}  # fmt: skip

CHECK_OF = {
    "inspection": STATUS, "frozen": STATUS, "damaged": STATUS, "returned": STATUS,
    "expired": STATUS, "short_dated": STATUS,
    "picked": PROMISES, "own": PROMISES, "others": PROMISES, "staged": PROMISES,
    "pack_rounding": PROMISES, "available": PROMISES,
    "other_store": PLACES, "other_warehouse": PLACES, "zone": PLACES,
    "unseen": SIGHT,
    "counted": FRESHNESS, "negative": FRESHNESS,
}  # fmt: skip
OWN = frozenset({"picked", "own", "available"})
"""Buckets that keep nothing from the demand."""

CHECKS = {
    STATUS: ("status", mark("Status")),
    PROMISES: ("promises", mark("Promises")),
    PLACES: ("places", mark("Places")),
    SIGHT: ("permission", mark("Permission")),
    FRESHNESS: ("freshness", mark("Is it up to date?")),
}
CLEAR = {
    STATUS: mark("Nothing is inspected, frozen, damaged, returned or past its date."),
    PROMISES: mark("No other order holds any of it."),
    PLACES: mark("All of it lies where orders pick."),
    SIGHT: mark("No stock is hidden from you."),
    FRESHNESS: mark("Nothing is on its way to the books."),
}

# The headline -----------------------------------------------------------------------------------
HEADLINE = mark("On hand {total}, can ship {can_ship}")
HEADLINE_OF_LINE = mark("Wanted {wanted}, can ship {can_ship}; on hand {total}")
NOTHING_ON_HAND = mark("Nothing is on hand")
NOTHING_FOR_LINE = mark("Wanted {wanted}, nothing is on hand")
BECAUSE = mark("{headline}: {causes}")
LIST_COMMA = mark(", ")
SHIPPED_ALREADY = mark("All of it has been shipped already")

# Notices ------------------------------------------------------------------------------------------
NOT_RELEASED = mark("The order is not released yet: nothing is kept for it.")
IS_CANCELLED = mark("The order is cancelled.")
IS_CLOSED = mark("The line was closed short: {reason}.")
LAPSED = mark("What was kept for it was given back when its time was up: nobody asked since.")
WHOLE_LINES = mark("The order takes whole lines only: it needs {wanted}, {available} are free.")
WHOLE_ORDER = mark("The order ships as a whole only: every line of it must be there.")
CHANGED = mark("Your screen showed {before} to ship at {at}; now it is {now}.")
UNCHANGED = mark("As your screen showed at {at}: nothing has changed since.")
NOT_KEPT = mark("{quantity} are free, but not kept for the order yet.")

# Evidence -----------------------------------------------------------------------------------------
READ_AT = mark("Read at {at}.")
LAST_CHANGE = mark("The stock last changed at {at} ({who}).")
MISSING_SCANS = mark("{count} scans of {who} have not arrived; it last reported at {at}.")
LOCKED = mark("{place} is locked by {who} since {at}: {reason}")
HELD = mark("Lot {lot} was held by {who} on {at}: {reason}")
COUNT_OPEN = mark("{place} waits for a count, asked by {who} at {at}.")
PICK_OPEN = mark("{quantity} are being picked in {number} by {who}.")
UNSEEN_AT = mark("{quantity} in {store}: ask {who}.")
UNSEEN_NOBODY = mark("{quantity} in {store}: ask headquarters.")
STALE = mark("{count} promises are stale: {quantity} kept for longer than the rule allows.")
SEES = mark("{who} sees {quantity} in {store}.")
MISSES = mark("{who} does not see the {quantity} in {store}.")
SOMEBODY = mark("somebody")
SYSTEM = mark("System")
DEVICE = mark("a device")

# Buttons ------------------------------------------------------------------------------------------
RELEASE = mark("Release the promise to {number}")
RELEASE_OWN = mark("Give back what is kept")
ALLOCATE = mark("Keep {quantity} for this order")
RELEASE_STATUS = mark("Ask for release")
OPEN_ZONE = mark("Let orders pick from {zone}")
REQUEST_TRANSFER = mark("Ask {place} for stock")
UNLOCK = mark("Unlock {place}")
RECOUNT = mark("Have {place} counted")
SEE_HOLD = mark("Go to the hold")
SEE_ORDER = mark("Go to the order")

# History ------------------------------------------------------------------------------------------
STATUSES = {
    "available": mark("Available"),
    "inspection": mark("Inspection"),
    "frozen": mark("Frozen"),
    "damaged": mark("Damaged"),
    "returned": mark("Returned"),
}
STATUS_TONES = {
    "available": "good", "inspection": "warn", "frozen": "accent", "damaged": "bad",
    "returned": "warn",
}  # fmt: skip
PLACES_BEYOND = {
    "supplier": mark("Supplier"),
    "customer": mark("Customer"),
    "production": mark("Production"),
    "adjustment": mark("Adjustment"),
    "in_transit": mark("In transit"),
}
COMMANDS = {
    "orders.create_order": mark("Order created"),
    "orders.change_order": mark("Order changed"),
    "orders.release_order": mark("Order released"),
    "orders.cancel_order": mark("Order cancelled"),
    "orders.close_order_short": mark("Order closed short"),
    "orders.allocate": mark("Stock kept for the order"),
    "orders.reallocate": mark("Stock kept anew"),
    "orders.release_allocation": mark("Kept stock given back"),
}
