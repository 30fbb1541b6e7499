"""Making the demo company, whole or what is missing of it."""

from __future__ import annotations

from app.demo.baking import make_baking
from app.demo.company import make_company
from app.demo.counting import make_counts
from app.demo.maker import Found, Maker, beginning, look
from app.demo.opening import make_opening_stock
from app.demo.orders import finish, make_orders
from app.demo.selling import make_sales
from app.demo.trading import make_trading
from app.kit.database import Database


def make_demo(database: Database) -> Found:
    """Make the company in an empty database, or finish what an earlier start began.

    A whole one is left as it is.  Returns what was found before.

    Raises:
        RealCompany: the database belongs to somebody.
    """
    found = look(database)
    if not found.is_whole:
        maker = Maker(database, beginning(found))
        made = make_company(maker)
        make_opening_stock(maker, made)
        make_sales(maker, made)
        make_baking(maker, made)
        make_orders(maker, made)
        make_trading(maker, made)
        make_counts(maker, made)
        finish(maker, made)
    return found
