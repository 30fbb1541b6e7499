"""What becomes of a message when the other side stalls, breaks off, lies or comes back."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import socket
import threading

import pytest

from app.kit import jobs
from app.kit.database import SYSTEM, driver
from app.notifications import posting, sending, tasks
from app.notifications.commands import SendAgain, UseChannel, send_again, use_channel
from app.notifications.problems import AlreadySent
from app.notifications.publishing import Event, publish
from tests.notifications.receivers import TAKEN, WebServer


def events(database):
    with database.reading(SYSTEM) as session:
        return driver(session).execute("select count(*) from notification_event").fetchone()[0]


def waiting_jobs(database):
    with database.reading(SYSTEM) as session:
        found = driver(session).execute(
            "select scheduled_at is not null from procrastinate_jobs"
            " where task_name = 'notifications.send' and status = 'todo' order by id"
        )
        return [later for (later,) in found]


def test_a_webhook_can_check_who_sent_it(channel, happen, send, log):
    with WebServer((204, "")) as server:
        hook = channel("webhook", {"url": f"{server.url}/hook", "secret": "s3cret"})
        happen()
        send(hook)
    posted = server.received[0]
    message = posted.headers["X-Saoku-Timestamp"].encode() + b"." + posted.body
    expected = hmac.new(b"s3cret", message, hashlib.sha256).hexdigest()
    assert posted.headers["X-Saoku-Signature"] == f"sha256={expected}"
    assert posted.headers["X-Saoku-Event"] == "approval_requested"
    assert posted.json["facts"]["quantity"] == "12.5"
    assert posted.json["link"] == "https://saoku.test/approvals/7"
    assert posted.json["id"] == posted.headers["X-Saoku-Delivery"]
    assert posted.json["store"] == "A"
    assert log()[0][:2] == ("sent", 1)


def test_a_broken_connection_and_a_500_are_tried_again_under_one_identity(
    channel, happen, send, log, later, database
):
    with WebServer(None, (500, "oops"), (200, "ok")) as server:
        hook = channel("webhook", {"url": server.url})
        happen()
        send(hook)
        assert log() == [("waiting", 1, "", "channel_not_reached")]
        later()
        send(hook)
        assert log() == [("waiting", 2, "", "channel_busy")]
        later()
        send(hook)
    assert log() == [("sent", 3, "HTTP 200 ok", "")]
    assert len({one.headers["X-Saoku-Delivery"] for one in server.received}) == 1
    # The first is the event's own job; each failure left one behind for its moment.
    assert waiting_jobs(database) == [False, True, True]


def test_the_pauses_double_up_to_an_hour(channel, happen, send, database, later):
    with WebServer((503, "")) as server:
        hook = channel("webhook", {"url": server.url})
        happen()
        pauses = []
        for _ in range(11):
            send(hook)
            with database.reading(SYSTEM) as session:
                pauses.append(driver(session).execute(
                    "select round(extract(epoch from next_try_at - now()))"
                    " from notification_delivery"
                ).fetchone()[0])  # fmt: skip
            later()
    assert [round(pause, -1) for pause in pauses] == [
        10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600,
    ]  # fmt: skip


def test_it_is_given_up_after_the_last_attempt(channel, happen, send, log, later, monkeypatch):
    monkeypatch.setattr(sending, "MOST_ATTEMPTS", 2)
    with WebServer((503, "")) as server:
        hook = channel("webhook", {"url": server.url})
        happen()
        send(hook)
        later()
        send(hook)
    assert log() == [("failed", 2, "", "channel_busy")]


def test_what_is_refused_for_good_keeps_nobody_waiting(channel, happen, send, log):
    with WebServer((410, "gone"), (200, "")) as server:
        hook = channel("webhook", {"url": server.url})
        happen()
        happen()
        send(hook)
    assert [row[0] for row in log()] == ["failed", "sent"]


def test_a_message_that_nobody_can_take_lets_the_others_pass(channel, happen, send, log, later):
    def judge(posted):
        return (500, "") if posted.json["facts"].get("bad") else (200, "")

    with WebServer(judge=judge) as server:
        hook = channel("webhook", {"url": server.url})
        happen(facts={"bad": "1"})
        happen(facts={})
        send(hook)
        assert [row[0] for row in log()] == ["waiting", "waiting"]
        later()
        send(hook)
    assert [row[0] for row in log()] == ["waiting", "sent"]


def test_a_dead_channel_keeps_no_other_waiting(channel, happen, send, log):
    with WebServer() as dead:
        gone = dead.url
    with WebServer() as server:
        first = channel("webhook", {"url": gone}, name="dead")
        second = channel("dingtalk", {"url": server.url}, name="alive")
        happen()
        send(first)
        send(second)
    assert sorted(row[0] for row in log()) == ["sent", "waiting"]


def test_a_channel_that_rests_is_left_alone_until_its_moment(channel, happen, send, log):
    with WebServer((500, ""), (200, "")) as server:
        hook = channel("webhook", {"url": server.url})
        happen()
        send(hook)
        happen()
        send(hook)
    assert len(server.received) == 1
    assert [row[:2] for row in log()] == [("waiting", 1), ("waiting", 0)]


def test_one_after_another_however_many_jobs(channel, happen, database, log):
    with WebServer() as server:
        ding = channel("dingtalk", {"url": server.url})
        for _ in range(6):
            happen()
        job = jobs.Job(database, SYSTEM)
        threads = [threading.Thread(target=tasks.send_task, args=(job, ding)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(server.received) == 6
    assert {row[:2] for row in log()} == {("sent", 1)}


def test_a_lost_worker_s_message_is_sent_again(channel, happen, send, log, database):
    with WebServer() as server:
        ding = channel("dingtalk", {"url": server.url})
        happen()
        with database.session(SYSTEM) as session:
            driver(session).execute(
                "update notification_delivery set state = 'sending', attempts = 1,"
                " sending_since = now() - interval '3 minutes'"
            )
            session.commit()
        tasks.look_again(jobs.Job(database, SYSTEM))
        assert waiting_jobs(database) == [False, False]
        send(ding)
    assert log()[0][:2] == ("sent", 2)


def test_an_event_of_a_refused_command_is_none(channel, database, company, log):
    channel("webhook", {"url": "http://127.0.0.1:1"})
    with database.session(company.callers["operator_a"]) as session:
        publish(session, Event("lot_held", company.a.store_id, "A lot is held back."))
    assert events(database) == 0
    assert log() == []


def test_by_hand_at_once(channel, happen, send, log, run, database):
    with WebServer((403, "no"), (500, ""), (200, "")) as server:
        hook = channel("webhook", {"url": server.url})
        happen()
        send(hook)
        assert log()[0][0] == "failed"
        with database.reading(SYSTEM) as session:
            delivery = driver(session).execute("select id from notification_delivery").fetchone()[0]
        run(send_again, SendAgain(delivery))
        send(hook)
        assert log()[0][:2] == ("waiting", 1)
        run(send_again, SendAgain(delivery))
        send(hook)
        assert log()[0][0] == "sent"
        with pytest.raises(AlreadySent):
            run(send_again, SendAgain(delivery))


def test_out_of_use_nothing_is_lost(channel, happen, send, log, run):
    with WebServer() as server:
        ding = channel("dingtalk", {"url": server.url})
        happen()
        run(use_channel, UseChannel(ding, active=False))
        send(ding)
        happen()  # no rule finds a channel that is out of use
        assert [row[0] for row in log()] == ["waiting"]
        run(use_channel, UseChannel(ding, active=True))
        send(ding)
    assert [row[0] for row in log()] == ["sent"]


def test_another_key_than_it_was_sealed_with(channel, happen, send, log, monkeypatch):
    hook = channel("webhook", {"url": "http://127.0.0.1:1"})
    monkeypatch.setenv("SAOKU_SECRET_KEY", "the key of another installation, long")
    happen()
    send(hook)
    assert log() == [("failed", 1, "", "channel_secret_unreadable")]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://169.254.169.254/latest/meta-data", "notification_address_refused"),
        ("https://10.1.2.3/", "notification_address_refused"),
        ("http://[::ffff:10.0.0.1]/", "notification_address_refused"),
        ("http://93.184.216.34/", "address_not_encrypted"),
    ],
)
def test_messages_go_nowhere_inside(url, code, channel, happen, send, log):
    """Also when the address was stored before the setting was narrowed."""
    hook = channel("webhook", {"url": url})
    happen()
    send(hook)
    assert log() == [("failed", 1, "", code)]


def test_a_redirect_is_not_followed(channel, happen, send, log):
    with WebServer((302, "")) as server:
        hook = channel("webhook", {"url": server.url})
        happen()
        send(hook)
    assert [one.path for one in server.received] == ["/"]
    assert log() == [("failed", 1, "", "channel_refused")]


def test_a_worker_sends_it_without_being_asked(channel, happen, log, postgres, database_name):
    with WebServer() as server:
        channel("dingtalk", {"url": server.url})
        happen()
        url = postgres.app_url(database_name)
        jobs.run_worker(url, role=postgres.app_role, until_empty=True)
    assert [row[0] for row in log()] == ["sent"]
    assert json.loads(server.received[0].body)["text"]["content"]
    assert TAKEN[1] == log()[0][2]


def test_a_server_that_sends_a_byte_at_a_time_is_left(channel, happen, send, log, monkeypatch):
    monkeypatch.setattr(posting, "MOST_SECONDS", 1)
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection, contextlib.suppress(OSError):
                while not stop.wait(0.05):
                    connection.send(b"H")

        thread = threading.Thread(target=drip)
        thread.start()
        hook = channel("webhook", {"url": f"http://127.0.0.1:{server.getsockname()[1]}"})
        happen()
        send(hook)
        stop.set()
        thread.join()
    assert log()[0][:2] == ("waiting", 1)


def test_what_is_long_over_is_forgotten(channel, happen, send, log, database):
    with WebServer() as server:
        ding = channel("dingtalk", {"url": server.url})
        happen()
        send(ding)
        happen()
    with database.session(SYSTEM) as session:
        for table in ("notification_event", "notification_delivery"):
            driver(session).execute(f"update {table} set created_at = now() - interval '181 days'")
        session.commit()
    happen(kind="lot_held")
    tasks.forget(jobs.Job(database, SYSTEM))
    assert [row[0] for row in log()] == ["waiting", "waiting"]
    assert events(database) == 2
