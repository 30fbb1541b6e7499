"""Stories of costing through the posting code: those that are here, and the public ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli import main
from app.kit.config import Settings
from app.kit.servers import Server
from app.scenarios.check import judge
from app.scenarios.cli import check
from app.scenarios.events import moments
from app.scenarios.problems import ScenarioFileMissing, ScenarioUnreadable
from app.scenarios.reading import read_file
from app.scenarios.replay import replay_or_fail
from app.scenarios.scratch import Scratch
from tests import harness

HERE = Path(__file__).parent
PUBLIC = Settings.from_environment().shared_data / "costing"
# Where the public stories are, those that were taken from them would only run twice.
FILES = [HERE / "combined.json"] if PUBLIC.is_dir() else sorted(HERE.glob("*.json"))
pytestmark = pytest.mark.ledger


@pytest.fixture(scope="module")
def place(postgres):
    """One scratch database for every story."""
    with harness.fresh_database(postgres) as name:
        opened = Scratch(Server(postgres.url(name), postgres.app_url(name), postgres.app_role))
        yield opened
        opened.close()


def wrong(place: Scratch, file: Path) -> list[str]:
    """Each story that counts and differs, with its first difference."""
    verdicts = [judge(one, replay_or_fail(place, one)) for one in read_file(file)]
    return [f"{v.scenario_id}: {v.difference}" for v in verdicts if v.counts and v.difference]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_stories(place, file) -> None:
    assert wrong(place, file) == []


@pytest.mark.shared_data
@pytest.mark.skipif(not PUBLIC.is_dir(), reason="the public scenarios of SAOKU_SHARED_DATA")
@pytest.mark.parametrize("name", ["erpnext", "odoo", "textbook", "tryton"])
def test_public_scenarios(place, name) -> None:
    assert wrong(place, PUBLIC / f"{name}.json") == []


def test_a_wrong_figure_is_noticed(place, tmp_path, capsys) -> None:
    story = json.loads((HERE / "combined.json").read_text())["scenarios"][2]
    story["events"][1]["expect_cogs"] = "24.01"
    file = tmp_path / "one.json"
    file.write_text(json.dumps(story))
    told = read_file(file)
    results = iter([replay_or_fail(place, told[0])])
    assert check(told, results) == 1
    assert "e2.cogs: expected 24.01, found 24" in capsys.readouterr().out


def test_nothing_leaks_from_story_to_story(place) -> None:
    told = read_file(HERE / "combined.json")[2]
    assert replay_or_fail(place, told) == replay_or_fail(place, told)


def test_the_command_line_beside_a_company(postgres, monkeypatch, capsys) -> None:
    """The scratch database lies on the same server, and is gone afterwards."""
    monkeypatch.setenv("SAOKU_DATABASE_URL", postgres.url("postgres"))
    assert main(["costing", "replay", str(HERE / "transfers.json"), "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["verify"] for line in lines] == ["ok", "ok"]
    assert lines[1]["events"][4]["value"] == "90"
    assert main(["costing", "replay", str(HERE / "missing.json")]) == 1


# Files ------------------------------------------------------------------------------------------

RECEIVE = {"id": "e1", "type": "receive", "item": "P", "qty": "1", "unit_cost": "1"}


def story(*events: dict[str, object], **more: object) -> str:
    return json.dumps({"id": "s", "method": "fifo", "events": list(events), **more})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "JSON"),
        ("[3]", "scenario 1"),
        ('{"scenarios": {}}', "there is no list"),
        (json.dumps({"scenarios": [{"id": "s"}]}), "Object missing"),
        (story({"id": "e1", "type": "fly"}), "Invalid value 'fly'"),
        (story({**RECEIVE, "qty": "-1"}), "qty -1 is not more than zero"),
        (story({**RECEIVE, "qty": "NaN"}), "is no number"),
        (story({**RECEIVE, "qty": "1e40"}), "too many digits"),
        (story({**RECEIVE, "qty": "many"}), "events[0].qty"),
        (story({**RECEIVE, "unit_cost": None}), "either unit_cost or total_cost"),
        (story({**RECEIVE, "date": "2025-02-30"}), "is no date"),
        (story(RECEIVE, RECEIVE), "is there twice"),
        (story({"id": "e1", "type": "return_in", "of": "e0", "qty": "1"}), "of e0"),
        (
            story(
                RECEIVE,
                {"id": "e2", "type": "landed_cost", "amount": "1", "allocate": "manual",
                 "targets": ["e1"]},
            ),
            "basis needs a number",
        ),
        (story(currency_decimals=9), "currency_decimals"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(tmp_path, content, said) -> None:
    file = tmp_path / "bad.json"
    file.write_text(content)
    try:
        problem = read_file(file)[0].wrong
    except ScenarioUnreadable as whole:
        problem = whole
    assert said in str(problem)


def test_one_that_cannot_be_read_does_not_stop_the_others(place, tmp_path, capsys) -> None:
    file = tmp_path / "half.json"
    file.write_text(json.dumps([{"id": "bad"}, json.loads(story(RECEIVE))]))
    told = read_file(file)
    assert check(told, iter([replay_or_fail(place, one) for one in told])) == 1
    shown = capsys.readouterr()
    assert "1 of 2 scenarios are right" in shown.out
    assert "scenario bad" in shown.err


def test_a_missing_file_is_named(tmp_path) -> None:
    with pytest.raises(ScenarioFileMissing):
        read_file(tmp_path / "nowhere.json")


def test_expectations_are_dropped_before_anything_runs(tmp_path) -> None:
    file = tmp_path / "one.json"
    file.write_text(story({**RECEIVE, "expect_true_up": {"deep": [1]}}, expect={"x": 1}))
    assert read_file(file)[0].scenario.events[0].id == "e1"


def test_events_happen_in_the_order_of_their_dates_then_of_posting(tmp_path) -> None:
    file = tmp_path / "one.json"
    dates = ["2025-01-03", None, "2025-01-02T9", "2025-01-02"]
    events = [{**RECEIVE, "id": f"e{n}", "date": day} for n, day in enumerate(dates)]
    file.write_text(story(*events))
    order = moments(read_file(file)[0].scenario)
    assert sorted(range(4), key=order.__getitem__) == [3, 2, 0, 1]
