"""What is refused of count sheets as a whole.  What is wrong in single rows is a ``Finding``."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Gone, Problem, Unreadable, refuses


class NoSuchSheet(Gone):
    code = "no_such_count_sheet"
    text = mark("There is no such count sheet in your stores.")
    advice = mark("Choose one of the count's sheets.")


class NoSuchUpload(Gone):
    code = "no_such_count_upload"
    text = mark("There is no such upload in your stores.")
    advice = mark("Choose one of the count's uploads.")


class NothingOnSheet(Problem):
    code = "nothing_on_count_sheet"
    text = mark("No place of this count waits any more: there is nothing to put on a sheet.")
    advice = mark("Choose another zone, or go on with what was counted.")


class SheetIsMade(Problem):
    code = "count_sheet_is_made"
    text = mark("The PDF of sheet {sheet} is still being made.")
    advice = mark("Wait a moment and try again.")


class NoSheetCode(Unreadable):
    code = "no_count_sheet_code"
    text = mark("The file does not say which count sheet it is.")
    advice = mark("Fill in the file that was made here; its column Sheet has to stay.")


class SheetUnknown(Unreadable):
    """Of another store, or of nobody: those are not told apart."""

    code = "count_sheet_unknown"
    text = mark("There is no count sheet {sheet} in your stores.")
    advice = mark("A sheet of another store is taken in by that store.")


class SheetOfOtherCount(Unreadable):
    code = "count_sheet_of_other_count"
    text = mark("Sheet {sheet} does not belong to count {number}.")
    advice = mark("Take it in at its own count.")


class SheetUploadedBefore(Problem):
    code = "count_sheet_uploaded_before"
    text = mark("The same rows were taken in already, as upload {upload} by {by}.")
    advice = mark("Look at that upload. What changed since then is counted again.")


@refuses("count_upload_once")
class UploadedAtOnce(Problem):
    code = "count_sheet_uploaded_at_once"
    text = mark("The same sheet was taken in at the same moment.")
    advice = mark("Look at the count's uploads.")


class CountedWhen(Unreadable):
    code = "count_sheet_counted_when"
    text = mark("The sheet cannot have been counted at {given}.")
    advice = mark("Enter a time between the printing of the sheet and now.")


class CountedByWhom(Unreadable):
    code = "count_sheet_counted_by_whom"
    text = mark("The sheet does not say who counted.")
    advice = mark("Choose the person who signed it.")


class UploadClosed(Problem):
    code = "count_upload_closed"
    text = mark("This upload is done with.")
    advice = mark("Look at the count.")


class SheetIncomplete(Unreadable):
    """``bad`` rows with errors; ``open`` places that lack lines."""

    code = "count_sheet_incomplete"
    text = mark("{bad} rows cannot be taken in, {open} places are not filled in wholly.")
    advice = mark("Correct the file, or take in only the places that are whole.")


class NothingToApply(Unreadable):
    code = "count_sheet_nothing_to_apply"
    text = mark("No place of the sheet can be taken in.")
    advice = mark("Correct the rows and take the file in again.")


class TooLongForPaper(Problem):
    code = "count_report_too_long"
    text = mark("The report has {rows} lines; paper has room for {most}.")
    advice = mark("Narrow it down, or take the Excel file.")
