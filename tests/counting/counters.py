"""People who count, for the tests of counting: a few words per situation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.counting import results, scans
from app.counting.beginning import BeginTask, Begun, GetTask, begin_task, get_task
from app.counting.making import Made, MakeCount, RecountRule, Selection, make_count
from app.counting.posting import CountPosted, PostCount, post_count
from app.counting.scans import ScanAnswer
from app.kit import clock, ids, transactions
from app.kit.database import SYSTEM, Caller, driver
from tests.harness import GTINS, Runner, SampleCompany
from tests.ledger.moves import PostMoves, movement, post_moves, receive


@dataclass
class Counters:
    """Store A of the sample company, with goods on its shelves and people who count them."""

    run: Runner
    company: SampleCompany
    now: datetime | None = None
    tasks: dict[str, int] = field(default_factory=dict[str, int])

    # Stock ----------------------------------------------------------------------------------------

    def stock(self, item: str, quantity: str, place: str = "shelf1", **more: object) -> None:
        """Received at the dock and put on a shelf; worth two each."""
        worth = str(Decimal(quantity) * 2)
        self.move(receive(self.company, item, quantity, worth, **more))
        if place != "dock":
            self.move(movement(self.company, item, quantity, "dock", place, **more))

    def move(self, moved: Any, at: datetime | None = None) -> None:
        self.do(post_moves, PostMoves([moved]), SYSTEM, at)

    def shelf(self, item: str, quantity: str, source: str, target: str, **more: object) -> None:
        self.move(movement(self.company, item, quantity, source, target, **more))

    def on_hand(self, item: str, place: str, lot: str | None = None) -> Decimal:
        return self.value(
            """
            select coalesce(sum(on_hand), 0) from balance left join lot on lot.id = balance.lot_id
            where location_id = %s and balance.item_id = %s and (%s::text is null or lot.code = %s)
            """,
            self.company.a.locations[place], self.company.items[item], lot, lot,
        )  # fmt: skip

    # Counting -------------------------------------------------------------------------------------

    def make(self, kind: str = "full", rule: RecountRule | None = None, **more: Any) -> Made:
        """A count of store A; ``selection`` fields are given by name."""
        chosen = Selection(
            **{name: more.pop(name) for name in list(more) if name in Selection.__annotations__}
        )
        command = MakeCount(self.company.a.store_id, kind, chosen, rule or RecountRule(), **more)
        return self.do(make_count, command, self.who("supervisor_a"))

    def take(self, login: str, place: str, count_id: int | None = None) -> int:
        """The open task of a place, begun by somebody, standing in front of it."""
        task = self.value(
            "select id from count_task where location_id = %s and state = 'open'"
            " and (%s::bigint is null or count_id = %s) order by round desc, id limit 1",
            self.company.a.locations[place], count_id, count_id,
        )  # fmt: skip
        self.do(begin_task, BeginTask(task), self.who(login))
        self.scan(login, task, f"SK:LA-{place.upper()}")
        return task

    def next(self, login: str, **more: Any) -> Begun:
        return self.do(get_task, GetTask(self.company.a.store_id, **more), self.who(login))

    def scan(self, login: str, task: int, code: str, at: datetime | None = None) -> ScanAnswer:
        return self.do(scans.scan, scans.scan_of(task, code), self.who(login), at)

    def goods(self, login: str, task: int, item: str, quantity: str | None = None) -> ScanAnswer:
        """Scan an item without a lot; ``quantity`` sets what there is in all."""
        answer = self.scan(login, task, GTINS[item])
        if quantity is None:
            return answer
        return self.do(scans.set_quantity, scans.SetQuantity(task, quantity), self.who(login))

    def milk(self, login: str, task: int, lot: str, times: int = 1, tail: str = "") -> ScanAnswer:
        answer = None
        for _ in range(times):
            answer = self.scan(login, task, f"01{GTINS['milk']}{tail}10{lot}")
        assert answer is not None
        return answer

    def press(self, login: str, task: int, button: str) -> ScanAnswer:
        return self.do(scans.press_button, scans.PressButton(task, button), self.who(login))

    def count(self, login: str, place: str, **goods: str) -> int:
        """A whole place: what is there of each item, or nothing."""
        task = self.take(login, place)
        for item, quantity in goods.items():
            self.goods(login, task, item, quantity)
        self.press(login, task, "DONE" if goods else "EMPTY")
        return task

    def reason(self, count_id: int, reason: str = "unknown") -> None:
        self.do(results.set_reason, results.SetReason(count_id, reason), self.who("supervisor_a"))

    def post(self, count_id: int, login: str = "supervisor_a") -> CountPosted:
        return self.do(post_count, PostCount(count_id), self.who(login))

    # Plumbing -------------------------------------------------------------------------------------

    def who(self, login: str) -> Caller:
        return self.company.callers[login]

    def do(self, handler: Any, command: Any, caller: Caller, at: datetime | None = None) -> Any:
        envelope = transactions.Envelope(ids.new_id(), caller, at or self.now or clock.now())
        return transactions.run(self.run.database, handler, command, envelope)

    def value(self, text: str, *parameters: object) -> Any:
        rows = self.rows(text, *parameters)
        return rows[0][0] if rows else None

    def rows(self, text: str, *parameters: object) -> list[tuple[Any, ...]]:
        with self.run.database.reading(SYSTEM) as session:
            return driver(session).execute(text, parameters).fetchall()  # pyright: ignore[reportArgumentType]
