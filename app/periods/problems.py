"""What closing and reopening months is refused for."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Gone, Problem, Unreadable, refuses


class MonthNotOver(Problem):
    code = "month_not_over"
    text = mark("{month} is not over yet.")
    advice = mark("It can be closed from the first day of the next month on.")


@refuses("period_closed_once")
class MonthClosed(Problem):
    code = "month_closed"
    text = mark("{month} is closed already.")
    advice = mark("Nothing was changed.")

    def __init__(self, month: str = "?") -> None:
        super().__init__(month=month)


class EarlierMonthOpen(Problem):
    code = "earlier_month_open"
    text = mark("{month} is still open; months are closed one after the other.")
    advice = mark("Close that one first.")


class ClosingBlocked(Problem):
    """``findings`` is how many things have to be put right."""

    code = "closing_blocked"
    text = mark("{month} cannot be closed: {findings} things have to be put right first.")
    advice = mark("Each one is listed on the month's page, with the way there.")


class FindingsNotAccepted(Problem):
    code = "findings_not_accepted"
    text = mark("{findings} things are not finished in {month}.")
    advice = mark("Finish them, or say in a few words why the month is closed all the same.")


class MonthNotClosed(Gone):
    code = "month_not_closed"
    text = mark("{month} is not closed.")
    advice = mark("Nothing has to be reopened.")


class LaterMonthClosed(Problem):
    code = "later_month_closed"
    text = mark("A month after {month} is closed; only the latest one can be reopened.")
    advice = mark("Reopen the later ones first.")


class ReopeningReasonMissing(Unreadable):
    code = "reopening_reason_missing"
    text = mark("A month is not reopened without a reason.")
    advice = mark("Say in a few words why. The reason stays in the records.")


class NobodyApproves(Problem):
    code = "nobody_approves"
    text = mark("A month is reopened only when others have approved it, and no policy says who.")
    advice = mark("Make a policy for reopening months under Approvals, of two people or more.")


class NoSuchMonth(Gone):
    code = "no_such_month"
    text = mark("{given} is no month.")
    advice = mark("Write it as 2026-11.")


class BadDays(Unreadable):
    code = "bad_days"
    text = mark("These days make no period.")
    advice = mark("The first day comes before the last one, both written as 2026-11-22.")


class TooLongForPaper(Problem):
    code = "too_long_for_paper"
    text = mark("The report has {rows} lines; a paper holds {most}.")
    advice = mark("Choose categories or stores, or take the Excel file.")
