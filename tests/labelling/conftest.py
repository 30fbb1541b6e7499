from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from litestar import Litestar

from app.kit import jobs
from app.kit.database import SYSTEM, Database, driver
from app.labelling import tasks
from app.labelling.commands import Paper, PrintLabels, print_labels
from app.labelling.contents import Wanted
from app.labelling.printers import PrinterFacts, RegisterPrinter, register_printer
from app.labelling.wire import Patience
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
def patience(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Waits longer for what will come: on a busy machine a stand-in may be late."""

    def wait(**seconds: float) -> None:
        monkeypatch.setattr(tasks, "PATIENCE", replace(SHORT, **seconds))

    return wait


@pytest.fixture
def patient(patience: Callable[..., None]) -> None:
    """For printers that answer every question."""
    patience(connect_seconds=60, send_seconds=60, answer_seconds=60, close_seconds=60)


@pytest.fixture
def web_app(web_app: Litestar, monkeypatch: pytest.MonkeyPatch) -> Litestar:
    monkeypatch.setitem(web_app.state, "printer_networks", HERE)
    return web_app


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
