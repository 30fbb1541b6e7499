"""Months: closed with checks, kept as they were, reopened by the approval of two."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from app.approvals.voting import CastVote, executable, vote
from app.kit import ids
from app.kit.database import SYSTEM, driver
from app.kit.transactions import Envelope, run
from app.ledger.corrections import Correction, correct
from app.ledger.movements import Movement, Place
from app.ledger.posting import post
from app.periods import problems
from app.periods.commands import ClosePeriod, ReopenPeriod, close_period, reopen_period
from app.periods.months import Month, months
from app.periods.rolling import Figure, Line, Wanted, report, shared

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


@dataclass(frozen=True)
class Post:
    item: str
    quantity: str
    amount: str | None
    store: str = "a"


def move(company, command: Post) -> Movement:
    """In where an amount is given, out otherwise."""
    place = getattr(company, command.store)
    shelf = Place(place.locations["shelf1"], "available")
    outside = Place(place.locations["supplier" if command.amount else "customer"])
    enters = command.amount is not None
    return Movement(
        store_id=place.store_id,
        item_id=company.items[command.item],
        quantity=Decimal(command.quantity),
        source=outside if enters else shelf,
        target=shelf if enters else outside,
        biz_step="receiving" if enters else "shipping",
        kind="receipt" if enters else "issue",
        amount=Decimal(command.amount) if command.amount else None,
    )


@pytest.fixture
def posted(database, company):
    """``posted(day, Post(...))``: at noon in the store's zone; the move's id."""

    def do(day: str, command: Post) -> int:
        def post_one(session, command: Post, envelope) -> int:
            return post(session, envelope, [move(company, command)])[0].move_id

        at = datetime.fromisoformat(f"{day}T04:00").replace(tzinfo=UTC)
        return run(database, post_one, command, Envelope(ids.new_id(), SYSTEM, at))

    return do


@pytest.fixture
def stocked(posted):
    """Two months of bread in two stores, with one pool for both."""
    first = posted("2026-01-10", Post("bread", "10", "100"))
    posted("2026-01-12", Post("bread", "10", "200", "b"))
    posted("2026-01-20", Post("bread", "4", None))
    posted("2026-02-03", Post("bread", "6", "120"))
    posted("2026-02-05", Post("bread", "2", None))
    return first


def close(run, company, month: date, note: str = ""):
    return run(close_period, ClosePeriod(month, note), caller=company.callers["headquarters"])


def test_months_follow_each_other() -> None:
    listed = [str(month) for month in months(date(2025, 12, 31), date(2026, 2, 1))]
    assert listed == ["2026-02", "2026-01", "2025-12"]
    assert Month.of(date(2024, 2, 10)).ends_on == date(2024, 2, 29)
    with pytest.raises(problems.NoSuchMonth):
        Month.read("2026-13")


def test_stores_share_the_common_value_to_the_cent() -> None:
    cells = {
        (1, store): Line("", "", "", opening=Figure(Decimal(quantity), Decimal(amount)))
        for store, quantity, amount in ((1, 1, "10"), (2, 1, "0"), (3, 1, "0"))
    }
    cells[1, 2].moved["receipt"] = Figure(Decimal(3), Decimal(5))
    shared(cells, 2)
    assert [str(line.opening.amount) for line in cells.values()] == ["3.34", "3.33", "3.33"]
    assert sum(line.closing.amount for line in cells.values()) == 15
    assert [str(line.closing.amount) for line in cells.values()] == ["2.50", "10.00", "2.50"]


@pytest.fixture
def rolled(database):
    """``rolled(month, ...)``: the report of a month."""

    def do(month: date, **asked):
        with database.reading(SYSTEM) as session:
            return report(session, Wanted(month, Month.of(month).ends_on, **asked))

    return do


@pytest.mark.usefixtures("stocked")
def test_a_month_rolls_into_the_next(rolled) -> None:
    january = rolled(JANUARY)
    assert january.sorts == ["receipt", "issue"]
    assert january.total.closing == Figure(Decimal(16), Decimal(240))
    february = rolled(FEBRUARY, level="item_store")
    assert [(line.store, line.opening.amount) for line in february.lines] == [
        ("A", Decimal(90)),
        ("B", Decimal(150)),
    ]
    assert february.total.opening == january.total.closing
    assert sum(line.closing.amount for line in february.lines) == february.total.closing.amount
    assert [line.moved["between"].amount for line in february.lines if "between" in line.moved]


@pytest.mark.usefixtures("verified", "stocked")
def test_months_are_closed_one_after_the_other(run, company, posted) -> None:
    with pytest.raises(problems.EarlierMonthOpen):
        close(run, company, FEBRUARY)
    closed = close(run, company, JANUARY)
    assert closed.lines == 2
    with pytest.raises(problems.MonthClosed):
        close(run, company, JANUARY)
    refused = None
    try:
        posted("2026-01-31", Post("bread", "1", "1"))
    except Exception as problem:  # noqa: BLE001 - the ledger says which
        refused = problem
    assert getattr(refused, "code", "") == "period_closed"


@pytest.mark.usefixtures("verified")
def test_what_is_learnt_later_changes_the_open_month_only(
    run, database, company, stocked, rolled
) -> None:
    january, february = rolled(JANUARY), rolled(FEBRUARY)
    close(run, company, JANUARY)
    known = datetime.now(UTC)

    def land(session, command: str, envelope) -> None:
        correct(session, envelope, [Correction(stocked, Decimal(command), "landed")])

    at = datetime(2026, 2, 10, tzinfo=UTC)
    run_command(database, land, "16", at)
    assert rolled(JANUARY).total == january.total
    assert rolled(FEBRUARY).total.moved["correction"].amount > 0
    assert rolled(FEBRUARY, known=known).total == february.total


@pytest.mark.usefixtures("verified", "stocked")
def test_reopening_needs_two_others(run, database, company, posted) -> None:
    close(run, company, JANUARY)
    callers = company.callers
    asked = run(reopen_period, ReopenPeriod(JANUARY, "发票错了"), caller=callers["headquarters"])
    assert asked.request_id
    assert asked.closing_id is None
    known_handlers = executable([reopen_period])
    for login in ("administrator", "area_manager"):
        caller = replace(callers[login], store_id=company.a.store_id)
        envelope = Envelope(ids.new_id(), caller)
        said = vote(database, known_handlers, CastVote(asked.request_id, "approve"), envelope)
    assert said.state == "approved"
    with database.reading(SYSTEM) as session:
        until = driver(session).execute("select books_closed_until from company").fetchone()[0]
    assert until is None
    posted("2026-01-31", Post("bread", "1", "12"))


@pytest.mark.usefixtures("stocked")
def test_on_the_screen_on_paper_and_as_a_file(run, company, as_user) -> None:
    close(run, company, JANUARY)
    run(reopen_period, ReopenPeriod(JANUARY, "发票错了"), caller=company.callers["headquarters"])
    web = as_user("headquarters")
    for path in ("/periods", "/periods/2026-01", "/periods/report?month=2026-02&by=store"):
        answer = web.get(path)
        assert answer.status_code == 200, answer.text
    assert "/approvals/1" in web.get("/periods/2026-01").text
    refused = web.get("/periods/report?since=2026-02-01&till=2026-01-01")
    assert refused.status_code == 422
    answer = web.get("/periods/report.xlsx?month=2026-01")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    assert [row[0] for row in sheet.to_python()][1:] == ["BREAD"]
    with pypdfium2.PdfDocument(web.get("/periods/report.pdf?month=2026-01").content) as paper:
        assert "可颂" in paper[0].get_textpage().get_text_bounded()
    said = web.get("/api/v1/periods/report?month=2026-01")
    assert said.json()["total"]["closing"]["amount"] == "240.0000"
    for status in (303, 409):
        answer = web.post("/periods/2026-02/closing", data={"command_id": str(ids.new_id())})
        assert answer.status_code == status
    assert as_user("manager_a").get("/periods").status_code == 403


def run_command(database, handler, command, at) -> None:
    run(database, handler, command, Envelope(ids.new_id(), SYSTEM, at))


def test_what_is_not_finished_is_named(run, database, company, stocked) -> None:
    place = company.a
    with database.session(SYSTEM) as session:
        driver(session).execute(
            "insert into receipt (store_id, number, dock_location_id, step, created_at)"
            " values (%s, 'GR-1', %s, '{}', '2026-01-15')",
            [place.store_id, place.locations["dock"]],
        )
        driver(session).execute("insert into cost_recost select id, '2026-01-11' from cost_pool")
        session.commit()
    with pytest.raises(problems.ClosingBlocked):
        close(run, company, JANUARY, "anyway")
    with database.session(SYSTEM) as session:
        driver(session).execute("delete from cost_recost")
        session.commit()
    with pytest.raises(problems.FindingsNotAccepted):
        close(run, company, JANUARY)
    assert close(run, company, JANUARY, "盘点后补录").closing_id
