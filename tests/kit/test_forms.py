from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.kit.forms import start_of


def test_a_day_begins_where_the_store_is() -> None:
    assert start_of("2026-11-22", "Asia/Shanghai") == datetime(2026, 11, 21, 16, tzinfo=UTC)
    assert start_of("2026-12-31", "UTC", days_later=1) == datetime(2027, 1, 1, tzinfo=UTC)
    # The night in which New York's clocks go back has 25 hours.
    begins = start_of("2026-11-01", "America/New_York")
    ends = start_of("2026-11-01", "America/New_York", days_later=1)
    assert (begins, ends) == (
        datetime(2026, 11, 1, 4, tzinfo=UTC),
        datetime(2026, 11, 2, 5, tzinfo=UTC),
    )


@pytest.mark.parametrize("given", ["", "soon", "2026-02-30", "9999-12-31"])
def test_what_is_no_day_begins_never(given) -> None:
    assert start_of(given, "Asia/Shanghai", days_later=1) is None
