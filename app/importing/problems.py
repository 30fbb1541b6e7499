"""What an import refuses as a whole.  What is wrong in single rows is a ``Finding``."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Gone, Problem, Unreadable


class FileTooLarge(Unreadable):
    code = "file_too_large"
    text = mark("The file is larger than {most} MB.")
    advice = mark("Split it into several files.")


class FileEmpty(Unreadable):
    code = "file_empty"
    text = mark("The file has no rows below its headings.")
    advice = mark("Fill in the template, save it and choose it again.")


class OldSpreadsheet(Unreadable):
    code = "old_spreadsheet"
    text = mark("The file is an old .xls, or it is protected by a password.")
    advice = mark("Save it as .xlsx without a password, or as CSV.")


class NoSpreadsheet(Unreadable):
    code = "no_spreadsheet"
    text = mark("The file is neither an XLSX workbook nor a CSV table: {reason}.")
    advice = mark("Open it in the spreadsheet program and save it as .xlsx or CSV.")


class SpreadsheetTooBig(Unreadable):
    code = "spreadsheet_too_big"
    text = mark("The workbook is too big to open: {reason}.")
    advice = mark("Copy only the filled-in rows into a new workbook, or split it.")


class UnknownEncoding(Unreadable):
    code = "unknown_encoding"
    text = mark("The characters of line {line} cannot be read.")
    advice = mark("Save the file as .xlsx, or as CSV in UTF-8 or GBK.")


class NoHeadings(Unreadable):
    code = "no_headings"
    text = mark("The headings of the columns were not recognised. Needed: {needed}.")
    advice = mark("Use the template's headings in one row above the data.")


class HeadingTwice(Unreadable):
    code = "heading_twice"
    text = mark("Two columns mean the same: {columns}.")
    advice = mark("Remove or rename one of them.")


class UnknownKind(Unreadable):
    code = "unknown_import_kind"
    text = mark("{kind} cannot be imported.")
    advice = mark("Choose one of the kinds on the page.")


class NoSuchImport(Gone):
    code = "no_such_import"
    text = mark("There is no such import.")
    advice = mark("Choose it from the list of imports.")


class ImportNotReady(Problem):
    code = "import_not_ready"
    text = mark("The import is not at the point where this can be done.")
    advice = mark("Reload the page to see how far it is.")


class RowsAreBad(Problem):
    code = "rows_are_bad"
    text = mark("{bad} of {rows} rows cannot be imported.")
    advice = mark("Correct them in the file and choose it again, or import only the good rows.")


class NothingToImport(Problem):
    code = "nothing_to_import"
    text = mark("Not a single row can be imported.")
    advice = mark("Correct the file and choose it again.")


class FileImportedAlready(Problem):
    code = "file_imported_already"
    text = mark("This very file was imported before, on {day} as import {number}.")
    advice = mark("If it is meant to come in a second time, confirm that.")


class CompanyChangedMeanwhile(Problem):
    code = "company_changed_meanwhile"
    text = mark("Something changed between the check and the import.")
    advice = mark("Nothing was imported. Check the file again and look at the rows.")


class ImportCrashed(Problem):
    code = "import_crashed"
    status = 500
    text = mark("The import stopped because of a fault of the program.")
    advice = mark("Nothing was imported. Try again; if it returns, tell your administrator.")
