"""Giving the demo's commands: each has a fixed id, so a start that was cut short goes on.

The product's own rule makes that safe: the same id again changes nothing and answers the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from app.kit import clock, sql
from app.kit.database import SYSTEM, Caller, Database
from app.kit.i18n import gettext, mark, speaking
from app.kit.problems import Problem
from app.kit.transactions import Envelope, Handler, run

ZONE = "Asia/Shanghai"
_IDS = UUID("5a0c4de0-0000-4000-8000-000000000000")
FOUND = """
select (select name from company) as company,
    (select occurred_at from command where id = %(first)s and outcome = 'done') as began,
    exists (select from command where id = %(last)s and outcome = 'done') as is_whole
"""
C = TypeVar("C")
A = TypeVar("A")
FIRST, LAST = "company", "finished"


class RealCompany(Problem):
    code = "real_company"
    text = mark("This database belongs to {company}: the demo company does not go in with it.")
    advice = mark("Set SAOKU_DATA_DIR (or SAOKU_DATABASE_URL) to another place for the demo.")


@dataclass(frozen=True)
class Found:
    """What the database holds: its company's name, when the demo's making began, if it is whole."""

    company: str | None
    began: datetime | None
    is_whole: bool


def look(database: Database) -> Found:
    """What is there.  Raises RealCompany where it is not the demo's."""
    with database.reading(SYSTEM) as session:
        keys = {"first": command_id(FIRST), "last": command_id(LAST)}
        found = sql.one(session, Found, FOUND, keys)
    if found is None or (found.company is not None and found.began is None):
        raise RealCompany(company=found.company if found else "?")
    return found


def command_id(name: str) -> UUID:
    return uuid5(_IDS, name)


def in_chinese(words: str) -> str:
    """What is stored must not depend on the language of the terminal."""
    with speaking("zh_CN"):
        return gettext(words)


@dataclass
class Maker:
    """Gives commands in the name of the demo's people.

    ``began`` is the moment from which every date of the company is counted.
    """

    database: Database
    began: datetime
    callers: dict[str, Caller] = field(default_factory=lambda: {"system": SYSTEM})

    @property
    def today(self) -> date:
        return self.began.astimezone(ZoneInfo(ZONE)).date()

    def day(self, offset: int) -> date:
        """So many days after today; negative ones lie before."""
        return self.today + timedelta(days=offset)

    def moment(self, offset: int, hour: int, minute: int = 0) -> datetime:
        """An hour of a day in the store's zone, never later than the beginning."""
        day = self.day(offset)
        at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(ZONE))
        return min(at, self.began)

    def do(
        self,
        name: str,
        handler: Callable[..., A],
        command: object,
        by: str = "system",
        at: datetime | None = None,
    ) -> A:
        """Run the command once, whoever starts the demo how often; its answer."""
        envelope = Envelope(command_id(name), self.callers[by], at or self.began)
        typed: Handler[object, A] = handler
        return run(self.database, typed, command, envelope)


def beginning(found: Found) -> datetime:
    """The moment that the company is counted from: now, or when its making began."""
    return found.began or clock.now()
