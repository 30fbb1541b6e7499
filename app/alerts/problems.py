"""What alerts refuse."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Gone, Problem, Unreadable, refuses


class NoSuchAlert(Gone):
    code = "no_such_alert"
    text = mark("There is no such open alert in your stores.")
    advice = mark("Its cause may be gone meanwhile: look at the list again.")


class NoSuchAlertRule(Gone):
    code = "no_such_alert_rule"
    text = mark("There is no such rule that you may change.")
    advice = mark("Look it up again in the list; the company's rules are headquarters' business.")


@refuses("alert_rule_once")
class AlertRuleExists(Problem):
    code = "alert_rule_exists"
    text = mark("There is a rule of this kind for this store and category already.")
    advice = mark("Change that one.")


@refuses("alert_rule_devices_have_no_category")
class DevicesHaveNoCategory(Unreadable):
    code = "devices_have_no_category"
    text = mark("Devices belong to no category.")
    advice = mark("Choose every category.")


class CompanyRuleNeeded(Problem):
    code = "company_alert_rule_needed"
    text = mark("The company's own rule stays: it says what happens where nothing closer does.")
    advice = mark("Switch it off instead.")
