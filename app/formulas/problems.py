"""What is refused of formulas."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Gone, Problem, Unreadable, refuses


class FormulaUnreadable(Unreadable):
    """``column`` counts from 1; ``near`` is what stands there."""

    code = "formula_unreadable"
    text = mark("The formula cannot be read at character {column}: {near}")
    advice = mark("Write for example: 0.8 元/个 * quantity + 3 % * material. Check brackets.")


class FormulaTooLong(Unreadable):
    code = "formula_too_long"
    text = mark("The formula is too long or too deeply nested.")
    advice = mark("At most {longest} characters. Give a part of it a name as a helper element.")


class UnknownName(Unreadable):
    """``known`` are the names that may have been meant."""

    code = "formula_unknown_name"
    text = mark("{name} is not known in formulas.")
    advice = mark("Use one of these: {known}. Or define it as an element first.")


class UnknownUnit(Unreadable):
    code = "formula_unknown_unit"
    text = mark("{name} is no unit that formulas know.")
    advice = mark("Use the currency, a unit of the company, kg, g, L, m3, h, min or %.")


class UnitsDiffer(Unreadable):
    code = "formula_units_differ"
    text = mark("{left} ({left_unit}) and {right} ({right_unit}) cannot be put together.")
    advice = mark("Multiply or divide one of them so that both are measured alike.")


class ConditionWanted(Unreadable):
    code = "formula_condition_wanted"
    text = mark("{part} is {found}, where a yes or no is needed.")
    advice = mark("Compare two values, for example: weight > 5 kg.")


class NumberWanted(Unreadable):
    code = "formula_number_wanted"
    text = mark("{part} is a yes or no, where a value is needed.")
    advice = mark("Write if(condition, value, other value).")


class WrongArguments(Unreadable):
    code = "formula_wrong_arguments"
    text = mark("{function} is not used like this.")
    advice = mark("Write it as {usage}.")


class ResultNotMoney(Unreadable):
    code = "formula_result_not_money"
    text = mark("The formula gives {found}, but a cost is money, or money for each unit.")
    advice = mark("Multiply by an amount, or make it a helper for other formulas.")


class PriceNotMoneyEach(Unreadable):
    code = "formula_price_not_money_each"
    text = mark("The formula gives {found}, but a price is money for each unit.")
    advice = mark("Start from cost, for example: cost / (1 - 30 %).")


class FormulaCircle(Problem):
    """``circle`` names the elements in the order of their references."""

    code = "formula_circle"
    text = mark("These elements need each other, so none can be reckoned: {circle}.")
    advice = mark("Take one of the references out. A production element cannot use the cost.")


class DividesByZero(Problem):
    """``item`` is empty where it is zero whatever the item."""

    code = "formula_divides_by_zero"
    text = mark("{element} divides by {divisor}, which is zero. {item}")
    advice = mark("Fill in what is missing on the item, or write if({divisor} > 0, …, 0).")

    def __init__(self, element: str = "?", divisor: str = "?", item: str = "") -> None:
        super().__init__(element=element, divisor=divisor, item=item)


class AmountBeyondSense(Problem):
    code = "formula_amount_beyond_sense"
    text = mark("{element} comes to more than anything can cost for {item}.")
    advice = mark("Check the units and the numbers of the formula.")


class FactMissing(Problem):
    code = "formula_fact_missing"
    text = mark("{element} needs {fact} of {item}, which is not known.")
    advice = mark("Fill it in on the item, or let the element hold for another category.")


class ElementNameUnusable(Unreadable):
    code = "element_name_unusable"
    text = mark("{name} cannot be the name of an element.")
    advice = mark("One word of letters, digits and _, that formulas do not use already.")


@refuses("cost_element_name_once")
class ElementNameTaken(Problem):
    code = "element_name_taken"
    text = mark("There is an element with this name already.")
    advice = mark("Add a new version to that one, or choose another name.")


class NoSuchElement(Gone):
    code = "no_such_element"
    text = mark("There is no such cost element.")
    advice = mark("Choose one from the list.")


class ElementStillNeeded(Problem):
    code = "element_still_needed"
    text = mark("{name} is still used by {users}.")
    advice = mark("Change those formulas first.")


@refuses("cost_element_version_append_only")
class VersionsStay(Problem):
    code = "formula_versions_stay"
    text = mark("A formula that was in force is not changed.")
    advice = mark("Add a new version; it holds from the day that you choose.")
