"""One cause per line that lacks stock."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.board.causes import CAUSES, READY, Standing, by_cause, cause_of


def standing(obstacle: str | None, on_hand: int, allocated: int = 0, takeable: int | None = None):
    free = on_hand - allocated if takeable is None else takeable
    return Standing(obstacle, Decimal(on_hand), Decimal(allocated), Decimal(free))


@pytest.mark.parametrize(
    ("missing", "own", "standings", "elsewhere", "cause"),
    [
        (5, 0, [], False, "nothing"),
        (5, 0, [], True, "unseen"),
        (5, 0, [standing(None, 5)], False, READY),
        (5, 0, [standing(None, 5, 5)], False, "allocated"),
        (5, 3, [standing(None, 3, 3)], False, "nothing"),
        (5, 0, [standing(None, 4, 0, 0)], False, "pack_rounding"),
        (5, 0, [standing("inspection", 80), standing("zone", 10)], False, "inspection"),
        (5, 0, [standing("other_store", 80), standing("frozen", 10)], True, "other_store"),
        (5, 0, [standing("zone", 10), standing("frozen", 10)], False, "frozen"),
        (5, 0, [standing(None, 9, 6), standing("expired", 4)], False, "allocated"),
    ],
)
def test_what_holds_most_is_shown(missing, own, standings, elsewhere, cause):
    found = cause_of(Decimal(missing), Decimal(own), standings, is_elsewhere=elsewhere)
    assert found == cause


def test_causes_are_grouped_with_what_can_go_at_once_last():
    lines = {READY: [(1, "a"), (1, "b")], "zone": [(2, "c")], "frozen": [(3, "d")]}
    found = by_cause(lines)
    assert [one.cause for one in found] == ["frozen", "zone", READY]
    assert found[-1].orders == {1}
    assert found[-1].lines == 2


def test_every_obstacle_of_the_database_has_its_words(database):
    from app.kit.database import SYSTEM, driver

    with database.reading(SYSTEM) as session:
        [(source,)] = driver(session).execute(
            "select prosrc from pg_proc where proname = 'stock_standing'"
        )
    import re

    obstacles = set(re.findall(r"then '(\w+)'", source)) | {"inspection", "damaged", "returned"}
    assert obstacles <= set(CAUSES)
