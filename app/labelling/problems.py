"""What labelling refuses."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Gone, Problem, Unreadable


class NothingToLabel(Gone):
    code = "nothing_to_label"
    text = mark("There is no such thing to label in your stores.")
    advice = mark("Look it up again in the list.")


class NoSuchSize(Unreadable):
    code = "no_such_size"
    text = mark("Labels come in {sizes}, not {given}.")
    advice = mark("Choose one of the sizes.")


class TooManyLabels(Unreadable):
    code = "too_many_labels"
    text = mark("{given} copies cannot be printed at once.")
    advice = mark("Ask for 1 to {most} copies.")


class NotPrintable(Problem):
    code = "label_not_printable"
    text = mark("The label cannot be made: {reason}")
    advice = mark("Choose a larger size, or correct the name or code.")
