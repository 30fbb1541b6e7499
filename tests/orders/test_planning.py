"""The planner alone: rules, packs, policies."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.orders.planning import LONG_AGO, Candidate, Demand, plan_line, plan_order, total

D = Decimal
quantities = st.decimals(min_value=0, max_value=500, places=3)
rules = st.sampled_from(["fefo", "fifo", "fewest_stops"])
days = st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1))


@st.composite
def stock(draw: st.DrawFn) -> list[Candidate]:
    rows = draw(st.lists(st.tuples(quantities, days, st.integers(0, 90)), max_size=8))
    return [
        Candidate(number, free, day, LONG_AGO + timedelta(days=age), number % 3)
        for number, (free, day, age) in enumerate(rows, 1)
    ]


@st.composite
def demand(draw: st.DrawFn, line_id: int = 1) -> Demand:
    factor = draw(st.sampled_from([D(1), D("0.5"), D(6), D(24)]))
    packs = draw(st.booleans())
    wanted = factor * draw(st.integers(1, 40)) if packs else draw(quantities) + D("0.001")
    return Demand(line_id, wanted, draw(rules), factor, packs)


@given(demand(), stock())
def test_never_more_than_free_nor_than_wanted(wanted: Demand, candidates: list[Candidate]) -> None:
    parts = plan_line(wanted, candidates)
    free = {candidate.balance_id: candidate.free for candidate in candidates}
    assert len({part.balance_id for part in parts}) == len(parts)
    assert all(0 < part.quantity <= free[part.balance_id] for part in parts)
    usable = sum((taken_of(wanted, quantity) for quantity in free.values()), D(0))
    assert total(parts) == min(taken_of(wanted, wanted.wanted), usable)


def taken_of(wanted: Demand, quantity: Decimal) -> Decimal:
    return quantity // wanted.factor * wanted.factor if wanted.whole_packs else quantity


@given(demand(), stock())
def test_packs_stay_whole(wanted: Demand, candidates: list[Candidate]) -> None:
    if wanted.whole_packs:
        assert all(part.quantity % wanted.factor == 0 for part in plan_line(wanted, candidates))


@given(quantities, stock())
def test_nothing_expires_before_what_is_taken(wanted: Decimal, candidates: list[Candidate]) -> None:
    parts = {part.balance_id: part for part in plan_line(Demand(1, wanted), candidates)}
    taken = [candidate for candidate in candidates if candidate.balance_id in parts]
    latest = max((candidate.last_day or date.max for candidate in taken), default=date.min)
    for candidate in candidates:
        if (candidate.last_day or date.max) < latest:
            part = parts.get(candidate.balance_id)
            assert (part.quantity if part else D(0)) == candidate.free


@given(demand(), stock())
def test_no_rule_makes_fewer_stops(wanted: Demand, candidates: list[Candidate]) -> None:
    few = plan_line(Demand(1, wanted.wanted, "fewest_stops"), candidates)
    assert len(few) <= len(plan_line(Demand(1, wanted.wanted, "fefo"), candidates))


@given(
    st.lists(demand(), min_size=1, max_size=4),
    stock(),
    st.sampled_from(["partial", "whole_lines", "whole_order"]),
)
def test_lines_share_what_there_is(demands, candidates, policy) -> None:
    lines = [
        Demand(number, one.wanted, one.rule, one.factor, one.whole_packs)
        for number, one in enumerate(demands, 1)
    ]
    parts = plan_order(lines, {line.line_id: candidates for line in lines}, policy)
    for candidate in candidates:
        mine = [part for part in parts if part.balance_id == candidate.balance_id]
        assert total(mine) <= candidate.free
    got = {line.line_id: total([p for p in parts if p.line_id == line.line_id]) for line in lines}
    if policy != "partial":
        assert all(got[line.line_id] in (0, line.wanted) for line in lines)
    if policy == "whole_order":
        assert not parts or all(got[line.line_id] == line.wanted for line in lines)


def test_the_rest_goes_where_it_fits_best() -> None:
    stops = plan_line(
        Demand(1, D(12), "fewest_stops"),
        [Candidate(1, D(3)), Candidate(2, D(10)), Candidate(3, D(2)), Candidate(4, D(9))],
    )
    assert [(stop.balance_id, stop.quantity) for stop in stops] == [(2, D(10)), (3, D(2))]


def test_dated_goods_go_before_undated_ones() -> None:
    stops = plan_line(
        Demand(1, D(5)),
        [Candidate(1, D(3)), Candidate(2, D(3), date(2027, 5, 1), LONG_AGO + timedelta(days=9))],
    )
    assert [stop.balance_id for stop in stops] == [2, 1]
