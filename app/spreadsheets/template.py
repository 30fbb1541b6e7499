"""A workbook to fill in, made from the table of columns that reads it again."""

from __future__ import annotations

import io

from app.kit.exports import workbook
from app.kit.i18n import gettext
from app.spreadsheets.columns import Kind


def template(kind: Kind) -> bytes:
    """An XLSX with the headings and one example row; every cell is text, so codes keep their zeros.

    Required columns are bold.  The example comes from the table of columns.
    """
    file = io.BytesIO()
    with workbook(file, in_memory=True) as book:
        sheet = book.add_worksheet(gettext(kind.title))
        plain = book.add_format({"num_format": "@"})
        heading = book.add_format({"bg_color": "#E8F0EE", "num_format": "@"})
        needed = book.add_format({"bg_color": "#CFE3DD", "bold": True, "num_format": "@"})
        for place, column in enumerate(kind.columns):
            words = column.label + (" *" if column.required else "")
            sheet.set_column(place, place, max(12, 2 * len(words)), plain)
            sheet.write_string(0, place, words, needed if column.required else heading)
            sheet.write_string(1, place, column.example, plain)
        sheet.freeze_panes(1, 0)
    return file.getvalue()
