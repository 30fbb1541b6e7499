"""The scan log: every scan is in it, with what the device said of itself."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors

from app.access import roles
from app.catalog.commands import AddBarcode, add_barcode
from app.kit import clock
from app.kit.ids import new_id
from tests.outbox.conftest import BREAD, Device

DAY = timedelta(days=1)


def test_a_scan_is_in_the_log_with_its_device(device: Device, rows) -> None:
    assert device.scan(BREAD).is_success
    found = rows("select code, source, user_id, installation, sequence, outcome from scan_log")
    assert found == [(BREAD, "wedge", device.user_id, device.installation, 1, "done")]


def test_refused_and_unreadable_scans_are_in_the_log_too(device: Device, rows) -> None:
    assert device.scan("6901234567899").status_code in {409, 422}
    assert device.scan("x" * 9000).status_code == 422
    assert rows("select outcome, length(code) > 0 from scan_log") == [("refused", True)] * 2


def test_a_scan_that_only_looks_is_in_the_log(device: Device, rows) -> None:
    device.send(device.fields(BREAD), "/receiving/scans")
    device.send(device.fields("nobody knows"), "/receiving/scans")
    found = rows("select kind, code, outcome from scan_log order by sequence")
    assert found == [
        ("receiving.find_work", BREAD, "done"), ("receiving.find_work", "nobody knows", "refused"),
    ]  # fmt: skip


def test_a_right_withdrawn_meanwhile_is_a_refusal_and_leaves_no_gap(
    device: Device, rows, database, monkeypatch
) -> None:
    monkeypatch.setitem(roles.CAPABILITIES, "receive", frozenset())
    fields = device.fields(BREAD)
    answer = device.send(fields)
    assert answer.status_code == 403
    assert rows("select sequence, outcome, answer ->> 'code' from scan_log") == [
        (1, "refused", "capability_missing")
    ]
    # The answer stays the same when the right comes back: this one was refused.
    monkeypatch.undo()
    assert device.send(fields).status_code == 403
    assert device.scan(BREAD).is_success


@pytest.mark.parametrize("off", [timedelta(days=365), -timedelta(days=365), timedelta(seconds=30)])
def test_a_wrong_clock_is_put_right_and_recorded(device: Device, rows, off) -> None:
    theirs = clock.now() + off
    triggered = theirs - timedelta(minutes=5)
    assert device.scan(
        BREAD, occurred_at=triggered.isoformat(), sent_at=theirs.isoformat()
    ).is_success
    [(age, offset)] = rows("select recorded_at - occurred_at, clock_offset from scan_log")
    assert timedelta(minutes=4) < age < timedelta(minutes=6)
    assert abs(offset + off) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "sent_at", ["", "yesterday", "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-12:00", "x" * 99]
)
def test_an_odd_clock_breaks_nothing(device: Device, rows, sent_at) -> None:
    assert device.scan(BREAD, sent_at=sent_at).is_success
    far = device.scan(BREAD, occurred_at="9999-12-31T23:59:59+00:00", sent_at=sent_at)
    assert far.is_success
    assert rows("select bool_and(occurred_at <= recorded_at + interval '1 s') from scan_log") == [
        (True,)
    ]


def test_a_number_is_given_once(device: Device, rows) -> None:
    device.scan(BREAD)
    device.number = 0
    fields = device.fields(BREAD)
    assert device.send(fields).status_code == 428
    fields["installation"] = str(new_id())
    assert device.send(fields).is_success
    assert rows("select count(*), count(distinct installation) from scan_log") == [(2, 2)]


def test_a_refusal_with_a_taken_number_is_no_answer_either(device: Device, rows) -> None:
    device.scan(BREAD)
    device.number = 0
    assert device.scan("nobody knows").status_code == 428
    assert rows("select count(*) from scan_log") == [(1,)]


def test_another_persons_command_is_not_booked_under_this_one(
    device: Device, rows, company
) -> None:
    fields = device.fields(BREAD, user=company.users["supervisor_a"])
    assert device.send(fields).status_code == 401
    assert rows("select count(*) from scan_log") == [(0,)]


def test_the_log_is_searched_by_code_person_and_result(device: Device, as_user) -> None:
    device.scan(BREAD)
    device.scan("nobody knows")
    desk = as_user("supervisor_a")

    def codes(query: str) -> tuple[bool, bool]:
        text = desk.get(f"/scans?{query}").text
        return BREAD in text.partition("<tbody>")[2], "nobody knows" in text.partition("<tbody>")[2]

    assert codes("") == (True, True)
    assert codes(f"code={BREAD[3:9]}") == (True, False)
    assert codes("outcome=refused") == (False, True)
    assert codes("user=operator_a") == (True, True)
    assert codes("user=somebody") == (False, False)
    assert codes(f"installation={device.installation}") == (True, True)
    assert codes(f"installation={uuid4()}") == (False, False)
    assert codes(f"since={clock.today() + 2 * DAY}") == (False, False)


def test_odd_filters_are_no_fault_of_ours(as_user) -> None:
    desk = as_user("supervisor_a")
    for query in (
        "since=x&until=9999-12-31",
        "installation=1",
        "store=%00",
        "code=%25_%5C",
        "cursor=x",
    ):
        assert desk.get(f"/scans?{query}").status_code < 500, query


def test_one_scan_says_what_its_code_means_today(device: Device, as_user, rows) -> None:
    fields = device.fields(f"]C101{BREAD}10L7")
    device.send(fields)
    desk = as_user("supervisor_a")
    text = desk.get(f"/scans/{fields['command_id']}").text
    assert "BREAD" in text
    assert "L7" in text
    assert desk.get(f"/scans/{uuid4()}").status_code == 404


def test_another_store_sees_nothing_of_it(device: Device, as_user, company) -> None:
    fields = device.fields("nobody knows")
    device.send(fields)
    web = as_user("operator_b")
    assert web.get("/scans").status_code == 403
    area = as_user("headquarters")
    assert "nobody knows" in area.get("/scans").text


def test_a_refused_scan_is_run_again_by_a_supervisor(
    device: Device, as_user, rows, company, run
) -> None:

    fields = device.fields("6909999999996")
    assert device.send(fields).status_code == 409
    run(add_barcode, AddBarcode(company.items["bread"], "6909999999996", None))
    rows_before = rows("select count(*) from receipt_line")
    desk = as_user("supervisor_a")
    again = {"command_id": str(new_id())}
    refused = desk.post(f"/scans/{fields['command_id']}/reruns", data=again)
    # The receipt is the operator's: taken over first, as on its own screen.
    assert refused.status_code == 409
    assert rows("select count(*) from receipt_line") == rows_before
    takeover = {"command_id": str(new_id()), "holder_id": company.users["operator_a"]}
    assert desk.post(f"/receiving/{device.receipt}/takeover", data=takeover).status_code == 303
    done = desk.post(f"/scans/{fields['command_id']}/reruns", data={"command_id": str(new_id())})
    assert done.status_code == 303, done.text
    assert rows("select count(*) from receipt_line") == [(rows_before[0][0] + 1,)]
    twice = desk.post(f"/scans/{again['command_id']}/reruns", data={"command_id": str(new_id())})
    assert twice.status_code in {303, 409}


def test_what_was_done_is_not_run_again(device: Device, as_user) -> None:
    fields = device.fields(BREAD)
    device.send(fields)
    desk = as_user("supervisor_a")
    answer = desk.post(f"/scans/{fields['command_id']}/reruns", data={"command_id": str(new_id())})
    assert answer.status_code == 409


def test_the_events_are_append_only(owner_url, device: Device) -> None:
    report = device.fields("", about_id=new_id(), event="discarded", note="twice", content="{}")
    assert device.send(report, "/outbox/conflicts").is_success
    with psycopg.connect(owner_url) as owner, pytest.raises(errors.RestrictViolation):
        owner.execute("update conflict_event set note = ''")
