"""Group robots: signed as each wants it, and believed only when their answer says so."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest

from app.notifications.robots import dingtalk_sign, feishu_sign
from tests.notifications.receivers import TAKEN, Posted, WebServer

SECRET = "SEC2f1e0c9d8b7a"
# What DingTalk and Feishu answer, with HTTP 200, to a wrong signature.
DINGTALK_REFUSES = (200, '{"errcode":310000,"errmsg":"sign not match"}')
FEISHU_REFUSES = (200, '{"code":19021,"msg":"sign match fail or timestamp is not within one hour"}')


def judge_dingtalk(posted: Posted):
    """As the manual computes it, with its own key and its hour of grace."""
    timestamp = posted.query.get("timestamp", "0")
    text = f"{timestamp}\n{SECRET}".encode()
    expected = base64.b64encode(hmac.new(SECRET.encode(), text, hashlib.sha256).digest()).decode()
    age = abs(datetime.now(UTC).timestamp() * 1000 - int(timestamp))
    good = posted.query.get("sign") == expected and age < 3_600_000
    return TAKEN if good and posted.query["access_token"] == "t1" else DINGTALK_REFUSES


def judge_feishu(posted: Posted):
    timestamp = posted.json.get("timestamp", "0")
    key = f"{timestamp}\n{SECRET}".encode()
    expected = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    age = abs(datetime.now(UTC).timestamp() - int(timestamp))
    good = posted.json.get("sign") == expected and age < 3600
    return (200, '{"code":0,"msg":"success","data":{}}') if good else FEISHU_REFUSES


def test_a_message_reaches_dingtalk_signed(channel, happen, send, log, contact):
    contact("supervisor_a", mobile="13800001111")
    with WebServer(judge=judge_dingtalk) as server:
        ding = channel(
            "dingtalk", {"url": f"{server.url}/robot/send?access_token=t1", "secret": SECRET}
        )
        happen()
        send(ding)
    assert log() == [("sent", 1, TAKEN[1], "")]
    body = server.received[0].json
    assert body["msgtype"] == "text"
    assert body["at"] == {"atMobiles": ["13800001111"], "isAtAll": False}
    lines = body["text"]["content"].split("\n")
    assert all(word in lines[1] for word in ("小王", "12.5", "鲜牛奶"))
    assert "https://saoku.test/approvals/7" in lines
    assert lines[-1] == "@13800001111"


def test_a_message_reaches_feishu_signed(channel, happen, send, log):
    with WebServer(judge=judge_feishu) as server:
        way = channel("feishu", {"url": f"{server.url}/open-apis/bot/v2/hook/x", "secret": SECRET})
        happen()
        send(way)
    assert [row[0] for row in log()] == ["sent"]
    assert "鲜牛奶" in server.received[0].json["content"]["text"]


def test_a_message_reaches_wecom_by_the_key_in_its_address(channel, happen, send, log, contact):
    contact("supervisor_a", mobile="13800001111")
    with WebServer() as server:
        way = channel("wecom", {"url": f"{server.url}/cgi-bin/webhook/send?key=k1"})
        happen()
        send(way)
    posted = server.received[0]
    assert posted.query == {"key": "k1"}
    assert posted.json["text"]["mentioned_mobile_list"] == ["13800001111"]
    assert [row[0] for row in log()] == ["sent"]


@pytest.mark.parametrize(
    ("kind", "judge", "answer"),
    [("dingtalk", judge_dingtalk, DINGTALK_REFUSES), ("feishu", judge_feishu, FEISHU_REFUSES)],
)
def test_a_wrong_secret_is_seen_in_the_answer(kind, judge, answer, channel, happen, send, log):
    """They answer 200 to a message that they threw away."""
    with WebServer(judge=judge) as server:
        way = channel(kind, {"url": f"{server.url}/x?access_token=t1", "secret": "SECwrong"})
        happen()
        send(way)
    assert log() == [("failed", 1, "", "channel_refused")]


def test_a_robot_that_is_asked_too_often_is_asked_again(channel, happen, send, log, later):
    too_fast = (200, '{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}')
    with WebServer(too_fast, TAKEN) as server:
        way = channel("dingtalk", {"url": server.url})
        happen()
        send(way)
        assert log() == [("waiting", 1, "", "channel_busy")]
        later()
        send(way)
    assert log()[0][:2] == ("sent", 2)


def test_an_answer_that_is_no_json_is_no_success(channel, happen, send, log):
    with WebServer((200, "<html>Login to the hotel's Wi-Fi</html>")) as server:
        way = channel("wecom", {"url": server.url})
        happen()
        send(way)
    assert log() == [("failed", 1, "", "channel_refused")]


def test_wecom_takes_two_kilobytes_and_the_link_stays(channel, happen, send):
    with WebServer() as server:
        way = channel("wecom", {"url": server.url})
        happen(
            facts={"requester": "x", "quantity": "1", "item": "y", "lines": ["很长的一行" * 9] * 40}
        )
        send(way)
    content = server.received[0].json["text"]["content"]
    assert len(content.encode()) <= 2048
    assert content.endswith("https://saoku.test/approvals/7")


def test_signatures_are_those_of_the_manuals():
    """Computed with openssl dgst -sha256 -hmac."""
    dingtalk = dingtalk_sign("1577262236757", "this is secret")
    assert dingtalk == "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="
    assert feishu_sign("1599360473", "demo") == "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="


def test_the_message_speaks_the_channels_language(channel, happen, send):
    with WebServer() as server:
        way = channel("dingtalk", {"url": server.url}, language="en")
        happen()
        send(way)
    content = server.received[0].json["text"]["content"]
    assert "Approval wanted" in content
    assert "小王 asks to release 12.5 of 鲜牛奶." in content
    assert json.loads(server.received[0].body)["msgtype"] == "text"
