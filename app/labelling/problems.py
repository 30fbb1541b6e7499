"""What labelling refuses, and what can go wrong between us and a printer."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Gone, Problem, Unreadable, refuses

# ---- Labels -----------------------------------------------------------------------------------


class NothingToLabel(Gone):
    code = "nothing_to_label"
    text = mark("There is no such thing to label in your stores.")
    advice = mark("Look it up again in the list.")


class CodesUnknown(Unreadable):
    """``count`` codes mean nothing that can be labelled; ``codes`` shows the first of them."""

    code = "label_codes_unknown"
    text = mark("{count} codes are not known here: {codes}")
    advice = mark("Correct or remove them, then try again.")


class NothingChosen(Unreadable):
    code = "nothing_to_print"
    text = mark("Nothing is chosen to print.")
    advice = mark("Scan or type at least one code, or choose all.")


class NoSuchSize(Unreadable):
    code = "no_such_size"
    text = mark("Labels come in {sizes}, not {given}.")
    advice = mark("Choose one of the sizes.")


class TooManyLabels(Unreadable):
    code = "too_many_labels"
    text = mark("{given} copies cannot be printed at once.")
    advice = mark("Ask for 1 to {most} copies.")


class RunTooLong(Unreadable):
    code = "print_run_too_long"
    text = mark("{given} labels are too many for one run.")
    advice = mark("Print at most {most} at once.")


class NotPrintable(Problem):
    code = "label_not_printable"
    text = mark("The label cannot be made: {reason}")
    advice = mark("Choose a larger size, or correct the name or code.")


class BadgesNotKept(Problem):
    """A PDF made in the background can be opened by everybody of the store for a week."""

    code = "badges_not_kept"
    text = mark("Badges open doors, so no file of them is kept.")
    advice = mark("Print them on a printer, or open the PDF on the person's page.")


# ---- Printers ---------------------------------------------------------------------------------


class NoSuchPrinter(Gone):
    code = "no_such_printer"
    text = mark("There is no such printer in your stores.")
    advice = mark("Choose one of the list.")


@refuses("printer_name_once_per_store")
class PrinterNameTaken(Problem):
    code = "printer_name_taken"
    text = mark("Another printer of this store has this name.")
    advice = mark("Choose another name, as written on the printer.")


class PrinterRetired(Problem):
    code = "printer_retired"
    text = mark("The printer {name} is out of use.")
    advice = mark("Choose another printer.")


class PrinterNeedsRoll(Unreadable):
    code = "printer_needs_roll"
    text = mark("Label printers hold rolls; {size} is a sheet.")
    advice = mark("Choose the size of a roll, or PDF as the language of an office printer.")


class AddressRefused(Unreadable):
    code = "printer_address_refused"
    text = mark("{address} is not in the networks that printers may be in.")
    advice = mark("Give its address in the company network; SAOKU_PRINTER_NETWORKS names those.")


class HostUnknown(Unreadable):
    code = "printer_host_unknown"
    text = mark("No address is known for {host}.")
    advice = mark("Correct the name, or give the address as numbers such as 192.168.1.50.")


# ---- On the way to the printer ----------------------------------------------------------------


class PrinterNotReached(Problem):
    code = "printer_not_reached"
    text = mark("The printer does not answer at {host}:{port}. Nothing was printed.")
    advice = mark("Switch it on, check its cable or Wi-Fi, then try again.")


class PrinterStalled(Problem):
    code = "printer_stalled"
    text = mark("The printer stopped taking data.")
    advice = mark("Look whether the label came out. Paper, ribbon, head? Then say how to go on.")


class PrinterClosed(Problem):
    code = "printer_closed"
    text = mark("The printer broke off the connection in the middle.")
    advice = mark("Look whether the label came out, then say how to go on.")


class PrinterSilent(Problem):
    code = "printer_silent"
    text = mark("The printer no longer says how far it is.")
    advice = mark("It is out of paper or ribbon, its head is open, or it hangs. Then try again.")


class PrinterSays(Problem):
    """``trouble`` is a sentence of ``app.labelling.status.TROUBLES``."""

    code = "printer_says"
    text = mark("The printer reports: {trouble}")
    advice = mark("Put that right at the printer, then try again.")


class Interrupted(Problem):
    code = "printing_interrupted"
    text = mark("The server stopped while this label was being sent: perhaps it was printed.")
    advice = mark("Look whether the label came out, then say how to go on.")


class PrintingCrashed(Problem):
    code = "printing_crashed"
    status = 500
    text = mark("Printing stopped because of a fault of the program.")
    advice = mark("Try again; if it returns, tell your administrator.")


# ---- The queue --------------------------------------------------------------------------------


class NoSuchRun(Gone):
    code = "no_such_print_run"
    text = mark("There is no such print run in your stores.")
    advice = mark("Choose it from the label queue.")


class NoSuchLabel(Gone):
    code = "no_such_label"
    text = mark("There is no such label in the queue of your stores.")
    advice = mark("Choose it from the label queue.")


class LabelMovedOn(Problem):
    code = "label_moved_on"
    text = mark("The label is no longer at the point where this can be done.")
    advice = mark("Reload the page to see where it is.")


class FileNotReady(Problem):
    code = "label_file_not_ready"
    text = mark("The PDF is not there: it is still being made, or it was removed after a week.")
    advice = mark("Wait until it is ready, or ask for it again.")


# ---- Templates --------------------------------------------------------------------------------


class NoSuchTemplate(Gone):
    code = "no_such_label_template"
    text = mark("There is no template for such a label.")
    advice = mark("Choose one of the list.")


class BadTemplate(Unreadable):
    """``reason`` says what is wrong; ``line`` (0: none) and ``field`` (empty: none) say where."""

    code = "bad_label_template"
    text = mark("The template is not right: {reason}")
    advice = mark("Correct it there. Nothing was changed.")
