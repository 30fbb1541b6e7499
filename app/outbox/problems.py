"""What the conflict inbox and the scan log refuse."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Gone, Problem, Unreadable


class NoSuchScan(Gone):
    code = "no_such_scan"
    text = mark("This entry does not exist, or it belongs to another store.")
    advice = mark("Go back to the list and choose another one.")


class UnreadableReport(Unreadable):
    code = "unreadable_report"
    text = mark("The device's report cannot be read: {reason}.")
    advice = mark("Reload the page on the device and try again.")


class NoReason(Unreadable):
    code = "no_reason"
    text = mark("Say why: without a reason nothing is put aside.")
    advice = mark("Write a few words and try again.")


class BookedAfterAll(Problem):
    """The device was not sure; the server is."""

    code = "booked_after_all"
    text = mark("This was booked after all, so there is nothing to decide.")
    advice = mark("If it was wrong, take it back where the work is done.")


class AlreadySettled(Problem):
    code = "already_settled"
    text = mark("{name} has settled this already: {note}")
    advice = mark("Reload the list.")


class NotRepeatable(Problem):
    code = "not_repeatable"
    text = mark("This kind of command cannot be run again from here.")
    advice = mark("Do the work again on its own screen.")


class WasNotRefused(Problem):
    code = "was_not_refused"
    text = mark("This was accepted, so it must not be run again.")
    advice = mark("To take it back, undo it on the screen of its work.")
