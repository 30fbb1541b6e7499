"""The pages: channels whose secrets are not shown again, rules, contacts, the log."""

from __future__ import annotations

import pytest

from app.kit.database import SYSTEM, driver
from app.kit.ids import new_id
from app.notifications.commands import CreateRule, create_rule
from tests.notifications.receivers import WebServer

ROBOT = {"kind": "dingtalk", "name": "仓库群", "language": "zh_CN", "store_id": ""}


def fields(**more):
    return {"command_id": str(new_id()), **more}


@pytest.fixture
def made(as_user):
    """The administrator, with a channel of the company's: a robot at ``url``."""

    def make(url: str) -> object:
        web = as_user("administrator")
        sent = web.post("/notifications/channels", data=fields(**ROBOT, url=url, secret="SECtop"))
        assert sent.status_code == 303, sent.text
        return web

    return make


def test_a_channel_is_made_tried_and_seen_in_the_log(made, send):
    with WebServer() as server:
        web = made(f"{server.url}/robot/send?access_token=verysecrettoken99")
        page = web.get("/notifications").text
        assert "仓库群" in page
        assert web.post("/notifications/channels/1/test", data=fields()).status_code == 303
        send(1)
        log = web.get("/notifications/log?channel=1").text
    assert "administrator" in server.received[0].json["text"]["content"]
    assert "已送达" in log
    assert "errcode" in log


def test_secrets_are_not_shown_again_and_stay_when_left_empty(made, send, database):
    with WebServer() as server:
        web = made(f"{server.url}/robot/send?access_token=verysecrettoken99")
        page = web.get("/notifications/channels/1").text
        assert "verysecrettoken" not in page
        assert "SECtop" not in page
        assert "…en99" in page
        changed = fields(name="新名字", language="en", url="", secret="")
        assert web.post("/notifications/channels/1", data=changed).status_code == 303
        web.post("/notifications/channels/1/test", data=fields())
        send(1)
    assert server.received[0].query["access_token"] == "verysecrettoken99"
    assert "sign" in server.received[0].query
    with database.reading(SYSTEM) as session:
        audit = driver(session).execute("select string_agg(payload::text, ' ') from command")
        kept = driver(session).execute("select sealed, settings::text from notification_channel")
        assert "verysecrettoken" not in audit.fetchone()[0]
        assert all("verysecrettoken" not in text for text in kept.fetchone())


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://10.0.0.1/hook", "10.0.0.1"),
        ("http://[::1]/hook", "::1"),
        ("http://8.8.8.8/hook", "http://"),
        ("ftp://127.0.0.1/x", "ftp"),
        ("https://", "https://"),
        ("javascript:alert(1)", "javascript"),
        ("http://127.0.0.1:99999/x", "127.0.0.1"),
    ],
)
def test_addresses_that_messages_may_not_go_to(url, words, as_user):
    web = as_user("administrator")
    answer = web.post("/notifications/channels", data=fields(**ROBOT, url=url, secret=""))
    assert answer.status_code == 422
    assert words in answer.text
    assert "仓库群" in answer.text, "what was typed stays"
    assert "还没有" in web.get("/notifications").text


def test_a_mail_channel(as_user):
    web = as_user("administrator")
    mail = {
        "kind": "email", "name": "邮箱", "language": "zh_CN", "store_id": "", "host": "127.0.0.1",
        "port": "587", "security": "starttls", "sender": "a@firm.test", "login": "a",
        "password": "pw", "to": "b@firm.test, c@firm.test",
    }  # fmt: skip
    wrong = web.post("/notifications/channels", data=fields(**{**mail, "to": "b@x\n>c"}))
    assert wrong.status_code == 422
    assert web.post("/notifications/channels", data=fields(**mail)).status_code == 303
    assert "b@firm.test, c@firm.test" in web.get("/notifications/channels/1").text


def test_apprise_takes_only_services_elsewhere(as_user):
    web = as_user("administrator")
    other = {"kind": "apprise", "name": "其他", "language": "zh_CN", "store_id": ""}
    for url, status in (
        ("syslog://", 422), ("json://127.0.0.1/x", 422), ("ntfy://10.1.1.1/topic", 422),
        ("slack://", 422), ("ntfy://127.0.0.1/topic", 303),
    ):  # fmt: skip
        answer = web.post("/notifications/channels", data=fields(**other, url=url))
        assert answer.status_code == status, url


def test_apprise_delivers_to_ones_own_server(channel, happen, send, log):
    with WebServer((200, '{"id":"1"}')) as server:
        way = channel("apprise", {"url": f"ntfy://127.0.0.1:{server.port}/topic"})
        happen()
        send(way)
    assert [row[0] for row in log()] == ["sent"]
    assert "鲜牛奶" in server.received[0].json["message"]


def test_apprise_that_says_no_is_tried_again(channel, happen, send, log):
    with WebServer((500, "")) as server:
        way = channel("apprise", {"url": f"ntfy://127.0.0.1:{server.port}/topic"})
        happen()
        send(way)
    assert log() == [("waiting", 1, "", "channel_not_reached")]


def test_rules_choose_whom_and_what(made, company, send, happen, log):
    with WebServer() as server:
        web = made(server.url)
        rule = {"event_kind": "approval_requested", "store_id": "", "channel_id": "1"}
        for whom, status in (
            ("role:supervisor", 303),
            ("role:nobody", 422),
            ("role:supervisor", 409),
        ):
            answer = web.post("/notifications/rules", data=fields(**rule, for_whom=whom))
            assert answer.status_code == status
        assert "主管" in web.get("/notifications/rules").text
        happen()
        happen(roles=("area_manager",))
        happen(kind="lot_held")
        happen(store_id=company.b.store_id)
        happen(roles=(), user_ids=(company.users["supervisor_a"],))
        send(1)
    assert len(server.received) == 2, "a supervisor is asked, in a store that has one; or by name"
    assert web.post("/notifications/rules/1/removal", data=fields()).status_code == 303
    happen()
    assert len(log()) == 2


def test_a_recall_concerns_every_store(as_user, company, channel, happen, send, log, run):
    with WebServer() as server:
        way = channel("dingtalk", {"url": server.url}, rule=False)
        run(create_rule, CreateRule(company.b.store_id, "lot_held", way, role="operator"))
        happen(kind="lot_held", store_id=None, roles=())
        send(way)
    called = server.received[0].json["text"]["content"].split("\n")[-2]
    assert "operator_b" in called
    assert "operator_a" not in called


def test_a_store_s_manager_rules_over_the_store_only(as_user, company, made):
    with WebServer() as server:
        made(server.url)
        web = as_user("manager_a")
        assert "仓库群" in web.get("/notifications").text
        assert web.post("/notifications/channels/1/use", data=fields()).status_code == 404
        own = {**ROBOT, "name": "A 店群", "url": server.url, "secret": ""}
        assert web.post("/notifications/channels", data=fields(**own)).status_code == 404
        own["store_id"] = str(company.b.store_id)
        assert web.post("/notifications/channels", data=fields(**own)).status_code == 403
        own["store_id"] = str(company.a.store_id)
        assert web.post("/notifications/channels", data=fields(**own)).status_code == 303
    operator = as_user("operator_a")
    assert operator.get("/notifications").status_code == 403
    assert "A 店群" in as_user("headquarters").get("/notifications").text


def test_contacts_are_one_s_own(as_user, company):
    web = as_user("operator_a")
    own, other = company.users["operator_a"], company.users["operator_b"]
    data = {"email": "a@firm.test", "mobile": "138 0000 1111"}
    assert web.post(f"/notifications/contacts/{own}", data=fields(**data)).status_code == 303
    page = web.get("/notifications/contacts").text
    assert "13800001111" in page
    assert "operator_b" not in page
    assert web.post(f"/notifications/contacts/{other}", data=fields(**data)).status_code == 403
    bad = {"email": "no address", "mobile": "call me"}
    assert web.post(f"/notifications/contacts/{own}", data=fields(**bad)).status_code == 422
    boss = as_user("administrator")
    assert boss.post(f"/notifications/contacts/{other}", data=fields(**data)).status_code == 303


def test_what_failed_is_on_the_home_screen_and_can_be_sent_again(made, happen, send, as_user):
    with WebServer((403, "no"), (200, '{"errcode":0}')) as server:
        web = made(server.url)
        rule = {"event_kind": "*", "store_id": "", "channel_id": "1", "for_whom": ""}
        web.post("/notifications/rules", data=fields(**rule))
        happen()
        send(1)
        assert "1 条消息没有送达" in web.get("/").text
        log = web.get("/notifications/log?state=failed").text
        assert "重发" in log
        boss = as_user("supervisor_a")
        assert boss.post("/notifications/log/1/again", data=fields()).status_code == 303
        send(1)
    assert "已送达" in web.get("/notifications/log").text


def test_the_lists_as_files(made, happen, send):
    with WebServer((403, "no")) as server:
        web = made(server.url)
        rule = {"event_kind": "*", "store_id": "", "channel_id": "1", "for_whom": ""}
        web.post("/notifications/rules", data=fields(**rule))
        happen()
        send(1)
    for path, words in (("", "仓库群"), ("/rules", "全部事件"), ("/log", "鲜牛奶")):
        file = web.get(f"/notifications{path}.csv")
        assert file.status_code == 200
        assert words in file.text
    assert "鲜牛奶" not in web.get("/notifications/log.csv?state=sent").text
