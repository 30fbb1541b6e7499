"""People who ask and vote, and the policies that make them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import psycopg
import pytest

from app.approvals.voting import CastVote, Voted, executable, vote
from app.kit.database import Caller, Database
from app.kit.ids import new_id
from app.kit.transactions import Envelope
from tests import harness
from tests.approvals.stand_in import Rename, Renamed, rename

KNOWN = executable([rename])


@dataclass
class Floor:
    """Asks and votes as the people of the sample company."""

    database: Database
    company: harness.SampleCompany
    owner_url: str

    def caller(self, login: str) -> Caller:
        return replace(self.company.callers[login], ip="10.0.0.7")

    def ask(self, login: str = "supervisor_a", **changes: Any) -> Renamed:
        command = Rename(self.company.supplier, self.company.a.store_id, "renamed")
        run = harness.Runner(self.database, self.caller(login))
        return run(rename, replace(command, **changes))

    def request(self, login: str = "supervisor_a", **changes: Any) -> int:
        waiting = self.ask(login, **changes).waiting
        assert waiting is not None
        return waiting.request_id

    def vote(self, login: str, request_id: int, choice: str = "approve", **more: Any) -> Voted:
        envelope = Envelope(more.pop("command_id", None) or new_id(), self.caller(login))
        return vote(self.database, KNOWN, CastVote(request_id, choice, **more), envelope)

    def sql(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.owner_url, autocommit=True) as connection:
            cursor = connection.execute(text, values)
            return cursor.fetchall() if cursor.description else []

    def state(self, request_id: int) -> str:
        return self.sql("select state from approval_request where id = %s", request_id)[0][0]

    def partner_name(self) -> str:
        return self.sql("select name from partner where id = %s", self.company.supplier)[0][0]

    def policy(self, votes: int = 2, **more: Any) -> int:
        """The only policies of the kind are those of the test."""
        values = {
            "kind": "order_release", "name": f"p{new_id()}", "condition": "", "store_id": None,
            "required_votes": votes, "position": 100, "is_active": True,
            "roles": ["supervisor", "store_manager", "area_manager", "headquarters"],
            "expires_after_hours": 72,
        } | more  # fmt: skip
        names = ", ".join(values)
        slots = ", ".join(["%s"] * len(values))
        made = f"insert into approval_policy ({names}) values ({slots}) returning id"
        return self.sql(made, *values.values())[0][0]


@pytest.fixture
def floor_with_defaults(
    database: Database, company: harness.SampleCompany, owner_url: str
) -> Floor:
    """With the policies that a company begins with."""
    return Floor(database, company, owner_url)


@pytest.fixture
def floor(database: Database, company: harness.SampleCompany, owner_url: str) -> Floor:
    floor = Floor(database, company, owner_url)
    floor.sql("delete from approval_policy")
    return floor


@pytest.fixture
def two_votes(floor: Floor) -> int:
    return floor.policy(votes=2)
