"""Random changes of status, holds and orders: everything adds up, and nothing unfit is promised."""

from __future__ import annotations

from datetime import date

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from app.kit.problems import Problem
from app.ledger.verify import verify
from app.quality.holds import HoldLot, LiftHold, hold_lot, lift_hold
from tests.quality.conftest import House

UNFIT = """
select count(*) from allocation
join balance on balance.id = allocation.balance_id
left join lot_hold on lot_hold.lot_id = balance.lot_id and lot_hold.lifted_at is null
where balance.status <> 'available' or lot_hold.id is not null
"""
STATUSES = ("available", "inspection", "frozen", "damaged", "returned")
lots, quantities = st.sampled_from(["M1", "M2"]), st.integers(1, 6)
steps = st.one_of(
    st.tuples(st.just("stock"), lots, quantities, st.sampled_from(["shelf1", "shelf2"])),
    st.tuples(st.just("order"), quantities),
    st.tuples(st.just("pick"), st.integers(0, 5)),
    st.tuples(st.just("ship"), st.integers(0, 5)),
    st.tuples(
        st.just("change"), lots, st.sampled_from(STATUSES), quantities,
        st.sampled_from(["shelf1", "shelf2", "stage", None]),
    ),
    st.tuples(st.just("hold"), lots),
    st.tuples(st.just("lift"), lots),
)  # fmt: skip


class Walk:
    """The steps on one house; refusals are answers, too."""

    def __init__(self, house: House) -> None:
        self.house, self.orders = house, list[int]()

    def take(self, step: tuple) -> None:
        try:
            getattr(self, step[0])(*step[1:])
        except Problem:
            return

    def stock(self, lot: str, quantity: int, place: str) -> None:
        self.house.stock("milk", quantity, lot=lot, place=place)

    def order(self, quantity: int) -> None:
        self.orders.append(self.house.order("milk", quantity))

    def pick(self, number: int) -> None:
        if number < len(self.orders):
            self.house.pick(self.orders[number])

    def ship(self, number: int) -> None:
        if number < len(self.orders) and self.house.allocated(self.orders[number]):
            self.house.ship(self.orders[number])

    def change(self, lot: str, status: str, quantity: int, place: str | None) -> None:
        self.house.change(
            status,
            lot_id=self.house.company.lots[lot],
            location_id=self.house.company.a.locations[place] if place else None,
            quantity=str(quantity),
        )

    def hold(self, lot: str) -> None:
        command = HoldLot(self.house.company.lots[lot], "recall")
        self.house.run(hold_lot, command, caller=self.house.caller("headquarters"))

    def lift(self, lot: str) -> None:
        store = self.house.company.a.store_id
        command = LiftHold(self.house.company.lots[lot], "inspected", store)
        self.house.run(lift_hold, command, caller=self.house.caller("headquarters"))


@settings(max_examples=8, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(walks=st.lists(steps, min_size=6, max_size=14))
def test_any_walk_adds_up(house: House, no_policies, walks) -> None:
    house.company.lots["M1"] = house.company.lots["milk"]
    if "M2" not in house.company.lots:
        house.lot("milk", "M2", expires_on=date(2031, 1, 1))
    walk = Walk(house)
    for step in walks:
        walk.take(step)
        assert house.one(UNFIT) == 0, step
    assert [str(one) for one in verify(house.database)] == []
