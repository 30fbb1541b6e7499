from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from litestar.testing import TestClient

from app.access.secrets import new_token, token_hash
from app.kit import jobs
from app.kit.config import Settings
from app.kit.database import SYSTEM, Database, driver
from app.labelling import tasks
from app.labelling.commands import Paper, PrintLabels, print_labels
from app.labelling.contents import Wanted
from app.labelling.printers import PrinterFacts, RegisterPrinter, register_printer
from app.labelling.wire import Patience
from app.main import create_app
from tests.harness import Runner, SampleCompany
from tests.labelling.stand_in import StandIn

HERE = "127.0.0.0/8"
SHORT = Patience(
    connect_seconds=1,
    send_seconds=0.3,
    answer_seconds=0.2,
    idle_seconds=0.3,
    look_seconds=0.01,
    close_seconds=0.3,
)


@pytest.fixture(autouse=True)
def printers_are_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-ins listen on this machine, and nobody waits long for them."""
    monkeypatch.setenv("SAOKU_PRINTER_NETWORKS", HERE)
    monkeypatch.setattr(tasks, "PATIENCE", SHORT)


@pytest.fixture
def web(database: Database, tmp_path) -> Iterator[TestClient]:
    app = create_app(Settings(data_dir=tmp_path, printer_networks=HERE), database)
    with TestClient(app, raise_server_exceptions=False) as client:
        client.follow_redirects = False
        yield client


@pytest.fixture
def as_user(
    web: TestClient, database: Database, company: SampleCompany
) -> Callable[[str], TestClient]:
    """The client, signed in as one of the sample company's people."""

    def sign_in(login: str) -> TestClient:
        token = new_token()
        with database.session(company.callers["administrator"]) as session:
            driver(session).execute(
                "select open_session(%s, %s, null, 'csrf', null, 'test')",
                [token_hash(token), company.users[login]],
            )
            session.commit()
        web.cookies.set("saoku_session", token)
        web.headers["X-CSRF-Token"] = "csrf"
        return web

    return sign_in


@pytest.fixture
def printer(run: Runner, company: SampleCompany) -> Callable[..., int]:
    """Registers a stand-in as a printer of store A; its id."""

    def register(stand_in: StandIn, language: str = "zpl", size: str = "60x40") -> int:
        facts = PrinterFacts(f"P{stand_in.port}", "127.0.0.1", stand_in.port, language, 203, size)
        return run(register_printer, RegisterPrinter(company.a.store_id, facts)).printer_id

    return register


@pytest.fixture
def order(run: Runner, company: SampleCompany) -> Callable[..., int]:
    """Queues labels of items as the operator of store A; the run's id."""
    caller = replace(company.callers["operator_a"], store_id=company.a.store_id)

    def queue(printer_id: int | None, *items: str, copies: int = 1, **more) -> int:
        wanted = Wanted("items", tuple(company.items[name] for name in items or ("bread",)))
        paper = Paper(company.a.store_id, printer_id, copies=copies)
        return run(print_labels, PrintLabels(wanted, paper), caller=caller, **more).run_id

    return queue


@pytest.fixture
def send(database: Database) -> Callable[[int], None]:
    """Works off the queue of a printer, as the worker does."""

    def work(printer_id: int) -> None:
        tasks.send_task(jobs.Job(database, SYSTEM), printer_id)

    return work


@pytest.fixture
def states(database: Database) -> Callable[[int], list[str]]:
    """The states of a run's labels, in the order of printing."""

    def read(run_id: int) -> list[str]:
        with database.reading(SYSTEM) as session:
            found = driver(session).execute(
                "select state from print_label where run_id = %s order by id", [run_id]
            )
            return [state for (state,) in found.fetchall()]

    return read
