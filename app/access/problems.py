"""Everything that access refuses."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Gone, NotYours, Problem, Unreadable, refuses

# ---- Who are you? -----------------------------------------------------------------------------


class NotLoggedIn(Problem):
    code = "not_logged_in"
    status = 401
    leads_to = "/login"
    text = mark("You are not signed in, or the session has ended.")
    advice = mark("Sign in again. What was scanned meanwhile is sent afterwards.")


class Locked(Problem):
    code = "locked"
    status = 401
    leads_to = "/lock"
    text = mark("The device is locked.")
    advice = mark("Unlock it with your PIN.")


class BadToken(Problem):
    code = "bad_token"
    status = 401
    text = mark("The API token is missing, unknown, expired or revoked.")
    advice = mark("Send Authorization: Bearer with a valid token; an administrator makes one.")


class WrongCredentials(Problem):
    """Never says which of the two was wrong, nor whether such a person exists."""

    code = "wrong_credentials"
    status = 422
    text = mark("The login and the password do not fit together.")
    advice = mark("Try again, or ask your supervisor for a new password.")


class WrongPin(Problem):
    code = "wrong_pin"
    status = 422
    text = mark("The badge and the PIN do not fit together.")
    advice = mark("Scan your badge and enter the PIN again, or ask your supervisor.")


class TooManyAttempts(Problem):
    code = "too_many_attempts"
    status = 429
    text = mark("Too many failed attempts.")
    advice = mark("Wait {wait_seconds} seconds, then try again.")


class DeviceNotRegistered(Problem):
    code = "device_not_registered"
    status = 422
    text = mark("Badges work only on registered devices; this one is not.")
    advice = mark("Sign in with your password, or let a supervisor register this device.")


# ---- May you? ---------------------------------------------------------------------------------


class CapabilityMissing(NotYours):
    code = "capability_missing"
    text = mark("Your role does not allow this.")
    advice = mark("Ask your supervisor to do it.")


class StoreNotYours(NotYours):
    code = "store_not_yours"
    text = mark("This store is not one of yours.")
    advice = mark("Choose one of your stores.")


class NoStore(Problem):
    code = "no_store"
    text = mark("You are not assigned to any store.")
    advice = mark("Ask an administrator to assign you to a store.")


# ---- People, devices, tokens ------------------------------------------------------------------


class NoSuchUser(Gone):
    code = "no_such_user"
    text = mark("There is no such user.")
    advice = mark("Choose one from the list.")


@refuses("app_user_login_once")
class LoginTaken(Problem):
    code = "login_taken"
    text = mark("Someone has this login already.")
    advice = mark("Choose another login.")


@refuses("app_user_badge_once")
class BadgeTaken(Problem):
    code = "badge_taken"
    text = mark("This badge belongs to someone else.")
    advice = mark("Scan another badge, or take this one from its owner first.")


class LastAdministrator(Problem):
    code = "last_administrator"
    text = mark("This is the last active administrator.")
    advice = mark("Make someone else an administrator first.")


class WeakPassword(Unreadable):
    code = "weak_password"
    text = mark("The password needs at least {least} characters and must not be a common one.")
    advice = mark("Choose a longer one; a sentence is easy to remember.")


class BadPin(Unreadable):
    code = "bad_pin"
    text = mark("A PIN is 4 to 8 digits, not all the same and not 1234.")
    advice = mark("Choose another PIN.")


class WrongOldPassword(Unreadable):
    code = "wrong_old_password"
    text = mark("The present password is not right.")
    advice = mark("Enter the password that you sign in with now.")


class NoSuchDevice(Gone):
    code = "no_such_device"
    text = mark("There is no such device.")
    advice = mark("Choose one from the list.")


class NoSuchToken(Gone):
    code = "no_such_token"
    text = mark("There is no such token.")
    advice = mark("Choose one from the list.")


class TokenOfAnother(NotYours):
    code = "token_of_another"
    text = mark(
        "A token acts with the rights of its user; only an administrator makes one for others."
    )
    advice = mark("Make the token for yourself, or ask an administrator.")


# ---- The company ------------------------------------------------------------------------------


class NoSuchStore(Gone):
    code = "no_such_store"
    text = mark("There is no such store.")
    advice = mark("Choose one from the list.")


class NoSuchArea(Gone):
    code = "no_such_area"
    text = mark("There is no such area.")
    advice = mark("Choose one from the list.")


@refuses("store_code_once")
class StoreCodeTaken(Problem):
    code = "store_code_taken"
    text = mark("Another store has this code already.")
    advice = mark("Choose another code.")


@refuses("area_code_once")
class AreaCodeTaken(Problem):
    code = "area_code_taken"
    text = mark("Another area has this code already.")
    advice = mark("Choose another code.")


@refuses("company_costing_frozen")
class CompanyCostingFrozen(Problem):
    code = "company_costing_frozen"
    text = mark(
        "Goods have been posted: the currency, its decimals and whether stores share their costs"
        " are fixed."
    )
    advice = mark(
        "Leave them as they are. To reckon otherwise, start a new installation and take over the"
        " stock as opening receipts; the books until then stay here."
    )
