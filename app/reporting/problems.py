"""What reports refuse."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Problem, Unreadable, refuses


class UnknownDimension(Unreadable):
    code = "unknown_dimension"
    text = mark("Nothing can be grouped by {given}.")
    advice = mark("Choose one of: {offered}.")


class SameDimension(Unreadable):
    code = "same_dimension"
    text = mark("Rows and columns are grouped by the same.")
    advice = mark("Choose something else for the columns, or no columns.")


class UnknownMeasure(Unreadable):
    code = "unknown_measure"
    text = mark("There is no figure called {given}.")
    advice = mark("Choose one of: {offered}.")


class BadReportFilter(Unreadable):
    code = "bad_report_filter"
    text = mark("The filter {field} cannot be {given}.")
    advice = mark("Choose it from the list again. Days are written as 2026-11-22.")


class PeriodReversed(Unreadable):
    code = "period_reversed"
    text = mark("The period ends on {till}, before it begins on {since}.")
    advice = mark("Exchange the two days.")


class PeriodTooLong(Unreadable):
    code = "period_too_long"
    text = mark("The period has {days} days; a report holds {most}.")
    advice = mark("Choose a shorter period.")


class TooManyColumns(Problem):
    code = "too_many_columns"
    text = mark("The table would have {found} columns; it holds {most}.")
    advice = mark("Group the columns by a longer period, or choose fewer days.")


class TooManyLines(Problem):
    code = "too_many_report_rows"
    text = mark("The table would have {found} rows; a file holds {most} of them.")
    advice = mark("Narrow it down with the filters, or export the order lines instead.")


class RowsOutOfRange(Unreadable):
    code = "rows_out_of_range"
    text = mark("{given} rows cannot be asked for.")
    advice = mark("Ask for 1 to {most}; what is beyond is summed up as one row.")


class LineNotSold(Problem):
    code = "line_not_sold"
    status = 404
    text = mark("There is no such order line in your stores of which anything was sold.")
    advice = mark("Open it from the report again.")


@refuses("report_rule_window", "report_rule_shares", "report_rule_limits", "report_rule_low_rate")
class BadRule(Unreadable):
    code = "bad_report_rule"
    text = mark("The thresholds do not fit together.")
    advice = mark("A ends before B, and B before 100 %; X before Y; 7 to 730 days.")
