"""Radio tags that are counted: each once in a round, the rest named with its reason."""

from __future__ import annotations

from typing import Any

import pytest

from app.counting import problems
from app.counting.tags import CountTags, TagsCounted, count_tags
from app.kit.database import SYSTEM, driver
from app.kit.ids import new_id
from app.rfid import commands as rfid
from app.rfid.reading import Read, digest_of, reads_in
from app.scanning.check_digits import check_digit
from app.scanning.epc_tags import identity_of, tag_for
from tests.counting.counters import Counters
from tests.harness import GTINS
from tests.rfid.test_receiving_tags import UNKNOWN, epc, sscc

pytestmark = pytest.mark.usefixtures("verified")


class Tags:
    """A reader in store A."""

    def __init__(self, counters: Counters) -> None:
        self.counters = counters

    def read(self, *epcs: str, session: str = "GATE") -> int:
        body = {"reads": [{"epc": one} for one in epcs]}
        reads: list[Read] = reads_in(body)
        company = self.counters.company
        command = rfid.RecordReads(company.a.store_id, session, "R1", digest_of(body), len(reads))
        who = self.counters.who("operator_a")
        return self.counters.do(rfid.recording(reads), command, who).session_id

    def count(self, login: str, task: int, session_id: int, up_to: int = 0) -> TagsCounted:
        command = CountTags(task, session_id, up_to)
        return self.counters.do(count_tags, command, self.counters.who(login))

    def lines(self, task: int) -> list[tuple[Any, ...]]:
        return self.counters.rows(
            "select item.code, lot.code, sum(quantity), count(*), bool_or(is_unexpected)"
            " from count_line join item on item.id = item_id left join lot on lot.id = lot_id"
            " where task_id = %s and undone_at is null group by 1, 2 order by 1, 2",
            task,
        )


def why(done: TagsCounted) -> dict[str, int]:
    return {one.code: one.count for one in done.left}


BREADS = [epc(GTINS["bread"].zfill(14), serial) for serial in (1, 2, 3)]
CASE = epc("16901234567899", 7)
OVEN, MILK = epc(GTINS["oven"].zfill(14), "S1"), epc(GTINS["milk"].zfill(14), 9)


def test_a_burst_is_counted_once_and_named_where_it_is_not(counters: Counters) -> None:
    counters.stock("bread", "10")
    made, tags = counters.make(), Tags(counters)
    task = counters.take("operator_a", "shelf1")
    session = tags.read(*BREADS[:2], BREADS[0], CASE, OVEN, MILK, epc(UNKNOWN, 1), sscc(1))
    done = tags.count("operator_a", task, session)
    assert (done.tags, done.unexpected) == (4, 1)
    assert why(done) == {"lot_unknown": 1, "no_item": 1, "unit_unknown": 1}
    assert tags.lines(task) == [("BREAD", None, 8, 3, False), ("OVEN", "S1", 1, 1, True)]
    with pytest.raises(problems.NoTagsToCount):
        tags.count("operator_a", task, session)
    tags.read(*BREADS, session="GATE")
    again = tags.count("operator_a", task, session)
    assert (again.tags, why(again)["counted_here"]) == (1, 4)
    counters.press("operator_a", task, "UNDO")
    assert tags.lines(task)[0][2:4] == (8, 3), "the last burst is taken back as a whole"
    counters.press("operator_a", task, "DONE")

    other = counters.take("supervisor_a", "shelf2", made.count_id)
    second = tags.count("supervisor_a", other, session)
    assert (second.tags, why(second)["counted_elsewhere"]) == (1, 4)
    counters.press("supervisor_a", other, "DONE")
    counters.count("operator_a", "dock")
    counters.reason(made.count_id)
    counters.post(made.count_id)
    assert counters.on_hand("bread", "shelf1") == 8
    assert counters.on_hand("bread", "shelf2") == 1
    assert counters.on_hand("oven", "shelf1", "S1") == 1


def test_where_tags_cannot_be_counted(counters: Counters) -> None:
    bread, tags = counters.company.items["bread"], Tags(counters)
    counters.stock("bread", "10")
    counters.stock("flour", "1", "shelf1")
    made = counters.make("item", item_ids=(bread,))
    session = tags.read(BREADS[0], OVEN)
    task = counters.next("operator_a", count_id=made.count_id).task_id
    with pytest.raises(problems.LocationFirst):
        tags.count("operator_a", task, session)
    counters.scan("operator_a", task, "SK:LA-SHELF1")
    assert why(tags.count("operator_a", task, session)) == {"only_this_item": 1}
    elsewhere = rfid.RecordReads(counters.company.b.store_id, "B", "R", "x", 0)
    opened = counters.do(rfid.recording([]), elsewhere, counters.who("operator_b"))
    with pytest.raises(problems.Problem):
        tags.count("operator_a", task, opened.session_id)


def test_a_pallet_is_counted_whole_unless_its_pieces_are_read(counters: Counters) -> None:
    tags, body = Tags(counters), "00690123400000001"
    code = body + check_digit(body)
    with counters.run.database.session(SYSTEM) as session:
        made = "insert into logistic_unit (store_id, sscc) values (%s, %s) returning id"
        row = driver(session).execute(made, [counters.company.a.store_id, code]).fetchone()
        session.commit()
    assert row
    counters.stock("bread", "12", logistic_unit_id=row[0])
    counters.make()
    task = counters.take("operator_a", "shelf1")
    pallet = tag_for(identity_of(sscc=code, company_prefix_length=7)).hex
    done = tags.count("operator_a", task, tags.read(pallet, BREADS[0]))
    assert (done.tags, why(done)) == (1, {"pieces_read": 1})
    counters.press("operator_a", task, "UNDO")
    whole = tags.read(pallet, session="GATE2")
    assert tags.count("operator_a", task, whole).tags == 1
    assert tags.lines(task) == [("BREAD", None, 12, 1, False)]
    with pytest.raises(problems.NoTagsToCount):
        tags.count("operator_a", task, whole)


def test_the_pages(counters: Counters, as_user: Any) -> None:
    counters.stock("bread", "10")
    counters.make()
    task, tags = counters.take("operator_a", "shelf1"), Tags(counters)
    web, here = as_user("operator_a"), f"/counting/{task}"
    assert f"{here}/tags" in web.get(here).text
    assert (
        "还没有读到" in web.get(f"{here}/tags").text or web.get(f"{here}/tags").status_code == 200
    )
    session = tags.read(BREADS[0], BREADS[1], epc(UNKNOWN, 1))
    assert "GATE" in web.get(f"{here}/tags").text
    page = web.get(f"{here}/tags/{session}").text
    assert "可颂" in page
    assert UNKNOWN in page
    state = web.get(f"{here}/tags/{session}/tally", headers={"HX-Request": "true"})
    assert state.status_code == 200
    form = {"_csrf": "csrf", "command_id": str(new_id()), "up_to": "0"}
    counted = web.post(f"{here}/tags/{session}", data=form)
    assert counted.headers["location"] == f"{here}/tags/{session}"
    form["command_id"] = str(new_id())
    assert web.post(f"{here}/tags/{session}", data=form).status_code == 409
    assert tags.lines(task) == [("BREAD", None, 2, 2, False)]
