"""What landed cost refuses, and the way out."""

from __future__ import annotations

from app.kit.i18n import gettext, mark
from app.kit.problems import Gone, Problem, Unreadable
from app.landing.words import BASIS_NAMES, CHARGE_NAMES, VOUCHER_STATES


class VoucherUnknown(Gone):
    code = "landing_voucher_unknown"
    text = mark("There is no such landed cost voucher in your stores.")
    advice = mark("Look in the list of vouchers.")


class VoucherFixed(Problem):
    """A refusal because of the voucher's ``state``, which is shown by its name."""

    code = "landing_voucher_fixed"
    text = mark("Voucher {number} is {state}: this is not possible any more.")
    advice = mark("Look at it as it is now; a posted one is reversed with a reason.")

    @property
    def message(self) -> str:
        state = str(self.data.get("state", ""))
        name = gettext(VOUCHER_STATES.get(state, state))
        return gettext(self.text).format(**{**self.data, "state": name})


class NothingToSpreadOn(Problem):
    code = "nothing_to_spread_on"
    text = mark("There are no received goods to spread the charges on.")
    advice = mark("Name at least one closed receipt with goods, or an order that has one.")


class ReceiptUnknown(Problem):
    code = "landing_receipt_unknown"
    text = mark("{given} is no receipt and no purchase order.")
    advice = mark("Type the number on the receipt, such as GR-20261122-0001.")


class ReceiptOfAnotherStore(Problem):
    code = "receipt_of_another_store"
    text = mark("Receipt {number} belongs to {store}, not to the voucher's store.")
    advice = mark("Make a voucher of its own for that store.")


class ReceiptStillOpen(Problem):
    code = "receipt_still_open"
    text = mark("Receipt {number} is still being received.")
    advice = mark("Close it first: until then its lines may still be taken back.")


class ReceiptReversed(Problem):
    """``lines`` are receipt lines that were taken back since the voucher was written."""

    code = "receipt_reversed"
    text = mark("{lines} lines of {number} were taken back meanwhile.")
    advice = mark("Change the voucher: name the receipts anew.")


class BasisUnknown(Problem):
    """Some of the ``items`` have no figure for the basis."""

    code = "landing_basis_unknown"
    text = mark("{charge} is shared {basis}, but nobody has entered that of: {items}.")
    advice = mark("Enter it at the item, or choose another basis.")

    @property
    def message(self) -> str:
        return _named(self)


class BasisZero(Problem):
    code = "landing_basis_zero"
    text = mark("{charge} cannot be shared {basis}: what it is shared by sums to zero.")
    advice = mark("Choose another basis for it, or enter weights, volumes or shares.")

    @property
    def message(self) -> str:
        return _named(self)


def _named(problem: Problem) -> str:
    data = dict(problem.data)
    charge, basis = str(data["charge"]), str(data["basis"])
    data["charge"] = gettext(CHARGE_NAMES.get(charge, charge))
    data["basis"] = gettext(BASIS_NAMES.get(basis, basis))
    return gettext(problem.text).format(**data)


class ChargesBeyondSense(Problem):
    """Asks for a second step: the same command with ``confirmed``."""

    code = "charges_beyond_sense"
    text = mark("The charges ({amount}) are more than the goods are worth ({goods}).")
    advice = mark("Check amount, currency and rate. If it is right, confirm it.")


class CreditBeyondCharges(Problem):
    code = "credit_beyond_charges"
    text = mark("The credit ({amount}) is more than these receipts cost in all ({goods}).")
    advice = mark("Check the amount, or name all receipts that it is for.")


class ReasonWanted(Unreadable):
    code = "landing_reason_wanted"
    text = mark("A reason is needed, at most {longest} characters.")
    advice = mark("Say in a few words why. It stays in the records.")


class PostingCrashed(Problem):
    code = "landing_posting_crashed"
    text = mark("Posting stopped because of a fault of ours. Nothing was posted.")
    advice = mark("Try again; if it stops again, tell the administrator.")


class EstimateTooLate(Problem):
    code = "estimate_too_late"
    text = mark("Order {number} is not open for estimates: it is a draft, or goods came already.")
    advice = mark("Confirm a draft first. Once goods are there, enter a landed cost voucher.")


class OrderUnknown(Gone):
    code = "landing_order_unknown"
    text = mark("There is no such purchase order in your stores.")
    advice = mark("Choose one from the list.")
