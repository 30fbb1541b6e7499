"""What receiving radio tags can refuse."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Problem, refuses


class SessionElsewhere(Problem):
    code = "rfid_session_elsewhere"
    text = mark("The tags of {session} were read in another store than receipt {number}.")
    advice = mark("Choose a receipt of the store where the reader stands.")


class NothingToTake(Problem):
    code = "no_tags_to_receive"
    text = mark("None of these tags can be received into {number}.")
    advice = mark("Look at the reasons below; accept what differs, or read the tags again.")


@refuses("taken_tag_once_per_receipt")
class TagsJustTaken(Problem):
    code = "tags_just_taken"
    text = mark("Somebody has just received these tags.")
    advice = mark("Look again: what is left is shown.")
