"""The pure costing against oracles that know nothing of layers: each piece has a price."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.kit.money import ZERO, split
from app.ledger.costing.events import Event, Flow, Ingredient, Part
from app.ledger.costing.flows import values
from app.ledger.costing.replay import Replay
from app.ledger.costing.shares import Added, Holder, Step, in_stock, spread
from app.ledger.costing.stock import Rank, Stock

D = Decimal
DAY = datetime(2026, 1, 1, tzinfo=UTC)
amounts = st.integers(0, 10_000).map(lambda cents: D(cents).scaleb(-2))
histories = st.lists(
    st.tuples(st.sampled_from(["in", "out", "out", "back", "gain"]), st.integers(1, 9), amounts),
    max_size=25,
)


def events_of(history, *, below_zero: bool):
    """Events that a warehouse lets happen, numbered as moves from 1 on."""
    held, issues, made = 0, [], []
    for number, (kind, quantity, amount) in enumerate(history, start=1):
        rank, whole = Rank(DAY, number), D(quantity)
        if kind == "in":
            made.append(Event(number, 1, "put", whole, rank, amount))
        elif kind == "gain":
            made.append(Event(number, 1, "gain", whole, rank))
        elif kind == "out" and (below_zero or held >= quantity):
            made.append(Event(number, 1, "take", whole, rank))
            issues.append([number, quantity])
        elif kind == "back" and issues and issues[-1][1] >= quantity:
            issues[-1][1] -= quantity
            made.append(Event(number, 1, "put_back", whole, rank, of=issues[-1][0]))
        else:
            continue
        held += -quantity if kind == "out" else quantity
    return made


def replayed(events, *, queued: bool) -> Replay:
    stock = Stock(queued=queued, decimals=2, last_cost=D(3))
    return Replay({1: stock}).run(events)


@given(histories, st.booleans(), st.booleans())
def test_value_is_conserved_and_has_the_sign_of_quantity(history, queued, below_zero) -> None:
    replay = replayed(events_of(history, below_zero=below_zero), queued=queued)
    stock = replay.stocks[1]
    pieces = [sums for moments in replay.booked.values() for sums in moments.values()]
    assert stock.quantity == sum((one[0] for one in pieces), ZERO)
    assert stock.value == sum((one[1] for one in pieces), ZERO)
    for layer in stock.layers.values():
        assert layer.quantity * layer.value >= 0
        assert layer.quantity != 0
    assert not (stock.open and stock.debts)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 9), st.integers(0, 99)), max_size=25))
def test_fifo_takes_the_oldest_pieces(history) -> None:
    """The oracle: a list of single pieces with whole prices."""
    pieces: list[int] = []
    stock = Stock(queued=True, decimals=2, last_cost=ZERO)
    for number, (enters, quantity, price) in enumerate(history, start=1):
        rank = Rank(DAY, number)
        if enters:
            stock.put(number, D(quantity), D(price * quantity), rank)
            pieces += [price] * quantity
        elif quantity <= len(pieces):
            taken = stock.take(number, D(quantity), rank)
            assert -sum(piece.amount for piece in taken) == sum(pieces[:quantity])
            del pieces[:quantity]
    assert (stock.quantity, stock.value) == (len(pieces), sum(pieces))


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 9), amounts), max_size=25))
def test_average_is_the_exact_one_to_the_cent(history) -> None:
    """The oracle: exact fractions of what is booked so far."""
    stock = Stock(queued=False, decimals=2, last_cost=ZERO)
    for number, (enters, quantity, amount) in enumerate(history, start=1):
        if enters:
            stock.put(number, D(quantity), amount, Rank(DAY, number))
        elif quantity <= stock.quantity:
            exact = Fraction(stock.value) * quantity / Fraction(stock.quantity)
            [piece] = stock.take(number, D(quantity), Rank(DAY, number))
            assert abs(Fraction(-piece.amount) - exact) <= Fraction(1, 200)


@given(histories, st.booleans(), st.booleans())
def test_a_replay_in_pieces_is_the_replay(history, queued, below_zero) -> None:
    events = events_of(history, below_zero=below_zero)
    whole = replayed(events, queued=queued)
    stepwise = Replay({1: Stock(queued=queued, decimals=2, last_cost=D(3))})
    for event in events:
        stepwise.apply(event)
    assert stepwise.booked == whole.booked


@given(st.integers(1, 9), amounts, st.integers(1, 9), amounts, st.booleans())
def test_what_comes_back_whole_leaves_no_trace(first, worth, second, value, queued) -> None:
    stock = Stock(queued=queued, decimals=2, last_cost=ZERO)
    stock.put(1, D(first), worth, Rank(DAY, 1))
    stock.put(2, D(second), value, Rank(DAY, 2))
    before = {layer.move: (layer.quantity, layer.value) for layer in stock.layers.values()}
    quantity = D(first + second - 1)
    taken = stock.take(3, quantity, Rank(DAY, 3)) if quantity else []
    stock.put_back(4, list(taken), quantity, Rank(DAY, 4)) if quantity else None
    after = {layer.move: (layer.quantity, layer.value) for layer in stock.layers.values()}
    assert after == before


def test_debts_are_covered_by_what_comes() -> None:
    stock = Stock(queued=True, decimals=2, last_cost=D(70))
    stock.take(1, D(100), Rank(DAY, 1))
    stock.take(2, D(400), Rank(DAY, 2))
    assert (stock.quantity, stock.value) == (-500, -35000)
    pieces = stock.put(3, D(50), D(2500), Rank(DAY, 3))
    assert sum(piece.amount for piece in pieces if piece.move != 3) == D(1000)
    pieces = stock.put(4, D(600), D(48000), Rank(DAY, 4))
    assert sum(piece.amount for piece in pieces if piece.move != 4) == D(-4500)
    assert (stock.quantity, stock.value) == (150, 12000)


# ---- Shares of what becomes known later ---------------------------------------------------------

POOL = Holder(1, 0)
takings = st.lists(st.integers(1, 9).map(lambda tenths: D(tenths) / 10), min_size=1, max_size=12)


@given(takings, st.integers(-10_000, 10_000), st.integers(0, 11))
def test_shares_sum_to_the_amount_with_its_sign(fractions, cents, before) -> None:
    steps = [
        Step(POOL, Holder(1, 0, move), fraction, move)
        for move, fraction in enumerate(fractions, start=1)
    ]
    amount = D(cents).scaleb(-2)
    added = [Added(POOL, min(before, len(steps)), amount)]
    found = spread(steps, added, 2)
    assert found.to_stock[0] - sum(found.moved.values(), ZERO) == amount
    assert all(part * amount <= 0 for part in found.moved.values())
    assert all(move > min(before, len(steps)) for move, _holder in found.moved)


@given(takings)
def test_the_share_in_stock_is_the_product_of_what_was_left(fractions) -> None:
    steps = [Step(POOL, Holder(1, 0, move), one, move) for move, one in enumerate(fractions, 1)]
    left = Fraction(1)
    for fraction in fractions:
        left *= 1 - Fraction(fraction)
    [found] = in_stock(steps, [Added(POOL, 0, D(1))])
    assert abs(Fraction(found) - left) < Fraction(1, 10**30)


def test_what_comes_back_or_goes_on_keeps_its_share() -> None:
    issue, bread = Holder(1, 0, 7), Holder(2, 0)
    steps = [
        Step(POOL, issue, D(1), 7),
        Step(issue, POOL, D("0.4"), 8),
        Step(issue, bread, D("0.5"), 9),
    ]
    found = spread(steps, [Added(POOL, 0, D(50))], 2)
    assert found.to_stock == [D(35)]
    assert found.moved == {(7, POOL): D(-50), (8, POOL): D(20), (9, bread): D(15)}


# ---- Production ---------------------------------------------------------------------------------


@given(
    amounts,
    amounts,
    st.lists(st.integers(0, 9).map(D), min_size=1, max_size=6).filter(any),
)
def test_outputs_sum_to_the_cost(cost, overhead, weights) -> None:
    parts = tuple(Part(None, "share", weight, ZERO, D(1)) for weight in weights)
    flow = Flow((Ingredient(1, 1, D(1)),), overhead, parts)
    found = values(flow, {1: cost}, 2)
    assert found == split(cost + overhead, weights, 2)


def test_by_products_are_taken_off_first_and_components_keep_their_cost() -> None:
    flow = Flow(
        (Ingredient(1, 5, D(6)),), D(10),
        (Part(None, "share", D(1), ZERO, D(2)), Part(None, "fixed", ZERO, D(4), D(1)),
         Part(None, "component", ZERO, ZERO, D(2), 5)),
    )  # fmt: skip
    assert values(flow, {1: D(36)}, 2) == [D(30), D(4), D(12)]
