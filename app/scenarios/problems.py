"""What a file of scenarios is refused for."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Problem, Unreadable


class ScenarioFileMissing(Unreadable):
    code = "scenario_file_missing"
    text = mark("{path} cannot be read: {reason}.")
    advice = mark("Give the path of a file of costing scenarios.")


class ScenarioUnreadable(Unreadable):
    """``where`` is the place in the file: a scenario's id and what of it."""

    code = "scenario_unreadable"
    text = mark("{path} is no file of costing scenarios: {where}: {reason}.")
    advice = mark("Correct the file. Numbers are written as texts, and events have an id.")


class UnknownEvent(Problem):
    """An event speaks of one that was refused, so there is nothing to go on from."""

    code = "unknown_event"
    text = mark("The event {event} was not posted, so nothing can be based on it.")
    advice = mark("Look at why it was refused.")
