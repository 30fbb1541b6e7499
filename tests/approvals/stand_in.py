"""A command that asks for approval: it renames a partner, which changes a fact of its own."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from app.approvals.asking import Ask, Subject, Title, Waiting, ask
from app.catalog.tables import Partner
from app.kit.i18n import mark
from app.kit.problems import Problem
from app.kit.transactions import Envelope


class Impossible(Problem):
    code = "stand_in_impossible"
    text = mark("It cannot be called {name}.")
    advice = mark("Choose another name.")


@dataclass(frozen=True)
class Rename:
    partner_id: int
    store_id: int
    name: str
    amount: Decimal = Decimal(1)
    kind: str = "order_release"


@dataclass(frozen=True)
class Renamed:
    name: str
    waiting: Waiting | None = None


def rename(session: Session, command: Rename, envelope: Envelope) -> Renamed:
    partner = session.get(Partner, command.partner_id)
    assert partner is not None
    waiting = ask(
        session,
        envelope,
        Ask(
            kind=command.kind,
            facts={
                "order": partner.name, "amount": command.amount, "discount_rate": Decimal(0),
                "customer": "C1", "currency": "CNY", "region": "", "line_count": 1,
            },
            command=command,
            handler=rename,
            subject=Subject("partner", command.partner_id, f"/partners/{command.partner_id}"),
            store_id=command.store_id,
            reason="  because \n of this ",
            title=Title(mark("Release of {order}"), {"order": partner.name}),
        ),
    )  # fmt: skip
    if waiting:
        return Renamed(partner.name, waiting)
    partner.name = command.name
    session.add(partner)
    if command.name == "impossible":
        raise Impossible(name=command.name)
    return Renamed(command.name)
