"""What counting refuses, and what to do next."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Gone, NotYours, Problem, Unreadable, refuses


class NoSuchCount(Gone):
    code = "no_such_count"
    text = mark("There is no such count in your stores.")
    advice = mark("Choose one from the list.")


class NoSuchCountTask(Gone):
    code = "no_such_count_task"
    text = mark("There is no such count task in your stores.")
    advice = mark("Take the next one from the work that waits.")


class NothingToCount(Problem):
    code = "nothing_to_count"
    text = mark("Nothing matches this selection: there is no place to count.")
    advice = mark("Choose another zone, item, lot or class.")


class SelectionUnknown(Unreadable):
    """``given`` is the kind of count or the part of its selection that is not known."""

    code = "count_selection_unknown"
    text = mark("{given} is nothing that can be counted by.")
    advice = mark(
        "Choose a whole store, zones, items, lots, days to expiry, a class or empty places."
    )


class LimitUnreadable(Unreadable):
    code = "count_limit_unreadable"
    text = mark("{given} is no limit for a recount.")
    advice = mark("Type a number from 0 on, or leave it empty.")


class NoTaskWaits(Problem):
    code = "no_count_task_waits"
    text = mark("No count waits for you here.")
    advice = mark("Recounts are done by others than those who counted first.")


class TaskHeld(Problem):
    """Somebody else counts here: ``holder``."""

    code = "count_task_held"
    text = mark("{holder} is counting {location}.")
    advice = mark("Take the next place, or let a supervisor hand this one over to you.")


class CountedSince(Problem):
    code = "count_others_since"
    text = mark("Somebody else has counted in {location} since this was scanned.")
    advice = mark("What was seen last stands. Look at the place again if it is yours now.")


class SamePerson(NotYours):
    code = "count_same_person"
    text = mark("You have counted {location} before: a recount is done by somebody else.")
    advice = mark("Take the next place.")


class NobodyCounts(NotYours):
    code = "nobody_counts"
    text = mark("Counting is done by a person.")
    advice = mark("Use a token that belongs to a user of the store.")


class TaskClosed(Problem):
    code = "count_task_closed"
    text = mark("{location} is counted already.")
    advice = mark("Take the next place. Who found a mistake asks for a recount.")


class TaskCancelled(Problem):
    code = "count_task_cancelled"
    text = mark("{location} is not counted any more: its task was cancelled.")
    advice = mark("What you saw belongs to a new count of this place.")


class CountClosed(Problem):
    code = "count_closed"
    text = mark("Count {number} is over.")
    advice = mark("What you saw belongs to a new count of this place.")


class NothingScanned(Unreadable):
    code = "count_nothing_scanned"
    text = mark("Nothing was scanned.")
    advice = mark("Aim at the code and press the trigger again.")


class CodeTooLong(Unreadable):
    code = "count_code_too_long"
    text = mark("This code is too long to be one.")
    advice = mark("Scan a single code.")


class UnknownCode(Problem):
    """``barcode`` is what could be linked to an item, empty where there is none."""

    code = "count_unknown_code"
    text = mark("{given} is unknown.")
    advice = mark("Put it aside and note it, or search the item by its name and count it there.")


class UnreadableCode(Unreadable):
    code = "count_unreadable_code"
    text = mark("{given} is not right: {reason}.")
    advice = mark("Scan it again, or type it.")


class NotCountable(Problem):
    code = "not_countable"
    text = mark("{given} is nothing that is counted.")
    advice = mark("Scan the goods, or the location.")


class LocationFirst(Problem):
    code = "count_location_first"
    text = mark("First scan the location {location}.")
    advice = mark("So that what you count is counted in the right place.")


class OtherLocation(Problem):
    code = "count_other_location"
    text = mark("This is {given}; you are counting {location}.")
    advice = mark("Finish {location} first, or go back to it.")


class OnlyThisItem(Problem):
    code = "count_only_this_item"
    text = mark("Here only {wanted} is counted, not {item}.")
    advice = mark("Leave {item} where it is and count {wanted}.")


class LotWanted(Problem):
    code = "count_lot_wanted"
    text = mark("First say the lot of {item}.")
    advice = mark("Scan or type its lot, or press Undo.")


class GoodsFirst(Problem):
    code = "count_goods_first"
    text = mark("First scan the goods.")
    advice = mark("Then say their lot.")


class OtherGoods(Problem):
    """What a button or a typed quantity was meant for is not what was counted last here."""

    code = "count_other_goods"
    text = mark("This was meant for other goods than those counted last in {location}.")
    advice = mark(
        "A scan before it was refused: look at that one first, then count the goods anew."
    )


class NotAsSeen(Problem):
    """``seen`` is how many entries the device has of the place, ``there`` how many came in."""

    code = "count_not_as_seen"
    text = mark("{location}: your device has {seen} entries, {there} were taken in.")
    advice = mark("Look at what was refused, then finish the place on its own screen.")


class ExpiryWanted(Problem):
    code = "count_expiry_wanted"
    text = mark("Lot {lot} of {item} is new: it needs its date.")
    advice = mark("Type the date that is printed on it.")


class SerialElsewhere(Problem):
    code = "count_serial_elsewhere"
    text = mark("Serial number {serial} of {item} was counted in {location} already.")
    advice = mark("One piece is in one place: look which of the two is right, and undo the other.")


class SerialIsOne(Problem):
    code = "count_serial_is_one"
    text = mark("{item} has serial numbers: each piece is scanned by itself.")
    advice = mark("Scan the next piece.")


class SerialCountedTwice(Problem):
    code = "count_serial_counted_twice"
    text = mark("This serial number was counted at the same moment somewhere else.")
    advice = mark("Look which of the two is right.")


@refuses("count_line_serial_once")
class _SerialOnce(SerialCountedTwice):
    pass


class UnitSeen(Problem):
    code = "count_unit_seen"
    text = mark("{sscc} is counted here already.")
    advice = mark("Scan the next one.")


class UnitUnknown(Problem):
    code = "count_unit_unknown"
    text = mark("The books know nothing about what is in {sscc}.")
    advice = mark("Open it and scan what is inside.")


class QuantityAbsurd(Unreadable):
    code = "count_quantity_absurd"
    text = mark("{given} is no quantity of {item}.")
    advice = mark("Type how many there are in all, from 0 on.")


class TooManyDecimals(Unreadable):
    code = "count_too_many_decimals"
    text = mark("{unit} is counted with {decimals} decimals at most.")
    advice = mark("Type the quantity anew.")


class NotANumber(Unreadable):
    code = "count_not_a_number"
    text = mark("{given} is not a number.")
    advice = mark("Type digits.")


class NotADate(Unreadable):
    code = "count_not_a_date"
    text = mark("{given} is not a date.")
    advice = mark("Type it as 2026-12-31.")


class NothingToUndo(Problem):
    code = "count_nothing_to_undo"
    text = mark("Nothing of yours is left here to take back.")
    advice = mark("Scan the goods.")


class NotEmpty(Problem):
    code = "count_not_empty"
    text = mark("{location} is not empty: you counted something here.")
    advice = mark("Undo it, or finish the place.")


class NothingSeen(Problem):
    code = "count_nothing_seen"
    text = mark("Nothing is counted in {location} yet.")
    advice = mark("Scan what is there, or press Nothing here.")


# Review and posting -------------------------------------------------------------------------------


class TasksOpen(Problem):
    code = "count_tasks_open"
    text = mark("{open} places of count {number} are not counted yet.")
    advice = mark("Let them be counted, or cancel their tasks.")


class RecountsOpen(Problem):
    code = "count_recounts_open"
    text = mark("{open} differences of count {number} are not decided.")
    advice = mark("Let them be counted again, or accept one of the quantities.")


class AlreadyPosted(Problem):
    code = "count_already_posted"
    text = mark("Count {number} is posted.")
    advice = mark("Look at its report.")


class NoSuchResult(Gone):
    code = "no_such_count_result"
    text = mark("There is no such line in this count.")
    advice = mark("Load the page anew.")


class ReasonMissing(Unreadable):
    code = "count_reason_missing"
    text = mark("A difference needs a reason: {count} have none.")
    advice = mark("Choose a reason for each, or one for all.")


class NoQuantityToAccept(Problem):
    code = "count_no_quantity"
    text = mark("This was not counted in that round.")
    advice = mark("Accept a quantity that was counted.")


class ThirdRoundDone(Problem):
    code = "count_third_round_done"
    text = mark("This was counted three times already.")
    advice = mark("Accept one of the quantities.")


class CostMissing(Unreadable):
    code = "count_cost_missing"
    text = mark("{item} has no cost yet: opening stock needs one.")
    advice = mark("Type what one {unit} of it costs.")


# Radio tags ---------------------------------------------------------------------------------------


class TagsElsewhere(Problem):
    code = "count_tags_elsewhere"
    text = mark("The tags of {session} were read in another store than {location}.")
    advice = mark("Choose a session of the store where you count.")


class NoTagsToCount(Problem):
    code = "no_tags_to_count"
    text = mark("None of the tags of {session} can be counted here.")
    advice = mark("Look at the reasons below, or read the tags again.")


# Plans --------------------------------------------------------------------------------------------


class NoSuchPlan(Gone):
    code = "no_such_count_plan"
    text = mark("There is no such count plan in your stores.")
    advice = mark("Choose one from the list.")


class PlanUnreadable(Unreadable):
    code = "count_plan_unreadable"
    text = mark("{given} makes no count plan.")
    advice = mark(
        "It needs a name, days from 1 on, at most 5000 places a day, a day of the month to 28."
    )


@refuses("count_plan_name_once")
class PlanNameTaken(Problem):
    code = "count_plan_name_taken"
    text = mark("There is a count plan of this name already.")
    advice = mark("Choose another name, or change that plan.")
