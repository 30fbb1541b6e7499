"""What suppliers' invoices, credit notes and returns refuse, and the way out."""

from __future__ import annotations

from app.invoicing.words import INVOICE_STATES
from app.kit.i18n import gettext, mark
from app.kit.problems import Gone, Problem, Unreadable, refuses


class InvoiceUnknown(Gone):
    code = "supplier_invoice_unknown"
    text = mark("There is no such supplier invoice in your stores.")
    advice = mark("Look in the list of invoices.")


class InvoiceFixed(Problem):
    """A refusal because of the invoice's ``state``, which is shown by its name."""

    code = "supplier_invoice_fixed"
    text = mark("Invoice {number} is {state}: this is not possible any more.")
    advice = mark("Look at it as it is now; a posted one is reversed with a reason.")

    @property
    def message(self) -> str:
        state = str(self.data.get("state", ""))
        name = gettext(INVOICE_STATES.get(state, state))
        return gettext(self.text).format(**{**self.data, "state": name})


@refuses("supplier_invoice_paper_once")
class PaperEntered(Problem):
    code = "supplier_invoice_entered"
    text = mark("This number of this supplier was entered already.")
    advice = mark("Look for it in the list; a wrong one is reversed before it is entered anew.")


@refuses("supplier_invoice_line_item_once")
class ItemTwice(Problem):
    code = "supplier_invoice_item_twice"
    text = mark("An item of a receipt stands on two lines of the invoice.")
    advice = mark("Put it on one line, with the whole quantity and its average price.")


class MoreThanReceived(Problem):
    """Of ``item`` only ``open`` of the receipt can be billed, ``wanted`` is."""

    code = "invoiced_more_than_received"
    text = mark("{receipt}: of {item} {wanted} are billed, but only {open} are received and open.")
    advice = mark(
        "The invoice stays as a draft. Correct the quantity, wait for the rest of the goods, or "
        "ask the supplier for another invoice or a credit note."
    )


class MoreThanInvoiced(Problem):
    code = "credited_more_than_invoiced"
    text = mark("{receipt}: of {item} {wanted} are credited, but only {open} were billed.")
    advice = mark("Correct the quantity or the amount; what is not billed yet needs no credit.")


class MoreThanReturned(Problem):
    code = "credited_more_than_returned"
    text = mark(
        "{receipt}: of {item} {wanted} are credited as sent back, but only {open} wait for it."
    )
    advice = mark("Enter the supplier return first, or credit a lower price instead.")


class CreditedAlready(Problem):
    code = "invoice_credited_already"
    text = mark("Credit note {number} belongs to this invoice.")
    advice = mark("Reverse the credit note first.")


class InvoiceReason(Unreadable):
    code = "supplier_invoice_reason_wanted"
    text = mark("A reason is needed, at most {longest} characters.")
    advice = mark("Say in a few words why. It stays in the records.")


# Returns ----------------------------------------------------------------------------------------


class ReturnUnknown(Gone):
    code = "supplier_return_unknown"
    text = mark("There is no such supplier return in your stores.")
    advice = mark("Look in the list of returns to suppliers.")


class ReturnClosed(Problem):
    code = "supplier_return_closed"
    text = mark("{number} is closed.")
    advice = mark("Scan the receipt again to open another return.")


@refuses("supplier_return_one_open_per_receipt")
class ReturnOpenAlready(Problem):
    code = "supplier_return_open_already"
    text = mark("A return of this receipt is open already.")
    advice = mark("Go on with that one.")


class ReceiptUnknown(Gone):
    code = "receipt_of_return_unknown"
    text = mark("{given} is no receipt or purchase order of your stores.")
    advice = mark("Scan the code on the goods received note, or type its number.")


class ReceiptNotReturnable(Problem):
    code = "receipt_not_returnable"
    text = mark(
        "Of receipt {number} nothing can be sent back: it is open, empty or without a supplier."
    )
    advice = mark("Close it first, or look whether it is the right one.")


class NotOfReceipt(Problem):
    code = "not_of_receipt"
    text = mark("{given} did not come with this receipt, or none of it is here any more.")
    advice = mark("Scan another receipt, or look at the lot on the label.")


class MoreThanCame(Problem):
    code = "returned_more_than_received"
    text = mark("Of {item} {left} can still be sent back with this receipt, not {wanted}.")
    advice = mark("What is more came with another receipt: make a return of that one.")


class ReturnTooFine(Problem):
    code = "supplier_return_too_fine"
    text = mark("{item} is counted in {unit} with {decimals} decimals; {quantity} has more.")
    advice = mark("Enter the quantity again.")


class ReturnLineUnknown(Gone):
    code = "supplier_return_line_unknown"
    text = mark("There is no such entry in this return.")
    advice = mark("Reload the page.")


class CreditedReturn(Problem):
    code = "supplier_return_credited"
    text = mark("The supplier has credited this entry with {number}.")
    advice = mark("Reverse the credit note first.")
