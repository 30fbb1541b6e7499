"""What the screens and imports of sales orders refuse beside the commands of ``app.orders``."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Problem, Unreadable


class NothingTicked(Unreadable):
    code = "nothing_ticked"
    text = mark("No order was ticked.")
    advice = mark("Tick the orders first.")


class TooManyTicked(Unreadable):
    code = "too_many_ticked"
    text = mark("At most {most} orders are allocated at once.")
    advice = mark("Tick fewer, or narrow the list down.")


class NoOrderNamed(Unreadable):
    code = "no_order_named"
    text = mark("The request names neither an order nor a line.")
    advice = mark("Go back to the order and press the button there.")


class TooManyRows(Unreadable):
    code = "too_many_order_rows"
    text = mark("The file has {rows} rows; {most} fit at once.")
    advice = mark("Split it into several files; keep the rows of an order together.")


class TooManyLines(Unreadable):
    code = "too_many_sales_lines"
    text = mark("The file has {lines} lines; a sales order has at most {most}.")
    advice = mark("Split it into several sales orders.")


class RowsAreBad(Problem):
    code = "order_rows_are_bad"
    text = mark("{bad} of {orders} orders have problems. Nothing was imported.")
    advice = mark("Correct the file, or import the good orders only.")


class NothingToImport(Problem):
    code = "no_order_to_import"
    text = mark("No order of the file can be imported.")
    advice = mark("Correct the rows below and choose the file again.")


class OrderRefused(Problem):
    """An order of a file that the check had let through, such as one whose item was archived just
    now; nothing of the file was imported.
    """

    code = "order_of_file_refused"
    text = mark("Order {number}: {reason}")
    advice = mark("Nothing was imported. Check the file again.")


class OtherOrderSameNumber(Problem):
    """The other system sends a number again, with another content."""

    code = "external_order_differs"
    text = mark("{source} has sent {external} already: it is {number}, for other goods.")
    advice = mark("Cancel that order or change it here; a new order needs a new number.")
