"""What an import refuses as a whole.  What is wrong in single rows is a ``Finding``."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Gone, Problem, Unreadable


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
