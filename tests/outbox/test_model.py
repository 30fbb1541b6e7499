"""Three devices, a network that loses, repeats and reorders: each scan is posted once, in order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from app.kit.database import SYSTEM, Caller, Database, driver
from app.kit.ids import new_id
from app.kit.problems import Problem
from app.kit.transactions import Envelope, run
from app.ledger.verify import verify
from app.receiving.commands import scan, scan_of
from tests.harness import GTINS, SampleCompany

CODES = (GTINS["bread"], "16901234567899", "6909999999996")
DEVICES = st.sampled_from(range(3))
FATES = ("arrives", "arrives", "lost", "answer lost", "delayed", "twice")


@dataclass(frozen=True)
class Sent:
    """A scan as a device keeps and sends it."""

    device: int
    code: str
    envelope: Envelope


@dataclass
class Phone:
    """What outbox.js promises: numbered at the trigger, kept, sent in order until answered."""

    installation: UUID = field(default_factory=new_id)
    queue: list[Sent] = field(default_factory=list[Sent])
    made: list[Sent] = field(default_factory=list[Sent])


class Deliveries(RuleBasedStateMachine):
    database: Database
    caller: Caller
    receipt: int

    def __init__(self) -> None:
        super().__init__()
        self.phones = [Phone() for _ in range(3)]
        self.delayed: list[Sent] = []
        self.answers: dict[UUID, Any] = {}

    @rule(device=DEVICES, code=st.sampled_from(CODES))
    def trigger(self, device: int, code: str) -> None:
        phone = self.phones[device]
        number = len(phone.made) + 1
        envelope = Envelope(new_id(), self.caller, sequence=number, installation=phone.installation)
        sent = Sent(device, code, envelope)
        phone.queue.append(sent)
        phone.made.append(sent)

    @rule(device=DEVICES, fate=st.sampled_from(FATES))
    def send(self, device: int, fate: str) -> None:
        phone = self.phones[device]
        if not phone.queue:
            return
        sent = phone.queue[0]
        if fate == "delayed":
            self.delayed.append(sent)
        elif fate != "lost":
            self.arrive(sent)
            if fate == "twice":
                self.arrive(sent)
            if fate != "answer lost":
                phone.queue.pop(0)

    @rule(at=st.integers(0, 50))
    def come_late(self, at: int) -> None:
        if self.delayed:
            self.arrive(self.delayed.pop(at % len(self.delayed)))

    def arrive(self, sent: Sent) -> None:
        """The server answers; the same id always gets the same answer."""
        try:
            command = scan_of(self.receipt, sent.code, source="wedge")
            answer: Any = run(self.database, scan, command, sent.envelope)
        except Problem as problem:
            answer = (problem.code, problem.data)
        assert self.answers.setdefault(sent.envelope.command_id, answer) == answer

    def teardown(self) -> None:
        for phone in self.phones:
            while phone.queue:
                self.arrive(phone.queue.pop(0))
        for sent in self.delayed:
            self.arrive(sent)
        for phone in self.phones:
            assert booked(self.database, phone) == expected(phone)


def expected(phone: Phone) -> list[tuple[int, str, int]]:
    """Number, outcome and how many postings: an unknown code is refused once, with none."""
    return [
        (sent.envelope.sequence or 0, *(("refused", 0) if sent.code == CODES[2] else ("done", 1)))
        for sent in phone.made
    ]


def booked(database: Database, phone: Phone) -> list[tuple[int, str, int]]:
    """In the order of the server's own numbers: those of the moves, and of the commands."""
    with database.reading(SYSTEM) as session:
        return (
            driver(session)
            .execute(
                "select c.sequence, c.outcome, count(line.id) from command c"
                " left join receipt_line line on line.command_id = c.id"
                " left join stock_move move on move.command_id = c.id"
                " where c.installation = %s group by c.id order by c.recorded_at",
                [phone.installation],
            )
            .fetchall()
        )


@pytest.mark.slow
def test_every_delivery_posts_once(
    database: Database, company: SampleCompany, receipt: int
) -> None:
    deliveries = settings(max_examples=25, stateful_step_count=100)
    caller = replace(company.callers["operator_a"], store_id=company.a.store_id)
    here = {"database": database, "caller": caller, "receipt": receipt}
    run_state_machine_as_test(type("Here", (Deliveries,), here), settings=deliveries)
    assert verify(database) == []
