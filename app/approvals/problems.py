"""Everything that approvals refuse."""

from __future__ import annotations

from typing import Any

from app.approvals.kinds import facts_of
from app.kit.i18n import gettext, mark
from app.kit.problems import Gone, NotYours, Problem, Unreadable, problem_named, refuses

# Requests and votes -----------------------------------------------------------------------------


class NoSuchRequest(Gone):
    code = "approval_not_found"
    text = mark("There is no such request for approval, or it is of another store.")
    advice = mark("Go back to the list.")


@refuses("approval_vote_not_ones_own")
class NotOnesOwn(NotYours):
    code = "approval_of_ones_own"
    text = mark("You asked for this yourself, so you cannot approve or reject it.")
    advice = mark("Somebody else decides. You can withdraw it.")


class RoleDoesNotVote(NotYours):
    code = "approval_role_does_not_vote"
    text = mark("Your role does not decide about this.")
    advice = mark("Ask one of: {roles}.")

    @property
    def next_step(self) -> str:
        roles = self.data.get("roles")
        names = [gettext(str(name)) for name in roles] if isinstance(roles, list) else []  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        return gettext(self.advice).format(roles="、".join(names))


@refuses("approval_vote_once")
class VotedAlready(Problem):
    code = "approval_voted_already"
    text = mark("You have voted on this already.")
    advice = mark("A second person has to decide. Nothing was changed.")


@refuses("approval_vote_while_waiting", "approval_request_decided_once")
class DecidedAlready(Problem):
    code = "approval_decided_already"
    text = mark("This request is decided already.")
    advice = mark("Look at it: it says who decided and what came of it.")


@refuses("approval_vote_before_expiry")
class RequestExpired(Problem):
    code = "approval_expired"
    text = mark("This request has expired; nobody can vote on it any more.")
    advice = mark("Whoever still needs it asks again.")


class NotTheOneWhoAsked(NotYours):
    code = "approval_of_somebody_else"
    text = mark("Only the one who asked can withdraw a request.")
    advice = mark("If it should not happen, reject it with a reason.")


@refuses("approval_vote_rejection_has_reason")
class RejectionNeedsReason(Unreadable):
    code = "approval_rejection_needs_reason"
    text = mark("A rejection needs a reason.")
    advice = mark("Write in a few words why not; the one who asked reads it.")


class ReasonTooLong(Unreadable):
    code = "approval_reason_too_long"
    text = mark("The reason is longer than {longest} characters.")
    advice = mark("Say it in fewer words.")


class VoteUnknown(Unreadable):
    code = "approval_vote_unknown"
    text = mark("{given} is no vote.")
    advice = mark("Vote approve or reject.")


class NotExecutable(Problem):
    code = "approval_not_executable"
    text = mark("This version cannot carry out what was asked for ({kind}).")
    advice = mark("Nothing was changed. Ask for it again.")


class ChangedUnderneath(Problem):
    """``changes`` are [name of the fact, value then, value now] of the request's ``kind``."""

    code = "approval_changed_underneath"
    text = mark("Something has changed since this was asked for: {said}.")
    advice = mark("Nothing was done. Look at how it is now, and ask again if it is still needed.")

    @property
    def message(self) -> str:
        known = facts_of(str(self.data["kind"]))
        changes: Any = self.data["changes"]
        each = [
            f"{gettext(known[name].words) if name in known else name} {then or '-'} → {now or '-'}"
            for name, then, now in changes
        ]
        return gettext(self.text).format(said=", ".join(each) or gettext("what it is about"))


class ExecutionRefused(Problem):
    """The last yes came, but the command itself was refused: ``cause`` and ``cause_data``."""

    code = "approval_execution_refused"
    text = mark("Approved, but it cannot be carried out any more. {why}")
    advice = mark("Nothing was changed, and the request is closed. Ask again if still needed.")

    @property
    def message(self) -> str:
        return gettext(self.text).format(why=self.cause.message)

    @property
    def cause(self) -> Problem:
        """The refusal of the command."""
        given = self.data.get("cause_data")
        return problem_named(str(self.data.get("cause")), given if isinstance(given, dict) else {})  # pyright: ignore[reportUnknownArgumentType]


# Policies ---------------------------------------------------------------------------------------


class NoSuchPolicy(Gone):
    code = "approval_policy_not_found"
    text = mark("There is no such approval policy.")
    advice = mark("Go back to the list.")


@refuses("approval_policy_name_once")
class PolicyNameTaken(Problem):
    code = "approval_policy_name_taken"
    text = mark("There is a policy with this name already.")
    advice = mark("Choose another name, or change that one.")


class NotYourPolicy(NotYours):
    code = "approval_policy_of_company"
    text = mark("Policies of the whole company are changed by headquarters.")
    advice = mark("Make one for your store: the stricter of both counts.")


class ConditionUnreadable(Unreadable):
    code = "condition_unreadable"
    text = mark("The condition cannot be read at line {line}, character {column}: {rest}")
    advice = mark('Write it like this: amount > 1000 && item != "A1"')


class UnknownFact(Unreadable):
    code = "condition_unknown_fact"
    text = mark("Line {line}, character {column}: {name} is not known here.")
    advice = mark("Known are: {known}.")


class UnknownFunction(Unreadable):
    code = "condition_unknown_function"
    text = mark("Line {line}, character {column}: {name} cannot be used here.")
    advice = mark("Beside comparisons there are: {known}.")


class ConditionTypes(Unreadable):
    code = "condition_types"
    text = mark("Line {line}, character {column}: a number is compared with a word.")
    advice = mark('Words stand in quotes, numbers do not: item == "A1" && quantity > 10')


class ConditionNotTrueOrFalse(Unreadable):
    code = "condition_not_true_or_false"
    text = mark("The condition is neither true nor false.")
    advice = mark("Compare with something: amount > 1000")


class ConditionTooLong(Unreadable):
    code = "condition_too_long"
    text = mark("The condition is longer than {longest} characters.")
    advice = mark("Split it into several policies; the strictest that holds counts.")


class KindUnknown(Unreadable):
    code = "approval_kind_unknown"
    text = mark("Nothing asks for approval of {given}.")
    advice = mark("Choose one of those offered.")


class RolesMissing(Unreadable):
    code = "approval_roles_missing"
    text = mark("Somebody has to decide.")
    advice = mark("Choose at least one role.")
