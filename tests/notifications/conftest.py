from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from litestar import Litestar

from app.kit import jobs
from app.kit.config import Settings
from app.kit.database import SYSTEM, Database, driver
from app.kit.transactions import Secret
from app.notifications import tasks
from app.notifications.commands import (
    ChannelFacts,
    CreateChannel,
    CreateRule,
    create_channel,
    create_rule,
)
from app.notifications.publishing import Event, publish
from app.notifications.sealing import seal
from tests.harness import Runner, SampleCompany

HERE = "127.0.0.0/8"
KEY = "a key of this test run, long enough"


@pytest.fixture(autouse=True)
def receivers_are_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The receivers listen on this machine."""
    monkeypatch.setenv("SAOKU_NOTIFICATION_NETWORKS", HERE)
    monkeypatch.setenv("SAOKU_SECRET_KEY", KEY)
    monkeypatch.setenv("SAOKU_PUBLIC_URL", "https://saoku.test")


@pytest.fixture
def settings() -> Settings:
    return Settings.from_environment()


@pytest.fixture
def web_app(web_app: Litestar, monkeypatch: pytest.MonkeyPatch) -> Litestar:
    monkeypatch.setitem(web_app.state, "notification_networks", HERE)
    monkeypatch.setitem(web_app.state, "signing_key", lambda: KEY)
    return web_app


@pytest.fixture
def channel(run: Runner, company: SampleCompany) -> Callable[..., int]:
    """Makes a channel of the company with a rule for everything; its id."""

    def make(kind: str, secrets: dict[str, Any], *, rule: bool = True, **more: Any) -> int:
        facts = ChannelFacts(
            more.pop("name", f"{kind} 群"), more.pop("language", "zh_CN"), more,
            Secret(seal(KEY, secrets)),
        )  # fmt: skip
        channel_id = run(create_channel, CreateChannel(None, kind, facts)).channel_id
        if rule:
            run(create_rule, CreateRule(None, "*", channel_id))
        return channel_id

    return make


@pytest.fixture
def happen(database: Database, company: SampleCompany) -> Callable[..., None]:
    """Publishes an approval that is wanted for milk in store A, with what is given changed."""
    usual = Event(
        "approval_requested",
        company.a.store_id,
        "{requester} asks to release {quantity} of {item}.",
        {"requester": "小王", "quantity": "12.5", "item": "鲜牛奶", "lot": "M1"},
        link="/approvals/7",
        roles=("supervisor",),
    )

    def publish_one(**changed: Any) -> None:
        with database.session(company.callers["operator_a"]) as session:
            publish(session, replace(usual, **changed))
            session.commit()

    return publish_one


@pytest.fixture
def send(database: Database) -> Callable[[int], None]:
    """Sends what is due, as the worker does."""

    def work(channel_id: int) -> None:
        tasks.send_task(jobs.Job(database, SYSTEM), channel_id)

    return work


@pytest.fixture
def log(database: Database) -> Callable[[], list[tuple[Any, ...]]]:
    """(state, attempts, answer, problem's code) of each delivery, in their order."""

    def read() -> list[tuple[Any, ...]]:
        with database.reading(SYSTEM) as session:
            return driver(session).execute(
                "select state, attempts, answer, coalesce(problem ->> 'code', '')"
                " from notification_delivery order by id"
            ).fetchall()  # fmt: skip

    return read


@pytest.fixture
def later(database: Database) -> Callable[[], None]:
    """The pause is over: everything that waits is due."""

    def pass_time() -> None:
        with database.session(SYSTEM) as session:
            driver(session).execute("update notification_channel set blocked_until = null")
            driver(session).execute(
                "update notification_delivery set next_try_at = next_try_at - interval '1 day'"
                " where state = 'waiting'"
            )
            session.commit()

    return pass_time


@pytest.fixture
def contact(database: Database, company: SampleCompany) -> Callable[..., None]:
    def save(login: str, email: str = "", mobile: str = "") -> None:
        with database.session(SYSTEM) as session:
            driver(session).execute(
                "insert into notification_contact (user_id, email, mobile) values (%s, %s, %s)",
                [company.users[login], email, mobile],
            )
            session.commit()

    return save
