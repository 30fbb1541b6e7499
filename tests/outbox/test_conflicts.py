"""What was refused late waits until somebody has said what becomes of it."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from app.kit.ids import new_id
from tests.outbox.conftest import BREAD, HX, Device

UNKNOWN = "6909999999996"


@pytest.fixture
def late(device: Device) -> None:
    """A scan of an hour ago that is refused now."""
    assert device.scan_late(UNKNOWN).status_code == 409


def report(device: Device, about: str, event: str, note: str = "why", **content) -> object:
    fields = device.fields("", about_id=about, event=event, note=note, content=json.dumps(content))
    return device.send(fields, "/outbox/conflicts")


def the_refused(rows) -> str:
    [(found,)] = rows("select id from command where outcome = 'refused'")
    return str(found)


def waiting(desk) -> str:
    return desk.get("/outbox/conflicts").text.partition("<main")[2]


def settle(desk, about: str, **fields: str):
    data = {"command_id": str(new_id()), **fields}
    return desk.post(f"/outbox/conflicts/{about}/resolution", data=data, headers=HX)


def test_a_late_refusal_waits_for_the_supervisor(late, as_user) -> None:
    assert UNKNOWN in waiting(as_user("supervisor_a"))


def test_a_refusal_on_the_spot_does_not(device, as_user) -> None:
    assert device.scan(UNKNOWN).status_code == 409
    assert UNKNOWN not in waiting(as_user("supervisor_a"))


def test_nor_one_that_the_device_has_told_already(device, as_user) -> None:
    assert device.scan_late(UNKNOWN, told="true").status_code == 409
    assert UNKNOWN not in waiting(as_user("supervisor_a"))


def test_a_retry_that_succeeds_settles_it(device, late, as_user, rows) -> None:
    about = the_refused(rows)
    assert device.scan(BREAD, retry_of=about).is_success
    assert UNKNOWN not in waiting(as_user("supervisor_a"))


def test_it_is_taken_and_resolved_with_a_note(late, as_user, rows) -> None:
    about = the_refused(rows)
    desk = as_user("supervisor_a")
    taken = desk.post(
        f"/outbox/conflicts/{about}/taking", data={"command_id": str(new_id())}, headers=HX
    )
    assert taken.headers["HX-Redirect"] == "/outbox/conflicts"
    assert "supervisor_a" in waiting(desk)
    assert settle(desk, about, note="  ").status_code == 422
    assert settle(desk, about, note="linked the barcode").is_success
    assert UNKNOWN not in waiting(desk)
    assert settle(desk, about, note="again").status_code == 409
    assert "linked the barcode" in desk.get(f"/scans/{about}").text
    assert rows("select event, note from conflict_event order by id") == [
        ("taken", ""), ("resolved", "linked the barcode"),
    ]  # fmt: skip


def test_discarded_on_the_device_it_is_gone_but_not_forgotten(device, late, as_user, rows) -> None:
    about = the_refused(rows)
    assert report(device, about, "discarded", "scanned by mistake").is_success
    desk = as_user("supervisor_a")
    assert UNKNOWN not in waiting(desk)
    assert "scanned by mistake" in desk.get(f"/scans/{about}").text


def test_without_a_reason_nothing_is_put_aside(device, late, rows) -> None:
    assert report(device, the_refused(rows), "discarded", " ").status_code == 422
    assert rows("select count(*) from conflict_event") == [(0,)]


def test_what_the_server_never_saw_is_handed_over_with_its_content(device, as_user, rows) -> None:
    kept = {
        "fields": [["code", "NEVER-SEEN"]], "sequence": 77,
        "installation": str(device.installation), "answer": {"text": "500"},
    }  # fmt: skip
    about = str(uuid4())
    assert report(device, about, "handed_over", "would not go", **kept).is_success
    desk = as_user("supervisor_a")
    text = waiting(desk)
    assert "NEVER-SEEN" in text
    assert "would not go" in text
    assert settle(desk, about, note="booked by hand").is_success
    assert "NEVER-SEEN" not in waiting(desk)


def test_what_was_booked_after_all_cannot_be_put_aside(device, rows) -> None:
    fields = device.fields(BREAD)
    device.send(fields)
    answer = report(device, fields["command_id"], "discarded")
    assert answer.status_code == 409
    assert rows("select count(*) from conflict_event") == [(0,)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"about_id": "x"}, {"event": "resolved"}, {"content": "{"}, {"content": "[]"},
        {"content": '{"a": "' + "x" * 30_000 + '"}'},
    ],
)  # fmt: skip
def test_an_unreadable_report_is_refused(device, wrong) -> None:
    fields = device.fields(
        "", **{"about_id": str(uuid4()), "event": "discarded", "note": "n", **wrong}
    )
    assert device.send(fields, "/outbox/conflicts").status_code == 422


def test_odd_characters_in_the_content_are_kept(device) -> None:
    about = str(uuid4())
    assert report(device, about, "handed_over", "n", fields=[["code", "a\x00\x1db"]]).is_success


def test_operators_do_not_settle(device, late, as_user, rows) -> None:
    web = as_user("operator_a")
    assert web.get("/outbox/conflicts").status_code == 403
    assert settle(web, the_refused(rows), note="n").status_code == 403


def test_nobody_settles_what_is_none(as_user) -> None:
    assert settle(as_user("supervisor_a"), str(uuid4()), note="n").status_code == 404


# The numbers of the browsers ----------------------------------------------------------------------


def numbers(as_user) -> str:
    return as_user("supervisor_a").get("/outbox/devices").text.partition("<tbody>")[2]


def test_missing_numbers_are_named(device, as_user) -> None:
    for _ in range(2):
        device.scan(BREAD)
    device.number += 1
    device.scan(BREAD)
    device.number += 3
    device.scan(BREAD)
    assert "3, 5–7" in numbers(as_user)


def test_a_number_that_was_put_aside_is_not_missing(device, as_user) -> None:
    device.scan(BREAD)
    kept = {"sequence": 2, "installation": str(device.installation)}
    device.number = 2
    report(device, str(uuid4()), "discarded", "not needed", **kept)
    text = numbers(as_user)
    assert "无" in text
    assert "tag--bad" not in text


def test_a_clock_that_is_off_is_shown(device, as_user) -> None:
    device.scan_late(BREAD, sent_at="2020-01-01T00:00:00+00:00")
    assert "慢" in numbers(as_user)


def test_a_cloned_device_says_that_it_has_a_new_number(device, as_user) -> None:
    was = str(uuid4())
    assert device.send(device.fields("", was=was), "/outbox/devices").is_success
    assert "编号相同" in numbers(as_user)


def test_a_late_scan_that_succeeds_is_no_conflict(device, as_user) -> None:
    assert device.scan_late(BREAD, timedelta(days=1)).is_success
    assert "problem__text" not in waiting(as_user("supervisor_a"))
