"""Other services by Apprise: one address tells the service and who is meant.

Apprise follows addresses to anywhere and has services that act on this machine, so only those below
are let through, and the host of one's own server is checked like a webhook's.  It says no more than
yes or no; what it noted meanwhile goes into the log.
"""

from __future__ import annotations

import logging
import warnings
from typing import Any, cast

from app.notifications.addresses import addresses
from app.notifications.problems import BadAppriseAddress, NotReached, ServiceNotOffered

HOSTED = frozenset({
    "schan", "pushplus", "wxpusher", "pushme", "slack", "discord", "tgram", "pover", "wxteams",
    "webex", "pagerduty", "opsgenie", "twilio", "line", "gchat", "zulip",
})  # fmt: skip
OWN_SERVER = frozenset({
    "bark", "barks", "ntfy", "ntfys", "gotify", "gotifys", "mmost", "mmosts", "rocket", "rockets",
    "nctalk", "nctalks", "synology", "synologys",
})  # fmt: skip
_LONGEST = 500


def check(url: str, networks: str) -> str:
    """The service's name, for the list of channels.

    Raises:
        BadAppriseAddress, ServiceNotOffered, HostUnknown, AddressRefused.
    """
    plugin = _plugin(url, networks)
    return str(plugin.service_name)


def send(secrets: dict[str, Any], title: str, text: str, networks: str) -> str:
    """Send it; what Apprise noted.  Raises NotReached where it says no: it does not say why."""
    apprise = _library()
    plugin = _plugin(secrets["url"], networks)
    with apprise.LogCapture(level=logging.INFO, fmt="%(message)s") as noted:
        taken = bool(plugin.notify(body=text, title=title))
        words = " ".join(str(noted.getvalue()).split())[:_LONGEST]
    if not taken:
        raise NotReached(host=str(plugin.service_name), reason=words or "Apprise: no")
    return words


def _library() -> Any:
    """Apprise, which takes a third of a second: only for this kind of channel."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of what its plugins import
        import apprise

        library = cast("Any", apprise)
        library.Apprise.instantiate("pover://u@t")  # loads them all
    return library


def _plugin(url: str, networks: str) -> Any:
    schema = url.partition("://")[0].lower()
    if schema not in HOSTED | OWN_SERVER:
        raise ServiceNotOffered(service=schema[:30], offered=", ".join(sorted(HOSTED | OWN_SERVER)))
    plugin = _library().Apprise.instantiate(url, suppress_exceptions=True)
    if not plugin:
        raise BadAppriseAddress
    if schema in OWN_SERVER and getattr(plugin, "mode", "") != "cloud":
        addresses(str(plugin.host), plugin.port or (443 if plugin.secure else 80), networks)
    return plugin
