"""What a file is refused for as a whole.  What is wrong in single rows is a ``Finding``."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Unreadable


class NoFile(Unreadable):
    code = "no_file"
    text = mark("No file was chosen.")
    advice = mark("Choose an .xlsx or .csv file first.")


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
