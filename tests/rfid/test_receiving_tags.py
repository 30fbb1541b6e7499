"""From the reader's request to the receipt lines: each tag once, whatever is repeated."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from litestar.testing import TestClient

from app.access.secrets import new_token, token_hash
from app.kit import clock, ids
from app.kit.database import SYSTEM, driver
from app.receiving import tags
from app.receiving.commands import OrderLine, TakeOverReceipt, take_over_receipt
from app.receiving.tag_problems import NothingToTake, SessionElsewhere
from app.rfid import commands as rfid
from app.scanning.check_digits import check_digit
from app.scanning.epc_tags import identity_of, tag_for
from tests.harness import GTINS
from tests.receiving.conftest import BREAD, CASE, MILK, OVEN, Dock, dock

__all__ = ["dock"]
UNKNOWN = "06901234533330"


def epc(gtin: str, serial: int | str, scheme: str = "") -> str:
    uri = identity_of(gtin=gtin, serial=str(serial), company_prefix_length=7)
    return tag_for(uri, scheme).hex


def sscc(number: int) -> str:
    body = f"0690123400000{number:04d}"
    return tag_for(identity_of(sscc=body + check_digit(body), company_prefix_length=7)).hex


class Reader:
    """A posting reader with the token of one person."""

    def __init__(self, dock: Dock, web: TestClient) -> None:
        self.dock, self.web = dock, web

    def as_(self, login: str) -> Reader:
        token = new_token()
        with self.dock.database.session(SYSTEM) as session:
            driver(session).execute(
                "insert into api_token (name, token_hash, user_id) values ('reader', %s, %s)",
                [token_hash(token), self.dock.company.users[login]],
            )
            session.commit()
        self.web.headers["Authorization"] = f"Bearer {token}"
        return self

    def post(self, path: str, body: object = None, **headers: str):
        return self.web.post(f"/api/v1{path}", json=body or {}, headers=headers)

    def reads(self, epcs: list[str], session: str = "GATE", **more: object) -> dict:
        body = {"session": session, "reader": "dock 1", "reads": [{"epc": one} for one in epcs]}
        answer = self.post("/rfid/reads", {**body, **more})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def tally(self, session_id: int) -> dict:
        return self.web.get(f"/api/v1/rfid/sessions/{session_id}").json()

    def take(self, session_id: int, status: int = 201, **wanted: object) -> dict:
        body = {"session_id": session_id, **wanted}
        path = f"/receipts/{self.dock.receipt_id}/tags"
        answer = self.post(path, body, **{"Idempotency-Key": str(ids.new_id())})
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
def reader(dock: Dock, web: TestClient) -> Reader:
    return Reader(dock, web).as_("operator_a")


def order_of(dock: Dock, **quantities: str) -> int:
    lines = [
        OrderLine(GTINS[name], Decimal(quantity), unit_price=Decimal("2.26"))
        for name, quantity in quantities.items()
    ]
    return dock.order(*lines)


# Reading ------------------------------------------------------------------------------------------


def test_a_session_counts_each_tag_once(reader: Reader) -> None:
    first = reader.reads([epc(BREAD, 1), epc(BREAD, 2), epc(BREAD, 1), sscc(1), "zz"])
    assert (first["tags"], first["new"], first["invalid"], first["reads"]) == (3, 4, 1, 5)
    again = reader.reads([epc(BREAD, 2), epc(BREAD, 3, "sgtin-198"), epc(UNKNOWN, 1)])
    assert (again["session_id"], again["new"]) == (first["session_id"], 2)
    shown = reader.tally(first["session_id"])
    counted = {row["gtin"]: (row["name"], row["tags"]) for row in shown["items"]}
    assert counted == {BREAD: ("可颂", 3), UNKNOWN: (None, 1)}
    assert [row["known"] for row in shown["units"]] == [False]
    assert [row["problem"] for row in shown["odd"]] == ["It is neither hex digits nor an EPC URI."]
    assert shown["head"]["reads"] == 8


def test_the_same_request_again_counts_nothing(reader: Reader) -> None:
    sent = [epc(BREAD, 1), epc(BREAD, 1)]
    assert reader.reads(sent) == reader.reads(sent)
    session_id = reader.reads(sent)["session_id"]
    assert reader.tally(session_id)["head"]["reads"] == 2


def test_a_reader_without_a_session_goes_on_with_its_own(reader: Reader) -> None:
    first = reader.reads([epc(BREAD, 1)], session="")
    assert first["session"].startswith("RF-")
    assert reader.reads([epc(BREAD, 2)], session="")["session_id"] == first["session_id"]
    key = {"Idempotency-Key": str(ids.new_id())}
    closed = reader.post(f"/rfid/sessions/{first['session_id']}/closure", **key)
    assert closed.json()["state"] == "done"
    assert reader.reads([epc(BREAD, 3)], session="")["session_id"] != first["session_id"]
    late = {"session": first["session"], "reads": [{"epc": epc(BREAD, 4)}]}
    refused = reader.post("/rfid/reads", late)
    assert (refused.status_code, refused.json()["code"]) == (409, "rfid_session_closed")


def test_ten_thousand_tags_at_once(reader: Reader) -> None:
    sent = [epc(BREAD, number) for number in range(2000)]
    many = [f"{one[:-4]}{number % 10000:04X}" for number, one in enumerate(sent * 5)]
    answer = reader.reads(many)
    assert answer["reads"] == 10_000
    assert answer["tags"] == len(set(many))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "reads_unusable"),
        ({"reads": [{"epc": 1}]}, "reads_unusable"),
        ({"reads": [], "session": "x" * 81}, "reads_unusable"),
        ({"reads": ["30"] * 20_001}, "too_many_reads"),
    ],
)
def test_bad_requests_are_named(reader: Reader, body: dict, code: str) -> None:
    refused = reader.post("/rfid/reads", body)
    assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_another_stores_session_is_not_there(reader: Reader, dock: Dock) -> None:
    session_id = reader.reads([epc(BREAD, 1)])["session_id"]
    dock.open(order_of(dock, bread="5"))
    reader.as_("operator_b")
    assert reader.web.get(f"/api/v1/rfid/sessions/{session_id}").status_code == 404
    key = {"Idempotency-Key": str(ids.new_id())}
    assert reader.post(f"/rfid/sessions/{session_id}/closure", **key).status_code == 404
    assert reader.reads([epc(BREAD, 1)])["session_id"] != session_id  # the same name in store B
    assert reader.take(session_id, 404)["code"] == "no_such_rfid_session"


# Receiving ----------------------------------------------------------------------------------------


def test_a_burst_becomes_lines_once(reader: Reader, dock: Dock) -> None:
    order = order_of(dock, bread="10", oven="2")
    dock.open(order)
    burst = [epc(BREAD, n) for n in range(4)] + [epc(CASE, 1), epc(OVEN, "A7"), epc(OVEN, "A8")]
    session_id = reader.reads([*burst, sscc(5), epc(UNKNOWN, 1)])["session_id"]
    done = reader.take(session_id)
    assert (done["tags"], done["units"]) == (7, 1)
    assert {one["code"]: one["count"] for one in done["left"]} == {"no_item": 1}
    assert dock.on_hand("bread") == 10  # four pieces and a case of six
    assert dock.on_hand("oven") == 2
    assert dock.line(order, 1) == (Decimal(10), Decimal("22.60"))
    assert dock.rows("select code from lot where item_id = %s order by code",
                     dock.company.items["oven"]) == [("A7",), ("A8",)]  # fmt: skip
    # Read again by another reader, in another session, and taken again: nothing more comes in.
    other = reader.reads(burst, session="SECOND")["session_id"]
    for session in (session_id, other):
        assert reader.take(session, 409)["code"] == "no_tags_to_receive"
    assert dock.on_hand("bread") == 10
    assert dock.one("select count(*) from taken_tag") == 7


def test_a_lost_answer_is_given_again(reader: Reader, dock: Dock) -> None:
    dock.open(order_of(dock, bread="10", oven="2"))
    session_id = reader.reads([epc(BREAD, 1), epc(OVEN, "A7")])["session_id"]
    path, key = f"/receipts/{dock.receipt_id}/tags", {"Idempotency-Key": str(ids.new_id())}
    first, again = (reader.post(path, {"session_id": session_id}, **key) for _ in "12")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (dock.on_hand("bread"), dock.on_hand("oven")) == (1, 1)


def test_what_was_taken_back_can_come_in_again(reader: Reader, dock: Dock) -> None:
    dock.open(order_of(dock, bread="10", oven="2"))
    session_id = reader.reads([epc(BREAD, 1), epc(BREAD, 2), epc(OVEN, "A7")])["session_id"]
    reader.take(session_id)
    dock.press("UNDO")
    assert (dock.on_hand("bread"), dock.on_hand("oven")) == (0, 0)
    assert reader.take(session_id)["tags"] == 3
    assert (dock.on_hand("bread"), dock.on_hand("oven")) == (2, 1)


def test_a_serial_in_stock_is_left_out_also_by_another_receipt(reader: Reader, dock: Dock) -> None:
    dock.open(order_of(dock, oven="5"))
    reader.take(reader.reads([epc(OVEN, "A7")])["session_id"])
    dock.open(order_of(dock, oven="5"))
    session_id = reader.reads([epc(OVEN, "A7"), epc(OVEN, "A8")], session="TWO")["session_id"]
    done = reader.take(session_id, again=True)
    assert done["tags"] == 1
    assert [one["code"] for one in done["left"]] == ["serial_in_stock"]
    assert dock.on_hand("oven") == 2


def test_goods_that_left_and_came_back_are_counted_when_a_person_says_so(
    reader: Reader, dock: Dock
) -> None:
    dock.open(order_of(dock, bread="5"))
    session_id = reader.reads([epc(BREAD, 1)])["session_id"]
    reader.take(session_id)
    dock.open(order_of(dock, bread="5"))
    assert reader.take(session_id, 409)["code"] == "no_tags_to_receive"
    assert reader.take(session_id, again=True)["tags"] == 1
    assert reader.take(session_id, 409, again=True)["code"] == "no_tags_to_receive"
    assert dock.on_hand("bread") == 2


def test_more_than_ordered_waits_for_a_person(reader: Reader, dock: Dock) -> None:
    tolerance = {"over_receipt_tolerance": Decimal("0.5")}
    order = dock.order(OrderLine(BREAD, Decimal(4), unit_price=Decimal("2.26"), **tolerance))
    dock.open(order)
    session_id = reader.reads([epc(BREAD, n) for n in range(5)])["session_id"]
    assert reader.take(session_id, 409)["code"] == "no_tags_to_receive"
    assert reader.take(session_id, accepted=[BREAD])["tags"] == 5
    more = reader.reads([epc(BREAD, n) for n in range(5, 9)])["session_id"]
    assert reader.take(more, 409, accepted=[BREAD])["code"] == "no_tags_to_receive"
    assert dock.on_hand("bread") == 5


def test_lot_and_date_are_said_by_a_person(reader: Reader, dock: Dock) -> None:
    dock.open(order_of(dock, milk="4", flour="9"))
    session_id = reader.reads([epc(MILK, n) for n in range(3)])["session_id"]
    assert reader.take(session_id, 409)["code"] == "no_tags_to_receive"
    assert reader.take(session_id, 422, lots={MILK: {"expires_on": "soon"}})["code"] == "not_a_date"
    assert reader.take(session_id, 409, lots={MILK: {"lot": "N1"}})["code"] == "no_tags_to_receive"
    good = (clock.today() + timedelta(days=10)).isoformat()
    days = {MILK: {"lot": "N1", "expires_on": good}}
    taken = reader.take(session_id, lots=days)
    assert taken["tags"] == 3
    assert dock.on_hand("milk") == 3
    assert dock.one("select expires_on::text from lot where code = 'N1'") == good


def test_two_people_who_receive_the_same_tags_at_once_count_them_once(
    reader: Reader, dock: Dock
) -> None:
    burst = [epc(BREAD, number) for number in range(30)]
    sessions = [reader.reads(burst, session=name)["session_id"] for name in ("ONE", "TWO")]
    receipts = [dock.open(order_of(dock, bread="40")) for _ in sessions]
    start = Barrier(2)

    def take(place: int) -> int:
        start.wait()
        try:
            command = tags.TakeTags(receipts[place], sessions[place])
            return dock.run(tags.take_tags, command, caller=dock.caller).tags
        except NothingToTake:
            return 0

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, (0, 1))) == [0, 30]
    assert dock.on_hand("bread") == 30


def test_only_what_the_screen_showed_is_taken(reader: Reader, dock: Dock) -> None:
    dock.open(order_of(dock, bread="9"))
    session_id = reader.reads([epc(BREAD, 1)])["session_id"]
    newest = reader.tally(session_id)["head"]["newest"]
    reader.reads([epc(BREAD, 2)])
    assert reader.take(session_id, up_to=newest)["tags"] == 1
    assert reader.take(session_id)["tags"] == 1


def test_a_session_of_another_store_is_refused(reader: Reader, dock: Dock) -> None:
    dock.open(order_of(dock, bread="9"))
    away = rfid.OpenSession(dock.company.b.store_id, "B-GATE")
    opened = dock.run(rfid.open_session, away, caller=dock.company.callers["area_manager"])
    command = tags.TakeTags(dock.receipt_id, opened.session_id)
    holder = dock.company.users["operator_a"]
    taking = TakeOverReceipt(dock.receipt_id, holder)
    dock.run(take_over_receipt, taking, caller=dock.company.callers["area_manager"])
    with pytest.raises(SessionElsewhere):
        dock.run(tags.take_tags, command, caller=dock.company.callers["area_manager"])


def test_a_thousand_serials_in_one_command(reader: Reader, dock: Dock) -> None:
    order = order_of(dock, oven="400")
    dock.open(order)
    session_id = reader.reads([epc(OVEN, n) for n in range(1, 401)])["session_id"]
    assert reader.take(session_id)["tags"] == 400
    assert dock.line(order)[0] == 400
    assert dock.one("select count(distinct lot_id) from receipt_line") == 400


def test_encoding_by_the_api(reader: Reader) -> None:
    made = reader.post("/rfid/encode", {"gtin": BREAD, "serial": "7", "filter": 1})
    assert made.status_code == 201, made.text
    assert made.json()["tag_uri"] == "urn:epc:tag:sgtin-96:1.6901234.056789.7"
    for wrong in (
        {"gtin": BREAD},
        {"gtin": BREAD, "serial": "A", "scheme": "sgtin-96"},
        {"epc_uri": "urn:epc:id:none:1"},
        {"gtin": BREAD, "serial": "1", "filter": 9},
    ):
        refused = reader.post("/rfid/encode", wrong)
        assert (refused.status_code, refused.json()["code"]) == (422, "epc_not_encodable"), wrong
    assert reader.post("/rfid/encode", {"tag": 1}).status_code == 422


# Screens ------------------------------------------------------------------------------------------


def test_the_screens_lead_from_reading_to_receiving(
    reader: Reader, as_user: Callable[[str], TestClient], dock: Dock
) -> None:
    dock.open(order_of(dock, bread="3", milk="2"))
    session_id = reader.reads([epc(BREAD, n) for n in range(5)] + [epc(MILK, 1), "zz", sscc(1)])[
        "session_id"
    ]
    del reader.web.headers["Authorization"]
    signed_in = as_user("operator_a")
    assert "GATE" in signed_in.get("/rfid").text
    shown = signed_in.get(f"/rfid/{session_id}").text
    assert "可颂" in shown
    assert 'hx-trigger="every 1s"' in shown
    assert 'hx-target="#step"' in signed_in.get(f"/rfid/{session_id}/tally").text
    way = signed_in.get(f"/rfid/{session_id}/receipts", follow_redirects=False)
    place = f"/rfid/{session_id}/receipts/{dock.receipt_id}"
    assert way.headers["location"] == place
    burst = signed_in.get(place).text
    assert f'name="lot.{MILK}"' in burst
    good = (clock.today() + timedelta(days=10)).isoformat()
    data = {
        "_csrf": "csrf",
        "command_id": str(ids.new_id()),
        f"lot.{MILK}": "N9",
        f"expires_on.{MILK}": good,
    }
    looked = signed_in.post(place, data={**data, "look": "1"}).text
    assert dock.on_hand("milk") == 0
    assert "N9" in looked
    done = signed_in.post(place, data=data, follow_redirects=False)
    assert done.headers["location"] == f"/receiving/{dock.receipt_id}", done.text
    assert dock.on_hand("milk") == 1
    again = signed_in.post(place, data={**data, "command_id": str(ids.new_id())})
    assert again.status_code == 409
    closing = {"_csrf": "csrf", "command_id": str(ids.new_id())}
    signed_in.post(f"/rfid/{session_id}/closure", data=closing)
    assert "every 1s" not in signed_in.get(f"/rfid/{session_id}").text
    begun = signed_in.post("/rfid", data=closing | {"command_id": str(ids.new_id())})
    assert "RF-" in signed_in.get(begun.headers["location"]).text
