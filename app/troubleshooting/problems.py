"""What the troubleshooting screen can refuse."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Gone, Problem, Unreadable


class NothingByThis(Gone):
    code = "nothing_by_this"
    text = mark("There is no such order line, item, lot or store for you.")
    advice = mark("Scan the goods, or choose the order in the list.")


class BadQuestion(Unreadable):
    code = "bad_question"
    text = mark("{name} cannot be {given}.")
    advice = mark("Go back to the list and ask again from there.")


class NothingToScan(Unreadable):
    code = "no_stock_meant"
    text = mark("{given} is no item, lot, place, carton or order that you can see.")
    advice = mark("Scan the code on the goods, or type the order's number.")


class ZoneGone(Gone):
    code = "zone_gone"
    text = mark("There is no such zone in your stores.")
    advice = mark("Read the screen again; nothing was changed.")


class ZoneOpenAlready(Problem):
    code = "zone_open_already"
    text = mark("Orders pick from zone {zone} already.")
    advice = mark("Check again: somebody else has opened it.")


class BadQuantity(Unreadable):
    code = "bad_transfer_quantity"
    text = mark("{given} is no quantity.")
    advice = mark("Enter how many you need, as a number.")
