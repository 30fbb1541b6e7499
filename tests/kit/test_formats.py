"""One form of a day per language, alone and before a time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.kit.formats import day, in_zone, local, moment
from app.kit.i18n import speaking

DAY = date(2026, 3, 1)
MOMENT = datetime(2026, 2, 28, 23, 5, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "shown", "with_time"),
    [("zh_CN", "2026-03-01", "2026-03-01 07:05"), ("en", "1 Mar 2026", "1 Mar 2026, 07:05")],
)
def test_a_day_looks_the_same_alone_and_before_a_time(language, shown, with_time):
    with speaking(language), in_zone("Asia/Shanghai"):
        assert (day(DAY), moment(MOMENT)) == (shown, with_time)
        assert (day(None), moment(None)) == ("", "")
        assert local(MOMENT).isoformat() == "2026-03-01T07:05:59"
