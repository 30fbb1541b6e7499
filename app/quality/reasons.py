"""Why the status of stock changes, and why goods come back."""

from __future__ import annotations

from app.kit.i18n import gettext, mark
from app.quality import problems

REASONS = {
    "inspected": mark("Inspected and good"),
    "suspect": mark("Suspected fault, to be inspected"),
    "complaint": mark("Customer complaint"),
    "broken": mark("Broken"),
    "wet": mark("Wet or dirty"),
    "temperature": mark("Cold chain broken"),
    "expiry": mark("Date too short"),
    "recall": mark("Recall by the maker"),
    "entry_error": mark("Status was entered wrongly"),
    "other": mark("Other reason"),
}
"""Of a status change.  Any other text is kept as it was written."""
RETURN_REASONS = {
    "not_wanted": mark("Not wanted any more"),
    "wrong_goods": mark("Wrong goods"),
    "broken": mark("Broken"),
    "quality": mark("Quality fault"),
    "expiry": mark("Date too short"),
    "refused": mark("Not accepted at the door"),
    "recall": mark("Recall by the maker"),
    "other": mark("Other reason"),
}
LONGEST_REASON = 200
LONGEST_NOTE = 500


def reason_of(text: str) -> str:
    """The reason, tidied: a key of the list, or what was written.

    Raises:
        WhyWanted: it is empty, too long, or holds what cannot be shown.
    """
    return _tidy(text, LONGEST_REASON, needed=True)


def note_of(text: str) -> str:
    """What a person adds in their own words.

    Raises:
        WhyWanted: it is too long, or holds what cannot be shown.
    """
    return _tidy(text, LONGEST_NOTE, needed=False)


def _tidy(text: str, longest: int, *, needed: bool) -> str:
    plain = " ".join(text.split())
    if (needed and not plain) or len(plain) > longest or not plain.isprintable():
        raise problems.WhyWanted(longest=longest)
    return plain


def reason_sentence(reason: str) -> str:
    """A chosen reason as a sentence to be translated later, a written one as it is."""
    return REASONS.get(reason) or RETURN_REASONS.get(reason) or reason


def reason_words(reason: str | None) -> str:
    """The same in the current language."""
    known = REASONS.get(reason or "") or RETURN_REASONS.get(reason or "")
    return gettext(known) if known else reason or ""
