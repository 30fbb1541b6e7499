"""What the demo company counts: packaging, counted and posted; the cold store, begun; two plans."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.counting import beginning, making, plans, posting, results, scans
from app.demo.company import KITCHEN, Company
from app.demo.goods import goods
from app.demo.maker import Maker, command_id, in_chinese
from app.kit import sql
from app.kit.i18n import mark
from app.kit.money import plain

PACKAGING, COLD = "P", "C"
# What is there but not in the books, or the other way round.
DIFFERENCES = {"2001": Decimal(-20), "2005": Decimal(50)}
RULE = making.RecountRule(quantity=Decimal(10))
POSTED = "count packaging post"
MONTHLY = mark("Packaging at the end of the month")
TO_DO = mark("The cold store: who has time counts on")
PLANS = ((mark("By class"), "class"), (mark("Full count of the month"), "full"))
ZONE = """
select zone.id from zone join store on store.id = zone.store_id
where store.code = %(store)s and zone.code = %(zone)s
"""
IS_DONE = "select exists (select from command where id = %(id)s and outcome = 'done')"
PLACES = """
select task.id as task_id, location.code as location, item.code as item,
       coalesce(sum(balance.on_hand), 0) as quantity
from count_task as task
join location on location.id = task.location_id
left join balance on balance.location_id = task.location_id and balance.on_hand <> 0
    and (task.item_id is null or task.item_id = balance.item_id)
left join item on item.id = balance.item_id
where task.count_id = %(count_id)s and task.round = %(round)s
group by task.id, location.code, item.code
order by location.code, item.code
"""


@dataclass(frozen=True)
class _Line:
    """What the books have at a place; ``item`` is None where that is nothing."""

    task_id: int
    location: str
    item: str | None
    quantity: Decimal


@dataclass(frozen=True)
class _Counter:
    """Somebody who counts; each step is a command with a name of its own."""

    maker: Maker
    by: str
    name: str

    def count(self, place: list[_Line]) -> None:
        """Everything in a place, as it really is."""
        task = self.begin(place[0])
        seen = [line for line in place if line.item]
        for line in seen:
            good = goods()[line.item or ""]
            self.do(f"{line.item}", scans.scan, scans.scan_of(task, good.gtin))
            there = line.quantity + DIFFERENCES.get(good.code, Decimal(0))
            typed = scans.SetQuantity(task, plain(there))
            self.do(f"{line.item} quantity", scans.set_quantity, typed)
        button = scans.PressButton(task, "DONE" if seen else "EMPTY")
        self.do(f"{place[0].location} end", scans.press_button, button)

    def begin(self, line: _Line) -> int:
        """Go there and scan the place."""
        begin = beginning.BeginTask(line.task_id)
        self.do(f"{line.location} begin", beginning.begin_task, begin)
        there = scans.scan_of(line.task_id, f"SK:L{line.location}")
        self.do(f"{line.location} scan", scans.scan, there)
        return line.task_id

    def do(self, step: str, handler: Callable[..., Any], command: object) -> None:
        self.maker.do(f"count {self.name} {step}", handler, command, self.by)


def make_counts(maker: Maker, made: Company) -> None:
    """After everything that moves goods: a count says what is there now."""
    if not _is_done(maker, POSTED):
        _count_packaging(maker, made)
    _begin_cold_store(maker, made)
    for name, kind in PLANS:
        plan = plans.SavePlan(made.stores[KITCHEN], in_chinese(name), kind, month_day=28)
        maker.do(f"count plan {kind}", plans.save_plan, plan, "lead")


def _is_done(maker: Maker, name: str) -> bool:
    with maker.database.reading(maker.callers["system"]) as session:
        return bool(sql.value(session, IS_DONE, {"id": command_id(name)}))


def _count_packaging(maker: Maker, made: Company) -> None:
    """Counted, what differs by another person once more, posted with its reason."""
    count_id = _make(maker, made, PACKAGING, MONTHLY)
    for person, number in (("zhang", 1), ("li", 2)):
        counter = _Counter(maker, person, f"packaging {number}")
        for place in _by_place(_places(maker, count_id, number)):
            counter.count(place)
    reason = results.SetReason(count_id, "unknown")
    maker.do("count packaging reason", results.set_reason, reason, "lead")
    maker.do(POSTED, posting.post_count, posting.PostCount(count_id), "lead")


def _begin_cold_store(maker: Maker, made: Company) -> None:
    """One place was empty, one is being counted; the others wait for who has time."""
    count_id = _make(maker, made, COLD, TO_DO)
    places = _by_place(_places(maker, count_id, 1))
    empty = [place for place in places if not place[0].item]
    _Counter(maker, "zhang", "cold 1").count(empty[0])
    _Counter(maker, "li", "cold 2").begin(next(one for one in places if one[0].item)[0])


def _make(maker: Maker, made: Company, zone: str, words: str) -> int:
    with maker.database.reading(maker.callers["system"]) as session:
        zone_id: int = sql.value(session, ZONE, {"store": KITCHEN, "zone": zone})
    chosen = making.Selection(zone_ids=(zone_id,))
    wanted = making.MakeCount(made.stores[KITCHEN], "zone", chosen, RULE, note=in_chinese(words))
    return maker.do(f"count {zone}", making.make_count, wanted, "lead").count_id


def _places(maker: Maker, count_id: int, number: int) -> list[_Line]:
    with maker.database.reading(maker.callers["system"]) as session:
        asked = {"count_id": count_id, "round": number}
        return sql.rows(session, _Line, PLACES, asked)


def _by_place(lines: Iterable[_Line]) -> list[list[_Line]]:
    found: dict[int, list[_Line]] = {}
    for line in lines:
        found.setdefault(line.task_id, []).append(line)
    return list(found.values())
