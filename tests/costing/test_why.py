"""Pools, layers and value rows of an item, and the chain behind a figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.costing.why import lines, why
from app.kit import ids
from app.kit.database import SYSTEM, driver
from app.kit.transactions import Envelope, run
from app.ledger.corrections import Correction, correct
from app.ledger.movements import Movement, Place
from app.ledger.posting import post
from app.ledger.producing import Output, Production, produce
from app.ledger.returns import return_in

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


@dataclass
class Story:
    """Commands one hour after the other, in store A."""

    database: Any
    company: Any
    hours: int = 0

    def do(self, work) -> Any:
        def step(session, command: str, envelope) -> Any:
            return work(session, envelope)

        self.hours += 1
        at = NOON + timedelta(hours=self.hours)
        return run(self.database, step, "-", Envelope(ids.new_id(), SYSTEM, at))

    def movement(self, item: str, quantity: str, outside: str, kind: str, **more: Any) -> Movement:
        places = self.company.a.locations
        shelf, virtual = Place(places["shelf1"], "available"), Place(places[outside])
        enters = kind in {"receipt", "return_in", "production_in"}
        return Movement(
            store_id=self.company.a.store_id,
            item_id=self.company.items[item],
            quantity=Decimal(quantity),
            source=virtual if enters else shelf,
            target=shelf if enters else virtual,
            biz_step="testing",
            kind=kind,
            **more,
        )

    def receive(self, item: str, quantity: str, amount: str) -> int:
        one = self.movement(item, quantity, "supplier", "receipt", amount=Decimal(amount))
        return self.do(lambda session, envelope: post(session, envelope, [one])[0].move_id)

    def issue(self, item: str, quantity: str) -> int:
        one = self.movement(item, quantity, "customer", "issue")
        return self.do(lambda session, envelope: post(session, envelope, [one])[0].move_id)

    def land(self, move_id: int, amount: str) -> None:
        one = Correction(move_id, Decimal(amount), "landed")
        self.do(lambda session, envelope: correct(session, envelope, [one])[0].move_id)

    def told(self, move_id: int):
        with self.database.reading(SYSTEM) as session:
            found = why(session, move_id)
        return found, list(lines(found.steps))


@pytest.fixture
def story(database, company) -> Story:
    return Story(database, company)


@pytest.mark.usefixtures("verified")
def test_an_average_leads_back_to_what_was_paid(story) -> None:
    first = story.receive("bread", "10", "100")
    story.receive("bread", "10", "140")
    sold = story.issue("bread", "5")
    story.land(first, "20")
    found, said = story.told(sold)
    assert found.posted == Decimal(60)
    assert found.cost == Decimal(65)
    assert said[0].endswith(": 60")
    assert "240.00" in said[0]
    assert said[-1].endswith(": 5")
    assert sum(": 115" in line or ": 140" in line for line in said) == 2
    assert found.each == Decimal(13)


@pytest.fixture
def baked(story) -> dict[str, int]:
    """Flour by FIFO becomes bread, is sold, comes back in part; then its freight is known."""
    with story.database.session(SYSTEM) as session:
        driver(session).execute("update item set cost_method = 'fifo' where code = 'FLOUR'")
        session.commit()
    story.receive("flour", "4", "40")
    second = story.receive("flour", "6", "72")

    consumed = story.movement("flour", "5", "production", "production_out")
    output = Output(story.movement("bread", "10", "production", "production_in"))
    production = Production([consumed], [output], [Decimal(8)])
    story.do(lambda session, envelope: produce(session, envelope, production).flow_id)
    sold = story.issue("bread", "10")
    back = story.movement("bread", "2", "customer", "return_in")
    returned = story.do(lambda session, envelope: return_in(session, envelope, back, sold).move_id)
    story.land(second, "6")
    return {"sold": sold, "returned": returned}


@pytest.mark.usefixtures("verified")
def test_layers_production_and_returns_are_followed(story, baked) -> None:
    found, said = story.told(baked["sold"])
    assert found.posted == Decimal(60)
    assert found.cost == Decimal(61)
    assert any(line.strip().startswith("高筋面粉 5 kg") for line in said), said
    found, said = story.told(baked["returned"])
    assert found.posted == Decimal(12)
    assert len(said) > 2


def test_it_is_shown_to_those_who_may_see_cost(story, baked, as_user) -> None:
    sold = baked["sold"]
    web = as_user("manager_a")
    item = story.company.items["flour"]
    assert web.get(f"/costing/items/{item}").status_code == 200
    answer = web.get(f"/costing/moves/{sold}")
    assert answer.status_code == 200
    assert "高筋面粉" in answer.text
    layers = web.get(f"/api/v1/costing/items/{item}?limit=2").json()
    assert [layer["remaining"] for layer in layers["layers"]] == ["5.000000"]
    after = web.get(
        f"/api/v1/costing/items/{item}?limit=2&cursor={layers['entries']['next_cursor']}"
    )
    assert after.json()["entries"]["rows"][0]["id"] < layers["entries"]["rows"][-1]["id"]
    assert web.get(f"/api/v1/costing/moves/{sold}").json()["cost"] == "61.0000"
    assert web.get("/costing/items/999999").status_code == 404
    assert as_user("operator_a").get(f"/costing/items/{item}").status_code == 403
