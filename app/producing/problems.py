"""What recipes and production refuse."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Gone, NotYours, Problem, Unreadable, refuses

# Recipes ----------------------------------------------------------------------------------------


class NoSuchRecipe(Gone):
    code = "no_such_recipe"
    text = mark("There is no such recipe.")
    advice = mark("Choose one from the list.")


class NoRecipe(Problem):
    code = "no_recipe"
    text = mark("{item} has no recipe that holds on {day}.")
    advice = mark("Write its recipe first, or choose a later day.")


class NoSuchRecipeItem(Unreadable):
    """``line`` counts from 1."""

    code = "no_such_recipe_item"
    text = mark("Line {line}: {given} is no item that is in use.")
    advice = mark("Use the item's code or a barcode of it.")


class LineUnreadable(Unreadable):
    code = "recipe_line_unreadable"
    text = mark("Line {line} cannot be read: {given}")
    advice = mark(
        "Write the code, the quantity with its unit, and what goes to waste: FLOUR, 500 g, 2 %"
    )


class UnitDoesNotConvert(Unreadable):
    """``known`` are the units that the item has."""

    code = "unit_does_not_convert"
    text = mark("{unit} cannot be turned into {base} of {item}.")
    advice = mark("Use one of {known}, or add a pack or the weight on the item's page.")


@refuses("recipe_line_item_once", "recipe_output_item_once")
class ItemTwice(Unreadable):
    code = "recipe_item_twice"
    text = mark("{item} stands in the recipe twice.")
    advice = mark("Put both into one line.")

    def __init__(self, item: str = "?") -> None:
        super().__init__(item=item)


class RecipeInCircle(Problem):
    """``circle`` names the items from one back to itself."""

    code = "recipe_in_circle"
    text = mark("The recipe would contain itself: {circle}.")
    advice = mark("Take one of these components out of its recipe.")


class NothingGoesIn(Unreadable):
    code = "recipe_is_empty"
    text = mark("A recipe needs at least one component.")
    advice = mark("Write one line for each thing that goes in.")


class TooManyRecipeLines(Unreadable):
    code = "too_many_recipe_lines"
    text = mark("A recipe has at most {most} lines.")
    advice = mark("Make a part of it a recipe of its own.")


class SharesTooLarge(Unreadable):
    code = "recipe_shares_too_large"
    text = mark("What comes besides takes {share} % of the cost: nothing is left for {item}.")
    advice = mark("Lower the shares so that they stay below 100 % together.")


class NotMadeAlong(Unreadable):
    code = "recipe_not_made_along"
    text = mark("{item} has no recipe, so it cannot be made along.")
    advice = mark("Write its recipe first, or take it from stock.")


@refuses("recipe_version_append_only", "recipe_line_append_only", "recipe_output_append_only")
class RecipeVersionsStay(Problem):
    code = "recipe_versions_stay"
    text = mark("A recipe that was in force is not changed.")
    advice = mark("Save a new version; it holds from the day that you choose.")


class QuantityBeyondSense(Unreadable):
    code = "recipe_quantity_beyond_sense"
    text = mark("{given} {unit} of {item} is too much or too little to be meant.")
    advice = mark("Check the quantity and the unit.")


class AmountBeyondSense(Problem):
    code = "production_amount_beyond_sense"
    text = mark("Work and overhead of {item} come to more than anything can cost.")
    advice = mark("Check hours and rates in the recipe.")


# Production orders ------------------------------------------------------------------------------


class NoSuchProductionOrder(Gone):
    code = "no_such_production_order"
    text = mark("There is no such production order in your stores.")
    advice = mark("Choose one from the list.")


class ProductionOrderClosed(Problem):
    code = "production_order_closed"
    text = mark("Production order {number} is done or cancelled.")
    advice = mark("Make a new one for what is still wanted.")


class NobodyProduces(NotYours):
    code = "nobody_produces"
    text = mark("Production is done by a person.")
    advice = mark("Use a token that belongs to a user of the store.")


class QuantityTooFine(Unreadable):
    code = "production_quantity_too_fine"
    text = mark("{item} is counted with {decimals} decimals, not {given}.")
    advice = mark("Enter a quantity that the item can have.")


class QuantityMissing(Unreadable):
    code = "production_quantity_missing"
    text = mark("{given} is no quantity above zero.")
    advice = mark("Enter how much was made.")


@refuses("production_order_within_tolerance")
class MoreThanPlanned(Problem):
    """``most`` is what may still be reported."""

    code = "more_than_planned"
    text = mark("{item}: only {most} {unit} more can come of this order, not {wanted}.")
    advice = mark("Check the quantity, or make another order for the rest.")

    def __init__(self, item: str = "?", most: str = "0", unit: str = "", wanted: str = "?") -> None:
        super().__init__(item=item, most=most, unit=unit, wanted=wanted)


class ComponentShort(Problem):
    """``why`` leads to where the goods are."""

    code = "component_short"
    text = mark("{item}: {needed} {unit} are needed, {free} are free in this store.")
    advice = mark("See why, bring more, or report a smaller quantity.")


class ComponentNotIssued(Problem):
    code = "component_not_issued"
    text = mark("{item}: {needed} {unit} should have been scanned, {issued} were.")
    advice = mark("Scan what was used, or let the rest be taken from stock by the books.")


class NothingToUndo(Problem):
    code = "nothing_produced_to_undo"
    text = mark("There is nothing to take back.")
    advice = mark("Scan a component or what was made.")


class CompletionGone(Gone):
    code = "no_such_completion"
    text = mark("There is no such completion, or it was taken back already.")
    advice = mark("Look at the order: it lists what was reported.")


@refuses("production_completion_key_once")
class CompletionKeyReused(Problem):
    code = "completion_key_reused"
    text = mark("The key {key} was used for another completion.")
    advice = mark("Send the same content again, or a new key for what is new.")

    def __init__(self, key: str = "") -> None:
        super().__init__(key=key)


@refuses("production_order_external_once")
class OrderSentTwice(Problem):
    code = "production_order_sent_twice"
    text = mark("This order came in a moment ago under the same number.")
    advice = mark("Send it once more: the answer is the order that is there.")


class UndoReasonWanted(Unreadable):
    code = "production_reason_wanted"
    text = mark("It is not taken back without a reason.")
    advice = mark("Say in a few words why. The reason stays in the records.")


class ScrapReasonWanted(Unreadable):
    code = "scrap_reason_wanted"
    text = mark("Waste is not reported without a reason.")
    advice = mark("Say in a few words what happened. The reason stays in the records.")


class LotWanted(Problem):
    code = "production_lot_wanted"
    text = mark("{item} needs a lot or serial number.")
    advice = mark("Scan or type it; every serial number is one piece.")


class SerialIsOne(Problem):
    code = "production_serial_is_one"
    text = mark("{item} has serial numbers: one piece at a time.")
    advice = mark("Report each piece with its own serial number.")


class NoPlaceForOutput(Problem):
    code = "no_place_for_output"
    text = mark("This store has no place where goods can lie.")
    advice = mark("Create a place first, or name another one.")


class NoSuchPlace(Unreadable):
    code = "no_such_production_place"
    text = mark("{given} is no place of this store where goods can lie.")
    advice = mark("Scan or type the code of a place of this store.")


class AlreadyProduced(Problem):
    code = "already_produced"
    text = mark("Something of production order {number} is booked already.")
    advice = mark("Take the completions back first, or close the order as it is.")


class SideValueTooHigh(Problem):
    code = "side_value_too_high"
    text = mark("What comes besides is worth {value}, more than everything that went in ({cost}).")
    advice = mark("Correct its value in the recipe, or what was used.")


# Scanning ---------------------------------------------------------------------------------------


class NothingScanned(Unreadable):
    code = "nothing_scanned"
    text = mark("Nothing was scanned.")
    advice = mark("Aim at the code and press the trigger again.")


class NotInOrder(Problem):
    code = "not_in_production_order"
    text = mark("{item} is neither a component nor what order {order} makes.")
    advice = mark("Put it back. Scan a component, or what was made.")


class NothingHere(Problem):
    """``why`` leads to where the goods are."""

    code = "no_component_here"
    text = mark("{item} is not free at {place}.")
    advice = mark("Scan the place where you took it, or see where it is.")


class TooFewHere(Problem):
    code = "too_few_components_here"
    text = mark("{item} at {place}: {free} {unit} are free, not {wanted}.")
    advice = mark("Take less, or scan another place.")


class MoreThanNeeded(Problem):
    """Asked once: the same scan again takes it."""

    code = "more_than_needed"
    text = mark("{item}: {needed} {unit} are needed in all; this makes it {total}.")
    advice = mark("Put it back, or scan it once more if it is really used.")


class NotForProduction(Problem):
    code = "not_for_production"
    text = mark("{given} means nothing here.")
    advice = mark("Scan a component, a place, or what was made.")


class UnknownInProduction(Problem):
    code = "unknown_in_production"
    status = 422
    text = mark("{given} is not known here.")
    advice = mark("Scan another code on the goods, or type the item's code.")


# Disassembly ------------------------------------------------------------------------------------


class NothingComesOut(Problem):
    code = "nothing_comes_out"
    text = mark("{item} has no recipe, so it is not known what comes of it.")
    advice = mark("Write its recipe first.")


class GoodsNotThere(Problem):
    code = "goods_to_take_apart_missing"
    text = mark("{item}: {wanted} {unit} are to be taken apart, {free} are free at {place}.")
    advice = mark("Choose another place or lot, or take apart less.")
