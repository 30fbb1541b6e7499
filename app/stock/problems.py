"""What the stock pages refuse."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Gone, Unreadable


class NoSuchStock(Gone):
    code = "no_such_stock"
    text = mark("There is nothing by this number in your stores.")
    advice = mark("Look for it by its name or scan it again.")


class UnknownCode(Gone):
    code = "unknown_code"
    text = mark("{given} is no item, lot or place that you can see.")
    advice = mark("Scan the code again, or type part of the name in the search box.")


class BadFilter(Unreadable):
    code = "bad_filter"
    text = mark("{given} cannot be used to filter by {field}.")
    advice = mark("Clear the filter and choose again.")
