"""What a large count costs: its tasks, its sheets on paper and as a workbook, the filled workbook
taken in, and posting while handhelds go on receiving.

Everything goes through the product's own commands and pages; a person's time is not in it.
"""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from app.counting import making, results, sheet_making
from app.kit import ids, sql, transactions
from app.kit.database import SYSTEM, Caller, Database
from bench import receive, scans
from bench.company import Built
from bench.exports import highest
from bench.handhelds import Measured

QUERIES = sql.Queries(Path(__file__).with_suffix(".sql"))
LINES = 20_000
PAPER = {"pdf_500": 500, "pdf_5000": 5_000}
SCANNING, SCANS_FOR_SECONDS = 4, 2
EVERY_SECONDS = 0.1
WAIT_SECONDS = 300


@dataclass(frozen=True)
class Server:
    """The running product; ``cookie`` is a signed-in administrator's."""

    address: str
    pid: int
    cookie: str


@dataclass
class Bench:
    """Counts of one store; ``figures`` by step, ``seconds`` of a turn of scans beside it."""

    owner_url: str
    database: Database
    built: Built
    server: Server
    seconds: float = SCANS_FOR_SECONDS
    figures: dict[str, object] = field(default_factory=dict[str, object])

    def measured(self, lines: int = LINES) -> dict[str, object]:
        """Seconds of each step; the worst: every line differs from the books by one piece."""
        with psycopg.connect(self.owner_url) as owner:
            owner.execute(QUERIES["nobody_approves"])
        places, items = self._places(lines)
        self._tasks(places, items)
        with highest(self.server.pid) as sampled:
            count_id = self._counted_on_paper(places)
            self._posted(count_id)
            self._printed(places)
        self.figures["grew_mb"] = max(sampled) - sampled[0]
        return self.figures

    def _places(self, lines: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Locations with so many lines, about, and all items."""
        asked = {"store_id": self.built.store_id, "lines": lines}
        with self.database.reading(SYSTEM) as session:
            places = sql.rows(session, _Id, QUERIES["places"], asked)
            items = sql.rows(session, _Id, "select id from item")
        return tuple(one.id for one in places), tuple(one.id for one in items)

    def _tasks(self, places: tuple[int, ...], items: tuple[int, ...]) -> None:
        """A task for each line: the most that there can be."""
        chosen = making.Selection(location_ids=places, item_ids=items)
        wanted = making.MakeCount(self.built.store_id, "item", chosen)
        with self._timed("tasks_s"):
            made = self._do(making.make_count, wanted)
        self.figures["tasks"] = made.tasks
        self._do(making.cancel_count, making.CancelCount(made.count_id))

    def _make(self, places: tuple[int, ...]) -> int:
        """A count of whole places; its number."""
        chosen = making.Selection(location_ids=places)
        wanted = making.MakeCount(self.built.store_id, "full", chosen)
        return self._do(making.make_count, wanted).count_id

    # The workbook ---------------------------------------------------------------------------------

    def _counted_on_paper(self, places: tuple[int, ...]) -> int:
        count_id = self._make(places)
        here = f"/counting/counts/{count_id}"
        with self._timed("sheet_s"):
            made = self._do(sheet_making.make_sheets, sheet_making.MakeSheets(count_id, False))
        self.figures["lines"] = made.lines
        [sheet_id] = self._sheets(count_id)
        with self._browser() as web:
            with self._timed("workbook_s"):
                book = web.get(f"{here}/sheets/{sheet_id}/sheet.xlsx").content
            file = {"file": ("sheet.xlsx", _filled(book))}
            with self._timed("upload_and_preview_s"):
                upload = _sent(web, f"{here}/uploads", files=file)
                assert web.get(upload).status_code == 200
            with self._timed("take_in_s"):
                _sent(web, f"{upload}/application")
        return count_id

    def _sheets(self, count_id: int) -> list[int]:
        with self.database.reading(SYSTEM) as session:
            found = sql.rows(session, _Id, QUERIES["sheets"], {"count_id": count_id})
        return [one.id for one in found]

    # Posting --------------------------------------------------------------------------------------

    def _posted(self, count_id: int) -> None:
        """From the button to the end of the job; receiving goes on meanwhile."""
        self._do(results.set_reason, results.SetReason(count_id, "unknown"))
        before, over = self._scanned(), threading.Event()
        turns: list[Measured] = []

        def scan() -> None:
            while not over.is_set():
                turns.append(self._scanned())

        handhelds = threading.Thread(target=scan)
        handhelds.start()
        with self._browser() as web, self._timed("post_s"):
            _sent(web, f"/counting/counts/{count_id}/posting")
            self._until("posted", count_id)
        over.set()
        handhelds.join()
        meanwhile = sum(turns[1:], turns[0])
        self.figures |= _scan_figures("", before) | _scan_figures("_while_posting", meanwhile)

    def _scanned(self) -> Measured:
        workload = receive.workload(self.built)
        return scans.run_http(self.server.address, workload, SCANNING, self.seconds)

    # Paper ----------------------------------------------------------------------------------------

    def _printed(self, places: tuple[int, ...]) -> None:
        """A short sheet while one waits, a long one by a job."""
        count_id = self._make(places)
        for name, lines in PAPER.items():
            most = sheet_making.MakeSheets(count_id, most_lines=lines)
            before = len(self._sheets(count_id))
            with self._browser() as web, self._timed(f"{name}_s"):
                self._do(sheet_making.make_sheets, most)
                sheet = self._sheets(count_id)[before]
                self.figures[f"{name}_reports"] = len(self._until("printed", sheet))
                path = f"/counting/counts/{count_id}/sheets/{sheet}/sheet.pdf"
                assert web.get(path).content.startswith(b"%PDF")
        self._do(making.cancel_count, making.CancelCount(count_id))

    # Plumbing -------------------------------------------------------------------------------------

    def _until(self, question: str, subject: int) -> set[str]:
        """Wait until the answer is ``yes``; what else was said before."""
        told: set[str] = set()
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            with self.database.reading(SYSTEM) as session:
                answer = str(sql.value(session, QUERIES[question], {"id": subject}))
            if answer == "yes":
                return told
            told.add(answer)
            time.sleep(EVERY_SECONDS)
        raise RuntimeError(f"not {question} within {WAIT_SECONDS} s")

    def _browser(self) -> httpx.Client:
        headers = {"Cookie": self.server.cookie, "Sec-Fetch-Site": "same-origin"}
        return httpx.Client(base_url=self.server.address, headers=headers, timeout=WAIT_SECONDS)

    def _do(self, handler: Callable[..., Any], command: object) -> Any:
        caller = Caller(user_id=self.built.first_user, stores="*")
        envelope = transactions.Envelope(ids.new_id(), caller)
        return transactions.run(self.database, handler, command, envelope)

    def _timed(self, step: str) -> _Timed:
        return _Timed(self.figures, step)


@dataclass
class _Timed:
    figures: dict[str, object]
    step: str
    started: float = 0.0

    def __enter__(self) -> None:
        self.started = time.perf_counter()

    def __exit__(self, *_failure: object) -> None:
        self.figures[self.step] = round(time.perf_counter() - self.started, 2)


@dataclass(frozen=True)
class _Id:
    id: int


def _scan_figures(name: str, measured: Measured) -> dict[str, object]:
    return {
        f"scans{name}_per_s": round(measured.rate, 1),
        f"scans{name}_p99_ms": round(measured.percentile_ms(99), 1),
        f"scans{name}_max_ms": round(measured.percentile_ms(100), 1),
    }


def _sent(web: httpx.Client, path: str, **more: Any) -> str:
    """Where a form leads to."""
    token = scans.csrf_of(web.get("/counting").text)
    fields = {"_csrf": token, "command_id": str(ids.new_id())}
    answer = web.post(path, data=fields, **more)
    assert answer.status_code == 303, answer.text[:2000]
    return answer.headers["location"]


def _filled(content: bytes) -> bytes:
    """The workbook filled in: a piece more or fewer than the books say, by turns."""
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    counted, books = rows[1].index("实盘数"), rows[1].index("账面数")
    file = io.BytesIO()
    with Workbook(file, {"constant_memory": True}) as filled:
        page = filled.add_worksheet()
        for number, row in enumerate(rows):
            if number > 1:
                booked = float(row[books] or 0)
                row[counted] = booked and booked + (1 if number % 2 else -1)
            page.write_row(number, 0, row)
    return file.getvalue()
