"""Counts in the middle of work: whatever the order of papers, the books end at what was there.

A small warehouse is played: goods move, some papers come late, people count while others work, and
some miscount.  Devices lose the network: what they counted comes in whenever they are back, also
from places that were begun, counted and posted by others meanwhile.  ``there`` is the truth; the
books are asked at the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from app.counting import scans
from app.counting.beginning import BeginTask, begin_task
from app.counting.late import look_for_late
from app.counting.making import RecountRule
from app.kit import clock, jobs
from app.kit.database import SYSTEM
from app.kit.problems import Problem
from app.ledger.problems import InsufficientOnHand, InsufficientThen
from tests.counting.counters import Counters
from tests.harness import GTINS, assert_verified
from tests.ledger.moves import PostMoves, movement, post_moves, receive

Key = tuple[str, str]
PLACES = ("dock", "shelf1", "shelf2")
ITEMS = ("bread", "flour", "milk")
KEYS = [(place, item) for place in PLACES for item in ITEMS]
PEOPLE = ("operator_a", "supervisor_a", "manager_a")
TICK = timedelta(milliseconds=1)
ROUNDS = 4


@dataclass
class Paper:
    """A movement that really happened; not booked yet while it waits."""

    at: datetime
    moved: Any
    change: dict[Key, Decimal]


@dataclass
class Person:
    """Somebody counting a place; ``kept`` is what their device could not send yet.

    ``entries`` and ``about`` are what its screen shows, as the forms of js/offline/counting say it.
    """

    login: str
    task: int
    place: str
    round: int
    to_see: list[str]
    kept: list[Callable[[], Any]] | None = None
    entries: int = 0
    about: str = ""


@dataclass
class Warehouse:
    counters: Counters
    random: Random
    now: datetime
    there: dict[Key, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    papers: list[Paper] = field(default_factory=list[Paper])
    people: list[Person] = field(default_factory=list[Person])
    devices: list[list[Callable[[], Any]]] = field(default_factory=list[list[Callable[[], Any]]])
    refused: set[str] = field(default_factory=set[str])
    taken: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])

    def tick(self) -> datetime:
        self.now += TICK
        return self.now

    # Goods ----------------------------------------------------------------------------------------

    def start(self) -> None:
        """Everybody knows what is there, but for some that was lost or found meanwhile."""
        for place, item in KEYS:
            self.there[place, item] = self.counters.on_hand(item, place)
            self.there[place, item] += max(
                self.random.choice([0, 0, 0, -3, 2]), -self.there[place, item]
            )
        self.papers = []

    def more(self, item: str) -> dict[str, object]:
        return {"lot_id": self.counters.company.lots["milk"]} if item == "milk" else {}

    def move(self) -> None:
        """Goods go from one place to another, come or leave; the paper may come later."""
        item = self.random.choice(ITEMS)
        source, target = self.random.choice(
            [("supplier", "dock"), ("dock", "customer"), ("dock", "shelf1"), ("shelf1", "dock"),
             ("shelf1", "shelf2"), ("shelf2", "shelf1"), ("dock", "shelf2"), ("shelf2", "dock")]
        )  # fmt: skip
        quantity = Decimal(self.random.randint(1, 6))
        if source != "supplier":
            quantity = min(quantity, self.there[source, item])
        if quantity <= 0:
            return
        company = self.counters.company
        if source == "supplier":
            moved = receive(company, item, str(quantity), str(quantity * 3), **self.more(item))
        else:
            moved = movement(company, item, str(quantity), source, target, **self.more(item))
        change = {(source, item): -quantity, (target, item): quantity}
        for key, much in change.items():
            self.there[key] += much
        self.papers.append(Paper(self.tick(), moved, change))
        if self.random.random() < 0.6:
            self.book(self.papers[-1])

    def book(self, paper: Paper) -> bool:
        """The paper comes in.  The books refuse what they do not have: it waits."""
        try:
            self.counters.do(post_moves, PostMoves([paper.moved]), SYSTEM, paper.at)
        except (InsufficientOnHand, InsufficientThen):
            return False
        self.papers.remove(paper)
        return True

    def book_some(self) -> None:
        for paper in self.random.sample(self.papers, len(self.papers) // 2):
            self.book(paper)

    # People ---------------------------------------------------------------------------------------

    def take(self) -> None:
        """A free person takes an open place that they have not counted before."""
        busy = {one.login for one in self.people}
        open_tasks = self.counters.rows(
            "select task.id, location.code, item.code, task.round, array("
            "  select app_user.login from count_task as earlier"
            "  join app_user on app_user.id = earlier.counted_by"
            "  where earlier.count_id = task.count_id and earlier.location_id = task.location_id"
            "  and (earlier.item_id is null or earlier.item_id = task.item_id))"
            " from count_task as task join location on location.id = task.location_id"
            " left join item on item.id = task.item_id where task.state = 'open' order by task.id"
        )
        self.random.shuffle(open_tasks)
        for task, code, item, number, before in open_tasks:
            # Nobody walks twice to a place that their device has already.
            free = [
                one
                for one in PEOPLE
                if one not in busy and one not in before and (one, task) not in self.taken
            ]
            if free:
                place = code.removeprefix("A-").lower()
                to_see = [item.lower()] if item else self.random.sample(ITEMS, len(ITEMS))
                person = Person(self.random.choice(free), task, place, number, to_see)
                person.kept = [] if self.random.random() < 0.5 else None
                self.people.append(person)
                self.taken.add((person.login, task))
                if person.kept is None or self.random.random() < 0.5:
                    self.send(person, begin_task, BeginTask(task), online=True)
                # Else the package that the device had is all; others do not see that it is taken.
                self.send(person, scans.scan, scans.scan_of(task, f"SK:LA-{place.upper()}"))
                return

    def send(self, person: Person, handler: Any, command: Any, *, online: bool = False) -> None:
        at = self.tick()
        who = self.counters.who(person.login)
        if person.kept is None or online:
            self.counters.do(handler, command, who, at)
        else:
            person.kept.append(lambda: self.counters.do(handler, command, who, at))

    def go_on(self) -> None:
        """The next thing of a place is seen, or the place is finished."""
        person = self.random.choice(self.people)
        if person.to_see:
            self.see(person, person.to_see.pop())
            return
        button = "DONE" if person.entries else "EMPTY"
        pressed = scans.PressButton(person.task, button, seen=str(person.entries))
        self.send(person, scans.press_button, pressed)
        self.leave(person)

    def leave(self, person: Person) -> None:
        self.people.remove(person)
        if person.kept:
            self.devices.append(person.kept)

    def see(self, person: Person, item: str) -> None:
        there = self.there[person.place, item]
        if not there:
            return
        wrong = 100 if person.round == 1 and self.random.random() < 0.2 else 0
        code = f"01{GTINS['milk']}10M1" if item == "milk" else GTINS[item]
        self.send(person, scans.scan, scans.scan_of(person.task, code))
        about = f"{item.upper()}|{'M1' if item == 'milk' else ''}|"
        quantity = scans.SetQuantity(person.task, str(there + wrong), about)
        self.send(person, scans.set_quantity, quantity)
        person.entries += 1 if there + wrong == 1 else 2

    def sync(self) -> None:
        """A device is back: it sends what it has, in its order, while others go on."""
        if not self.devices:
            return
        for kept in self.devices.pop(self.random.randrange(len(self.devices))):
            if self.random.random() < 0.3:
                self.move()
            try:
                kept()
            except Problem as problem:
                # Into the inbox of the device; what comes behind it is sent all the same.
                self.refused.add(problem.code)

    # The whole ------------------------------------------------------------------------------------

    def count(self) -> None:
        """Everything is counted while the others work on."""
        self.counters.now = self.tick()
        made = self.counters.make("full", RecountRule(quantity=Decimal(1)))
        acts = [self.move, self.take, self.step, self.sync, self.book_some]
        while self.is_open():
            [act] = self.random.choices(acts, [3, 3, 9, 1, 1])
            act()
        for _ in range(self.random.randint(0, 4)):
            self.random.choice([self.move, self.book_some])()
        self.counters.now = self.tick()
        self.counters.reason(made.count_id)
        self.counters.post(made.count_id)
        self.come_back()

    def come_back(self) -> None:
        """Devices that were away for all that time: their places are counted and posted."""
        for person in list(self.people):
            self.leave(person)
        lines = self.counters.value("select count(*) from count_line")
        while self.devices:
            self.sync()
        assert self.counters.value("select count(*) from count_line") == lines

    def is_open(self) -> bool:
        return self.counters.value(
            "select exists (select from count_task where state in ('open', 'in_progress'))"
        )

    def step(self) -> None:
        if self.people:
            self.go_on()

    def settle(self) -> None:
        """All papers that the books can take come in; each time the clock's job looks at them."""
        again = True
        while again:
            again = sum(self.book(paper) for paper in list(self.papers)) > 0
            look_for_late(jobs.Job(self.counters.run.database, SYSTEM))

    def check(self) -> None:
        """The books have what is there.

        A paper that they refuse waits for a person: what it moved may be known by the count or not.
        """
        for key in KEYS:
            waiting = [paper.change[key] for paper in self.papers if key in paper.change]
            possible = {self.there[key]}
            for much in waiting:
                possible |= {one - much for one in possible}
                possible |= {max(one, Decimal(0)) for one in possible}
            assert self.counters.on_hand(key[1], key[0]) in possible, key
        worth = self.counters.rows(
            "select item_id, quantity, value, (select sum(on_hand) from balance"
            " where balance.item_id = cost_pool.item_id), (select sum(amount) from cost_entry"
            " where cost_entry.pool_id = cost_pool.id) from cost_pool"
        )
        for item, quantity, value, on_hand, entries in worth:
            assert (quantity, value) == (on_hand, entries), item
            assert quantity or not value, item


@pytest.mark.parametrize("seed", [3, 19, 21])
def test_the_books_end_at_what_was_there(counters: Counters, seed: int) -> None:
    warehouse = Warehouse(counters, Random(seed), clock.now() - timedelta(seconds=2))
    counters.now = warehouse.now
    for item in ITEMS:
        counters.stock(item, "12", **warehouse.more(item))
    for _ in range(ROUNDS):
        warehouse.start()
        for _ in range(3):
            warehouse.move()
        warehouse.count()
        for _ in range(4):
            warehouse.move()
        warehouse.settle()
        warehouse.check()
    assert warehouse.refused <= {"count_task_held", "count_task_closed", "count_same_person"}
    assert warehouse.refused, "somebody counted what others had counted"
    assert_verified(counters.run.database)
