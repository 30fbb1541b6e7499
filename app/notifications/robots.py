"""Robots of group chats: how each wants a message, how it is signed, and what its answer means.

They answer HTTP 200 to a message that they threw away; only the code in the body tells.  Sources:
DingTalk "自定义机器人安全设置", WeCom "群机器人配置说明", Feishu "自定义机器人使用指南".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from app.kit import clock
from app.kit.problems import Problem
from app.notifications.posting import Answer, post
from app.notifications.problems import ServerBusy, ServerRefused

JSON = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Saoku"}
_WECOM_BYTES = 2000  # it takes 2048
_ELSEWHERE_BYTES = 15_000
# Sent too fast, or the service is busy: the same message is taken later.
_LATER = {"dingtalk": {-1, 130101, 410100}, "wecom": {-1, 45009, 45033}, "feishu": {9499, 11232}}


@dataclass(frozen=True)
class Request:
    """What is posted where."""

    url: str
    body: dict[str, Any]


def dingtalk_sign(timestamp: str, secret: str) -> str:
    """HMAC-SHA256 of timestamp (ms), newline and secret with the secret as its key; base64."""
    return _signed(secret.encode(), f"{timestamp}\n{secret}".encode())


def feishu_sign(timestamp: str, secret: str) -> str:
    """HMAC-SHA256 of nothing, with timestamp (s), newline and secret as its key; base64."""
    return _signed(f"{timestamp}\n{secret}".encode(), b"")


def _signed(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


def dingtalk(url: str, secret: str, text: str, mobiles: Sequence[str]) -> Request:
    """A text; who is called has to be named in it as well."""
    if secret:
        timestamp = str(_milliseconds())
        sign = quote(dingtalk_sign(timestamp, secret), safe="")
        url += ("&" if "?" in url else "?") + f"timestamp={timestamp}&sign={sign}"
    called = " ".join(f"@{mobile}" for mobile in mobiles)
    content = _cut(text, _ELSEWHERE_BYTES) + (f"\n{called}" if called else "")
    at = {"atMobiles": list(mobiles), "isAtAll": False}
    return Request(url, {"msgtype": "text", "text": {"content": content}, "at": at})


def wecom(url: str, _secret: str, text: str, mobiles: Sequence[str]) -> Request:
    """The key in the address is its only secret."""
    content = {"content": _cut(text, _WECOM_BYTES), "mentioned_mobile_list": list(mobiles)}
    return Request(url, {"msgtype": "text", "text": content})


def feishu(url: str, secret: str, text: str, _mobiles: Sequence[str]) -> Request:
    """It calls people by ids of its own, which we don't know: their names stand in the text."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": _cut(text, _ELSEWHERE_BYTES)}}
    if secret:
        timestamp = str(_milliseconds() // 1000)
        body = {"timestamp": timestamp, "sign": feishu_sign(timestamp, secret), **body}
    return Request(url, body)


ROBOTS: dict[str, Callable[[str, str, str, Sequence[str]], Request]] = {
    "dingtalk": dingtalk,
    "wecom": wecom,
    "feishu": feishu,
}


def say(
    kind: str, secrets: dict[str, Any], text: str, mobiles: Sequence[str], networks: str
) -> str:
    """Send a text to the group; the robot's answer.

    Raises:
        Problem: see ``posting.post``; and what the robot's own code says.
    """
    made = ROBOTS[kind](secrets["url"], secrets.get("secret", ""), text, mobiles)
    body = json.dumps(made.body, ensure_ascii=False).encode()
    answer = post(made.url, body, JSON, networks)
    problem = judged(kind, urlsplit(made.url).hostname or "", answer)
    if problem:
        raise problem
    return answer.text


def judged(kind: str, host: str, answer: Answer) -> Problem | None:
    """The refusal in the body of an answer, None where the message was taken."""
    code = _code(answer.text)
    if code == 0:
        return None
    later = code in _LATER[kind]
    return (ServerBusy if later else ServerRefused)(host=host, answer=answer.text[:200])


def _code(text: str) -> int | None:
    """``errcode`` (DingTalk, WeCom) or ``code`` (Feishu, formerly ``StatusCode``)."""
    try:
        body = json.loads(text)
    except ValueError:
        return None
    codes = [body.get(name) for name in ("errcode", "code", "StatusCode")]
    return next((code for code in codes if isinstance(code, int)), None)


def _cut(text: str, most: int) -> str:
    """The first lines that fit; the last line, which is the link, always stays."""
    *lines, last = text.split("\n")
    while lines and len("\n".join([*lines, last]).encode()) > most:
        lines.pop()
    return "\n".join([*lines, last])


def _milliseconds() -> int:
    return int(clock.now().timestamp() * 1000)
