"""What the pages of cost refuse."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Gone


class NoSuchItem(Gone):
    code = "no_such_item"
    text = mark("There is no such item.")
    advice = mark("Search for it in the stock list.")


class NoSuchMove(Gone):
    code = "move_not_found"
    text = mark("There is no such movement in your stores.")
    advice = mark("Check the number.")
