"""Does it add up?  The proof of the ledger, with how much was gone through and how long it took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.kit import clock
from app.kit.database import SYSTEM, Database
from app.kit.i18n import mark
from app.ledger.verify import Difference, verify
from app.stock import queries
from app.stock.views import Facts

CHECK_NAMES = {
    "balances_equal_moves": mark("Balances against movements"),
    "allocated_equals_allocations": mark("Promised stock against promises"),
    "pools_equal_entries": mark("Value against value entries"),
    "pools_equal_stock": mark("Valued quantity against stock"),
    "layers_equal_pools": mark("Cost layers against their pool"),
    "moves_carry_their_value": mark("Movements against their value"),
    "places_match_their_kind": mark("Kinds of places"),
    "reversals_mirror": mark("Movements taken back against their originals"),
    "moves_belong_to_done_commands": mark("Movements against the audit trail"),
}


@dataclass(frozen=True)
class Proof:
    """``milliseconds`` of work on the state of ``made_at``."""

    made_at: datetime
    milliseconds: int
    facts: Facts
    differences: list[Difference]

    @property
    def check_names(self) -> dict[str, str]:
        return CHECK_NAMES


def proof(database: Database) -> Proof:
    """Recompute the whole company now."""
    started = clock.now()
    differences = verify(database)
    took = clock.now() - started
    with database.reading(SYSTEM) as session:
        facts = queries.facts(session)
    milliseconds = took.seconds * 1000 + took.microseconds // 1000
    return Proof(started, milliseconds, facts, differences)
