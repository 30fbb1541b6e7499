"""The form of a channel: which fields each kind has, and what they become."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from app.access.forms import LANGUAGE_NAMES
from app.kit.forms import Field, Reader
from app.kit.i18n import gettext, mark
from app.kit.transactions import Secret
from app.notifications import services
from app.notifications.addresses import addresses
from app.notifications.commands import ChannelFacts
from app.notifications.mail import SECURITIES
from app.notifications.posting import checked
from app.notifications.queries import ChannelView
from app.notifications.robots import ROBOTS
from app.notifications.sealing import seal

LONGEST_URL = 2000
PORTS = (1, 65535)
KEPT = mark("Leave it empty to keep what is stored; it is not shown again.")
URL_HINTS = {
    "dingtalk": mark(
        "Copy it from the robot: https://oapi.dingtalk.com/robot/send?access_token=..."
    ),
    "wecom": mark("Copy it from the robot: https://qyapi.weixin.qq.com/.../send?key=..."),
    "feishu": mark("Copy it from the robot: https://open.feishu.cn/open-apis/bot/v2/hook/..."),
    "webhook": mark("Messages are posted there as JSON."),
    "apprise": mark("As Apprise writes it, such as schan://key, bark://host/key or ntfy://topic."),
}
SECRET_HINTS = {
    "dingtalk": mark("From the robot's security settings: additional signature (begins with SEC)."),
    "feishu": mark("From the robot's security settings: signature verification."),
    "webhook": mark("Any long text that the other program knows, too: it signs each message."),
}
SECURITY_NAMES = {
    "starttls": mark("STARTTLS (usually port 587)"),
    "tls": mark("TLS from the beginning (usually port 465)"),
    "none": mark("Not encrypted (port 25, own network only)"),
}
PASSWORD_HINT = mark("Often an authorisation code, not the mailbox's password.")
NOT_AN_ADDRESS = mark("Not an e-mail address.")
NEEDED_FIRST = mark("This is needed for a new channel.")
_SHOWN_END = 4


def is_address(text: str) -> bool:
    """Whether it may be an e-mail address: one @, nothing that could end a header."""
    name, at, domain = text.partition("@")
    plain = text.isascii() and text.isprintable() and not any(one in text for one in ' ,;<>"()')
    return bool(name and at and domain and "@" not in domain and plain)


def channel_fields(kind: str, channel: ChannelView | None) -> list[Field]:
    """What the form of a kind asks for; ``channel`` None for a new one."""
    settings = channel.settings if channel else {}
    name = Field(
        "name", gettext("Name"), value=channel.name if channel else "", required=True,
        hint=gettext("As people know the group or the mailbox."),
    )  # fmt: skip
    language = Field(
        "language", gettext("Language of its messages"), "select",
        channel.language if channel else "zh_CN", options=LANGUAGE_NAMES,
    )  # fmt: skip
    own = _mail_fields(settings, channel) if kind == "email" else _web_fields(kind, channel)
    return [name, *own, language]


def _web_fields(kind: str, channel: ChannelView | None) -> list[Field]:
    kept = f" {gettext(KEPT)}" if channel else ""
    shown = channel.settings.get("shown", "") if channel else ""
    hint = (f"{shown} · " if shown else "") + gettext(URL_HINTS[kind]) + kept
    fields = [Field("url", gettext("Address"), hint=hint, required=channel is None)]
    if kind in SECRET_HINTS:
        hint = gettext(SECRET_HINTS[kind]) + kept
        fields.append(Field("secret", gettext("Signing secret"), "password", hint=hint))
    return fields


def _mail_fields(settings: dict[str, Any], channel: ChannelView | None) -> list[Field]:
    options = tuple((one, gettext(words)) for one, words in SECURITY_NAMES.items())
    return [
        Field("host", gettext("Mail server"), value=settings.get("host", ""), required=True),
        Field("port", gettext("Port"), "digits", str(settings.get("port", 587))),
        Field(
            "security", gettext("Encryption"), "select", settings.get("security", "starttls"),
            options=options,
        ),
        Field(
            "sender", gettext("Sender's address"), value=settings.get("sender", ""), required=True
        ),
        Field(
            "login", gettext("Login"), value=settings.get("login", ""),
            hint=gettext("Empty where the server asks for none."),
        ),
        Field(
            "password", gettext("Password"), "password",
            hint=gettext(KEPT if channel else PASSWORD_HINT),
        ),
        Field(
            "to", gettext("Always to"), value=", ".join(settings.get("to", [])),
            hint=gettext("Addresses with commas between them, besides whom it concerns."),
        ),
    ]  # fmt: skip


def read_channel(
    kind: str,
    channel: ChannelView | None,
    data: dict[str, Any],
    networks: str,
    key: Callable[[], str],
) -> ChannelFacts:
    """The channel that a sent form describes, its addresses checked, its secrets sealed.

    Raises:
        BadFields, and what the checks of its address raise.
    """
    form = Reader(data)
    name = form.text("name", longest=60)
    language = form.choice("language", [one for one, _ in LANGUAGE_NAMES])
    read = _read_mail if kind == "email" else _read_web
    settings, secrets = read(form, kind, channel)
    form.done()
    _check(kind, settings, secrets, networks)
    if "url" in secrets:
        settings["shown"] = masked(secrets["url"])
    sealed = Secret(seal(key(), secrets)) if secrets else None
    return ChannelFacts(name, language, settings, sealed)


def _read_web(
    form: Reader, kind: str, channel: ChannelView | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Address and secret come together: either both are entered anew or both stay."""
    url = form.text("url", needed=channel is None, longest=LONGEST_URL)
    secret = form.raw("secret").strip() if kind in SECRET_HINTS else ""
    if secret and not url:
        form.wrong("url", gettext("Enter the address again, together with the new secret."))
    if not url:
        return dict(channel.settings) if channel else {}, {}
    return {"signed": bool(secret)}, {"url": url, "secret": secret}


def _read_mail(
    form: Reader, _kind: str, channel: ChannelView | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    settings: dict[str, Any] = {
        "host": form.text("host", longest=253),
        "port": form.number("port", least=PORTS[0], most=PORTS[1]),
        "security": form.choice("security", SECURITIES),
        "sender": form.text("sender"),
        "login": form.text("login", needed=False),
        "to": [
            one.strip()
            for one in form.text("to", needed=False, longest=2000).split(",")
            if one.strip()
        ],
    }
    if settings["sender"] and not is_address(settings["sender"]):
        form.wrong("sender", gettext(NOT_AN_ADDRESS))
    if not all(is_address(one) for one in settings["to"]):
        form.wrong("to", gettext(NOT_AN_ADDRESS))
    password = form.raw("password")
    if settings["login"] and not password and channel is None:
        form.wrong("password", gettext(NEEDED_FIRST))
    return settings, {"password": password} if password or channel is None else {}


def _check(kind: str, settings: dict[str, Any], secrets: dict[str, Any], networks: str) -> None:
    if kind == "email":
        addresses(settings["host"], settings["port"], networks)
    elif kind == "apprise" and secrets:
        settings["service"] = services.check(secrets["url"], networks)
    elif secrets and (kind in ROBOTS or kind == "webhook"):
        checked(secrets["url"], networks)


def masked(url: str) -> str:
    """Where it leads, and the end of it to tell two apart; what lets one write there is hidden."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    end = url[-_SHOWN_END:] if len(url) > len(f"{parts.scheme}://{host}/") + 4 * _SHOWN_END else ""
    return f"{parts.scheme}://{host if parts.scheme in {'http', 'https'} else ''}/…{end}"
