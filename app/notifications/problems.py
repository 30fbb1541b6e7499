"""What sending refuses, and what became of a message that did not arrive."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Gone, Problem, Unreadable, refuses


class NoSuchChannel(Gone):
    code = "no_such_channel"
    text = mark("There is no such channel that you may change.")
    advice = mark(
        "Look it up again in the list; the company's channels are headquarters' business."
    )


class NoSuchRule(Gone):
    code = "no_such_notification_rule"
    text = mark("There is no such rule that you may change.")
    advice = mark("Look it up again in the list; the company's rules are headquarters' business.")


class NoSuchDelivery(Gone):
    code = "no_such_delivery"
    text = mark("There is no such message in your stores.")
    advice = mark("Look it up again in the log.")


@refuses("notification_channel_name_once")
class ChannelNameTaken(Problem):
    code = "channel_name_taken"
    text = mark("Another channel has this name.")
    advice = mark("Choose another name.")


@refuses("notification_rule_once")
class RuleExists(Problem):
    code = "notification_rule_exists"
    text = mark("There is such a rule already.")
    advice = mark("Look for it in the list; nothing was changed.")


class AlreadySent(Problem):
    code = "delivery_already_sent"
    text = mark("This message was delivered already.")
    advice = mark("Nothing was sent. A channel is tried with its own test message.")


class BadWebAddress(Unreadable):
    code = "bad_web_address"
    text = mark("{given} is no address of a webhook.")
    advice = mark("Copy the whole address from the robot's settings; it begins with https://.")


class NotEncrypted(Unreadable):
    code = "address_not_encrypted"
    text = mark("The address of {host} begins with http://, which anybody on the way can read.")
    advice = mark(
        "Use its https:// address. Plain http:// is for the company's own networks only, which "
        "SAOKU_NOTIFICATION_NETWORKS names."
    )


class BadAppriseAddress(Unreadable):
    code = "bad_apprise_address"
    text = mark("Apprise knows no service for this address.")
    advice = mark(
        "See its list of services: the address begins with the name of one, such as ntfy://."
    )


class ServiceNotOffered(Unreadable):
    code = "apprise_service_not_offered"
    text = mark("{service} is not among the services that messages may go to.")
    advice = mark("Use one of these: {offered}.")


class HostUnknown(Problem):
    """Temporary: the network may be away."""

    code = "notification_host_unknown"
    text = mark("No address is known for {host}.")
    advice = mark("Correct the name, or look whether the server has its network and DNS.")


class AddressRefused(Unreadable):
    code = "notification_address_refused"
    text = mark("{host} is at {address}, inside a network that messages may not be sent to.")
    advice = mark(
        "If it is the company's own server, add its network to SAOKU_NOTIFICATION_NETWORKS and "
        "start Saoku again."
    )


# ---- What became of a message -----------------------------------------------------------------


class NotReached(Problem):
    """Temporary: nobody answered."""

    code = "channel_not_reached"
    text = mark("{host} could not be reached: {reason}.")
    advice = mark("It is tried again by itself. Look at the address and the network if it lasts.")


class ServerBusy(Problem):
    """Temporary: it answered that it cannot now."""

    code = "channel_busy"
    text = mark("{host} cannot take it now ({answer}).")
    advice = mark("It is tried again by itself.")


class ServerRefused(Problem):
    """Final: the same message would be refused again."""

    code = "channel_refused"
    text = mark("{host} refused the message ({answer}).")
    advice = mark(
        "Compare address, signing secret and keyword with the robot's, then send it again."
    )


class NobodyToWriteTo(Problem):
    code = "nobody_to_write_to"
    text = mark("None of the people that it concerns has an e-mail address.")
    advice = mark(
        "Enter addresses under Contacts, or a fixed one in the channel; then send it again."
    )


class SecretUnreadable(Problem):
    code = "channel_secret_unreadable"
    text = mark("The channel's secrets were sealed with another key than this server has.")
    advice = mark("Enter the address and the secret of the channel again.")


class SendingCrashed(Problem):
    code = "sending_crashed"
    text = mark("Sending failed for a reason of our own; the server's log says which.")
    advice = mark("Tell support. The message can be sent again.")


TEMPORARY = (HostUnknown, NotReached, ServerBusy)
"""Worth another attempt by itself."""
